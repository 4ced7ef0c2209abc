//! Why an upstream can't be reached, for an operator: a call's own error only says that nothing was sent.

use super::{Upstream, credentials};
use crate::config::{HttpCall, UpstreamValues};
use crate::network;

impl Upstream<'_> {
    /// Requests the first page of a call's server, without credentials, and returns why it can't be reached.
    pub async fn why_unreachable(
        &self,
        call: &HttpCall,
        values: &UpstreamValues,
    ) -> Option<String> {
        let mut server = self.sender.url(call, values).ok()?.join("/").ok()?;
        server.set_username("").ok()?;
        server.set_password(None).ok()?;
        let reason = match self.sender.client.get(server).send().await {
            Ok(response) => network::find_refusal_of_proxy(response.status())?.to_owned(),
            Err(error) => network::describe(&error),
        };
        let secrets = credentials::of_operator(self.sender.outside);
        Some(secrets.take_out_of(&reason))
    }
}
