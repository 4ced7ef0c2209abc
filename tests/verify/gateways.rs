//! The proxies of docs/gateways.md, with the configuration from there, in front of a small service: requests that
//! a token allows arrive there unchanged, and no others do.

mod play;
mod raw;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderName;
use reqwest::{Client, RequestBuilder};
use tempfile::TempDir;
use testkit::bot::repository;
use testkit::ports::find_free_address;
use testkit::postgres::Postgres;

use super::proxies::{Addresses, Proxy};
use super::support::{Fixture, IN_FORCE};
use play::Play;

/// Headers with the method and the path for us, which no client may send to the service.
const FAMILIES: [&str; 5] = [
    "x-forwarded-method",
    "x-forwarded-uri",
    "x-original-method",
    "x-original-uri",
    "x-original-url",
];

const ANOTHERS: &str = "/Orchards/CS000000000000000000000000/Trees";

/// In the catalogue beside what it ships with: paths that Django and GitLab have.
const SLASHES: &str = r#"
[[versions.categories.scopes]]
id = "listFruit"
method = "GET"
path = "/Orchards/{AccountSID}/Fruit/"

[[versions.categories.scopes]]
id = "listFiles"
method = "GET"
path = "/Orchards/{AccountSID}/Projects/{Project%2F}/Files"

[[versions.categories]]
id = "harvests""#;

impl Proxy {
    /// The family of headers that it sends.
    const fn family(self) -> &'static str {
        match self {
            Self::Nginx => "original",
            Self::IngressNginx => "ingress-nginx",
            Self::OldCaddy | Self::Caddy | Self::Traefik | Self::Haproxy => "forwarded",
            Self::Envoy => "envoy",
        }
    }

    /// Those of [`FAMILIES`] that it removes, or writes itself; the others are refused.
    fn takes_away(self, name: &str) -> bool {
        match self {
            Self::IngressNginx => matches!(name, "x-original-method" | "x-original-url"),
            Self::Envoy => false,
            _ => name != "x-original-url",
        }
    }

    /// The answer to a client that guesses too often.
    const fn limited(self) -> u16 {
        match self {
            Self::IngressNginx => 500,
            _ => 429,
        }
    }
}

/// The requests to the service, one line each, with all headers of [`FAMILIES`] and of our own that arrived
/// and that a CGI server would read as such.
type Asked = Arc<Mutex<Vec<String>>>;

async fn service() -> (SocketAddr, Asked) {
    async fn note(State(asked): State<Asked>, request: Request) -> &'static str {
        let header = |name: &str| {
            let value = request.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let is_told = |name: &&str| {
            let folded = name.replace('_', "-");
            FAMILIES.contains(&&*folded) || (folded.starts_with("x-token-") && folded != **name)
        };
        let told = request.headers().keys().map(HeaderName::as_str).filter(is_told);
        let line = format!(
            "{} {} by {} {} {} {}{}",
            request.method(),
            request.uri(),
            header("x-token-sid"),
            header("x-token-name"),
            header("x-token-version"),
            header("authorization"),
            told.collect::<Vec<_>>().join(" ")
        );
        asked.lock().unwrap().push(line);
        "served\n"
    }
    let asked = Asked::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().fallback(note).with_state(asked.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (address, asked)
}

pub async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

/// Everything that a client can see of a gateway, from before a token is collected to after it is off.
async fn check_gateway(proxy: Proxy) {
    let folder = TempDir::with_prefix("countersign-gateways-").unwrap();
    let shipped = repository().join("config/catalogues/playground.toml");
    let shipped = std::fs::read_to_string(shipped).unwrap();
    let catalogue = folder.path().join("catalogue.toml");
    let text = shipped.replacen("\n[[versions.categories]]\nid = \"harvests\"", SLASHES, 1);
    assert_ne!(text, shipped);
    std::fs::write(&catalogue, text).unwrap();
    let settings = format!("headers = \"{}\"\npreflight = \"pass\"", proxy.family());
    let postgres = Postgres::shared().await.unwrap();
    let fixture =
        Fixture::configured(&postgres, &format!("verify {proxy:?}"), &settings, Some(&catalogue))
            .await;
    let (service, asked) = service().await;
    let countersign = fixture.team.setup.bot.verify_address().unwrap();
    let gateway = proxy
        .start(Addresses { gateway: find_free_address().unwrap(), countersign, service })
        .await;
    let client = Client::builder().no_proxy().build().unwrap();
    let (secret, sid) = Default::default();
    let mut play = Play { proxy, gateway, asked, client, secret, sid };

    let ready = fixture.team.issue_token("Nightly reports").await;
    let unknown = countersign::domain::secret::mint().unwrap();
    let unknown = secrecy::ExposeSecret::expose_secret(&unknown);
    let path = "/Orchards/CS1/Trees";
    assert_eq!(status(play.request("GET", path).bearer_auth(unknown)).await, 401);
    let nothing = play.request("GET", path).send().await.unwrap();
    assert_eq!(nothing.status(), 401);
    assert!(nothing.headers().contains_key("www-authenticate"));

    [play.sid, play.secret] = fixture.team.collect_secret(&fixture.team.rin, &ready).await;
    play.check_passed_on().await;
    play.check_refused().await;
    play.check_client_headers().await;
    play.check_preflights().await;
    play.check_paths().await;
    play.check_own_headers().await;

    let path = format!("/Orchards/{}/Trees", play.sid);
    let disabled = fixture.disable_token("Nightly reports").await;
    while play.status("GET", &path).await == 200 {
        assert!(disabled.elapsed() < IN_FORCE, "still open");
    }
    play.asked.lock().unwrap().clear();
    assert_eq!(play.status("GET", &path).await, 403);
    // Too many failures of one address; only a request that fails gets this answer.
    let mut last = 0;
    for _ in 0..40 {
        last = status(play.request("GET", &path).bearer_auth("guess")).await;
    }
    assert_eq!(last, proxy.limited());
    assert_eq!(play.status("GET", &path).await, 403);
    play.nothing_arrived();
    fixture.close().await;
}

#[tokio::test]
async fn nginx_lets_through_what_the_token_opens() {
    check_gateway(Proxy::Nginx).await;
}

#[tokio::test]
async fn ingress_nginx_lets_through_what_the_token_opens() {
    check_gateway(Proxy::IngressNginx).await;
}

#[tokio::test]
async fn caddy_lets_through_what_the_token_opens() {
    check_gateway(Proxy::Caddy).await;
}

#[tokio::test]
async fn debians_caddy_lets_through_what_the_token_opens() {
    check_gateway(Proxy::OldCaddy).await;
}

#[tokio::test]
async fn traefik_lets_through_what_the_token_opens() {
    check_gateway(Proxy::Traefik).await;
}

#[tokio::test]
async fn envoy_lets_through_what_the_token_opens() {
    check_gateway(Proxy::Envoy).await;
}

#[tokio::test]
async fn haproxy_lets_through_what_the_token_opens() {
    check_gateway(Proxy::Haproxy).await;
}

#[tokio::test]
async fn no_gateway_lets_anything_through_where_countersign_is_not_there() {
    let client = Client::builder().no_proxy().build().unwrap();
    for proxy in Proxy::ALL {
        let (service, asked) = service().await;
        let addresses = Addresses {
            gateway: find_free_address().unwrap(),
            countersign: find_free_address().unwrap(),
            service,
        };
        let gateway = proxy.start(addresses).await;
        let url = format!("http://{}/Orchards/CS1/Trees", gateway.address);
        for request in [client.get(&url).bearer_auth("guess"), client.get(&url)] {
            let found = status(request).await;
            assert!((500..600).contains(&found), "{proxy:?}: {found}, {}", gateway.output());
        }
        assert_eq!(*asked.lock().unwrap(), Vec::<String>::new(), "{proxy:?}");
    }
}
