//! The effect of each single field of an edit, and which token's end a request may have.

use serde_json::{Value, json};

use super::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// An edit that would change nothing in a token which ends in ten days, except for these fields.
fn edit(changed: &Value) -> Content {
    let scope = |name: &str| {
        json!({
            "id": format!("trees:{name}"), "method": "GET", "path": format!("/{name}"),
            "value": name, "sensitive": false, "approvals": null,
        })
    };
    let was = json!({
        "name": "Reports", "description": "Weekly numbers", "api_version": 2, "owner": "1",
        "contact": "1", "developer_emails": ["dev@example.com"], "scopes": [scope("a"), scope("b")],
        "expires_at": now() + Duration::days(10),
    });
    let mut content = json!({
        "provider": "orchard", "issuer": "builtin", "calls": [], "kind": "edit", "name": "Reports",
        "description": "Weekly numbers", "api_version": 2, "contact": "1",
        "developer_emails": ["dev@example.com"], "lifetime_days": 90,
        "scopes": [scope("a"), scope("b")],
        "target": {
            "token": 1, "revision": 1, "was": was, "lives_anew": false, "overlap_seconds": 0,
        },
    });
    for (field, value) in changed.as_object().unwrap() {
        match field.as_str() {
            "scopes" => {
                let names = value.as_array().unwrap().iter();
                content["scopes"] = names.map(|name| scope(name.as_str().unwrap())).collect();
            }
            "lives" => {
                content["lifetime_days"] = value.clone();
                content["target"]["lives_anew"] = true.into();
            }
            "ends" => content["target"]["was"]["expires_at"] = value.clone(),
            _ => content[field] = value.clone(),
        }
    }
    serde_json::from_value(content).unwrap()
}

#[test]
fn each_changed_field_decides_whether_an_edit_needs_approvals() {
    for (changed, comes_to) in [
        (json!({}), ChangeEffect::Nothing),
        // A change that does not restart the lifetime does not request that many days.
        (json!({"lifetime_days": 365}), ChangeEffect::Nothing),
        (json!({"name": "Other"}), ChangeEffect::Widens),
        (json!({"description": "Other"}), ChangeEffect::Widens),
        (json!({"api_version": 1}), ChangeEffect::Widens),
        (json!({"contact": "2"}), ChangeEffect::Widens),
        (json!({"developer_emails": []}), ChangeEffect::Widens),
        (json!({"developer_emails": ["dev@example.com", "ops@example.com"]}), ChangeEffect::Widens),
        (json!({"scopes": ["a", "b", "c"]}), ChangeEffect::Widens),
        (json!({"scopes": ["a", "c"]}), ChangeEffect::Widens),
        (json!({"scopes": ["b", "a"]}), ChangeEffect::Nothing),
        (json!({"scopes": ["b"]}), ChangeEffect::Narrows),
        (json!({"lives": 9}), ChangeEffect::Narrows),
        (json!({"lives": 10}), ChangeEffect::Widens),
        (json!({"lives": 11}), ChangeEffect::Widens),
        (json!({"scopes": ["b"], "lives": 9}), ChangeEffect::Narrows),
        (json!({"scopes": ["b"], "lives": 11}), ChangeEffect::Widens),
        (json!({"scopes": ["a", "b", "c"], "lives": 9}), ChangeEffect::Widens),
        (json!({"scopes": ["b"], "name": "Other"}), ChangeEffect::Widens),
        // The lifetime has not begun, so the token has no end yet; a new end might be later.
        (json!({"ends": null, "lives": 1}), ChangeEffect::Widens),
    ] {
        assert_eq!(classify(&edit(&changed), now()), comes_to, "{changed}");
    }
}

#[test]
fn only_a_later_end_extends() {
    for (changed, extends_it) in [
        (json!({}), false),
        (json!({"lives": 9}), false),
        (json!({"lives": 10}), true),
        (json!({"lives": 11}), true),
        (json!({"ends": null, "lives": 1}), true),
    ] {
        assert_eq!(extends_lifetime(&edit(&changed), now()), extends_it, "{changed}");
    }
}
