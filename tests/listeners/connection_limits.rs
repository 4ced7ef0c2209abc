//! Which connections are closed when a listener is full, by address. Clients have different addresses here,
//! so the listener runs in this process: the bot does not count addresses of its own machine.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use countersign::web::connections::{self, Limits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const CONNECTIONS: usize = 8;
const PER_ADDRESS: usize = 3;

/// The proxy, which is not counted.
const PROXY: &str = "127.0.0.1";

/// How long something immediate may take on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(2);

struct Listener {
    address: SocketAddr,
    /// What `/wait` waits for.
    answers: Arc<Semaphore>,
    stop: CancellationToken,
    serves: JoinHandle<()>,
}

impl Listener {
    fn open_panel() -> Self {
        let listener = connections::listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let (answers, stop) = (Arc::new(Semaphore::new(0)), CancellationToken::new());
        let waits = answers.clone();
        let routes = Router::new().route("/", get(async || "here")).route(
            "/wait",
            get(async move || {
                waits.acquire().await.unwrap().forget();
                "here"
            }),
        );
        let limits = Limits {
            connections: CONNECTIONS,
            per_address: PER_ADDRESS,
            exempt: vec![format!("{PROXY}/32").parse().unwrap()],
        };
        let ends = stop.clone();
        let serves = connections::serve(listener, "test", limits, move |_| routes.clone(), ends);
        Self { address, answers, stop, serves: tokio::spawn(serves) }
    }

    async fn client(&self, from: &str) -> Client {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(from.parse().unwrap(), 0)).unwrap();
        Client(socket.connect(self.address).await.unwrap())
    }

    /// So many that were answered once, and wait.
    async fn idle(&self, from: &str, count: usize) -> Vec<Client> {
        let mut clients = Vec::new();
        for _ in 0..count {
            let mut client = self.client(from).await;
            assert!(client.is_answered("/").await);
            clients.push(client);
        }
        clients
    }
}

struct Client(TcpStream);

impl Client {
    async fn ask(&mut self, path: &str) -> bool {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        self.0.write_all(request.as_bytes()).await.is_ok()
    }

    /// Whether an answer comes; otherwise the connection is closed.
    async fn receive(&mut self) -> bool {
        let mut said = [0; 1024];
        let count = timeout(AT_ONCE, self.0.read(&mut said)).await.expect("neither");
        count.is_ok_and(|count| said[..count].ends_with(b"here"))
    }

    async fn is_answered(&mut self, path: &str) -> bool {
        self.ask(path).await && self.receive().await
    }
}

async fn answered(clients: &mut [Client]) -> Vec<bool> {
    let mut answered = Vec::new();
    for client in clients {
        answered.push(client.is_answered("/").await);
    }
    answered
}

#[tokio::test]
async fn one_address_only_loses_its_own_connections() {
    let listener = Listener::open_panel();
    let mut others = listener.idle("127.0.0.3", 2).await;
    let mut one = listener.idle("127.0.0.2", PER_ADDRESS).await;
    // The oldest sends a request, and is no longer the one that waits longest.
    assert!(one[0].is_answered("/").await);
    let mut more = listener.idle("127.0.0.2", 1).await;
    assert_eq!(answered(&mut one).await, [true, false, true]);
    // It also holds any number of headers that never end.
    for _ in 0..20 {
        let mut slow = listener.client("127.0.0.2").await;
        slow.0.write_all(b"GET / HTTP/1.1\r\nX-Half").await.unwrap();
        more.push(slow);
    }
    let mut late = listener.idle("127.0.0.2", 1).await;
    assert_eq!(answered(&mut late).await, [true]);
    assert_eq!(answered(&mut others).await, [true, true]);
}

#[tokio::test]
async fn the_proxys_connections_are_closed_last() {
    let listener = Listener::open_panel();
    let mut proxy = listener.idle(PROXY, 4).await;
    let mut many = Vec::new();
    for number in 2..30 {
        many.extend(listener.idle(&format!("127.0.0.{number}"), 1).await);
    }
    assert_eq!(answered(&mut proxy).await, [true; 4], "the proxy's are the oldest");
    let last = many.len() - 4;
    assert_eq!(answered(&mut many[last..]).await, [true; 4], "the newest of all others");
    assert!(!answered(&mut many[..last]).await.contains(&true));
    // The proxy may have all there are.
    let mut all = listener.idle(PROXY, 4).await;
    assert_eq!(answered(&mut all).await, [true; 4]);
    assert_eq!(answered(&mut proxy).await, [true; 4]);
    assert_eq!(answered(&mut many[last..]).await, [false; 4]);
    // And then takes from itself.
    let mut more = listener.idle(PROXY, 1).await;
    assert_eq!(answered(&mut more).await, [true]);
}

#[tokio::test]
async fn every_pending_response_is_sent() {
    let listener = Listener::open_panel();
    let mut owed = Vec::new();
    for number in 0..CONNECTIONS {
        let mut client = listener.client(&format!("127.0.0.{}", number + 2)).await;
        assert!(client.ask("/wait").await);
        owed.push(client);
    }
    for _ in 0..3 {
        let mut late = listener.client(PROXY).await;
        assert!(!late.is_answered("/").await, "there is no room, which is told at once");
    }
    listener.answers.add_permits(CONNECTIONS);
    for client in &mut owed {
        assert!(client.receive().await);
    }
    listener.idle("127.0.0.99", 1).await;
}

#[tokio::test]
async fn a_stop_waits_for_responses_but_not_for_silent_clients() {
    let listener = Listener::open_panel();
    let idle = listener.idle(PROXY, 2).await;
    let silent = listener.client(PROXY).await;
    let mut slow = listener.client(PROXY).await;
    slow.0.write_all(b"GET / HTTP/1.1\r\nX-Half").await.unwrap();
    let mut owed = listener.client("127.0.0.2").await;
    assert!(owed.ask("/wait").await);
    // It is known to be there when another one is answered.
    listener.idle(PROXY, 1).await;
    listener.stop.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!listener.serves.is_finished(), "an answer is owed");
    // A request that is still arriving gets a little time.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(!listener.serves.is_finished(), "an answer is owed");
    listener.answers.add_permits(1);
    assert!(owed.receive().await);
    timeout(AT_ONCE, listener.serves).await.expect("it goes on").unwrap();
    drop((idle, silent, slow));
}
