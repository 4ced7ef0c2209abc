//! The panel at its longest, and over several pages.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::Value;

use super::super::super::testing::{
    BRAND, ORCHARD, check, count_rows, draft, noon, print_message, provider, unframe, user,
};
use super::{LIFETIMES, shown, unchanged};
use crate::config::Provider;
use crate::discord::custom_id::CustomId;
use crate::discord::message::{Message, truncate};
use crate::discord::sanitize;
use crate::discord::views::panel::{find_shown_category, list_shown_scopes};
use crate::domain::draft::Draft;
use crate::domain::draft::PanelPosition;
use crate::domain::email::EMAIL_LIMIT;
use crate::domain::form::{ContactFacts, Form};
use crate::locale::Language;
use crate::workflow::request::check_name::NameAnswer;
use crate::workflow::request::draft::NeedsReview;

/// A catalogue with as many categories, of as many scopes each.
fn catalogue(categories: usize, scopes: usize) -> String {
    let mut text = String::from("[[versions]]\nversion = 1\n");
    for category in 0..categories {
        let name = "C".repeat(75);
        text += &format!(
            "[[versions.categories]]\nid = \"{category:c>40}\"\nname = \"{name} {category}\"\n"
        );
        for scope in 0..scopes {
            text += &format!(
                "[[versions.categories.scopes]]\nid = \"{scope:s>59}\"\nmethod = \"OPTIONS\"\n\
                 path = \"/{category}/{scope}/{}\"\nsensitive = true\n",
                "p".repeat(180)
            );
        }
    }
    text
}

/// Everything as long as it can be, all scopes chosen.
fn longest(provider: &Provider, name: &str, filler: &str) -> Draft {
    let mut draft = draft(provider);
    let label = |length: usize| "_".repeat(length);
    let address = |at: u8| {
        let domain = ["d".repeat(63), "e".repeat(63), "f".repeat(61)].join(".");
        format!("{at}{}@{domain}", label(63))
    };
    draft.form.name = name.repeat(64);
    draft.form.description = filler.repeat(1000);
    assert_eq!(address(0).len(), EMAIL_LIMIT);
    draft.form.developer_emails = (0..10).map(address).collect::<Vec<_>>().join("\n");
    draft.scopes = provider.catalogue.newest().scopes().map(|scope| scope.id.clone()).collect();
    draft
}

#[test]
fn the_longest_keeps_what_matters() {
    let provider = provider(&"*".repeat(80), BRAND);
    for language in Language::ALL {
        for (name, filler) in [("🚀", "*"), ("*", "🚀"), ("\\", "\n*")] {
            let mut changed = unchanged(longest(&provider, name, filler));
            changed.dropped = changed.draft.scopes.clone();
            changed.name = NameAnswer::Unsaid { until: noon() };
            changed.needs_review = Some(NeedsReview::PanelOutdated);
            for category_page in [0, 1, u16::MAX] {
                changed.draft.place.category_page = category_page;
                let message = shown(&changed, &provider, true, language);
                check(&message);
                assert_eq!(count_rows(&message), 5);
                let prose = message.prose();
                assert!(prose.contains(&sanitize::inline(&changed.draft.form.name)), "{prose}");
                assert!(prose.contains("117"), "{prose}");
            }
        }
    }
}

#[test]
fn all_scopes_are_counted_by_category_where_they_do_not_fit() {
    let provider = provider("impact.com (brand)", BRAND);
    let mut changed = unchanged(longest(&provider, "*", "*"));
    changed.draft.form.description = "Short.".into();
    changed.draft.place.category_page = 1;
    changed.draft.place.category = Some(provider.catalogue.newest().categories[26].id.clone());
    assert_snapshot!(print_message(&shown(&changed, &provider, true, Language::EnglishUs)), @r"
    (only you can see this)
    ┌
    ### Request an API token · impact.com \(brand\)
    You started this request earlier. It is as you left it.
    Choose what the token may do, then press **Create**.
    --
    **Token name:** \*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*
    **Description:** Short.
    **API version:** 14
    **Primary contact:** <@1002>
    **Developer emails:** 0\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\@ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, … and 9 more
    **Expires:** 90 days after it is collected
    **Scopes (117):**
    **Account Information**: 4 of 4
    **Action Inquiries**: 3 of 3
    **Actions**: 8 of 8
    **Ads**: 4 of 4
    **Call Data**: 2 of 2
    **Product Catalogs**: 10 of 10
    **Clicks**: 2 of 2
    **Contacts**: 5 of 5
    **Contracts**: 4 of 4
    **Conversions**: 1 of 1
    **Deals**: 5 of 5
    **Deferred Deep Linking**: 1 of 1
    **Exception Lists**: 10 of 10
    **Invoices**: 3 of 3
    **Jobs**: 4 of 4
    **Notes**: 5 of 5
    **Page Load**: 1 of 1
    **Groups**: 5 of 5
    **Partners**: 4 of 4
    **Phone Numbers**: 2 of 2
    **Programs**: 4 of 4
    **Promo Code Exception Lists**: 8 of 8
    **Promo Codes**: 4 of 4
    **Reports & Exports**: 4 of 4
    **Routing Rules**: 2 of 2
    **Submissions**: 5 of 5
    **Tasks**: 2 of 2
    **Tracking Links**: 1 of 1
    **Tracking Value Requests**: 4 of 4
    -# This draft is kept until <t:1751457600:f> (<t:1751457600:R>).
    [API category 1..1 <category:7>
      [ ] Submissions (5 of 5 chosen) <submissions>
      [x] Tasks (2 of 2 chosen) <tasks>
      [ ] Tracking Links (1 of 1 chosen) <trackinglinks>
      [ ] Tracking Value Requests (4 of 4 chosen) <trackingvaluerequests>]
    [Scopes 0..2 <scopes:7:tasks:0>
      [x] GET /Advertisers/{AccountSID}/Programs/{ProgramId}/Tasks (listTasks) <tasks:listTasks>
      [x] GET /Advertisers/{AccountSID}/Programs/{ProgramId}/Tasks/{TaskId} (getTaskById) <tasks:getTaskById>]
    [Expires 1..1 <expires:7>
      [ ] Expires after 30 days () <30>
      [x] Expires after 90 days () <90>
      [ ] Expires after 180 days () <180>
      [ ] Expires after 365 days () <365>]
    [Previous categories <category-page:7:0>] [off Whole category <whole-category:7:tasks>]
    [Clear all <clear-all:7>] [Edit details <edit-details:7>] [Start over <start-over:7>] [Cancel <cancel:7>] [success Create <create:7:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73>]
    ");
}

#[test]
fn the_longest_catalogue_fits() {
    let provider = provider("Long", &catalogue(60, 60));
    for language in Language::ALL {
        let mut changed = unchanged(longest(&provider, "🚀", "*"));
        (changed.draft.place.category_page, changed.draft.place.scope_page) = (1, 1);
        let message = shown(&changed, &provider, true, language);
        check(&message);
        assert_eq!(buttons_of(&message, 3), 5, "both pages both ways, and the whole category");
        changed.dropped = changed.draft.scopes.clone();
        changed.draft.form.developer_emails = "x ".repeat(1300);
        let contact = ContactFacts { is_bot: false, is_member: false };
        let form = &changed.draft.form;
        changed.draft.problems = form.check(&provider.catalogue, contact).unwrap_err();
        check(&shown(&changed, &provider, true, language));
    }
}

fn row(message: &Message, at: usize) -> Vec<Value> {
    let body = check(message);
    let rows = unframe(&body, &mut String::new()).iter().filter(|part| part["type"] == 1);
    rows.map(|row| row["components"].as_array().unwrap().clone()).nth(at).unwrap()
}

fn buttons_of(message: &Message, at: usize) -> usize {
    row(message, at).len()
}

/// The values of the select in a row.
fn values(message: &Message, at: usize) -> Vec<String> {
    let select = row(message, at).remove(0);
    let options = select["options"].as_array().unwrap().iter();
    options.map(|option| option["value"].as_str().unwrap().to_owned()).collect()
}

/// The page that a button leads to, of those that `read` knows, if it is beyond the one at hand.
fn next(message: &Message, here: u16, read: impl Fn(CustomId) -> Option<u16>) -> Option<u16> {
    let row = row(message, 3);
    let ids = row.iter().map(|button| button["custom_id"].as_str().unwrap().parse().unwrap());
    ids.filter_map(read).find(|page| *page > here)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn paging_shows_each_scope_once(count in 1usize..80) {
        let provider = provider("Paged", &catalogue(1, count));
        let mut changed = unchanged(draft(&provider));
        let category = find_shown_category(&changed.draft, &provider).unwrap().clone();
        let mut seen = Vec::new();
        loop {
            let here = changed.draft.place.scope_page;
            let message = shown(&changed, &provider, false, Language::EnglishUs);
            let page = values(&message, 1);
            let listed = list_shown_scopes(&changed.draft, &provider, &category, here);
            prop_assert_eq!(&page, &listed.iter().map(ToString::to_string).collect::<Vec<_>>());
            seen.extend(page);
            let turned = next(&message, here, |id| match id {
                CustomId::ScopePage(_, page) => Some(page),
                _ => None,
            });
            let Some(turned) = turned else { break };
            changed.draft.place.scope_page = turned;
        }
        let all: Vec<String> =
            provider.catalogue.newest().scopes().map(|scope| scope.id.to_string()).collect();
        prop_assert_eq!(seen, all);
    }

    #[test]
    fn paging_shows_each_category_once(count in 1usize..80) {
        let provider = provider("Paged", &catalogue(count, 1));
        let mut changed = unchanged(draft(&provider));
        let mut seen = Vec::new();
        loop {
            let here = changed.draft.place.category_page;
            let message = shown(&changed, &provider, false, Language::Japanese);
            seen.extend(values(&message, 0));
            let turned = next(&message, here, |id| match id {
                CustomId::CategoryPage(_, page) => Some(page),
                _ => None,
            });
            let Some(turned) = turned else { break };
            changed.draft.place.category_page = turned;
        }
        prop_assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), count);
        prop_assert_eq!(seen.len(), count);
    }

    #[test]
    fn nothing_typed_goes_over_a_limit(
        name in "(?s).{0,80}", description in "(?s).{0,1200}", emails in "(?s)[ -~é🚀\u{5d0}]{0,2600}",
        chosen in prop::collection::vec(any::<bool>(), 18), pages in (0u16..3, 0u16..3),
        facts in (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let provider = provider(&truncate(&format!("O{name}"), 80), ORCHARD);
        let mut draft = draft(&provider);
        draft.form = Form { name, description, developer_emails: emails, ..draft.form };
        let contact = ContactFacts { is_bot: facts.0, is_member: facts.1 };
        draft.problems = draft.form.check(&provider.catalogue, contact).err().unwrap_or_default();
        let all = provider.catalogue.versions().iter().flat_map(|version| version.scopes());
        let scopes: BTreeSet<_> = all.zip(chosen).filter(|(_, yes)| *yes).map(|(one, _)| &one.id).collect();
        draft.scopes = scopes.into_iter().cloned().collect();
        draft.place = PanelPosition { category: None, category_page: pages.0, scope_page: pages.1 };
        let mut changed = unchanged(draft);
        if facts.2 {
            changed.name = NameAnswer::Unsaid { until: noon() };
        }
        for language in Language::ALL {
            check(&shown(&changed, &provider, facts.3, language));
            changed.draft.problems = Vec::new();
            check(&shown(&changed, &provider, facts.3, language));
        }
    }
}

#[test]
fn what_is_typed_stays_within_its_field() {
    let provider = provider("Orchard", ORCHARD);
    let mut changed = unchanged(draft(&provider));
    changed.draft.form.name = "@everyone <@1> **x**".into();
    changed.draft.form.description = "# Approved\n> by all [here](https://example.com)".into();
    let message = shown(&changed, &provider, false, Language::EnglishUs);
    let prose = message.prose();
    let typed: Vec<&str> =
        prose.lines().skip_while(|line| !line.contains("name")).take(3).collect();
    assert_snapshot!(typed.join("\n"), @r"
    **Token name:** \@everyone \<\@1\> \*\*x\*\*
    **Description:** \# Approved
    \> by all \[here\]\(https\:\/\/example.com\)
    ");
}

#[test]
fn a_lifetime_outside_of_the_policy_is_shown_and_not_offered() {
    let provider = provider("Orchard", ORCHARD);
    let mut changed = unchanged(draft(&provider));
    changed.draft.lifetime_days = 400;
    changed.draft.expires_at = noon();
    changed.draft.form.contact = user(5);
    let message = shown(&changed, &provider, false, Language::EnglishUs);
    assert_eq!(values(&message, 2), LIFETIMES.map(|days| days.to_string()));
    assert!(print_message(&message).contains("400 days"));
    changed.lifetimes = Vec::new();
    assert_eq!(count_rows(&shown(&changed, &provider, false, Language::EnglishUs)), 4);
}
