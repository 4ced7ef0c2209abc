//! Faults on demand, and the record.

use std::time::{Duration, Instant};

use discord_sim::crash_points::{Outcome, When, Which};
use discord_sim::{
    Fault, Options,
    standard::{GENERAL, TOKEN},
};
use serde_json::{Value, json};

use crate::minimal_bot::start;

const POST: &str = "POST /channels/{id}/messages";

#[tokio::test]
async fn each_fault_does_what_it_says() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let send = || {
        let url = format!("{}/channels/{GENERAL}/messages", bot.base);
        let request = bot.http.post(url).header("authorization", format!("Bot {TOKEN}"));
        request.json(&json!({ "content": "x" })).send()
    };
    let there = || rin.channel("general").unwrap().len();
    discord.fail(POST, 1, Fault::DropBefore).unwrap();
    // One client may try a cut connection again by itself: count what arrives.
    let _ = send().await;
    let before = there();
    discord.clear_faults();
    discord.fail(POST, 1, Fault::status(502)).unwrap();
    assert_eq!(send().await.unwrap().status(), 502);
    assert_eq!(there(), before);
    discord.fail(POST, 1, Fault::global_limit(0.5)).unwrap();
    let limited = send().await.unwrap();
    assert_eq!(limited.headers()["x-ratelimit-global"], "true");
    assert_eq!(limited.headers()["retry-after"], "1");
    let body: Value = limited.json().await.unwrap();
    assert_eq!(body["retry_after"], 0.5);
    discord.fail(POST, 1, Fault::DropAfter).unwrap();
    assert!(send().await.is_err());
    assert_eq!(there(), before + 1);
    discord.fail(POST, 1, Fault::Truncate).unwrap();
    let half = send().await.unwrap();
    assert_eq!(half.status(), 200);
    assert!(half.text().await.is_err());
    assert_eq!(there(), before + 2);
    discord.fail(POST, 1, Fault::Delay(Duration::from_millis(80))).unwrap();
    let since = Instant::now();
    assert_eq!(send().await.unwrap().status(), 200);
    assert!(since.elapsed() >= Duration::from_millis(80));
    assert_eq!(discord.clear_faults(), 0);
    assert!(discord.fail("POST /nowhere", 1, Fault::DropBefore).is_err());
}

#[tokio::test]
async fn the_record_holds_no_token() {
    let (discord, bot) = start(Options { keep_bodies: true, ..Options::standard() }).await;
    let rin = discord.person("rin").unwrap();
    let (_, token) = tokio::join!(rin.type_command("/ask for what:x"), async {
        let interaction = bot.next().await;
        bot.respond(&interaction, json!({ "type": 4, "data": { "content": "canary" } })).await;
        interaction["token"].as_str().unwrap().to_owned()
    });
    let log = discord.requests();
    let last = log.last().unwrap();
    assert_eq!(last.status, Some(204));
    assert!(last.route.starts_with("POST /interactions/{interaction_id}"));
    assert!(last.body.as_ref().unwrap().contains("canary"));
    assert!(!format!("{log:?}").contains(&token));
    assert_eq!(discord.calls("POST /interactions/{i}/{t}/callback"), 1);
}

#[tokio::test]
async fn calls_are_numbered_and_can_be_held() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let points = discord.points();
    points.count_anew();
    let send = || bot.post(GENERAL, json!({ "content": "x" }));
    let there = || rin.channel("general").unwrap().len();
    send().await;
    let arrival = &points.arrivals()[0];
    assert_eq!((arrival.number, arrival.outcome), (1, Outcome::Done));
    assert_eq!(arrival.label, "POST /channels/{channel_id}/messages");
    assert_eq!(there(), 1);
    for (number, when, outcome, messages) in
        [(2, When::Before, Outcome::Open, 1), (3, When::After, Outcome::Done, 2)]
    {
        let mut hold = points.hold(Which::Number(number), when);
        let url = format!("{}/channels/{GENERAL}/messages", bot.base);
        // A new connection: a client may retry by itself what an old one lost.
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.post(url).header("authorization", format!("Bot {TOKEN}"));
        let request = request.header("user-agent", "DiscordBot (https://example.com, 1)");
        let sending = request.json(&json!({ "content": "y" })).send();
        let (sent, ()) = tokio::join!(sending, async {
            let held = hold.reached().await.unwrap();
            assert_eq!((held.arrival.number, held.arrival.outcome), (number, outcome));
            assert_eq!(there(), messages);
        });
        sent.unwrap_err();
        assert_eq!(there(), messages);
    }
    discord.fail(POST, 1, Fault::status(502)).unwrap();
    send().await;
    assert_eq!(points.arrivals()[3].outcome, Outcome::Refused);
}
