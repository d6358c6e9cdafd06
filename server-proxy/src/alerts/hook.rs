//! The webhook. Its address is a secret: whoever knows it can write there.

use std::time::Duration;

use reqwest::Client;
use url::Url;

use super::message::Message;
use crate::outbound;

const CONNECT_TIME: Duration = Duration::from_secs(5);
const TIME: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(crate) struct Hook {
    url: Url,
    client: Client,
}

impl Hook {
    /// The error does not repeat the address.
    pub(crate) fn new(address: &str, allow_insecure: bool, allow_private: bool) -> Result<Hook, String> {
        let url = Url::parse(address).map_err(|error| format!("is no address ({error})"))?;
        outbound::check(&url, "the message", allow_insecure, allow_private)?;
        let client =
            outbound::client(CONNECT_TIME, TIME, allow_private).map_err(|error| format!("cannot set up outbound calls: {error}"))?;
        Ok(Hook { url, client })
    }

    pub(super) async fn post(&self, message: &Message) -> Result<(), String> {
        let response = self.client.post(self.url.clone()).json(message).send().await.map_err(outbound::describe)?;
        // What it says is of no use here.
        if response.status().is_success() { Ok(()) } else { Err(format!("it answers {}", response.status().as_u16())) }
    }
}
