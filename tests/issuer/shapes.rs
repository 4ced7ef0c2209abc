//! APIs of every shape: each is made, seen, renewed and ended, and its configuration is not doubted.

use testkit::mock_upstream::{Call, EndsAs, Pages, Upstream};
use testkit::team::press_button;

use super::{Fixture, PATIENCE};

pub type Issuer = fn(&mut toml::Table);

pub fn set(issuer: &mut toml::Table, call: &str, key: &str, value: impl Into<toml::Value>) {
    issuer[call].as_table_mut().unwrap().insert(key.to_owned(), value.into());
}

pub fn answers(issuer: &mut toml::Table, call: &str, key: &str, value: impl Into<toml::Value>) {
    issuer[call]["response"].as_table_mut().unwrap().insert(key.to_owned(), value.into());
}

/// `get` beside `find`, by the id in the URL.
pub fn configure_look_up(issuer: &mut toml::Table) {
    let mut get = issuer["find"].as_table().unwrap().clone();
    get.remove("items");
    let url = format!("{}/{{{{ upstream_id }}}}", get["url"].as_str().unwrap());
    get.insert("url".to_owned(), url.into());
    get["response"].as_table_mut().unwrap().remove("id");
    issuer.insert("get".to_owned(), get.into());
}

/// The same, where no id is given twice.
pub fn configure_unique_look_up(issuer: &mut toml::Table) {
    configure_look_up(issuer);
    issuer.insert("ids_are_unique".to_owned(), true.into());
}

/// No call that ends a token.
pub fn configure_no_end(issuer: &mut toml::Table) {
    for call in ["revoke", "disable", "enable"] {
        issuer.remove(call);
    }
    issuer.insert("allow_unrevocable".to_owned(), true.into());
}

fn as_it_is(_: &mut toml::Table) {}

/// Creates a token there, and ends it; the admins are told nothing about the configuration.
pub async fn play_whole_life(label: &str, issuer: Issuer, behaves: fn(&Upstream)) {
    let fixture = Fixture::with(label, issuer).await;
    behaves(&fixture.upstream);
    let others = fixture.upstream.tokens().len();
    let secret = fixture.create_token("Reports").await;
    assert!(fixture.upstream.open_panel(&secret), "{label}");
    fixture.is_deleted("Reports").await;
    assert!(!fixture.upstream.open_panel(&secret), "{label}");
    assert_eq!(fixture.upstream.tokens().len(), others, "{label}");
    let doubts = "select count(*) from countersign.events where kind = 'upstream_doubted'";
    assert_eq!(fixture.team.count(doubts).await, 0, "{label}");
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_list_is_read_to_its_last_page() {
    let next: Issuer = |issuer| set(issuer, "find", "pages", toml::toml! { next = "/next" });
    play_whole_life("next", next, |upstream| is_paged(upstream, Pages::Next)).await;
    let link: Issuer = |issuer| set(issuer, "find", "pages", toml::toml! { link = true });
    play_whole_life("link", link, |upstream| is_paged(upstream, Pages::Link)).await;
    let spaced: Issuer = |issuer| set(issuer, "find", "pages", toml::toml! { link = true });
    play_whole_life("spaced link", spaced, |upstream| is_paged(upstream, Pages::SpacedLink)).await;
    let number: Issuer = |issuer| set(issuer, "find", "pages", toml::toml! { number = "page" });
    play_whole_life("number", number, |upstream| is_paged(upstream, Pages::Number)).await;
    let cursor: Issuer = |issuer| {
        let pages = toml::toml! { cursor = "/cursor" query = "cursor" };
        set(issuer, "find", "pages", pages);
    };
    play_whole_life("cursor", cursor, |upstream| is_paged(upstream, Pages::Cursor)).await;
}

fn is_paged(upstream: &Upstream, pages: Pages) {
    upstream.change_manner(|manner| manner.pages = pages);
    upstream.is_crowded(5);
}

#[tokio::test]
async fn list_items_may_have_other_forms() {
    let contained: Issuer = |issuer| {
        let find = issuer["find"].as_table_mut().unwrap();
        let at = find.remove("match").unwrap();
        find.insert("contains".to_owned(), at);
    };
    let prefixed =
        |upstream: &Upstream| upstream.change_manner(|manner| manner.prefix = "robot$".to_owned());
    play_whole_life("contains", contained, prefixed).await;
    let objects: Issuer = |issuer| {
        set(issuer, "find", "by_key", true);
        set(issuer, "find", "match", "/value/comment");
        set(issuer, "find", "alive", toml::toml! { at = "/value/state" is = "works" });
        answers(issuer, "find", "id", "/value/id");
    };
    let by_id = |upstream: &Upstream| upstream.change_manner(|manner| manner.lists_objects = true);
    play_whole_life("objects", objects, by_id).await;
    let revoked =
        |upstream: &Upstream| upstream.change_manner(|manner| manner.lists_revoked = true);
    play_whole_life("listed though revoked", as_it_is, revoked).await;
}

#[tokio::test]
async fn a_token_is_looked_up_by_its_id() {
    play_whole_life("get", configure_look_up, |_| {}).await;
}

/// The end in an answer is read in each of its forms, and never invalidates a good answer.
#[tokio::test]
async fn an_unreadable_end_does_not_invalidate_a_token() {
    let forms = [
        (EndsAs::Unix, true),
        (EndsAs::UnixMilliseconds, true),
        (EndsAs::Rfc3339, true),
        (EndsAs::OffsetWithoutColon, true),
        // By the end of that day anywhere, which is later than was requested.
        (EndsAs::Date, false),
        (EndsAs::MinusOne, false),
        (EndsAs::Words, false),
        // Nothing shows that these are seconds from now.
        (EndsAs::Seconds, false),
    ];
    let fixture = Fixture::start("ends").await;
    for (index, (form, ends_itself)) in forms.into_iter().enumerate() {
        fixture.upstream.change_manner(|manner| manner.ends_as = form);
        let name = format!("Reports {index}");
        let secret = fixture.create_token(&name).await;
        assert!(fixture.upstream.open_panel(&secret), "{form:?}");
        let query = format!(
            "select count(*) from countersign.attempts join countersign.tokens using (request_id)
             where name = '{name}' and state = 'active' and ends_itself = {ends_itself}
                 and expires_at > now() + interval '89 days'",
        )
        .replace("and state", "and tokens.state");
        assert_eq!(fixture.team.count(&query).await, 1, "{form:?}");
        if form == EndsAs::Words {
            fixture.team.last_card("its expiry can’t be read").await;
        }
    }
    assert_eq!(fixture.upstream.tokens().len(), forms.len());
    fixture.team.finish().await;
}

#[tokio::test]
async fn relative_seconds_need_their_form() {
    let relative: Issuer = |issuer| {
        answers(issuer, "create", "expires_at", toml::toml! { at = "/ends" form = "seconds" });
    };
    let fixture = Fixture::with("seconds", relative).await;
    fixture.upstream.change_manner(|manner| manner.ends_as = EndsAs::Seconds);
    fixture.create_token("Reports").await;
    let ends_itself = "select count(*) from countersign.attempts where ends_itself";
    assert_eq!(fixture.team.count(ends_itself).await, 1);
    fixture.team.finish().await;
}

/// A new secret comes with a new id: the token is known by that from then on.
#[tokio::test]
async fn a_reset_may_give_another_id() {
    let fixture = Fixture::with("new id", |issuer| answers(issuer, "reset", "id", "/id")).await;
    fixture.upstream.change_manner(|manner| manner.reset_gives_new_id = true);
    let old = fixture.create_token("Reports").await;
    let before = fixture.upstream.newest().id;
    let panel = press_button(&fixture.team.rin, "Reports", "Reset").await;
    fixture.submit(&panel).await;
    let ready = fixture.ready().await;
    let secret = fixture.collect_secret(&ready).await;
    let after = fixture.upstream.newest().id;
    assert_ne!(before, after);
    assert!(!fixture.upstream.open_panel(&old) && fixture.upstream.open_panel(&secret));
    let panel = testkit::team::show_token(&fixture.team.rin, "Reports").await;
    assert!(panel.contains(&after.to_string()), "{panel}");
    fixture.is_deleted("Reports").await;
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;
}

/// If an API's id is its secret, only its owner sees it.
#[tokio::test]
async fn an_id_that_is_a_secret_is_shown_nowhere() {
    let fixture = Fixture::with("id is secret", |issuer| {
        issuer.insert("id_is_secret".to_owned(), true.into());
    })
    .await;
    fixture.upstream.change_manner(|manner| manner.id_is_secret = true);
    fixture.approved("Reports").await;
    let ready = fixture.ready().await;
    let [sid, secret] = fixture.team.collect_secret(&fixture.team.rin, &ready).await;
    assert!(sid.starts_with("countersign-"), "{sid}");
    fixture.one_lives(&secret).await;
    let card = fixture.team.last_card("Issued").await;
    assert!(!card.contains(&secret), "{card}");
    fixture.is_disabled("Reports").await;
    fixture.is_deleted("Reports").await;
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.check_no_secret(&secret).await;
    fixture.team.finish().await;
}

/// Nor if the configuration does not mark it.
#[tokio::test]
async fn an_id_that_is_a_secret_unawares_is_not_published() {
    let fixture = Fixture::start("id is secret unawares").await;
    fixture.upstream.change_manner(|manner| manner.id_is_secret = true);
    fixture.approved("Reports").await;
    let card = fixture.team.aki.patient(PATIENCE);
    let card =
        card.wait_for_message("approvals", "the id in the answer is the secret").await.unwrap();
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.upstream.tokens(), []);
    assert!(
        fixture.upstream.count(Call::Create) > 0 && !card.contains("upstream-secret"),
        "{card}"
    );
    fixture.team.finish().await;
}
