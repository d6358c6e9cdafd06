//! What became of everybody: what they were told, held against what our store says and what the CRMs have.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::crowd::Visitor;

/// The counts of one CRM.
#[derive(Default)]
pub(crate) struct Count {
    /// Told 201 or 202.
    pub(crate) accepted: u32,
    pub(crate) registered: u32,
    pub(crate) rejected: u32,
    pub(crate) parked: u32,
    /// How many people the CRM says that it has.
    pub(crate) users: usize,
    /// Ids of those accepted that are in no state to be in, or that the CRM has not although they are registered.
    pub(crate) lost: Vec<String>,
    /// Addresses that the CRM has more than once.
    pub(crate) twice: Vec<String>,
    /// Ids of those that we call rejected, and the CRM has.
    pub(crate) wronged: Vec<String>,
    /// Addresses that had no answer, or were refused although nothing was wrong.
    pub(crate) turned_away: Vec<String>,
}

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) of: BTreeMap<&'static str, Count>,
    /// How many are parked for which reason, by CRM.
    pub(crate) parked: BTreeMap<(&'static str, String), u32>,
}

impl Tally {
    /// `stored` are our signups, `users` whom each CRM says that it has.
    pub(crate) fn count(visitors: &[Visitor], stored: &[Value], users: &BTreeMap<&'static str, Vec<Value>>) -> Tally {
        let stored: HashMap<&str, &Value> = stored.iter().map(|signup| (text(signup, "id"), signup)).collect();
        let mut tally = Tally::default();
        for (crm, users) in users {
            let count = tally.of.entry(crm).or_default();
            count.users = users.len();
            let mut times: BTreeMap<String, u32> = BTreeMap::new();
            users.iter().for_each(|user| *times.entry(text(user, "email").to_lowercase()).or_default() += 1);
            count.twice = times.iter().filter(|(_, times)| **times > 1).map(|(email, times)| format!("{email} ×{times}")).collect();
            for visitor in visitors.iter().filter(|visitor| visitor.crm == *crm) {
                let Some(told) = visitor.told.as_ref().filter(|told| matches!(told.status, 201 | 202)) else {
                    let told = visitor.told.as_ref().map(|told| format!("{} {}", told.status, told.body));
                    count.turned_away.push(format!("{} ({})", visitor.email, told.as_deref().unwrap_or("no answer")));
                    continue;
                };
                count.accepted += 1;
                let id = text(&told.body, "id");
                let has = times.contains_key(&visitor.email);
                let signup = stored.get(id).copied().unwrap_or(&Value::Null);
                match (text(signup, "state"), has) {
                    ("registered", true) => count.registered += 1,
                    ("rejected", has) => {
                        count.rejected += 1;
                        if has {
                            count.wronged.push(id.to_owned());
                        }
                    }
                    ("parked", _) => {
                        count.parked += 1;
                        *tally.parked.entry((crm, text(signup, "reason").to_owned())).or_default() += 1;
                    }
                    (state, has) => count.lost.push(format!("{id} {} (state {state:?}, the CRM has it: {has})", visitor.email)),
                }
            }
        }
        tally
    }

    /// What is not as it has to be, in words.
    pub(crate) fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        for (crm, count) in &self.of {
            let kinds = [
                ("lost", &count.lost),
                ("twice", &count.twice),
                ("rejected but there", &count.wronged),
                ("turned away", &count.turned_away),
            ];
            let found = kinds.iter().filter(|(_, whom)| !whom.is_empty());
            mistakes.extend(found.map(|(what, whom)| format!("{crm}: {} {what}: {}", whom.len(), whom.join(", "))));
        }
        mistakes
    }
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::Tally;
    use crate::crowd::{Told, Visitor};

    fn visitor(id: &str, status: u16) -> Visitor {
        let told = (status > 0).then(|| Told { status, body: json!({ "id": id }) });
        Visitor { crm: "wi", email: format!("{id}@mail.example"), before: BTreeMap::new(), told }
    }

    fn tally(visitors: &[Visitor], stored: &[(&str, &str)], users: &[&str]) -> Tally {
        let stored: Vec<Value> =
            stored.iter().map(|(id, state)| json!({ "id": id, "state": state, "reason": "outcome-unknown" })).collect();
        let users = users.iter().map(|id| json!({ "email": format!("{}@Mail.example", id.to_uppercase()) })).collect();
        Tally::count(visitors, &stored, &BTreeMap::from([("wi", users)]))
    }

    #[test]
    fn everybody_in_a_place_is_no_mistake() {
        let visitors = [visitor("a", 201), visitor("b", 202), visitor("c", 202)];
        let tally = tally(&visitors, &[("a", "registered"), ("b", "parked"), ("c", "rejected")], &["a", "b"]);
        let count = &tally.of["wi"];
        assert_eq!((count.accepted, count.registered, count.parked, count.rejected, count.users), (3, 1, 1, 1, 2));
        assert_eq!(tally.parked[&("wi", "outcome-unknown".to_owned())], 1);
        assert!(tally.mistakes().is_empty(), "{:?}", tally.mistakes());
    }

    #[test]
    fn every_mistake_is_named_with_whom_it_hit() {
        let visitors = [visitor("a", 201), visitor("b", 202), visitor("c", 202), visitor("d", 202), visitor("e", 409), visitor("f", 0)];
        let stored = [("a", "registered"), ("c", "delivering"), ("d", "rejected")];
        let mistakes = tally(&visitors, &stored, &["d", "x", "x"]).mistakes();
        let beginnings = ["wi: 3 lost: a a@", "wi: 1 twice: x@mail.example ×2", "wi: 1 rejected but there: d", "wi: 2 turned away: e@"];
        assert_eq!(mistakes.len(), beginnings.len(), "{mistakes:?}");
        for (mistake, beginning) in mistakes.iter().zip(beginnings) {
            assert!(mistake.starts_with(beginning), "{mistake}");
        }
        assert!(mistakes[3].contains("f@mail.example (no answer)"), "{mistakes:?}");
    }
}
