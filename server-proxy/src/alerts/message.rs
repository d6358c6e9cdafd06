//! What is posted to a webhook: figures for a program, and a text for people. Nothing personal, and nothing secret.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::store::{Alert, Event};

#[derive(Serialize)]
pub(super) struct Message {
    event: &'static str,
    connection: String,
    /// Signups: parked since the last message, or waiting for that CRM.
    pub(super) count: i64,
    /// Parked signups, by why they are.
    reasons: BTreeMap<String, i64>,
    /// Slack and Mattermost show it.
    text: String,
}

impl Message {
    pub(super) fn new(alert: &Alert, waiting: i64) -> Message {
        let Alert { event, connection, reasons } = alert;
        let count = if *event == Event::Parked { reasons.values().sum() } else { waiting };
        let text = match event {
            Event::Parked => {
                let listed: Vec<_> = reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
                format!(
                    "Latchkey: {} for the connection \"{connection}\": {}. A person must look: latchkey signups list --state parked --connection {connection}",
                    counted(count, "signup is parked", "signups are parked"),
                    listed.join(", ")
                )
            }
            Event::ConnectionDown => {
                format!(
                    "Latchkey: the CRM of the connection \"{connection}\" takes no signups. They are kept; {}.",
                    counted(waiting, "waits", "wait")
                )
            }
            Event::ConnectionUp => {
                format!(
                    "Latchkey: the CRM of the connection \"{connection}\" takes signups again; {} to be delivered.",
                    counted(waiting, "is", "are")
                )
            }
        };
        Message { event: event.as_str(), connection: connection.clone(), count, reasons: reasons.clone(), text }
    }
}

fn counted(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(event: Event, reasons: &[(&str, i64)], waiting: i64) -> serde_json::Value {
        let reasons = reasons.iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect();
        serde_json::to_value(Message::new(&Alert { event, connection: "eu".to_owned(), reasons }, waiting)).expect("JSON")
    }

    #[test]
    fn it_says_what_has_happened_in_figures_and_in_words() {
        let text = "Latchkey: 3 signups are parked for the connection \"eu\": 2 misconfigured, 1 outcome-unknown. \
                    A person must look: latchkey signups list --state parked --connection eu";
        let expected =
            json!({"event": "parked", "connection": "eu", "count": 3, "reasons": {"misconfigured": 2, "outcome-unknown": 1}, "text": text});
        assert_eq!(message(Event::Parked, &[("misconfigured", 2), ("outcome-unknown", 1)], 7), expected);
        let text = "Latchkey: the CRM of the connection \"eu\" takes no signups. They are kept; 1 waits.";
        let expected = json!({"event": "connection-down", "connection": "eu", "count": 1, "reasons": {}, "text": text});
        assert_eq!(message(Event::ConnectionDown, &[], 1), expected);
        let text = "Latchkey: the CRM of the connection \"eu\" takes signups again; 0 are to be delivered.";
        let expected = json!({"event": "connection-up", "connection": "eu", "count": 0, "reasons": {}, "text": text});
        assert_eq!(message(Event::ConnectionUp, &[], 0), expected);
    }
}
