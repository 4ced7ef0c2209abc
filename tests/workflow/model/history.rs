//! Histories: what may happen, in any order.

use proptest::prelude::*;

/// The longest history.
pub const LONGEST: usize = 40;

/// The people: a developer and four who may be admins.
pub const PEOPLE: i64 = 5;

/// One action of a person or a job. `request` selects one of the requests so far.
#[derive(Clone, Debug)]
pub enum Action {
    Submit {
        by: i64,
    },
    Edit {
        request: usize,
        by: i64,
    },
    Approve {
        request: usize,
        by: i64,
        older: bool,
    },
    Deny {
        request: usize,
        by: i64,
    },
    Withdraw {
        request: usize,
        by: i64,
    },
    /// Discord answered who is an admin, and the job decides.
    Confirm {
        request: usize,
    },
    Issue {
        request: usize,
    },
    Press {
        request: usize,
        by: i64,
    },
    /// Discord accepted or refused the message with the secret.
    Shown {
        request: usize,
        accepted: bool,
    },
    NotMe {
        request: usize,
        by: i64,
    },
}

/// One step of a history.
#[derive(Clone, Debug)]
pub enum Step {
    Does(Action),
    /// A person becomes an admin, or stops being one.
    Role {
        person: i64,
        admin: bool,
    },
    /// The process is killed after this many microseconds.
    Crash(Action, u64),
    /// The last interaction comes once more.
    Replay,
    /// Two at once.
    Race(Action, Action),
}

fn action() -> impl Strategy<Value = Action> {
    let request = 0..3_usize;
    let by = 1..=PEOPLE;
    prop_oneof![
        2 => by.clone().prop_map(|by| Action::Submit { by }),
        2 => (request.clone(), by.clone()).prop_map(|(request, by)| Action::Edit { request, by }),
        8 => (request.clone(), by.clone(), prop::bool::weighted(0.1))
            .prop_map(|(request, by, older)| Action::Approve { request, by, older }),
        1 => (request.clone(), by.clone()).prop_map(|(request, by)| Action::Deny { request, by }),
        1 => (request.clone(), by.clone()).prop_map(|(request, by)| Action::Withdraw { request, by }),
        4 => request.clone().prop_map(|request| Action::Confirm { request }),
        4 => request.clone().prop_map(|request| Action::Issue { request }),
        4 => (request.clone(), by.clone()).prop_map(|(request, by)| Action::Press { request, by }),
        3 => (request.clone(), any::<bool>())
            .prop_map(|(request, accepted)| Action::Shown { request, accepted }),
        1 => (request, by).prop_map(|(request, by)| Action::NotMe { request, by }),
    ]
}

/// Random histories. They begin with a request, since nothing can happen before.
pub fn histories() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => action().prop_map(Step::Does),
        2 => (1..=PEOPLE, any::<bool>()).prop_map(|(person, admin)| Step::Role { person, admin }),
        2 => (action(), 0..6_000_u64).prop_map(|(action, after)| Step::Crash(action, after)),
        1 => Just(Step::Replay),
        3 => (action(), action()).prop_map(|(one, other)| Step::Race(one, other)),
    ];
    let first = (1..=PEOPLE).prop_map(|by| Step::Does(Action::Submit { by }));
    (first, prop::collection::vec(step, 0..LONGEST)).prop_map(|(first, mut rest)| {
        rest.insert(0, first);
        rest
    })
}
