//! Points at which a process may be killed: each is numbered as it passes, and can be held.
//!
//! A point is something that a process does to the outside: a call of Discord here, a commit or a
//! command to a mail server elsewhere. The proxy in between reports to [`Points`] that one arrived
//! ([`Points::arrive`]), and how it ended ([`Passage::after`]).
//! A test holds one with [`Points::hold`]:
//!
//! - [`When::Before`]: it arrived and was not carried out;
//! - [`When::After`]: it was carried out, and its answer is withheld.
//!
//! In both cases [`Hold::reached`] returns, so that the test can kill the process. The caller
//! of the point is disconnected when the test drops the hold.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use tokio::sync::oneshot;

/// On which side of its effect a point is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// It did not take effect.
    Before,
    /// It took effect, and the caller was not told.
    After,
}

/// How a point ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was no answer so far, or never will be.
    Open,
    /// It took effect.
    Done,
    /// It was refused, and nothing changed.
    Refused,
}

/// A point that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Its place in the order of arrival, from 1.
    pub number: usize,
    /// What it was, without values.
    pub label: String,
    /// Its place among those of the same label, from 1. Where things happen at the same time, this
    /// identifies a point across runs better than its number.
    pub repetition: usize,
    /// How it ended.
    pub outcome: Outcome,
}

/// Which point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// By its number.
    Number(usize),
    /// By its label, and by how often that came before.
    Repetition {
        /// The label.
        label: String,
        /// From 1.
        repetition: usize,
    },
}

impl Which {
    fn fits(&self, arrival: &Arrival) -> bool {
        match self {
            Self::Number(number) => *number == arrival.number,
            Self::Repetition { label, repetition } => {
                *label == arrival.label && *repetition == arrival.repetition
            }
        }
    }
}

/// The points of one kind, since the start or since [`Points::count_anew`]. Clones are the same.
#[derive(Clone, Default)]
pub struct Points(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    arrivals: Vec<Arrival>,
    /// How many there are of each label.
    labels: HashMap<String, usize>,
    orders: Vec<Order>,
    /// How often the count was restarted, to tell older passages from newer ones.
    counting: usize,
}

struct Order {
    which: Which,
    when: When,
    reached: oneshot::Sender<Held>,
}

impl Points {
    /// Every point so far, in the order of arrival.
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.state().arrivals.clone()
    }

    /// How many arrived so far.
    pub fn count(&self) -> usize {
        self.state().arrivals.len()
    }

    /// Forgets what arrived, so that the next point is number 1. What is to be held stays so.
    pub fn count_anew(&self) {
        let mut state = self.state();
        state.arrivals.clear();
        state.labels.clear();
        state.counting += 1;
    }

    /// Holds a point that has yet to arrive.
    pub fn hold(&self, which: Which, when: When) -> Hold {
        let (reached, receiver) = oneshot::channel();
        let mut state = self.state();
        // Holds that no one waits for any longer.
        state.orders.retain(|order| !order.reached.is_closed());
        state.orders.push(Order { which, when, reached });
        Hold(receiver)
    }

    /// Numbers a point that arrived.
    pub fn arrive(&self, label: &str) -> Passage {
        let mut state = self.state();
        let repetition = state.labels.entry(label.to_owned()).or_default();
        *repetition += 1;
        let repetition = *repetition;
        let arrival = Arrival {
            number: state.arrivals.len() + 1,
            label: label.to_owned(),
            repetition,
            outcome: Outcome::Open,
        };
        state.arrivals.push(arrival.clone());
        let place = state.orders.iter().position(|order| order.which.fits(&arrival));
        let order = place.map(|place| state.orders.remove(place));
        Passage { points: self.clone(), counting: state.counting, arrival, order }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A point that will be held. Dropping this calls it off, unless it was reached.
pub struct Hold(oneshot::Receiver<Held>);

impl Hold {
    /// Waits until the point was reached, for ever if need be.
    ///
    /// # Errors
    /// What counted the points is gone.
    pub async fn reached(&mut self) -> Result<Held> {
        (&mut self.0).await.context("nothing arrives there any more")
    }
}

/// A held point. Its caller is disconnected when this is dropped.
pub struct Held {
    /// Which it is.
    pub arrival: Arrival,
    release: oneshot::Sender<()>,
}

impl Held {
    /// Lets it continue normally.
    pub fn proceed(self) {
        // The caller may be gone.
        let _ = self.release.send(());
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.arrival.fmt(f)
    }
}

/// The caller must be disconnected.
#[derive(Debug)]
pub struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection was cut on purpose")
    }
}

impl std::error::Error for Cut {}

/// The passage of one point, for the proxy in between.
pub struct Passage {
    points: Points,
    counting: usize,
    arrival: Arrival,
    order: Option<Order>,
}

impl Passage {
    /// To be awaited before it is carried out.
    pub async fn before(&mut self) -> Result<(), Cut> {
        self.hold_still(When::Before).await
    }

    /// Whether nothing of the answer may be sent before [`after`](Self::after).
    pub fn withholds(&self) -> bool {
        self.order.as_ref().is_some_and(|order| order.when == When::After)
    }

    /// To be awaited once the answer is here, before any of it is sent.
    pub async fn after(mut self, outcome: Outcome) -> Result<(), Cut> {
        self.arrival.outcome = outcome;
        {
            let mut state = self.points.state();
            let is_current = state.counting == self.counting;
            if let Some(arrival) = state.arrivals.get_mut(self.arrival.number - 1)
                && is_current
            {
                arrival.outcome = outcome;
            }
        }
        self.hold_still(When::After).await
    }

    async fn hold_still(&mut self, when: When) -> Result<(), Cut> {
        let Some(order) = self.order.take_if(|order| order.when == when) else { return Ok(()) };
        let (release, released) = oneshot::channel();
        let held = Held { arrival: self.arrival.clone(), release };
        // If no one waits for it any longer, it passes.
        if order.reached.send(held).is_err() {
            return Ok(());
        }
        released.await.map_err(|_| Cut)
    }
}
