use std::path::PathBuf;

use insta::assert_snapshot;
use secrecy::ExposeSecret as _;
use tempfile::TempDir;

use super::*;

mod example;
mod http_refusals;
mod mail_oauth;
mod refusals;

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

const SECTIONS: &str = r#"
[discord]
token = "t0ken"
application_id = 11
guild_id = "22"
[database]
url = "postgres://bot:s3cret@localhost/countersign"
[keys]
file = "keys"
[mail]
url = "file:///var/mail"
from = "Countersign <tokens@example.com>"
"#;

const PROVIDER: &str = r#"
[[providers]]
id = "orchard"
name = "Orchard"
catalogue = "catalogue.toml"
approval_channel = "44"
admin_roles = ["55"]
[providers.issuer]
kind = "builtin"
"#;

/// A directory with a configuration and what it names.
struct Files(TempDir);

impl Files {
    fn new(config: &str) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        files.add("countersign.toml", config).add("catalogue.toml", CATALOGUE)
    }

    fn add(self, name: &str, content: &str) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn load(&self, variables: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
        let owned = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        Config::load_with(&self.path("countersign.toml"), owned)
    }

    fn loaded(&self) -> Config {
        self.load(&[]).unwrap_or_else(|errors| panic!("{errors}"))
    }

    /// What people see, but for the directory.
    fn refused(&self, variables: &[(&str, &str)]) -> String {
        let errors = self.load(variables).expect_err("it was taken").to_string();
        errors.replace(&format!("{}/", self.0.path().display()), "")
    }
}

fn sound() -> Files {
    Files::new(&format!("{SECTIONS}{PROVIDER}"))
}

#[test]
fn defaults() {
    let config = sound().loaded();
    assert_eq!(config.discord.ingress, Ingress::Gateway);
    assert_eq!(config.discord.application_id.get(), 11);
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.log.format, LogFormat::Human);
    assert!(config.verify.is_none() && !config.database.single_role);
    assert_snapshot!(format!("{:?}", config.policy), @"PolicySettings { approvals: 2, count_requester: true, request_ttl: 259200s, remind_after: 86400s, delivery_ttl: 86400s, reveal_visible_for: 600s, default_lifetime: 7776000s, max_lifetime: 31536000s, max_open_requests: 5, announcements_per_day: 5 }");
    assert_eq!(config.policy.lifetimes_in_days(), [30, 90, 180, 365]);
    let provider = config.provider(&"orchard".parse().unwrap()).unwrap();
    assert_eq!((provider.approvals, provider.issuer.kind()), (2, "builtin"));
    assert_eq!(provider.locale.tag(), "en-US");
}

#[test]
fn lifetimes_are_within_the_policy() {
    for (default, longest, days) in [
        ("7d", "7d", &[7][..]),
        ("45d", "100d", &[30, 45, 90]),
        ("365d", "400d", &[30, 90, 180, 365]),
    ] {
        let variables = [
            ("COUNTERSIGN_POLICY__DEFAULT_LIFETIME", default),
            ("COUNTERSIGN_POLICY__MAX_LIFETIME", longest),
        ];
        assert_eq!(sound().load(&variables).unwrap().policy.lifetimes_in_days(), days);
    }
}

#[test]
fn the_environment_wins() {
    let variables = [
        ("COUNTERSIGN_DISCORD__TOKEN", "0123456789"),
        ("COUNTERSIGN_DISCORD__GUILD_ID", "77"),
        ("COUNTERSIGN_POLICY__APPROVALS", "3"),
        ("COUNTERSIGN_POLICY__COUNT_REQUESTER", "false"),
        ("COUNTERSIGN_HTTP__LISTEN", "127.0.0.1:0"),
        ("COUNTERSIGN_PORT", "tcp://10.0.0.1:80"),
        ("PATH", "/bin"),
    ];
    let config = sound().load(&variables).unwrap();
    assert_eq!(config.discord.token.expose_secret(), "0123456789");
    assert_eq!(config.discord.guild_id.get(), 77);
    assert!(!config.policy.count_requester);
    assert_eq!((config.policy.approvals, config.providers[0].approvals), (3, 3));
    assert_eq!(config.http.listen.port(), 0);
}

#[test]
fn secrets_can_be_read_from_files() {
    let token_file = SECTIONS.replace("token = \"t0ken\"", "token_file = \"secrets/token\"");
    let files = Files::new(&format!("{token_file}{PROVIDER}"))
        .add("secrets/token", "from-file\n")
        .add("secrets/other", "other\r\n");
    assert_eq!(files.loaded().discord.token.expose_secret(), "from-file");
    for (variable, value, token) in [
        ("COUNTERSIGN_DISCORD__TOKEN", "direct", "direct"),
        ("COUNTERSIGN_DISCORD__TOKEN_FILE", "secrets/other", "other"),
    ] {
        let config = files.load(&[(variable, value)]).unwrap();
        assert_eq!(config.discord.token.expose_secret(), token);
    }
    let config = sound().0;
    std::fs::write(config.path().join("t"), "from-file").unwrap();
    let variables = [("COUNTERSIGN_DISCORD__TOKEN_FILE", "t")];
    assert_eq!(Files(config).load(&variables).unwrap().discord.token.expose_secret(), "from-file");
}

#[test]
fn ingress_by_signed_posts() {
    let key = "67c6bd767ca099e79efac9fcce4d2022a63bf7dea780e7f3d813f694c1597089";
    let variables =
        [("COUNTERSIGN_DISCORD__INGRESS", "http"), ("COUNTERSIGN_DISCORD__PUBLIC_KEY", key)];
    let Ingress::Http { public_key } = sound().load(&variables).unwrap().discord.ingress else {
        panic!("not http");
    };
    assert_eq!(hex::encode(public_key), key);
}

#[test]
fn a_whole_verify() {
    let verify = format!(
        r#"
[verify]
listen = "[::1]:8081"
headers = "original"
introspection_clients = [{{ name = "gateway", bearer_sha256 = "{}" }}]
trusted_proxies = ["127.0.0.1/32", "fd00::/8"]
"#,
        "ab".repeat(32)
    );
    let config = Files::new(&format!("{SECTIONS}{verify}{PROVIDER}")).loaded();
    let verify = config.verify.unwrap();
    assert_eq!(verify.headers, HeaderFamily::Original);
    assert_eq!(verify.preflight, Preflight::Authorize);
    assert_eq!(verify.introspection_clients[0].bearer_sha256, [0xab; 32]);
    assert_eq!(verify.trusted_proxies.len(), 2);
    for (word, family) in [
        ("forwarded", HeaderFamily::Forwarded),
        ("original", HeaderFamily::Original),
        ("ingress-nginx", HeaderFamily::IngressNginx),
        ("envoy", HeaderFamily::Envoy),
    ] {
        let verify = format!(
            "[verify]\nlisten = \"[::1]:8081\"\nheaders = \"{word}\"\npreflight = \"pass\"\n"
        );
        let config = Files::new(&format!("{SECTIONS}{verify}{PROVIDER}")).loaded();
        let verify = config.verify.unwrap();
        assert_eq!((verify.headers, verify.preflight), (family, Preflight::Pass));
    }
}

/// Every secret that a configuration can hold.
pub(super) const HTTP_ISSUER: &str = r#"
kind = "http"
timeout = "5s"
secrets = { KEY_file = "secret-key", OTHER = "s3cret-other" }
[providers.issuer.create]
method = "POST"
url = "https://registry.example.com/api/v2/tokens"
headers = { Authorization = "Bearer s3cret-header" }
body = '{"comment": {{ marker }}, "rights": {{ scopes }}}'
response = { id = "/id", secret = "/token" }
[providers.issuer.find]
method = "GET"
url = "https://registry.example.com/api/v2/tokens"
items = "/tokens"
match = "/comment"
response = { id = "/id" }
[providers.issuer.revoke]
method = "DELETE"
url = "https://registry.example.com/api/v2/tokens/{{ upstream_id }}?key=s3cret-url"
"#;

fn with_http_issuer(issuer: &str) -> Files {
    let provider = PROVIDER.replace("kind = \"builtin\"\n", issuer);
    Files::new(&format!("{SECTIONS}{provider}")).add("secret-key", "s3cret-file\n")
}

#[test]
fn an_http_issuer() {
    let config = with_http_issuer(HTTP_ISSUER).loaded();
    let IssuerSettings::Http(issuer) = &config.providers[0].issuer else { panic!("not http") };
    assert_eq!(issuer.timeout.as_secs(), 5);
    assert_eq!(issuer.settle.as_secs(), 30);
    let secrets: Vec<&str> = issuer.outside.values().map(|value| value.expose_secret()).collect();
    assert_eq!(secrets, ["s3cret-file", "s3cret-other"]);
    assert!(issuer.create.headers.contains_key("authorization"));
    let at = |pointer: &str| Source::Body(JsonPointer(pointer.to_owned()));
    assert_eq!(issuer.create.response.secret, [at("/token")]);
    assert_eq!(issuer.find.as_ref().unwrap().recognise.at.as_str(), "/comment");
    assert!(issuer.revoke.is_some() && issuer.reset.is_none());
}

#[test]
fn nothing_shows_a_secret() {
    let mail = SECTIONS.replace("file:///var/mail", "smtps://bot:s3cret-mail@mail.example.com");
    let provider = PROVIDER.replace("kind = \"builtin\"\n", HTTP_ISSUER);
    let files = Files::new(&format!("{mail}{provider}")).add("secret-key", "s3cret-file");
    let config = files.load(&[("COUNTERSIGN_DISCORD__TOKEN", "s3cret-token")]).unwrap();
    let shown = format!("{config:?} {config:#?}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[test]
fn times_in_mails_are_of_a_zone_that_exists() {
    let with = |zone: &str| {
        let mail = format!("[mail]\ntime_zone = {zone:?}\n");
        Files::new(&format!("{}{PROVIDER}", SECTIONS.replace("[mail]\n", &mail)))
    };
    assert_eq!(with("Asia/Tokyo").loaded().mail.time_zone, chrono_tz::Tz::Asia__Tokyo);
    assert_eq!(with("UTC").loaded().mail.time_zone, chrono_tz::Tz::UTC);
    let plain = Files::new(&format!("{SECTIONS}{PROVIDER}"));
    assert_eq!(plain.loaded().mail.time_zone, chrono_tz::Tz::UTC);
    let refused = |zone: &str| with(zone).load(&[]).unwrap_err().to_string();
    let tokio = refused("Asia/Tokio");
    assert!(tokio.contains("mail.time_zone") && tokio.contains("Asia/Tokyo"), "{tokio}");
    assert!(refused("Wherever it is late").contains("List_of_tz_database"));
}

#[test]
fn the_name_that_a_mail_server_gets_is_one_that_it_can_look_up() {
    let with = |url: &str, hello: &str| {
        let mail = SECTIONS.replace("file:///var/mail", url);
        let mail = mail.replace("[mail]\n", &format!("[mail]\nhello = {hello:?}\n"));
        Files::new(&format!("{mail}{PROVIDER}"))
    };
    let read = |hello| match with("smtp://mail.example.com", hello).loaded().mail.transport {
        MailTransport::Smtp { hello, .. } => hello.unwrap(),
        directory => panic!("{directory:?}"),
    };
    assert_eq!(read("bot.example.com"), HelloName::Name("bot.example.com".to_owned()));
    for (written, address) in [("[192.0.2.1]", "192.0.2.1"), ("[IPv6:2001:db8::1]", "2001:db8::1")]
    {
        assert_eq!(read(written), HelloName::Address(address.parse().unwrap()));
    }
    let refused = |url: &str, hello: &str| with(url, hello).load(&[]).unwrap_err().to_string();
    for hello in ["", "3f2a91c07d11", "my_bot.example.com", "192.0.2.1", "[bot]", "a b.c", "x..y"] {
        let said = refused("smtp://mail.example.com", hello);
        assert!(said.contains("mail.hello takes a full name or an address"), "{hello}: {said}");
    }
    assert!(refused("smtp://mail.example.com/other.example.com", "a.example.com").contains("path"));
    assert!(refused("file:///var/mail", "a.example.com").contains("has no use"));
}
