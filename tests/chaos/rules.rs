//! The rules, checked in the database and in the messages when a main job is over.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use testkit::setup::Setup;
use testkit::team::DEVELOPER;

use super::people::{People, code_blocks, newest_card};

/// A message that only one person sees.
const EPHEMERAL: u64 = 1 << 6;

/// A number from the database: what it counts, the query, and the right value.
pub type Number = (&'static str, &'static str, i64);

/// What no job leaves behind.
pub const LEFT_OVER: [Number; 2] = [
    (
        "messages with a secret, or their interactions' tokens, that are still there",
        "select count(*) from countersign.reveals
         where hidden_at is null or sealed_interaction_token is not null",
        0,
    ),
    (
        "notices that were not sent",
        // The mail of the collection tells of the creation as well, and a secret that is ready of the approval.
        "select count(*) from countersign.notices
         where state = 'waiting' or (state = 'refused' and kind not in ('created', 'approved'))",
        0,
    ),
];

/// What must hold for each main job.
const NUMBERS: [Number; 8] = [
    ("requests", "select count(*) from countersign.requests", 1),
    ("requests that are done", "select count(*) from countersign.requests where state = 'done'", 1),
    ("tokens", "select count(*) from countersign.tokens", 1),
    (
        "live tokens",
        "select count(*) from countersign.tokens where state = 'active'
         and collected_at is not null and expires_at > now()",
        1,
    ),
    (
        "people whose approvals count on the current content",
        "select count(distinct (request_id, person)) from countersign.approvals join countersign.requests
             on requests.id = request_id
         where struck_at is null and approvals.digest = requests.digest",
        2,
    ),
    ("approvals", "select count(*) from countersign.approvals", 2),
    (
        "deliveries that were accepted, with nothing sealed left",
        "select count(*) from countersign.deliveries
         where state = 'accepted' and sealed_secret is null",
        1,
    ),
    ("deliveries", "select count(*) from countersign.deliveries", 1),
];

/// The audit log of one main job: each line, and how often it is there.
const EVENTS: [(&str, i64); 8] = [
    ("request_submitted", 1),
    ("approval_given", 2),
    ("request_approved", 1),
    ("request_confirmed", 1),
    ("token_issued", 1),
    ("delivery_announced", 1),
    ("token_collected", 1),
    ("delivery_accepted", 1),
];

/// Repeats that could not be avoided, because answers were lost.
#[derive(Default)]
pub struct Repeats {
    /// How many emails were repeated.
    pub mails: usize,
    /// How many cards are duplicates.
    pub cards: usize,
    /// How many messages besides the first held the secret; all of them were the owner's.
    pub reveals: usize,
    /// How often a direct message came again.
    pub dms: usize,
}

/// Fails if a rule is broken after the main jobs with these names.
pub async fn hold(setup: &Setup, names: &[&str]) -> Result<Repeats> {
    let people = People::of(setup)?;
    let mut connection = setup.connect().await?;
    let mut broken = broken_in_the_database(&mut connection, names.len()).await?;
    let mut repeats = Repeats::default();
    let checks = [
        one_person_saw_each_secret(&people, &mut connection, names, &mut repeats).await,
        check_mails_once(setup, names, &mut repeats),
        the_cards_stand(&people, names, &mut repeats),
        direct_messages_came(&people, names, &mut repeats),
    ];
    broken.extend(checks.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")));
    ensure!(broken.is_empty(), "broken:\n- {}", broken.join("\n- "));
    Ok(repeats)
}

/// What does not hold in the database after so many main jobs.
pub async fn broken_in_the_database(
    connection: &mut PgConnection,
    jobs: usize,
) -> Result<Vec<String>> {
    let jobs = i64::try_from(jobs)?;
    let mut broken = wrong(connection, NUMBERS.iter().chain(&LEFT_OVER), jobs).await?;
    broken.extend(events_that_are_wrong(connection, jobs).await?);
    Ok(broken)
}

/// The numbers that are wrong after so many jobs.
pub async fn wrong(
    connection: &mut PgConnection,
    numbers: impl IntoIterator<Item = &Number>,
    jobs: i64,
) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (what, query, expected) in numbers {
        let found: i64 = sqlx::query_scalar(*query).fetch_one(&mut *connection).await?;
        if found != expected * jobs {
            wrong.push(format!("{what}: {found} instead of {}", expected * jobs));
        }
    }
    Ok(wrong)
}

async fn events_that_are_wrong(connection: &mut PgConnection, jobs: i64) -> Result<Vec<String>> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("select kind, count(*) from countersign.events group by kind")
            .fetch_all(&mut *connection)
            .await?;
    let mut found: BTreeMap<String, i64> = rows.into_iter().collect();
    let mut wrong = Vec::new();
    // One mail of the creation and the collection, into which the mail of the creation went; and where a
    // person has to act, a word to the requester, unless the secret was ready before it went out.
    let sent = found.remove("notice_sent").unwrap_or_default();
    let dropped = found.remove("notice_dropped").unwrap_or_default();
    if sent < jobs || dropped < jobs || sent + dropped > 3 * jobs {
        wrong.push(format!("{sent} notices were sent and {dropped} dropped"));
    }
    for (kind, expected) in EVENTS {
        let there = found.remove(kind).unwrap_or_default();
        // An owner who collected by command before the message came needs no message.
        let is_spared = kind == "delivery_announced" && there < jobs;
        if there != expected * jobs && !is_spared {
            wrong.push(format!("{kind}: {there} events instead of {}", expected * jobs));
        }
    }
    // One for each message that showed it, or may have.
    let hidden = found.remove("secret_hidden").unwrap_or_default();
    let reveals: i64 = sqlx::query_scalar("select count(*) from countersign.reveals")
        .fetch_one(&mut *connection)
        .await?;
    if hidden == 0 || hidden != reveals {
        wrong.push(format!("secret_hidden: {hidden} events of {reveals} messages"));
    }
    let repeated = found.remove("reveal_repeated").unwrap_or_default();
    if repeated + jobs != reveals {
        wrong.push(format!("reveal_repeated: {repeated} events of {reveals} messages"));
    }
    // One for each press while a message was shown; there are no presses after its time.
    found.remove("delivery_stored");
    wrong.extend(found.into_iter().map(|(kind, count)| format!("{kind}: {count} events")));
    Ok(wrong)
}

/// One secret for each job, in private messages of the owner and nowhere else.
async fn one_person_saw_each_secret(
    people: &People<'_>,
    connection: &mut PgConnection,
    names: &[&str],
    repeats: &mut Repeats,
) -> Result<()> {
    let messages = people.setup.discord.all_messages();
    let shown: Vec<String> =
        messages.iter().filter(|message| is_private(message)).filter_map(secret_of).collect();
    let secrets: BTreeSet<&String> = shown.iter().collect();
    ensure!(
        secrets.len() == names.len(),
        "{} secrets were shown in {} messages",
        secrets.len(),
        shown.len()
    );
    repeats.reveals = shown.len() - secrets.len();
    let owner = people.rin.id().to_string();
    for secret in secrets {
        let opens = "select exists (select from countersign.secrets
             where sha256 = $1 and state <> 'waiting')";
        let hash = Sha256::digest(secret).to_vec();
        let opens: bool = sqlx::query_scalar(opens).bind(hash).fetch_one(&mut *connection).await?;
        ensure!(opens, "what was shown opens nothing");
        for message in messages.iter().filter(|message| message.to_string().contains(secret)) {
            let to = message["interaction_metadata"]["user"]["id"].as_str();
            let is_owners = is_private(message) && to == Some(owner.as_str());
            ensure!(is_owners, "somebody else saw it:\n{message}");
        }
        is_nowhere_else(people.setup, secret).await.context("a secret")?;
    }
    let interaction = people.setup.discord.last_interaction(&people.rin);
    let interaction = interaction.context("no interaction")?;
    let token = interaction["token"].as_str().context("an interaction without a token")?;
    is_nowhere_else(people.setup, token).await.context("an interaction's token")
}

/// In no table, log or mail.
async fn is_nowhere_else(setup: &Setup, secret: &str) -> Result<()> {
    let tables = setup.tables_with(secret).await?;
    ensure!(tables.is_empty(), "it is in {tables:?}");
    ensure!(!setup.bot.everything_written()?.contains(secret), "it is in the log");
    for mail in setup.mailbox.all()? {
        ensure!(!String::from_utf8_lossy(&mail.raw).contains(secret), "it is in a mail");
    }
    Ok(())
}

fn is_private(message: &Value) -> bool {
    message["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0
}

fn secret_of(message: &Value) -> Option<String> {
    <[String; 2]>::try_from(code_blocks(message)).ok().map(|[_, secret]| secret)
}

/// Each mail came; if it came twice, it is the same mail.
fn check_mails_once(setup: &Setup, names: &[&str], repeats: &mut Repeats) -> Result<()> {
    let mails = setup.mailbox.all()?;
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for mail in &mails {
        ensure!(mail.to == [DEVELOPER], "a mail went to {:?}", mail.to);
        let id = mail.header("Message-ID").context("a mail without an identity")?;
        ids.entry(&mail.subject).or_default().insert(id);
    }
    ensure!(ids.len() == names.len(), "mails: {:?}", ids.keys());
    ensure!(ids.values().all(|ids| ids.len() == 1), "a repeat is another mail: {ids:?}");
    repeats.mails = mails.len() - ids.len();
    Ok(())
}

/// Each card shows the result, and there is no older card of the same request.
fn the_cards_stand(people: &People<'_>, names: &[&str], repeats: &mut Repeats) -> Result<()> {
    for name in names {
        let card = newest_card(&people.aki, name)?;
        let is_over = card.contains("**Collected**") && !card.contains("has not confirmed yet");
        ensure!(is_over, "the card says:\n{card}");
    }
    let channel = people.aki.channel("approvals")?;
    let cards = channel.iter().filter(|message| !message.is_ephemeral()).count();
    repeats.cards = cards - names.len();
    ensure!(repeats.cards == 0, "{} cards stand too many", repeats.cards);
    Ok(())
}

/// Rin got each message once.
fn direct_messages_came(people: &People<'_>, names: &[&str], repeats: &mut Repeats) -> Result<()> {
    let dms = people.rin.dms();
    for name in names {
        let of_this =
            dms.iter().filter(|message| !message.is_ephemeral() && message.contains(name));
        // None stands where the secret was collected by command before the message came.
        let is_stale = of_this.clone().any(|message| !message.contains("revealed it on"));
        ensure!(!is_stale, "Rin's message about {name} is no receipt");
        repeats.dms += of_this.count().saturating_sub(1);
    }
    ensure!(repeats.dms == 0, "a direct message came {} times too often", repeats.dms);
    Ok(())
}
