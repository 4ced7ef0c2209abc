//! Looking things up among many tokens takes what it takes among few: by indexes, never by reading
//! whole tables.
//!
//! `COUNTERSIGN_CHAOS=all` compares a million with a thousand, and then the times as well.

use std::time::{Duration, Instant};

use countersign::domain::request::RequestKind;
use countersign::domain::token::Standing;
use countersign::store::events::About;
use countersign::store::{requests, tokens};
use countersign::workflow::list::{Age, Wanted};

use crate::desk::{AKI, BEN, Desk, RIN};

const FEW: i64 = 1_000;
const MANY: i64 = 20_000;
const A_MILLION: i64 = 1_000_000;

/// How often each look-up is timed, in turns among few and among many.
const TIMES: usize = 60;
/// Of the time among few, what it may take among many.
const RATIO: f64 = 1.2;
/// What a round trip to the database varies by, however little is asked of it.
const NOISE: Duration = Duration::from_micros(100);

/// What was done long ago, with one in 49 of each state that is not "active". Everybody owns two
/// hundred, whatever the number, and names are made of words.
const FILL: &str = "
insert into countersign.requests (provider, kind, state, requester, hands_required,
    requester_hand_counts, content, digest, name_key, submitted_at, expires_at)
select 'orchard', 'create', 'done', 10000 + n % ($2 / 200), 2, true, content,
    sha256(convert_to(content, 'UTF8')), 'report ' || n, now() - n * interval '100 days' / $2, now()
from (select n, format('{\"provider\":\"orchard\",\"kind\":\"create\",\"name\":\"%s\",\"scopes\":[]}', n)
        as content from generate_series($1, $2) n) past;
insert into countersign.tokens (provider, issuer, request_id, account_sid, name, description,
    api_version, owner, contact, developer_emails, scopes, lifetime_days, state, created_at,
    collected_at, expires_at, name_key)
select 'orchard', 'builtin', id, 'CS' || id, initcap((array['report', 'nightly', 'dashboard', 'ledger', 'import', 'mirror', 'audit',
        'billing'])[1 + id % 8]) || ' of ' || (array['trees', 'harvest', 'wages', 'weather', 'cider',
        'market', 'partners', 'invoices', 'orchards', 'returns'])[1 + id / 8 % 10] || ' ' || id
        || case id when 77 then ' quokka' else '' end, 'Past', 2, requester,
    requester + 1, '{}', '{trees:listTrees}', 90,
    case id % 49 when 0 then 'disabled' when 1 then 'expired' when 2 then 'deleted' else 'active' end,
    submitted_at, submitted_at, now() + id % 90 * interval '1 day' + interval '1 hour', name_key
from countersign.requests where state = 'done' and name_key like 'report %' order by id;
insert into countersign.secrets (token_id, request_id, account_sid, sha256, state)
select id, request_id, account_sid, sha256(convert_to(account_sid, 'UTF8')),
    case state when 'active' then 'current' else 'dead' end
from countersign.tokens where description = 'Past';
insert into countersign.events (kind, provider, request_id, token_id)
select kind, provider, request_id, id from countersign.tokens,
    unnest(array['token_issued', 'token_collected']) kind where description = 'Past';
";

/// The tables that grow.
const GROW: &str = "'requests', 'tokens', 'secrets', 'events', 'hands', 'deliveries', 'notices'";

#[derive(Clone, Copy, Debug)]
enum Look {
    All,
    Expired,
    Older,
    RarePart,
    CommonPart,
    NoPart,
    ShortPart,
    Proposed,
    ProposedToMember,
    OfMember,
    Pending,
    Due,
    OneToken,
    History,
}

impl Look {
    const ALL: [Self; 14] = [
        Self::All,
        Self::Expired,
        Self::Older,
        Self::RarePart,
        Self::CommonPart,
        Self::NoPart,
        Self::ShortPart,
        Self::Proposed,
        Self::ProposedToMember,
        Self::OfMember,
        Self::Pending,
        Self::Due,
        Self::OneToken,
        Self::History,
    ];

    async fn at(self, desk: &Desk) {
        let workflow = &desk.workflow;
        let admin = desk.actor(AKI, true);
        // Owns some of what was made long ago.
        let member = desk.member(10_003);
        let wanted = Wanted::default;
        let named = |name: &str| Wanted { name: name.into(), ..wanted() };
        let list = async |who, wanted| {
            workflow.list(who, wanted).await.unwrap();
        };
        match self {
            Self::All => list(&admin, wanted()).await,
            Self::Expired => {
                list(&admin, Wanted { standing: Some(Standing::Expired), ..wanted() }).await;
            }
            Self::Older => list(&admin, Wanted { age: Some(Age::Older), ..wanted() }).await,
            Self::RarePart => list(&admin, named("quokka")).await,
            Self::CommonPart => list(&admin, named("report")).await,
            Self::NoPart => list(&admin, named("no such name")).await,
            Self::ShortPart => list(&admin, named("zq")).await,
            Self::Proposed => {
                workflow.tokens_like(&admin, "Rep", &Standing::ALL, 25).await.unwrap();
            }
            Self::ProposedToMember => {
                workflow.tokens_like(&member, "wag", &Standing::LISTED, 25).await.unwrap();
            }
            Self::OfMember => list(&member, wanted()).await,
            Self::Pending => drop(workflow.pending(&admin).await.unwrap()),
            Self::Due => {
                let mut connection = workflow.pool.acquire().await.unwrap();
                assert!(tokens::due(&mut connection).await.unwrap().is_empty());
                requests::due(&mut connection).await.unwrap();
            }
            Self::OneToken => drop(workflow.look_at_token(&admin, some_token()).await.unwrap()),
            Self::History => {
                let about = About::Token(some_token());
                drop(workflow.history(&admin, about, None).await.unwrap());
            }
        }
    }
}

fn some_token() -> countersign::domain::ids::TokenId {
    "507".parse().unwrap()
}

/// So many past tokens.
pub async fn fills(desk: &Desk, count: i64) {
    desk.fills(&["requests", "tokens", "secrets"], FILL, count).await;
}

/// So many past tokens, and a few that wait, as people made them.
async fn desk_of(label: &str, count: i64) -> Desk {
    let desk = Desk::new(label).await;
    fills(&desk, count).await;
    for number in 0..3 {
        desk.submits(RIN, &format!("Waits {number}")).await;
    }
    let ben = desk.actor(BEN, true);
    let begun = desk.workflow.begin_change(&ben, some_token(), RequestKind::Reset).await;
    let draft = begun.unwrap().draft.id;
    desk.waits_for_hands(&desk.actor(BEN, true), draft).await.unwrap();
    desk
}

#[tokio::test]
async fn looking_up_reads_no_table_whole() {
    let is_long = std::env::var("COUNTERSIGN_CHAOS").is_ok();
    let count = if is_long { A_MILLION } else { MANY };
    let start = Instant::now();
    let many = desk_of("many", count).await;
    println!("{count} tokens after {:.1} s", start.elapsed().as_secs_f64());
    let mut whole = Vec::new();
    for look in Look::ALL {
        let before = many.read_whole(GROW).await;
        look.at(&many).await;
        let read = many.read_whole(GROW).await - before;
        // Of a handful of rows, such as hands here, no index is worth its while.
        if read >= FEW {
            whole.push(format!("{look:?} read {read} rows of tables whole"));
        }
    }
    assert!(whole.is_empty(), "{}", whole.join("\n"));
    if is_long {
        let few = desk_of("few", FEW).await;
        let slow = compare(&few, &many).await;
        assert!(slow.is_empty(), "{}", slow.join("\n"));
    }
}

/// Those that take longer among many, in each of three attempts; prints all.
async fn compare(few: &Desk, many: &Desk) -> Vec<String> {
    let mut slow = Vec::new();
    for look in Look::ALL {
        let mut best = f64::MAX;
        for _ in 0..3 {
            let (mut short, mut long) = (Vec::new(), Vec::new());
            for _ in 0..TIMES {
                short.push(time(look, few).await);
                long.push(time(look, many).await);
            }
            let (short, long) = (median(short), median(long));
            let ratio = long.saturating_sub(NOISE).as_secs_f64() / short.as_secs_f64();
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

async fn time(look: Look, desk: &Desk) -> Duration {
    let start = Instant::now();
    look.at(desk).await;
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
