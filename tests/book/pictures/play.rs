//! One token from the request to its panel, played by the real bot in a simulated Discord; and what of it is drawn.

use chrono::Utc;
use discord_sim::{MessageView, Options, Person};
use testkit::team::{DEVELOPER, Team, code_blocks};

use super::super::drawings::choose;
use super::form::draw_form;
use super::mail::draw_mail;
use super::menu::draw_menu;
use super::message::{Around, draw_message};
use super::names::Names;

/// What stands in the pictures for what is made up anew in each run.
const SHOWN_SID: &str = "CS7hXQm2ZpV4kRt9WcLb6NfYd3";
const SHOWN_DIGEST: &str = "b862019a9e61";
/// No picture shows a secret, not even one that never worked.
const SHOWN_SECRET: &str = "cst_••••••••••••••••••••••••••••••••••••••";

/// A picture: its name, and the file's content.
pub type Picture = (&'static str, String);

/// One play while it goes on.
struct Play {
    team: Team,
    names: Names,
    pictures: Vec<Picture>,
    /// What isn't the same in each run, and what stands for it.
    replaced: Vec<(String, &'static str)>,
}

/// Plays it in one language; the pictures.
pub async fn play(language: &'static str) -> Vec<Picture> {
    let mut play = Play::start(language).await;
    play.keep(
        "commands",
        draw_menu(&play.names, play.say("The commands of /token", "/トークンのコマンド")),
    );
    let panel = play.fill_in().await;
    let card = play.submit(&panel).await;
    let ready = play.approve(&card).await;
    play.collect(&ready).await;
    play.show_token().await;
    let Play { team, pictures, replaced, .. } = play;
    for (name, picture) in &pictures {
        for (changing, _) in &replaced {
            assert!(
                !picture.contains(changing),
                "{name} shows what is another in each run: {changing}"
            );
        }
    }
    // What isn't drawn need not be looked at.
    team.setup.settle().await.unwrap();
    for person in [&team.rin, &team.aki, &team.ben] {
        person.dms();
        person.private_messages();
    }
    team.finish().await;
    pictures
}

impl Play {
    async fn start(language: &'static str) -> Self {
        let locale = choose(language, "en-US", "ja");
        let mut options = Options::standard();
        options.guild.locale = locale.to_owned();
        for (user, _) in &mut options.members {
            user.locale = locale.to_owned();
        }
        let start = Utc::now();
        let team = Team::with("pictures", options, |config| {
            for provider in &mut config.providers {
                provider.locale = locale.to_owned();
            }
        });
        let team = team.await;
        let names = Names::of(&team.setup.discord, language, start);
        Self { team, names, pictures: Vec::new(), replaced: Vec::new() }
    }

    fn say(&self, english: &'static str, japanese: &'static str) -> &'static str {
        self.names.say(english, japanese)
    }

    fn token_name(&self) -> &'static str {
        self.say("Harvest report", "収穫レポート")
    }

    fn keep(&mut self, name: &'static str, picture: String) {
        self.pictures.push((name, picture));
    }

    /// With what stands for what isn't the same in each run.
    fn settled(&self, text: &str) -> String {
        let replaced = self.replaced.iter();
        replaced.fold(text.to_owned(), |text, (changing, shown)| text.replace(changing, shown))
    }

    fn draw(&mut self, name: &'static str, message: &MessageView, around: Around, title: &str) {
        let body = self.settled(&message.json().to_string());
        let body = serde_json::from_str(&body).unwrap();
        let around = Around { private: message.is_ephemeral(), ..around };
        self.keep(name, draw_message(&body, around, &self.names, title));
    }

    async fn press(&self, person: &Person, on: &MessageView, button: &str) -> MessageView {
        person.click(on, button).await.unwrap().message().unwrap()
    }

    /// The form, and the panel after it.
    async fn fill_in(&mut self) -> MessageView {
        let rin = self.team.rin.clone();
        let opened = rin.type_command("/token request provider:orchard").await;
        let mut form = opened.unwrap().modal().unwrap();
        let labels = form.labels();
        let [name, description, _, contact, emails] = labels.as_slice() else {
            panic!("the form has five fields, not {labels:?}")
        };
        form.fill(name, self.token_name()).unwrap();
        let says = self.say(
            "Reads last night’s harvest and records corrections, for the weekly report.",
            "前夜の収穫を読み取り、週報のために修正を記録します。",
        );
        form.fill(description, says).unwrap();
        form.choose_user(contact, &self.team.ben).unwrap();
        form.fill(emails, DEVELOPER).unwrap();
        let title = self.say("The form of /token request", "/トークン 申請のフォーム");
        self.keep("form", draw_form(&form, &self.names, title));
        let panel = form.submit().await.unwrap().private().unwrap();
        let (category, scopes) =
            (self.say("API category", "APIカテゴリ"), self.say("Scopes", "アクセススコープ"));
        let panel = rin.select(&panel, category, &["Harvests"]).await.unwrap().message().unwrap();
        let chosen =
            ["GET /Orchards/{AccountSID}/Harvests", "POST /Orchards/{AccountSID}/Harvests"];
        let panel = rin.select(&panel, scopes, &chosen).await.unwrap().message().unwrap();
        let title = self.say("The panel on which scopes are chosen", "スコープを選ぶパネル");
        self.draw("scopes", &panel, Around { open: Some(scopes), ..Around::default() }, title);
        panel
    }

    /// The card.
    async fn submit(&mut self, panel: &MessageView) -> MessageView {
        self.press(&self.team.rin, panel, self.say("Create", "作成")).await;
        let card = self.team.card(self.say("0 of 2 approvals", "2人中0人が承認")).await;
        let approve = card.custom_id(self.say("Approve", "承認")).unwrap();
        let digest = approve.rsplit(':').next().unwrap();
        self.replaced.push((digest[..SHOWN_DIGEST.len()].to_owned(), SHOWN_DIGEST));
        let title = self.say("A request’s card", "申請のカード");
        self.draw("card", &card, Around::default(), title);
        card
    }

    /// The card after two approvals, and the direct message.
    async fn approve(&mut self, card: &MessageView) -> MessageView {
        let (approve, count) =
            (self.say("Approve", "承認"), self.say("1 of 2 approvals", "2人中1人が承認"));
        self.press(&self.team.aki, card, approve).await;
        let card = self.team.card(count).await;
        let answer = self.press(&self.team.ben, &card, approve).await;
        let ready =
            self.team.rin.wait_for_dm(self.say("**Reveal**", "「表示する」")).await.unwrap();
        let card = self.team.last_card("```").await;
        let [sid] = <[String; 1]>::try_from(code_blocks(&card)).unwrap();
        self.replaced.push((sid, SHOWN_SID));
        let title = self.say("The card after two approvals", "二人が承認した後のカード");
        self.draw("approved-card", &card, Around::default(), title);
        let title = self.say(
            "The message that a token is ready",
            "トークンの準備ができたことを知らせるメッセージ",
        );
        self.draw("ready", &ready, Around::default(), title);
        self.team.ben.refresh(&answer).unwrap();
        ready
    }

    /// The message with the secret, and the email.
    async fn collect(&mut self, ready: &MessageView) {
        let rin = self.team.rin.clone();
        let shown = self.press(&rin, ready, self.say("Reveal", "表示する")).await;
        let [_, secret] = <[String; 2]>::try_from(code_blocks(&shown)).unwrap();
        self.replaced.push((secret, SHOWN_SECRET));
        let title = self.say("The message with the secret", "シークレットのメッセージ");
        self.draw("secret", &shown, Around::default(), title);
        let stored = self.say("I have stored it", "保管しました");
        rin.click(&shown, stored).await.unwrap().gone().unwrap();
        self.team.last_card(self.say("**Collected**", "受け取りました")).await;
        rin.wait_for_private(self.say("The message that revealed", "を表示したメッセージ"))
            .await
            .unwrap();
        let mail = self.team.setup.mailbox.wait_for(DEVELOPER, self.token_name()).await.unwrap();
        let html = self.names.with_moved_times(&self.settled(mail.html.as_deref().unwrap()));
        let title = self.say("The email to a developer", "開発者へのメール");
        self.keep("mail", draw_mail(&mail, &html, &self.names, title));
    }

    /// The token's own panel.
    async fn show_token(&mut self) {
        let line = format!("/token show token:{}", self.token_name());
        let panel = self.team.rin.type_command(&line).await.unwrap().private().unwrap();
        let command = Some(("Rin", "token show"));
        let title = self.say("A token’s panel", "トークンのパネル");
        self.draw("token", &panel, Around { command, ..Around::default() }, title);
    }
}
