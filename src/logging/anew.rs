//! A filter that is asked about each span and event anew.
//!
//! Filters of single layers leave their answers in a place of the thread's, where a span or an event finds them. Where all of
//! them always say yes, they are not asked, and it finds those to an earlier question. `log::log_enabled!`, which sqlx asks
//! about each statement, is such a question without an event: the next line of the log would be lost.

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Filter};

/// The same filter, whose yes is never remembered.
pub(super) struct Anew<F>(pub(super) F);

impl<S, F: Filter<S>> Filter<S> for Anew<F> {
    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        match self.0.callsite_enabled(metadata).is_never() {
            true => Interest::never(),
            false => Interest::sometimes(),
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, context: &Context<'_, S>) -> bool {
        self.0.enabled(metadata, context)
    }

    fn event_enabled(&self, event: &Event<'_>, context: &Context<'_, S>) -> bool {
        self.0.event_enabled(event, context)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        self.0.max_level_hint()
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        self.0.on_new_span(attributes, id, context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        self.0.on_record(id, values, context);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.0.on_enter(id, context);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.0.on_exit(id, context);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.0.on_close(id, context);
    }
}
