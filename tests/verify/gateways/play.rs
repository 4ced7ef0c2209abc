//! What a client does with a token before a proxy, and what the service sees of it.

use reqwest::{Client, RequestBuilder};

use super::super::proxies::{Gateway, Proxy};
use super::{ANOTHERS, Asked, FAMILIES, status};

/// A proxy between a client and the service.
pub struct Play {
    pub proxy: Proxy,
    pub gateway: Gateway,
    pub asked: Asked,
    pub client: Client,
    pub secret: String,
    pub sid: String,
}

impl Play {
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.gateway.address);
        self.client.request(method.parse().unwrap(), url)
    }

    pub fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(&self.secret)
    }

    pub async fn status(&self, method: &str, path: &str) -> u16 {
        status(self.ask(method, path)).await
    }

    /// The one request that arrived.
    pub fn seen(&self) -> String {
        let mut asked = self.asked.lock().unwrap();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked.pop().unwrap()
    }

    pub fn nothing_arrived(&self) {
        assert_eq!(*self.asked.lock().unwrap(), Vec::<String>::new(), "nothing refused arrives");
    }

    /// What the service sees of a request that passed.
    pub fn as_sent(&self, method: &str, path: &str) -> String {
        format!("{method} {path} by {} Nightly%20reports 2 ", self.sid)
    }

    pub async fn check_passed_on(&self) {
        let own = format!("/Orchards/{}", self.sid);
        for (method, path) in [
            ("GET", "/Trees?page=2"),
            ("GET", "/Trees?next=/../x//y%2F"),
            ("POST", "/Trees"),
            ("DELETE", "/Trees/a%40b"),
            ("GET", "/Trees/%E6%A2%A8"),
            ("GET", "/Fruit/"),
            ("GET", "/Fruit/?page=2"),
            ("GET", "/Projects/orchard/Files"),
            ("GET", "/Projects/group%2Forchard/Files"),
            ("GET", "/Projects/group%2forchard%2Ftrees/Files"),
        ] {
            let path = format!("{own}{path}");
            assert_eq!(self.status(method, &path).await, 200, "{method} {path}");
            // Traefik writes it in capitals, which is the same (RFC 3986, 2.1).
            let capitals = self.proxy == Proxy::Traefik;
            let path = if capitals { path.replace("%2f", "%2F") } else { path };
            assert_eq!(self.seen(), self.as_sent(method, &path));
        }
        let basic = self.request("GET", &format!("{own}/Trees"));
        assert_eq!(status(basic.basic_auth(&self.sid, Some(&self.secret))).await, 200);
        assert_eq!(self.seen(), self.as_sent("GET", &format!("{own}/Trees")));
    }

    pub async fn check_refused(&self) {
        let own = format!("/Orchards/{}", self.sid);
        for (method, refused) in [
            ("PUT", format!("{own}/Trees")),
            ("HEAD", format!("{own}/Trees")),
            ("OPTIONS", format!("{own}/Trees")),
            ("GET", format!("{own}/Harvests")),
            ("GET", ANOTHERS.to_owned()),
            ("GET", format!("{own}/Trees/")),
            ("GET", format!("{own}/Fruit")),
            ("GET", format!("{own}/Trees%2f7")),
            ("GET", format!("{own}/Trees/7%2f8")),
            ("GET", format!("{own}/Projects/group/orchard/Files")),
            ("GET", format!("{own}/Projects/group%2F..%2Forchard/Files")),
            ("GET", format!("{own}/Trees/%2e%2e/Harvests")),
            ("GET", format!("{own}/Trees;x=1")),
            ("GET", "/".to_owned()),
            ("GET", "/v1/authorize".to_owned()),
            ("GET", "/v1/introspect".to_owned()),
        ] {
            let found = self.status(method, &refused).await;
            // Traefik answers some of them itself.
            assert!(matches!(found, 400 | 403), "{method} {refused}: {found}");
            assert!(found == 403 || self.proxy == Proxy::Traefik, "{method} {refused}: {found}");
        }
        // Traefik removes such slashes and dots before it asks, and passes on the path that it asked for.
        let cleans = self.proxy == Proxy::Traefik;
        for unclean in [format!("/{own}/Trees"), format!("{own}//Trees")] {
            assert_eq!(self.status("GET", &unclean).await, if cleans { 200 } else { 403 });
            if cleans {
                assert_eq!(self.seen(), self.as_sent("GET", &format!("{own}/Trees")));
            }
        }
        self.nothing_arrived();
    }

    /// A client's own headers about its request are not trusted, in any family, and are not passed on.
    pub async fn check_client_headers(&self) {
        let path = format!("/Orchards/{}/Trees", self.sid);
        let url = format!("http://x{path}");
        let told = FAMILIES.map(|name| match name {
            "x-forwarded-method" | "x-original-method" => (name, "GET"),
            "x-original-url" => (name, url.as_str()),
            _ => (name, path.as_str()),
        });
        for (name, value) in told.into_iter().chain([("x-token-sid", ANOTHERS)]) {
            let wrong = self.ask("GET", ANOTHERS).header(name, value);
            assert_eq!(status(wrong).await, 403, "{name}");
            self.nothing_arrived();
            let takes_away = name == "x-token-sid" || self.proxy.takes_away(name);
            let right = self.ask("GET", &path).header(name, value);
            assert_eq!(status(right).await, if takes_away { 200 } else { 403 }, "{name}");
            if takes_away {
                assert_eq!(self.seen(), self.as_sent("GET", &path), "{name}");
            }
        }
        // All of them at once, and each of them twice.
        let all = |path: &str| {
            let twice = told.into_iter().chain(told);
            twice.fold(self.ask("GET", path), |all, (name, value)| all.header(name, value))
        };
        assert_eq!(status(all(ANOTHERS)).await, 403);
        assert_eq!(status(all(&path)).await, 403);
        self.nothing_arrived();
        // Spelled with `_` they are refused, unless the gateway removes them.
        for name in ["X-HTTP-Method-Override", "X_Original_URI", "X_Forwarded_Uri", "X_Token_Sid"] {
            let found = status(self.ask("GET", &path).header(name, "DELETE")).await;
            if found == 200 && name.contains('_') {
                assert_eq!(self.seen(), self.as_sent("GET", &path), "{name}");
            } else {
                assert_eq!(found, 403, "{name}");
            }
        }
        self.nothing_arrived();
    }

    /// As configured: a preflight passes, and nothing that only looks like one.
    pub async fn check_preflights(&self) {
        let asks = |method: &str, path: &str| {
            let request = self.request(method, path).header("Origin", "https://page.example");
            request.header("Access-Control-Request-Method", "DELETE")
        };
        let path = format!("/Orchards/{}/Trees/7", self.sid);
        let nobodys = match self.proxy {
            // It writes the header's placeholder, which names no token either.
            Proxy::OldCaddy => ["Sid", "Name", "Version"]
                .map(|word| format!("{{http.reverse_proxy.header.X-Token-{word}}} "))
                .concat(),
            _ => "   ".to_owned(),
        };
        let nobodys = format!("OPTIONS {path} by {nobodys}");
        assert_eq!(status(asks("OPTIONS", &path)).await, 200);
        assert_eq!(self.seen(), nobodys);
        for (request, refused) in [
            (asks("DELETE", &path), 401),
            (self.request("OPTIONS", &path), 401),
            (asks("OPTIONS", &path).bearer_auth("guess"), 401),
            (asks("OPTIONS", &path).bearer_auth(&self.secret), 403),
            (asks("OPTIONS", &path).header("X-HTTP-Method-Override", "DELETE"), 401),
        ] {
            assert_eq!(status(request).await, refused);
            self.nothing_arrived();
        }
        // It is not the client's, whatever it contains.
        let named = status(asks("OPTIONS", &path).header("X-Token-Sid", &self.sid)).await;
        if named == 200 {
            assert_eq!(self.seen(), nobodys);
        }
    }
}
