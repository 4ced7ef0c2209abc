//! Makes the calls of a ready configuration, as the bot reads it.

use anyhow::{Context, ensure};
use countersign::config::{
    Config, HttpBody, HttpCall, HttpIssuerSettings, JsonPointer, ResponsePointers, Source,
    UpstreamValues,
};
use reqwest::{Client, Method};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use testkit::upstreams::Upstream;
use toml::Table;

use super::sections::SECTIONS;

/// Values for a token with these scopes, for a day.
pub fn wish(marker: &str, scopes: &[&str]) -> UpstreamValues {
    UpstreamValues {
        name: "Reports".to_owned(),
        description: "Weekly reports".to_owned(),
        marker: marker.to_owned(),
        api_version: 1,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        requester: "3".to_owned(),
        contact: "3".to_owned(),
        developer_emails: Vec::new(),
        lifetime_seconds: 86_400,
        expires_at: UpstreamValues::end_of(86_400, chrono::Utc::now()),
        upstream_id: None,
    }
}

/// The token of that marker and id.
pub fn token(marker: &str, id: &str) -> UpstreamValues {
    UpstreamValues { upstream_id: Some(id.to_owned()), ..wish(marker, &[]) }
}

/// The calls of one provider.
pub struct Calls {
    pub config: Config,
    url: String,
    client: Client,
}

/// What a call was answered with.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// `null` where there was no body.
    pub body: Value,
    /// Where the configuration looks for what.
    at: ResponsePointers,
}

/// A place in a body.
fn place(source: &Source) -> Option<&str> {
    match source {
        Source::Body(at) => Some(at.as_str()),
        Source::Header(_) | Source::Generated(_) => None,
    }
}

impl Answer {
    /// The token's id.
    pub fn id(&self) -> anyhow::Result<&str> {
        self.told(self.at.id.as_ref().and_then(place))?.as_str().context("the id is no text")
    }

    /// The token's secret.
    pub fn secret(&self) -> anyhow::Result<&str> {
        self.told(self.at.secret.first().and_then(place))?.as_str().context("the secret is no text")
    }

    /// When the token ends.
    pub fn expires_at(&self) -> anyhow::Result<&Value> {
        self.told(self.at.expires_at.as_ref().map(|end| end.at.as_str()))
    }

    /// Why it was refused.
    pub fn error(&self) -> anyhow::Result<&Value> {
        self.told(self.at.error.as_ref().map(JsonPointer::as_str))
    }

    fn told(&self, at: Option<&str>) -> anyhow::Result<&Value> {
        let at = at.context("the configuration doesn't say where that is")?;
        self.body.pointer(at).with_context(|| format!("nothing at {at} of {self:?}"))
    }
}

impl Calls {
    /// Of the configuration as it is.
    pub fn new(upstream: &Upstream) -> anyhow::Result<Self> {
        Self::changed(upstream, |_| {})
    }

    /// Of one that an operator changed.
    pub fn changed(upstream: &Upstream, change: impl FnOnce(&mut Table)) -> anyhow::Result<Self> {
        let url = upstream.url();
        let mut provider = upstream.provider(&url, "4", "5")?;
        change(&mut provider.issuer);
        let catalogue = provider.catalogue.display().to_string();
        let mut block = Table::new();
        for (key, value) in [("id", provider.id), ("name", provider.name), ("catalogue", catalogue)]
        {
            block.insert(key.to_owned(), value.into());
        }
        block.insert("approval_channel".to_owned(), provider.approval_channel.into());
        block.insert("admin_roles".to_owned(), provider.admin_roles.into());
        block.insert("issuer".to_owned(), provider.issuer.into());
        let mut file: Table = SECTIONS.parse()?;
        file.insert("providers".to_owned(), vec![block].into());
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("countersign.toml");
        std::fs::write(&path, file.to_string())?;
        let config = Config::load_with(&path, []).map_err(anyhow::Error::msg)?;
        Ok(Self { config, url, client: Client::builder().no_proxy().build()? })
    }

    fn issuer(&self) -> anyhow::Result<&HttpIssuerSettings> {
        self.config.providers[0].issuer.http().context("not http")
    }

    /// Makes a token.
    pub async fn create(&self, values: &UpstreamValues) -> anyhow::Result<Answer> {
        self.call(&self.issuer()?.create, values).await
    }

    /// Lists tokens.
    pub async fn list(&self) -> anyhow::Result<Answer> {
        let find = self.issuer()?.find.as_ref().context("no find")?;
        self.call(&find.call, &wish("unused", &[])).await
    }

    /// Ends the token of that id.
    pub async fn revoke(&self, id: &str) -> anyhow::Result<Answer> {
        let revoke = self.issuer()?.revoke.as_ref().context("no revoke")?;
        self.call(revoke, &token("unused", id)).await
    }

    async fn call(&self, call: &HttpCall, values: &UpstreamValues) -> anyhow::Result<Answer> {
        let outside = &self.issuer()?.outside;
        let url = call.url.render(values, outside)?;
        let method: Method = call.method.as_str().parse()?;
        let mut request = self.client.request(method, url.expose_secret());
        for (header, template) in &call.headers {
            let value = template.render(values, outside)?;
            request = request.header(header, value.expose_secret());
        }
        if let Some(HttpBody::Json(body)) = &call.body {
            let body: Value = serde_json::from_str(body.render(values, outside)?.expose_secret())?;
            request = request.json(&body);
        }
        answer(request, call.response.clone()).await
    }

    /// The ids that `find` finds for this marker.
    pub async fn found(&self, marker: &str) -> anyhow::Result<Vec<String>> {
        let answer = self.list().await?;
        ensure!(answer.status == 200, "{answer:?}");
        let find = self.issuer()?.find.as_ref().context("no find")?;
        let id = answer.at.id.as_ref().and_then(place).context("no pointer")?;
        let items = answer.body.pointer(find.items.as_str()).and_then(Value::as_array);
        let items = items.with_context(|| format!("no items in {answer:?}"))?.iter();
        let bears = |item: &&Value| {
            item.pointer(find.recognise.at.as_str()).is_some_and(|value| value == marker)
        };
        let ids = items
            .filter(bears)
            .map(|item| item.pointer(id).and_then(Value::as_str).map(str::to_owned));
        ids.collect::<Option<_>>().context("an item has no id")
    }

    /// The service's answer to a client with this token.
    pub async fn with_token(
        &self,
        (method, path): (Method, &str),
        token: &str,
    ) -> anyhow::Result<Answer> {
        let request = self.client.request(method, format!("{}{path}", self.url));
        answer(request.bearer_auth(token), ResponsePointers::default()).await
    }

    /// The same with a body.
    pub async fn send_with_token(
        &self,
        (method, path): (Method, &str),
        token: &str,
        body: &Value,
    ) -> anyhow::Result<Answer> {
        let request = self.client.request(method, format!("{}{path}", self.url));
        answer(request.bearer_auth(token).json(body), ResponsePointers::default()).await
    }
}

async fn answer(request: reqwest::RequestBuilder, at: ResponsePointers) -> anyhow::Result<Answer> {
    let answer = request.send().await?;
    let (status, text) = (answer.status().as_u16(), answer.text().await?);
    let body = match text.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).with_context(|| format!("no JSON: {text}"))?,
    };
    Ok(Answer { status, body, at })
}

/// Puts another value in place of a secret.
pub fn set_secret(issuer: &mut Table, name: &str, value: &str) {
    let secrets = issuer["secrets"].as_table_mut().unwrap();
    assert!(secrets.insert(name.to_owned(), value.into()).is_some(), "no secret {name}");
}
