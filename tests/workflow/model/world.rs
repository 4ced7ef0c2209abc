//! The model: the rules in as few words as possible, without a database and without our code.

use std::collections::{BTreeMap, BTreeSet};

use super::history::Action;

/// Two to open.
const APPROVALS: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    Approved,
    Issuing,
    Done,
    Denied,
    Withdrawn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    Waiting,
    /// Pressed; whether another press must wait until this one ends.
    Pressed {
        busy: bool,
    },
    Accepted,
    Disowned,
}

/// One request, and the token that may come from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelRequest {
    pub requester: i64,
    /// Counts its contents.
    pub content: i32,
    /// Whose approval is on the current content.
    pub approvals: BTreeSet<i64>,
    pub state: State,
    /// None until there is a token.
    pub secret: Option<Secret>,
    /// How often each event is in the audit log.
    pub events: BTreeMap<&'static str, i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    pub admins: BTreeSet<i64>,
    pub requests: Vec<ModelRequest>,
    /// The content of each request on its card when the step began.
    looked: Vec<i32>,
}

impl ModelRequest {
    fn note(&mut self, event: &'static str) {
        *self.events.entry(event).or_default() += 1;
    }

    fn give_approval(&mut self, by: i64) {
        self.approvals.insert(by);
        self.note("approval_given");
    }
}

impl World {
    /// Aki, Ben, Chiyo and Dan are admins; the first one is a developer.
    pub fn new() -> Self {
        let admins = (2..=super::history::PEOPLE).collect();
        Self { admins, requests: Vec::new(), looked: Vec::new() }
    }

    /// A step begins: people who press see this state.
    pub fn look(&mut self) {
        self.looked = self.requests.iter().map(|request| request.content).collect();
    }

    /// The world after an action; none if the rules forbid it.
    pub fn after(&self, action: &Action) -> Self {
        let mut next = self.clone();
        next.apply(action);
        next
    }

    fn apply(&mut self, action: &Action) {
        let admins = self.admins.clone();
        if let Action::Submit { by } = *action {
            let mut request = ModelRequest {
                requester: by,
                content: 1,
                approvals: BTreeSet::new(),
                state: State::Pending,
                secret: None,
                events: BTreeMap::new(),
            };
            request.note("request_submitted");
            if admins.contains(&by) {
                request.give_approval(by);
            }
            return self.requests.push(request);
        }
        let Some(at) = action.request() else { return };
        let (request, looked) = (self.requests.get_mut(at), self.looked.get(at));
        if let (Some(request), Some(looked)) = (request, looked) {
            request.apply(action, &admins, *looked);
        }
    }
}

impl Action {
    /// The request that it is about, if there is one already.
    pub fn request(&self) -> Option<usize> {
        match *self {
            Self::Submit { .. } => None,
            Self::Edit { request, .. }
            | Self::Approve { request, .. }
            | Self::Deny { request, .. }
            | Self::Withdraw { request, .. }
            | Self::Confirm { request }
            | Self::Issue { request }
            | Self::Press { request, .. }
            | Self::Shown { request, .. }
            | Self::NotMe { request, .. } => Some(request),
        }
    }
}

impl ModelRequest {
    fn apply(&mut self, action: &Action, admins: &BTreeSet<i64>, looked: i32) {
        match *action {
            Action::Submit { .. } => {}
            Action::Edit { by, .. } if by == self.requester && self.state == State::Pending => {
                self.content += 1;
                self.approvals.clear();
                self.note("request_edited");
                if admins.contains(&by) {
                    self.give_approval(by);
                }
            }
            Action::Approve { by, older: false, .. }
                if admins.contains(&by)
                    && self.state == State::Pending
                    && self.content == looked
                    && !self.approvals.contains(&by) =>
            {
                self.give_approval(by);
                if self.approvals.len() >= APPROVALS {
                    self.state = State::Approved;
                    self.note("request_approved");
                }
            }
            Action::Deny { by, .. } if admins.contains(&by) && self.state == State::Pending => {
                self.state = State::Denied;
                self.note("request_denied");
            }
            Action::Withdraw { by, .. } if by == self.requester && self.state == State::Pending => {
                self.state = State::Withdrawn;
                self.note("request_withdrawn");
            }
            Action::Confirm { .. } if self.state == State::Approved => self.confirm(admins),
            Action::Issue { .. } if self.state == State::Issuing => {
                self.state = State::Done;
                self.secret = Some(Secret::Waiting);
                self.note("token_issued");
            }
            _ => self.secret_act(action),
        }
    }

    fn confirm(&mut self, admins: &BTreeSet<i64>) {
        let before = self.approvals.len();
        self.approvals.retain(|person| admins.contains(person));
        if self.approvals.len() < before {
            self.note("approval_struck");
        }
        if self.approvals.len() >= APPROVALS {
            self.state = State::Issuing;
            self.note("request_confirmed");
        } else {
            self.state = State::Pending;
            self.note("request_returned");
        }
    }

    fn secret_act(&mut self, action: &Action) {
        match (action, self.secret) {
            (Action::Press { by, .. }, Some(Secret::Waiting | Secret::Pressed { busy: false }))
                if *by == self.requester =>
            {
                self.note(match self.secret {
                    Some(Secret::Waiting) => "token_collected",
                    _ => "reveal_repeated",
                });
                self.secret = Some(Secret::Pressed { busy: true });
            }
            (Action::Shown { accepted: true, .. }, Some(Secret::Pressed { .. })) => {
                self.secret = Some(Secret::Accepted);
                self.note("delivery_accepted");
            }
            (Action::Shown { accepted: false, .. }, Some(Secret::Pressed { .. })) => {
                self.secret = Some(Secret::Pressed { busy: false });
            }
            (Action::NotMe { by, .. }, Some(secret))
                if *by == self.requester && secret != Secret::Disowned =>
            {
                self.secret = Some(Secret::Disowned);
                self.note("delivery_disowned");
                self.note("token_disabled");
            }
            _ => {}
        }
    }
}
