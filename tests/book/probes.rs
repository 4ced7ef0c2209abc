//! Asks the program for the keys of its configuration: a key that doesn't exist is refused with those that do.

use std::collections::BTreeSet;
use std::path::PathBuf;

use countersign::config::Config;
use countersign::network::Network;
use tempfile::TempDir;
use toml::{Table, Value};

/// So long that no key is near it.
const NO_KEY: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";

const SECTIONS: &str = r#"
[discord]
token = "t0ken"
application_id = "11"
guild_id = "22"
[database]
url = "postgres://bot:s3cret@localhost/countersign"
[keys]
file = "secrets/keys"
[mail]
url = "file:///var/mail"
from = "Countersign <tokens@example.com>"
[[providers]]
id = "orchard"
name = "Orchard"
catalogue = "catalogue.toml"
approval_channel = "44"
admin_roles = ["55"]
"#;

const VERIFY: &str = r#"
[verify]
listen = "127.0.0.1:8081"
headers = "forwarded"
introspection_clients = [{ name = "one", bearer_sha256 = "abababababababababababababababababababababababababababababababab" }]
"#;

const HTTP: &str = r#"
kind = "http"
secrets = { KEY = "s3cret" }
[create]
method = "POST"
url = "https://api.example.com/tokens"
headers = { authorization = "Bearer {{ secret.KEY }}" }
body = '{"comment": {{ marker }}, "rights": {{ scopes }}}'
response = { id = "/id", secret = "/secret" }
[find]
method = "GET"
url = "https://api.example.com/tokens"
items = "/tokens"
match = "/comment"
response = { id = "/id" }
[revoke]
method = "DELETE"
url = "https://api.example.com/tokens/{{ upstream_id }}"
"#;

const CATALOGUE: &str = r#"
[[versions]]
version = 1
[[versions.categories]]
id = "jobs"
name = "Jobs"
[[versions.categories.scopes]]
id = "listJobs"
method = "GET"
path = "/Jobs"
"#;

/// A folder with everything that a configuration may name.
pub struct Ground(TempDir);

impl Ground {
    pub fn new() -> Self {
        let ground = Self(tempfile::tempdir().unwrap());
        let authorities = String::from_utf8(Network::default().certificates_in_pem(b"")).unwrap();
        for (name, text) in [
            ("catalogue.toml", CATALOGUE),
            ("secrets/token", "from-a-file\n"),
            ("secrets/database", "postgres://bot@localhost/other\n"),
            ("secrets/mail", "smtps://u:p@mail.example.com\n"),
            ("mail-ca.pem", "-----BEGIN CERTIFICATE-----\n"),
            ("key.pem", "-----BEGIN PRIVATE KEY-----\n"),
            ("company-ca.pem", &authorities),
            ("steps/orchard.en-US.md", "{{ name }}"),
            ("steps/orchard.ja.md", "{{ name }}"),
        ] {
            let path = ground.path(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        ground
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What a configuration is read as, or what people are told.
    pub fn load(&self, config: &Table, variables: &[(String, String)]) -> Result<String, String> {
        let file = self.path("countersign.toml");
        std::fs::write(&file, toml::to_string(config).unwrap()).unwrap();
        let loaded = Config::load_with(&file, variables.to_vec());
        loaded.map(|config| format!("{config:?}")).map_err(|errors| errors.to_string())
    }

    /// The keys that a table of the configuration may have.
    pub fn keys_of(&self, path: &str, kind: Option<&str>) -> BTreeSet<String> {
        let mut config = sound(path, kind);
        table(&mut config, path).insert(NO_KEY.to_owned(), Value::Integer(1));
        let said = self.load(&config, &[]).expect_err("it has no such key");
        let line = said.lines().find(|line| line.contains(NO_KEY)).expect("it names the key");
        let known = line.split_once("there are ").or(line.split_once("there is ")).expect(line).1;
        known.trim_end_matches(" alone").split(", ").map(str::to_owned).collect()
    }
}

/// A sound configuration that has everything which a table of this path needs.
pub fn sound(path: &str, kind: Option<&str>) -> Table {
    let mut text = SECTIONS.to_owned();
    if path.starts_with("verify") {
        text.push_str(VERIFY);
    }
    let mut config: Table = text.parse().unwrap();
    let is_upstream = path.starts_with("providers.issuer.") || kind == Some("http");
    let issuer: Table = match (is_upstream, kind) {
        (true, _) => HTTP.parse().unwrap(),
        (_, Some("manual")) => "kind = \"manual\"\nsteps = \"steps/orchard\"".parse().unwrap(),
        _ => "kind = \"builtin\"".parse().unwrap(),
    };
    table(&mut config, "providers").insert("issuer".to_owned(), Value::Table(issuer));
    config
}

/// The table of a path such as `providers.issuer.create`; in a list, the first. What is missing is added.
pub fn table<'a>(config: &'a mut Table, path: &str) -> &'a mut Table {
    let mut table = config;
    for name in path.split('.') {
        let entry = table.entry(name).or_insert_with(|| Value::Table(Table::new()));
        if !matches!(entry, Value::Table(_) | Value::Array(_)) {
            *entry = Value::Table(Table::new());
        }
        table = match entry {
            Value::Array(items) => items[0].as_table_mut().unwrap(),
            Value::Table(inner) => inner,
            _ => unreachable!("it was replaced"),
        };
    }
    table
}

/// A value as the book writes it.
pub fn value(written: &str) -> Value {
    let table: Table = format!("value = {written}").parse().unwrap();
    table["value"].clone()
}
