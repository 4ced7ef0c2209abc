//! Records spans and sends them to a collector, in batches, on a thread of the library's. Whoever is answered never
//! waits for it: what does not fit into the library's queue is dropped.

mod client;
mod told;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{Key, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracerProvider, Tracer};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

use super::{find_collector, read};
use crate::network::Network;
use client::Client;
use told::Told;

/// The service's name, unless a variable gives another.
const SERVICE: &str = "countersign";

/// How long the end of the process waits for the last spans to be taken.
const FLUSH_LIMIT: Duration = Duration::from_secs(3);

/// How long a collector may take for a batch, unless a variable says otherwise.
const SEND_LIMIT: Duration = Duration::from_secs(10);

/// Sends what was recorded, now and then, and the rest when it is dropped.
pub struct Exporter {
    provider: SdkTracerProvider,
    /// Where to, without a login.
    collector: String,
}

impl fmt::Debug for Exporter {
    /// The library's types would show headers, which may hold a login.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporter").field("collector", &self.collector).finish_non_exhaustive()
    }
}

impl Exporter {
    /// Begins to record, if a collector is named.
    ///
    /// # Errors
    /// A variable that can't be used.
    pub fn begin(network: &Network) -> anyhow::Result<Option<Self>> {
        let Some((name, address)) = find_collector().filter(|_| !is_switched_off()) else {
            return Ok(None);
        };
        let collector = read_address(&address).with_context(|| {
            format!("{name} is no web address like http://collector.example:4318")
        })?;
        check_protocol()?;
        let limit = read_limit();
        let client = Arc::new(Client::new(network, limit)?);
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(limit)
            .with_shared_http_client(client.clone())
            .build()
            // Its words may quote a variable with a login in it.
            .map_err(|_| {
                anyhow::anyhow!("{name}, or another variable OTEL_…, is not understood")
            })?;
        let provider = SdkTracerProvider::builder()
            .with_resource(describe_service())
            .with_batch_exporter(Told::new(exporter, client))
            .build();
        Ok(Some(Self { provider, collector }))
    }

    /// What records spans.
    #[must_use]
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> OpenTelemetryLayer<S, Tracer> {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(SERVICE))
            .with_context_activation(false)
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
    }

    /// Where traces are sent, without a login.
    #[must_use]
    pub fn collector(&self) -> &str {
        &self.collector
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        if self.provider.shutdown_with_timeout(FLUSH_LIMIT).is_err() {
            tracing::warn!("the last traces are lost: the collector did not take them in time");
        }
    }
}

/// Whether the standard variables ask for no traces, although they name a collector.
fn is_switched_off() -> bool {
    read("OTEL_SDK_DISABLED").eq_ignore_ascii_case("true") || read("OTEL_TRACES_EXPORTER") == "none"
}

/// An address without what may be secret in it.
fn read_address(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    is_web.then(|| url.origin().ascii_serialization())
}

fn check_protocol() -> anyhow::Result<()> {
    for name in ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"] {
        match &*read(name) {
            "" => {}
            "http/protobuf" => break,
            _ => anyhow::bail!(
                "{name} must be http/protobuf, or not be set: nothing else is spoken. The collector's port for it \
                 is usually 4318"
            ),
        }
    }
    Ok(())
}

fn read_limit() -> Duration {
    ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"]
        .into_iter()
        .find_map(|name| read(name).parse().ok())
        .map_or(SEND_LIMIT, Duration::from_millis)
}

/// What is said of this process with all its spans.
fn describe_service() -> Resource {
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let described = Resource::builder().with_attribute(version.clone()).build();
    // The library's own name, where no variable gives one.
    let is_named = described
        .get(&Key::from_static_str("service.name"))
        .is_some_and(|name| !name.as_str().starts_with("unknown_service"));
    match is_named {
        true => described,
        false => Resource::builder().with_attribute(version).with_service_name(SERVICE).build(),
    }
}
