//! Trying the connection and every credential, by calls that change nothing: the list of countries, which takes none; the count of the
//! holder's customers; opening a session.

use super::{
    super::{Affiliate, Credential, Finding, Found, Unanswered},
    Trading,
    access::Key,
    onboarding::AllCountries,
    operations::Op,
};
use crate::crm::trading::customers::Counted;

impl Trading {
    pub(super) async fn try_all(&self, affiliates: &[&Affiliate]) -> Vec<Finding> {
        let mut findings = vec![self.finding("countries", self.try_countries().await)];
        findings.extend(self.try_credential(&self.credential, "").await);
        for affiliate in affiliates {
            let whose = format!(" of the affiliate {}", affiliate.id);
            match affiliate.credential.as_deref() {
                Some(credential) => findings.extend(self.try_credential(credential, &whose).await),
                None => findings.push(Finding {
                    what: format!("credential{whose}"),
                    found: Found::Untried("there is none, so nobody can ask the CRM for this affiliate's affairs".to_owned()),
                }),
            }
        }
        findings
    }

    async fn try_credential(&self, credential: &Credential, whose: &str) -> Vec<Finding> {
        let api_key = credential.api_key.as_ref().map(Key::ApiKey);
        let bearer = credential.bearer.as_ref().map(Key::Bearer);
        let login = credential.login.as_ref().map(Key::Login);
        let mut findings = Vec::new();
        for key in [api_key, bearer, login].into_iter().flatten() {
            let what = format!("{}{whose}", key.name());
            let tried = match key {
                Key::Login(login) => self.session(login, None).await.map(drop),
                key => self.try_key(key).await,
            };
            findings.push(self.finding(&what, tried));
        }
        findings
    }

    async fn try_key(&self, key: Key<'_>) -> Result<(), Unanswered> {
        self.send(self.call(Op::CountForExport, &[]), key).await?.read::<Counted>().map(drop)
    }

    async fn try_countries(&self) -> Result<(), Unanswered> {
        self.send(self.call(Op::GetCountries, &[]).long(), Key::Nothing).await?.read::<AllCountries>().map(drop)
    }

    fn finding(&self, what: &str, tried: Result<(), Unanswered>) -> Finding {
        let origin = self.network.origin();
        let found = match tried {
            Ok(()) => Found::Ready,
            Err(Unanswered::Denied(trouble)) => Found::Denied(format!("{origin}: {trouble}")),
            Err(Unanswered::Unreachable(trouble)) => Found::Unreachable(format!("{origin}: {trouble}")),
            Err(Unanswered::Refused(trouble)) if matches!(trouble.status, Some(404 | 405)) => {
                Found::Odd(format!("{origin}: there is nothing where it was looked for (operations says where it is): {trouble}"))
            }
            Err(other) => Found::Odd(format!("{origin}: {other}")),
        };
        Finding { what: what.to_owned(), found }
    }
}
