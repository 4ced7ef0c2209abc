//! What people read when an `http` issuer is written wrongly.

use super::*;

#[test]
fn http_issuers() {
    let http = r#"
kind = "http"
timeout = "0s"
settle = "2h"
secrets = { "a-b" = "s3cret", KEY = "s3cret", KEY_file = "secret-key", GONE_file = "nowhere" }
[providers.issuer.create]
method = "post"
url = ""
headers = { "a b" = "s3cret", Accept = "s3cret", accept = "s3cret" }
response = { id = "id" }
[providers.issuer.find]
url = "https://registry.example.com"
itmes = "/tokens"
"#;
    let refused = with_http_issuer(http).refused(&[]);
    assert!(!refused.contains("s3cret"), "{refused}");
    assert_snapshot!(refused, @r#"
    countersign.toml:20: providers[1].issuer.revoke is missing: add it, or set allow_unrevocable = true to accept tokens that nobody can end
    countersign.toml:23: providers[1].issuer.timeout takes 1s to 2m, not "0s"
    countersign.toml:24: providers[1].issuer.settle takes 0s to 1h, not "2h"
    countersign.toml:25: providers[1].issuer.secrets.GONE_file can't be read from nowhere: there is no such file; relative paths start where the configuration is
    countersign.toml:25: providers[1].issuer.secrets.KEY_file sets KEY a second time: keep one of them
    countersign.toml:25: providers[1].issuer.secrets.a-b is no name: letters, digits and "_" make one
    countersign.toml:27: providers[1].issuer.create.method can't be "post": it takes one of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS, in capitals
    countersign.toml:28: providers[1].issuer.create.url is empty
    countersign.toml:29: providers[1].issuer.create.headers.a b can't be a header: "a b" is no name of one
    countersign.toml:29: providers[1].issuer.create.headers.accept is there twice, once in other letters: keep one of them
    countersign.toml:30: providers[1].issuer.create.response.id takes a JSON pointer such as "/data/id", not "id"
    countersign.toml:30: providers[1].issuer.create.response.secret is missing: set it to where the answer holds it, such as "/id"
    countersign.toml:31: providers[1].issuer.find.items is missing: set it to where the answer holds its list, such as "/tokens"
    countersign.toml:31: providers[1].issuer.find.match is missing: set it to where an item holds the marker
    countersign.toml:31: providers[1].issuer.find.method is missing: set it to a method of HTTP
    countersign.toml:31: providers[1].issuer.find.response.id is missing: set it to where the answer holds it, such as "/id"
    countersign.toml:33: providers[1].issuer.find.itmes is no key: did you mean items?
    "#);
    let (bare, _) = HTTP_ISSUER.split_once("[providers.issuer.find]").unwrap();
    assert_snapshot!(with_http_issuer(bare).refused(&[]), @"countersign.toml:20: providers[1].issuer.revoke is missing: add it, or set allow_unrevocable = true to accept tokens that nobody can end");
    with_http_issuer(&bare.replace("timeout", "allow_unrevocable = true\ntimeout")).loaded();
}

#[test]
fn what_an_http_issuer_sends() {
    let with = |from: &str, to: &str| with_http_issuer(&HTTP_ISSUER.replace(from, to));
    assert_snapshot!(with("{{ scopes }}", "[]").refused(&[]), @"countersign.toml:25: providers[1].issuer.create makes tokens whatever scopes were approved: show scopes, or set scopes_fixed = true where all tokens can the same");
    with("timeout", "scopes_fixed = true\ntimeout").loaded();
    assert_snapshot!(with("{{ marker }}", "{{ marcer }}").refused(&[]), @"countersign.toml:29: providers[1].issuer.create.body shows marcer, which is no value: did you mean marker?");
    assert_snapshot!(with("{{ marker }}", "\"{{ marker }}\"").refused(&[]), @"countersign.toml:29: providers[1].issuer.create.body doesn't render to JSON: show values without quotes around them, {{ name }}");
    assert_snapshot!(with("{{ scopes }}", "{{ scopes }}, \"for\": {{ env.REGISTRY }}").refused(&[]), @"countersign.toml:29: providers[1].issuer.create.body shows env.REGISTRY, which the environment doesn't set");
    with("{{ scopes }}", "{{ scopes }}, \"for\": {{ env.REGISTRY }}")
        .load(&[("REGISTRY", "x")])
        .unwrap();
    assert_snapshot!(with("{{ marker }}", "{{ secret.OTTER }}").refused(&[]), @"countersign.toml:29: providers[1].issuer.create.body shows secret.OTTER, which isn't there: there are KEY, OTHER");
    assert_snapshot!(with("{{ marker }}", "{{ name | safe }}").refused(&[]), @"countersign.toml:29: providers[1].issuer.create.body switches escaping off, which nothing may: take |safe away; the operator's own values are env.NAME and secret.NAME");
    assert_snapshot!(with("\"comment\": {{ marker }}, ", "").refused(&[]), @"countersign.toml:25: providers[1].issuer.create leaves no mark for find: show marker where match looks for it");
    let (start, rest) = HTTP_ISSUER.split_once("[providers.issuer.find]").unwrap();
    let (_, revoke) = rest.split_once("[providers.issuer.revoke]").unwrap();
    let without_find = format!("{start}[providers.issuer.revoke]{revoke}");
    assert_snapshot!(with_http_issuer(&without_find).refused(&[]), @"countersign.toml:31: providers[1].issuer.revoke can't be seen to have ended the right token: add find or get, or set ids_are_unique = true where no id is given twice");
    let unique = without_find.replace("timeout", "ids_are_unique = true\ntimeout");
    assert_snapshot!(with_http_issuer(&unique).refused(&[]), @"countersign.toml:32: providers[1].issuer.revoke is believed by its answer alone, and a no isn't read: set response.error, or add find or get");
    with_http_issuer(&format!("{unique}response = {{ error = \"/error\" }}\n")).loaded();
}

/// What a configuration can't mean.
#[test]
fn what_an_http_issuer_reads() {
    let with = |from: &str, to: &str| with_http_issuer(&HTTP_ISSUER.replace(from, to)).refused(&[]);
    assert_snapshot!(with("id = \"/id\", secret", "id = \"/token\", secret"), @"countersign.toml:25: providers[1].issuer.create takes one value for id and secret: set account_sid to what people may see, and id_is_secret = true");
    assert_snapshot!(with("secret = \"/token\"", "secret = \"/token\", account_sid = \"/token\""), @"countersign.toml:25: providers[1].issuer.create shows a secret as account_sid: let it name something else, or nothing");
    assert_snapshot!(with("secret = \"/token\"", "secret = \"/token\", expires_at = { at = \"/ends\", form = \"hours\" }"), @r#"countersign.toml:30: providers[1].issuer.create.response.expires_at.form can't be "hours": there are any, seconds, unix, unix_ms"#);
    assert_snapshot!(with("match = \"/comment\"", "match = \"/comment\"\ncontains = \"/comment\""), @"countersign.toml:36: providers[1].issuer.find.contains and match are both set: keep match where it is equal");
    assert_snapshot!(with("match = \"/comment\"", "match = \"/comment\"\nalive = { at = \"/state\" }"), @"countersign.toml:36: providers[1].issuer.find.alive.is is missing: set it to what is there, or set is_not or exists");
    assert_snapshot!(with("match = \"/comment\"", "match = \"/comment\"\nalive = { at = \"/state\", is = 1, exists = true }"), @"countersign.toml:36: providers[1].issuer.find.alive.exists is one condition too many: keep one of is, is_not and exists");
    assert_snapshot!(with("match = \"/comment\"", "match = \"/comment\"\npages = { next = \"/next\", link = true }"), @"countersign.toml:36: providers[1].issuer.find.pages.next has to be there alone, or one of link, number and cursor");
    assert_snapshot!(with("match = \"/comment\"", "match = \"/comment\"\npages = { cursor = \"/next\" }"), @"countersign.toml:36: providers[1].issuer.find.pages.query is missing: set it to the parameter that takes it");
    assert_snapshot!(with("body = '", "form = { a = \"b\" }\nbody = '"), @"countersign.toml:29: providers[1].issuer.create.form and body are both set: keep one of them");
    let disable = "[providers.issuer.disable]\nmethod = \"POST\"\nurl = \"https://registry.example.com/off/{{ upstream_id }}\"\n[providers.issuer.revoke]";
    assert_snapshot!(with("[providers.issuer.revoke]", disable), @"countersign.toml:37: providers[1].issuer.disable can't be seen to have stopped a token: add alive to find or get, or set ids_are_unique = true where no id is given twice");
    let get = "alive = { at = \"/state\", is = 1 }\n[providers.issuer.get]\nmethod = \"GET\"\nurl = \"https://registry.example.com/{{ upstream_id }}\"\nmatch = \"/comment\"\n";
    assert_snapshot!(with("[providers.issuer.revoke]", &format!("{get}{disable}")), @"countersign.toml:42: providers[1].issuer.disable can't be seen to have stopped a token: add alive to get, or set ids_are_unique = true where no id is given twice");
    with_http_issuer(
        &HTTP_ISSUER
            .replace("id = \"/id\", secret", "id = \"/token\", secret")
            .replace("timeout", "id_is_secret = true\ntimeout"),
    )
    .loaded();
}
