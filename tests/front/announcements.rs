//! Announcements to the people of tokens.

use discord_sim::{MessageView, Person};
use testkit::team::{DEVELOPER, Team};

use super::expiry::is_shared;
use super::token_life::create_token;

const LINE: &str = "/token announce provider:orchard";

async fn begin(admin: &Person) -> MessageView {
    admin.type_command(LINE).await.unwrap().private().unwrap()
}

async fn press_button(admin: &Person, panel: &MessageView, button: &str) -> MessageView {
    admin.click(panel, button).await.unwrap().message().unwrap()
}

async fn write(admin: &Person, panel: &MessageView, subject: &str, text: &str) -> MessageView {
    let mut form = admin.click(panel, "Write").await.unwrap().modal().unwrap();
    form.fill("Subject", subject).unwrap().fill("Text", text).unwrap();
    form.submit().await.unwrap().message().unwrap()
}

/// Whether it could be sent.
fn is_ready(panel: &MessageView) -> bool {
    panel.buttons().iter().any(|label| label.starts_with("Send") && panel.offers(label))
}

/// A panel with everything chosen and written.
async fn is_written(admin: &Person, subject: &str) -> MessageView {
    let panel = press_button(admin, &begin(admin).await, "All").await;
    write(admin, &panel, subject, "Version 2 ends on Friday.").await
}

#[tokio::test]
async fn each_person_gets_one_message_that_names_their_tokens() {
    let team = Team::start("announce").await;
    for name in ["Reports", "Dashboard"] {
        is_shared(&team, name).await;
    }
    create_token(&team, "Own").await;
    let panel = begin(&team.aki).await;
    assert!(!is_ready(&panel), "{panel}");
    let chosen = ["Reports", "Dashboard"];
    let panel = team.aki.select(&panel, "Choose tokens", &chosen).await.unwrap();
    let panel = panel.message().unwrap();
    assert!(panel.contains("Reports") && !is_ready(&panel), "{panel}");
    let text = "Version 2 ends on Friday. @everyone\r\nBcc: mallory@example.com\n\n# Not a heading";
    let panel = write(&team.aki, &panel, "New version", text).await;
    assert!(panel.contains("Preview") && panel.contains("Version 2 ends"), "{panel}");
    assert!(!panel.pings(), "{panel}");
    // An unfinished draft is shown again.
    let panel = begin(&team.aki).await;
    assert!(panel.contains("Version 2 ends"), "{panel}");
    // Chiyo is the contact of both, and both have one developer.
    let said = press_button(&team.aki, &panel, "Send to 2 people").await;
    assert!(said.contains("2 people") && said.contains("2 tokens"), "{said}");

    let told = team.chiyo.wait_for_dm("An announcement from an admin").await.unwrap();
    for part in ["Reports", "Dashboard", "New version", "Friday", "@Aki writes"] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    assert!(!told.pings() && !told.contains("Own"), "{told}");
    let mail = team.setup.mailbox.wait_for(DEVELOPER, "New version").await.unwrap();
    let body = mail.text.as_deref().unwrap();
    assert!(
        body.contains("  - “Reports”: requested by Rin; approved by Aki")
            && body.contains("“Dashboard”"),
        "{body}"
    );
    assert!(body.contains("Aki, an admin, writes") && mail.html.is_some(), "{body}");
    assert!(mail.header("Bcc").is_none());
    assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
    team.setup.settle().await.unwrap();
    let outcomes = "select count(*) from countersign.events join countersign.notices
        on notices.id = (detail ->> 'notice')::bigint
        where events.kind = 'notice_sent' and notices.kind = 'announced'";
    assert_eq!(team.count(outcomes).await, 4, "2 people, 2 tokens");
    let history = "select count(*) from countersign.events
        where kind = 'announced' and token_id is not null";
    assert_eq!(team.count(history).await, 2);
    let words = "select count(*) from countersign.events token
        join countersign.events sent on sent.id = (token.detail ->> 'announcement')::bigint
        where token.kind = 'announced' and sent.detail ->> 'subject' = 'New version'
            and sent.detail ->> 'body' like 'Version 2 ends on Friday.%# Not a heading'
            and token.detail ->> 'body_sha256' =
                encode(sha256(convert_to(sent.detail ->> 'body', 'UTF8')), 'hex')";
    assert_eq!(team.count(words).await, 2, "what was written stands in the log");
    let drafts = "select count(*) from countersign.announcement_drafts";
    assert_eq!(team.count(drafts).await, 0);
    team.finish().await;
}

#[tokio::test]
async fn only_admins_may_and_only_the_author_of_a_draft() {
    let team = Team::start("announce strangers").await;
    create_token(&team, "Reports").await;
    let refused = team.rin.type_command(LINE).await.unwrap().private().unwrap();
    assert!(refused.contains("Only this provider’s admins"), "{refused}");
    let panel = begin(&team.aki).await;
    let panel = press_button(&team.aki, &panel, "All").await;
    // Too long for one message: saved, and not sent, even by a forged press.
    let panel = write(&team.aki, &panel, "Hi", &"\u{10800}\n".repeat(1_000)).await;
    assert!(panel.contains("shorten it") && !is_ready(&panel), "{panel}");
    let send = panel.custom_id("Send to one person").unwrap();
    let refused = team.aki.forge_press(&panel, &send, 2, &[]).await.unwrap().private().unwrap();
    assert!(refused.contains("Nothing was sent"), "{refused}");
    let panel = write(&team.aki, &panel, "Hi", "There").await;
    let send = panel.custom_id("Send to one person").unwrap();
    for liar in [&team.rin, &team.ben] {
        let refused = liar.forge_press(&panel, &send, 2, &[]).await.unwrap().private().unwrap();
        assert!(refused.contains("draft is no longer there"), "{refused}");
    }
    // A former admin can't send their draft.
    team.setup.discord.set_roles(&team.aki, &[]).unwrap();
    let refused = team.aki.click(&panel, "Send to one person").await.unwrap().private().unwrap();
    assert!(refused.contains("Only this provider’s admins"), "{refused}");
    let sent = "select count(*) from countersign.notices where kind = 'announced'";
    assert_eq!(team.count(sent).await, 0);
    team.finish().await;
}

/// One admin, at two screens: what the pressed panel showed is sent.
#[tokio::test]
async fn the_sent_announcement_is_the_previewed_one() {
    let team = Team::start("announce twice").await;
    is_shared(&team, "Reports").await;
    let panel = begin(&team.aki).await;
    let panel = press_button(&team.aki, &panel, "All").await;
    let read = write(&team.aki, &panel, "Friday", "Version 2 ends on Friday.").await;
    let other = begin(&team.aki).await;
    write(&team.aki, &other, "Nonsense", "Not for anybody’s eyes yet").await;

    let again = team.aki.click(&read, "Send to 2 people").await.unwrap().message().unwrap();
    assert!(again.contains("Nothing was sent") && again.contains("Not for anybody"), "{again}");
    let sent = "select count(*) from countersign.notices where kind = 'announced'";
    assert_eq!(team.count(sent).await, 0);
    let again = write(&team.aki, &again, "Monday", "Version 2 ends on Monday.").await;
    assert!(!again.contains("Nothing was sent"), "{again}");
    let said = press_button(&team.aki, &again, "Send to 2 people").await;
    assert!(said.contains("2 people"), "{said}");
    team.chiyo.wait_for_dm("Monday").await.unwrap();
    team.setup.mailbox.wait_for(DEVELOPER, "Monday").await.unwrap();
    team.finish().await;
}

/// Rin's token, sixty times, each with a request of its own.
const MANY: &str = "
    set session_replication_role = replica;
    insert into countersign.requests (id, number, provider, kind, state, requester, approvals_required,
        requester_approval_counts, content, digest, name_key, expires_at)
    select 1000 + at, 1000 + at, provider, kind, state, requester, approvals_required, requester_approval_counts,
        content, digest, name_key, expires_at
    from countersign.requests, generate_series(1, 59) at where number = 1;
    insert into countersign.tokens (id, provider, issuer, request_id, account_sid, name, description,
        api_version, owner, contact, developer_emails, scopes, lifetime_days, state, revision,
        name_key, created_at, collected_at, expires_at)
    select requests.id, tokens.provider, issuer, requests.id, 'CS' || number, 'Copy ' || number, description,
        api_version, owner, contact, array['dev' || number || '@orchard.example'], scopes,
        lifetime_days, 'active', 1, 'copy ' || number, created_at - make_interval(secs => number), collected_at,
        tokens.expires_at
    from countersign.tokens, countersign.requests where number > 1000";

#[tokio::test]
async fn choices_are_kept_across_pages_and_all_is_all() {
    let team = Team::start("announce pages").await;
    create_token(&team, "Reports").await;
    let mut connection = team.setup.connect().await.unwrap();
    sqlx::raw_sql(MANY).execute(&mut connection).await.unwrap();
    let panel = begin(&team.aki).await;
    let first = panel.options("Choose tokens").unwrap();
    assert_eq!(first.len(), 25);
    let panel = team.aki.select(&panel, "Choose tokens", &["Reports", "Copy 1001"]).await.unwrap();
    let panel = press_button(&team.aki, &panel.message().unwrap(), "Next").await;
    let panel = press_button(&team.aki, &panel, "Next").await;
    let last = panel.options("Choose tokens").unwrap();
    assert_eq!(last.len(), 10, "{last:?}");
    let panel = team.aki.select(&panel, "Choose tokens", &["Copy 1059"]).await.unwrap();
    let panel = press_button(&team.aki, &panel.message().unwrap(), "Previous").await;
    let panel = press_button(&team.aki, &panel, "Previous").await;
    assert!(panel.contains("Reports, Copy 1001, Copy 1059"), "{panel}");
    // A token of the first page disappears; one of the last page stays.
    let panel = team.aki.select(&panel, "Choose tokens", &["Copy 1001"]).await.unwrap();
    let panel = panel.message().unwrap();
    assert!(panel.contains("Copy 1001, Copy 1059"), "{panel}");
    let panel = write(&team.aki, &panel, "Some", "of you").await;
    let said = press_button(&team.aki, &panel, "Send to 3 people").await;
    assert!(said.contains("3 people"), "{said}");
    team.rin.wait_for_dm("An announcement from an admin").await.unwrap();
    for number in [1001, 1059] {
        let address = format!("dev{number}@orchard.example");
        team.setup.mailbox.wait_for(&address, "Some").await.unwrap();
    }

    let panel = begin(&team.aki).await;
    let panel = press_button(&team.aki, &panel, "All").await;
    assert!(panel.contains("All 60"), "{panel}");
    let panel = write(&team.aki, &panel, "All", "of you").await;
    let said = press_button(&team.aki, &panel, "Send to 60 people").await;
    assert!(said.contains("60 people"), "{said}");
    let told = team.rin.wait_for_dm("An announcement from an admin").await.unwrap();
    assert!(told.contains("Copy 1042"), "{told}");
    team.setup.settle().await.unwrap();
    for mail in team.setup.mailbox.unread().unwrap() {
        team.setup.mailbox.mark_read(&mail);
    }
    let sent =
        "select count(*) from countersign.notices where kind = 'announced' and state = 'sent'";
    assert_eq!(team.count(sent).await, 3 + 60);
    team.finish().await;
}

/// How many announcements went out.
const SENT: &str = "select count(*) from countersign.announcements";

/// Two are sent and answered, and all recipients read them.
async fn two_are_sent(team: &Team) {
    for subject in ["First", "Second"] {
        let panel = is_written(&team.aki, subject).await;
        let said = press_button(&team.aki, &panel, "Send to one person").await;
        assert!(said.contains("Sending the announcement"), "{said}");
        let told = team.rin.wait_for_dm("An announcement from an admin").await.unwrap();
        assert!(told.contains(subject), "{told}");
    }
}

#[tokio::test]
async fn an_admins_announcements_are_limited_and_the_next_time_is_shown() {
    let team = Team::configured("announce limit", "[policy]\nannouncements_per_day = 2").await;
    create_token(&team, "Reports").await;
    two_are_sent(&team).await;
    // The limit is shown before anyone writes, and *Send* is pressed all the same.
    let panel = is_written(&team.aki, "Third").await;
    let enough = "You have sent 2 announcements for this provider in the last 24 hours";
    assert!(panel.contains(enough) && !is_ready(&panel), "{panel}");
    let send = panel.custom_id("Send to one person").unwrap();
    let refused = team.aki.forge_press(&panel, &send, 2, &[]).await.unwrap().private().unwrap();
    assert!(
        refused.contains(enough) && refused.contains("You can send the next one on"),
        "{refused}"
    );
    let next = "select extract(epoch from date_trunc('second', min(at) + interval '1 day'))::bigint
        from countersign.events where kind = 'announced' and token_id is null";
    let next = team.count(next).await;
    assert!(refused.contains(&format!("<t:{next}:f>")), "{refused}");
    assert_eq!(team.count(SENT).await, 2);

    // Another admin has their own number.
    let panel = is_written(&team.ben, "Fourth").await;
    press_button(&team.ben, &panel, "Send to one person").await;
    team.rin.wait_for_dm("An announcement from an admin").await.unwrap();
    // A day after the first of them, one more may be sent.
    let mut connection = team.setup.connect().await.unwrap();
    let later = "set session_replication_role = replica;
        update countersign.events set at = at - interval '1 day' where id = (
            select min(id) from countersign.events where kind = 'announced' and token_id is null)";
    sqlx::raw_sql(later).execute(&mut connection).await.unwrap();
    let panel = begin(&team.aki).await;
    assert!(panel.contains("Version 2 ends") && is_ready(&panel), "the draft stays: {panel}");
    press_button(&team.aki, &panel, "Send to one person").await;
    team.rin.wait_for_dm("An announcement from an admin").await.unwrap();
    assert_eq!(team.count(SENT).await, 4);
    let panel = begin(&team.aki).await;
    assert!(panel.contains(enough), "{panel}");
    team.finish().await;
}

#[tokio::test]
async fn announcements_can_be_disabled() {
    let team = Team::configured("no announcements", "[policy]\nannouncements_per_day = 0").await;
    create_token(&team, "Reports").await;
    let refused = begin(&team.aki).await;
    assert!(refused.contains("Announcements are not allowed here"), "{refused}");
    let drafts = "select count(*) from countersign.announcement_drafts";
    assert_eq!(team.count(drafts).await + team.count(SENT).await, 0);
    team.finish().await;
}

/// What the button showed is sent, though the tokens' people change in the meantime.
#[tokio::test]
async fn an_announcement_reaches_only_the_people_counted_on_its_button() {
    let team = Team::start("announce reach").await;
    create_token(&team, "Reports").await;
    let panel = is_written(&team.aki, "Hello").await;
    assert!(panel.offers("Send to one person"), "{panel}");
    is_shared(&team, "Dashboard").await;
    let panel = press_button(&team.aki, &panel, "Send to one person").await;
    assert!(panel.contains("or the recipients have changed"), "{panel}");
    assert_eq!(team.count(SENT).await, 0);
    let said = press_button(&team.aki, &panel, "Send to 3 people").await;
    assert!(said.contains("3 people") && said.contains("2 tokens"), "{said}");
    for person in [&team.rin, &team.chiyo] {
        person.wait_for_dm("An announcement from an admin").await.unwrap();
    }
    team.setup.mailbox.wait_for(DEVELOPER, "Hello").await.unwrap();
    team.finish().await;
}
