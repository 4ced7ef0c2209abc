//! What happens is told with its moment, as measurements need it.

use std::time::Duration;

use discord_sim::{Happening, Options};
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::minimal_bot::{button, row, start};

#[tokio::test]
async fn answers_and_messages_are_told_as_they_come() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let mut feed = discord.follow();
    let asked = rin.type_unwatched("/ask for what:tea").unwrap();
    let interaction = bot.next().await;
    let data = json!({ "content": "Which?", "flags": 64, "components":
        [row(json!([button("Green", "green")]))] });
    bot.respond(&interaction, json!({ "type": 4, "data": data })).await;
    let Happening::Shown { message, to, text, .. } = next(&mut feed).await else {
        panic!("nothing was shown")
    };
    assert_eq!((to, text.as_str()), (Some(rin.id()), "Which?"));
    let Happening::Answered { interaction, person, sent, came } = next(&mut feed).await else {
        panic!("nothing was answered")
    };
    assert_eq!((interaction, person), (asked, rin.id()));
    assert!(came >= sent);

    assert!(rin.click_unwatched(message, "Black").is_err());
    rin.click_unwatched(message, "Green").unwrap();
    let interaction = bot.next().await;
    bot.respond(&interaction, json!({ "type": 6 })).await;
    assert!(matches!(next(&mut feed).await, Happening::Answered { .. }));
    bot.webhook("DELETE", &interaction, "/messages/@original", json!(null)).await;
    assert!(matches!(next(&mut feed).await, Happening::Deleted { .. }));
}

async fn next(feed: &mut UnboundedReceiver<Happening>) -> Happening {
    let next = tokio::time::timeout(Duration::from_secs(5), feed.recv()).await;
    next.expect("something happens").unwrap()
}
