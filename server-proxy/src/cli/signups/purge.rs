//! `latchkey signups purge` and `consents`: a person's request to be forgotten, and what is kept of their consent.

use clap::Args;

use super::super::Common;

/// Who is meant.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Person {
    /// The e-mail address, in any case
    #[arg(long)]
    email: Option<String>,
    /// The phone number, with its country's code, of whoever left no e-mail address
    #[arg(long)]
    phone: Option<String>,
}

impl Person {
    /// As it is kept.
    fn address(&self) -> String {
        match (&self.email, &self.phone) {
            (Some(email), _) => email.trim().to_owned(),
            (None, Some(phone)) => phone.chars().filter(|sign| !" \t-./()".contains(*sign)).collect(),
            (None, None) => String::new(),
        }
    }
}

#[derive(Args)]
pub(in super::super) struct Purge {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    person: Person,
}

impl Purge {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (_, store) = super::open(&self.common).await?;
        let receipt = store.purge(&self.person.address()).await?;
        println!("{}", serde_json::to_string_pretty(&receipt)?);
        let under_way = receipt.under_way.len();
        if receipt.forgotten.is_empty() && under_way == 0 {
            eprintln!("nobody is kept who signed up with that");
        }
        anyhow::ensure!(under_way == 0, "{under_way} being handed over at this moment: run it again in a minute");
        Ok(())
    }
}

#[derive(Args)]
pub(in super::super) struct Consents {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    person: Person,
}

impl Consents {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let (_, store) = super::open(&self.common).await?;
        println!("{}", serde_json::to_string_pretty(&store.consents(&self.person.address()).await?)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_looked_for_as_it_is_kept() {
        let person = |email: Option<&str>, phone: Option<&str>| {
            Person { email: email.map(str::to_owned), phone: phone.map(str::to_owned) }.address()
        };
        assert_eq!(person(None, Some(" +44 (20) 7946-0958 ")), "+442079460958");
        assert_eq!(person(Some(" Jane.Doe-Smith@mail.example\n"), None), "Jane.Doe-Smith@mail.example");
    }
}
