//! A collector of OpenTelemetry, which keeps what it gets by OTLP over HTTP.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
pub use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;

/// What it does with a batch.
#[derive(Clone, Copy, Debug)]
pub enum Manner {
    /// It takes it.
    Takes,
    /// It answers 500.
    Refuses,
    /// It never answers.
    Hangs,
}

/// A batch as it came.
#[derive(Debug)]
pub struct Batch {
    /// Where it was sent to.
    pub path: String,
    /// With these headers.
    pub headers: HeaderMap,
    /// What was sent.
    pub body: Bytes,
}

/// The collector. It ends with the test.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    shared: Shared,
}

/// What it does now, and what came.
type Shared = Arc<Mutex<(Manner, Vec<Batch>)>>;

async fn take(
    State(shared): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let manner = {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.1.push(Batch { path: uri.path().to_owned(), headers, body });
        shared.0
    };
    match manner {
        Manner::Takes => StatusCode::OK,
        Manner::Refuses => StatusCode::INTERNAL_SERVER_ERROR,
        Manner::Hangs => std::future::pending().await,
    }
}

impl Collector {
    /// One that does this with each batch.
    pub async fn start(manner: Manner) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Mutex::new((manner, Vec::new())));
        let service = Router::new().fallback(take).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, service).await });
        Ok(Self { address, shared })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it does this.
    pub fn change(&self, manner: Manner) {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).0 = manner;
    }

    /// What came, in the order in which it did.
    pub fn take_batches(&self) -> Vec<Batch> {
        std::mem::take(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner).1)
    }
}

/// What a batch holds.
///
/// # Panics
/// It is no batch of traces.
pub fn decode(batch: &Batch) -> ExportTraceServiceRequest {
    match ExportTraceServiceRequest::decode(batch.body.clone()) {
        Ok(request) => request,
        Err(error) => panic!("{} bytes are no traces: {error}", batch.body.len()),
    }
}

/// The spans of these batches.
pub fn list_spans(batches: &[Batch]) -> Vec<Span> {
    let all = batches.iter().flat_map(|batch| decode(batch).resource_spans);
    all.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
}

/// Attributes as text.
///
/// # Panics
/// One is neither text nor a number.
pub fn read_attributes(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let shown = |value: &Value| match value {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => panic!("an attribute is {other:?}"),
    };
    let values = attributes.iter().filter_map(|attribute| {
        Some((attribute.key.clone(), shown(attribute.value.as_ref()?.value.as_ref()?)))
    });
    values.collect()
}
