use proptest::prelude::*;

use super::*;

fn outside() -> Outside {
    let one =
        |name: &str, value: &str| BTreeMap::from([(name.to_owned(), SecretString::from(value))]);
    Outside {
        env: one("BASE", "https://api.example.com/v1"),
        secrets: one("KEY", "k\"1/ä"),
        ..Outside::default()
    }
}

fn values(name: &str) -> UpstreamValues {
    UpstreamValues {
        description: "two\nlines".to_owned(),
        developer_emails: vec!["a+b@example.com".to_owned()],
        ..made_up(name, &[name.to_owned(), name.to_owned()])
    }
}

fn rendered(source: &str, place: Place, name: &str) -> Result<String, String> {
    let template = Template::parse(source, place)?;
    let text = template.render(&values(name), &outside()).map_err(|error| error.0)?;
    Ok(text.expose_secret().to_owned())
}

/// The error for a configuration with this template.
fn tried(source: &str, place: Place) -> Result<(), String> {
    let choices = [vec!["one".to_owned()], vec!["one".to_owned(), "two".to_owned()]];
    Template::parse(source, place)?.trial(&outside(), &choices).map(drop)
}

#[test]
fn each_place_escapes_in_its_way() {
    let name = "a/b \"c\" {{ marker }} ü";
    let in_url = "https://h.example/{{ name }}?q={{ scopes | join(' ') }}&v={{ api_version }}";
    assert_eq!(
        rendered(in_url, Place::Url, name).unwrap(),
        "https://h.example/a%2Fb%20%22c%22%20%7B%7B%20marker%20%7D%7D%20%C3%BC?q=a%2Fb%20%22c%22%20\
         %7B%7B%20marker%20%7D%7D%20%C3%BC%20a%2Fb%20%22c%22%20%7B%7B%20marker%20%7D%7D%20%C3%BC&v=1"
    );
    let body = r#"{"a": {{ name }}, "b": {{ scopes }}, "c": {{ lifetime_seconds }}, "d": {{ ("x " ~ description) }}}"#;
    let body: serde_json::Value = rendered(body, Place::Body, name).unwrap().parse().unwrap();
    assert_eq!(
        body,
        serde_json::json!({ "a": name, "b": [name, name], "c": 86_400, "d": "x two\nlines" })
    );
    assert_eq!(rendered("n={{ name }}", Place::Header, "ü").unwrap(), "n=ü");
}

#[test]
fn operator_values_are_not_escaped() {
    let url = "{{ env.BASE }}/tokens/{{ upstream_id }}";
    assert_eq!(
        rendered(url, Place::Url, "a:b").unwrap(),
        "https://api.example.com/v1/tokens/a%3Ab"
    );
    assert_eq!(rendered("Bearer {{ secret.KEY }}", Place::Header, "x").unwrap(), "Bearer k\"1/ä");
    assert_eq!(rendered("[{{ secret.KEY }}]", Place::Body, "x").unwrap(), r#"["k\"1/ä"]"#);
}

#[test]
fn a_value_cannot_leave_its_place() {
    // Neither filters nor blocks disable escaping.
    assert_eq!(
        rendered(
            "https://h.example/{% autoescape false %}{{ name }}{% endautoescape %}",
            Place::Url,
            "/x"
        )
        .unwrap(),
        "https://h.example/%2Fx"
    );
    for source in
        ["{{ name | safe }}", "{{ name|safe }}", "{% filter upper|safe %}x{% endfilter %}"]
    {
        assert!(tried(source, Place::Body).unwrap_err().contains("escaping"), "{source}");
    }
    let captured = "[{% macro m() %}{{ name }}{% endmacro %}{{ m() }}, {{ name | tojson }}]";
    assert_eq!(rendered(captured, Place::Body, "a\"").unwrap(), r#"["a\"", "a\""]"#);
    assert!(rendered("{{ name }}", Place::Header, "a\r\nX-Other: b").is_err());
    assert!(rendered("{{ name }}", Place::Header, "a\0").is_err());
    for name in [".", ".."] {
        assert!(rendered("https://h.example/a/{{ name }}", Place::Url, name).is_err(), "{name}");
        assert!(rendered("https://h.example/a/{{ name }}/b?c", Place::Url, name).is_err());
    }
}

#[test]
fn templates_that_would_fail_later_are_refused_at_the_start() {
    for (source, place, told) in [
        ("{{ name", Place::Body, "syntax error"),
        (r#"{"a": "{{ name }}"}"#, Place::Body, "without quotes"),
        ("{{ name | nosuch }}", Place::Body, "unknown filter"),
        ("https://{{ name }}/", Place::Url, "write the server's name out"),
        ("https://{{ name }}@h.example/", Place::Url, "write the server's name out"),
        ("ftp://h.example/", Place::Url, "no URL of http or https"),
        ("/tokens", Place::Url, "no URL of http or https"),
        ("https://h.example/a/../b", Place::Url, "no URL of http or https"),
        ("https://h.example/{{ scopes }}", Place::Url, "join lists"),
        ("a\u{7}", Place::Header, "can't stand in a header"),
    ] {
        let said = tried(source, place).unwrap_err();
        assert!(said.contains(told), "{source}: {said}");
    }
    tried("https://h.example/{{ upstream_id }}", Place::Url).unwrap();
}

#[test]
fn unknown_names_are_reported_with_a_suggestion() {
    let unknown = |source: &str, knows| {
        Template::parse(source, Place::Body).unwrap().unknown_names(knows).join("; ")
    };
    assert_eq!(
        unknown("{{ nmae }}", Knows::TOKEN),
        "shows nmae, which is no value: did you mean name?"
    );
    assert_eq!(
        unknown("{{ env }}", Knows::TOKEN),
        "shows env whole: name one of its values, env.NAME"
    );
    assert!(unknown("{{ upstream_id }}", Knows::REQUEST).contains("too early"));
    assert_eq!(unknown("{{ upstream_id }}{{ env.A }}{{ secret.B }}", Knows::TOKEN), "");
    let template = Template::parse("{{ env.A }}{{ secret.B }}{{ env.C }}", Place::Body).unwrap();
    assert_eq!(template.outside("env").into_iter().collect::<Vec<_>>(), ["A", "C"]);
    assert_eq!(template.outside("secret").into_iter().collect::<Vec<_>>(), ["B"]);
}

proptest! {
    #[test]
    fn typed_text_stays_one_value(name in "\\PC*|.*") {
        let body = rendered("{{ name }}", Place::Body, &name).unwrap();
        prop_assert_eq!(serde_json::from_str::<String>(&body).unwrap(), name.clone());
        let url = "https://h.example/x/{{ name }}/y?q={{ name }}#f";
        match rendered(url, Place::Url, &name) {
            Err(_) => prop_assert!(name == "." || name == ".."),
            Ok(url) => {
                let url: Url = url.parse().unwrap();
                prop_assert_eq!(url.path_segments().unwrap().count(), 3);
                prop_assert_eq!(url.query_pairs().count(), 1);
                prop_assert_eq!(url.query_pairs().next().unwrap().1.into_owned(), name.clone());
            }
        }
        if let Ok(header) = rendered("{{ name }}", Place::Header, &name) {
            prop_assert!(!header.contains(['\r', '\n', '\0']));
        }
    }
}
