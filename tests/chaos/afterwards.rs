//! What must hold after a token in use was changed, got a new secret, or was ended.

use anyhow::{Result, ensure};
use testkit::kills::Watched;

use super::rules::{self, LEFT_OVER, Number};
use super::scenarios::Job;
use super::token_changes::DESCRIPTION;

/// Of every job.
const ALWAYS: [Number; 2] = [
    ("tokens", "select count(*) from countersign.tokens", 1),
    (
        "requests that are not over",
        "select count(*) from countersign.requests where state <> 'done'",
        0,
    ),
];

const REQUESTS: &str = "select count(*) from countersign.requests";
const LIVE: &str = "select count(*) from countersign.tokens where state = 'active'";
const COLLECTED: &str = "select count(*) from countersign.deliveries
    where state = 'accepted' and sealed_secret is null";
const CURRENT: &str = "select count(*) from countersign.secrets where state = 'current'";

const RENEWAL: &[Number] = &[
    ("requests", REQUESTS, 2),
    ("live tokens", LIVE, 1),
    ("deliveries that were accepted, with nothing sealed left", COLLECTED, 2),
    (
        "secrets that open it, made for the reset",
        "select count(*) from countersign.secrets join countersign.requests
             on requests.id = request_id where secrets.state = 'current' and kind = 'reset'",
        1,
    ),
    (
        "secrets that open nothing any more",
        "select count(*) from countersign.secrets where state = 'dead'",
        1,
    ),
];

const EDIT: &[Number] = &[
    ("requests", REQUESTS, 2),
    ("live tokens", LIVE, 1),
    ("deliveries that were accepted, with nothing sealed left", COLLECTED, 1),
    ("secrets that open it", CURRENT, 1),
];

const END: &[Number] = &[
    ("requests", REQUESTS, 2),
    ("disabled tokens", "select count(*) from countersign.tokens where state = 'disabled'", 1),
];

const UPSTREAM: &[Number] = &[
    ("requests", REQUESTS, 1),
    ("deleted tokens", "select count(*) from countersign.tokens where state = 'deleted'", 1),
    (
        "calls whose token was kept",
        "select count(*) from countersign.attempts where state = 'made'",
        1,
    ),
    (
        "calls that nobody knows the end of",
        "select count(*) from countersign.attempts
         where state not in ('made', 'gone', 'absent', 'refused')",
        0,
    ),
];

/// What the audit log contains, and how often.
type Events = &'static [(&'static str, i64)];

const RENEWAL_EVENTS: Events = &[
    ("request_submitted", 2),
    ("approval_given", 4),
    ("request_approved", 2),
    ("request_confirmed", 2),
    ("token_issued", 1),
    ("secret_renewed", 1),
    ("token_collected", 1),
    ("token_reset", 1),
    ("delivery_accepted", 2),
    // Two mails to the developer.
    ("notice_sent", 2),
];

const EDIT_EVENTS: Events = &[
    ("request_submitted", 2),
    ("approval_given", 4),
    ("request_approved", 2),
    ("request_confirmed", 2),
    ("token_issued", 1),
    ("token_changed", 1),
    ("token_collected", 1),
    ("delivery_accepted", 1),
    // To the owner, and two mails to the developer.
    ("notice_sent", 3),
];

const END_EVENTS: Events = &[
    ("token_issued", 1),
    ("token_collected", 1),
    ("token_disabling", 1),
    ("token_disabled", 1),
    // To the owner twice, and two mails to the developer.
    ("notice_sent", 4),
];

const UPSTREAM_EVENTS: Events = &[
    ("request_submitted", 1),
    ("approval_given", 2),
    ("request_approved", 1),
    ("request_confirmed", 1),
    ("token_issued", 1),
    ("token_collected", 1),
    ("token_deleting", 1),
    ("token_deleted", 1),
    ("delivery_accepted", 1),
    // To the owner, and two mails to the developer.
    ("notice_sent", 3),
];

/// Fails if a rule is broken after a job that is not the main one.
pub async fn holds(watched: &Watched, job: Job) -> Result<()> {
    let (numbers, events) = match job {
        Job::Renewal => (RENEWAL, RENEWAL_EVENTS),
        Job::Edit => (EDIT, EDIT_EVENTS),
        Job::End => (END, END_EVENTS),
        Job::Upstream | Job::Parts => (UPSTREAM, UPSTREAM_EVENTS),
        Job::Main => anyhow::bail!("the main job has rules of its own"),
    };
    let mut connection = watched.setup.connect().await?;
    let numbers = ALWAYS.iter().chain(&LEFT_OVER).chain(numbers);
    let mut broken = rules::wrong(&mut connection, numbers, 1).await?;
    for (kind, expected) in events {
        let query = "select count(*) from countersign.events where kind = $1";
        let found: i64 = sqlx::query_scalar(query).bind(kind).fetch_one(&mut connection).await?;
        if found != *expected {
            broken.push(format!("{kind}: {found} events instead of {expected}"));
        }
    }
    let described = "select description from countersign.tokens";
    let described: String = sqlx::query_scalar(described).fetch_one(&mut connection).await?;
    if (described == DESCRIPTION) != (job == Job::Edit) {
        broken.push(format!("the token's description is: {described}"));
    }
    let there = watched.upstream.tokens();
    if !there.is_empty() {
        broken.push(format!("the upstream has tokens that nobody has: {}", there.len()));
    }
    ensure!(broken.is_empty(), "broken:\n- {}", broken.join("\n- "));
    Ok(())
}
