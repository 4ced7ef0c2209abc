//! Kills the real bot at every point of a small scenario: an email is sent.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::Result;
use discord_sim::Options;
use discord_sim::crash_points::When;
use futures_util::future::join_all;
use testkit::kills::{Killed, Kills, Kind, Point, Watched};
use testkit::proxy::mail::END_OF_MESSAGE;

/// The jobs of a bot that was killed are given to the next one 15 s later.
const PATIENCE: Duration = Duration::from_secs(60);

const ADDRESS: &str = "dev@example.com";

/// A due email, of a request that does not exist: the test bypasses the rules.
const NOTICE: &str = r#"
set session_replication_role = replica;
with content as (
    select '{"provider":"orchard","issuer":"builtin","calls":[],"kind":"create","name":"Reports",'
        || '"description":"Reads","api_version":2,"contact":"1105000000000000001",'
        || '"developer_emails":["dev@example.com"],"lifetime_days":90,"scopes":[],"target":null}'
        as text
), request as (
    insert into countersign.requests (id, number, provider, kind, state, requester,
        approvals_required, requester_approval_counts, content, digest, name_key, expires_at)
    select 1, 1, 'orchard', 'create', 'done', 1105000000000000001, 2, true, text,
        sha256(convert_to(text, 'UTF8')), 'reports', now() + interval '1 day'
    from content returning id
), event as (
    insert into countersign.events (kind, provider, request_id)
    select 'token_issued', 'orchard', id from request returning id, request_id
)
insert into countersign.notices (id, event_id, kind, medium, recipient, request_id)
select 1, id, 'created', 'mail', 'dev@example.com', request_id from event;
set session_replication_role = origin;
insert into countersign.jobs (kind, subject, lane, urgency, due_at)
select 'send_notice', id, 'main', 3, now() from countersign.notices;
notify countersign_jobs;
"#;

async fn make() -> Result<Watched> {
    Watched::start("kills", Options::standard(), |_| {}).await
}

async fn play(watched: &Watched) -> Result<()> {
    let mut connection = watched.setup.connect().await?;
    sqlx::raw_sql(NOTICE).execute(&mut connection).await?;
    watched.setup.mailbox.wait_for_within(PATIENCE, ADDRESS, "").await?;
    Ok(())
}

/// How often it is mailed in the end, and what the run came to.
async fn kill(
    kills: &Kills<impl AsyncFn() -> Result<Watched>, impl AsyncFn(&Watched) -> Result<()>>,
    point: &Point,
) -> usize {
    let Killed { watched, reached } = kills.kill_at(point).await.unwrap();
    let reached = reached.unwrap_or_else(|| panic!("never came to {point}"));
    assert_eq!((&reached.label, reached.repetition), (&point.label, point.repetition));
    let sent = "select count(*) from countersign.notices where state = 'sent'";
    assert_eq!(watched.setup.count(sent).await.unwrap(), 1, "{point}");
    let told = "select count(*) from countersign.events where kind = 'notice_sent'";
    assert_eq!(watched.setup.count(told).await.unwrap(), 1, "{point}");
    let mails = watched.setup.mailbox.all().unwrap();
    let ids: HashSet<_> = mails.iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    assert_eq!(ids.len(), 1, "a repeat is the same mail");
    mails.iter().for_each(|mail| watched.setup.mailbox.mark_read(mail));
    watched.setup.finish().await.unwrap();
    mails.len()
}

#[tokio::test]
async fn kills_the_bot_where_it_is_told_to() {
    let kills = Kills::new(make, play).within(PATIENCE);
    let (points, watched) = kills.points().await.unwrap();
    watched.setup.finish().await.unwrap();
    let listed: Vec<String> = points.iter().map(ToString::to_string).collect();
    let find = |kind: Kind, label: &str, when: When| {
        let fits = |point: &&Point| {
            point.kind == kind && point.label.contains(label) && point.when == when
        };
        points.iter().find(fits).unwrap_or_else(|| panic!("no {label}: {listed:#?}"))
    };
    let ends = find(Kind::Mail, END_OF_MESSAGE, When::After);
    assert_eq!((ends.number, ends.repetition), (5, 1));
    assert!(ends.to_string().starts_with("After Mail 5, end of the message"), "{ends}");
    // Where the mail was taken and that was not written down, it is sent again.
    let expected = [
        (find(Kind::Discord, "GET /guilds/{guild_id}", When::Before), 1),
        (find(Kind::Mail, END_OF_MESSAGE, When::Before), 1),
        (ends, 2),
        (find(Kind::Commit, "update notices", When::Before), 2),
        (find(Kind::Commit, "update notices", When::After), 1),
    ];
    // At once, since each waits for the killed bot's lease.
    let runs = expected.iter().map(|(point, _)| kill(&kills, point));
    let mailed = join_all(runs).await;
    assert_eq!(mailed, expected.map(|(_, mails)| mails));
}
