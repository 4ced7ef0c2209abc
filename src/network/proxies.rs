//! The proxies of the environment. Their URLs may hold a login, which is shown nowhere.

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::NoProxy;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// Never through a proxy: what runs on this machine.
const THIS_MACHINE: &str = "localhost,127.0.0.0/8,::1";

/// What a variable takes.
const FORM: &str = "takes http://HOST:PORT or https://HOST:PORT of a proxy, with USER:PASSWORD@ before the host \
     where it wants a login (special characters as %XX); SOCKS is not spoken";

/// The proxies for both kinds of URLs, and what goes without.
pub struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    /// The value of `NO_PROXY`, and this machine.
    without: String,
    matcher: Matcher,
}

#[derive(Clone)]
struct Proxy {
    url: SecretString,
    /// Without the login.
    shown: String,
}

/// A variable that names no usable proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadProxy {
    /// Its name.
    pub variable: String,
    /// What it takes.
    pub message: &'static str,
}

impl Default for Proxies {
    fn default() -> Self {
        Self::build(None, None, "")
    }
}

impl std::fmt::Debug for Proxies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.describe().unwrap_or_default())
    }
}

impl Proxies {
    /// Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, and those in lower case where there is none in
    /// upper case. An empty one counts as none.
    ///
    /// # Errors
    /// Those that name no usable proxy.
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<BadProxy>> {
        let mut bad = Vec::new();
        let mut proxy = |name: &str| {
            let (variable, value) = first_of(&get, name)?;
            let read = Proxy::parse(&value);
            if read.is_none() {
                bad.push(BadProxy { variable, message: FORM });
            }
            read
        };
        let [https, http, all] = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].map(&mut proxy);
        let (https, http) = (https.or_else(|| all.clone()), http.or(all));
        let without = first_of(&get, "NO_PROXY").map(|(_, value)| value).unwrap_or_default();
        if bad.is_empty() { Ok(Self::build(https, http, &without)) } else { Err(bad) }
    }

    fn build(https: Option<Proxy>, http: Option<Proxy>, without: &str) -> Self {
        let url = |proxy: &Option<Proxy>| {
            proxy.as_ref().map(|proxy| proxy.url.expose_secret().to_owned()).unwrap_or_default()
        };
        let without = format!("{without},{THIS_MACHINE}");
        let matcher = Matcher::builder();
        let matcher = matcher.http(url(&http)).https(url(&https)).no(without.clone()).build();
        Self { http, https, without, matcher }
    }

    /// The proxies for people, without logins; none if there is none.
    #[must_use]
    pub fn describe(&self) -> Option<String> {
        let shown = |proxy: &Option<Proxy>, scheme: &str| {
            proxy.as_ref().map(|proxy| format!("{scheme} goes through {}", proxy.shown))
        };
        let all = [shown(&self.https, "https"), shown(&self.http, "http")];
        let all: Vec<String> = all.into_iter().flatten().collect();
        (!all.is_empty()).then(|| format!("{}, except to {}", all.join(", "), self.exceptions()))
    }

    fn exceptions(&self) -> String {
        let all = self.without.split(',').map(str::trim).filter(|name| !name.is_empty());
        all.collect::<Vec<_>>().join(" ")
    }

    /// The proxy for a URL of `http` or `https`.
    pub(super) fn find(&self, target: &http::Uri) -> Option<Intercept> {
        self.matcher.intercept(target)
    }

    pub(super) fn for_http_client(&self) -> Vec<reqwest::Proxy> {
        let https =
            self.https.as_ref().map(|proxy| reqwest::Proxy::https(proxy.url.expose_secret()));
        let http = self.http.as_ref().map(|proxy| reqwest::Proxy::http(proxy.url.expose_secret()));
        // Each URL was parsed before.
        let proxies = https.into_iter().chain(http).filter_map(Result::ok);
        proxies.map(|proxy| proxy.no_proxy(NoProxy::from_string(&self.without))).collect()
    }
}

impl Proxy {
    fn parse(value: &str) -> Option<Self> {
        // As in curl, a host alone is one that speaks HTTP.
        let value =
            if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
        let url = Url::parse(&value).ok()?;
        let is_known = matches!(url.scheme(), "http" | "https");
        let host = url.host_str().filter(|_| is_known)?;
        let port = url.port_or_known_default()?;
        let shown = format!("{}://{host}:{port}", url.scheme());
        Some(Self { url: SecretString::from(url.as_str()), shown })
    }
}

/// A variable in upper or in lower case, with its name.
fn first_of(get: impl Fn(&str) -> Option<String>, name: &str) -> Option<(String, String)> {
    [name.to_owned(), name.to_ascii_lowercase()].into_iter().find_map(|name| {
        let value = get(&name)?.trim().to_owned();
        (!value.is_empty()).then_some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{Authorities, ClientTls, Network};
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Proxies, Vec<BadProxy>> {
        let variables: BTreeMap<_, _> = variables.iter().copied().collect();
        Proxies::from_variables(|name| variables.get(name).map(|value| (*value).to_owned()))
    }

    fn proxy_for(proxies: &Proxies, url: &str) -> Option<String> {
        let found = proxies.find(&url.parse().unwrap());
        found.map(|proxy| proxy.uri().to_string().trim_end_matches('/').to_owned())
    }

    #[test]
    fn each_kind_of_url_has_its_proxy() {
        let proxies = read(&[
            ("HTTPS_PROXY", "http://user:pa%40ss@one.test:3128"),
            ("http_proxy", "two.test:8080"),
            ("no_proxy", "internal.test, 10.0.0.0/8,fd00::/8"),
        ])
        .unwrap();
        let through = |url: &str| proxy_for(&proxies, url);
        assert_eq!(through("https://discord.com:443").as_deref(), Some("http://one.test:3128"));
        assert_eq!(through("http://discord.com:80").as_deref(), Some("http://two.test:8080"));
        for direct in [
            "https://internal.test:443",
            "https://api.internal.test:443",
            "https://10.1.2.3:443",
            "https://[fd00::1]:443",
            "https://localhost:8443",
            "https://127.1.2.3:8443",
            "http://[::1]:80",
        ] {
            assert_eq!(through(direct), None, "{direct}");
        }
        let login = proxies.find(&"https://discord.com:443".parse().unwrap()).unwrap();
        assert_eq!(login.basic_auth().unwrap(), "Basic dXNlcjpwYUBzcw==");
    }

    #[test]
    fn logins_are_shown_nowhere() {
        let proxies = read(&[("HTTPS_PROXY", "http://user:password@one.test:3128")]).unwrap();
        let shown = "https goes through http://one.test:3128, except to localhost 127.0.0.0/8 ::1";
        assert_eq!(proxies.describe().as_deref(), Some(shown));
        assert_eq!(format!("{proxies:?}"), shown);
        let network = Network::new(Authorities::default(), proxies);
        let client = network.http_client(ClientTls::default()).unwrap();
        let client = format!("{:?}", client.build().unwrap());
        assert!(client.contains("one.test") && !client.contains("password"), "{client}");
        assert_eq!(read(&[]).unwrap().describe(), None);
    }

    #[test]
    fn upper_case_wins_and_an_empty_variable_is_none() {
        let both = [("HTTPS_PROXY", "http://upper.test:1"), ("https_proxy", "http://lower.test:1")];
        let target = "https://discord.com:443";
        let found = proxy_for(&read(&both).unwrap(), target);
        assert_eq!(found.as_deref(), Some("http://upper.test:1"));
        let empty = [("HTTPS_PROXY", ""), ("ALL_PROXY", "http://all.test:1")];
        let found = proxy_for(&read(&empty).unwrap(), target);
        assert_eq!(found.as_deref(), Some("http://all.test:1"));
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_its_login() {
        for wrong in
            ["socks5://user:password@one.test:1080", "http://", "ftp://one.test", "http://a b"]
        {
            let bad = read(&[("https_proxy", wrong)]).unwrap_err();
            assert_eq!(bad.len(), 1, "{wrong}");
            assert_eq!(bad[0].variable, "https_proxy");
            assert!(!format!("{bad:?}").contains("password"), "{wrong}");
        }
    }
}
