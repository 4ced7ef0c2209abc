//! `countersign init`, by options and at a terminal, up to a bot that answers.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use discord_sim::{Options, standard};
use testkit::bot::Bot;

use super::owner_login::{Fixture, runs};

/// A bot without a configuration, and the files that options name.
struct Start {
    fixture: Fixture,
    bot: Bot,
}

impl Start {
    async fn new(label: &str) -> Self {
        let mut options = Options::standard();
        // One that nobody sees but its owner.
        let mut closed = options.channels[1].clone();
        (closed.id, closed.name) = (standard::APPROVALS + 1, "closed".to_owned());
        closed.overwrites.truncate(1);
        options.channels.push(closed);
        let fixture = Fixture::with(label, options).await;
        let bot = Bot::unconfigured(&fixture.config()).await.unwrap();
        let bot = bot.with_variable("COUNTERSIGN_DISCORD__PROXY", &fixture.discord.base_url());
        let given = bot.folder().join("given");
        std::fs::create_dir(&given).unwrap();
        for (name, text) in [
            ("token", standard::TOKEN),
            ("wrong-token", "another.token"),
            ("bot", &fixture.database.url),
            ("owner", &fixture.database.owner_url),
            ("nowhere", "postgres://countersign:s3cret@127.0.0.1:1/countersign"),
        ] {
            std::fs::write(given.join(name), format!("{text}\n")).unwrap();
            std::fs::set_permissions(given.join(name), PermissionsExt::from_mode(0o600)).unwrap();
        }
        Self { fixture, bot }
    }

    fn given(&self, name: &str) -> String {
        self.bot.folder().join("given").join(name).to_str().unwrap().to_owned()
    }

    /// Every option, some with another value; one without a value is left out.
    fn options(&self, others: &[(&str, Option<&str>)]) -> Vec<String> {
        let mails = self.fixture.mails.path().to_str().unwrap().to_owned();
        let mut options = vec!["init".to_owned()];
        for (name, value) in [
            ("--token-file", self.given("token")),
            ("--guild", "Token makers".to_owned()),
            ("--channel", "#approvals".to_owned()),
            ("--admin-role", "token-admins".to_owned()),
            ("--provider", "own-api".to_owned()),
            ("--database-url-file", self.given("bot")),
            ("--owner-url-file", self.given("owner")),
            ("--mail-directory", mails),
            ("--mail-from", "Countersign <tokens@example.com>".to_owned()),
        ] {
            let other = others.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
            let value = other.map_or(Some(value), |value| value.map(str::to_owned));
            options.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
        }
        options
    }

    async fn init(&self, others: &[(&str, Option<&str>)]) -> (i32, String) {
        let options = self.options(others);
        runs(&self.bot, &options.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    fn is_written(&self) -> bool {
        self.bot.config_file().exists() || self.bot.folder().join("secrets").exists()
    }

    fn mode(&self, name: &str) -> u32 {
        std::fs::metadata(self.bot.folder().join(name)).unwrap().permissions().mode() & 0o777
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.bot.folder().join(name)).unwrap()
    }

    /// The bot that was set up answers in Discord.
    async fn serves(&self) {
        let (code, said) = runs(&self.bot, &["register"]).await;
        assert_eq!(code, 0, "{said}");
        self.bot.serve().await.unwrap();
        let rin = self.fixture.discord.person("rin").unwrap();
        let help = rin.type_command("/token help").await.unwrap().private().unwrap();
        assert!(help.contains("/token request"), "{help}");
    }
}

#[tokio::test]
async fn options_alone_lead_to_a_bot_that_answers() {
    let start = Start::new("init options").await;
    let (code, said) = start.init(&[]).await;
    assert_eq!(code, 0, "{said}");
    for part in ["Granted", "ok       discord: logged in as", "0 failed", "Next: countersign"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(said.contains("in no file: COUNTERSIGN_DISCORD__PROXY"), "{said}");
    assert!(!said.contains("warning  files"), "{said}");
    let secrets = ["discord-token", "keys", "database-url", "mail-url"];
    for name in secrets {
        assert_eq!(start.mode(&format!("secrets/{name}")), 0o600, "{name}");
    }
    assert_eq!((start.mode("secrets"), start.mode("countersign.toml")), (0o700, 0o640));
    assert_eq!(start.mode("catalogues/playground.toml"), 0o644);
    let written = start.read("countersign.toml");
    assert!(written.contains(&format!("\"{}\"  # approvals", standard::APPROVALS)), "{written}");
    for secret in [standard::TOKEN, &start.fixture.password(), "application-password"] {
        assert!(!written.contains(secret) && !said.contains(secret), "{secret}");
    }
    start.serves().await;
}

#[tokio::test]
async fn what_is_missing_without_a_terminal_is_named_all_at_once() {
    let start = Start::new("init missing").await;
    let (code, said) = start
        .init(&[("--channel", None), ("--mail-directory", None), ("--owner-url-file", None)])
        .await;
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("missing: --channel, --mail-url-file or --mail-directory\n"), "{said}");
    assert!(!start.is_written());
    // The owner's login may be, and then the tables are left to `migrate`.
    let (code, said) = start.init(&[("--owner-url-file", None)]).await;
    assert!(code == 1 && said.contains("not there yet: run `countersign migrate`"), "{said}");
    assert!(start.is_written() && !start.fixture.is_migrated().await);
}

#[tokio::test]
async fn a_wrong_answer_is_named_with_its_reason_and_nothing_is_written() {
    let start = Start::new("init wrong").await;
    let [wrong_token, owner, nowhere] =
        ["wrong-token", "owner", "nowhere"].map(|name| start.given(name));
    for (option, value, why) in [
        ("--token-file", wrong_token.as_str(), "the token doesn't log in"),
        ("--token-file", "/nowhere", "/nowhere can't be read"),
        (
            "--guild",
            "Elsewhere",
            "there is: Token makers. For another one, invite the bot: https://",
        ),
        (
            "--channel",
            "lounge",
            "there is no text channel “lounge”; there is: general, approvals, closed",
        ),
        ("--channel", "closed", "in #closed the bot lacks View Channel: allow that"),
        ("--admin-role", "nobody", "there is no role of people “nobody”; there is: token-admins"),
        ("--admin-role", "@everyone", "there is no role of people"),
        ("--provider", "grafana", "there is no provider that is ready without an address"),
        ("--database-url-file", nowhere.as_str(), "nothing listens at that host and port"),
        ("--database-url-file", owner.as_str(), "owns the database or its tables"),
        ("--mail-directory", "/nowhere", "there is no directory /nowhere: make it first"),
        ("--mail-from", "nobody", "takes an address such as"),
    ] {
        let (code, said) = start.init(&[(option, Some(value))]).await;
        assert_eq!(code, 1, "{option} {value}: {said}");
        assert!(
            said.contains(why) && said.contains(&format!("{option}: ")),
            "{option} {value}: {said}"
        );
        assert!(!said.contains("s3cret") && !start.is_written(), "{option} {value}: {said}");
    }
    start.fixture.discord.remove_member(&standard::APPLICATION).unwrap();
    let (code, said) = start.init(&[]).await;
    assert!(
        code == 1 && said.contains("the bot is in no server: invite the bot: https://"),
        "{said}"
    );
    assert!(said.contains(&format!("client_id={}", standard::APPLICATION)), "{said}");
}

#[tokio::test]
async fn nothing_is_replaced_unless_that_was_wanted_and_keys_never_are() {
    let start = Start::new("init twice").await;
    assert_eq!(start.init(&[]).await.0, 0);
    let (before, keys) = (start.read("countersign.toml"), start.read("secrets/keys"));
    std::fs::write(start.bot.folder().join("catalogues/playground.toml"), "# mine").unwrap();
    let other = [("--mail-from", Some("a@example.com"))];
    let (code, said) = start.init(&other).await;
    assert!(code == 1 && said.contains("is there already. Nothing was written"), "{said}");
    assert!(said.contains("--overwrite") && start.read("countersign.toml") == before, "{said}");
    // Secrets alone, which an earlier bot left.
    std::fs::remove_file(start.bot.config_file()).unwrap();
    std::fs::write(start.bot.folder().join("secrets/discord-token"), "earlier").unwrap();
    let (code, said) = start.init(&other).await;
    assert!(
        code == 1 && said.contains("secrets/discord-token would get another content"),
        "{said}"
    );
    assert!(!start.bot.config_file().exists());
    let (code, said) = start.init(&[other[0], ("--provider", Some("impact-brand"))]).await;
    assert_eq!(code, 1, "{said}");
    let mut options = start.options(&[other[0], ("--provider", Some("impact-brand"))]);
    options.push("--overwrite".to_owned());
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let (code, said) = runs(&start.bot, &options).await;
    assert!(code == 0 && said.contains("secrets/keys, which was there"), "{said}");
    assert!(start.read("countersign.toml").contains("from = \"a@example.com\""));
    assert_eq!(start.read("secrets/keys"), keys);
    assert_eq!(start.read("secrets/discord-token").trim(), standard::TOKEN);
    assert_eq!(start.read("catalogues/playground.toml"), "# mine");
    // The configuration that packages bring is no work of anyone's.
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/countersign.toml");
    std::fs::copy(example, start.bot.config_file()).unwrap();
    let (code, said) = start.init(&[("--provider", Some("impact-brand"))]).await;
    assert_eq!(code, 0, "{said}");
}

/// The questions, each with how its first answer is refused.
#[tokio::test]
async fn a_terminal_asks_again_with_the_reason_until_the_answer_is_right() {
    let start = Start::new("init typed").await;
    let (url, owner_url) = (&start.fixture.database.url, &start.fixture.database.owner_url);
    let mails = start.fixture.mails.path().to_str().unwrap().to_owned();
    let nowhere = start.read("given/nowhere");
    let answers = [
        ("Token (not shown)", "another.token"),
        ("the token doesn't log in", ""),
        ("Token (not shown)", standard::TOKEN),
        ("Number or name", "closed"),
        ("the bot lacks View Channel", ""),
        ("Number or name", "2"),
        ("Number or name", "#nobody"),
        ("there is no role of people", ""),
        ("Number or name", "1"),
        ("Number or name", "own-api"),
        ("URL (not shown)", nowhere.trim()),
        ("URL (not shown)", url),
        ("Whom emails come from", "Countersign <tokens@example.com>"),
        ("Number: ", "2"),
        ("Directory", &mails),
        ("The owner's login, postgres://USER:PASSWORD@HOST/DATABASE (not shown)", url),
        ("The owner's login, postgres://USER:PASSWORD@HOST/DATABASE (not shown)", owner_url),
    ];
    // A reason is seen by the question behind it.
    let typed: Vec<(&str, &str)> =
        answers.into_iter().filter(|(_, typed)| !typed.is_empty()).collect();
    let seen = start.bot.answer_at_terminal(&["init"], &typed).await.unwrap();
    assert!(seen.succeeded, "{}", seen.appeared);
    for reason in answers.iter().filter(|(_, typed)| typed.is_empty()).map(|(reason, _)| reason) {
        assert!(seen.appeared.contains(reason), "{reason}: {}", seen.appeared);
    }
    for reason in [
        "nothing listens at that host and port",
        "the bot's role as well",
        "its tokens are verified once you add [verify]",
    ] {
        assert!(seen.appeared.contains(reason), "{reason}: {}", seen.appeared);
    }
    for secret in [standard::TOKEN, "application-password", &start.fixture.password()] {
        assert!(!seen.appeared.contains(secret), "{secret}: {}", seen.appeared);
    }
    start.serves().await;
}
