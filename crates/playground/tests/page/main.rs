//! The page's HTTP interface, end to end: the browser's requests, against a bot of a few
//! lines. The scripts are tested in a real browser: `drawing`.

mod browser;
mod drawing;
mod fixture;
#[path = "../../../discord-sim/tests/discord/minimal_bot.rs"]
mod minimal_bot;

use discord_sim::{
    Options, Timings,
    standard::{APPROVALS, GENERAL, RIN},
};
use fixture::{Fixture, card, form};
use minimal_bot::{code, row, text};
use serde_json::{Value, json};

#[tokio::test]
async fn a_request_goes_from_card_to_private_answer() {
    let fixture = Fixture::start().await;
    fixture.bot.post(APPROVALS, card()).await;
    assert!(fixture.view("rin", APPROVALS).await["messages"].is_null(), "rin is no admin");
    let shown = fixture.messages("aki", APPROVALS).await;
    assert_eq!(shown[0]["body"]["content"], "a card");

    let (opened, _) = tokio::join!(fixture.press("aki", &shown[0], "open"), async {
        let interaction = fixture.bot.next().await;
        assert_eq!(interaction["data"]["custom_id"], "open");
        assert_eq!(fixture.bot.respond(&interaction, form()).await.0, 204);
    });
    assert_eq!((opened.0, &opened.1["outcome"]), (200, &json!("modal")));
    let modal = &opened.1["id"];

    let wrong = json!({ "modal": modal, "entries": { "name": ["x"], "version": ["v9"] } });
    let (status, refused) = fixture.post("/people/aki/modals", wrong).await;
    assert_eq!(status, 422);
    assert_eq!(refused["fields"]["name"], "Must be at least 2 in length.");
    assert_eq!(refused["fields"]["version"], "v9 is no option of this select.");

    let right = json!({ "modal": modal, "entries": { "name": ["tea"], "version": ["v2"] } });
    let stolen = fixture.post("/people/ben/modals", right.clone()).await;
    assert_eq!(stolen.0, 422, "a form belongs to one person: {stolen:?}");
    let (submitted, _) = tokio::join!(fixture.post("/people/aki/modals", right), async {
        let interaction = fixture.bot.next().await;
        let fields = &interaction["data"]["components"];
        assert_eq!(fields[0]["component"]["value"], "tea");
        assert_eq!(fields[1]["component"]["values"], json!(["v2"]));
        assert_eq!(fields[2]["component"]["values"], json!([RIN.to_string()]));
        let data = json!({ "content": "the secret", "flags": 64 });
        fixture.bot.respond(&interaction, json!({ "type": 4, "data": data })).await;
    });
    assert_eq!(submitted, (200, json!({ "outcome": "taken" })));

    let private = fixture.messages("aki", APPROVALS).await.pop().unwrap();
    assert_eq!(
        (&private["private"], &private["body"]["content"]),
        (&json!(true), &json!("the secret"))
    );
    for other in ["ben", "chiyo", "rin"] {
        assert!(
            !fixture.view(other, APPROVALS).await.to_string().contains("the secret"),
            "{other}"
        );
    }
    let dismissal = json!({ "message": private["id"] });
    assert_eq!(fixture.post("/people/ben/dismissals", dismissal.clone()).await.0, 422);
    assert_eq!(fixture.post("/people/aki/dismissals", dismissal).await.0, 200);
    assert_eq!(fixture.messages("aki", APPROVALS).await.len(), 1);
}

#[tokio::test]
async fn what_a_client_does_not_offer_is_refused() {
    let fixture = Fixture::start().await;
    fixture.bot.post(APPROVALS, card()).await;
    let options = json!([{ "label": "A", "value": "a" }, { "label": "B", "value": "b" }]);
    let select = json!({ "type": 3, "custom_id": "select", "options": options });
    fixture.bot.post(APPROVALS, json!({ "components": [row(json!([select]))] })).await;
    let shown = fixture.messages("aki", APPROVALS).await;
    let choose = |values: Value| json!({ "message": shown[1]["id"], "custom_id": "select", "values": values });

    assert_eq!(fixture.press("aki", &shown[0], "approve:1:forged").await.0, 422);
    assert_eq!(fixture.press("aki", &shown[0], "off").await.0, 422, "it is disabled");
    assert_eq!(fixture.press("rin", &shown[0], "open").await.0, 422, "rin doesn't see it");
    assert_eq!(fixture.press("mallory", &shown[0], "open").await.0, 404);
    for values in [json!(null), json!([]), json!(["c"]), json!(["a", "b"]), json!(["a", "a"])] {
        let (status, said) = fixture.post("/people/aki/components", choose(values.clone())).await;
        assert_eq!(status, 422, "{values}: {said}");
    }
    let typed = |path: Value, options: Value| json!({ "channel": GENERAL.to_string(), "path": path, "options": options });
    for wrong in [
        typed(json!([]), json!([])),
        typed(json!(["nothing"]), json!([])),
        typed(json!(["ask"]), json!([])),
        typed(json!(["ask", "for", "what"]), json!([])),
        typed(json!(["ask", "for"]), json!([])),
        typed(json!(["ask", "for"]), json!([["what", "x"], ["why", "x"]])),
        json!({ "channel": APPROVALS.to_string(), "path": ["ask", "for"], "options": [["what", "x"]] }),
        json!({ "path": 1 }),
    ] {
        let (status, said) = fixture.post("/people/rin/commands", wrong.clone()).await;
        assert_eq!(status, 422, "{wrong}: {said}");
    }
    let direct = fixture.bot.direct(RIN).await;
    let in_direct = json!({ "channel": direct.to_string(), "path": ["ask", "for"], "options": [["what", "x"]] });
    assert_eq!(fixture.post("/people/rin/commands", in_direct).await.0, 422);
    let interaction = fixture.discord.last_interaction(&fixture.discord.person("aki").unwrap());
    assert!(interaction.is_none(), "the bot heard of none of it: {interaction:?}");
}

#[tokio::test]
async fn missing_answers_are_shown_to_the_person_who_acted() {
    let timings =
        Timings { answer_within: std::time::Duration::from_secs(1), ..Timings::default() };
    let fixture = Fixture::start_with(Options { timings, ..Options::standard() }).await;
    let deferred = fixture.ask(json!({ "type": 5, "data": { "flags": 64 } })).await;
    assert_eq!(deferred, (200, json!({ "outcome": "taken" })));
    let waiting = fixture.messages("rin", GENERAL).await;
    assert_eq!((&waiting[0]["loading"], &waiting[0]["command"]), (&json!(true), &json!("ask for")));

    let rin = fixture.discord.person("rin").unwrap();
    let interaction = fixture.discord.last_interaction(&rin).unwrap();
    let done = json!({ "content": "done" });
    fixture.bot.webhook("PATCH", &interaction, "/messages/@original", done).await;
    let answered = fixture.messages("rin", GENERAL).await;
    assert_eq!(
        (&answered[0]["loading"], &answered[0]["body"]["content"]),
        (&json!(false), &json!("done"))
    );

    let body = json!({ "channel": GENERAL.to_string(), "path": ["ask", "for"],
        "options": [["what", "tea"]] });
    let (silence, late) = tokio::join!(fixture.post("/people/rin/commands", body), async {
        let interaction = fixture.bot.next().await;
        tokio::time::sleep(timings.answer_within * 2).await;
        code(
            fixture
                .bot
                .respond(&interaction, json!({ "type": 4, "data": { "content": "x" } }))
                .await,
        )
    });
    let says = "The application did not respond";
    assert_eq!(silence, (200, json!({ "outcome": "silence", "says": says })));
    assert_eq!(late, (404, 10062));
}

#[tokio::test]
async fn proposals_come_while_one_types() {
    let fixture = Fixture::start().await;
    let body = json!({ "channel": GENERAL.to_string(), "path": ["ask", "for"],
        "options": [["how", "wa"]], "option": "how" });
    let (proposed, _) = tokio::join!(fixture.post("/people/chiyo/proposals", body), async {
        let interaction = fixture.bot.next().await;
        assert_eq!((&interaction["type"], &interaction["locale"]), (&json!(4), &json!("ja")));
        assert_eq!(interaction["data"]["options"][0]["options"][0]["focused"], true);
        let choices = json!([{ "name": "Warm", "value": "warm" }]);
        fixture
            .bot
            .respond(&interaction, json!({ "type": 8, "data": { "choices": choices } }))
            .await;
    });
    assert_eq!(proposed.1, json!({ "choices": [{ "name": "Warm", "value": "warm" }] }));
}

#[tokio::test]
async fn only_the_page_itself_may_ask() {
    let fixture = Fixture::start().await;
    let host = fixture.page.url().replace("http://", "");
    let view = format!("{}/api/people/rin/view", fixture.page.url());
    let dismissals = format!("{}/api/people/rin/dismissals", fixture.page.url());
    let foreign = [
        ("host", "evil.example".to_owned()),
        ("host", host.replace("127.0.0.1", "evil.example")),
        ("origin", "http://evil.example".to_owned()),
        ("origin", "null".to_owned()),
        ("origin", format!("https://{host}")),
        ("sec-fetch-site", "cross-site".to_owned()),
    ];
    for (name, value) in foreign {
        for request in [fixture.http.get(&view), fixture.http.post(&dismissals).json(&json!({}))] {
            let response = request.header(name, &value).send().await.unwrap();
            assert_eq!(response.status(), 403, "{name}: {value}");
        }
    }
    let own = fixture.http.get(&view).header("origin", fixture.page.url());
    assert_eq!(own.send().await.unwrap().status(), 200);
    // A form of another website has no effect either.
    let form = fixture.http.post(&dismissals).body(r#"{"message":"1"}"#);
    let form = form.header("content-type", "text/plain").send().await.unwrap();
    assert_eq!(form.status(), 422);

    let page = fixture.http.get(fixture.page.url()).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.headers()["cross-origin-resource-policy"], "same-origin");
}

#[tokio::test]
async fn moderators_change_what_people_see_and_changes_are_told() {
    let fixture = Fixture::start().await;
    fixture.bot.post(APPROVALS, card()).await;
    let url = format!("{}/api/changes", fixture.page.url());
    let mut changes = fixture.http.get(url).send().await.unwrap();
    let first = changes.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"event: changed"));

    let view = fixture.view("aki", APPROVALS).await;
    assert_eq!(view["people"][1]["unread"], 1);
    let read =
        json!({ "channel": APPROVALS.to_string(), "revision": view["messages"][0]["revision"] });
    assert_eq!(fixture.post("/people/aki/read", read.clone()).await.1["new"], true);
    assert_eq!(fixture.post("/people/aki/read", read.clone()).await.1["new"], false);
    assert_eq!(fixture.post("/people/rin/read", read).await.0, 422);
    assert_eq!(fixture.view("aki", APPROVALS).await["people"][1]["unread"], 0);

    let wanted = json!({ "admin": false, "direct_messages": "closed", "locale": "ja" });
    assert_eq!(fixture.post("/moderator/aki", wanted).await.0, 200);
    let next = changes.chunk().await.unwrap().unwrap();
    assert!(next.starts_with(b"event: changed"));
    let view = fixture.view("aki", APPROVALS).await;
    assert!(view["messages"].is_null());
    let aki = &view["people"][1];
    assert_eq!((&aki["admin"], &aki["locale"]), (&json!(false), &json!("ja")));
    assert_eq!(aki["direct_messages"], "closed");
    for wrong in [json!({ "locale": "tlh" }), json!({ "direct_messages": "ajar" })] {
        assert_eq!(fixture.post("/moderator/aki", wrong).await.0, 422);
    }
    let body = json!({ "channel": GENERAL.to_string(), "text": "<b>hello</b>" });
    assert_eq!(fixture.post("/people/rin/messages", body).await.0, 200);
    let shown = fixture.messages("ben", GENERAL).await;
    assert_eq!(shown[0]["body"]["content"], "<b>hello</b>");
    assert_eq!(text(&shown[0]["body"]["author"]["id"]), RIN.to_string());
}

const MAIL: &str = "From: Countersign <tokens@example.com>\r\nTo: dev@example.com\r\n\
    Subject: Created\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n\
    --b\r\nContent-Type: text/plain\r\n\r\nIt was created.\r\n\
    --b\r\nContent-Type: text/html\r\n\r\n<p>It was <b>created</b>.</p>\r\n--b--\r\n";

#[tokio::test]
async fn emails_are_shown_inside_their_frame() {
    let fixture = Fixture::start().await;
    let url = format!("{}/api/changes", fixture.page.url());
    let mut changes = fixture.http.get(url).send().await.unwrap();
    changes.chunk().await.unwrap().unwrap();
    std::fs::write(fixture.mails.path().join("one.eml"), MAIL).unwrap();
    changes.chunk().await.unwrap().unwrap();

    let view = fixture.view("rin", GENERAL).await;
    assert_eq!(
        (&view["mails"][0]["id"], &view["mails"][0]["unread"]),
        (&json!("one"), &json!(true))
    );
    let (_, mail) = fixture.get("/mails/one").await;
    assert_eq!(mail["text"].as_str().unwrap().trim(), "It was created.");
    assert_eq!(fixture.view("rin", GENERAL).await["mails"][0]["unread"], false);
    assert_eq!(fixture.get("/mails/..%2Fone").await.0, 404);

    let url = format!("{}/api/mails/one/html", fixture.page.url());
    let html = fixture.http.get(url).send().await.unwrap();
    let policy = html.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none';") && policy.contains("; sandbox;"), "{policy}");
    assert!(html.text().await.unwrap().contains("<b>created</b>"));

    // An open connection doesn't keep the page from ending.
    let start = std::time::Instant::now();
    fixture.page.stop().await;
    assert!(start.elapsed() < std::time::Duration::from_secs(2));
    assert!(matches!(changes.chunk().await, Ok(None) | Err(_)));
}

#[tokio::test]
async fn notifications_and_files_are_returned() {
    let fixture = Fixture::start().await;
    let says =
        json!({ "content": format!("<@{RIN}>"), "allowed_mentions": { "parse": ["users"] } });
    fixture.bot.post(GENERAL, says).await;
    fixture.bot.post(GENERAL, json!({ "content": "for nobody" })).await;
    let view = fixture.view("rin", GENERAL).await;
    assert_eq!((&view["people"][0]["pings"], &view["people"][0]["unread"]), (&json!(1), &json!(2)));
    assert_eq!(view["channels"][0]["pings"], 1);
    assert_eq!(view["people"][1]["pings"], 0);
    let direct = fixture.bot.direct(RIN).await;
    fixture.bot.post(direct, json!({ "content": "ready" })).await;
    assert_eq!(fixture.view("rin", GENERAL).await["people"][0]["pings"], 2);

    // A file can be read by those who see the message.
    let part = reqwest::multipart::Part::text("{}\n").file_name("audit.jsonl");
    let form = reqwest::multipart::Form::new().text("payload_json", "{}").part("files[0]", part);
    let url = format!("{}/channels/{direct}/messages", fixture.bot.base);
    let token = format!("Bot {}", discord_sim::standard::TOKEN);
    let sent = fixture.bot.http.post(url).header("authorization", token).multipart(form).send();
    let sent: Value = sent.await.unwrap().json().await.unwrap();
    let file = |person: &str| {
        let path = format!("/api/people/{person}/files/{}/audit.jsonl", text(&sent["id"]));
        fixture.http.get(format!("{}{path}", fixture.page.url())).send()
    };
    let saved = file("rin").await.unwrap();
    let disposition = saved.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(disposition, "attachment; filename=\"audit.jsonl\"");
    assert_eq!(saved.text().await.unwrap(), "{}\n");
    assert_eq!(file("aki").await.unwrap().status(), 422);
}
