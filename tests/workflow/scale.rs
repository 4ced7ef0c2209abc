//! A look-up among many tokens takes as long as one among few: it uses indexes and never reads whole
//! tables.
//!
//! This is read from the plans of the queries that really ran: how many rows each read, and how many pages
//! it touched. Those are the same in each run, unlike times: on a busy machine, a look-up of half a
//! millisecond varies by more than a fifth. So times are only compared with `COUNTERSIGN_CHAOS=all`, where
//! a million tokens are compared with a thousand.

mod lookups;
mod plans;

use std::time::{Duration, Instant};

use countersign::domain::request_kind::RequestKind;
use countersign::workflow::request::begin_change;

use crate::support::{BEN, Fixture, RIN};
use lookups::Lookup;
use plans::Plan;

const FEW: i64 = 1_000;
const MANY: i64 = 20_000;
const A_MILLION: i64 = 1_000_000;

/// How often each look-up is timed, alternately among few and among many.
const TIMES: usize = 60;
/// How much longer it may take among many than among few.
const RATIO: f64 = 1.2;

/// How many rows of a growing table one query may read, whatever the number of tokens: pages of ten and of
/// twenty-five, for each status, and what is skipped on the way.
const ROWS: u64 = 1_500;
/// How many pages one query may touch.
const PAGES: u64 = 1_000;
/// For a handful of rows, no index is worthwhile.
const HANDFUL: u64 = 100;

/// Old rows, with one in 49 of each state that is not "active". Each person owns two hundred, whatever the
/// number, and names are made of words. One person is the contact of a tenth of all. A few tokens are past
/// their time, a few end soon.
const FILL: &str = "
insert into countersign.requests (id, number, provider, kind, state, requester, approvals_required,
    requester_approval_counts, content, digest, name_key, submitted_at, expires_at)
select n, 10000000 + n, 'orchard', 'create', 'done', 10000 + n % ($2 / 200), 2, true, content,
    sha256(convert_to(content, 'UTF8')), 'report ' || n, now() - n * interval '100 days' / $2, now()
from (select n, format('{\"provider\":\"orchard\",\"kind\":\"create\",\"name\":\"%s\",\"scopes\":[]}', n)
        as content from generate_series($1, $2) n) past;
insert into countersign.tokens (id, provider, issuer, request_id, account_sid, name, description,
    api_version, owner, contact, developer_emails, scopes, lifetime_days, state, created_at,
    collected_at, expires_at, name_key)
select id, 'orchard', 'builtin', id, 'CS' || id, called, 'Past', 2, requester,
    case id % 10 when 0 then 9999 else requester + 1 end, '{}', '[{\"id\": \"trees:listTrees\", \"method\": \"GET\", \"path\": \"/Orchards/{AccountSID}/Trees\", \"value\": \"trees:listTrees\", \"sensitive\": false, \"approvals\": null}]', 90,
    case id % 49 when 0 then 'disabled' when 1 then 'expired' when 2 then 'deleted' else 'active' end,
    submitted_at, submitted_at, now() + interval '1 hour'
        + case when id < 4 then -interval '1 day' when id < 30 then interval '5 days'
            else (40 + id % 50) * interval '1 day' end, lower(called)
from countersign.requests, lateral (select initcap((array['report', 'nightly', 'dashboard', 'ledger', 'import', 'mirror', 'audit',
        'billing'])[1 + id % 8]) || ' of ' || (array['trees', 'harvest', 'wages', 'weather', 'cider',
        'market', 'partners', 'invoices', 'orchards', 'returns'])[1 + id / 8 % 10] || ' ' || id
        || case id when 77 then ' quokka 会計' else '' end
        as called) names where state = 'done' and name_key like 'report %' order by id;
insert into countersign.secrets (token_id, request_id, account_sid, sha256, state)
select id, request_id, account_sid, sha256(convert_to(account_sid, 'UTF8')),
    case state when 'active' then 'current' else 'dead' end
from countersign.tokens where description = 'Past';
insert into countersign.events (kind, provider, request_id, token_id)
select kind, provider, request_id, id from countersign.tokens,
    unnest(array['token_issued', 'token_collected']) kind where description = 'Past';
";

/// The tables that grow.
const GROW: [&str; 8] =
    ["requests", "tokens", "secrets", "events", "approvals", "deliveries", "notices", "warnings"];

/// So many past tokens.
pub async fn fill(fixture: &Fixture, count: i64) {
    fixture.fill(&["requests", "tokens", "secrets"], FILL, count).await;
}

/// So many old tokens, and a few waiting ones that people made; it reports its plans.
async fn desk_of(label: &str, count: i64) -> Fixture {
    let mut fixture = Fixture::new(label).await;
    fill(&fixture, count).await;
    for number in 0..3 {
        fixture.submit(RIN, &format!("Waits {number}")).await;
    }
    let ben = fixture.actor(BEN, true);
    let begun = begin_change::open_draft(
        &fixture.workflow,
        &ben,
        lookups::some_token(),
        RequestKind::Reset,
        None,
    )
    .await;
    let draft = begun.unwrap().draft.id;
    fixture.submit_for_approvals(&fixture.actor(BEN, true), draft).await.unwrap();
    fixture.reconnect_with(plans::EXPLAIN).await;
    fixture
}

#[tokio::test]
async fn looking_up_reads_no_table_whole() {
    let is_long = std::env::var("COUNTERSIGN_CHAOS").is_ok();
    let count = if is_long { A_MILLION } else { MANY };
    let start = Instant::now();
    let mut many = desk_of("many", count).await;
    println!("{count} tokens after {:.1} s", start.elapsed().as_secs_f64());
    let mut few = desk_of("few", FEW).await;
    let mut wrong = Vec::new();
    for look in Lookup::ALL {
        let among_few = plans::of(&few, async |fixture| look.at(fixture).await).await;
        let among_many = plans::of(&many, async |fixture| look.at(fixture).await).await;
        wrong.extend(among_many.iter().filter_map(|plan| at_fault(look, plan)));
        let sum = |plans: &[Plan], of: fn(&Plan) -> u64| plans.iter().map(of).sum::<u64>();
        let [rows, pages] = [Plan::rows, |plan: &Plan| plan.pages]
            .map(|of| [sum(&among_few, of), sum(&among_many, of)]);
        println!("{look:?}: rows {rows:?}, pages {pages:?} among {FEW} and {count}");
        for plan in among_many.iter().filter(|plan| plan.rows() > 0) {
            println!("    {} → {:?}, {} pages", plan.query, plan.reads, plan.pages);
        }
        assert!(!among_many.is_empty(), "{look:?} tells of no plan");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if is_long {
        // Telling of plans takes time.
        few.reconnect_with(&[]).await;
        many.reconnect_with(&[]).await;
        let slow = compare(&few, &many).await;
        assert!(slow.is_empty(), "{}", slow.join("\n"));
    }
}

/// What is wrong with a plan, if anything.
fn at_fault(look: Lookup, plan: &Plan) -> Option<String> {
    let grows = |table: &String| GROW.contains(&table.as_str());
    let whole = plan
        .reads
        .iter()
        .find(|(kind, table, rows)| kind == "Seq Scan" && grows(table) && *rows > HANDFUL);
    if let Some((_, table, rows)) = whole {
        return Some(format!("{look:?} reads all {rows} rows of {table}: {}", plan.query));
    }
    (plan.rows() > ROWS || plan.pages > PAGES).then(|| {
        let (rows, pages) = (plan.rows(), plan.pages);
        format!("{look:?} looks at {rows} rows on {pages} pages: {} {:?}", plan.query, plan.reads)
    })
}

/// Those that take longer among many, in each of three attempts; prints all.
async fn compare(few: &Fixture, many: &Fixture) -> Vec<String> {
    let mut slow = Vec::new();
    for look in Lookup::ALL {
        let mut best = f64::MAX;
        for _ in 0..3 {
            let (mut short, mut long) = (Vec::new(), Vec::new());
            for _ in 0..TIMES {
                short.push(time(look, few).await);
                long.push(time(look, many).await);
            }
            let (short, long) = (median(short), median(long));
            let ratio = long.as_secs_f64() / short.as_secs_f64();
            if ratio < best {
                best = ratio;
                println!("{look:?}: {short:.1?} among few, {long:.1?} among many: {ratio:.2}");
            }
            if best <= RATIO {
                break;
            }
        }
        if best > RATIO {
            slow.push(format!("{look:?} takes {best:.2} times as long among many"));
        }
    }
    slow
}

async fn time(look: Lookup, fixture: &Fixture) -> Duration {
    let start = Instant::now();
    look.at(fixture).await;
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
