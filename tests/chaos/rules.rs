//! Rules 1 to 9 of product.md, looked at behind the scenes when a main job is over.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use countersign_playground::stage::Stage;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::people::{DEVELOPER, People, code_blocks, newest_card};

/// A message that only one person sees.
const EPHEMERAL: u64 = 1 << 6;

/// What must be true once, and of everything: a number of the database's for each.
const NUMBERS: [(&str, &str, i64); 11] = [
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
        "people whose hands count on the current content",
        "select count(distinct person) from countersign.hands join countersign.requests
             on requests.id = request_id
         where struck_at is null and hands.digest = requests.digest",
        2,
    ),
    ("hands", "select count(*) from countersign.hands", 2),
    (
        "deliveries that were accepted, with nothing sealed left",
        "select count(*) from countersign.deliveries
         where state = 'accepted' and sealed_secret is null",
        1,
    ),
    ("deliveries", "select count(*) from countersign.deliveries", 1),
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
    ("drafts", "select count(*) from countersign.drafts", 0),
];

/// The audit log of one main job: each line, and how often it is there.
const EVENTS: [(&str, i64); 9] = [
    ("request_submitted", 1),
    ("hand_put", 2),
    ("request_approved", 1),
    ("request_confirmed", 1),
    ("token_issued", 1),
    ("delivery_announced", 1),
    ("token_collected", 1),
    ("delivery_accepted", 1),
    // To the requester, and two mails to the developer.
    ("notice_sent", 3),
];

/// What repeats there were, which nobody could have spared: their answers were never seen.
#[derive(Default)]
pub struct Repeats {
    /// How many mails came again.
    pub mails: usize,
    /// How many cards stand too many.
    pub cards: usize,
    /// How many messages held the secret, beside the first; all of them were the owner's alone.
    pub reveals: usize,
    /// How often a direct message came again.
    pub dms: usize,
}

/// Fails with every rule that does not hold for the main job of this name.
pub async fn hold(stage: &Stage, name: &str) -> Result<Repeats> {
    let people = People::of(stage)?;
    let mut connection = stage.connect().await?;
    let mut broken = Vec::new();
    for (what, query, expected) in NUMBERS {
        let found: i64 = sqlx::query_scalar(query).fetch_one(&mut connection).await?;
        if found != expected {
            broken.push(format!("{what}: {found} instead of {expected}"));
        }
    }
    broken.extend(events_that_are_wrong(&mut connection).await?);
    let mut repeats = Repeats::default();
    let checks = [
        one_person_saw_one_secret(&people, &mut connection, &mut repeats).await,
        mails_came_once(stage, &mut repeats),
        the_card_stands(&people, name, &mut repeats),
        direct_messages_came(&people, &mut repeats),
    ];
    broken.extend(checks.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")));
    ensure!(broken.is_empty(), "broken:\n- {}", broken.join("\n- "));
    Ok(repeats)
}

async fn events_that_are_wrong(connection: &mut PgConnection) -> Result<Vec<String>> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("select kind, count(*) from countersign.events group by kind")
            .fetch_all(&mut *connection)
            .await?;
    let mut found: BTreeMap<String, i64> = rows.into_iter().collect();
    let mut wrong = Vec::new();
    for (kind, expected) in EVENTS {
        let there = found.remove(kind).unwrap_or_default();
        // Whoever collected by command before the message came needs no message any more.
        let is_spared = kind == "delivery_announced" && there == 0;
        if there != expected && !is_spared {
            wrong.push(format!("{kind}: {there} events instead of {expected}"));
        }
    }
    // One for each message that showed it, or might have.
    let hidden = found.remove("secret_hidden").unwrap_or_default();
    let reveals: i64 = sqlx::query_scalar("select count(*) from countersign.reveals")
        .fetch_one(&mut *connection)
        .await?;
    if hidden == 0 || hidden != reveals {
        wrong.push(format!("secret_hidden: {hidden} events of {reveals} messages"));
    }
    wrong.extend(found.into_iter().map(|(kind, count)| format!("{kind}: {count} events")));
    Ok(wrong)
}

/// One secret, in private messages of the owner's and nowhere else.
async fn one_person_saw_one_secret(
    people: &People<'_>,
    connection: &mut PgConnection,
    repeats: &mut Repeats,
) -> Result<()> {
    let stage = people.stage;
    let owner = people.rin.id().to_string();
    let messages = stage.discord.all_messages();
    let shown: Vec<String> =
        messages.iter().filter(|message| is_private(message)).filter_map(secret_of).collect();
    let secrets: BTreeSet<&String> = shown.iter().collect();
    let [secret] = Vec::from_iter(secrets)[..] else {
        anyhow::bail!("{} secrets were shown in {} messages", secrets_in(&shown), shown.len());
    };
    repeats.reveals = shown.len() - 1;
    let stored: Vec<u8> = sqlx::query_scalar("select secret_sha256 from countersign.tokens")
        .fetch_one(connection)
        .await?;
    ensure!(Sha256::digest(secret)[..] == stored[..], "what was shown opens nothing");
    for message in messages.iter().filter(|message| message.to_string().contains(secret)) {
        let to = &message["interaction_metadata"]["user"]["id"];
        ensure!(is_private(message) && to == owner.as_str(), "somebody else saw it:\n{message}");
    }
    let tables = stage.tables_with(secret).await?;
    ensure!(tables.is_empty(), "the secret is in {tables:?}");
    ensure!(!stage.bot.everything_written()?.contains(secret), "the secret is in the log");
    for mail in stage.mailbox.all()? {
        ensure!(!String::from_utf8_lossy(&mail.raw).contains(secret), "it is in a mail");
    }
    let interaction = stage.discord.last_interaction(&people.rin).context("no interaction")?;
    let token = interaction["token"].as_str().context("an interaction without a token")?;
    let tables = stage.tables_with(token).await?;
    ensure!(tables.is_empty(), "an interaction's token is in {tables:?}");
    ensure!(!stage.bot.everything_written()?.contains(token), "its token is in the log");
    Ok(())
}

fn secrets_in(shown: &[String]) -> usize {
    shown.iter().collect::<BTreeSet<_>>().len()
}

fn is_private(message: &Value) -> bool {
    message["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0
}

fn secret_of(message: &Value) -> Option<String> {
    <[String; 2]>::try_from(code_blocks(message)).ok().map(|[_, secret]| secret)
}

/// Each mail came; where it came again, it is the same mail.
fn mails_came_once(stage: &Stage, repeats: &mut Repeats) -> Result<()> {
    let mails = stage.mailbox.all()?;
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for mail in &mails {
        ensure!(mail.to == [DEVELOPER], "a mail went to {:?}", mail.to);
        let id = mail.header("Message-ID").context("a mail without an identity")?;
        ids.entry(&mail.subject).or_default().insert(id);
    }
    ensure!(ids.len() == 2, "mails: {:?}", ids.keys());
    ensure!(ids.values().all(|ids| ids.len() == 1), "a repeat is another mail: {ids:?}");
    repeats.mails = mails.len() - 2;
    Ok(())
}

/// The card says how it ended, and no older one stands beside it.
fn the_card_stands(people: &People<'_>, name: &str, repeats: &mut Repeats) -> Result<()> {
    let card = newest_card(&people.aki, name)?;
    let is_over = card.contains("**Collected**") && !card.contains("has not confirmed yet");
    ensure!(is_over, "the card says:\n{card}");
    let all = people.aki.channel("approvals")?;
    repeats.cards = all.iter().filter(|card| card.contains(name)).count() - 1;
    ensure!(repeats.cards == 0, "{} cards stand too many", repeats.cards);
    Ok(())
}

/// Rin was told each thing, at least once.
fn direct_messages_came(people: &People<'_>, repeats: &mut Repeats) -> Result<()> {
    let dms = people.rin.dms();
    let approved = dms.iter().filter(|message| message.contains("is approved")).count();
    let ready = dms.iter().filter(|message| message.custom_id("Reveal").is_ok()).count();
    ensure!(approved > 0, "Rin was never told that the request is approved");
    repeats.dms = (approved + ready).saturating_sub(2);
    ensure!(repeats.dms == 0, "a direct message came {} times too often", repeats.dms);
    Ok(())
}
