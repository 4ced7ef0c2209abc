//! The state of one session: which statements run, in which transaction, and whether the
//! next request commits. No I/O here.
//!
//! A *request* is everything that Postgres answers with one `ReadyForQuery`: a simple `Query`, a function
//! call, or the extended messages up to a `Sync`. Requests are let through one after the other, so
//! that it is known when one arrives whether a block is open.

use std::collections::HashMap;
use std::sync::Arc;

use super::Commit;
use super::statement::{Kind, Statement};
use super::wire::{Message, texts};
use discord_sim::crash_points::{Outcome, Passage};

/// How many statements of a transaction are in its label.
const LABELLED: usize = 3;

/// Each is cut at this many characters there.
const LABEL_LENGTH: usize = 100;

/// The meaning of a message of the client for those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// More has to come until Postgres must act.
    Gathers,
    /// A request is complete.
    Asks,
    /// Postgres must answer what has arrived, and the request continues.
    Flushes,
    /// Belongs to no request: passwords, copied data, the termination.
    Passes,
}

/// Postgres' state of a session between requests, in `ReadyForQuery`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Idle,
    InBlock,
    Failed,
}

pub(super) struct Session {
    status: Status,
    prepared: HashMap<String, Arc<[Statement]>>,
    portals: HashMap<String, Arc<[Statement]>>,
    /// The statements of the request that is being received.
    executed: Vec<Statement>,
    /// The statements in the open block.
    transaction: Vec<Statement>,
    waiting: Option<Waiting>,
}

/// A request that Postgres has not answered yet.
struct Waiting {
    statements: Vec<Statement>,
    passage: Option<Passage>,
    /// It was flushed, not ended: its commit is its end.
    flushed: bool,
    /// It commits statements outside a block.
    implicit: bool,
    /// Postgres waits for the data of a `COPY`.
    copies: bool,
    committed: bool,
    failed: bool,
}

impl Session {
    pub(super) fn new() -> Self {
        Self {
            status: Status::Idle,
            prepared: HashMap::new(),
            portals: HashMap::new(),
            executed: Vec::new(),
            transaction: Vec::new(),
            waiting: None,
        }
    }

    /// Takes a message of the client.
    pub(super) fn asked(&mut self, message: &Message) -> Step {
        let mut texts = message.texts();
        let mut text = || texts.next().unwrap_or_default();
        match message.tag {
            b'P' => {
                let (name, sql) = (text(), text());
                self.prepared.insert(name, Statement::all(&sql).into());
            }
            b'B' => {
                let (portal, name) = (text(), text());
                let statements = self.prepared.get(&name).cloned().unwrap_or_default();
                self.portals.insert(portal, statements);
            }
            b'E' => match self.portals.get(&text()) {
                Some(statements) => self.executed.extend(statements.iter().cloned()),
                None => self.executed.push(Statement::unknown("a cursor")),
            },
            b'C' => {
                self.close(message.body());
            }
            b'Q' => {
                self.executed.extend(Statement::all(&text()));
                return Step::Asks;
            }
            b'F' => {
                self.executed.push(Statement::unknown("a function call"));
                return Step::Asks;
            }
            b'S' => return Step::Asks,
            b'H' => return Step::Flushes,
            b'D' => {}
            _ => return Step::Passes,
        }
        Step::Gathers
    }

    fn close(&mut self, body: &[u8]) {
        let Some((what, name)) = body.split_first() else { return };
        let name = texts(name).next().unwrap_or_default();
        let closed = if *what == b'P' { &mut self.portals } else { &mut self.prepared };
        closed.remove(&name);
    }

    /// Whether another request may go through.
    pub(super) fn is_free(&self) -> bool {
        self.waiting.as_ref().is_none_or(|waiting| waiting.copies)
    }

    /// Whether a `Flush` would let an explicit commit happen.
    pub(super) fn flush_commits(&self) -> bool {
        self.executed.iter().any(|statement| statement.kind == Kind::Commits)
    }

    /// Takes the statements of a request, and returns what it would commit. To be called while the
    /// session is free.
    pub(super) fn begin(&mut self, flushed: bool) -> Option<Commit> {
        if self.waiting.is_some() {
            // A `Sync` amidst the data of a COPY: Postgres passes over it.
            return None;
        }
        let mut statements = std::mem::take(&mut self.executed);
        if flushed {
            // The statements after the commit are committed by what follows.
            let last = statements.iter().rposition(|statement| statement.kind == Kind::Commits);
            self.executed = statements.split_off(last.map_or(0, |last| last + 1));
        }
        let (explicit, implicit) = self.commits(&statements);
        let commit = (explicit || implicit)
            .then(|| commit(self.transaction.iter().chain(&statements), explicit));
        self.waiting = Some(Waiting {
            statements,
            passage: None,
            flushed,
            implicit,
            copies: false,
            committed: false,
            failed: false,
        });
        commit
    }

    /// Whether the statements end a block by committing it, and whether they write something
    /// outside a block.
    fn commits(&self, statements: &[Statement]) -> (bool, bool) {
        let (mut status, mut explicit, mut implicit) = (self.status, false, false);
        for statement in statements {
            match statement.kind {
                Kind::Begins if status == Status::Idle => {
                    // The statements before it in the same request become part of the block.
                    (status, implicit) = (Status::InBlock, false);
                }
                Kind::Commits => {
                    explicit |= status == Status::InBlock || implicit;
                    (status, implicit) = (Status::Idle, false);
                }
                Kind::RollsBack => (status, implicit) = (Status::Idle, false),
                Kind::MayWrite if status == Status::Idle => implicit = true,
                _ => {}
            }
        }
        (explicit, implicit)
    }

    /// Attaches the point that a request is.
    pub(super) fn passes(&mut self, passage: Passage) {
        if let Some(waiting) = &mut self.waiting {
            waiting.passage = Some(passage);
        }
    }

    /// Whether the answers must be withheld for now.
    pub(super) fn withholds(&self) -> bool {
        let waiting = self.waiting.as_ref().filter(|waiting| !waiting.copies);
        waiting.and_then(|waiting| waiting.passage.as_ref()).is_some_and(Passage::withholds)
    }

    /// Takes a message of Postgres; if it ends a request that is a point, returns that and its outcome.
    pub(super) fn answered(&mut self, message: &Message) -> Option<(Passage, Outcome)> {
        let mut ended = message.tag == b'Z';
        if let Some(waiting) = &mut self.waiting {
            match message.tag {
                b'E' => waiting.failed = true,
                // CopyInResponse, CopyBothResponse
                b'G' | b'W' => waiting.copies = true,
                b'C' => {
                    waiting.copies = false;
                    match message.texts().next().as_deref() {
                        Some("COMMIT" | "PREPARE TRANSACTION") => waiting.committed = true,
                        Some("ROLLBACK") if waiting.flushed => waiting.failed = true,
                        _ => {}
                    }
                }
                _ => {}
            }
            ended |= waiting.flushed && (waiting.committed || waiting.failed);
        }
        if !ended {
            return None;
        }
        let waiting = self.waiting.take();
        self.status = match message.body().first() {
            Some(b'T') if message.tag == b'Z' => Status::InBlock,
            Some(b'E') if message.tag == b'Z' => Status::Failed,
            // After a flushed commit that failed, all but Sync is ignored.
            _ => Status::Idle,
        };
        let waiting = waiting?;
        if waiting.committed || self.status == Status::Idle {
            self.transaction.clear();
        }
        if self.status != Status::Idle && !waiting.committed {
            self.transaction.extend(waiting.statements);
        }
        let done = waiting.committed || (waiting.implicit && !waiting.failed);
        let outcome = if done { Outcome::Done } else { Outcome::Refused };
        waiting.passage.map(|passage| (passage, outcome))
    }
}

/// Names a commit by the statements that may have written, or by all if none did.
fn commit<'a>(statements: impl Iterator<Item = &'a Statement>, explicit: bool) -> Commit {
    let statements: Vec<&Statement> = statements
        .filter(|statement| matches!(statement.kind, Kind::MayWrite | Kind::Reads))
        .collect();
    let writes = statements.iter().any(|statement| statement.kind == Kind::MayWrite);
    let texts: Vec<String> = statements
        .iter()
        .filter(|statement| !writes || statement.kind == Kind::MayWrite)
        .map(|statement| statement.text.clone())
        .collect();
    let last = texts.get(texts.len().saturating_sub(LABELLED)..).unwrap_or_default();
    let short = |text: &String| match text.char_indices().nth(LABEL_LENGTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.clone(),
    };
    let mut label: Vec<String> = last.iter().map(short).collect();
    if explicit {
        label.push("COMMIT".to_owned());
    }
    Commit { label: label.join("; "), statements: texts, writes }
}
