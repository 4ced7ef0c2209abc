//! Every custom id of our buttons and forms, sent by people who are not allowed to.

use std::time::Duration;

use discord_sim::{Discord, MessageView, Options, Person};
use serde_json::{Value, json};

use super::Team;
use testkit::team::code_blocks;

const BUTTON: u64 = 2;
const SELECT: u64 = 3;

const CALLBACK: &str = "POST /interactions/{interaction_id}/{interaction_token}/callback";

/// All that a forged press could change.
const EVERYTHING: &str = "select hashtextextended(concat(
    (select string_agg(r::text, ',' order by id) from countersign.requests r),
    (select string_agg(r::text, ',' order by id) from countersign.approvals r),
    (select string_agg(r::text, ',' order by id) from countersign.tokens r),
    (select string_agg(r::text, ',' order by id) from countersign.deliveries r),
    (select string_agg(r::text, ',' order by id) from countersign.reveals r),
    (select string_agg(r::text, ',') from countersign.readings r),
    (select string_agg(r::text, ',' order by id) from countersign.events r
        where kind not like 'notice%'),
    (select string_agg(r::text, ',' order by id) from countersign.drafts r
        where requester = 1105000000000000001)), 0)";

/// What an id says of the message that its button stands on.
const PLACES: [&str; 3] = ["p0", "d", "s"];

/// The values for ids: the draft, the request and its digest, the delivery.
struct Ids {
    draft: String,
    request: String,
    digest: String,
    delivery: String,
}

impl Ids {
    fn all(id: &str) -> Self {
        let [draft, request, delivery] = [id, id, id].map(str::to_owned);
        Self { draft, request, digest: "0123456789abcdef".repeat(4), delivery }
    }

    /// On a draft, and on a delivery: only for their owner.
    fn owners(&self) -> Vec<String> {
        let Self { draft, delivery, digest, .. } = self;
        let mut ids: Vec<String> = [
            "details-form",
            "correct",
            "edit-details",
            "category",
            "clear-all",
            "expires",
            "cancel",
            "create",
            "start-over",
        ]
        .map(|name| format!("{name}:{draft}"))
        .into();
        ids.push(format!("create:{draft}:{digest}"));
        ids.extend(["category-page", "scope-page"].map(|name| format!("{name}:{draft}:1")));
        ids.push(format!("scopes:{draft}:trees:0"));
        ids.push(format!("whole-category:{draft}:trees"));
        ids.extend(["reveal", "stored", "not-me"].map(|name| format!("{name}:{delivery}")));
        ids.extend(PLACES.map(|place| format!("not-me:{delivery}{place}")));
        ids
    }

    /// On a request: its requester's.
    fn requesters(&self) -> Vec<String> {
        let named = |name: &str| {
            let places = ["", PLACES[0], PLACES[1], PLACES[2]];
            places.map(|place| format!("{name}:{}{place}", self.request))
        };
        ["edit", "withdraw"].map(named).concat()
    }

    /// On a request: admins'.
    fn admins(&self) -> Vec<String> {
        let Self { request, digest, .. } = self;
        let mut ids: Vec<String> =
            ["deny", "deny-form", "all-scopes"].map(|name| format!("{name}:{request}")).into();
        let shown = ["approve", "fulfil", "fulfil-form", "done"];
        ids.extend(shown.map(|name| format!("{name}:{request}:{digest}")));
        ids.push(format!("try-again:{request}:1"));
        ids.extend(PLACES.map(|place| format!("approve:{request}{place}:{digest}")));
        ids.extend(PLACES.map(|place| format!("deny-form:{request}{place}")));
        ids
    }

    fn everybody(&self) -> Vec<String> {
        [self.owners(), self.requesters(), self.admins()].concat()
    }
}

/// Rin's open draft, her delivery, and her request that waits for an approval, with its card.
async fn set_up(team: &Team) -> (Ids, MessageView) {
    let ready = team.issue_token("Collectable").await;
    team.ask(&team.rin, "Pending").await;
    let card = team.card("0 of 2 approvals").await;
    let panel = team.panel(&team.rin, "orchard", "Draft").await;
    let last = |id: String, at: usize| id.split(':').nth(at).unwrap().to_owned();
    let approve = card.custom_id("Approve").unwrap();
    let ids = Ids {
        draft: last(panel.custom_id("Create").unwrap(), 1),
        request: last(approve.clone(), 1),
        digest: last(approve, 2),
        delivery: last(ready.custom_id("Reveal").unwrap(), 1),
    };
    team.setup.settle().await.unwrap();
    (ids, card)
}

/// Sends it as a button, as a select and as a form.
async fn attempt(person: &Person, on: &MessageView, id: &str) {
    let fields = [
        ("name", "Mine"),
        ("description", "Mine"),
        ("reason", "No"),
        ("account-sid", "CSofmine"),
        ("secret", "secret-of-mine"),
    ];
    for seen in [
        person.forge_press(on, id, BUTTON, &[]).await,
        person.forge_press(on, id, SELECT, &["trees"]).await,
        person.forge_modal(id, &fields).await,
    ] {
        // A form that opens shows and changes nothing yet.
        let Ok(answer) = seen.unwrap().message() else { continue };
        assert!(answer.is_ephemeral(), "{id}: {answer}");
        assert!(!answer.json().to_string().contains("cst_"), "{id}: {answer}");
    }
}

async fn mori(label: &str) -> (Team, Person) {
    let options = Options::standard().with_member("mori", "en-US", false);
    let team = Team::with(label, options, |_| {}).await;
    let mori = team.setup.person("mori").unwrap();
    (team, mori)
}

#[tokio::test]
async fn forged_ids_give_no_access_to_others_rows() {
    let (team, mori) = mori("forgeries").await;
    let (ids, card) = set_up(&team).await;
    let before = team.count(EVERYTHING).await;
    for id in ids.everybody() {
        attempt(&mori, &card, &id).await;
        assert_eq!(team.count(EVERYTHING).await, before, "{id} of a member");
    }
    for id in [ids.owners(), ids.requesters()].concat() {
        attempt(&team.ben, &card, &id).await;
        assert_eq!(team.count(EVERYTHING).await, before, "{id} of an admin");
    }
    team.finish().await;
}

/// The same press, by a person who is allowed to, in direct messages and in another guild.
#[tokio::test]
async fn other_guilds_and_direct_messages_are_refused() {
    let (team, _) = mori("elsewhere").await;
    let (ids, card) = set_up(&team).await;
    let before = team.count(EVERYTHING).await;
    let discord = &team.setup.discord;
    team.ben.forge_press(&card, "nothing", BUTTON, &[]).await.unwrap();
    team.rin.forge_press(&card, "nothing", BUTTON, &[]).await.unwrap();
    let [ben, rin] = [&team.ben, &team.rin].map(|who| discord.last_interaction(who).unwrap());
    let mut all = Vec::new();
    let mut forge = |sound: &Value, id: &str, place: &dyn Fn(&mut Value)| {
        for (kind, data) in [
            (3, json!({ "id": 1, "custom_id": id, "component_type": BUTTON })),
            (5, json!({ "custom_id": id, "components": [] })),
        ] {
            let mut forged = sound.clone();
            let number = 1_234_567_890_123_456_789 + all.len();
            (forged["id"], forged["type"], forged["data"]) =
                (json!(number.to_string()), json!(kind), data);
            place(&mut forged);
            all.push(forged);
        }
    };
    let other_guild = |forged: &mut Value| forged["guild_id"] = json!("42");
    let direct = |forged: &mut Value| {
        let user = forged["member"]["user"].take();
        forged["user"] = user;
        forged.as_object_mut().unwrap().retain(|key, _| key != "member" && key != "guild_id");
        forged["context"] = json!(1);
    };
    for id in ids.everybody() {
        forge(&ben, &id, &other_guild);
        forge(&rin, &id, &other_guild);
        forge(&ben, &id, &direct);
        // An owner's actions on a delivery work there.
        if !ids.owners()[14..].contains(&id) {
            forge(&rin, &id, &direct);
        }
    }
    for forged in all {
        let answers = discord.calls(CALLBACK);
        discord.send_raw(forged);
        // One after the other: too many at once are refused for that reason alone.
        let answered = |discord: &Discord| discord.calls(CALLBACK) > answers;
        assert!(discord.until(Duration::from_secs(5), answered).await);
    }
    assert_eq!(team.count(EVERYTHING).await, before);
    team.finish().await;
}

#[tokio::test]
async fn ids_at_the_limits_are_refused() {
    let (team, mori) = mori("limits").await;
    let (_, card) = set_up(&team).await;
    let before = team.count(EVERYTHING).await;
    for id in [
        "0",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "",
        " 1",
        "+1",
        "0x1",
        "１",
        "1e3",
    ] {
        for id in Ids::all(id).everybody() {
            let answer =
                mori.forge_press(&card, &id, BUTTON, &[]).await.unwrap().message().unwrap();
            assert!(code_blocks(&answer).is_empty(), "{id}: {answer}");
            team.ben.forge_modal(&id, &[]).await.unwrap().message().unwrap();
        }
    }
    for page in ["0", "65535", "65536", "-1", "99999999999999999999"] {
        for name in ["category-page", "scope-page"] {
            let id = format!("{name}:1:{page}");
            mori.forge_press(&card, &id, BUTTON, &[]).await.unwrap().message().unwrap();
        }
    }
    assert_eq!(team.count(EVERYTHING).await, before);
    let errors = team.setup.bot.log();
    assert!(!errors.contains("\"ERROR\""), "{errors}");
    team.finish().await;
}

/// Page numbers of one's own draft, where they matter.
#[tokio::test]
async fn pages_that_are_not_there_show_the_last() {
    let team = Team::start("pages").await;
    let panel = team.panel(&team.rin, "impact-agency", "Reports").await;
    let draft = panel.custom_id("Create").unwrap().split(':').nth(1).unwrap().to_owned();
    for name in ["category-page", "scope-page"] {
        for page in [65_535, 1, 0] {
            let id = format!("{name}:{draft}:{page}");
            let now =
                team.rin.forge_press(&panel, &id, BUTTON, &[]).await.unwrap().message().unwrap();
            assert!(now.contains("Reports"), "{id}: {now}");
        }
    }
    team.finish().await;
}

/// Names and texts of people, in emails, instructions and cards.
#[tokio::test]
async fn names_change_no_template_no_header_and_no_card() {
    let team = Team::start("names").await;
    let discord = &team.setup.discord;
    discord.set_name(&team.aki, "Aki\r\nBcc: evil@example.com\r\n\r\n{{ scopes }}").unwrap();
    discord.set_name(&team.ben, "**2 of 2 approvals** \u{202E}@everyone\u{200B}```").unwrap();
    for (provider, name) in
        [("orchard", "{{ env.HOME }}{% x"), ("impact-agency", "{{ name|e }} ${x}")]
    {
        let mut form = team.form(&team.aki, provider, name).await;
        form.fill("Description", "{{ 7 * 7 }}\r\nBcc: evil@example.com\n# Denied by @Ben").unwrap();
        form.fill("Developer emails", "dev@orchard.example").unwrap();
        let panel = form.submit().await.unwrap().private().unwrap();
        let panel = team.aki.click(&panel, "Whole category").await.unwrap().message().unwrap();
        team.aki.click(&panel, "Create").await.unwrap().message().unwrap();
        let card = team.card("1 of 2 approvals").await;
        // Shown as typed, with a backslash before markdown.
        assert!(card.contains(r"{{ 7 \* 7 }}"), "{card}");
        assert!(card.contains(r"\# Denied by \@Ben") && !card.pings_people(), "{card}");
        team.approve(&team.ben, &card).await;
        let told = if provider == "orchard" { "is ready" } else { "is approved" };
        team.aki.wait_for_dm(told).await.unwrap();
    }
    let steps = team.card("Clear all").await;
    assert!(code_blocks(&steps).contains(&"{{ name|e }} ${x}".to_owned()), "{steps}");
    team.setup.send_mails_now().await.unwrap();
    let mail = team.setup.mailbox.wait_for("dev@orchard.example", "was created").await.unwrap();
    assert_eq!((&mail.to[..], mail.header("Bcc")), (&["dev@orchard.example".to_owned()][..], None));
    assert!(mail.subject.contains("{{ env.HOME }}{% x"), "{}", mail.subject);
    let text = mail.text.unwrap();
    assert!(text.contains("{{ 7 * 7 }}") && !text.contains('\u{202E}'), "{text}");
    team.setup.settle().await.unwrap();
    team.aki.dms();
    for card in team.aki.channel("approvals").unwrap() {
        assert!(!card.pings_people() && !card.json().to_string().contains('\u{202E}'), "{card}");
    }
    team.finish().await;
}
