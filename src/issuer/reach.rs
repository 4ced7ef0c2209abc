//! Why an upstream can't be reached, for an operator: a call's own error only says that nothing was sent.

use std::error::Error;

use super::{Upstream, credentials};
use crate::config::{HttpCall, UpstreamValues};

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
        let error = self.sender.client.get(server).send().await.err()?;
        let mut reason: &dyn Error = &error;
        while let Some(source) = reason.source() {
            reason = source;
        }
        let secrets = credentials::of_operator(self.sender.outside);
        Some(secrets.take_out_of(&reason.to_string()))
    }
}
