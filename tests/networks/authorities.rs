//! Private authorities.

use testkit::bot::{Bot, BotConfig};
use testkit::tls::Authority;

use super::{Company, PASSWORD, UNKNOWN, UPSTREAM, checks, say, set_value, shown, trust_file};

#[tokio::test]
async fn what_the_system_trusts_is_trusted() {
    let company = Company::start("system authorities").await;
    let mut config = company.config();
    set_value(&mut config, "HTTPS_PROXY", &company.proxy.url(PASSWORD));
    set_value(&mut config, "SSL_CERT_FILE", &shown(&company.authorities()));
    // Ready: the gateway is connected.
    let bot = Bot::start_migrated(&config).await.unwrap();
    let check = checks(&bot).await;
    say(&check, "ok discord:", "logged in");
    say(&check, "ok gateway:", "can be reached");
    say(&check, "ok issuer of registry:", "its API lists 0 tokens");
    say(&check, "ok mail:", "takes emails");
}

#[tokio::test]
async fn an_unknown_authority_is_told_with_its_cure() {
    let company = Company::start("unknown authority").await;
    let mut config = company.config();
    set_value(&mut config, "HTTPS_PROXY", &company.proxy.url(PASSWORD));
    let bot = Bot::prepare(&config).await.unwrap();
    let check = checks(&bot).await;
    say(&check, "FAILED discord:", UNKNOWN);
    say(&check, "FAILED issuer of registry:", UNKNOWN);
    say(&check, "FAILED mail:", UNKNOWN);

    config.discord_url = Some(company.discord.base_url());
    let bot = Bot::prepare(&config).await.unwrap();
    say(&checks(&bot).await, "FAILED gateway:", UNKNOWN);
}

/// The file for all and a client's own file: each is trusted, by that client alone in the second case.
#[tokio::test]
async fn a_clients_own_file_counts_beside_the_one_for_all() {
    let company = Company::start("own authorities").await;
    let mut config = company.config();
    set_value(&mut config, "HTTPS_PROXY", &company.proxy.url(PASSWORD));
    trust_file(&mut config, &company.authority.file());
    config.mail_ca_file = Some(company.smtp.ca_file());
    let other = Authority::new().unwrap();
    let registry = config.providers.last_mut().unwrap();
    registry.issuer.insert("ca_file".to_owned(), shown(&other.file()).into());
    let bot = Bot::prepare(&config).await.unwrap();
    let check = checks(&bot).await;
    say(&check, "ok discord:", "logged in");
    say(&check, "ok issuer of registry:", "its API lists 0 tokens");
    say(&check, "ok mail:", "takes emails");

    trust_file(&mut config, &other.file());
    let registry = config.providers.last_mut().unwrap();
    registry.issuer.insert("ca_file".to_owned(), shown(&company.authority.file()).into());
    let bot = Bot::prepare(&config).await.unwrap();
    let check = checks(&bot).await;
    say(&check, "FAILED discord:", UNKNOWN);
    say(&check, "ok issuer of registry:", "its API lists 0 tokens");
}

/// With a client certificate, TLS is set up in another way.
#[tokio::test]
async fn a_client_with_a_certificate_trusts_the_same() {
    let company = Company::start("client authority").await;
    let address = company.upstream.address();
    let server = company.authority.serve_known(UPSTREAM, address).await.unwrap();
    company.proxy.lead_to(&format!("{UPSTREAM}:443"), server.address());
    let mut config = company.config();
    set_value(&mut config, "HTTPS_PROXY", &company.proxy.url(PASSWORD));
    trust_file(&mut config, &company.authorities());
    say(&checked(&config).await, "FAILED issuer of registry:", "");
    let [certificate, key] = company.authority.client().unwrap();
    let issuer = &mut config.providers.last_mut().unwrap().issuer;
    issuer.insert("client_certificate_file".to_owned(), shown(&certificate).into());
    issuer.insert("client_key_file".to_owned(), shown(&key).into());
    say(&checked(&config).await, "ok issuer of registry:", "its API lists 0 tokens");
}

#[tokio::test]
async fn the_databases_certificate_is_verified_by_the_same_authorities() {
    let company = Company::start("database authority").await;
    let mut config = company.config();
    let mut url: url::Url = config.database_url.parse().unwrap();
    let postgres = format!("127.0.0.1:{}", url.port().unwrap()).parse().unwrap();
    let server = company.authority.serve_postgres("127.0.0.1", postgres).await.unwrap();
    url.set_port(Some(server.address().port())).unwrap();
    url.set_query(Some("sslmode=verify-full"));
    config.database_url = url.to_string();
    say(&checked(&config).await, "FAILED database:", UNKNOWN);
    let ours = shown(&company.authority.file());
    let mut system = config.clone();
    set_value(&mut system, "SSL_CERT_FILE", &ours);
    say(&checked(&system).await, "ok database:", "connected as");
    let mut own = config.clone();
    trust_file(&mut own, &company.authority.file());
    say(&checked(&own).await, "ok database:", "connected as");
    // The URL's own file, beside another authority for all.
    trust_file(&mut own, &company.smtp.ca_file());
    url.set_query(Some(&format!("sslmode=verify-full&sslrootcert={ours}")));
    own.database_url = url.to_string();
    say(&checked(&own).await, "ok database:", "connected as");
}

#[tokio::test]
async fn a_file_without_certificates_is_refused() {
    let company = Company::start("no authority").await;
    let mut config = company.config();
    let file = company.folder.path().join("empty.pem");
    std::fs::write(&file, "nothing").unwrap();
    trust_file(&mut config, &file);
    let check = checks(&Bot::prepare(&config).await.unwrap()).await;
    say(&check, "FAILED config:", "network.ca_file takes a PEM file, and");
}

/// What `check` says with this configuration.
async fn checked(config: &BotConfig) -> String {
    checks(&Bot::prepare(config).await.unwrap()).await
}
