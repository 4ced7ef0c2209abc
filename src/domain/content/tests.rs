//! The canonical form, byte by byte: all approvals are bound to it.

use super::*;

/// A reset that has every field.
const CANONICAL: &str = concat!(
    r#"{"provider":"orchard","issuer":"http","calls":[{"operation":"renew","method":"POST","#,
    r#""origin":"https://orchard.example","url_sha256":"00"}],"kind":"reset","name":"Reports","#,
    r#""description":"Weekly \"numbers\"","api_version":2,"contact":"300","#,
    r#""developer_emails":["dev@example.com"],"lifetime_days":90,"scopes":[{"approvals":null,"#,
    r#""id":"trees:read","method":"GET","path":"/trees","sensitive":false,"value":"trees"}],"#,
    r#""target":{"token":"17","revision":3,"was":{"name":"Old","description":"Old numbers","#,
    r#""api_version":1,"owner":"100","contact":"200","developer_emails":["old@example.com"],"#,
    r#""scopes":[],"expires_at":"2027-01-15T08:00:00Z"},"lives_anew":true,"overlap_seconds":3600}}"#,
);

#[test]
fn the_canonical_form_never_changes() {
    let content: Content = serde_json::from_str(CANONICAL).unwrap();
    assert_eq!(content.canonical(), CANONICAL);
    let digest = "139109011f14f33769f67263a53458262849661fb0ee9ff383e8c0b69f2b5ce0";
    assert_eq!(content.digest().hex(), digest);
}
