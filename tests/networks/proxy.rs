//! An HTTP proxy as the only way out.

use testkit::bot::Bot;
use testkit::collector::{Collector, Manner, list_spans};

use super::{
    COLLECTOR, Company, DISCORD, GATEWAY, PASSWORD, RESUME, UNKNOWN, UPSTREAM, checks,
    redirect_issuer, say, set_value, trust_file,
};

/// As by a company's documentation: `HTTPS_PROXY`, and its authority as `ca_file`.
#[tokio::test]
async fn everything_goes_through_the_proxy() {
    let company = Company::start("proxy").await;
    let mut config = company.config();
    set_value(&mut config, "HTTPS_PROXY", &company.proxy.url(PASSWORD));
    trust_file(&mut config, &company.authorities());
    let bot = Bot::start_migrated(&config).await.unwrap();
    for host in [DISCORD, GATEWAY] {
        assert!(company.tunnels(host) > 0, "{host}");
    }
    assert_eq!(company.tunnels(RESUME), 0);
    bot.restart().await.unwrap();
    assert!(company.tunnels(RESUME) > 0, "the next process resumes where READY says");
    assert_eq!(company.discord.gateway().unwrap().counters().resumes_at_wrong_address, 0);

    let check = checks(&bot).await;
    say(&check, "ok network:", "https goes through http://127.0.0.1:");
    say(&check, "ok discord:", "logged in");
    say(&check, "ok gateway:", "wss://gateway.discord.test can be reached");
    say(&check, "ok issuer of registry:", "its API lists 0 tokens");
    say(&check, "ok mail:", "takes emails");
    assert!(company.tunnels(UPSTREAM) > 0);
    let agent = company.upstream.agent().unwrap();
    assert!(agent.starts_with("Countersign/"), "{agent}");
    assert_eq!(company.proxy.strangers(), 0);
    assert!(!bot.everything_written().unwrap().contains(PASSWORD));
}

/// The collector of traces is reached as everything else is.
#[tokio::test]
async fn traces_go_through_the_proxy() {
    let company = Company::start("proxy traces").await;
    let collector = Collector::start(Manner::Takes).await.unwrap();
    let server = company.authority.serve(COLLECTOR, collector.address()).await.unwrap();
    company.proxy.lead_to(&format!("{COLLECTOR}:443"), server.address());
    let mut config = company.config();
    set_value(&mut config, "HTTPS_PROXY", &company.proxy.url(PASSWORD));
    set_value(&mut config, "OTEL_EXPORTER_OTLP_ENDPOINT", &format!("https://{COLLECTOR}"));
    trust_file(&mut config, &company.authorities());
    let bot = Bot::start_migrated(&config).await.unwrap();
    let rin = company.discord.person("rin").unwrap();
    rin.type_command("/token list").await.unwrap().private().unwrap();
    assert!(bot.stop().await.unwrap().success());
    assert!(company.tunnels(COLLECTOR) > 0, "{}", bot.log());
    assert!(!list_spans(&collector.take_batches()).is_empty());
    assert!(!bot.everything_written().unwrap().contains(PASSWORD));
}

/// An interaction that came by the gateway is answered.
#[tokio::test]
async fn people_are_answered_through_the_proxy() {
    let company = Company::start("proxy people").await;
    let mut config = company.config();
    set_value(&mut config, "https_proxy", &company.proxy.url(PASSWORD));
    trust_file(&mut config, &company.authorities());
    let _bot = Bot::start_migrated(&config).await.unwrap();
    let rin = company.discord.person("rin").unwrap();
    rin.type_command("/token list").await.unwrap().private().unwrap();
}

#[tokio::test]
async fn a_wrong_login_is_told_with_its_cure() {
    const WANTS: &str = "the proxy wants a login (407): write the right USER:PASSWORD@";
    let company = Company::start("proxy login").await;
    let mut config = company.config();
    let wrong = "wrong-password-of-the-proxy";
    set_value(&mut config, "HTTPS_PROXY", &company.proxy.url(wrong));
    trust_file(&mut config, &company.authorities());
    let bot = Bot::prepare(&config).await.unwrap();
    let check = checks(&bot).await;
    say(&check, "FAILED discord:", WANTS);
    say(&check, "FAILED issuer of registry:", WANTS);
    assert!(company.proxy.strangers() >= 2);

    // Only the gateway goes through the proxy.
    config.discord_url = Some(company.discord.base_url());
    let bot = Bot::prepare(&config).await.unwrap();
    say(&checks(&bot).await, "FAILED gateway:", WANTS);
    bot.launch().await.unwrap();
    wait_for_log(&bot, "Discord's gateway can't be reached: the proxy wants a login (407)").await;
    let written = bot.everything_written().unwrap();
    assert!(!written.contains(wrong), "{written}");
}

/// REST is called directly here, so that the gateway stands alone.
#[tokio::test]
async fn no_proxy_keeps_hosts_from_the_proxy() {
    let company = Company::start("no proxy").await;
    let mut config = company.config();
    config.discord_url = Some(company.discord.base_url());
    set_value(&mut config, "HTTPS_PROXY", &company.proxy.url(PASSWORD));
    set_value(&mut config, "NO_PROXY", "10.0.0.0/8, .discord.test,registry.test");
    trust_file(&mut config, &company.authorities());
    let bot = Bot::prepare(&config).await.unwrap();
    let check = checks(&bot).await;
    // Names that only the proxy knows.
    say(&check, "FAILED gateway:", "can't be reached");
    say(&check, "FAILED issuer of registry:", "can't be reached");
    assert_eq!((company.tunnels(GATEWAY), company.tunnels(UPSTREAM)), (0, 0));
    assert_eq!(company.proxy.strangers(), 0);

    config.environment.pop();
    let bot = Bot::prepare(&config).await.unwrap();
    let check = checks(&bot).await;
    say(&check, "ok gateway:", "can be reached");
    say(&check, "ok issuer of registry:", "its API lists 0 tokens");
    assert_eq!((company.tunnels(GATEWAY), company.tunnels(DISCORD)), (1, 0));
}

/// So that its login crosses the network encrypted. Its certificate is verified, too.
#[tokio::test]
async fn a_proxy_may_have_tls() {
    let company = Company::start("proxy by TLS").await;
    let address = company.proxy.address();
    let server = company.authority.serve("127.0.0.1", address).await.unwrap();
    let mut config = company.config();
    let url = company.proxy.url(PASSWORD).replace("http://", "https://");
    let url = url.replace(&address.to_string(), &server.address().to_string());
    set_value(&mut config, "HTTPS_PROXY", &url);
    let check = checks(&Bot::prepare(&config).await.unwrap()).await;
    say(&check, "FAILED discord:", UNKNOWN);
    assert_eq!(company.tunnels(DISCORD), 0);
    trust_file(&mut config, &company.authorities());
    let check = checks(&Bot::prepare(&config).await.unwrap()).await;
    say(&check, "ok discord:", "logged in");
    say(&check, "ok gateway:", "can be reached");
    say(&check, "ok issuer of registry:", "its API lists 0 tokens");
}

/// Without TLS there is no tunnel, and the proxy answers as if it were the API.
#[tokio::test]
async fn an_api_without_tls_is_called_through_the_proxy() {
    let company = Company::start("plain proxy").await;
    let mut config = company.config();
    config.discord_url = Some(company.discord.base_url());
    company.proxy.lead_to("plain.registry.test:80", company.upstream.address());
    let issuer = &mut config.providers.last_mut().unwrap().issuer;
    let secure = format!("https://{UPSTREAM}/");
    redirect_issuer(issuer, &secure, "http://plain.registry.test/");
    issuer.insert("allow_plaintext".to_owned(), true.into());
    let mut wrong = config.clone();
    set_value(&mut config, "HTTP_PROXY", &company.proxy.url(PASSWORD));
    let check = checks(&Bot::prepare(&config).await.unwrap()).await;
    say(&check, "ok issuer of registry:", "its API lists 0 tokens");
    assert_eq!(company.proxy.tunnels("plain.registry.test:80"), 1);

    set_value(&mut wrong, "HTTP_PROXY", &company.proxy.url("another"));
    let check = checks(&Bot::prepare(&wrong).await.unwrap()).await;
    say(&check, "FAILED issuer of registry:", "the proxy wants a login (407)");
}

#[tokio::test]
async fn a_host_that_the_proxy_does_not_lead_to_is_told() {
    let company = Company::start("proxy refuses").await;
    let mut config = company.config();
    config.discord_url = Some(company.discord.base_url());
    let gateway = company.discord.gateway().unwrap();
    gateway.is_reached_at("wss://elsewhere.discord.test", "wss://elsewhere.discord.test");
    set_value(&mut config, "HTTPS_PROXY", &company.proxy.url(PASSWORD));
    let bot = Bot::prepare(&config).await.unwrap();
    say(&checks(&bot).await, "FAILED gateway:", "the proxy does not lead there");
}

#[tokio::test]
async fn a_variable_that_names_no_proxy_is_refused() {
    let company = Company::start("no such proxy").await;
    let mut config = company.config();
    set_value(&mut config, "https_proxy", "socks5://user:hidden-password@127.0.0.1:1080");
    let bot = Bot::prepare(&config).await.unwrap();
    let check = checks(&bot).await;
    say(&check, "FAILED config: https_proxy:", "takes http://HOST:PORT");
    assert!(!check.contains("hidden-password"), "{check}");
}

async fn wait_for_log(bot: &Bot, text: &str) {
    let logged = async {
        while !bot.log().contains(text) {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(std::time::Duration::from_secs(20), logged).await;
    assert!(waited.is_ok(), "{}", bot.log());
}
