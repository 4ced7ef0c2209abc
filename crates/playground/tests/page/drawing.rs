//! The result of the page's scripts for messages and forms, in a real browser at a phone's width and a desktop's.

use discord_sim::{
    Options,
    standard::{ADMINS, AKI, APPROVALS, BEN, GENERAL, RIN},
};
use serde_json::{Value, json};

use crate::{
    browser::Browser,
    fixture::Fixture,
    minimal_bot::{button, row},
};

const V2: u64 = 1 << 15;
const WIDTHS: [u32; 2] = [360, 1280];

fn display(content: &str) -> Value {
    json!({ "type": 10, "content": content })
}

fn card(fixture: &Fixture) -> Value {
    let command = fixture.discord.commands()[0]["id"].as_str().unwrap().to_owned();
    let buttons = ["Approve", "Deny", "Details"].map(|label| button(label, label));
    let long = format!(
        "Or type </ask for:{command}>, not </ask for:110400000000000001>. {}",
        "x".repeat(90)
    );
    let inside = json!([
        display(&format!("### <@{RIN}> requests **Harvest report**\n<@&{ADMINS}>")),
        { "type": 9, "components": [display("Sums up the harvest each night."), display("-# 30 days")],
            "accessory": button("Show all", "all") },
        { "type": 14, "spacing": 2 },
        display(&long),
        row(json!(buttons)),
    ]);
    let card = json!({ "type": 17, "accent_color": 0xF0B232, "components": inside });
    json!({ "flags": V2, "components": [card],
        "allowed_mentions": { "parse": [], "roles": [ADMINS.to_string()] } })
}

async fn post(fixture: &Fixture, channel: u64, body: Value) {
    let (status, answer) = fixture.bot.post(channel, body).await;
    assert_eq!(status, 200, "{answer}");
}

async fn open(fixture: &Fixture, place: &str, width: u32) -> Browser {
    Browser::open(&format!("{}/#{place}", fixture.page.url()), width).await
}

/// Nothing overflows its column.
const FITS: &str = "(() => { const content = document.getElementById('content'); \
     return document.documentElement.scrollWidth <= innerWidth \
         && content.scrollWidth <= content.clientWidth; })()";

#[tokio::test]
async fn cards_fit_a_phone_and_a_wide_window() {
    let fixture = Fixture::start().await;
    post(&fixture, APPROVALS, card(&fixture)).await;
    for width in WIDTHS {
        let mut browser = open(&fixture, "aki/approvals", width).await;
        browser
            .until("document.querySelector('.container.accented .section .accessory button')")
            .await;
        assert_eq!(browser.evaluate(FITS).await, true, "{width}");
        let counted = "['.container', '.separator.divider.large', '.section', '.text', '.row button'] \
             .map((name) => document.querySelectorAll(name).length)";
        assert_eq!(browser.evaluate(counted).await, json!([1, 1, 1, 4, 3]), "{width}");
        let beside = "(() => { const box = (name) => document.querySelector(name) \
             .getBoundingClientRect(); \
             return box('.accessory').left >= box('.section-texts').right; })()";
        assert_eq!(browser.evaluate(beside).await, true, "{width}");
        let colour = "getComputedStyle(document.querySelector('.container')).borderLeftColor";
        assert_eq!(browser.evaluate(colour).await, "rgb(240, 178, 50)");
        browser.picture(&format!("card-{width}")).await;
    }
}

#[tokio::test]
async fn notified_people_see_a_badge_and_a_mark() {
    let fixture = Fixture::start().await;
    post(&fixture, APPROVALS, card(&fixture)).await;
    post(&fixture, GENERAL, json!({ "content": "for nobody", "flags": 4 })).await;
    let mut browser = open(&fixture, "rin/general", 1280).await;
    browser.until("document.querySelectorAll('#rail .badge').length === 3").await;
    let names = "[...document.querySelectorAll('#rail button')].map((e) => e.ariaLabel)";
    let names = browser.evaluate(names).await;
    let aki = names[1].as_str().unwrap();
    assert!(aki.starts_with("Aki: ") && aki.ends_with(", 1 notification"), "{names}");
    assert_eq!(browser.evaluate("document.title").await, "(3) Countersign playground");
    browser.picture("badges-1280").await;

    browser.click("#rail button", "Aki").await;
    browser.until("document.querySelectorAll('#side .badge').length === 1").await;
    browser.click("#side button", "approvals").await;
    browser.until("document.querySelector('.message.pinged .container')").await;
    let said = "document.querySelector('.message.pinged').ariaLabel";
    assert_eq!(browser.evaluate(said).await, "Bot, mentions you");
    browser.until("document.querySelectorAll('#rail .badge').length === 2").await;
}

/// What arrives while the mouse is pressed redraws the people, and would take the click.
#[tokio::test]
async fn a_click_counts_even_if_news_comes_during_it() {
    let fixture = Fixture::start().await;
    let mut browser = open(&fixture, "rin/general", 1280).await;
    let place = browser.place_of("#rail button", "Aki").await;
    let looks =
        "performance.getEntriesByType('resource').filter((e) => e.name.includes('/view')).length";
    let before = browser.evaluate(looks).await;
    browser.mouse("mousePressed", &place).await;
    post(&fixture, APPROVALS, card(&fixture)).await;
    browser.until(&format!("{looks} > {before}")).await;
    browser
        .evaluate(
            "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))",
        )
        .await;
    browser.mouse("mouseReleased", &place).await;
    browser.until("location.hash.startsWith('#aki/')").await;
    browser.until("document.querySelectorAll('#rail .badge').length === 3").await;
}

#[tokio::test]
async fn commands_are_pressed_into_the_composer() {
    let fixture = Fixture::start().await;
    post(&fixture, APPROVALS, card(&fixture)).await;
    for width in WIDTHS {
        let mut browser = open(&fixture, "aki/approvals", width).await;
        browser.until("document.querySelector('button.mention.command')").await;
        let unknown = "[...document.querySelectorAll('span.mention')].map((e) => e.textContent)";
        let shown = browser.evaluate(unknown).await;
        assert_eq!(
            shown,
            json!(["@Rin", "@token-admins", "/ask for"]),
            "the last isn't registered"
        );
        // By the keyboard, as a person who can't see the screen.
        browser.evaluate("document.querySelector('button.mention.command').focus()").await;
        browser.press_button(" ", 32).await;
        browser.until("document.querySelector('.composer .command-name')").await;
        let name = "document.querySelector('.composer .command-name').textContent";
        assert_eq!(browser.evaluate(name).await, "/ask for");
        let focused = "document.activeElement.closest('.option-box').textContent";
        assert_eq!(browser.evaluate(focused).await, "what");
        assert_eq!(browser.evaluate(FITS).await, true, "{width}");
        browser.picture(&format!("command-{width}")).await;
    }
}

#[tokio::test]
async fn groups_are_filled_in_by_the_keyboard() {
    let fixture = Fixture::start_with(Options { route_limits: false, ..Options::standard() }).await;
    let panel = json!({ "flags": V2, "components": [row(json!([button("Reset", "reset")]))] });
    post(&fixture, GENERAL, panel).await;
    let option = |label: &str, value: &str| json!({ "label": label, "value": value });
    let mut keep = option("Keep the old secret for a day", "keep");
    keep["default"] = json!(true);
    let radio =
        json!({ "type": 21, "custom_id": "old", "options": [keep, option("End it", "end")] });
    let boxes = json!({ "type": 22, "custom_id": "by", "required": false,
        "options": [option("Mail", "mail"), option("Message", "dm")] });
    let labelled = |label: &str, component: &Value| json!({ "type": 18, "label": label, "component": component });
    let parts = json!([
        display("**Reset** makes a new secret."),
        labelled("Old secret", &radio),
        labelled("Tell them by", &boxes)
    ]);
    let form = json!({ "custom_id": "form", "title": "Reset", "components": parts });
    for width in WIDTHS {
        let mut browser = open(&fixture, "rin/general", width).await;
        browser.click(".message .row button", "Reset").await;
        let interaction = fixture.bot.next().await;
        fixture.bot.respond(&interaction, json!({ "type": 9, "data": form })).await;
        browser.until("document.querySelector('.modal [role=radiogroup]')").await;
        let name = "(() => { const group = document.querySelector('[role=radiogroup]'); \
             return document.getElementById(group.getAttribute('aria-labelledby')).textContent; })()";
        assert_eq!(browser.evaluate(name).await, "Old secret *");
        browser.picture(&format!("groups-{width}")).await;
        assert_eq!(browser.evaluate("document.activeElement.value").await, "keep");
        browser.press_button("ArrowDown", 40).await;
        browser.press_button("Tab", 9).await;
        browser.press_button(" ", 32).await;
        browser.click(".modal button", "Submit").await;
        let submitted = fixture.bot.next().await;
        let fields = &submitted["data"]["components"];
        assert_eq!(fields[1]["component"]["value"], "end", "{fields}");
        assert_eq!(fields[2]["component"]["values"], json!(["mail"]), "{fields}");
        fixture.bot.respond(&submitted, json!({ "type": 6 })).await;
        browser.until("!document.querySelector('.modal')").await;
    }
}

/// The bot's own card of an ordinary request, as a test of the bot keeps it, by the names of this server.
fn read_kept_cards() -> Vec<Value> {
    const KEPT: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../src/discord/views/card/snapshots/\
         countersign__discord__views__card__tests__five_scopes_as_they_are_sent.snap"
    );
    let kept = std::fs::read_to_string(KEPT).unwrap();
    let mut cards = kept.rsplit_once("\n---\n").unwrap().1.to_owned();
    for (made_up, here) in [
        ("<@100>", format!("<@{RIN}>")),
        ("<@200>", format!("<@{BEN}>")),
        ("<@1001>", format!("<@{AKI}>")),
        ("<@&55>", format!("<@&{ADMINS}>")),
        ("\"55\"", format!("\"{ADMINS}\"")),
    ] {
        assert!(cards.contains(made_up), "{made_up}");
        cards = cards.replace(made_up, &here);
    }
    serde_json::from_str(&cards).unwrap()
}

/// It is read, and approved, without scrolling.
#[tokio::test]
async fn a_request_for_five_scopes_fits_a_phones_screen() {
    let cards = read_kept_cards();
    assert_eq!(cards.len(), 2, "one in each language");
    for (at, card) in cards.into_iter().enumerate() {
        let fixture = Fixture::start().await;
        post(&fixture, APPROVALS, card).await;
        let mut browser = open(&fixture, "aki/approvals", 360).await;
        browser.until("document.querySelectorAll('.container .row button').length === 3").await;
        assert_eq!(browser.evaluate(FITS).await, true);
        browser.heighten(360, 1_200).await;
        let message = "document.querySelector('.message')";
        browser.picture_of(message, &format!("five-scopes-{at}-360"), 1).await;
        let height = "document.querySelector('.message').getBoundingClientRect().height";
        let height = browser.evaluate(height).await.as_f64().unwrap();
        assert!(height <= 640.0, "{height} px");
    }
}

/// Bodies that the bot's tests kept, to be looked at: `scripts/draw-views`.
#[tokio::test]
#[ignore = "draws for people; scripts/draw-views runs it"]
async fn kept_views_are_drawn() {
    let folder = std::env::var_os("COUNTERSIGN_KEPT_VIEWS").unwrap();
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut kept: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    kept.sort();
    assert!(!kept.is_empty());
    let last = "[...document.querySelectorAll('.message')].at(-1)";
    for width in WIDTHS {
        let unlimited = Options { route_limits: false, ..Options::standard() };
        let fixture = Fixture::start_with(unlimited).await;
        let mut browser = open(&fixture, "aki/general", width).await;
        browser.heighten(width, 4_000).await;
        for path in &kept {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let mut body: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            // Everyone is to see it, and nobody is to be told.
            body["flags"] = json!(V2);
            body["allowed_mentions"] = json!({ "parse": [] });
            let (status, answer) = fixture.bot.post(GENERAL, body).await;
            if answer["code"] == 50035 {
                // It comes with a file, which isn't kept.
                println!("{name} isn't drawn: {answer}");
                continue;
            }
            assert_eq!(status, 200, "{name}: {answer}");
            let shown = answer["id"].as_str().unwrap();
            browser.until(&format!("{last}?.dataset.id === '{shown}'")).await;
            browser.picture_of(last, &format!("{name}-{width}"), 1).await;
            assert_eq!(browser.evaluate(FITS).await, true, "{name} at {width}");
            let path = format!("/channels/{GENERAL}/messages/{shown}");
            assert_eq!(fixture.bot.call("DELETE", &path, Value::Null).await.0, 204);
        }
    }
}
