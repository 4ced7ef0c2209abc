//! What must hold after each scenario, whatever failed.

use anyhow::{Context, Result, ensure};
use sqlx::Row as _;
use testkit::setup::Setup;

use super::people::Play;

/// The request with this name, as the database has it.
const FACTS: &str = "select request.state,
    (select count(*) from countersign.tokens token where token.request_id = request.id) as tokens,
    (select count(*) from countersign.tokens token
     where token.request_id = request.id and token.state = 'active') as live,
    (select count(distinct person) from countersign.approvals approval
     where approval.request_id = request.id and struck_at is null) as approvals,
    (select count(*) from countersign.deliveries delivery
     join countersign.tokens token on token.id = delivery.token_id
     where token.request_id = request.id and delivery.state = 'accepted') as accepted,
    (select count(*) from countersign.reveals reveal
     join countersign.deliveries delivery on delivery.id = reveal.delivery_id
     join countersign.tokens token on token.id = delivery.token_id
     where token.request_id = request.id and hidden_at is null) as standing,
    (select count(*) from countersign.notices notice
     where notice.request_id = request.id and notice.state = 'waiting') as waiting,
    (select count(*) from countersign.events event
     where event.request_id = request.id and event.kind = 'notice_refused') as refused,
    (select count(*) from countersign.notices notice where notice.request_id = request.id
     and notice.state = 'sent' and notice.medium = 'direct_message'
     -- One about a refused card is deleted once the card is shown.
     and (notice.kind <> 'card_refused' or notice.dm_message is not null)) as told,
    (select count(*) from countersign.notices notice where notice.request_id = request.id
     and notice.state = 'sent' and notice.medium = 'mail') as mailed
    from countersign.requests request where request.content::jsonb ->> 'name' = $1";

/// Fails if a promise was broken. Notices that were finally refused are counted and returned.
pub async fn holds(setup: &Setup, play: &Play<'_>, name: &str) -> Result<i64> {
    let mut connection = setup.connect().await?;
    let rows = sqlx::query(FACTS).bind(name).fetch_all(&mut connection).await?;
    ensure!(rows.len() == 1, "{} requests", rows.len());
    let facts = &rows[0];
    let number = |name: &str| facts.get::<i64, _>(name);
    let state: String = facts.get("state");
    ensure!(state == "done", "the request is {state}");
    ensure!(number("tokens") == 1 && number("live") == 1, "not one live token");
    ensure!(number("approvals") == 2, "{} approvals", number("approvals"));
    ensure!(number("accepted") == 1, "the delivery was not accepted");
    ensure!(number("standing") == 0, "a message with a secret was not deleted");
    ensure!(number("waiting") == 0, "{} notices wait", number("waiting"));
    ensure!(number("told") == 0, "{} notices beside the receipt", number("told"));
    is_told_once(play)?;
    let subject = |mail: &&_| -> bool {
        let mail: &testkit::mailbox::Mail = mail;
        mail.subject.contains(name)
    };
    let mails = setup.mailbox.all()?.iter().filter(subject).count();
    ensure!(i64::try_from(mails)? == number("mailed"), "{mails} mails");
    let cards = play.cards()?;
    ensure!(cards.len() == 1, "{} cards", cards.len());
    ensure!(
        cards[0].contains("**Collected**") && !cards[0].contains("has not confirmed yet"),
        "the card is not at its end:\n{}",
        cards[0]
    );
    let secret = play.secret.as_ref().context("nobody saw the secret")?;
    check_one_reader(setup, secret)?;
    ensure!(setup.tables_with(secret).await?.is_empty(), "the secret is in a table");
    ensure!(!setup.bot.everything_written()?.contains(secret), "the secret is in a log");
    Ok(number("refused"))
}

/// One message stands, which is a receipt (none where the secret was asked for before it came).
fn is_told_once(play: &Play<'_>) -> Result<()> {
    let mut direct = play.direct_messages();
    direct.retain(|message| !message.is_ephemeral());
    ensure!(direct.len() <= 1, "{} direct messages", direct.len());
    ensure!(direct.iter().all(|message| !message.offers("Reveal")), "it can be pressed");
    Ok(())
}

/// The secret was only in messages that one person sees, and only the requester sees one.
fn check_one_reader(setup: &Setup, secret: &str) -> Result<()> {
    for message in setup.discord.all_messages() {
        let ephemeral = message["flags"].as_u64().unwrap_or_default() & 64 != 0;
        ensure!(ephemeral || !message.to_string().contains(secret), "others see the secret");
    }
    for name in ["aki", "ben", "chiyo"] {
        let seen = setup.person(name)?.private_messages();
        ensure!(seen.iter().all(|message| !message.contains(secret)), "{name} sees the secret");
    }
    Ok(())
}
