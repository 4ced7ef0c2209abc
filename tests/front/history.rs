//! `/token audit`: steps by request, what proves them, and all of it as a file.

use serde_json::Value;
use testkit::team::{disable_token, show_token};

use super::Team;
use super::token_life::create_token;

#[tokio::test]
async fn a_history_has_its_evidence_and_is_exported_without_a_secret() {
    let team = Team::start("history").await;
    let [sid, secret] = create_token(&team, "Reports").await;
    let panel = show_token(&team.rin, "Reports").await;
    disable_token(&team.rin, &panel).await;
    team.last_card("It is disabled").await;

    let history =
        team.aki.type_command("/token audit token:Reports").await.unwrap().private().unwrap();
    assert!(history.contains("#1 · new token"), "{history}");
    assert!(!history.contains("message 1"), "no number of a message: {history}");
    let mut connection = team.setup.connect().await.unwrap();
    let digest: String =
        sqlx::query_scalar("select encode(digest, 'hex') from countersign.requests")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert!(!history.contains(&digest[..12]), "{history}");
    let evidence = team.aki.click(&history, "Evidence").await.unwrap().message().unwrap();
    assert_eq!(evidence.id(), history.id(), "in place");
    let mut pages = evidence.text().to_owned();
    let mut page = evidence.clone();
    while page.offers("Older") {
        page = team.aki.click(&page, "Older").await.unwrap().message().unwrap();
        pages += page.text();
    }
    assert!(pages.contains(&digest) && pages.contains("token_disabled"), "{pages}");
    let back = team.aki.click(&page, "Back").await.unwrap().message().unwrap();
    assert!(back.offers("Evidence"), "{back}");

    let exported = team.aki.click(&back, "Export").await.unwrap().private().unwrap();
    let [name] = exported.files()[..] else { panic!("{exported}") };
    assert!(name.starts_with("token-") && name.ends_with(".jsonl"), "{name}");
    let file = String::from_utf8(team.aki.download(&exported, name).unwrap()).unwrap();
    let lines: Vec<Value> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let recorded = team.count("select count(*) from countersign.events").await;
    assert_eq!(i64::try_from(lines.len()).unwrap(), recorded, "{file}");
    let id = |line: &Value| line["id"].as_str().unwrap().parse::<i64>().unwrap();
    assert!(lines.is_sorted_by_key(id), "{file}");
    assert!(file.contains(&digest) && !file.contains(&secret), "{sid}");

    // Of a request alone; and for admins alone.
    let history = team.aki.type_command("/token audit request:1").await.unwrap().private().unwrap();
    let evidence = team.aki.click(&history, "Evidence").await.unwrap().message().unwrap();
    let exported = team.aki.click(&evidence, "Export").await.unwrap().private().unwrap();
    assert!(exported.files()[0].starts_with("request-"), "{exported}");
    let token = team.count("select min(id) from countersign.tokens").await;
    let request = team.count("select min(id) from countersign.requests").await;
    for id in [
        format!("token-evidence:{token}:{}", i64::MAX),
        format!("request-evidence:{request}:{}", i64::MAX),
        format!("token-export:{token}"),
        format!("request-export:{request}"),
    ] {
        let refused = team.rin.forge_press(&panel, &id, 2, &[]).await.unwrap().message().unwrap();
        assert!(refused.contains("Only this provider’s admins"), "{id}: {refused}");
        assert!(refused.files().is_empty(), "{id}");
    }
    team.finish().await;
}
