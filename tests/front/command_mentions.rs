//! Commands that texts name can be pressed.

use discord_sim::MessageView;

use super::Team;

/// Each in its source names the command by the id that Discord gave it, and in no other way.
fn check_named_by_id(message: &MessageView, id: &str) {
    for source in message.sources() {
        assert!(!source.contains("`/"), "{source}");
        for mention in source.split("</").skip(1) {
            let (_, rest) = mention.split_once(':').unwrap();
            assert!(rest.starts_with(&format!("{id}>")), "{source}");
        }
    }
}

#[tokio::test]
async fn every_command_in_a_text_can_be_pressed_in_both_languages() {
    let team = Team::start("command mentions").await;
    let id = team.setup.discord.commands()[0]["id"].as_str().unwrap().to_owned();
    for person in [&team.rin, &team.chiyo] {
        let help = person.type_command("/token help").await.unwrap().private().unwrap();
        let all = [
            "request", "list", "show", "pending", "audit", "announce", "panel", "health",
            "collect", "leak", "help",
        ];
        assert_eq!(help.commands(), all.map(|name| format!("token {name}")), "{help}");
        check_named_by_id(&help, &id);
        let empty = person.type_command("/token list").await.unwrap().private().unwrap();
        assert_eq!(empty.commands(), ["token request"], "{empty}");
        check_named_by_id(&empty, &id);
    }
    team.finish().await;
}
