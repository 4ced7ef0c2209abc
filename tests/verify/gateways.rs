//! The proxies of docs/gateways.md, with the configuration that stands there, before a small service.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use reqwest::Client;
use tempfile::TempDir;
use testkit::bot::repository;
use tokio::process::{Child, Command};

use super::support::{Fixture, IN_FORCE};

/// A program of Debian's on a port of its own; it ends with this value.
pub struct Gateway {
    pub address: SocketAddr,
    _child: Child,
    _folder: TempDir,
}

pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The block of docs/gateways.md in this language.
fn documented(language: &str) -> String {
    let text = std::fs::read_to_string(repository().join("docs/gateways.md")).unwrap();
    let (_, rest) = text.split_once(&format!("```{language}\n")).expect("the block is there");
    rest.split_once("\n```").expect("the block ends").0.to_owned()
}

fn installed(names: &[&str]) -> String {
    let found = names.iter().find(|name| Path::new(name).exists());
    (*found.unwrap_or_else(|| panic!("{names:?}: run scripts/install-dependencies test")))
        .to_owned()
}

impl Gateway {
    /// nginx with this inside of `http`.
    pub async fn nginx(http: &str, address: SocketAddr) -> Self {
        let folder = TempDir::with_prefix("countersign-nginx-").unwrap();
        let user =
            if std::fs::metadata("/proc/self").is_ok_and(is_roots) { "user root;" } else { "" };
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {}/{name};\n", folder.path().display()))
            .concat();
        let text = format!(
            "daemon off; master_process off; {user} pid {0}/pid; error_log {0}/error.log;
             events {{ worker_connections 512; }}
             http {{ access_log off; {temporary} {http} }}",
            folder.path().display()
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(installed(&["/usr/sbin/nginx", "/usr/bin/nginx"]));
        command.arg("-c").arg(&file).arg("-p").arg(folder.path());
        Self::start(command, folder, address).await
    }

    /// Caddy with this site.
    async fn caddy(site: &str, address: SocketAddr) -> Self {
        let folder = TempDir::with_prefix("countersign-caddy-").unwrap();
        let file = folder.path().join("Caddyfile");
        std::fs::write(&file, format!("{{\n\tadmin off\n\tauto_https off\n}}\n{site}\n")).unwrap();
        let mut command = Command::new(installed(&["/usr/bin/caddy", "/usr/local/bin/caddy"]));
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file);
        command.env("HOME", folder.path()).env("XDG_DATA_HOME", folder.path());
        command.env("XDG_CONFIG_HOME", folder.path());
        Self::start(command, folder, address).await
    }

    async fn start(mut command: Command, folder: TempDir, address: SocketAddr) -> Self {
        let log = std::fs::File::create(folder.path().join("output")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.kill_on_drop(true).spawn().unwrap();
        let start = Instant::now();
        while tokio::net::TcpStream::connect(address).await.is_err() {
            let said = std::fs::read_to_string(folder.path().join("output")).unwrap();
            assert!(start.elapsed() < Duration::from_secs(15), "it does not listen: {said}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { address, _child: child, _folder: folder }
    }
}

fn is_roots(metadata: std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(&metadata) == 0
}

/// Headers that tell us the method and the path, and that no client may tell the service.
const FAMILIES: [&str; 4] =
    ["x-forwarded-method", "x-forwarded-uri", "x-original-method", "x-original-uri"];

/// What the service was asked, one line each, with whatever of [`FAMILIES`] arrived at its end.
type Asked = Arc<Mutex<Vec<String>>>;

async fn service() -> (SocketAddr, Asked) {
    async fn note(State(asked): State<Asked>, request: Request) -> &'static str {
        let header = |name: &str| {
            let value = request.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let told = FAMILIES.into_iter().filter(|name| request.headers().contains_key(*name));
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

/// Everything that a client can see of a gateway, from before a token is collected to after it is off.
async fn plays(fixture: Fixture, gateway: &Gateway, asked: &Asked, drops_underscores: bool) {
    let client = Client::builder().no_proxy().build().unwrap();
    let url = |path: &str| format!("http://{}{path}", gateway.address);
    let unknown = countersign::domain::secret::mint().unwrap();
    let unknown = secrecy::ExposeSecret::expose_secret(&unknown).to_owned();
    let ready = fixture.scene.is_ready("Nightly reports").await;
    let before = client.get(url("/Orchards/CS1/Trees")).bearer_auth(&unknown).send().await.unwrap();
    assert_eq!(before.status(), 401);
    let nothing = client.get(url("/Orchards/CS1/Trees")).send().await.unwrap();
    assert_eq!(nothing.status(), 401);
    assert!(nothing.headers().contains_key("www-authenticate"));

    let [sid, secret] = fixture.scene.collects(&fixture.scene.rin, &ready).await;
    let path = format!("/Orchards/{sid}/Trees");
    let status = async |method: &str, path: &str| {
        let request = client.request(method.parse().unwrap(), url(path)).bearer_auth(&secret);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("GET", &format!("{path}?page=2")).await, 200);
    let seen = asked.lock().unwrap().pop().unwrap();
    assert_eq!(seen, format!("GET {path}?page=2 by {sid} Nightly%20reports 2 "));
    assert_eq!(status("POST", &path).await, 200);
    assert!(asked.lock().unwrap().pop().unwrap().starts_with("POST"));
    assert_eq!(status("DELETE", &format!("{path}/a%40b")).await, 200);
    assert!(asked.lock().unwrap().pop().unwrap().contains("/a%40b"));

    for (method, refused) in [
        ("PUT", path.clone()),
        ("GET", format!("/Orchards/{sid}/Harvests")),
        ("GET", "/Orchards/CS000000000000000000000000/Trees".to_owned()),
        ("GET", format!("{path}%2f7")),
        ("GET", format!("{path}/%2e%2e/Harvests")),
        ("GET", format!("//{path}")),
        ("GET", format!("{path};x=1")),
        ("GET", "/".to_owned()),
        ("GET", "/v1/authorize".to_owned()),
    ] {
        assert_eq!(status(method, &refused).await, 403, "{method} {refused}");
    }
    // What a client says of the request is not believed, in whatever family.
    for (name, value) in [
        ("X-Original-Method", "GET"),
        ("X-Original-URI", path.as_str()),
        ("X-Forwarded-Method", "GET"),
        ("X-Forwarded-Uri", path.as_str()),
        ("X-Token-Sid", "CS000000000000000000000000"),
    ] {
        let request = client.get(url("/Orchards/CS000000000000000000000000/Trees"));
        let request = request.bearer_auth(&secret).header(name, value);
        assert_eq!(request.send().await.unwrap().status(), 403, "{name}");
        let request = client.get(url(&path)).bearer_auth(&secret).header(name, value);
        assert_eq!(request.send().await.unwrap().status(), 200, "{name}");
        let seen = asked.lock().unwrap().pop().unwrap();
        assert_eq!(seen, format!("GET {path} by {sid} Nightly%20reports 2 "), "{name}");
    }
    // Spelled with `_` they are refused, unless the gateway takes them away, as nginx does.
    for name in ["X-HTTP-Method-Override", "X_Original_URI", "X_Forwarded_Uri", "X_Token_Sid"] {
        let request = client.get(url(&path)).bearer_auth(&secret).header(name, "DELETE");
        match request.send().await.unwrap().status().as_u16() {
            200 => {
                let seen = asked.lock().unwrap().pop().unwrap();
                assert!(drops_underscores && name.contains('_'), "{name}: {seen}");
            }
            status => assert_eq!(status, 403, "{name}"),
        }
    }

    let disabled = fixture.disables("Nightly reports").await;
    while status("GET", &path).await == 200 {
        assert!(disabled.elapsed() < IN_FORCE, "still open");
    }
    asked.lock().unwrap().clear();
    assert_eq!(status("GET", &path).await, 403);
    // Too many failures of one address, which only whoever fails is told.
    let mut last = 0;
    for _ in 0..40 {
        let guess = client.get(url(&path)).bearer_auth("guess").send().await.unwrap();
        last = guess.status().as_u16();
    }
    assert_eq!(last, 429);
    assert_eq!(status("GET", &path).await, 403);
    assert_eq!(*asked.lock().unwrap(), Vec::<String>::new(), "nothing refused arrives");
    fixture.closes().await;
}

/// What docs/gateways.md has for a gateway, with the addresses of this play in it.
fn configured(what: &str, fixture: &Fixture, service: SocketAddr, gateway: SocketAddr) -> String {
    documented(what)
        .replace("127.0.0.1:8081", &fixture.scene.stage.bot.verify_address().unwrap().to_string())
        .replace("127.0.0.1:9000", &service.to_string())
        .replace("127.0.0.1:8000", &gateway.to_string())
}

#[tokio::test]
async fn nginx_lets_through_what_the_token_opens() {
    let fixture = Fixture::open("verify nginx", "original").await;
    let ((service, asked), address) = (service().await, free_address());
    let http = configured("nginx", &fixture, service, address);
    let gateway = Gateway::nginx(&http, address).await;
    plays(fixture, &gateway, &asked, true).await;
}

#[tokio::test]
async fn caddy_lets_through_what_the_token_opens() {
    let fixture = Fixture::open("verify caddy", "forwarded").await;
    let ((service, asked), address) = (service().await, free_address());
    let site = configured("caddyfile", &fixture, service, address);
    let gateway = Gateway::caddy(&site, address).await;
    plays(fixture, &gateway, &asked, false).await;
}
