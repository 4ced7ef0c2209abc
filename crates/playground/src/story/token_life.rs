//! Act three: Rin's token is edited, reduced, reset, disabled, enabled and deleted, and
//! an admin reads what happened to it.

use anyhow::{Result, ensure};

use super::narrator::{Narrator, credentials};
use discord_sim::{MessageView, Person};

const DEVELOPER: &str = "dev@orchard.example";
const NAME: &str = "Harvest reports";

/// Everyone who has a part in it.
struct Cast {
    rin: Person,
    aki: Person,
    ben: Person,
    chiyo: Person,
}

pub(super) async fn play(story: &Narrator<'_>) -> Result<()> {
    story.act("Act three: a token's life");
    let person = |name| story.person(name);
    let cast = Cast {
        rin: person("rin")?,
        aki: person("aki")?,
        ben: person("ben")?,
        chiyo: person("chiyo")?,
    };
    edit(story, &cast).await?;
    narrow(story, &cast).await?;
    let secret = reset(story, &cast).await?;
    disable_and_enable(story, &cast).await?;
    delete(story, &cast).await?;
    story.tell("Aki reads what happened.");
    let history = cast.aki.type_command(&format!("/token audit token:{NAME}")).await?.private()?;
    story.show(&cast.aki, &history);
    story.is_nowhere_else(&secret).await?;
    story.tell("The cards as they stand in the end.");
    for card in cast.aki.channel("approvals")? {
        story.show(&cast.aki, &card);
    }
    Ok(())
}

async fn edit(story: &Narrator<'_>, cast: &Cast) -> Result<()> {
    story.tell("Rin opens the token and presses Edit: one scope more.");
    let panel = open_panel(story, &cast.rin, "Edit").await?;
    let more = ["POST /Orchards/{AccountSID}/Harvests"];
    let mut chosen = panel.chosen("Scopes").unwrap_or_default();
    chosen.extend(more.map(str::to_owned));
    let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
    let panel = cast.rin.select(&panel, "Scopes", &chosen).await?.message()?;
    let submitted = cast.rin.click(&panel, "Submit").await?.message()?;
    story.show(&cast.rin, &submitted);
    story
        .tell("The card shows what is there now and what it would become. It takes two approvals.");
    two_approvals(story, cast).await?;
    story.dm(&cast.rin, "was changed").await?;
    story.mail(DEVELOPER, "was changed").await?;
    story.card(&cast.aki, "**Changed:**").await?;
    Ok(())
}

async fn narrow(story: &Narrator<'_>, cast: &Cast) -> Result<()> {
    story.tell("Rin takes the scope away again: that takes one press.");
    let panel = open_panel(story, &cast.rin, "Edit").await?;
    let chosen = panel.chosen("Scopes").unwrap_or_default();
    let fewer: Vec<&str> =
        chosen.iter().map(String::as_str).filter(|scope| scope.starts_with("GET")).collect();
    let panel = cast.rin.select(&panel, "Scopes", &fewer).await?.message()?;
    let narrowed = cast.rin.click(&panel, "Submit").await?.message()?;
    story.show(&cast.rin, &narrowed);
    story.mail(DEVELOPER, "was reduced").await?;
    Ok(())
}

async fn reset(story: &Narrator<'_>, cast: &Cast) -> Result<String> {
    story.tell("Rin resets the secret, and keeps the old one for an hour more.");
    let panel = open_panel(story, &cast.rin, "Reset").await?;
    let hour = ["The old secret works for one hour more"];
    let panel = cast.rin.select(&panel, "Overlap", &hour).await?.message()?;
    story.show(&cast.rin, &panel);
    cast.rin.click(&panel, "Submit").await?.message()?;
    two_approvals(story, cast).await?;
    let secret = collect_secret(story, &cast.rin).await?;
    story.mail(DEVELOPER, "has a new secret").await?;
    story.tell("The token's panel shows both secrets, and when each was last used.");
    let panel = show_token(&cast.rin).await?;
    story.show(&cast.rin, &panel);
    Ok(secret)
}

async fn disable_and_enable(story: &Narrator<'_>, cast: &Cast) -> Result<()> {
    story.tell(
        "Aki disables it, and is asked first what that costs. Both secrets stop working at once.",
    );
    let panel = show_token(&cast.aki).await?;
    let question = cast.aki.click(&panel, "Disable").await?.message()?;
    story.show(&cast.aki, &question);
    let disabled = cast.aki.click(&question, "Disable").await?.message()?;
    story.show(&cast.aki, &disabled);
    story.dm(&cast.rin, "was disabled").await?;
    story.mail(DEVELOPER, "was disabled").await?;
    story.tell("Rin requests to enable it. That gives it a new secret, and takes two approvals.");
    let panel = open_panel(story, &cast.rin, "Enable").await?;
    cast.rin.click(&panel, "Submit").await?.message()?;
    two_approvals(story, cast).await?;
    collect_secret(story, &cast.rin).await?;
    story.mail(DEVELOPER, "was enabled").await?;
    Ok(())
}

async fn delete(story: &Narrator<'_>, cast: &Cast) -> Result<()> {
    story.tell("Rin deletes it, by typing its name.");
    let panel = show_token(&cast.rin).await?;
    let mut modal = cast.rin.click(&panel, "Delete").await?.modal()?;
    modal.fill("Type its name", NAME)?;
    story.show_modal(&cast.rin, &modal);
    let deleted = modal.submit().await?.message()?;
    story.show(&cast.rin, &deleted);
    story.mail(DEVELOPER, "was deleted").await?;
    let list = cast.rin.type_command("/token list").await?.private()?;
    ensure!(!list.contains(NAME), "a deleted token is in the list");
    Ok(())
}

/// The token's panel.
async fn show_token(person: &Person) -> Result<MessageView> {
    person.type_command(&format!("/token show token:{NAME}")).await?.private()
}

/// What a button of that panel opens.
async fn open_panel(story: &Narrator<'_>, person: &Person, button: &str) -> Result<MessageView> {
    let panel = show_token(person).await?;
    let opened = person.click(&panel, button).await?.message()?;
    story.show(person, &opened);
    Ok(opened)
}

/// Ben and Chiyo approve.
async fn two_approvals(story: &Narrator<'_>, cast: &Cast) -> Result<()> {
    let card = story.card(&cast.ben, "0 of 2 approvals").await?;
    cast.ben.click(&card, "Approve").await?.private()?;
    let card = cast.chiyo.wait_for_message("approvals", "1 of 2 approvals").await?;
    cast.chiyo.click(&card, "Approve").await?.private()?;
    Ok(())
}

/// Rin collects a new secret and stores it.
async fn collect_secret(story: &Narrator<'_>, rin: &Person) -> Result<String> {
    let ready = story.dm(rin, "is ready").await?;
    let shown = rin.click(&ready, "Reveal").await?.private()?;
    story.show(rin, &shown);
    let (_, secret) = credentials(&shown)?;
    rin.click(&shown, "I have stored it").await?.gone()?;
    let said = rin.wait_for_private("The message that revealed the secret").await?;
    story.show(rin, &said);
    Ok(secret)
}
