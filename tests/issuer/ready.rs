//! The ready configurations of services that are not run here, each against an API that answers as in the service's
//! public description. That proves that the configuration fits the description, and no more.

mod services;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri};
use countersign::config::{Config, UpdateField, UpstreamValues};
use countersign::issuer::{Known, Said, Sight, Upstream, Upstreams, Verdict, judge};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use services::{SERVICES, Service};

use super::sections::SECTIONS;

/// A token that a service has.
#[derive(Clone, Debug)]
struct Item {
    id: String,
    name: String,
    secret: String,
    is_on: bool,
}

/// The calls to a service.
struct Asked {
    method: String,
    path: String,
    query: HashMap<String, String>,
    body: Value,
}

/// What it answers.
struct Answered {
    status: u16,
    body: Value,
    location: Option<String>,
}

impl Answered {
    fn with(status: u16, body: Value) -> Self {
        Self { status, body, location: None }
    }
}

#[derive(Clone)]
struct Served {
    service: &'static Service,
    items: Arc<Mutex<Vec<Item>>>,
}

async fn answer(
    State(served): State<Served>,
    (method, uri): (Method, Uri),
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let is_known = headers
        .iter()
        .any(|(_, value)| value.to_str().is_ok_and(|value| value.contains("s3cret-of-ours")));
    let pairs = |text: &str| -> HashMap<String, String> {
        let url: reqwest::Url = format!("http://form/?{text}").parse().unwrap();
        url.query_pairs().into_owned().collect()
    };
    let json = serde_json::from_slice(&body);
    let form = || serde_json::to_value(pairs(&String::from_utf8_lossy(&body))).unwrap();
    let asked = Asked {
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: pairs(uri.query().unwrap_or_default()),
        body: json.unwrap_or_else(|_| form()),
    };
    let answered = match is_known || asked.body["client_secret"] == "s3cret-of-ours" {
        true => (served.service.answers)(&mut served.items.lock().unwrap(), &asked),
        false => Answered::with(401, Value::Null),
    };
    let mut response = Response::builder().status(answered.status);
    if let Some(location) = answered.location {
        response = response.header("location", location);
    }
    let body = match answered.body {
        Value::Null => Body::empty(),
        body => Body::from(body.to_string()),
    };
    response.body(body).unwrap()
}

async fn serve(served: Served) -> String {
    let routes = Router::new().fallback(answer).with_state(served);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

/// The ready configuration, with the service's address in it.
fn load(service: &Service, url: &str) -> Config {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let ready = std::fs::read_to_string(shipped.join("providers").join(service.file)).unwrap();
    assert!(ready.contains(service.address), "{}", service.file);
    let folder = tempfile::tempdir().unwrap();
    for name in ["catalogues", "secrets"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    for named in ready.split('"') {
        if named.starts_with("catalogues/") {
            std::fs::copy(shipped.join(named), folder.path().join(named)).unwrap();
        } else if named.starts_with("secrets/") {
            std::fs::write(folder.path().join(named), "s3cret-of-ours\n").unwrap();
        }
    }
    let path = folder.path().join("countersign.toml");
    // The example's ids are not taken.
    let ready = ready.replace(&"4".repeat(19), "44").replace(&"5".repeat(19), "55");
    let text = format!("{SECTIONS}{}", ready.replace(service.address, url));
    std::fs::write(&path, text).unwrap();
    Config::load_with(&path, []).unwrap_or_else(|errors| panic!("{errors}"))
}

fn values(config: &Config, count: usize) -> UpstreamValues {
    let scopes = config.providers[0].catalogue.recommended().scopes();
    UpstreamValues {
        name: "Reports".to_owned(),
        description: "Reads them".to_owned(),
        marker: "countersign-7-00112233".to_owned(),
        api_version: 1,
        scopes: scopes.take(count).map(|scope| scope.value.clone()).collect(),
        requester: "3".to_owned(),
        contact: "3".to_owned(),
        developer_emails: Vec::new(),
        lifetime_seconds: 86_400,
        expires_at: UpstreamValues::end_of(86_400, chrono::Utc::now()),
        upstream_id: None,
    }
}

async fn play(service: &'static Service) {
    let file = service.file;
    let items = Arc::new(Mutex::new(vec![Item {
        id: "1".to_owned(),
        name: "somebody else's".to_owned(),
        secret: "theirs".to_owned(),
        is_on: true,
    }]));
    let url = serve(Served { service, items: items.clone() }).await;
    let config = load(service, &url);
    let upstreams = Upstreams::new(&config).unwrap();
    let upstream = upstreams.of(&config, &config.providers[0].id).unwrap();
    let mut values = values(&config, 1);
    let made = upstream.create(&values).await.unwrap_or_else(|why| panic!("{file}: {why:?}"));
    let mut secret = made.secret.expose_secret().to_owned();
    assert!(open_panel(&items, &secret), "{file}");
    assert_ne!(made.account_sid.as_deref(), Some(secret.as_str()), "{file}");
    let listing = upstream.find(&values).await.unwrap();
    assert!(listing.is_whole && listing.marked() == [made.id.as_str()], "{file}: {listing:?}");
    values.upstream_id = Some(made.id);
    assert_eq!(upstream.look_at(&values).await.unwrap(), Sight::Alive, "{file}");
    if upstream.settings().updates(UpdateField::Scopes) {
        let scopes = self::values(&config, 2).scopes;
        upstream.update(&UpstreamValues { scopes, ..values.clone() }).await.unwrap();
    }
    if upstream.can_reset() {
        let renewed = upstream.reset(&values).await.unwrap_or_else(|why| panic!("{file}: {why:?}"));
        assert!(!open_panel(&items, &secret), "{file}");
        renewed.secret.expose_secret().clone_into(&mut secret);
        assert!(open_panel(&items, &secret), "{file}");
        values.upstream_id = renewed.id.or(values.upstream_id);
    }
    if upstream.can_disable() {
        upstream.disable(&values).await.unwrap();
        assert_eq!(upstream.look_at(&values).await.unwrap(), Sight::Dead, "{file}");
        assert!(!open_panel(&items, &secret), "{file}");
    }
    if upstream.settings().enable.is_some() {
        upstream.enable(&values).await.unwrap();
        assert_eq!(upstream.look_at(&values).await.unwrap(), Sight::Alive, "{file}");
    }
    is_revoked(&upstream, &values, file).await;
    assert!(!open_panel(&items, &secret), "{file}");
    assert!(open_panel(&items, "theirs"), "{file}");
}

/// Its end is believed.
async fn is_revoked(upstream: &Upstream<'_>, values: &UpstreamValues, file: &str) {
    let before = upstream.look_at(values).await.unwrap();
    let said = Said::of(upstream.revoke(values).await);
    let after = upstream.look_at(values).await.unwrap();
    let known = Known { for_good: true, ..Known::default() };
    assert_eq!(judge(&before, &said, &after, known), Verdict::Off, "{file}: {said:?}, {after:?}");
}

fn open_panel(items: &Mutex<Vec<Item>>, secret: &str) -> bool {
    items.lock().unwrap().iter().any(|item| item.is_on && item.secret == secret)
}

#[tokio::test]
async fn each_ready_configuration_fits_its_service_s_description() {
    for service in &SERVICES {
        play(service).await;
    }
}
