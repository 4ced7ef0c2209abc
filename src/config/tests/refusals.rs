//! What people read when something is wrong.

use super::*;

fn with(sections: &str) -> Files {
    Files::new(&format!("{sections}{PROVIDER}"))
}

fn with_provider(provider: &str) -> Files {
    Files::new(&format!("{SECTIONS}{provider}"))
}

#[test]
fn no_file() {
    let error = Config::load_with(Path::new("/nowhere/countersign.toml"), []).unwrap_err();
    assert_snapshot!(error, @"/nowhere/countersign.toml: the configuration can't be read: there is no such file");
}

#[test]
fn no_toml() {
    assert_snapshot!(with("[discord]\ntoken = t\n[database\n").refused(&[]), @r#"
    countersign.toml:2: this isn't TOML: invalid boolean, expected `true`
    countersign.toml:3: this isn't TOML: unclosed table, expected `]`
    "#);
}

#[test]
fn an_empty_file() {
    assert_snapshot!(Files::new("").refused(&[]), @r#"
    countersign.toml: database.url is missing: set it to the URL of a Postgres database, or url_file to a file that holds it
    countersign.toml: discord.application_id is missing: set it to the application's id
    countersign.toml: discord.guild_id is missing: set it to the id of the server
    countersign.toml: discord.token is missing: set it to the bot's token, or token_file to a file that holds it
    countersign.toml: keys.file is missing: set it to a file that `countersign keys generate` made
    countersign.toml: mail.from is missing: set it to "NAME <ADDRESS>"
    countersign.toml: mail.url is missing: set it to "smtps://USER:PASSWORD@HOST" or "file:///DIRECTORY", or url_file to a file that holds it
    countersign.toml: providers is empty: there has to be at least one [[providers]]; `countersign init` writes it, or append a file of providers/
    "#);
}

#[test]
fn unknown_names() {
    let text =
        SECTIONS.replace("guild_id", "guild") + "[polcy]\napprovals = 2\n[policy]\nttl = \"1h\"\n";
    assert_snapshot!(with(&text).refused(&[]), @"
    countersign.toml:2: discord.guild_id is missing: set it to the id of the server
    countersign.toml:5: discord.guild is no key: did you mean guild_id?
    countersign.toml:13: polcy is no key: did you mean policy?
    countersign.toml:16: policy.ttl is no key: there are approvals, count_requester, request_ttl, remind_after, delivery_ttl, reveal_visible_for, default_lifetime, max_lifetime, max_open_requests, announcements_per_day
    ");
}

#[test]
fn discord() {
    let text = SECTIONS.replace("\"t0ken\"", "\"Bot s3cret\"").replace("11", "\"eleven\"").replace(
        "\"22\"",
        "0\ningress = \"webhook\"\nproxy = \"http://u:s3cret@localhost/api\"\npublic_key = \"abc\"",
    );
    assert_snapshot!(with(&text).refused(&[]), @r#"
    countersign.toml:3: discord.token takes the bot's token alone, without "Bot" before it
    countersign.toml:4: discord.application_id takes an id of Discord's, a number, not "eleven": turn on Discord's developer mode and take Copy ID from the context menu
    countersign.toml:5: discord.guild_id takes an id of Discord's, a number, not "0": turn on Discord's developer mode and take Copy ID from the context menu
    countersign.toml:6: discord.ingress can't be "webhook": there are gateway, http
    countersign.toml:7: discord.proxy takes a URL of scheme, host and port alone, such as "http://127.0.0.1:3000"
    countersign.toml:8: discord.public_key takes 64 hexadecimal digits
    "#);
    let text =
        SECTIONS.replace("token = \"t0ken\"", "ingress = \"http\"\ntoken_file = \"nowhere\"");
    assert_snapshot!(with(&text).refused(&[]), @r#"
    countersign.toml:2: discord.public_key is missing: with ingress = "http", set it to the Public Key on the application's page
    countersign.toml:4: discord.token_file can't be read from nowhere: there is no such file; relative paths start where the configuration is
    "#);
    let text = SECTIONS.replace("token = ", "token_file = \"keys\"\ntoken = ");
    assert_snapshot!(with(&text).refused(&[]), @"countersign.toml:4: discord.token and token_file are both set: keep one of them");
    let none = format!("public_key = \"02{}\"\ntoken = ", "0".repeat(62));
    assert_snapshot!(with(&SECTIONS.replace("token = ", &none)).refused(&[]), @"countersign.toml:3: discord.public_key is no Ed25519 key: copy it anew");
}

#[test]
fn database() {
    for url in ["mysql://bot:s3cret@localhost/a", "postgres://bot:s3cret@:port/a", "s3cret"] {
        let text = SECTIONS.replace("postgres://bot:s3cret@localhost/countersign", url);
        let refused = with(&text).refused(&[]);
        assert!(refused.starts_with("countersign.toml:7: database.url takes a URL"), "{refused}");
        assert!(!refused.contains("s3cret"), "{refused}");
    }
    for url in [
        "postgres://bot:s3cret@one:5432,two:5432/a",
        "postgres://bot:s3cret@/a?host=one,two",
        "postgresql://bot:s3c,ret@one,two/a?target_session_attrs=primary",
    ] {
        let text = SECTIONS.replace("postgres://bot:s3cret@localhost/countersign", url);
        let refused = with(&text).refused(&[]);
        assert!(
            refused.starts_with("countersign.toml:7: database.url names several servers"),
            "{refused}"
        );
        assert!(!refused.contains("s3c"), "{refused}");
    }
    let comma = SECTIONS.replace("s3cret@localhost", "s3c,ret@localhost");
    with(&comma).load(&[]).unwrap();
    // Only the name of the unknown parameter is shown.
    for (query, told) in [
        ("passwort=s3cret", "has a parameter passwort after its ?"),
        ("sslmode=disable&passwort=s3cret", "has a parameter passwort after its ?"),
        ("s3cret@host", "has a parameter after its ?"),
        ("target_session_attrs=read-write", "has target_session_attrs after its ?: take it away"),
        ("options[search_path", "has a parameter after its ?"),
        ("sslmode=s3cret", "takes a URL"),
        ("port=s3cret", "takes a URL"),
    ] {
        let text = SECTIONS.replace("/countersign\"", &format!("/countersign?{query}\""));
        let refused = with(&text).refused(&[]);
        assert!(refused.contains(told) && !refused.contains("s3cret"), "{query}: {refused}");
    }
}

/// The owner's login has no place in what the bot reads, whatever it is called.
#[test]
fn the_owners_login() {
    let url = "url = \"postgres://owner:s3cret@localhost/countersign\"\n";
    let keys = format!("owner_{url}owner_url_file = \"nowhere\"\n[keys]");
    let refused = with(&SECTIONS.replace("[keys]", &keys)).refused(&[]);
    assert_snapshot!(refused, @"
    countersign.toml:8: database.owner_url is not taken: the owner's login is for `countersign migrate` alone, and the bot may never have it. Take it away here; `migrate` takes it from COUNTERSIGN_OWNER_URL, from --owner-url-file FILE, or asks for it at the terminal
    countersign.toml:9: database.owner_url_file is not taken: the owner's login is for `countersign migrate` alone, and the bot may never have it. Take it away here; `migrate` takes it from COUNTERSIGN_OWNER_URL, from --owner-url-file FILE, or asks for it at the terminal
    ");
    let variables = [
        ("COUNTERSIGN_DATABASE__OWNER_URL", "s3cret"),
        ("COUNTERSIGN_DATABASE_OWNER_URL", "s3cret"),
        ("COUNTERSIGN_OWNER_URL_FILE", "s3cret"),
    ];
    assert_snapshot!(sound().refused(&variables), @"
    COUNTERSIGN_DATABASE_OWNER_URL: sets nothing: `countersign migrate` takes COUNTERSIGN_OWNER_URL or --owner-url-file FILE
    COUNTERSIGN_DATABASE__OWNER_URL: database.owner_url is not taken: the owner's login is for `countersign migrate` alone, and the bot may never have it. Take it away here; `migrate` takes it from COUNTERSIGN_OWNER_URL, from --owner-url-file FILE, or asks for it at the terminal
    COUNTERSIGN_OWNER_URL_FILE: sets nothing: `countersign migrate` takes COUNTERSIGN_OWNER_URL or --owner-url-file FILE
    ");
    // The configuration does not decide whether a subcommand may have this one.
    sound().load(&[("COUNTERSIGN_OWNER_URL", "postgres://owner:s3cret@localhost/a")]).unwrap();
}

/// Nothing posts the log's head yet.
#[test]
fn a_channel_for_the_audit_log() {
    let text = format!("{SECTIONS}[audit]\nchannel = \"33\"\n");
    assert_snapshot!(with(&text).refused(&[]), @"countersign.toml:13: audit is not taken: nothing posts the head of the audit log to a channel yet, so that a channel for it would promise what is not done. Take it away");
    let variables = [("COUNTERSIGN_AUDIT__CHANNEL", "33")];
    assert_snapshot!(sound().refused(&variables), @"COUNTERSIGN_AUDIT__CHANNEL: audit is not taken: nothing posts the head of the audit log to a channel yet, so that a channel for it would promise what is not done. Take it away");
}

#[test]
fn mail() {
    let refused = |url: &str| with(&SECTIONS.replace("file:///var/mail", url)).refused(&[]);
    assert_snapshot!(refused("smtp://bot:s3cret@mail.example.com"), @r#"countersign.toml:11: mail.url would send the password unencrypted, or let somebody make it: write "smtps://", or end the URL with "?tls=required""#);
    assert_snapshot!(refused("smtp://bot:s3cret@mail.example.com?tls=opportunistic"), @r#"countersign.toml:11: mail.url would send the password unencrypted, or let somebody make it: write "smtps://", or end the URL with "?tls=required""#);
    assert_snapshot!(refused("smtps://bot@mail.example.com"), @"countersign.toml:11: mail.url has a user and no password: write USER:PASSWORD before the @, or set oauth_token_url to log in with an access token");
    assert_snapshot!(refused("smtps://bot:s3cret@mail.example.com?timeout=1"), @r#"countersign.toml:11: mail.url has more than "tls" after its "?", which would be ignored"#);
    assert_snapshot!(refused("imap://bot:s3cret@mail.example.com"), @r#"countersign.toml:11: mail.url takes "smtps://USER:PASSWORD@HOST", "smtp://USER:PASSWORD@HOST?tls=required" or "file:///DIRECTORY", with special characters as %XX"#);
    for url in ["smtps://bot:s3cret/x@mail.example.com", "file://host/dir", "s3cret", "smtps://"] {
        let refused = refused(url);
        assert!(refused.contains("mail.url takes"), "{url}: {refused}");
        assert!(!refused.contains("s3cret"), "{refused}");
    }
    for url in ["smtps://b:s@h", "smtp://b:s@h?tls=required", "smtp://localhost:25", "file:///a"] {
        with(&SECTIONS.replace("file:///var/mail", url)).loaded();
    }
    let text = SECTIONS.replace(
        "from = \"Countersign <tokens@example.com>\"",
        "from = \"tokens\"\nca_file = \"catalogue.toml\"",
    );
    assert_snapshot!(with(&text).refused(&[]), @r#"
    countersign.toml:12: mail.from takes an address such as "Countersign <tokens@example.com>", not "tokens"
    countersign.toml:13: mail.ca_file takes a PEM file, and "catalogue.toml" holds no certificate
    "#);
    let text = SECTIONS.replace("from =", "ca_file = \"ca.pem\"\nfrom =");
    let files = with(&text).add("ca.pem", "-----BEGIN CERTIFICATE-----");
    assert_snapshot!(files.refused(&[]), @"countersign.toml:12: mail.ca_file has no use where mails go into a directory: take it away");
}

#[test]
fn policy() {
    let policy = r#"
[policy]
approvals = 1
count_requester = "yes"
request_ttl = 72
remind_after = "soon"
delivery_ttl = "0s"
reveal_visible_for = "15m"
default_lifetime = "1y"
max_lifetime = "5000d"
max_open_requests = 0
announcements_per_day = -1
"#;
    assert_snapshot!(with(&format!("{SECTIONS}{policy}")).refused(&[]), @r#"
    countersign.toml:15: policy.approvals takes 2 to 20, not 1
    countersign.toml:16: policy.count_requester takes true or false, without quotes, not "yes"
    countersign.toml:17: policy.request_ttl takes a number with its unit, such as "10m", "72h" or "90d", in quotes, not a whole number
    countersign.toml:18: policy.remind_after takes a number with its unit, such as "10m", "72h" or "90d", not "soon"
    countersign.toml:19: policy.delivery_ttl takes 1s to 365d, not "0s"
    countersign.toml:20: policy.reveal_visible_for takes 1s to 14m, not "15m"
    countersign.toml:21: policy.default_lifetime takes whole days, such as "90d", not "1y"
    countersign.toml:22: policy.max_lifetime takes 1d to 3650d, not "5000d"
    countersign.toml:23: policy.max_open_requests takes 1 to 1000000, not 0
    countersign.toml:24: policy.announcements_per_day takes 0 to 1000, not -1
    "#);
    let refused = |policy: &str| with(&format!("{SECTIONS}[policy]\n{policy}")).refused(&[]);
    assert_snapshot!(refused("remind_after = \"72h\""), @"countersign.toml:14: policy.remind_after is 3d, too long for request_ttl, which is 3d");
    assert_snapshot!(refused("request_ttl = \"12h\""), @"countersign.toml:14: policy.request_ttl is 12h, too short for remind_after, which is 1d");
    assert_snapshot!(refused("max_lifetime = \"30d\""), @"countersign.toml:14: policy.max_lifetime is 30d, too short for default_lifetime, which is 90d");
    assert_snapshot!(refused("approvals = 2.5"), @"countersign.toml:14: policy.approvals takes a whole number without quotes, not a fraction");
}

#[test]
fn verify() {
    let verify = r#"
[verify]
listen = "localhost:8081"
headers = "forward"
preflight = true
introspection_clients = [{ name = "gateway" }, { name = "", bearer_sha256 = "ab" }]
trusted_proxies = ["127.0.0.1", 7]
"#;
    assert_snapshot!(with(&format!("{SECTIONS}{verify}")).refused(&[]), @r#"
    countersign.toml:15: verify.listen takes an address and a port, such as "127.0.0.1:8080", not "localhost:8081"
    countersign.toml:16: verify.headers can't be "forward": did you mean forwarded?
    countersign.toml:17: verify.preflight takes text, in quotes, not true or false
    countersign.toml:18: verify.introspection_clients[1].bearer_sha256 is missing: set it to the SHA-256 of its bearer token, in hexadecimal digits
    countersign.toml:18: verify.introspection_clients[2].bearer_sha256 takes 64 hexadecimal digits
    countersign.toml:18: verify.introspection_clients[2].name is empty
    countersign.toml:19: verify.trusted_proxies[1] takes a network such as "127.0.0.1/32" or "fd00::/8", not "127.0.0.1"
    countersign.toml:19: verify.trusted_proxies[2] takes text, in quotes, not a whole number
    "#);
    let client = format!("{{ name = \"a\", bearer_sha256 = \"{}\" }}", "ab".repeat(32));
    let verify = format!(
        "[verify]\nlisten = \"127.0.0.1:8080\"\nheaders = \"original\"\nintrospection_clients = [{client}, {client}]\n"
    );
    assert_snapshot!(with(&format!("{SECTIONS}{verify}")).refused(&[]), @r#"
    countersign.toml:14: verify.listen is http.listen too: it takes a listener of its own
    countersign.toml:16: verify.introspection_clients has "a" twice: give each a name and a bearer of its own
    "#);
}

#[test]
fn the_rest() {
    let rest = "[http]\nlisten = 8080\n[log]\nformat = \"jsn\"\n";
    let text = SECTIONS.replace("file = \"keys\"", "") + rest;
    assert_snapshot!(with(&text).refused(&[]), @r#"
    countersign.toml:8: keys.file is missing: set it to a file that `countersign keys generate` made
    countersign.toml:14: http.listen takes text, in quotes, not a whole number
    countersign.toml:16: log.format can't be "jsn": did you mean json?
    "#);
    assert_snapshot!(Files::new(&format!("log = 1\n{SECTIONS}{PROVIDER}")).refused(&[]), @"countersign.toml:1: log takes a table, not a whole number");
}

#[test]
fn the_environment() {
    let variables = [
        ("COUNTERSIGN_DISCORD_TOKEN", "s3cret"),
        ("COUNTERSIGN_DISCORD__GILD_ID", "22"),
        ("COUNTERSIGN_POLICE__APPROVALS", "2"),
        ("COUNTERSIGN_POLICY__APPROVALS", "many"),
        ("COUNTERSIGN_PROVIDERS__ID", "a"),
        ("COUNTERSIGN_VERIFY__TRUSTED_PROXIES", "127.0.0.1/32"),
    ];
    assert_snapshot!(sound().refused(&variables), @r#"
    COUNTERSIGN_DISCORD_TOKEN: sets nothing: did you mean COUNTERSIGN_DISCORD__TOKEN?
    COUNTERSIGN_DISCORD__GILD_ID: discord.gild_id is no key: did you mean guild_id?
    COUNTERSIGN_POLICE__APPROVALS: sets nothing, police is no section: did you mean policy?
    COUNTERSIGN_POLICY__APPROVALS: policy.approvals takes a whole number without quotes, not "many"
    COUNTERSIGN_PROVIDERS__ID: sets nothing: providers are a list, change them in the file
    COUNTERSIGN_VERIFY__TRUSTED_PROXIES: verify.headers is missing: set it to "forwarded", "original", "ingress-nginx" or "envoy", whichever your proxy sends
    COUNTERSIGN_VERIFY__TRUSTED_PROXIES: verify.listen is missing: set it to an address and a port of its own
    COUNTERSIGN_VERIFY__TRUSTED_PROXIES: verify.trusted_proxies takes a list: set it in the file, a variable can't hold one
    "#);
}

#[test]
fn providers() {
    assert_snapshot!(Files::new(SECTIONS).refused(&[]), @"countersign.toml: providers is empty: there has to be at least one [[providers]]; `countersign init` writes it, or append a file of providers/");
    assert_snapshot!(with_provider(&format!("{PROVIDER}{PROVIDER}")).refused(&[]), @r#"
    countersign.toml:24: providers[2].id is "orchard", which reads like the id of providers[1]: rename one, since cards show nothing else
    countersign.toml:25: providers[2].name is "Orchard", which reads like the id of providers[1]: rename one, since cards show nothing else
    "#);
    let other = PROVIDER.replace("id = \"orchard\"", "id = \"other\"");
    for name in ["orchard", "ORCHARD", "Ｏｒｃｈａｒｄ", "Or\u{200B}chard", " Orch ard"] {
        let other = other.replace("name = \"Orchard\"", &format!("name = \"{name}\""));
        let refused = with_provider(&format!("{PROVIDER}{other}")).refused(&[]);
        assert!(refused.contains("which reads like the"), "{name}: {refused}");
    }
    assert_snapshot!(with_provider(&format!("{PROVIDER}{other}")).refused(&[]), @r#"countersign.toml:25: providers[2].name is "Orchard", which reads like the id of providers[1]: rename one, since cards show nothing else"#);
    let crossed = other.replace("name = \"Orchard\"", "name = \"Orch-ard\"");
    with_provider(&format!("{PROVIDER}{crossed}")).loaded();
    let provider = r#"
[[providers]]
id = "Orchard"
name = ""
locale = "fr"
catalogue = "nowhere.toml"
approval_channel = "general"
admin_roles = []
requester_roles = ["66", "everyone"]
approvals = 1
colour = "red"
"#;
    assert_snapshot!(with_provider(provider).refused(&[]), @r#"
    countersign.toml:14: providers[1].issuer.kind is missing: set it to "builtin", "manual" or "http"
    countersign.toml:15: providers[1].id can't be "Orchard": it takes 1 to 32 of a-z, 0-9 and -
    countersign.toml:16: providers[1].name is empty
    countersign.toml:17: providers[1].locale can't be "fr": there are en-US, ja
    countersign.toml:18: providers[1].catalogue can't be read from nowhere.toml: there is no such file; relative paths start where the configuration is
    countersign.toml:19: providers[1].approval_channel takes an id of Discord's, a number, not "general": turn on Discord's developer mode and take Copy ID from the context menu
    countersign.toml:20: providers[1].admin_roles is empty: name at least one role whose members approve
    countersign.toml:21: providers[1].requester_roles[2] takes an id of Discord's, a number, not "everyone": turn on Discord's developer mode and take Copy ID from the context menu
    countersign.toml:22: providers[1].approvals takes 2 to 20, not 1
    countersign.toml:23: providers[1].colour is no key: there are id, name, locale, catalogue, approval_channel, admin_roles, ping_roles, requester_roles, approvals, issuer
    "#);
    let everyone = PROVIDER.replace("\"55\"", "\"22\"");
    assert_snapshot!(with_provider(&everyone).refused(&[]), @"countersign.toml:19: providers[1].admin_roles holds @everyone: name a role that few people have");
    let pinged =
        PROVIDER.replace("[providers.issuer]", "ping_roles = [\"22\"]\n[providers.issuer]");
    assert_snapshot!(with_provider(&pinged).refused(&[]), @"countersign.toml:20: providers[1].ping_roles holds @everyone: name a role whose members approve");
    let few = PROVIDER.replace("[providers.issuer]", "approvals = 2\n[providers.issuer]");
    assert_snapshot!(with_provider(&few).refused(&[("COUNTERSIGN_POLICY__APPROVALS", "3")]), @"countersign.toml:20: providers[1].approvals is 2, less than policy.approvals, which is 3");
    let files = sound().add("catalogue.toml", "[[versions]]\nversion = 0\n");
    assert_snapshot!(files.refused(&[]), @r#"
    catalogue.toml:1: versions[1].categories is empty: a version has at least one [[versions.categories]]
    catalogue.toml:2: versions[1].version takes 1 to 2147483647, not 0
    "#);
}

#[test]
fn issuers() {
    let refused = |issuer: &str| with_provider(&PROVIDER.replace("kind = \"builtin\"", issuer));
    assert_snapshot!(refused("kind = \"bultin\"").refused(&[]), @r#"countersign.toml:21: providers[1].issuer.kind can't be "bultin": did you mean builtin?"#);
    assert_snapshot!(refused("").refused(&[]), @r#"countersign.toml:20: providers[1].issuer.kind is missing: set it to "builtin", "manual" or "http""#);
    assert_snapshot!(refused("kind = \"builtin\"\nsteps = \"a\"").refused(&[]), @"countersign.toml:22: providers[1].issuer.steps is no key: there is kind alone");
    assert_snapshot!(refused("kind = \"manual\"").refused(&[]), @r#"countersign.toml:20: providers[1].issuer.steps is missing: set it to the path of its steps without their ending, such as "steps/impact-agency""#);
    let manual = || refused("kind = \"manual\"\nsteps = \"steps/a\"");
    assert_snapshot!(manual().refused(&[]), @r#"
    countersign.toml:22: providers[1].issuer.steps can't be read from steps/a.en-US.md: there is no such file; relative paths start where the configuration is
    countersign.toml:22: providers[1].issuer.steps can't be read from steps/a.ja.md: there is no such file; relative paths start where the configuration is
    "#);
    let files = manual().add("steps/a.en-US.md", "{{ name }").add("steps/a.ja.md", "\n{{ namae }}");
    assert_snapshot!(files.refused(&[]), @r#"
    steps/a.en-US.md:1: the template has an error, syntax error: unexpected `}`, expected end of variable block
    steps/a.ja.md: namae is no value: did you mean name?
    "#);
}

#[test]
fn credentials_in_the_clear() {
    let with =
        |url: &str| with_http_issuer(&HTTP_ISSUER.replacen("https://registry.example.com", url, 1));
    assert_snapshot!(with("http://registry.example.com").refused(&[]), @"countersign.toml:27: providers[1].issuer.create.url would send credentials unencrypted to another machine: write https, or set allow_plaintext = true in [providers.issuer]");
    for machine in ["http://127.0.0.1:4873", "http://localhost:4873", "http://[::1]:4873"] {
        with(machine).loaded();
    }
    let variable = |value: &str| [("BASE", value.to_owned())];
    let from_environment = || with("{{ env.BASE }}");
    let load = |value: &str| {
        let variables = variable(value);
        let variables = variables.iter().map(|(name, value)| (*name, value.as_str()));
        from_environment().load(&variables.collect::<Vec<_>>())
    };
    load("https://registry.example.com").unwrap();
    load("http://127.0.0.1:1").unwrap();
    let refused = load("http://user:s3cret@registry.example.com").unwrap_err().to_string();
    assert!(refused.contains("unencrypted") && !refused.contains("s3cret"), "{refused}");
    let scheme = with("{{ env.BASE }}://registry.example.com");
    assert!(scheme.load(&[("BASE", "http")]).unwrap_err().to_string().contains("unencrypted"));
    scheme.load(&[("BASE", "https")]).unwrap();

    let allowed = HTTP_ISSUER
        .replace("https://", "http://")
        .replace("timeout", "allow_plaintext = true\ntimeout");
    let config = with_http_issuer(&allowed).loaded();
    let keys: Vec<String> = config.unencrypted().into_iter().map(|found| found.key).collect();
    assert_eq!(keys, ["the issuer of orchard"]);
}

#[test]
fn allowed_plaintext_connections_are_listed() {
    let found = |from: &str, to: &str| {
        let config = Files::new(&format!("{}{PROVIDER}", SECTIONS.replace(from, to))).loaded();
        config.unencrypted().into_iter().map(|found| found.key).collect::<Vec<_>>()
    };
    let nothing = Vec::<String>::new();
    assert_eq!(found("guild_id", "guild_id"), nothing);
    let proxied = |url: &str| found("guild_id", &format!("proxy = \"{url}\"\nguild_id"));
    assert_eq!(proxied("http://127.0.0.1:3000"), nothing);
    assert_eq!(proxied("https://proxy.example.com"), nothing);
    assert_eq!(proxied("http://discord-proxy:3000"), ["discord.proxy"]);
    assert_eq!(found("@localhost/countersign", "@db.example.com/countersign"), ["database.url"]);
    for encrypted in ["@db.example.com/countersign?sslmode=require", "@127.0.0.1/countersign"] {
        assert_eq!(found("@localhost/countersign", encrypted), nothing, "{encrypted}");
    }
}
