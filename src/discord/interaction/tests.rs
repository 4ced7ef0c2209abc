use proptest::prelude::*;
use secrecy::ExposeSecret;
use serde_json::json;

use super::*;

fn with(kind: u8, data: Value) -> Value {
    json!({
        "id": "10", "application_id": "20", "type": kind, "token": "canary", "version": 1,
        "guild_id": "30", "channel_id": "40", "locale": "ja", "context": 0, "data": data,
        "channel": {"id": "40", "type": 0}, "entitlements": [], "app_permissions": "0",
        "member": {
            "nick": "Rin", "roles": ["50", "51"], "permissions": "0",
            "user": {"id": "60", "username": "rin_", "global_name": "Rin H", "bot": false},
        },
        "message": {"id": "70", "channel_id": "40", "flags": 64},
    })
}

fn parsed(kind: u8, data: Value) -> Interaction {
    Interaction::parse(&with(kind, data)).unwrap()
}

#[test]
fn who_and_where() {
    let interaction = parsed(3, json!({"custom_id": "x", "component_type": 2}));
    assert_eq!(interaction.id.get(), 10);
    assert_eq!(interaction.user.display_name, "Rin");
    assert_eq!(interaction.user.username, "rin_");
    assert_eq!(interaction.roles.as_ref().map(Vec::len), Some(2));
    assert_eq!(interaction.context, ContextType::Guild);
    assert_eq!(interaction.token.expose_secret(), "canary");
    assert!(!format!("{interaction:?}").contains("canary"));
}

#[test]
fn commands_with_subcommands_and_options() {
    let data = json!({"id": "1", "name": "token", "type": 1,
        "resolved": {"users": {"60": {"id": "60", "username": "b", "bot": true}}},
        "options": [{"type": 1, "name": "request", "options": [
            {"type": 3, "name": "provider", "value": "impact"},
            {"type": 4, "name": "n", "value": -3},
            {"type": 6, "name": "who", "value": "60"},
            {"type": 99, "name": "new", "value": {}}]}]});
    let InteractionKind::Command(command) = parsed(2, data).kind else { panic!("no command") };
    assert_eq!(command.path, ["token", "request"]);
    assert_eq!(command.options["provider"], OptionValue::Text("impact".into()));
    assert_eq!(command.options["n"], OptionValue::Integer(-3));
    assert_eq!(command.options["new"], OptionValue::Other);
    let resolved = &command.users[&UserId::new(60).unwrap()];
    assert!(resolved.bot && !resolved.member);
}

#[test]
fn autocomplete_knows_what_is_typed() {
    let data = json!({"name": "token", "options": [{"type": 1, "name": "request", "options": [
        {"type": 4, "name": "provider", "value": "im", "focused": true}]}]});
    let InteractionKind::Autocomplete { command, focused } = parsed(4, data).kind else { panic!() };
    assert_eq!(focused, ("provider".into(), "im".into()));
    assert!(command.options.is_empty());
}

#[test]
fn components_know_their_message() {
    let data = json!({"custom_id": "scopes", "component_type": 3, "values": ["a", "b"]});
    let InteractionKind::Component(component) = parsed(3, data).kind else { panic!() };
    assert_eq!(component.values, ["a", "b"]);
    assert_eq!(component.message.message.id.get(), 70);
    assert!(component.message.ephemeral);
}

fn submission() -> Value {
    json!({"custom_id": "request", "resolved": {
            "users": {"61": {"id": "61", "username": "aki", "bot": false}},
            "members": {"61": {"nick": "Aki", "roles": []}}},
        "components": [
            {"type": 18, "id": 1, "component": {"type": 4, "custom_id": "name", "value": "pasted"}},
            {"type": 18, "component": {"type": 3, "custom_id": "version", "values": ["3"]}},
            {"type": 18, "component": {"type": 5, "custom_id": "contact", "values": ["61"]}},
            {"type": 10, "content": "text"},
            {"type": 1, "components": [{"type": 4, "custom_id": "old", "value": ""}]}]})
}

#[test]
fn modals_under_labels_and_in_rows() {
    let interaction = parsed(5, submission());
    assert!(!format!("{interaction:?}").contains("pasted"));
    let InteractionKind::Modal(modal) = interaction.kind else { panic!() };
    assert_eq!(modal.text("name"), Some("pasted"));
    assert_eq!(modal.text("old"), Some(""));
    assert_eq!(modal.choice("version"), Some("3"));
    assert_eq!(modal.choice("name"), None);
    let contact = &modal.users[&UserId::new(61).unwrap()];
    assert_eq!((contact.display_name.as_str(), contact.member), ("Aki", true));
}

#[test]
fn direct_messages_have_no_member() {
    let mut raw = with(3, json!({"custom_id": "x"}));
    let user = raw["member"]["user"].take();
    let object = raw.as_object_mut().unwrap();
    object.remove("member");
    object.remove("guild_id");
    object.insert("user".into(), user);
    object.insert("context".into(), 1.into());
    let interaction = Interaction::parse(&raw).unwrap();
    assert_eq!((interaction.guild_id, interaction.roles), (None, None));
    assert_eq!(interaction.context, ContextType::BotDm);
    assert_eq!(interaction.user.display_name, "Rin H");
}

#[test]
fn what_is_needed_must_be_there() {
    assert_eq!(Interaction::parse(&json!({"type": 1})).unwrap_err(), ParseError::Ping);
    assert_eq!(Interaction::parse(&json!({"type": 77})).unwrap_err(), ParseError::UnknownKind);
    let whole = with(3, json!({"custom_id": "x"}));
    for name in ["id", "application_id", "token", "type", "data", "member", "message"] {
        let mut raw = whole.clone();
        raw.as_object_mut().unwrap().remove(name);
        assert!(Interaction::parse(&raw).is_err(), "{name}");
    }
}

#[test]
fn callbacks() {
    assert_eq!(Callback::Pong.body(), json!({"type": 1}));
    assert_eq!(Callback::DeferUpdate.body(), json!({"type": 6}));
    let defer = Callback::DeferMessage { ephemeral: true };
    assert_eq!(defer.body(), json!({"type": 5, "data": {"flags": 64}}));
    let update = Callback::Update(Message::text("x").ephemeral()).body();
    let flags = update["data"]["flags"].as_u64().unwrap();
    assert_eq!((&update["type"], flags & 64), (&json!(7), 0), "an update keeps what it was");
    let choice = Choice { name: "n".into(), value: "v".into() };
    let proposals = Callback::Autocomplete(vec![choice; 30]).body();
    assert_eq!(proposals["data"]["choices"].as_array().map(Vec::len), Some(25));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u8>().prop_map(|number| (number % 20).into()),
        ".{0,8}".prop_map(Value::from),
        "[0-9]{1,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(
                "type|id|options|component|components|values|value",
                inner,
                0..5
            )
            .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// All places in a value, as JSON pointers.
fn places(value: &Value, path: String, all: &mut Vec<String>) {
    all.push(path.clone());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| places(value, format!("{path}/{key}"), all));
        }
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(at, value)| places(value, format!("{path}/{at}"), all)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn nothing_makes_the_parser_panic(
        kind in 1u8..7,
        mutations in prop::collection::vec((any::<prop::sample::Index>(), any_json()), 1..4),
    ) {
        let mut raw = with(kind, submission());
        for (index, replacement) in mutations {
            let mut all = Vec::new();
            places(&raw, String::new(), &mut all);
            let chosen: &String = index.get(&all);
            if let Some(place) = raw.pointer_mut(chosen) {
                *place = replacement;
            }
        }
        if let Err(error) = Interaction::parse(&raw) {
            prop_assert!(!error.to_string().contains("canary"));
        }
    }
}
