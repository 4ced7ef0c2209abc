//! The configuration for an API that needs several calls for one token.

/// Changes `[providers.issuer]` so that a token gets its rights and its secret by separate calls.
pub fn in_parts(issuer: &mut toml::Table) {
    let Some(create) = issuer.get("create").and_then(toml::Value::as_table).cloned() else {
        return;
    };
    let further = |path: &str, body: Option<&str>, response: toml::Table| {
        let mut call = create.clone();
        let url = create["url"].as_str().unwrap_or_default();
        call.insert("url".to_owned(), format!("{url}/{{{{ upstream_id }}}}/{path}").into());
        call.remove("body");
        call.extend(body.map(|body| ("body".to_owned(), body.into())));
        call.insert("response".to_owned(), response.into());
        call
    };
    let rights = r#"{"rights": {{ scopes }}}"#;
    let then = vec![
        further("rights", Some(rights), toml::toml! { error = "/error" }),
        further("reset", None, toml::toml! { secret = "/token" error = "/error" }),
    ];
    issuer.insert("then".to_owned(), then.into());
    let mut create = create;
    create.insert("body".to_owned(), r#"{"comment": {{ marker }}}"#.into());
    let response = toml::toml! { id = "/id" error = "/error" };
    create.insert("response".to_owned(), response.into());
    issuer.insert("create".to_owned(), create.into());
    // A token without its rights doesn't work, but exists.
    if let Some(find) = issuer.get_mut("find").and_then(toml::Value::as_table_mut) {
        find.remove("alive");
    }
    issuer.remove("disable");
    issuer.remove("enable");
}
