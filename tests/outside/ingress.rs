//! The ingress: forged signed posts, and a restart while people press buttons.

use std::time::{Duration, Instant};

use anyhow::Result;
use discord_sim::http_ingress::{BadSignature, HttpIngress};
use discord_sim::{MessageView, Options, Person, Seen, standard};
use ed25519_dalek::{Signer as _, SigningKey};
use futures_util::future::join_all;
use serde_json::json;
use testkit::bot::Ingress;
use testkit::ports::find_free_address;
use testkit::team::Team;

use super::publish;

const APPROVALS: &str = "select count(*) from countersign.approvals";

/// Posts a body that Discord signed so many seconds ago. Returns the status.
async fn post_body(url: &str, key: &SigningKey, body: &str, age: i64) -> Result<u16> {
    let timestamp = (now()? - age).to_string();
    let signature = key.sign(format!("{timestamp}{body}").as_bytes());
    let request = reqwest::Client::builder().no_proxy().build()?.post(url);
    let request = request
        .header("x-signature-ed25519", hex::encode(signature.to_bytes()))
        .header("x-signature-timestamp", timestamp);
    Ok(request.body(body.to_owned()).send().await?.status().as_u16())
}

fn now() -> Result<i64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(i64::try_from(since.as_secs())?)
}

#[tokio::test]
async fn only_fresh_signatures_of_discord_are_accepted_once() {
    let address = find_free_address().unwrap();
    let key = SigningKey::from_bytes(&[7; 32]);
    let public_key = hex::encode(key.verifying_key().to_bytes());
    let team = Team::with("signed", Options::standard(), |config| {
        config.ingress = Ingress::Http { public_key };
        config.environment.push(("COUNTERSIGN_HTTP__LISTEN".to_owned(), address.to_string()));
    })
    .await;
    let url = format!("{}/discord/interactions", team.setup.bot.url().unwrap());
    team.setup.discord.deliver_over_http(&url, key.clone()).unwrap();
    let discord = HttpIngress::new(&url, key.clone()).unwrap();
    probe_ingress(&discord).await;

    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    let card = team.last_card("1 of 2 approvals").await;
    let pressed = team.setup.discord.last_interaction(&team.aki).unwrap();
    // It would be the second approval if it were accepted.
    let mut forged = pressed.clone();
    forged["id"] = json!("1234567890123456789");
    forged["member"]["user"]["id"] = json!(standard::BEN.to_string());
    for fault in BadSignature::ALL {
        let answer = discord.deliver_badly_signed(&forged, fault).await.unwrap();
        assert_eq!(answer.status, 401, "{fault:?}");
    }
    assert_eq!(
        post_body(&url, &key, &forged.to_string(), 6 * 60).await.unwrap(),
        401,
        "an old one"
    );
    // The same bytes twice, and the same press with a new signature: accepted, without effect.
    for _ in 0..2 {
        assert_eq!(post_body(&url, &key, &pressed.to_string(), 0).await.unwrap(), 202);
    }
    assert_eq!(post_body(&url, &key, "{", 0).await.unwrap(), 400, "signed, and no JSON");
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(team.count(APPROVALS).await, 1);
    team.approve(&team.ben, &card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    probe_ingress(&discord).await;
    team.last_card("Issued").await;
    team.finish().await;
}

/// What Discord sends when the address is saved, and sometimes later: a PING that must be answered, and one
/// that must be refused.
async fn probe_ingress(discord: &HttpIngress) {
    let application = standard::APPLICATION.to_string();
    assert!(discord.ping(&application).await.unwrap().is_pong());
    let ping = json!({ "type": 1, "id": "1", "application_id": application, "version": 1 });
    for fault in BadSignature::ALL {
        let refused = discord.deliver_badly_signed(&ping, fault).await.unwrap();
        assert_eq!(refused.status, 401, "{fault:?}");
    }
}

/// How many people press buttons while the bot restarts.
const PEOPLE: usize = 19;

/// How they press: more than once a second each, for so long.
const LOAD: Duration = Duration::from_secs(10);

/// What came of one person's presses.
#[derive(Default)]
struct Pressed {
    answered: usize,
    /// Discord reported that the bot did not respond.
    unanswered: usize,
    slowest: Duration,
    /// Whether the press of *Approve* was answered in the end.
    approved: bool,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_under_load_loses_no_press() {
    let name = |number: usize| format!("admin{number:02}");
    let options = (0..PEOPLE)
        .fold(Options::standard(), |all, number| all.with_member(&name(number), "en-US", true));
    let team = Team::with("restart", options, |config| {
        config.overrides = toml::from_str("[policy]\napprovals = 20").unwrap();
    })
    .await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 20 approvals").await;
    let people: Vec<Person> =
        (0..PEOPLE).map(|number| team.setup.person(&name(number)).unwrap()).collect();
    let pressing = join_all(people.iter().enumerate().map(|(number, person)| {
        // Spread over the time, so that some press while nothing runs.
        press_button(person, &card, LOAD.mul_f64(number as f64 / PEOPLE as f64))
    }));
    let restarting = async {
        let mut took = Vec::new();
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_secs(2)).await;
            let start = Instant::now();
            team.setup.bot.restart().await.unwrap();
            took.push(start.elapsed());
        }
        took
    };
    let (pressed, took) = tokio::join!(pressing, restarting);
    let sum = |what: fn(&Pressed) -> usize| pressed.iter().map(what).sum::<usize>();
    let (answered, unanswered) = (sum(|one| one.answered), sum(|one| one.unanswered));
    let slowest = pressed.iter().map(|one| one.slowest).max().unwrap_or_default();
    publish(
        "outside-restart.txt",
        &format!(
            "3 restarts of {took:.1?} under {PEOPLE} people: {answered} presses answered, the \
             slowest after {slowest:.1?}, {unanswered} told that the bot did not respond"
        ),
    );
    assert!(pressed.iter().all(|one| one.approved), "somebody's approval was never answered");
    assert_eq!(team.count(APPROVALS).await, i64::try_from(PEOPLE).unwrap());
    let counters = team.setup.discord.gateway().unwrap().counters();
    // One session all the time; how often a socket had to be opened for it depends on the network.
    assert_eq!(counters.identifies, 1, "{counters:?}");
    assert!(counters.resumes >= 3, "{counters:?}");
    // A restart is over within Discord's 3 s, so people should not have to press again.
    assert_eq!(unanswered, 0, "people were left without an answer");
    team.last_card("19 of 20 approvals").await;
    for person in &people {
        person.private_messages();
    }
    team.finish().await;
}

/// Types commands all the time, and presses *Approve* once, at its time.
async fn press_button(person: &Person, card: &MessageView, at: Duration) -> Pressed {
    let (start, mut pressed) = (Instant::now(), Pressed::default());
    while start.elapsed() < LOAD || !pressed.approved {
        let began = Instant::now();
        let due = start.elapsed() >= at && !pressed.approved;
        let seen = if due {
            person.click_outdated(card, "Approve").await.and_then(Seen::private)
        } else {
            person.type_command("/token help").await.and_then(Seen::private)
        };
        match seen {
            Ok(_) => {
                pressed.approved |= due;
                pressed.answered += 1;
                pressed.slowest = pressed.slowest.max(began.elapsed());
            }
            Err(_) => pressed.unanswered += 1,
        }
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    pressed
}
