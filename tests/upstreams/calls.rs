//! Makes the calls of a ready configuration, as it stands in its file.

use anyhow::{Context, ensure};
use countersign_playground::bot::Provider;
use countersign_playground::upstreams::Upstream;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Method};
use serde_json::Value;
use toml::Table;

/// What a request and its token bring into a template.
#[derive(Clone, Debug)]
pub struct Values<'a> {
    pub marker: &'a str,
    pub scopes: &'a [&'a str],
    pub lifetime_seconds: Option<u64>,
    pub upstream_id: Option<&'a str>,
}

impl<'a> Values<'a> {
    /// A wish for a token with these scopes, for a day.
    pub fn new(marker: &'a str, scopes: &'a [&'a str]) -> Self {
        Self { marker, scopes, lifetime_seconds: Some(86_400), upstream_id: None }
    }

    /// Nothing but the token of that id.
    pub fn of(upstream_id: &'a str) -> Self {
        Self { upstream_id: Some(upstream_id), ..Self::new("unused", &[]) }
    }
}

/// The calls of one provider.
pub struct Calls {
    pub provider: Provider,
    url: String,
    client: Client,
}

/// What a call was answered with.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// `null` where there was no body.
    pub body: Value,
    /// `response` of the call.
    pointers: Table,
}

impl Answer {
    /// What one of the call's pointers leads to.
    pub fn at(&self, pointer: &str) -> anyhow::Result<&Value> {
        let path = text(&self.pointers, pointer)?;
        self.body.pointer(path).with_context(|| format!("nothing at {path} of {self:?}"))
    }

    /// The same where it is text.
    pub fn text_at(&self, pointer: &str) -> anyhow::Result<&str> {
        self.at(pointer)?.as_str().with_context(|| format!("{pointer} is no text in {self:?}"))
    }
}

impl Calls {
    pub fn new(upstream: &Upstream) -> anyhow::Result<Self> {
        let url = upstream.url();
        let provider = upstream.provider(&url, "1", "2")?;
        Ok(Self { provider, url, client: Client::builder().no_proxy().build()? })
    }

    /// Makes the call of that name: `create`, `find` or `revoke`.
    pub async fn call(&self, name: &str, values: &Values<'_>) -> anyhow::Result<Answer> {
        let call = table(&self.provider.issuer, name)?;
        let method: Method = text(call, "method")?.parse()?;
        let url = self.rendered(text(call, "url")?, AutoEscape::Custom("url"), values)?;
        let mut request = self.client.request(method, url);
        for (header, template) in table(call, "headers")? {
            let template = template.as_str().context("a header is text")?;
            request = request.header(header, self.rendered(template, AutoEscape::None, values)?);
        }
        if let Some(template) = call.get("body").and_then(toml::Value::as_str) {
            let body = self.rendered(template, AutoEscape::Json, values)?;
            let body: Value = serde_json::from_str(&body).context("the body is no JSON")?;
            request = request.json(&body);
        }
        answer(request, table(call, "response")?.clone()).await
    }

    /// The ids of those that `find` finds by this marker.
    pub async fn found(&self, marker: &str) -> anyhow::Result<Vec<String>> {
        let answer = self.call("find", &Values::new(marker, &[])).await?;
        ensure!(answer.status == 200, "{answer:?}");
        let find = table(&self.provider.issuer, "find")?;
        let items = answer.body.pointer(text(find, "items")?).and_then(Value::as_array);
        let (matching, id) = (text(find, "match")?, text(&answer.pointers, "id")?);
        let items = items.with_context(|| format!("no items in {answer:?}"))?.iter();
        items
            .filter(|item| item.pointer(matching).is_some_and(|value| value == marker))
            .map(|item| item.pointer(id).and_then(Value::as_str).map(str::to_owned))
            .collect::<Option<_>>()
            .context("an item has no id")
    }

    /// What the service answers whoever holds this token.
    pub async fn with_token(
        &self,
        (method, path): (Method, &str),
        token: &str,
    ) -> anyhow::Result<Answer> {
        let request = self.client.request(method, format!("{}{path}", self.url));
        answer(request.bearer_auth(token), Table::new()).await
    }

    /// The same with a body.
    pub async fn sends_with_token(
        &self,
        (method, path): (Method, &str),
        token: &str,
        body: &Value,
    ) -> anyhow::Result<Answer> {
        let request = self.client.request(method, format!("{}{path}", self.url));
        answer(request.bearer_auth(token).json(body), Table::new()).await
    }

    /// Puts another text in place of one in a template, as an operator may.
    pub fn change(&mut self, call: &str, key: &str, from: &str, to: &str) -> anyhow::Result<()> {
        let value = self.provider.issuer.get_mut(call).and_then(|call| call.get_mut(key));
        let value = value.with_context(|| format!("no {call}.{key}"))?;
        let changed = value.as_str().context("no template")?.replace(from, to);
        ensure!(value.as_str() != Some(&changed), "{from} is not in {call}.{key}");
        *value = changed.into();
        Ok(())
    }

    /// Puts another value in place of a secret.
    pub fn change_secret(&mut self, name: &str, value: &str) -> anyhow::Result<()> {
        let secrets = self.provider.issuer.get_mut("secrets").and_then(toml::Value::as_table_mut);
        let old = secrets.context("no secrets")?.insert(name.to_owned(), value.into());
        old.with_context(|| format!("no secret {name}")).map(drop)
    }

    fn rendered(
        &self,
        template: &str,
        escape: AutoEscape,
        values: &Values<'_>,
    ) -> anyhow::Result<String> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(move |_| escape);
        environment.set_formatter(move |output, state, value| match escape {
            AutoEscape::Custom(_) => {
                let encoded = utf8_percent_encode(&value.to_string(), NON_ALPHANUMERIC).to_string();
                Ok(output.write_str(&encoded)?)
            }
            _ => minijinja::escape_formatter(output, state, value),
        });
        let Values { marker, scopes, lifetime_seconds, upstream_id } = values;
        let secret = table(&self.provider.issuer, "secrets")?;
        let values = context! { marker, scopes, lifetime_seconds, upstream_id, secret };
        Ok(environment.render_str(template, values)?)
    }
}

async fn answer(request: reqwest::RequestBuilder, pointers: Table) -> anyhow::Result<Answer> {
    let answer = request.send().await?;
    let (status, text) = (answer.status().as_u16(), answer.text().await?);
    let body = match text.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).with_context(|| format!("no JSON: {text}"))?,
    };
    Ok(Answer { status, body, pointers })
}

fn table<'a>(table: &'a Table, key: &str) -> anyhow::Result<&'a Table> {
    table.get(key).and_then(toml::Value::as_table).with_context(|| format!("no table {key}"))
}

fn text<'a>(table: &'a Table, key: &str) -> anyhow::Result<&'a str> {
    table.get(key).and_then(toml::Value::as_str).with_context(|| format!("no text {key}"))
}
