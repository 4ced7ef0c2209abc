//! Bytes that no client library would send, through a proxy: what arrives is what was authorized, with all that
//! the proxy adds.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::play::Play;

impl Play {
    /// Sends this with the token, and gives the answer's status; 0 where there is none.
    async fn send(&self, line: &str, headers: &str) -> u16 {
        let mut stream = TcpStream::connect(self.gateway.address).await.unwrap();
        let (host, bearer) = (self.gateway.address, &self.secret);
        let request =
            format!("{line}\r\nHost: {host}\r\nAuthorization: Bearer {bearer}\r\n{headers}\r\n");
        // It may be refused before all of it is written.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut said = Vec::new();
        // Not to its end: Envoy keeps a connection open for a second after what it refuses.
        while !said.windows(4).any(|four| four == b"\r\n\r\n")
            && stream.read_buf(&mut said).await.is_ok_and(|read| read > 0)
        {}
        let text = String::from_utf8_lossy(&said);
        text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    /// However a path is written: what arrives is a path that the token opens, in every reading of it.
    pub async fn check_paths(&self) {
        let (own, host) = (format!("/Orchards/{}", self.sid), self.gateway.address);
        let mut arrived = 0;
        for target in [
            format!("{own}/Trees"),
            format!("{own}/Trees/../Harvests"),
            format!("{own}/Trees/%2e%2e/Harvests"),
            format!("{own}/Trees/.%2E/Harvests"),
            format!("{own}/Trees/..%2fHarvests"),
            format!("{own}/Trees/%2e%2e%2fHarvests"),
            format!("{own}/Trees/%252e%252e%252fHarvests"),
            format!("{own}/Trees/..;/Harvests"),
            format!("{own}/Trees/..\\Harvests"),
            format!("{own}/Trees/..%5cHarvests"),
            format!("{own}/Trees/%00"),
            format!("{own}/Trees/7#/../../Harvests"),
            format!("{own}/Harvests#/../Trees"),
            format!("{own}/Harvests?/../Trees"),
            format!("{own}/Harvests%3f/../Trees"),
            format!("{own}/Harvests/../Trees"),
            format!("{own}/Harvests;/../Trees"),
            format!("{own}/./Trees"),
            format!("/.{own}/Trees"),
            format!("/v1/..{own}/Harvests"),
            format!("//x{own}/Trees"),
            format!("http://{host}{own}/Trees"),
            format!("http://{host}{own}/Harvests"),
            format!("http://{host}{own}/Trees/../Harvests"),
            format!("http://{host}/Harvests?{own}/Trees"),
            format!("http://{host}#{own}/Trees"),
            format!("http:{own}/Trees"),
            format!("{own}/Trees/\u{fffd}"),
            format!("{own}/Trees/%c0%ae%c0%ae/Harvests"),
            format!("{own}/Trees/%ef%bc%8f"),
            format!("{own}/Trees/{}", "../".repeat(500)),
            format!("{own}/Trees/{}", "a".repeat(5_000)),
            "*".to_owned(),
            "x:80".to_owned(),
        ] {
            let line = format!("GET {target} HTTP/1.1");
            let status = self.send(&line, "Connection: close\r\n").await;
            assert!(
                status < 500 || status == 501,
                "{status} for {target}: {}",
                self.gateway.output()
            );
            for seen in self.asked.lock().unwrap().drain(..) {
                arrived += 1;
                let uri = seen.split(' ').nth(1).unwrap();
                let path = uri.strip_prefix(&format!("http://{host}")).unwrap_or(uri);
                // Traefik encodes what must be encoded before it asks.
                let trees = path.strip_prefix(&format!("{own}/Trees"));
                assert!(matches!(trees, Some("" | "/%EF%BF%BD")), "{target} arrived as {seen}");
                let known = seen.replacen(uri, path, 1);
                assert_eq!(known, self.as_sent("GET", path), "{target}");
            }
        }
        assert!(arrived >= 2, "{arrived} arrived");
    }

    /// A client that names headers in `Connection`, which proxies remove, can't remove ours.
    pub async fn check_own_headers(&self) {
        let path = format!("/Orchards/{}/Trees", self.sid);
        for name in [
            "X-Forwarded-Method",
            "X-Forwarded-Uri",
            "X-Original-Method",
            "X-Original-URI",
            "X-Original-URL",
            "X-Forwarded-For",
            "X-Token-Sid",
            "X-Token-Name",
            "Authorization",
            "Host",
        ] {
            for target in [&path, super::ANOTHERS] {
                for more in ["", "X-Forwarded-Uri: /\r\nX-Original-URI: /\r\nX-Token-Sid: CS1\r\n"]
                {
                    let headers = format!("Connection: close, {name}\r\n{more}");
                    let status = self.send(&format!("GET {target} HTTP/1.1"), &headers).await;
                    assert!(
                        matches!(status, 200 | 400 | 401 | 403),
                        "{status} for {name} {target}"
                    );
                    let seen: Vec<_> = self.asked.lock().unwrap().drain(..).collect();
                    assert_eq!(seen.len(), usize::from(status == 200), "{seen:?}");
                    for seen in seen {
                        assert_eq!(seen, self.as_sent("GET", &path), "{name} {more}");
                    }
                }
            }
        }
    }
}
