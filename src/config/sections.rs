//! Reads the sections that each configuration has once.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use url::Url;

use super::document::Section;
use super::secrets::Base;
use super::settings::*;
use super::values::{
    APPROVALS, as_seen, bytes32, days, duration, format_duration, id, integer, line, listener,
    network, one_of, origin, truth,
};

/// The keys of each section, for messages and for the names of variables.
pub(super) const SECTIONS: &[(&str, &[&str])] = &[
    (
        "discord",
        &["token", "token_file", "application_id", "guild_id", "ingress", "public_key", "proxy"],
    ),
    ("database", &["url", "url_file", "single_role"]),
    ("http", &["listen"]),
    ("verify", &["listen", "headers", "preflight", "introspection_clients", "trusted_proxies"]),
    ("keys", &["file"]),
    (
        "mail",
        &[
            "url",
            "url_file",
            "from",
            "ca_file",
            "hello",
            "time_zone",
            "oauth_token_url",
            "oauth_client_id",
            "oauth_client_secret",
            "oauth_client_secret_file",
            "oauth_refresh_token",
            "oauth_refresh_token_file",
            "oauth_scope",
        ],
    ),
    ("network", &["ca_file"]),
    ("log", &["format"]),
    (
        "policy",
        &[
            "approvals",
            "count_requester",
            "request_ttl",
            "remind_after",
            "delivery_ttl",
            "reveal_visible_for",
            "default_lifetime",
            "max_lifetime",
            "max_open_requests",
            "announcements_per_day",
        ],
    ),
];

const OWNER_URL: &str = "is not taken: the owner's login is for `countersign migrate` alone, and the bot may \
     never have it. Take it away here; `migrate` takes it from COUNTERSIGN_OWNER_URL, from \
     --owner-url-file FILE, or asks for it at the terminal";

/// Keys that people look for here, each with why it is not taken.
const NOT_TAKEN: &[(&str, &str)] = &[
    ("database.owner_url", OWNER_URL),
    ("database.owner_url_file", OWNER_URL),
    (
        "audit",
        "is not taken: nothing posts the head of the audit log to a channel yet, so that a channel \
         for it would promise what is not done. Take it away",
    ),
];

/// Why a key or a section is not taken that is known and has no meaning, for people.
pub(super) fn why_not_taken(path: &str) -> Option<&'static str> {
    NOT_TAKEN.iter().find(|(known, _)| *known == path).map(|(_, why)| *why)
}

/// The keys of one section.
pub(super) fn keys_of(section: &str) -> &'static [&'static str] {
    SECTIONS.iter().find(|(name, _)| *name == section).map_or(&[], |(_, keys)| keys)
}

fn open<'a>(root: &Section<'a>, name: &str) -> Section<'a> {
    root.section(name, keys_of(name))
}

/// `[discord]`.
pub(super) fn discord(root: &Section<'_>, base: Base<'_>) -> Option<DiscordSettings> {
    const INGRESS: &[(&str, bool)] = &[("gateway", false), ("http", true)];
    let section = open(root, "discord");
    let token = base.required_secret(&section, "token", "the bot's token");
    let token = token.filter(|token| check_token(&section, token));
    let application_id = section.required("application_id", "the application's id", id);
    let guild_id = section.required("guild_id", "the id of the server", id);
    let signed = section.or("ingress", false, one_of(INGRESS));
    let public_key = section.optional("public_key", |node| {
        let key = bytes32(node)?;
        let known = serenity::interactions_endpoint::Verifier::try_new(key);
        known.map(|_| key).map_err(|_| "is no Ed25519 key: copy it anew".to_owned())
    });
    if signed && !section.has("public_key") {
        let cure = "with ingress = \"http\", set it to the Public Key on the application's page";
        section.refuse("public_key", format!("is missing: {cure}"));
    }
    let ingress = match (signed, public_key) {
        (false, _) => Some(Ingress::Gateway),
        (true, key) => key.map(|public_key| Ingress::Http { public_key }),
    };
    let proxy = section.optional("proxy", origin);
    Some(DiscordSettings {
        token: token?,
        application_id: application_id?,
        guild_id: guild_id?,
        ingress: ingress?,
        proxy,
    })
}

fn check_token(section: &Section<'_>, token: &SecretString) -> bool {
    let why = why_no_token(token);
    if let Some(why) = why {
        section.refuse("token", why);
    }
    why.is_none()
}

/// Why this can't be a bot's token, after the name of its key.
pub(super) fn why_no_token(token: &SecretString) -> Option<&'static str> {
    // It goes into a header, after the word that people copy along now and then.
    let right = token.expose_secret().bytes().all(|byte| byte.is_ascii_graphic());
    (!right).then_some("takes the bot's token alone, without \"Bot\" before it")
}

/// `[database]`.
pub(super) fn database(root: &Section<'_>, base: Base<'_>) -> Option<DatabaseSettings> {
    let section = open(root, "database");
    let url = base.required_secret(&section, "url", "the URL of a Postgres database");
    let url = url.filter(|url| {
        let why = why_no_database_url(url);
        if let Some(why) = &why {
            section.refuse("url", why);
        }
        why.is_none()
    });
    let single_role = section.or("single_role", false, truth);
    Some(DatabaseSettings { url: url?, single_role })
}

/// What a database's URL has to look like.
const DATABASE_URL: &str = "takes a URL such as \
     \"postgres://USER:PASSWORD@HOST:PORT/DATABASE\", special characters as %XX";

/// Why a URL with several servers is refused: sqlx connects to one, and takes the others for a part of its name.
const ONE_SERVER: &str = "names several servers, and Countersign connects to one: give the name that always leads to \
     the primary, as your provider's endpoint for writing, a virtual address or HAProxy does";

/// Why a URL that chooses among servers is refused.
const ONLY_PRIMARY: &str = "has target_session_attrs after its ?: take it away. Countersign works with one server, and \
     refuses a standby by itself";

/// The parameters of a database's URL that `PgConnectOptions` of sqlx 0.9 reads, beside `options[…]`.
const PARAMETERS: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// The longest name of a parameter that is repeated; what is longer may be something else.
const LONGEST_NAME: usize = 40;

/// Why this is no usable URL of Postgres, after the name of its key. The
/// parser's own error may quote the password, so it is not passed on; and a parameter that it doesn't know
/// it would write into the log with its value, so it never sees one.
pub(crate) fn why_no_database_url(url: &SecretString) -> Option<String> {
    let text = url.expose_secret();
    let is_postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if is_postgres && names_several_servers(text) {
        return Some(ONE_SERVER.to_owned());
    }
    let Some(parsed) = text.parse::<Url>().ok().filter(|_| is_postgres) else {
        return Some(DATABASE_URL.to_owned());
    };
    if parsed.query_pairs().any(|(key, _)| key == "target_session_attrs") {
        return Some(ONLY_PRIMARY.to_owned());
    }
    let is_known = |key: &str| {
        PARAMETERS.contains(&key) || (key.starts_with("options[") && key.ends_with(']'))
    };
    if let Some((key, _)) = parsed.query_pairs().find(|(key, _)| !is_known(key)) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let is_name = key.len() <= LONGEST_NAME && key.chars().all(is_word);
        let named = if is_name { format!(" {key}") } else { String::new() };
        return Some(format!(
            "has a parameter{named} after its ? that is none of {}; where the ? belongs to the password, \
             write it as %3F",
            PARAMETERS.join(", ")
        ));
    }
    text.parse::<PgConnectOptions>().is_err().then(|| DATABASE_URL.to_owned())
}

/// Whether there is a comma where the server is named, before the path or in a parameter.
fn names_several_servers(url: &str) -> bool {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let authority = address.split("://").nth(1).unwrap_or_default().split('/').next();
    let server = authority.and_then(|authority| authority.rsplit('@').next());
    let mut parameters = url::form_urlencoded::parse(query.as_bytes());
    server.is_some_and(|server| server.contains(','))
        || parameters.any(|(key, value)| {
            matches!(&*key, "host" | "hostaddr" | "port") && value.contains(',')
        })
}

/// `[http]`.
pub(super) fn http(root: &Section<'_>) -> HttpSettings {
    let section = open(root, "http");
    HttpSettings {
        listen: section.or("listen", SocketAddr::from(([127, 0, 0, 1], 8080)), listener),
    }
}

/// `[verify]`.
pub(super) fn verify(root: &Section<'_>, http: &HttpSettings) -> Option<VerifySettings> {
    const FAMILIES: &[(&str, HeaderFamily)] = &[
        ("forwarded", HeaderFamily::Forwarded),
        ("original", HeaderFamily::Original),
        ("ingress-nginx", HeaderFamily::IngressNginx),
        ("envoy", HeaderFamily::Envoy),
    ];
    const PREFLIGHT: &[(&str, Preflight)] =
        &[("authorize", Preflight::Authorize), ("pass", Preflight::Pass)];
    let section = root.optional_section("verify", keys_of("verify"))?;
    let listen = section.required("listen", "an address and a port of its own", listener);
    // Port 0 is any free one.
    if listen == Some(http.listen) && http.listen.port() != 0 {
        section.refuse("listen", "is http.listen too: it takes a listener of its own");
    }
    let cure =
        "\"forwarded\", \"original\", \"ingress-nginx\" or \"envoy\", whichever your proxy sends";
    let headers = section.required("headers", cure, one_of(FAMILIES));
    let preflight = section.or("preflight", Preflight::Authorize, one_of(PREFLIGHT));
    let clients: Vec<_> = section
        .sections("introspection_clients", &["name", "bearer_sha256"])
        .iter()
        .map(|client| {
            let name = client.required("name", "a name that tells it from others", line(64));
            let cure = "the SHA-256 of its bearer token, in hexadecimal digits";
            let bearer_sha256 = client.required("bearer_sha256", cure, bytes32);
            Some(IntrospectionClient { name: name?, bearer_sha256: bearer_sha256? })
        })
        .collect();
    let clients: Option<Vec<IntrospectionClient>> = clients.into_iter().collect();
    for (index, client) in clients.iter().flatten().enumerate() {
        let same = |other: &IntrospectionClient| {
            as_seen(&other.name) == as_seen(&client.name)
                || other.bearer_sha256 == client.bearer_sha256
        };
        if clients.iter().flatten().take(index).any(same) {
            let cure = "give each a name and a bearer of its own";
            section.refuse("introspection_clients", format!("has {:?} twice: {cure}", client.name));
        }
    }
    let trusted_proxies = section.list("trusted_proxies", network);
    Some(VerifySettings {
        listen: listen?,
        headers: headers?,
        preflight,
        introspection_clients: clients?,
        trusted_proxies,
    })
}

/// `[keys]`.
pub(super) fn keys(root: &Section<'_>, base: Base<'_>) -> Option<KeysSettings> {
    let section = open(root, "keys");
    let cure = "a file that `countersign keys generate` made";
    Some(KeysSettings { file: section.required("file", cure, |node| base.path(node))? })
}

/// `[log]`.
pub(super) fn log(root: &Section<'_>) -> LogSettings {
    const FORMATS: &[(&str, LogFormat)] = &[("human", LogFormat::Human), ("json", LogFormat::Json)];
    LogSettings { format: open(root, "log").or("format", LogFormat::Human, one_of(FORMATS)) }
}

/// `[policy]`.
pub(super) fn policy(root: &Section<'_>) -> PolicySettings {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let seconds = Duration::from_secs;
    let section = open(root, "policy");
    let within = |key: &str, default: u64, longest: u64| {
        section.or(key, seconds(default), duration(seconds(1)..=seconds(longest)))
    };
    let policy = PolicySettings {
        approvals: section.or("approvals", 2, integer(APPROVALS)),
        count_requester: section.or("count_requester", true, truth),
        request_ttl: within("request_ttl", 72 * HOUR, 365 * DAY),
        remind_after: within("remind_after", 24 * HOUR, 365 * DAY),
        delivery_ttl: within("delivery_ttl", 24 * HOUR, 365 * DAY),
        reveal_visible_for: within("reveal_visible_for", 10 * MINUTE, 14 * MINUTE),
        default_lifetime: section.or("default_lifetime", seconds(90 * DAY), days),
        max_lifetime: section.or("max_lifetime", seconds(365 * DAY), days),
        max_open_requests: section.or("max_open_requests", 5, integer(1..=1_000_000)),
        announcements_per_day: section.or("announcements_per_day", 5, integer(0..=1_000)),
    };
    check_order(
        &section,
        "remind_after",
        policy.remind_after,
        "request_ttl",
        policy.request_ttl,
        false,
    );
    let (default, longest) = (policy.default_lifetime, policy.max_lifetime);
    check_order(&section, "default_lifetime", default, "max_lifetime", longest, true);
    policy
}

/// Records a duration that is longer than another; at the key that is set, if one is the default.
fn check_order(
    section: &Section<'_>,
    shorter: &str,
    short: Duration,
    longer: &str,
    long: Duration,
    may_equal: bool,
) {
    if short < long || (may_equal && short == long) {
        return;
    }
    let (short, long) = (format_duration(short), format_duration(long));
    if section.has(shorter) || !section.has(longer) {
        section.refuse(shorter, format!("is {short}, too long for {longer}, which is {long}"));
    } else {
        section.refuse(longer, format!("is {long}, too short for {shorter}, which is {short}"));
    }
}
