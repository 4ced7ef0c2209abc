//! The main job, with every fault that might make the bot log too much.

use std::time::Duration;

use discord_sim::{Fault, MessageView, Modal, Options, Person};
use serde_json::{Value, json};
use testkit::postgres::Postgres;
use testkit::proxy::Proxy;
use testkit::setup::Setup;
use testkit::smtp::Smtp;

/// The answer that shows the secret, after it was deferred.
pub const SHOWS: &str = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original";

/// What an admin pastes.
pub const SID: &str = "IRexampleAGENCYsid0000000001";
pub const TOKEN: &str = "pasted.auth-token~0123456789ABCDEFghij";

pub struct Play {
    pub setup: Setup,
    pub smtp: Smtp,
    proxy: Proxy,
    rin: Person,
    aki: Person,
    ben: Person,
}

impl Play {
    /// A bot with the most verbose log, with a real mail server, and with a proxy that can cut its database
    /// off.
    pub async fn start(label: &str) -> Self {
        let postgres = Postgres::shared().await.unwrap();
        let proxy = Proxy::start(&postgres.admin_url()).await.unwrap();
        let smtp = Smtp::start().await.unwrap();
        let options = Options { keep_bodies: true, route_limits: false, ..Options::standard() };
        let setup = Setup::through(&proxy, label, options, |config| {
            config.environment.push(("RUST_LOG".to_owned(), "trace".to_owned()));
            config.mail_url = smtp.url();
            config.mail_ca_file = Some(smtp.ca_file());
        })
        .await
        .unwrap();
        let [rin, aki, ben] = ["rin", "aki", "ben"]
            .map(|name| setup.person(name).unwrap().patient(Duration::from_secs(20)));
        Self { setup, smtp, proxy, rin, aki, ben }
    }

    async fn ask(&self, person: &Person, provider: &str, name: &str) {
        let line = format!("/token request provider:{provider}");
        let mut modal = person.type_command(&line).await.unwrap().modal().unwrap();
        modal.fill("Token name", name).unwrap().fill("Description", "Reads harvests").unwrap();
        modal.fill("Developer emails", "dev@orchard.example").unwrap();
        let panel = modal.submit().await.unwrap().private().unwrap();
        let panel = person.click(&panel, "Whole category").await.unwrap().message().unwrap();
        person.click(&panel, "Create").await.unwrap().message().unwrap();
    }

    async fn approve(&self, admin: &Person, card: &str) {
        let card = self.aki.wait_for_message("approvals", card).await.unwrap();
        admin.click(&card, "Approve").await.unwrap().private().unwrap();
    }

    /// Presses *Reveal*. Returns the text that is shown, or the placeholder.
    async fn reveal_secret(&self, person: &Person, ready: &MessageView) -> Option<MessageView> {
        let seen = person.click(ready, "Reveal").await.and_then(|seen| seen.private());
        seen.inspect_err(|error| println!("{error:#}")).ok()
    }

    /// A press whose message may have been seen keeps others out for half a minute; the test does not wait
    /// for that.
    async fn forget_the_press(&self) {
        let mut connection = self.setup.connect().await.unwrap();
        sqlx::query("update countersign.deliveries set reveal_ends_at = now()")
            .execute(&mut connection)
            .await
            .unwrap();
    }

    /// A token that Countersign creates: emails are refused, the reveal fails in many ways, then the secret is
    /// stored. Returns the secret.
    pub async fn mint(&mut self) -> String {
        self.smtp.stop().await.unwrap();
        self.ask(&self.rin, "orchard", "Reports").await;
        self.approve(&self.aki, "0 of 2 approvals").await;
        self.approve(&self.ben, "1 of 2 approvals").await;
        let ready = self.rin.wait_for_dm("is ready").await.unwrap();
        // An edit of the same kind, which must not meet the fault.
        self.ben.wait_for_private("still count").await.unwrap();
        let discord = &self.setup.discord;
        discord.fail(SHOWS, 1, Fault::refusal(400, 50035, "Invalid Form Body")).unwrap();
        let told = self.reveal_secret(&self.rin, &ready).await.unwrap();
        assert!(told.contains("Discord did not accept"), "{told}");
        discord.fail(SHOWS, 2, Fault::status(500)).unwrap();
        let shown = self.reveal_secret(&self.rin, &ready).await.unwrap();
        let secret = code_blocks(&shown).pop().unwrap();
        self.rin.click(&shown, "I have stored it").await.unwrap().gone().unwrap();
        self.rin.wait_for_private("The message that revealed the secret").await.unwrap();
        self.smtp.start_again().await.unwrap();
        self.setup.settle_within(Duration::from_secs(60)).await.unwrap();
        self.export_log().await;
        secret
    }

    /// The history of the token as a file, which is kept among the bodies that were sent.
    async fn export_log(&self) {
        let history =
            self.aki.type_command("/token audit token:Reports").await.unwrap().private().unwrap();
        let exported = self.aki.click(&history, "Export").await.unwrap().private().unwrap();
        let file = self.aki.download(&exported, exported.files()[0]).unwrap();
        assert!(String::from_utf8(file).unwrap().contains("token_collected"));
        let sent = self.setup.discord.requests();
        let holds = |body: &String| body.contains("files[0]") && body.contains("token_collected");
        assert!(sent.iter().filter_map(|request| request.body.as_ref()).any(holds));
    }

    /// A token of impact.com: pasted wrongly, during an outage of the database, and as nonsense, then
    /// rightly; the reveal fails in many ways; disowned.
    pub async fn paste(&self) {
        self.ask(&self.aki, "impact-agency", "Dashboard").await;
        self.approve(&self.ben, "1 of 2 approvals").await;
        let card = self.aki.wait_for_message("approvals", "Clear all").await.unwrap();
        self.aki.wait_for_dm("is approved").await.unwrap();
        for (sid, token) in [
            ("two words", TOKEN.to_owned()),
            (SID, format!("{TOKEN} {TOKEN}")),
            (SID, format!("{TOKEN}\u{202E}")),
        ] {
            let form = self.fulfil_form(&card, sid, &token).await;
            form.submit_unchecked().await.unwrap().private().unwrap();
        }
        let form = self.fulfil_form(&card, SID, TOKEN).await;
        self.while_the_database_breaks(&form).await;
        self.nonsense().await;
        self.fulfil_form(&card, SID, TOKEN).await.submit().await.unwrap().private().unwrap();
        let ready = self.aki.wait_for_dm("is ready").await.unwrap();
        self.is_resisted(&ready).await;
        let shown = self.reveal_secret(&self.aki, &ready).await.unwrap();
        assert_eq!(code_blocks(&shown), [SID, TOKEN]);
        // The same secret again, for another request, breaks a constraint of the database's.
        self.ask(&self.aki, "impact-agency", "Copy").await;
        self.approve(&self.ben, "1 of 2 approvals").await;
        let card = self.aki.wait_for_message("approvals", "Clear all").await.unwrap();
        let twice = self.fulfil_form(&card, SID, TOKEN).await.submit().await.unwrap();
        assert!(twice.private().unwrap().contains("was delivered before"));
        self.aki.click(&shown, "Not me").await.unwrap().private().unwrap();
        self.setup.settle_within(Duration::from_secs(60)).await.unwrap();
    }

    async fn fulfil_form(&self, card: &MessageView, sid: &str, token: &str) -> Modal {
        let mut form = self.ben.click(card, "Fulfil").await.unwrap().modal().unwrap();
        form.fill_unchecked("Account SID", sid).unwrap();
        form.fill_unchecked("Auth Token", token).unwrap();
        form
    }

    /// Postgres can't be reached, or disappears at one statement or another.
    async fn while_the_database_breaks(&self, form: &Modal) {
        self.proxy.refuse();
        self.proxy.cut_all();
        let away = form.submit().await.unwrap().private().unwrap();
        assert!(!away.contains("Thank you"), "{away}");
        self.proxy.admit();
        // In the middle of its statements, of which there are about twenty.
        self.proxy.delay(Duration::from_millis(120));
        for after in [1_200, 1_400, 1_600, 1_800] {
            let submitted = form.submit();
            let cut = async {
                tokio::time::sleep(Duration::from_millis(after)).await;
                self.proxy.cut_all();
            };
            // Other tests check the answers: the token is issued at most once.
            let _ = tokio::join!(submitted, cut);
        }
        self.proxy.delay(Duration::ZERO);
        let tokens = "select count(*) from countersign.tokens where issuer = 'manual'";
        assert_eq!(
            self.setup.count(tokens).await.unwrap(),
            0,
            "make the cuts before its commit, and after its connection stands"
        );
    }

    /// Forms with the secret at places where it doesn't belong.
    async fn nonsense(&self) {
        let sound = self.setup.discord.last_interaction(&self.ben).unwrap();
        let field = "/data/components/1/component";
        assert_eq!(sound.pointer(&format!("{field}/value")), Some(&json!(TOKEN)));
        let changes: [(&str, Value); 9] = [
            ("/data/components/1/component/value", json!({ "x": TOKEN })),
            ("/data/components/1/component/value", json!([TOKEN])),
            ("/data/components/1/component/type", json!(TOKEN)),
            ("/data/components/1/component/custom_id", json!(TOKEN)),
            ("/data/custom_id", json!(format!("fulfil-form:1:{TOKEN}"))),
            ("/data/custom_id", json!(TOKEN)),
            ("/guild_id", json!("42")),
            ("/type", json!(TOKEN)),
            ("/application_id", json!(TOKEN)),
        ];
        for (number, (at, value)) in changes.into_iter().enumerate() {
            let mut wrong = sound.clone();
            wrong["id"] = json!((1_234_567_890_123_456_000 + number).to_string());
            *wrong.pointer_mut(at).unwrap() = value;
            self.setup.discord.send_raw(wrong);
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }

    /// Discord refuses to show the secret and quotes it; cuts the connection; cuts its answer.
    async fn is_resisted(&self, ready: &MessageView) {
        let quoting = format!("Invalid Form Body: {TOKEN} is no good");
        let answer = Fault::Answer {
            status: 502,
            body: format!("<html>{TOKEN}</html>"),
            headers: vec![("x-echo".to_owned(), TOKEN.to_owned())],
        };
        let redirect = Fault::Answer {
            status: 302,
            body: TOKEN.to_owned(),
            headers: vec![("location".to_owned(), format!("/{TOKEN}"))],
        };
        for (times, fault) in [
            (1, Fault::refusal(400, 50035, &quoting)),
            (3, answer),
            (1, redirect),
            (3, Fault::DropBefore),
            (3, Fault::Truncate),
        ] {
            self.setup.discord.fail(SHOWS, times, fault).unwrap();
            self.reveal_secret(&self.aki.patient(Duration::from_secs(5)), ready).await;
            self.setup.discord.clear_faults();
            self.forget_the_press().await;
        }
    }
}

/// The code blocks of a message, in their order.
fn code_blocks(message: &MessageView) -> Vec<String> {
    let text = message.sources().join("\n");
    text.split("```").skip(1).step_by(2).map(|block| block.trim().to_owned()).collect()
}
