//! A token at one moment: what the audit log keeps of it, and what its digest is made of.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::catalogue::{ApiVersion, ProviderId};
use super::content::Digest;
use super::email::EmailAddress;
use super::ids::{TokenId, UserId};
use super::issuer::IssuerKind;
use super::scope::ResolvedScope;
use super::token::{Token, TokenState};

/// Everything that is kept of a token except its secrets. The canonical form is that of RFC 8785: JSON
/// without white space and with names in alphabetical order, which is the order of the fields here. So a
/// tool that sorts names can compute the digest again.
#[derive(Debug, Clone, Serialize)]
pub struct Snapshot<'a> {
    account_sid: &'a str,
    api_version: ApiVersion,
    collected_at: Option<DateTime<Utc>>,
    contact: UserId,
    created_at: DateTime<Utc>,
    description: &'a str,
    developer_emails: &'a [EmailAddress],
    expires_at: Option<DateTime<Utc>>,
    id: TokenId,
    issuer: IssuerKind,
    lifetime_days: u16,
    name: &'a str,
    owner: UserId,
    provider: &'a ProviderId,
    /// The number of changes: a change without an event leaves a gap here.
    revision: i64,
    scopes: &'a [ResolvedScope],
    state: TokenState,
}

impl<'a> Snapshot<'a> {
    /// The token as it was read.
    #[must_use]
    pub fn of(token: &'a Token) -> Self {
        Self {
            account_sid: &token.account_sid,
            api_version: token.settings.api_version,
            collected_at: token.collected_at,
            contact: token.settings.contact,
            created_at: token.created_at,
            description: &token.settings.description,
            developer_emails: &token.settings.developer_emails,
            expires_at: token.expires_at,
            id: token.id,
            issuer: token.issuer,
            lifetime_days: token.lifetime_days,
            name: &token.settings.name,
            owner: token.owner,
            provider: &token.provider,
            revision: token.revision,
            scopes: &token.scopes,
            state: token.state,
        }
    }

    /// The canonical form.
    #[must_use]
    pub fn canonical(&self) -> String {
        // Strings, numbers and lists only: this can't fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// SHA-256 of the canonical form.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.canonical().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;
    use crate::domain::catalogue::Method;
    use crate::domain::ids::RequestId;
    use crate::domain::settings::TokenSettings;

    fn token() -> Token {
        let moment =
            |seconds: i64| DateTime::from_timestamp(1_751_457_600 + seconds, 120_000).unwrap();
        Token {
            id: TokenId::new(3).unwrap(),
            provider: "orchard".parse().unwrap(),
            issuer: IssuerKind::Builtin,
            request: RequestId::new(1).unwrap(),
            change: None,
            account_sid: "CS0".into(),
            settings: TokenSettings {
                name: "Reports \"é\"".into(),
                description: "Nightly\nreports".into(),
                api_version: ApiVersion::new(2).unwrap(),
                contact: UserId::new(12).unwrap(),
                developer_emails: vec!["dev@example.com".parse().unwrap()],
            },
            owner: UserId::new(11).unwrap(),
            scopes: vec![ResolvedScope {
                approvals: None,
                id: "trees:listTrees".parse().unwrap(),
                method: Method::Get,
                path: "/Trees".parse().unwrap(),
                sensitive: false,
                value: "trees".into(),
            }],
            lifetime_days: 90,
            state: TokenState::Issued,
            revision: 1,
            created_at: moment(0),
            collected_at: None,
            expires_at: Some(moment(60)),
        }
    }

    #[test]
    fn the_canonical_form_is_what_the_documents_say() {
        assert_eq!(
            Snapshot::of(&token()).canonical(),
            r#"{"account_sid":"CS0","api_version":2,"collected_at":null,"contact":"12","created_at":"2025-07-02T12:00:00.000120Z","description":"Nightly\nreports","developer_emails":["dev@example.com"],"expires_at":"2025-07-02T12:01:00.000120Z","id":"3","issuer":"builtin","lifetime_days":90,"name":"Reports \"é\"","owner":"11","provider":"orchard","revision":1,"scopes":[{"approvals":null,"id":"trees:listTrees","method":"GET","path":"/Trees","sensitive":false,"value":"trees"}],"state":"issued"}"#
        );
    }

    #[test]
    fn the_order_of_keys_does_not_change_the_canonical_form() {
        let canonical = Snapshot::of(&token()).canonical();
        let sorted: BTreeMap<String, Value> = serde_json::from_str(&canonical).unwrap();
        assert_eq!(serde_json::to_string(&sorted).unwrap(), canonical);
    }

    #[test]
    fn each_change_changes_the_digest() {
        let before = Snapshot::of(&token()).digest();
        let change: [fn(&mut Token); 10] = [
            |token| token.settings.name.push('2'),
            |token| token.settings.description.push('2'),
            |token| token.owner = token.settings.contact,
            |token| token.settings.contact = token.owner,
            |token| token.settings.developer_emails.clear(),
            |token| token.scopes.clear(),
            |token| token.scopes[0].method = Method::Delete,
            |token| token.state = TokenState::Active,
            |token| token.expires_at = None,
            |token| token.revision += 1,
        ];
        for change in change {
            let mut token = token();
            change(&mut token);
            assert_ne!(Snapshot::of(&token).digest(), before, "{token:?}");
        }
    }
}
