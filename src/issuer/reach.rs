//! Why an upstream can't be reached, for an operator: a call's own error only says that nothing was sent.

use super::{Upstream, credentials};
use crate::config::{HttpCall, UpstreamValues};
use crate::network;

impl Upstream<'_> {
    /// Why a call could not be sent: because its server, or before that the server of its login, can't be
    /// reached. Returns which of them, and why.
    pub async fn why_unreachable(
        &self,
        (name, call): (&'static str, &HttpCall),
        values: &UpstreamValues,
    ) -> Option<(&'static str, String)> {
        if let Some(login) = self.settings.login.as_ref().filter(|_| call.shows_login())
            && let Some(why) = self.ask_for_page(&login.call, &UpstreamValues::of_nothing()).await
        {
            return Some(("login", why));
        }
        Some((name, self.ask_for_page(call, values).await?))
    }

    /// Requests the first page of a call's server, without credentials, and returns why it can't be reached.
    async fn ask_for_page(&self, call: &HttpCall, values: &UpstreamValues) -> Option<String> {
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
