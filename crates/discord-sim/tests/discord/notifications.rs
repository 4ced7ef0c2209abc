//! Who is notified of what, and the commands that messages name.

use discord_sim::{
    Discord, Options, Person,
    standard::{ADMINS, AKI, APPROVALS, BEN, CHIYO, GENERAL, RIN},
};
use serde_json::{Value, json};

use crate::minimal_bot::{button, row, start, text};

const V2: u64 = 1 << 15;

fn card(says: &str, allowed: Value) -> Value {
    let inside = json!([{ "type": 10, "content": says }]);
    json!({ "flags": V2, "components": [{ "type": 17, "components": inside }],
        "allowed_mentions": allowed })
}

fn role() -> String {
    format!("<@&{ADMINS}>")
}

/// The role of admins, by its id.
fn admins() -> Value {
    json!({ "parse": [], "roles": [ADMINS.to_string()] })
}

fn count(person: &Person) -> usize {
    person.take_notifications().len()
}

fn everybody(discord: &Discord) -> [Person; 4] {
    ["rin", "aki", "ben", "chiyo"].map(|name| discord.person(name).unwrap())
}

#[tokio::test]
async fn a_role_is_notified_once_and_never_by_an_edit() {
    let (discord, bot) = start(Options::standard()).await;
    let [rin, aki, ben, chiyo] = everybody(&discord);
    let twice = format!("{} and again {} and <@{AKI}>", role(), role());
    let (status, posted) = bot.post(APPROVALS, card(&twice, admins())).await;
    assert_eq!((status, &posted["mention_roles"]), (200, &json!([ADMINS.to_string()])));
    assert_eq!(posted["mentions"], json!([]), "the person isn't among those allowed");
    let shown = aki.take_notifications();
    assert_eq!(shown.len(), 1);
    assert!(shown[0].contains("@token-admins and again") && shown[0].pings(), "{}", shown[0]);
    assert_eq!(discord.notified(&shown[0]), [AKI, BEN, CHIYO]);
    assert_eq!((count(&rin), count(&ben), count(&chiyo)), (0, 1, 1));

    let path = format!("/channels/{APPROVALS}/messages/{}", text(&posted["id"]));
    let edited = bot.call("PATCH", &path, card(&format!("{} changed", role()), admins())).await;
    assert_eq!((edited.0, &edited.1["mention_roles"]), (200, &json!([ADMINS.to_string()])));
    assert!(aki.wait_for_message("approvals", "changed").await.is_ok());
    assert_eq!((count(&aki), count(&ben), count(&chiyo)), (0, 0, 0));
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn only_what_is_allowed_notifies() {
    let (discord, bot) = start(Options { route_limits: false, ..Options::standard() }).await;
    let [rin, aki, ..] = everybody(&discord);
    let says = format!("{} <@{RIN}> @everyone", role());
    let none = json!({ "parse": [] });
    for allowed in [none.clone(), json!({ "parse": [], "roles": [APPROVALS.to_string()] })] {
        let posted = bot.post(GENERAL, card(&says, allowed)).await.1;
        assert_eq!((&posted["mention_roles"], &posted["mentions"]), (&json!([]), &json!([])));
        assert_eq!(posted["mention_everyone"], false);
    }
    assert_eq!((count(&rin), count(&aki)), (0, 0));
    bot.post(GENERAL, card(&says, json!({ "parse": ["users"] }))).await;
    assert_eq!((count(&rin), count(&aki)), (1, 0));
    let both = json!({ "parse": ["roles"], "roles": [ADMINS.to_string()] });
    assert_eq!(bot.post(GENERAL, card(&says, both)).await.1["code"], 50035);
    discord.take_violations();

    // A role that not everyone may mention, by a bot that may not mention all.
    discord.set_mentionable(ADMINS, false).unwrap();
    let posted = bot.post(GENERAL, card(&says, admins())).await;
    assert_eq!((posted.0, &posted.1["mention_roles"]), (200, &json!([])));
    assert_eq!(count(&aki), 0);
    discord.set_mentionable(ADMINS, true).unwrap();
    discord.set_roles(&AKI, &[]).unwrap();
    bot.post(GENERAL, card(&says, admins())).await;
    assert_eq!(count(&aki), 0, "Aki is no admin now");

    // Content of an ordinary message counts the same, an embed doesn't.
    let plain = json!({ "content": role(), "allowed_mentions": admins() });
    bot.post(GENERAL, plain).await;
    assert_eq!(count(&discord.person("ben").unwrap()), 2);
    let embed = json!({ "embeds": [{ "description": role() }], "allowed_mentions": admins() });
    bot.post(GENERAL, embed).await;
    let silent = json!({ "content": role(), "flags": 1 << 12, "allowed_mentions": admins() });
    bot.post(GENERAL, silent).await;
    assert_eq!(count(&discord.person("ben").unwrap()), 0);
}

#[tokio::test]
async fn direct_messages_notify_and_private_answers_do_not() {
    let (discord, bot) = start(Options::standard()).await;
    let [rin, aki, ..] = everybody(&discord);
    let none = json!({ "parse": [] });
    let direct = bot.direct(RIN).await;
    let mut ready = card("ready", none.clone());
    let inside = ready["components"][0]["components"].as_array_mut().unwrap();
    inside.push(row(json!([button("Reveal", "reveal")])));
    let posted = bot.post(direct, ready).await.1;
    let path = format!("/channels/{direct}/messages/{}", text(&posted["id"]));
    bot.call("PATCH", &path, card("revealed", none.clone())).await;
    let shown = rin.take_notifications();
    assert_eq!(shown.len(), 1, "one notification, not two and not none");
    assert!(shown[0].contains("revealed"), "it is shown as it stands now: {}", shown[0]);

    let (_, _) = tokio::join!(aki.type_command("/ask for what:tea"), async {
        let i = bot.next().await;
        let says = format!("<@{AKI}> {}", role());
        let mut answer = card(&says, json!({ "parse": ["users", "roles"] }));
        answer["flags"] = json!(V2 | 64);
        bot.respond(&i, json!({ "type": 5, "data": { "flags": 64 } })).await;
        bot.webhook("PATCH", &i, "/messages/@original", answer).await;
        // An answer that all see: others are notified, but not the person who pressed.
        let mut public = card(&says, json!({ "parse": ["users", "roles"] }));
        public["flags"] = json!(V2);
        bot.webhook("POST", &i, "?wait=true", public).await;
    });
    let ben = discord.person("ben").unwrap();
    assert_eq!((count(&aki), count(&ben)), (0, 1));
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn commands_are_named_by_the_ids_they_were_registered_with() {
    let (discord, bot) = start(Options::standard()).await;
    let aki = discord.person("aki").unwrap();
    let id = discord.commands()[0]["id"].as_str().unwrap().to_owned();
    let says = format!("Type </ask for:{id}>, not </ask:{id}>, </ask for:1> or </ask by:{id}>.");
    bot.post(GENERAL, card(&says, json!({ "parse": [] }))).await;
    let shown = aki.wait_for_message("general", "Type").await.unwrap();
    assert_eq!(shown.commands(), ["ask for"]);
    let wanted = format!("│ Type /ask for, not </ask:{id}>, </ask for:1> or </ask by:{id}>.");
    assert_eq!(shown.text(), wanted);
    assert_eq!(shown.sources(), [says]);
}
