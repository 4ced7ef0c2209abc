//! Gives spans the names that people look for, and tells operators when they are lost: the library says nothing.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::Value;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_otlp::SpanExporter as Otlp;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::client::Client;

/// How often the loss is told at most.
const TELL_EVERY: Duration = Duration::from_secs(3600);

const CURE: &str = "see that OTEL_EXPORTER_OTLP_ENDPOINT leads to a collector that takes OTLP over HTTP (usually port \
                    4318), and that it runs; nothing else waits for it";

/// An exporter whose losses are told.
#[derive(Debug)]
pub(super) struct Told {
    exporter: Otlp,
    client: Arc<Client>,
    losses: Mutex<Losses>,
}

#[derive(Debug, Default)]
struct Losses {
    /// Spans since the last batch that was taken.
    spans: usize,
    told_at: Option<Instant>,
    /// Whether the next success is worth a line.
    is_told: bool,
}

impl Told {
    pub(super) fn new(exporter: Otlp, client: Arc<Client>) -> Self {
        Self { exporter, client, losses: Mutex::default() }
    }

    fn note_lost(&self, spans: usize) {
        let mut losses = self.losses.lock().unwrap_or_else(PoisonError::into_inner);
        losses.spans += spans;
        if losses.told_at.is_some_and(|told_at| told_at.elapsed() < TELL_EVERY) {
            return;
        }
        losses.told_at = Some(Instant::now());
        losses.is_told = true;
        let error = self.client.take_failure().unwrap_or_default();
        tracing::warn!(
            error,
            spans = losses.spans,
            cure = CURE,
            "traces are lost: the collector does not take them"
        );
    }

    fn note_taken(&self) {
        let mut losses = self.losses.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = std::mem::take(&mut losses.spans);
        if std::mem::take(&mut losses.is_told) {
            tracing::info!(lost, "the collector takes traces again");
        }
    }
}

impl SpanExporter for Told {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len();
        batch.iter_mut().for_each(name_root);
        let sent = self.exporter.export(batch).await;
        match &sent {
            Ok(()) => self.note_taken(),
            Err(_) => self.note_lost(count),
        }
        sent
    }

    fn shutdown_with_timeout(&self, limit: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(limit)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// The span of an interaction or a job is named by its kind, and failed as it did. Its fields are those of the log, which
/// shall not show what OpenTelemetry calls these things.
fn name_root(span: &mut SpanData) {
    let kind = match &*span.name {
        "interaction" => SpanKind::Server,
        "job" => SpanKind::Consumer,
        _ => return,
    };
    span.span_kind = kind;
    let find = |key: &str| -> Option<&Value> {
        span.attributes.iter().find(|found| found.key.as_str() == key).map(|found| &found.value)
    };
    let is_failed = find("outcome")
        .is_some_and(|outcome| matches!(&*outcome.as_str(), "failed" | "panicked" | "busy"));
    if let Some(kind) = find("kind").map(|kind| kind.as_str().into_owned()) {
        span.name = format!("{} {kind}", span.name).into();
    }
    if is_failed {
        span.status = Status::error("");
    }
}
