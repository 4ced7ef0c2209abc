//! Secrets as canaries: one is planted at each place where a secret exists. Then the main job runs
//! with every fault that might make the bot log too much, and every place where something could have been
//! written is searched.
//!
//! A secret, created or pasted, may be only in the one message that shows it. An interaction's token may be
//! only in the paths of the calls that it is for, which are not searched.

mod places;
mod play;
mod search;

use discord_sim::standard;
use serde_json::Value;
use testkit::setup::Setup;

use play::{Play, SHOWS, TOKEN};
use search::{Canary, Place, search, surroundings};

/// What the configuration holds.
fn of_the_configuration(play: &Play) -> Vec<Canary> {
    let setup = &play.setup;
    let password = |url: &str| url::Url::parse(url).unwrap().password().unwrap().to_owned();
    let mut canaries = vec![
        Canary::new("Discord's bot token", standard::TOKEN),
        Canary::new("the application's database password", password(&setup.database.url)),
        Canary::new("the owner's database password", password(&setup.database.owner_url)),
        Canary::new("the mail server's password", password(&play.smtp.url())),
    ];
    let keys = std::fs::read_to_string(setup.bot.folder().join("secrets/keys")).unwrap();
    for line in keys.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (_, key) = line.split_once(':').unwrap();
        canaries.push(Canary::new("a sealing key as text", key));
        let raw = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, key);
        canaries.push(Canary::new("a sealing key", raw.unwrap()));
    }
    assert!(canaries.len() >= 6, "there is no sealing key");
    canaries
}

fn interaction_tokens(play: &Play) -> Vec<Canary> {
    let token = |interaction: &Value| interaction["token"].as_str().unwrap().to_owned();
    let interactions = play.setup.discord.all_interactions();
    // They share their first characters, which are not secret.
    let canary = |(at, interaction)| {
        let token: String = token(interaction);
        Canary::new(format!("interaction token {at}"), &token[token.len() - 100..])
    };
    interactions.iter().enumerate().map(canary).collect()
}

/// The one request body that may hold a token's secret, and the message that it became.
fn may_hold_a_secret(place: &Place) -> bool {
    place.name.starts_with(&format!("body of {SHOWS}"))
        || (place.name.starts_with("message ") && place.name.ends_with("(private)"))
}

/// Each message that holds this secret.
fn messages_with(secret: &Canary, places: &[Place]) -> usize {
    let wanted = [Canary::new(secret.name.clone(), &secret.bytes)];
    let messages = places.iter().filter(|place| place.name.starts_with("message "));
    messages.filter(|place| !search(&wanted, std::slice::from_ref(place)).is_empty()).count()
}

#[tokio::test]
async fn no_secret_is_written_down() {
    let mut play = Play::start("canaries").await;
    let minted = Canary::new("a minted secret", play.mint().await);
    play.paste().await;
    for arguments in [&["check"][..], &["register", "--dry-run", "--json"], &["migrate"]] {
        play.setup.bot.run(arguments).await.unwrap();
    }
    let pasted = Canary::new("a pasted secret", TOKEN);
    let mut others = of_the_configuration(&play);
    others.extend(interaction_tokens(&play));
    let mailbox = [play.smtp.mailbox().clone()];
    let places = places::everywhere(&play.setup, &mailbox).await;
    let looked_for = others.len() + 2;
    println!(
        "{looked_for} canaries, each in {} shapes, in {} places, {} kB",
        minted.shapes().len(),
        places.len(),
        size(&places) / 1000,
    );

    let (allowed, rest): (Vec<Place>, Vec<Place>) = places.into_iter().partition(may_hold_a_secret);
    // Discord's answer was cut once after Discord had accepted the message: so there are two.
    assert_eq!((messages_with(&minted, &allowed), messages_with(&pasted, &allowed)), (1, 2));
    let mut found = search(&others, &allowed);
    found.extend(search(&others, &rest));
    found.extend(search(&[minted, pasted], &rest));
    assert!(found.is_empty(), "{found:#?}");
}

/// What is planted on purpose is found at each kind of place, in each encoding.
#[tokio::test]
async fn what_is_planted_is_found() {
    let play = Play::start("planted").await;
    let (setup, canary) = (&play.setup, Canary::new("it", "cst_planted+on/purpose~0123456789"));
    let mailbox = [play.smtp.mailbox().clone()];
    assert!(search(&[canary], &places::everywhere(setup, &mailbox).await).is_empty());

    let canary = Canary::new("it", "cst_planted+on/purpose~0123456789");
    let mut connection = setup.connect().await.unwrap();
    let bytes = &canary.bytes[..];
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    sqlx::raw_sql("create table countersign.control (text text, bytes bytea, job jsonb)")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::query("insert into countersign.control (bytes) values ($1)")
        .bind(bytes)
        .execute(&mut connection)
        .await
        .unwrap();
    let log = setup.bot.folder().join("log/control.log");
    std::fs::write(log, format!("x={}", base64(format!("token: {text}")))).unwrap();
    let mail = format!("Subject: hello\r\n\r\nIt is {text}.\r\n");
    std::fs::write(play.smtp.mailbox().folder().join("control.eml"), mail).unwrap();
    let rin = setup.person("rin").unwrap();
    setup.discord.say(&rin, "general", &text).unwrap();
    say_as_bot(setup, &text[..16]).await;

    let found = search(&[canary], &places::everywhere(setup, &mailbox).await);
    for place in [
        "it, as hexadecimal digits, in the database",
        "it, in base64, in the log control.log",
        "it, as it is, in the mail \"hello\"",
        "it, as it is, in the mail \"hello\", decoded",
        "it, its beginning, in body of POST /channels/{channel_id}/messages (Some(200))",
    ] {
        assert!(found.contains(place), "{place} is not among {found:#?}");
    }
    let shown = |found: &&String| found.starts_with("it, as it is, in message");
    assert_eq!(found.iter().filter(shown).count(), 1, "{found:#?}");
}

fn base64(text: String) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text)
}

async fn say_as_bot(setup: &Setup, text: &str) {
    let url =
        format!("{}/api/v10/channels/{}/messages", setup.discord.base_url(), standard::APPROVALS);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let sent = client
        .post(url)
        .header("authorization", format!("Bot {}", standard::TOKEN))
        .header("user-agent", "DiscordBot (https://countersign.example, 1)")
        .json(&serde_json::json!({ "content": text }))
        .send()
        .await
        .unwrap();
    assert!(sent.status().is_success(), "{sent:?}");
}

/// The login of the database's owner is in the environment of `migrate` while that runs. The serving bot
/// has it nowhere, so that an intruder can't disable the database's rules.
#[tokio::test]
async fn the_bot_never_has_the_owners_login() {
    let setup = Setup::start("owners login").await.unwrap();
    let output = setup.bot.run(&["migrate"]).await.unwrap();
    assert!(output.status.success(), "it was given to nobody: {output:?}");
    let [owners, own] = [&setup.database.owner_url, &setup.database.url].map(|url| {
        let url = url::Url::parse(url).unwrap();
        [Canary::new("the password", url.password().unwrap())]
    });
    let places = places::of_the_process(&setup.bot);
    println!("{} places, {} kB", places.len(), size(&places) / 1000);
    let found = search(&owners, &places);
    assert!(found.is_empty(), "{found:#?}");
    // The bot's own login must be there: this shows that these places were searched.
    let found = search(&own, &places);
    let file = setup.bot.config_file();
    for place in ["the memory of the process", file.to_str().unwrap()] {
        assert!(found.contains(&format!("the password, as it is, in {place}")), "{found:#?}");
    }
    setup.finish().await.unwrap();
}

/// It is found where it is planted.
#[tokio::test]
async fn an_owners_login_that_the_bot_has_is_found() {
    let setup = Setup::start("owners login planted").await.unwrap();
    let password =
        url::Url::parse(&setup.database.owner_url).unwrap().password().unwrap().to_owned();
    // Beside another process it would stand by.
    assert!(setup.bot.stop().await.unwrap().success());
    let second = setup.bot.replica("2").with_variable("PLANTED", &password);
    second.serve().await.unwrap();
    let file = second.folder().join("secrets/planted");
    std::fs::write(&file, &password).unwrap();
    let found = search(&[Canary::new("it", &password)], &places::of_the_process(&second));
    let environment = format!("/proc/{}/environ", second.process_id().unwrap());
    for place in ["the memory of the process", &environment, file.to_str().unwrap()] {
        assert!(found.contains(&format!("it, as it is, in {place}")), "{found:#?}");
    }
}

fn size(places: &[Place]) -> usize {
    places.iter().map(|place| place.content.len()).sum()
}

/// Checks whether the process still holds a copy of a secret some seconds after the message is gone. It
/// does: buffers of HTTP and of JSON are freed and not erased, so a core dump is a secret. The test only
/// asserts that memory is searched.
#[tokio::test]
#[ignore = "only reports"]
async fn memory_forgets() {
    let mut play = Play::start("memory").await;
    let minted = [Canary::new("a minted secret", play.mint().await)];
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let places = [places::memory(&play.setup.bot)];
    let bot_token = [Canary::new("Discord's bot token", standard::TOKEN)];
    assert!(!search(&bot_token, &places).is_empty(), "the memory was not searched");
    println!("{:#?}", search(&minted, &places));
    println!("{:#?}", surroundings(&minted[0], &places[0]));
}
