//! A process's use of resources, from Linux, and processes that end with this one.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// Clock ticks a second in `/proc`: fixed by Linux's interface.
const TICKS: f64 = 100.0;

/// A server that was started for comparison.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts it and waits until it listens.
    pub fn start(mut command: Command, address: SocketAddr) -> anyhow::Result<Self> {
        let child = command.stdin(Stdio::null()).spawn().context("starting")?;
        let server = Self { child, address };
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            anyhow::ensure!(start.elapsed() < Duration::from_secs(10), "nobody listens");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// nginx in one process that answers 204 to everything; its files are in this folder.
pub fn start_nginx(folder: &Path) -> anyhow::Result<Server> {
    let address = free_address()?;
    let here = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {here}/{name};"))
        .concat();
    let text = format!(
        "daemon off; master_process off; pid {here}/pid; error_log {here}/error.log;
         events {{ worker_connections 512; }}
         http {{ access_log off; keepalive_requests 1000000000; {temporary}
             server {{ listen {address}; location / {{ return 204; }} }} }}"
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, text)?;
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-c").arg(&file).arg("-p").arg(folder).arg("-e").arg(folder.join("early.log"));
    Server::start(command, address).context("nginx: run scripts/install-dependencies test")
}

pub fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Processor time that a process took so far, in seconds.
pub fn processor_seconds(id: u32) -> anyhow::Result<f64> {
    let own = stat(id)?;
    Ok((own[UTIME] + own[STIME]) / TICKS)
}

/// The same of a process and all its children, those that ended too.
pub fn family_seconds(id: u32) -> anyhow::Result<f64> {
    let parent = stat(id)?;
    let mut ticks: f64 = parent[UTIME..=CSTIME].iter().sum();
    for entry in std::fs::read_dir("/proc")? {
        let child = entry?.file_name().to_string_lossy().parse();
        // A child may end while we look.
        if let Ok(child) = child
            && let Ok(fields) = stat(child)
            && fields[PARENT] == f64::from(id)
        {
            ticks += fields[UTIME] + fields[STIME];
        }
    }
    Ok(ticks / TICKS)
}

/// Places in proc_pid_stat(5), counted from the first number behind the name and the state.
const PARENT: usize = 0;
const UTIME: usize = 10;
const STIME: usize = 11;
const CSTIME: usize = 13;

/// The numbers of `/proc/…/stat`, up to the times.
fn stat(id: u32) -> anyhow::Result<Vec<f64>> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name before may hold anything; the state is a letter.
    let (_, fields) = stat.rsplit_once(')').context("/proc/…/stat")?;
    let fields = fields.split_whitespace().skip(1).take(CSTIME + 1);
    Ok(fields.map(str::parse).collect::<Result<_, _>>()?)
}

/// Resident memory of a process, in megabytes.
pub fn megabytes(id: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kilobytes: f64 = line.split_whitespace().next().context("VmRSS")?.parse()?;
    Ok(kilobytes / 1024.0)
}
