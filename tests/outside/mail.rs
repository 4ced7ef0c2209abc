//! Faults of a real mail server: a temporary fault delays emails and loses none, a final one ends the notice
//! and nothing else. In the meantime the token is created and collected.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use discord_sim::Options;
use discord_sim::crash_points::{When, Which};
use testkit::clock::Clock;
use testkit::postgres::{Durability, Postgres};
use testkit::proxy::mail::{END_OF_MESSAGE, GREETING, MailProxy};
use testkit::smtp::{Refuses, Smtp};
use testkit::team::{DEVELOPER, Team, code_blocks};

pub(super) const OTHER: &str = "ops@orchard.example";

/// How long delayed emails may take: the bot retries after 2 s, 4 s, 8 s.
pub(super) const DELAY: Duration = Duration::from_secs(40);

/// How long the fault lasts: at least one retry falls into it.
pub(super) const TROUBLE: Duration = Duration::from_secs(4);

pub(super) const DAY: i64 = 24 * 60 * 60;

/// A team whose emails go through a proxy to a server of its own.
pub(super) struct Fixture {
    pub(super) team: Team,
    pub(super) proxy: MailProxy,
    pub(super) smtp: Smtp,
}

impl Fixture {
    pub(super) async fn start(label: &str) -> Self {
        let smtp = Smtp::start().await.unwrap();
        let proxy = MailProxy::start(smtp.open_port()).await.unwrap();
        let url = proxy.url();
        let team = Team::with(label, Options::standard(), |config| config.mail_url = url).await;
        Self { team, proxy, smtp }
    }

    /// On a Postgres of its own.
    pub(super) async fn on(postgres: &Postgres, label: &str) -> Self {
        let smtp = Smtp::start().await.unwrap();
        let proxy = MailProxy::start(smtp.open_port()).await.unwrap();
        let url = proxy.url();
        let options = Options::standard();
        let team = Team::on(postgres, label, options, |config| config.mail_url = url).await;
        Self { team, proxy, smtp }
    }

    /// Rin's request that names two developers, up to the secret.
    pub(super) async fn wait_for_collected_card(&self) {
        self.is_collected_as("Reports").await;
    }

    pub(super) async fn is_collected_as(&self, name: &str) {
        let team = &self.team;
        let mut modal = team.form(&team.rin, "orchard", name).await;
        modal.fill("Developer emails", &format!("{DEVELOPER}; {OTHER}")).unwrap();
        team.submit_and_approve(&modal).await;
        let ready = team.rin.wait_for_dm("is ready").await.unwrap();
        let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
        assert_eq!(code_blocks(&shown).len(), 2, "the token does not wait for mail");
    }

    /// What each address got: how often each Message-ID came. Ends the setup.
    pub(super) async fn finish(self) -> BTreeMap<(String, String), usize> {
        self.team.setup.settle_within(DELAY).await.unwrap();
        // Exim writes an accepted mail a moment later.
        let sent = usize::try_from(self.notices(SENT).await).unwrap();
        let begun = Instant::now();
        while self.smtp.mailbox().all().unwrap().len() < sent && begun.elapsed() < TROUBLE {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut got = BTreeMap::new();
        for mail in self.smtp.mailbox().all().unwrap() {
            if mail.subject == CHECK_SUBJECT {
                continue;
            }
            let to = [DEVELOPER, OTHER].into_iter().find(|address| mail.is_to(address)).unwrap();
            let id = mail.header("Message-ID").unwrap().to_owned();
            *got.entry((to.to_owned(), id)).or_default() += 1;
        }
        self.team.last_card("Collected").await;
        self.team.finish().await;
        got
    }

    pub(super) async fn notices(&self, query: &'static str) -> i64 {
        self.team.count(query).await
    }
}

/// Of the email that `check --mail` sends.
pub(super) const CHECK_SUBJECT: &str = "Countersign can send emails";

pub(super) const SENT: &str =
    "select count(*) from countersign.notices where medium = 'mail' and state = 'sent'";
pub(super) const UNSETTLED: &str =
    "select count(*) from countersign.notices where medium = 'mail' and state = 'waiting'";
const REFUSED: &str = "select count(*) from countersign.events
    where kind = 'notice_refused' and detail::text like '%ops@orchard.example%'
        and detail ->> 'said' like '%5.1.1 Nobody here%'";

const MAILBOX_TOLD: &str =
    "select count(*) from countersign.notices where kind = 'mailbox_refused' and state = 'sent'";
const LIVE: &str = "select count(*) from countersign.tokens where state = 'active'";

/// One mail for each of two developers, of what was created and collected.
pub(super) fn all_once(got: &BTreeMap<(String, String), usize>) {
    assert_eq!(got.len(), 2, "{got:?}");
    assert!(got.values().all(|times| *times == 1), "{got:?}");
}

#[tokio::test]
async fn a_server_that_takes_no_connection_delays() {
    let fixture = Fixture::start("mail refused").await;
    fixture.proxy.refuse();
    fixture.wait_for_collected_card().await;
    tokio::time::sleep(TROUBLE).await;
    assert_eq!(fixture.notices(SENT).await, 0);
    fixture.proxy.admit();
    all_once(&fixture.finish().await);
}

#[tokio::test]
async fn a_server_that_refuses_the_sender_delays() {
    for (step, words) in [
        (GREETING, "554 5.7.1 You are on a list"),
        ("MAIL", "550 No such sender"),
        ("MAIL", "553 5.1.8 Not your address"),
    ] {
        let fixture = Fixture::start("mail against us").await;
        fixture.proxy.answers(step, Some(words));
        fixture.wait_for_collected_card().await;
        tokio::time::sleep(TROUBLE).await;
        assert_eq!(fixture.notices(UNSETTLED).await, 2, "{words}");
        fixture.proxy.answers(step, None);
        all_once(&fixture.finish().await);
    }
}

#[tokio::test]
async fn a_server_that_hangs_delays_only_emails() {
    let fixture = Fixture::start("mail hangs").await;
    fixture.proxy.pause();
    // More emails than jobs run at once.
    for number in 1..=5 {
        let team = &fixture.team;
        let mut modal = team.form(&team.rin, "orchard", &format!("Many {number}")).await;
        let developers: Vec<String> =
            (0..4).map(|which| format!("{DEVELOPER}; d{number}{which}@orchard.example")).collect();
        modal.fill("Developer emails", &developers.join("; ")).unwrap();
        let panel = modal.submit().await.unwrap().private().unwrap();
        let panel = team.rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
        team.rin.click(&panel, "Create").await.unwrap();
        let card = team.card("0 of 2 approvals").await;
        let begun = Instant::now();
        team.approve_twice(&card).await;
        team.rin.wait_for_dm("is ready").await.unwrap();
        team.setup.send_mails_now().await.unwrap();
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
    assert_eq!(fixture.notices(UNSETTLED).await, 25);
}

#[tokio::test]
async fn a_greylisted_recipient_is_tried_again() {
    let fixture = Fixture::start("mail greylisted").await;
    let words = Some("450 4.7.1 Greylisted, try again later");
    fixture.smtp.refuse(Refuses::Recipient, DEVELOPER, words).unwrap();
    fixture.wait_for_collected_card().await;
    // The other one does not wait.
    fixture.team.setup.wait_for_count(SENT, 1).await.unwrap();
    tokio::time::sleep(TROUBLE).await;
    assert_eq!(fixture.notices(SENT).await, 1);
    fixture.smtp.refuse(Refuses::Recipient, DEVELOPER, None).unwrap();
    all_once(&fixture.finish().await);
}

#[tokio::test]
async fn a_mailbox_that_defers_for_days_counts_as_refused() {
    let clock = Clock::new().unwrap();
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    postgres.follow_clock(&clock).await.unwrap();
    let fixture = Fixture::on(&postgres, "mail put off for days").await;
    let words = Some("450 4.2.0 Greylisted for ever");
    fixture.smtp.refuse(Refuses::Recipient, OTHER, words).unwrap();
    fixture.wait_for_collected_card().await;
    for day in [0, 4] {
        clock.step(day * DAY).unwrap();
        tokio::time::sleep(TROUBLE).await;
        assert_eq!(fixture.notices(UNSETTLED).await, 1, "after {day} days");
    }
    clock.step(5 * DAY + 60).unwrap();
    let told = fixture.team.rin.wait_for_dm("is not arriving").await.unwrap();
    assert!(told.contains("4.2.0 Greylisted for ever") && told.contains("ops"), "{told}");
    fixture.team.setup.settle_within(DELAY).await.unwrap();
    assert_eq!(fixture.notices(UNSETTLED).await, 0);
    assert_eq!(fixture.notices(MAILBOX_TOLD).await, 1);
    fixture.finish().await;
}

#[tokio::test]
async fn a_contact_is_told_once_of_a_refused_mailbox_of_several_tokens() {
    let fixture = Fixture::start("mail refused for several").await;
    for name in ["Reports", "Dashboard"] {
        fixture.is_collected_as(name).await;
        fixture.team.setup.settle_within(DELAY).await.unwrap();
    }
    let team = &fixture.team;
    let words = Some("550 5.1.1 Nobody here");
    fixture.smtp.refuse(Refuses::Recipient, OTHER, words).unwrap();
    let line = "/token announce provider:orchard";
    let panel = team.aki.type_command(line).await.unwrap().private().unwrap();
    let panel = team.aki.click(&panel, "All").await.unwrap().message().unwrap();
    let mut form = team.aki.click(&panel, "Write").await.unwrap().modal().unwrap();
    form.fill("Subject", "Version 2 ends").unwrap().fill("Text", "Move on.").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    let send = panel.buttons().into_iter().find(|label| label.starts_with("Send to")).unwrap();
    team.aki.click(&panel, &send).await.unwrap();
    team.rin.wait_for_dm("An announcement from an admin").await.unwrap();
    let told = team.rin.wait_for_dm("2 of your tokens is not arriving").await.unwrap();
    assert!(told.contains("Dashboard") && told.contains("5.1.1 Nobody here"), "{told}");
    fixture.team.setup.settle_within(DELAY).await.unwrap();
    let several = "select count(*) from countersign.notices where kind like 'mailbox_refused%'";
    assert_eq!(fixture.notices(several).await, 1);
    fixture.finish().await;
}

#[tokio::test]
async fn a_message_that_is_put_off_is_tried_again() {
    let fixture = Fixture::start("mail put off").await;
    let words = Some("451 4.3.0 No space just now");
    fixture.smtp.refuse(Refuses::Message, DEVELOPER, words).unwrap();
    fixture.wait_for_collected_card().await;
    // The other one does not wait.
    fixture.team.setup.wait_for_count(SENT, 1).await.unwrap();
    tokio::time::sleep(TROUBLE).await;
    assert_eq!(fixture.notices(SENT).await, 1);
    fixture.smtp.refuse(Refuses::Message, DEVELOPER, None).unwrap();
    all_once(&fixture.finish().await);
}

#[tokio::test]
async fn one_recipient_that_is_refused_for_good_ends_its_own_notices_only() {
    for when in [Refuses::Recipient, Refuses::Message] {
        let fixture = Fixture::start("mail final").await;
        fixture.smtp.refuse(when, OTHER, Some("550 5.1.1 Nobody here")).unwrap();
        fixture.wait_for_collected_card().await;
        fixture.team.setup.settle_within(DELAY).await.unwrap();
        assert_eq!(fixture.notices(SENT).await, 1, "{when:?}");
        assert_eq!(fixture.notices(REFUSED).await, 1, "{when:?}");
        // The contact is told.
        let told = fixture.team.rin.wait_for_dm("is not arriving").await.unwrap();
        assert!(told.contains("5.1.1 Nobody here") && told.contains("ops"), "{told}");
        assert_eq!(fixture.notices(MAILBOX_TOLD).await, 1, "{when:?}");
        assert_eq!(fixture.notices(LIVE).await, 1, "the token is there all the same");
        let got = fixture.finish().await;
        assert!(got.len() == 1 && got.keys().all(|(to, _)| to == DEVELOPER), "{got:?}");
    }
}

#[tokio::test]
async fn a_message_whose_acceptance_was_not_seen_comes_again_as_the_same() {
    let fixture = Fixture::start("mail cut").await;
    let which = Which::Repetition { label: END_OF_MESSAGE.to_owned(), repetition: 1 };
    let mut hold = fixture.proxy.points().hold(which, When::After);
    let (_, held) = tokio::join!(fixture.wait_for_collected_card(), hold.reached());
    drop(held.unwrap());
    let got = fixture.finish().await;
    assert_eq!(got.len(), 2, "a repeat has its first one's Message-ID: {got:?}");
    let mut times: Vec<usize> = got.values().copied().collect();
    times.sort_unstable();
    assert_eq!(times, [1, 2], "{got:?}");
}
