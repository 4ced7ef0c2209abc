//! What must hold when a token in use was given a new secret.

use anyhow::{Result, ensure};
use countersign_playground::stage::Stage;

/// Numbers of the database's.
const NUMBERS: [(&str, &str, i64); 9] = [
    ("requests", "select count(*) from countersign.requests where state = 'done'", 2),
    ("other requests", "select count(*) from countersign.requests where state <> 'done'", 0),
    ("live tokens", "select count(*) from countersign.tokens where state = 'active'", 1),
    ("tokens", "select count(*) from countersign.tokens", 1),
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
    (
        "deliveries that were accepted, with nothing sealed left",
        "select count(*) from countersign.deliveries
         where state = 'accepted' and sealed_secret is null",
        2,
    ),
    (
        "messages with a secret, or their interactions' tokens, that are still there",
        "select count(*) from countersign.reveals
         where hidden_at is null or sealed_interaction_token is not null",
        0,
    ),
    (
        "notices that were not sent",
        "select count(*) from countersign.notices where state <> 'sent'",
        0,
    ),
];

/// What stands in the audit log, and how often.
const EVENTS: [(&str, i64); 10] = [
    ("request_submitted", 2),
    ("hand_put", 4),
    ("request_approved", 2),
    ("request_confirmed", 2),
    ("token_issued", 1),
    ("secret_renewed", 1),
    ("token_collected", 1),
    ("token_reset", 1),
    ("delivery_accepted", 2),
    // To the requester twice, and three mails to the developer.
    ("notice_sent", 5),
];

/// Fails with every rule that does not hold, and nothing else.
pub async fn holds(stage: &Stage) -> Result<()> {
    let mut connection = stage.connect().await?;
    let mut broken = Vec::new();
    for (what, query, expected) in NUMBERS {
        let found: i64 = sqlx::query_scalar(query).fetch_one(&mut connection).await?;
        if found != expected {
            broken.push(format!("{what}: {found} instead of {expected}"));
        }
    }
    for (kind, expected) in EVENTS {
        let query = "select count(*) from countersign.events where kind = $1";
        let found: i64 = sqlx::query_scalar(query).bind(kind).fetch_one(&mut connection).await?;
        if found != expected {
            broken.push(format!("{kind}: {found} events instead of {expected}"));
        }
    }
    ensure!(broken.is_empty(), "broken:\n- {}", broken.join("\n- "));
    Ok(())
}
