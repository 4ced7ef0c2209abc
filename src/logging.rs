//! The log: one line for each thing that happened, for eyes or for machines, on standard error.

mod anew;

use std::io::IsTerminal as _;

use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::filter::{
    DynFilterFn, EnvFilter, FilterExt as _, FilterFn, LevelFilter, filter_fn,
};
use tracing_subscriber::layer::{Context, Filter, Identity, Layer, Layered, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::LogFormat;
use crate::traces;
use anew::Anew;

/// What is logged without `RUST_LOG`.
const DEFAULT_FILTER: &str = "info,sqlx=warn";

/// What the log and the traces are recorded from: spans and events without what libraries print below `info`.
pub type Discreet = Layered<FilterFn<IsEnabled>, Layered<LevelFilter, Registry>>;

type IsEnabled = fn(&Metadata<'_>) -> bool;

/// Begins to log, for the whole process. `RUST_LOG` chooses what.
///
/// Libraries never log below `info`, whatever `RUST_LOG` is: there they print requests whole, and
/// with them credentials.
pub fn init(format: LogFormat) {
    init_beside(None::<Identity>, format);
}

/// The same, beside a layer that records traces.
pub fn init_beside(traces: Option<impl Layer<Discreet> + Send + Sync>, format: LogFormat) {
    let wanted = std::env::var("RUST_LOG").ok().filter(|wanted| !wanted.is_empty());
    let (filter, mistaken) = match wanted.as_deref().map(EnvFilter::try_new) {
        Some(Ok(filter)) => (filter, None),
        Some(Err(error)) => (EnvFilter::new(DEFAULT_FILTER), Some(error)),
        None => (EnvFilter::new(DEFAULT_FILTER), None),
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let lines = match format {
        LogFormat::Human => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let logging = begin_discreet(find_level(&filter, traces.is_some()))
        .with(traces.map(|traces| traces.with_filter(choose_recorded())))
        .with(lines.with_filter(choose_logged(filter)));
    // Fails only if a logger exists already.
    let _ = logging.try_init();
    if let Some(error) = mistaken {
        tracing::warn!(%error, "RUST_LOG is not understood and not used");
    }
}

fn begin_discreet(level: LevelFilter) -> Discreet {
    let discreet = FilterFn::new(is_discreet as IsEnabled);
    tracing_subscriber::registry().with(level).with(discreet)
}

/// Below this level nobody is asked.
fn find_level(filter: &EnvFilter, records_traces: bool) -> LevelFilter {
    let logged = filter.max_level_hint().unwrap_or(LevelFilter::TRACE);
    if records_traces { logged.max(LevelFilter::INFO) } else { logged }
}

/// What is logged of that which the filter lets through.
fn choose_logged<S: Subscriber>(filter: EnvFilter) -> impl Filter<S> {
    let is_logged = filter_fn(|metadata| metadata.target() != traces::TARGET);
    // Without that it would ask for everything.
    Anew(filter.and(is_logged.with_max_level_hint(LevelFilter::TRACE)))
}

/// The spans that traces record, whatever is logged: ours, and parts only of one that is recorded.
fn choose_recorded<S: Subscriber + for<'a> LookupSpan<'a>>() -> impl Filter<S> {
    let may_be = |metadata: &Metadata<'_>| {
        metadata.is_span() && is_ours(metadata.target()) && *metadata.level() <= LevelFilter::INFO
    };
    DynFilterFn::new(move |metadata, context: &Context<'_, S>| {
        let is_part = metadata.target() == traces::TARGET;
        may_be(metadata) && (!is_part || context.lookup_current().is_some())
    })
    // Anew as well.
    .with_callsite_filter(move |metadata| match may_be(metadata) {
        true => Interest::sometimes(),
        false => Interest::never(),
    })
    .with_max_level_hint(LevelFilter::INFO)
}

fn is_discreet(metadata: &Metadata<'_>) -> bool {
    is_ours(metadata.target()) || *metadata.level() <= LevelFilter::INFO
}

fn is_ours(target: &str) -> bool {
    target == "countersign" || target.starts_with("countersign::")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::span::{Attributes, Id};

    use super::*;

    /// Notes the names of spans, and of events their targets.
    #[derive(Clone, Default)]
    struct Noted(Arc<Mutex<Vec<&'static str>>>);

    impl<S: Subscriber> Layer<S> for Noted {
        fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
            self.0.lock().unwrap().push(attributes.metadata().name());
        }

        fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
            self.0.lock().unwrap().push(event.metadata().target());
        }
    }

    /// What is logged and what is recorded, while a library asks in between whether it may log.
    fn note(work: impl FnOnce(&dyn Fn())) -> [Vec<&'static str>; 2] {
        let (logged, recorded) = (Noted::default(), Noted::default());
        let filter = EnvFilter::new(DEFAULT_FILTER);
        let logging = begin_discreet(find_level(&filter, true))
            .with(recorded.clone().with_filter(choose_recorded()))
            .with(logged.clone().with_filter(choose_logged(filter)));
        assert_eq!(logging.max_level_hint(), Some(LevelFilter::INFO));
        tracing::subscriber::with_default(logging, || {
            let asked = tracing::info_span!(target: "sqlx::query", "asked");
            let metadata = asked.metadata().unwrap();
            work(&|| {
                // As `log::log_enabled!` does it.
                tracing::dispatcher::get_default(|dispatch| dispatch.enabled(metadata));
            });
        });
        [logged, recorded].map(|noted| std::mem::take(&mut *noted.0.lock().unwrap()))
    }

    #[test]
    fn a_question_between_takes_nothing_from_the_log_and_the_traces() {
        let [logged, recorded] = note(|ask| {
            for _ in 0..2 {
                ask();
                tracing::info!(target: "countersign::event", "a line");
                ask();
                tracing::info_span!(target: "countersign", "interaction");
            }
        });
        assert_eq!(logged, ["countersign::event", "interaction"].repeat(2));
        assert_eq!(recorded, ["interaction"; 2]);
    }

    #[test]
    fn without_traces_nobody_is_asked_below_the_default() {
        let filter = EnvFilter::new(DEFAULT_FILTER);
        let logging = begin_discreet(find_level(&filter, false))
            .with(None::<Identity>)
            .with(Noted::default().with_filter(choose_logged(filter)));
        assert_eq!(logging.max_level_hint(), Some(LevelFilter::INFO));
    }

    #[test]
    fn parts_are_recorded_where_they_belong_to_something_and_never_logged() {
        let [logged, recorded] = note(|ask| {
            let part = || tracing::info_span!(target: traces::TARGET, "part");
            part();
            let whole = tracing::info_span!(target: "countersign", "job");
            ask();
            whole.in_scope(part);
            tracing::debug!(target: "countersign::event", "below the default");
        });
        assert_eq!(logged, ["job"]);
        assert_eq!(recorded, ["job", "part"]);
    }
}
