//! What a new operator gets wrong: each fault is said once, with what to do.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use discord_sim::{Fault, standard};
use testkit::bot::Bot;
use testkit::ports::find_free_port;
use toml::Table;

use super::Team;
use super::owner_login::{Fixture, runs};

fn overrides(text: &str) -> Table {
    text.parse().unwrap()
}

/// Runs commands that need the database, each with this URL in the place of its own.
async fn with_database(
    fixture: &Fixture,
    change: impl Fn(&mut url::Url),
) -> Vec<(&'static str, String)> {
    let changed = |text: &str| {
        let mut url: url::Url = text.parse().unwrap();
        change(&mut url);
        String::from(url)
    };
    let bot = fixture
        .bot(|config| {
            config.database_url = changed(&config.database_url);
            config.owner_url = config.owner_url.as_deref().map(changed);
        })
        .await;
    let mut all = Vec::new();
    for command in ["check", "serve", "migrate"] {
        let (code, said) = runs(&bot, &[command]).await;
        assert_eq!(code, 1, "{command}: {said}");
        all.push((command, said));
    }
    all
}

#[tokio::test]
async fn a_database_that_is_not_to_be_had_is_explained_once() {
    let fixture = Fixture::start("wrong database").await;
    let nobody = find_free_port().unwrap();
    type Change = Box<dyn Fn(&mut url::Url)>;
    let changes: [(Change, &str, &str); 4] = [
        (
            Box::new(move |url| url.set_port(Some(nobody)).unwrap()),
            "nothing listens at that host and port",
            "start Postgres, or correct the host",
        ),
        (
            Box::new(move |url| url.set_host(Some("nowhere.invalid")).unwrap()),
            "the name of the server is not known",
            "correct the host in the URL",
        ),
        (
            Box::new(move |url| url.set_password(Some("s3cret")).unwrap()),
            "password authentication failed",
            "correct the user and the password in the URL",
        ),
        (
            Box::new(move |url| url.set_path("/nothing_of_that_name")),
            "database \"nothing_of_that_name\" does not exist",
            "correct the database in the URL, or create it",
        ),
    ];
    for (change, what, cure) in changes {
        for (command, said) in with_database(&fixture, change).await {
            assert_eq!(said.matches(what).count(), 1, "{command}: {said}");
            assert!(said.contains(cure) && !said.contains("s3cret"), "{command}: {said}");
        }
    }
}

#[tokio::test]
async fn secrets_that_others_can_read_are_named() {
    let fixture = Fixture::start("open files").await;
    let bot = fixture.bot(|_| {}).await;
    let (_, said) = runs(&bot, &["check"]).await;
    assert!(said.contains("ok       files: 2 files with secrets are closed to others"), "{said}");
    let set = |name: &str, mode| {
        std::fs::set_permissions(bot.folder().join(name), Permissions::from_mode(mode)).unwrap();
    };
    set("countersign.toml", 0o644);
    set("secrets/discord-token", 0o640);
    set("secrets/keys", 0o604);
    let (_, said) = runs(&bot, &["check"]).await;
    let folder = bot.folder().display();
    for (subject, what) in [
        ("files", format!("{folder}/countersign.toml holds a password or a token, and everyone")),
        ("files", format!("{folder}/secrets/discord-token holds a secret, and can be read")),
        ("keys", format!("{folder}/secrets/keys can be read by others")),
    ] {
        assert!(said.contains(&format!("warning  {subject}: {what}")), "{what}: {said}");
    }
    assert!(said.contains(&format!("chmod 600 {folder}/secrets/discord-token")), "{said}");
    // A group may read a configuration: the one that the service has.
    set("countersign.toml", 0o640);
    let (_, said) = runs(&bot, &["check"]).await;
    assert!(!said.contains("holds a password"), "{said}");
}

/// A bot that was migrated, and whose configuration was changed like that afterwards.
async fn migrated(fixture: &Fixture, change: impl FnOnce(&mut testkit::bot::BotConfig)) -> Bot {
    let bot = fixture.bot(change).await;
    assert_eq!(runs(&bot, &["migrate"]).await.0, 0);
    bot
}

#[tokio::test]
async fn serve_says_what_is_certainly_wrong_and_runs_where_anything_can_work() {
    let fixture = Fixture::start("wrong names").await;
    for (key, subject, what) in [
        ("[discord]\nguild_id = \"77\"", "guild", "the guild 77 can't be read"),
        (
            "[mail]\nurl = \"file:///nowhere/at/all\"",
            "mail",
            "the directory for emails is not there",
        ),
    ] {
        let bot = migrated(&fixture, |config| config.overrides = overrides(key)).await;
        bot.launch().await.unwrap();
        let is_said = |log: String| {
            log.lines().any(|line| {
                line.contains("\"ERROR\"")
                    && line.contains(&format!("\"subject\":\"{subject}\""))
                    && line.contains(what)
                    && line.contains("\"cure\":\"")
            })
        };
        wait_for(&bot, is_said).await;
        bot.kill().await.unwrap();
    }
    let bot = migrated(&fixture, |config| {
        let provider = &mut config.providers[0];
        provider.approval_channel = "78".to_owned();
        provider.admin_roles.push("79".to_owned());
    })
    .await;
    bot.serve().await.unwrap();
    let log = bot.log();
    assert!(log.contains("approval_channel 78 can't be read"), "{log}");
    assert!(log.contains("admin_roles names 79, which is no role of Token makers"), "{log}");
    assert!(
        log.contains("\"message\":\"started\"") && log.contains("\"http\":\"127.0.0.1:"),
        "{log}"
    );
    bot.stop().await.unwrap();

    let other = overrides("[discord]\napplication_id = \"80\"");
    let bot = migrated(&fixture, |config| config.overrides = other).await;
    let (code, said) = runs(&bot, &["serve"]).await;
    let what = format!("the token belongs to the application {}", standard::APPLICATION);
    assert!(code == 1 && said.contains(&what), "{said}");
    assert!(said.contains("be of the same application"), "{said}");
}

async fn wait_for(bot: &Bot, holds: impl Fn(String) -> bool) {
    let start = std::time::Instant::now();
    while !holds(bot.log()) {
        assert!(start.elapsed().as_secs() < 30, "{}", bot.log());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn register_knows_a_wrong_token() {
    let fixture = Fixture::start("wrong token").await;
    let bot = fixture.bot(|config| config.token = "another.token".to_owned()).await;
    let (code, said) = runs(&bot, &["register"]).await;
    assert!(code == 1 && said.contains("the token doesn't log in"), "{said}");
    assert!(
        said.contains("\"Reset Token\" shows a new one") && !said.contains("try again"),
        "{said}"
    );
}

#[tokio::test]
async fn a_key_file_that_is_no_use_says_how_to_get_one_that_is() {
    let fixture = Fixture::start("wrong keys").await;
    let bot = fixture.bot(|_| {}).await;
    let keys = bot.folder().join("secrets/keys");
    for (text, what, cure) in [
        (
            "garbage\n",
            "line 1 of the key file has no colon",
            "put your copy of the key file in its place",
        ),
        (
            "",
            "the key file has no key",
            "put the line into it that `countersign keys generate` prints",
        ),
    ] {
        std::fs::write(&keys, text).unwrap();
        for command in ["check", "serve"] {
            let (code, said) = runs(&bot, &[command]).await;
            assert!(code == 1 && said.contains(what) && said.contains(cure), "{command}: {said}");
            assert!(said.find(what) < said.find(cure), "{said}");
            assert!(!said.contains("keys generate --file"), "it would refuse: {said}");
        }
    }
    std::fs::remove_file(&keys).unwrap();
    let (_, said) = runs(&bot, &["check"]).await;
    let cure = format!("`countersign keys generate --file {}` makes one", keys.display());
    assert!(said.contains("there is no such file") && said.contains(&cure), "{said}");
    let nowhere = Path::new("/nowhere/at/all/keys").to_str().unwrap();
    let (code, said) = runs(&bot, &["keys", "generate", "--file", nowhere]).await;
    assert!(code == 1 && said.contains("Make it first: mkdir -p -m 700 /nowhere/at/all"), "{said}");
}

/// Nothing that the old file encrypted could be opened.
#[tokio::test]
async fn a_new_key_file_beside_an_old_database_is_found() {
    let team = Team::start("new keys").await;
    let bot = &team.setup.bot;
    let ready = team.issue_token("Reports").await;
    team.setup.settle().await.unwrap();
    bot.stop().await.unwrap();
    let keys = bot.folder().join("secrets/keys");
    let old = std::fs::read_to_string(&keys).unwrap();
    let new = bot.run(&["keys", "generate"]).await.unwrap().stdout;
    std::fs::write(&keys, &new).unwrap();
    let id = old.split(':').next().unwrap();
    let missing = format!(
        "the key file lacks the key {id:?}, which is needed for secrets that wait to be collected: 1"
    );
    let (code, said) = runs(bot, &["check"]).await;
    assert!(
        code == 1
            && said.contains(&format!("FAILED   keys: {missing}\n         → put that line back")),
        "{said}"
    );
    bot.serve().await.unwrap();
    let line = bot.log().lines().find(|line| line.contains("lacks the key")).unwrap().to_owned();
    assert!(line.contains("\"ERROR\"") && line.contains("put that line back"), "{line}");
    bot.stop().await.unwrap();

    std::fs::write(&keys, [&new[..], old.as_bytes()].concat()).unwrap();
    let (_, said) = runs(bot, &["check"]).await;
    assert!(
        said.contains("ok       keys: they open all that is encrypted in the database"),
        "{said}"
    );
    bot.serve().await.unwrap();
    team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    team.wait_for_collected_card().await;
    team.finish().await;
}

#[tokio::test]
async fn a_token_that_was_reset_is_not_cured_by_an_invitation() {
    let fixture = Fixture::start("reset token").await;
    let bot = migrated(&fixture, |config| config.token = "another.token".to_owned()).await;
    let (code, said) = runs(&bot, &["serve"]).await;
    assert!(code == 1 && said.contains("can't be read: Discord refused"), "{said}");
    assert!(
        said.contains("\\\"Reset Token\\\" shows a new one") && !said.contains("invite the bot"),
        "{said}"
    );
}

#[tokio::test]
async fn what_discord_can_not_say_now_is_not_wrong_here() {
    let fixture = Fixture::start("passing errors").await;
    let bot = migrated(&fixture, |_| {}).await;
    for (route, what) in [
        ("GET /channels/{channel_id}", "can't be read: Discord is unavailable (status 503)"),
        ("GET /guilds/{guild_id}", "can't be read: Discord is unavailable (status 503)"),
    ] {
        fixture.discord.fail(route, usize::MAX, Fault::status(503)).unwrap();
        let (code, said) = runs(&bot, &["check"]).await;
        assert!(
            code == 1 && said.contains(&format!("{what}\n         → try again later")),
            "{route}: {said}"
        );
        assert!(
            !said.contains("View Channel") && !said.contains("invite the bot"),
            "{route}: {said}"
        );
        fixture.discord.clear_faults();
    }
}

#[tokio::test]
async fn tokens_that_nothing_verifies_are_named() {
    let fixture = Fixture::start("no verify").await;
    let warning =
        "warning  verify: there is no [verify], and nothing else verifies tokens of orchard";
    let (_, said) = runs(&migrated(&fixture, |_| {}).await, &["check"]).await;
    assert!(said.contains(warning) && said.contains("add the section [verify]"), "{said}");
    let verifies = "[verify]\nlisten = \"127.0.0.1:0\"\nheaders = \"forwarded\"";
    let bot = migrated(&fixture, |config| config.overrides = overrides(verifies)).await;
    let (_, said) = runs(&bot, &["check"]).await;
    assert!(!said.contains("there is no [verify]"), "{said}");
}
