//! The proxies of docs/gateways.md, each as a process of its own with the configuration from there.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use testkit::bot::repository;
use testkit::upstreams;
use tokio::process::{Child, Command};

/// How long a proxy may take until it answers: Traefik and Envoy take 1 s on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(120);

/// A running proxy; it ends with this value.
pub struct Gateway {
    pub address: SocketAddr,
    child: Child,
    folder: TempDir,
}

/// Who talks to whom.
#[derive(Clone, Copy)]
pub struct Addresses {
    pub gateway: SocketAddr,
    pub countersign: SocketAddr,
    pub service: SocketAddr,
}

impl Addresses {
    /// A documented configuration with these addresses in place of its own.
    fn put_into(self, text: &str) -> String {
        let all = [(8000, self.gateway), (8081, self.countersign), (9000, self.service)];
        all.into_iter().fold(text.to_owned(), |text, (port, address)| {
            text.replace(&format!("127.0.0.1:{port}"), &address.to_string()).replace(
                &format!("port_value: {port} "),
                &format!("port_value: {} ", address.port()),
            )
        })
    }
}

/// The blocks in this language of a chapter of docs/gateways.md.
fn documented(chapter: &str, language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(repository().join("docs/gateways.md")).unwrap();
    let (_, rest) = text.split_once(&format!("\n## {chapter}\n")).expect("the chapter is there");
    let chapter = rest.split("\n## ").next().unwrap();
    let fence = format!("```{language}\n");
    let blocks = chapter.split(fence.as_str()).skip(1);
    blocks.map(|block| block.split("\n```").next().unwrap().to_owned()).collect()
}

/// A program of Debian's.
fn installed(name: &str) -> PathBuf {
    let folders = ["/usr/sbin", "/usr/bin", "/usr/local/bin"];
    let found = folders.map(|folder| Path::new(folder).join(name)).into_iter().find(|p| p.exists());
    found.unwrap_or_else(|| panic!("{name}: run scripts/install-dependencies test"))
}

/// A proxy of docs/gateways.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxy {
    Nginx,
    IngressNginx,
    /// Debian's, and the one that PyPI has.
    OldCaddy,
    Caddy,
    Traefik,
    Envoy,
    Haproxy,
}

impl Proxy {
    pub const ALL: [Self; 7] = [
        Self::Nginx,
        Self::IngressNginx,
        Self::OldCaddy,
        Self::Caddy,
        Self::Traefik,
        Self::Envoy,
        Self::Haproxy,
    ];

    /// With the documented configuration, or an equivalent one.
    pub async fn start(self, addresses: Addresses) -> Gateway {
        let folder = TempDir::with_prefix("countersign-proxy-").unwrap();
        let block = |chapter: &str, language: &str, at: usize| {
            addresses.put_into(&documented(chapter, language)[at])
        };
        let write = |name: &str, text: String| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            file
        };
        let command = match self {
            Self::Nginx => testkit::nginx::command(folder.path(), &block("nginx", "nginx", 0)),
            Self::IngressNginx => testkit::nginx::command(
                folder.path(),
                &addresses.put_into(include_str!("ingress_nginx.conf")),
            ),
            Self::OldCaddy | Self::Caddy => {
                let site = block("Caddy", "caddyfile", 0);
                let file =
                    write("Caddyfile", format!("{{\n\tadmin off\n\tauto_https off\n}}\n{site}\n"));
                let old = self == Self::OldCaddy;
                let program = if old { installed("caddy") } else { fetched("caddy") };
                let mut command = Command::new(program);
                command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file);
                command
            }
            Self::Traefik => {
                write("routes.yaml", block("Traefik", "yaml", 1));
                let file = write("traefik.yaml", block("Traefik", "yaml", 0));
                let mut command = Command::new(fetched("traefik"));
                command.arg(format!("--configfile={}", file.display()));
                command
            }
            Self::Envoy => {
                let file = write("envoy.yaml", block("Envoy", "yaml", 0));
                let mut command = Command::new(fetched("envoy"));
                command.args(["--disable-hot-restart", "--concurrency", "1", "-c"]).arg(file);
                command
            }
            Self::Haproxy => {
                write("countersign.lua", block("HAProxy", "lua", 0));
                let file = write("haproxy.cfg", block("HAProxy", "haproxy", 0) + "\n");
                let mut command = Command::new(installed("haproxy"));
                command.arg("-db").arg("-f").arg(file);
                command
            }
        };
        Gateway::start(command, folder, addresses.gateway).await
    }
}

/// A program that scripts/install-upstreams installed.
fn fetched(name: &str) -> PathBuf {
    upstreams::proxy(name).unwrap()
}

impl Gateway {
    /// nginx with this inside of `http`.
    pub async fn nginx(http: &str, address: SocketAddr) -> Self {
        let folder = TempDir::with_prefix("countersign-nginx-").unwrap();
        let command = testkit::nginx::command(folder.path(), http);
        Self::start(command, folder, address).await
    }

    async fn start(mut command: Command, folder: TempDir, address: SocketAddr) -> Self {
        let log = std::fs::File::create(folder.path().join("output")).unwrap();
        command.current_dir(folder.path()).env("HOME", folder.path());
        command.env("XDG_DATA_HOME", folder.path()).env("XDG_CONFIG_HOME", folder.path());
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.kill_on_drop(true).spawn().unwrap();
        let mut gateway = Self { address, child, folder };
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let start = Instant::now();
        // Traefik listens before it has read its routes, and answers 404.
        let answers = async || client.get(format!("http://{address}/")).send().await;
        while !answers().await.is_ok_and(|answer| answer.status() != 404) {
            let ended = gateway.child.try_wait().unwrap();
            let late = start.elapsed() > START_LIMIT;
            assert!(
                ended.is_none() && !late,
                "it does not answer, {ended:?}: {}",
                gateway.output()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        gateway
    }

    /// What it wrote.
    pub fn output(&self) -> String {
        let files = ["output", "error.log"].map(|name| self.folder.path().join(name));
        files.map(|file| std::fs::read_to_string(file).unwrap_or_default()).concat()
    }
}
