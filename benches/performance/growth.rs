//! A workflow beside ever more past ones.

use std::time::Duration;

use anyhow::Context as _;
use testkit::setup::Setup;

use crate::figures::{Times, ratio, show};
use crate::lane::Step;
use crate::report::{Row, Section};
use crate::stage::Stage;

/// How many past requests there are, in turns; the last only if one asks for the long run.
const PAST: [usize; 3] = [1_000, 100_000, 1_000_000];

/// How many workflows are timed among each, after some that are not.
const WORKFLOWS: usize = 60;
const WARM_UP: usize = 10;

/// Goal of the design.
const RATIO: f64 = 1.2;

/// Past workflows numbered from `$1` to `$2`, past the guards: a request with its two approvals, its token, secret,
/// delivery and what was written down of them. A hundred for each person.
const FILL: &str = "
set session_replication_role = replica;
insert into countersign.requests (id, number, provider, kind, state, requester, approvals_required,
    requester_approval_counts, content, digest, name_key, submitted_at, expires_at)
select n, 10000000 + n, 'orchard', 'create', 'done', 10000 + n / 100, 2, true, content,
    sha256(convert_to(content, 'UTF8')), 'past ' || n, now() - interval '30 days', now()
from (select n, format('{\"provider\":\"orchard\",\"kind\":\"create\",\"name\":\"%s\",\"scopes\":[]}', n)
    as content from generate_series($1, $2) n) past;
insert into countersign.approvals (request_id, person, digest, interaction_id)
select id, person, digest, 2 * id + person from countersign.requests, (values (1), (2)) admins (person)
where id between $1 and $2;
insert into countersign.tokens (id, provider, issuer, request_id, account_sid, name, description,
    api_version, owner, contact, developer_emails, scopes, lifetime_days, state, created_at,
    collected_at, expires_at, name_key)
select id, 'orchard', 'builtin', id, 'CS' || lpad(id::text, 24, '0'), 'Past ' || id, 'Past', 2, requester, requester,
    '{}', '[{\"approvals\": null, \"id\": \"trees:listTrees\", \"method\": \"GET\",
        \"path\": \"/Orchards/{AccountSID}/Trees\", \"sensitive\": false, \"value\": \"trees:listTrees\"}]',
    90, 'active', submitted_at, submitted_at, now() + interval '60 days', name_key
from countersign.requests where id between $1 and $2;
insert into countersign.secrets (token_id, request_id, account_sid, sha256, state, current_from)
select id, request_id, account_sid, sha256(convert_to(account_sid, 'UTF8')), 'current', created_at
from countersign.tokens where id between $1 and $2;
insert into countersign.events (kind, provider, request_id, token_id)
select kind, provider, request_id, id from countersign.tokens,
    unnest(array['token_issued', 'token_collected']) kind where id between $1 and $2;
reset session_replication_role";

/// What Postgres would do by itself in the next minutes, and meanwhile be slower.
const TIDY: [&str; 2] = ["vacuum analyze", "checkpoint"];

pub async fn section(is_long: bool) -> anyhow::Result<Section> {
    let (mut stage, mut lanes) = Stage::start("bench growth", 1).await?;
    let lane = lanes.first_mut().context("no lane")?;
    let (mut rows, mut first, mut filled) = (Vec::new(), None, 0);
    for past in &PAST[..if is_long { 3 } else { 2 }] {
        fill(&stage.setup, filled + 1, *past).await.context("filling the database")?;
        filled = *past;
        let mut times = Times::default();
        for round in 0..WARM_UP + WORKFLOWS {
            let whole = lane.play().await?.of(Step::Whole);
            if round >= WARM_UP {
                times.extend(whole);
            }
        }
        stage.settle(WARM_UP + WORKFLOWS).await?;
        rows.push(row(*past, &times, *first.get_or_insert(times.p50())));
    }
    anyhow::ensure!(stage.setup.bot.stop().await?.success(), "the bot did not stop in order");
    let how = format!(
        "One workflow after the other, {WORKFLOWS} among each number of past ones; p50 and p99 from `/token request` \
         to the last card."
    );
    Ok(Section { title: "Growth", how, rows, below: String::new() })
}

fn row(past: usize, times: &Times, first: Duration) -> Row {
    let ratio = ratio(times.p50(), first);
    Row::new(
        &format!("a workflow among {past} past ones"),
        format!("{}, {}; {ratio:.2} ×", show(times.p50()), show(times.p99())),
        format!("among {}: {}", PAST[0], show(first)),
        format!("≤ {RATIO} ×"),
        ratio <= RATIO,
    )
}

async fn fill(setup: &Setup, from: usize, to: usize) -> anyhow::Result<()> {
    let mut connection = setup.connect().await?;
    let statements = FILL.replace("$1", &from.to_string()).replace("$2", &to.to_string());
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&mut connection).await?;
    for statement in TIDY {
        sqlx::raw_sql(statement).execute(&mut connection).await?;
    }
    Ok(())
}
