//! What the server, the people and the harness share: the state behind its lock, and a counter
//! that wakes all waiting tasks when something changed.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Duration,
};

use serde_json::Value;
use tokio::sync::watch;

use crate::crash_points::Points;

use super::{
    faults::Faults,
    ingress::{Ingress, Nobody},
    interactions::{Beginning, Timings},
    limits::Limits,
    openapi,
    refusal::Refusal,
    snowflakes::Id,
    state::State,
};

/// A body that Discord would refuse, or that its document doesn't describe.
#[derive(Clone, Debug)]
pub struct Violation {
    /// Method and template.
    pub route: String,
    /// Where in the body, dotted.
    pub path: String,
    /// What is wrong; values of the body are left out.
    pub message: String,
}

/// Switches that can be turned while everything runs.
#[derive(Clone, Copy)]
pub(crate) struct Switches {
    pub timings: Timings,
    pub keep_bodies: bool,
    pub route_limits: bool,
    pub checks_user_agent: bool,
    pub checks_itself: bool,
    pub checks_document: bool,
}

pub(crate) struct Shared {
    state: Mutex<State>,
    version: watch::Sender<u64>,
    ingress: RwLock<Arc<dyn Ingress>>,
    switches: Mutex<Switches>,
    violations: Mutex<Vec<Violation>>,
    pub faults: Faults,
    pub points: Points,
    pub limits: Limits,
}

impl Shared {
    pub(crate) fn new(state: State, switches: Switches) -> Self {
        Self {
            state: Mutex::new(state),
            version: watch::Sender::new(0),
            ingress: RwLock::new(Arc::new(Nobody)),
            switches: Mutex::new(switches),
            violations: Mutex::default(),
            faults: Faults::default(),
            points: Points::default(),
            limits: Limits::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the state and wakes all tasks that wait for a change.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let outcome = change(&mut self.lock());
        self.wake();
        outcome
    }

    /// Records what a driver looked at; wakes no task, since nothing changed.
    pub(crate) fn mark_read(&self, person: Id, id: Id, revision: u64) {
        self.lock().mark_read(person, id, revision);
    }

    /// Wakes all tasks that wait for a change.
    pub(crate) fn wake(&self) {
        self.version.send_modify(|version| *version += 1);
    }

    /// Follows changes.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Waits, without polling, until a look at the state finds something.
    pub(crate) async fn until<T>(
        &self,
        limit: Duration,
        mut look: impl FnMut(&State) -> Option<T>,
    ) -> Option<T> {
        let mut changes = self.changes();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = self.read(&mut look) {
                    return Some(found);
                }
                changes.changed().await.ok()?;
            }
        };
        tokio::time::timeout(limit, waiting).await.ok().flatten()
    }

    pub(crate) fn set_ingress(&self, ingress: Arc<dyn Ingress>) {
        *self.ingress.write().unwrap_or_else(PoisonError::into_inner) = ingress;
    }

    pub(crate) fn ingress(&self) -> Arc<dyn Ingress> {
        Arc::clone(&self.ingress.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn switches(&self) -> Switches {
        *self.switches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn switch(&self, turn: impl FnOnce(&mut Switches)) {
        turn(&mut self.switches.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn violated(&self, violation: Violation) {
        self.violations.lock().unwrap_or_else(PoisonError::into_inner).push(violation);
    }

    /// The violations so far; `take` forgets them.
    pub(crate) fn violations(&self, take: bool) -> Vec<Violation> {
        let mut violations = self.violations.lock().unwrap_or_else(PoisonError::into_inner);
        if take { std::mem::take(&mut violations) } else { violations.clone() }
    }

    /// Makes an interaction and delivers it.
    pub(crate) fn interact(self: &Arc<Self>, start: Beginning) -> Result<Id, Refusal> {
        let timings = self.switches().timings;
        let (id, payload) = self.change(|state| state.begin(start, timings))?;
        self.deliver(payload);
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            // A waiting task must notice that no answer came.
            tokio::time::sleep(timings.answer_within).await;
            shared.wake();
        });
        Ok(id)
    }

    /// Delivers an interaction's payload.
    pub(crate) fn deliver(&self, payload: Value) {
        self.ingress().dispatch("INTERACTION_CREATE", payload);
    }

    /// Notes where an answer of ours differs from the document.
    pub(crate) fn check_itself(&self, method: &str, template: &str, body: &Value) {
        for complaint in openapi::answer_complaints(method, template, body) {
            let route = format!("answer of {method} {template}");
            self.violated(Violation { route, path: complaint.path, message: complaint.message });
        }
    }
}
