//! What an issuer can, as the configuration has it.

use crate::domain::request::RequestKind;

use super::settings::{HttpIssuerSettings, IssuerSettings};

impl IssuerSettings {
    /// The upstream, where it is one.
    pub fn http(&self) -> Option<&HttpIssuerSettings> {
        match self {
            Self::Http(settings) => Some(settings),
            Self::Builtin | Self::Manual(_) => None,
        }
    }

    /// Whether a token can be asked to be changed like this; nothing that can't is shown.
    pub fn offers(&self, kind: RequestKind) -> bool {
        let Some(upstream) = self.http() else { return true };
        match kind {
            RequestKind::Create
            | RequestKind::Duplicate
            | RequestKind::Edit
            | RequestKind::Delete => true,
            RequestKind::Reset => upstream.reset.is_some(),
            RequestKind::Enable => upstream
                .enable
                .as_ref()
                .is_some_and(|enable| enable.response.secret.is_some() || upstream.reset.is_some()),
            RequestKind::Disable => upstream.disable.is_some(),
            RequestKind::Upgrade | RequestKind::Extend | RequestKind::Narrow => false,
        }
    }

    /// Whether there is a call that disables or deletes such a token. Where there is no `disable`, what
    /// has to be off at once is off for good.
    pub fn ends(&self, kind: RequestKind) -> bool {
        self.http().is_some_and(|upstream| {
            upstream.revoke.is_some()
                || (upstream.disable.is_some() && kind == RequestKind::Disable)
        })
    }

    /// As the file writes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Builtin => "builtin",
            Self::Manual(_) => "manual",
            Self::Http(_) => "http",
        }
    }
}
