//! What an issuer can, as the configuration has it.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use crate::domain::issuer::IssuerCall;
use crate::domain::issuer::IssuerFacts;
use crate::domain::issuer::IssuerKind;
use crate::domain::request_kind::RequestKind;

use super::http_settings::{HttpBody, HttpCall, HttpIssuerSettings, UpdateField};
use super::settings::IssuerSettings;

impl IssuerSettings {
    /// The upstream, where it is one.
    pub fn http(&self) -> Option<&HttpIssuerSettings> {
        match self {
            Self::Http(settings) => Some(settings),
            Self::Builtin | Self::Manual(_) => None,
        }
    }

    /// Whether the issuer supports this change; others are not offered.
    pub fn offers(&self, kind: RequestKind) -> bool {
        let Some(upstream) = self.http() else { return true };
        match kind {
            RequestKind::Create
            | RequestKind::Duplicate
            | RequestKind::Edit
            | RequestKind::Delete => true,
            RequestKind::Reset => upstream.reset.is_some(),
            RequestKind::Enable => upstream.enable.as_ref().is_some_and(|enable| {
                !enable.response.secret.is_empty() || upstream.reset.is_some()
            }),
            RequestKind::Disable => upstream.disable.is_some(),
            RequestKind::Upgrade | RequestKind::Extend | RequestKind::Narrow => false,
        }
    }

    /// Whether there is a call that disables or deletes such a token. Where there is no `disable`, what
    /// must stop at once is revoked.
    pub fn ends(&self, kind: RequestKind) -> bool {
        self.http().is_some_and(|upstream| {
            upstream.revoke.is_some()
                || (upstream.disable.is_some() && kind == RequestKind::Disable)
        })
    }

    /// What is approved of it with each request: its kind, and where it calls.
    pub fn facts(&self) -> IssuerFacts {
        match self {
            Self::Builtin => IssuerFacts { kind: IssuerKind::Builtin, calls: Vec::new() },
            Self::Manual(_) => IssuerFacts { kind: IssuerKind::Manual, calls: Vec::new() },
            Self::Http(settings) => IssuerFacts { kind: IssuerKind::Http, calls: settings.calls() },
        }
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

impl HttpIssuerSettings {
    /// Whether it can change this of a token.
    #[must_use]
    pub fn updates(&self, field: UpdateField) -> bool {
        self.update.as_ref().is_some_and(|update| update.fields.contains(&field))
    }

    /// How long a call that is sent now may take to arrive.
    #[must_use]
    pub fn longest_call(&self) -> Duration {
        self.timeout + self.settle
    }

    /// Whether a call that renews a token's secret gives it another id, and a token whose new id nobody knows is
    /// not seen by its marker.
    #[must_use]
    pub fn may_lose_ids(&self) -> bool {
        let gives_id = |call: &HttpCall| call.response.id.is_some();
        let is_seen_by_marker = self.find.is_some() && self.get.is_none() && !self.ids_are_unique;
        self.reset.iter().chain(&self.enable).any(gives_id) && !is_seen_by_marker
    }

    /// Whether people see a token's id there as its *Account SID*, as no call gives another one.
    #[must_use]
    pub fn shows_ids(&self) -> bool {
        let names_one = |call: &HttpCall| call.response.account_sid.is_some();
        !self.id_is_secret && !std::iter::once(&self.create).chain(&self.then).any(names_one)
    }

    /// Its calls as they are approved.
    fn calls(&self) -> Vec<IssuerCall> {
        let calls = self.all_calls().into_iter();
        calls.map(|(operation, call)| Self::approved(operation, call)).collect()
    }

    /// Every call that the configuration has, by its name there.
    #[must_use]
    pub fn all_calls(&self) -> Vec<(String, &HttpCall)> {
        let login = self.login.as_ref().map(|login| &login.call);
        let find = self.find.as_ref().map(|find| &find.call);
        let get = self.get.as_ref().map(|get| &get.call);
        let optional = [
            ("login", login),
            ("create", Some(&self.create)),
            ("find", find),
            ("get", get),
            ("revoke", self.revoke.as_ref()),
            ("reset", self.reset.as_ref()),
            ("enable", self.enable.as_ref()),
            ("disable", self.disable.as_ref()),
        ];
        let update = self.update.as_ref().map(|update| {
            let fields: Vec<&str> = update.fields.iter().map(|field| field.as_str()).collect();
            (format!("update {}", fields.join(", ")), &update.call)
        });
        let there = optional.into_iter().filter_map(|(name, call)| Some((name.to_owned(), call?)));
        let then = (1..).zip(&self.then).map(|(number, call)| (format!("then {number}"), call));
        there.chain(update).chain(then).collect()
    }

    /// What `create` and `find` are, in one word: whether such a `find` shows what such a `create` makes is
    /// known of both together.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let find = self.find.as_ref();
        let call = |call: &HttpCall| {
            let headers: Vec<_> =
                call.headers.iter().map(|(key, value)| (key, value.sha256())).collect();
            let body = match &call.body {
                None => Vec::new(),
                Some(HttpBody::Json(body)) => vec![body.sha256()],
                Some(HttpBody::Form(fields)) => {
                    fields.iter().map(|(key, value)| format!("{key} {}", value.sha256())).collect()
                }
            };
            format!("{:?}", (call.method, call.url.sha256(), headers, body, &call.response))
        };
        let how = find.map(|find| (&find.items, find.by_key, &find.recognise, &find.pages));
        let both = (call(&self.create), find.map(|find| call(&find.call)), how);
        let mut both = format!("{both:?}");
        for further in &self.then {
            both.push_str(&call(further));
        }
        hex::encode(Sha256::digest(both))
    }

    fn approved(operation: String, call: &HttpCall) -> IssuerCall {
        IssuerCall {
            operation,
            method: call.method.to_string(),
            origin: call.origin.clone(),
            url_sha256: call.url.sha256(),
        }
    }
}
