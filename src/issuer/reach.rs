//! Why an upstream can't be reached, for an operator: a call's own error only says that nothing was sent.

use super::call::Sender;
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
            && let Some(why) =
                self.sender.why_unreachable(&login.call, &UpstreamValues::of_nothing()).await
        {
            return Some(("login", why));
        }
        Some((name, self.sender.why_unreachable(call, values).await?))
    }
}

impl Sender<'_> {
    /// Requests the first page of a call's server, without credentials, and returns why it can't be reached.
    pub(super) async fn why_unreachable(
        &self,
        call: &HttpCall,
        values: &UpstreamValues,
    ) -> Option<String> {
        let mut server = self.url(call, values).ok()?.join("/").ok()?;
        server.set_username("").ok()?;
        server.set_password(None).ok()?;
        let reason = match self.client.get(server).send().await {
            Ok(response) => network::find_refusal_of_proxy(response.status())?.to_owned(),
            Err(error) => network::describe(&error),
        };
        let secrets = credentials::of_operator(self.outside);
        Some(secrets.take_out_of(&reason))
    }
}
