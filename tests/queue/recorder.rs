//! A handler that records what it does.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use countersign::domain::job::Job;
use countersign::queue::{Done, Handler};
use tokio::sync::watch;

use HandlerEvent::{Begun, Ended};

/// What the handler did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandlerEvent {
    Begun(Job),
    Ended(Job),
}

/// Cards take as long as they are held; issuing fails once, delivering panics once, a notice is put back
/// once, an email is put back for an hour once.
#[derive(Default)]
pub struct Recorder {
    seen: Mutex<Vec<HandlerEvent>>,
    holds_cards: watch::Sender<bool>,
}

impl Recorder {
    /// No card ends from now on.
    pub fn hold_cards(&self) {
        self.holds_cards.send_replace(true);
    }

    /// Those that are held end.
    pub fn release_cards(&self) {
        self.holds_cards.send_replace(false);
    }

    fn note(&self, seen: HandlerEvent) {
        self.seen.lock().unwrap().push(seen);
    }

    /// How often something happened.
    pub fn count(&self, seen: HandlerEvent) -> usize {
        self.seen.lock().unwrap().iter().filter(|other| **other == seen).count()
    }

    /// What happened to one job, in order.
    pub fn of(&self, job: Job) -> Vec<HandlerEvent> {
        let about = |seen: &HandlerEvent| matches!(seen, Begun(it) | Ended(it) if *it == job);
        self.seen.lock().unwrap().iter().copied().filter(about).collect()
    }

    /// Until something has happened so often.
    pub async fn wait_for(&self, seen: HandlerEvent, times: usize) {
        let enough = async {
            while self.count(seen) < times {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(15), enough).await;
        assert!(waited.is_ok(), "{seen:?} not {times} times: {:?}", self.seen.lock().unwrap());
    }
}

#[async_trait]
impl Handler for Recorder {
    async fn handle(&self, job: Job) -> anyhow::Result<Done> {
        self.note(Begun(job));
        let first = self.count(Begun(job)) == 1;
        match job {
            Job::RenderCard { .. } => {
                let mut held = self.holds_cards.subscribe();
                held.wait_for(|held| !held).await.unwrap();
            }
            Job::Issue { .. } if first => anyhow::bail!("not this time"),
            Job::Deliver { .. } if first => panic!("not this time either"),
            Job::SendNotice { .. } if first => return Ok(Done::Again(Duration::from_millis(100))),
            Job::SendMail { .. } if first => return Ok(Done::Again(Duration::from_hours(1))),
            _ => {}
        }
        self.note(Ended(job));
        Ok(Done::Finished)
    }
}
