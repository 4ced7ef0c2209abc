//! Forms with radio buttons, boxes to tick, and texts between the fields.

use discord_sim::{Discord, Modal, Options};
use serde_json::{Value, json};

use crate::minimal_bot::{Bot, start};

fn label(label: &str, component: Value) -> Value {
    json!({ "type": 18, "label": label, "component": component })
}

fn option(label: &str, value: &str) -> Value {
    json!({ "label": label, "value": value })
}

fn radio() -> Value {
    let mut first = option("Keep it", "keep");
    first["default"] = json!(true);
    let options = json!([first, option("End it", "end")]);
    json!({ "type": 21, "custom_id": "old", "options": options })
}

fn boxes() -> Value {
    let options = json!([option("Mail", "mail"), option("Message", "dm"), option("Call", "call")]);
    json!({ "type": 22, "custom_id": "by", "required": false, "max_values": 2, "options": options })
}

fn form(components: Value) -> Value {
    json!({ "type": 9, "data": { "custom_id": "form", "title": "A form", "components": components } })
}

fn whole_form() -> Value {
    form(json!([
        { "type": 10, "content": "The old secret works **until** then." },
        label("Old secret", radio()),
        label("Tell them by", boxes()),
        label("I have read this", json!({ "type": 23, "custom_id": "read" })),
    ]))
}

/// Rin types a command, and the bot answers with this form.
async fn opened(discord: &Discord, bot: &Bot, form: Value) -> Modal {
    let rin = discord.person("rin").unwrap();
    let (seen, _) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let interaction = bot.next().await;
        let (status, answer) = bot.respond(&interaction, form).await;
        assert_eq!(status, 204, "{answer}");
    });
    seen.unwrap().modal().unwrap()
}

/// What the bot gets of the form's fields.
async fn submitted(bot: &Bot, modal: &Modal) -> Vec<Value> {
    let (seen, fields) = tokio::join!(modal.submit(), async {
        let interaction = bot.next().await;
        let hello = json!({ "type": 4, "data": { "content": "hello", "flags": 64 } });
        bot.respond(&interaction, hello).await;
        interaction["data"]["components"].as_array().unwrap().clone()
    });
    seen.unwrap().private().unwrap();
    fields
}

#[tokio::test]
async fn groups_are_filled_in_and_submitted() {
    let (discord, bot) = start(Options::standard()).await;
    let mut modal = opened(&discord, &bot, whole_form()).await;
    let shown = "◆ A form\nThe old secret works **until** then.\nOld secret *\n  (x) Keep it\n  ( ) End \
                 it\nTell them by\n  [ ] Mail\n  [ ] Message\n  [ ] Call\nI have read this\n  [ ]";
    assert_eq!(modal.to_string(), shown);
    assert_eq!(modal.texts(), ["The old secret works **until** then."]);
    assert_eq!(modal.labels(), ["Old secret", "Tell them by", "I have read this"]);
    assert_eq!(modal.options("Old secret").unwrap(), ["Keep it", "End it"]);
    let fields = submitted(&bot, &modal).await;
    assert_eq!(fields[0], json!({ "type": 10, "id": 1 }));
    let part = |at: usize, key: &str| fields[at]["component"][key].clone();
    assert_eq!((part(1, "type"), part(1, "value")), (json!(21), json!("keep")));
    assert_eq!((part(2, "type"), part(2, "values")), (json!(22), json!([])));
    assert_eq!((part(3, "type"), part(3, "value")), (json!(23), json!(false)));

    modal.choose("Old secret", "End it").unwrap();
    modal.choose_all("Tell them by", &["Mail", "Call"]).unwrap();
    modal.tick("I have read this", true).unwrap();
    let fields = submitted(&bot, &modal).await;
    let part = |at: usize, key: &str| fields[at]["component"][key].clone();
    assert_eq!(part(1, "value"), "end");
    assert_eq!(part(2, "values"), json!(["mail", "call"]));
    assert_eq!(part(3, "value"), true);
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn the_client_complains_of_what_is_missing_or_too_much() {
    let (discord, bot) = start(Options::standard()).await;
    let mut modal = opened(&discord, &bot, whole_form()).await;
    modal.clear("Old secret").unwrap();
    modal.choose_all("Tell them by", &["Mail", "Message", "Call"]).unwrap();
    let said: Vec<_> = modal.complaints().into_iter().map(|c| (c.label, c.text)).collect();
    let wanted = [("Old secret", "Make a selection"), ("Tell them by", "Choose at most 2.")];
    assert_eq!(said, wanted.map(|(label, text)| (label.to_owned(), text.to_owned())));
    assert!(modal.submit().await.is_err());
    assert!(modal.choose("Old secret", "Neither").is_err());
    assert!(modal.tick("Old secret", true).is_err() && modal.fill("Old secret", "x").is_err());

    // An optional group of radio buttons has no value where none is chosen.
    let mut optional = radio();
    optional["required"] = json!(false);
    let mut modal = opened(&discord, &bot, form(json!([label("Old secret", optional)]))).await;
    modal.clear("Old secret").unwrap();
    let fields = submitted(&bot, &modal).await;
    assert_eq!(fields[0]["component"]["value"], Value::Null);
    assert!(fields[0]["component"].as_object().unwrap().contains_key("value"));
}

#[tokio::test]
async fn groups_over_the_limits_are_refused() {
    let (discord, bot) = start(Options { route_limits: false, ..Options::standard() }).await;
    let rin = discord.person("rin").unwrap();
    let many = |count: usize| {
        let options = (0..count).map(|at| option("x", &at.to_string()));
        json!(options.collect::<Vec<_>>())
    };
    let with = |mut group: Value, key: &str, value: Value| {
        group[key] = value;
        group
    };
    let chosen = |value: &str| {
        let mut option = option("x", value);
        option["default"] = json!(true);
        option
    };
    let wrong = [
        with(radio(), "options", many(1)),
        with(radio(), "options", many(11)),
        with(radio(), "options", json!([chosen("a"), chosen("b")])),
        with(radio(), "options", json!([option("x", "a"), option("y", "a")])),
        with(boxes(), "options", many(0)),
        with(boxes(), "options", many(11)),
        with(boxes(), "max_values", json!(4)),
        with(boxes(), "min_values", json!(3)),
        with(with(boxes(), "required", json!(true)), "min_values", json!(0)),
    ];
    let (_, _) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let interaction = bot.next().await;
        for group in wrong {
            let form = form(json!([label("L", group.clone())]));
            let (status, answer) = bot.respond(&interaction, form).await;
            assert_eq!((status, &answer["code"]), (400, &json!(50035)), "{group}");
        }
        let unlabelled = bot.respond(&interaction, form(json!([radio()]))).await;
        assert_eq!(unlabelled.1["code"], 50035);
        let same = json!([label("A", radio()), label("B", radio())]);
        assert_eq!(bot.respond(&interaction, form(same)).await.1["code"], 50035);
        let blank = json!([{ "type": 10, "content": " " }, label("A", radio())]);
        assert_eq!(bot.respond(&interaction, form(blank)).await.1["code"], 50035);
        bot.respond(&interaction, whole_form()).await;
    });
    assert!(!discord.take_violations().is_empty());
}
