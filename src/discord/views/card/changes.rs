//! What an edit, or the configuration, changed in a request's content: before → after.

use std::collections::BTreeSet;

use crate::discord::message::truncate;
use crate::discord::sanitize;
use crate::domain::content::Content;
use crate::domain::email::EmailAddress;
use crate::domain::issuer::IssuerCall;
use crate::domain::issuer::IssuerKind;
use crate::domain::scope::ResolvedScope;
use crate::locale::{Language, text};

use super::super::formatting::format_mention;
use super::super::scopes::render_scope;
use super::change;
use super::scope_list::{self, Fitted};

/// What the list takes at most.
pub(super) const ROOM: usize = 800;
/// What is shown of one text, before and after.
const TEXT: usize = 120;
/// Scopes and addresses that are named; more are counted.
const NAMED: usize = 6;

/// A line for each thing that changed, in the order of the card.
pub fn list_changes(before: &Content, now: &Content, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    let token = |content: &Content| {
        content.target.as_ref().map(|target| (target.revision, target.was.clone()))
    };
    if token(before) != token(now) {
        lines.push(text!(language, "card-change-token"));
    }
    let mut changed = |field: String, old: String, new: String| {
        if old != new {
            lines.push(text!(language, "card-change", field = field, before = old, after = new));
        }
    };
    let short = |typed: &str| truncate(&sanitize::inline(typed), TEXT);
    changed(text!(language, "form-name"), short(&before.settings.name), short(&now.settings.name));
    changed(
        text!(language, "card-field-description"),
        short(&before.settings.description),
        short(&now.settings.description),
    );
    let version = |content: &Content| content.settings.api_version.get().to_string();
    changed(text!(language, "form-version"), version(before), version(now));
    changed(
        text!(language, "card-field-contact"),
        format_mention(before.settings.contact),
        format_mention(now.settings.contact),
    );
    let ends = |content: &Content| match &content.target {
        // Not what it was before: the end stands on the left already.
        Some(target) if target.lives_anew => {
            text!(language, "panel-expires-anew", days = content.lifetime_days)
        }
        _ => change::format_expiry(content, language),
    };
    changed(change::name_expiry(now, language), ends(before), ends(now));
    let old = |content: &Content| change::describe_renewal(content, language).unwrap_or_default();
    changed(text!(language, "panel-overlap"), old(before), old(now));
    changed(
        text!(language, "card-field-issuer"),
        describe_issuer(before, language),
        describe_issuer(now, language),
    );

    lines.extend(list_call_changes(&before.calls, &now.calls, language));
    let address = |address: &EmailAddress| sanitize::inline(&address.to_string());
    lines.extend(join_named(
        &before.settings.developer_emails,
        &now.settings.developer_emails,
        language,
        address,
    ));
    lines.extend(list_scope_changes(&before.scopes, &now.scopes, language));
    let Fitted { pieces, .. } = scope_list::fit_within(&lines, ROOM, |more| {
        text!(language, "card-approvals-more", count = more)
    });
    pieces
}

/// What makes the token.
fn describe_issuer(content: &Content, language: Language) -> String {
    match content.issuer {
        IssuerKind::Builtin => text!(language, "card-value-builtin"),
        IssuerKind::Manual => text!(language, "card-value-manual"),
        IssuerKind::Http => text!(language, "card-value-http"),
    }
}

/// Calls of its issuer that have changed. Where only the path differs, both read alike: its words
/// may hold a credential, and are not kept.
fn list_call_changes(before: &[IssuerCall], now: &[IssuerCall], language: Language) -> Vec<String> {
    let show = |call: Option<&IssuerCall>| match call {
        Some(call) => sanitize::code(&format!("{} {}", call.method, call.origin)),
        None => "—".to_owned(),
    };
    let named = |among: &'_ [IssuerCall], name: &str| {
        among.iter().find(|call| call.operation == name).cloned()
    };
    let names: BTreeSet<&str> =
        before.iter().chain(now).map(|call| call.operation.as_str()).collect();
    let moved = names.into_iter().filter_map(|name| {
        let (old, new) = (named(before, name), named(now, name));
        (old != new).then(|| {
            let (old, new) = (show(old.as_ref()), show(new.as_ref()));
            text!(language, "card-change-call", call = name, before = old, after = new)
        })
    });
    moved.collect()
}

/// Scopes that came and went, and those that the catalogue has changed.
fn list_scope_changes(
    before: &[ResolvedScope],
    now: &[ResolvedScope],
    language: Language,
) -> Vec<String> {
    let missing = |from: &[ResolvedScope], among: &[ResolvedScope]| -> Vec<ResolvedScope> {
        let is_missing = |scope: &&ResolvedScope| among.iter().all(|other| other.id != scope.id);
        from.iter().filter(is_missing).cloned().collect()
    };
    let show = |scope: &ResolvedScope| {
        format!("{}{}", scope_list::choose_mark(scope), scope_list::format_method_and_path(scope))
    };
    let mut lines = join_named(&missing(before, now), &missing(now, before), language, show);
    let pairs = now.iter().filter_map(|scope| {
        let old = before.iter().find(|old| old.id == scope.id)?;
        (old != scope).then(|| {
            let (old, new) = (render_scope(old, language), render_scope(scope, language));
            text!(language, "card-change-scope", before = old, after = new)
        })
    });
    lines.extend(pairs);
    lines
}

/// What came to a list, and what went from it.
fn join_named<T: PartialEq>(
    before: &[T],
    now: &[T],
    language: Language,
    show: impl Fn(&T) -> String,
) -> Vec<String> {
    let missing = |from: &[T], among: &[T]| -> Vec<String> {
        from.iter().filter(|item| !among.contains(item)).map(&show).collect()
    };
    let named = |items: Vec<String>| -> String {
        let more = items.len().saturating_sub(NAMED);
        let mut shown: Vec<String> = items.into_iter().take(NAMED).collect();
        if more > 0 {
            shown.push(text!(language, "card-approvals-more", count = more));
        }
        shown.join(&text!(language, "list-separator"))
    };
    let (added, removed) = (missing(now, before), missing(before, now));
    let mut lines = Vec::new();
    if !added.is_empty() {
        lines.push(text!(language, "card-change-added", items = named(added)));
    }
    if !removed.is_empty() {
        lines.push(text!(language, "card-change-removed", items = named(removed)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{provider, request_for, settings, user};
    use super::*;
    use crate::discord::message::units;

    #[test]
    fn everything_that_can_change() {
        let provider = provider("orchard");
        let old = ["old@example.com".to_owned(), "kept@example.com".to_owned()];
        let new = ["kept@example.com".to_owned(), "new@example.com".to_owned()];
        let before = request_for(provider, settings("Reports", "For *us*", &old), |at, _| at < 3);
        let now = request_for(provider, settings("Reports 2", "For all", &new), |at, _| at > 1);
        let mut now = Content { lifetime_days: 30, ..now.content };
        now.settings.contact = user(300);
        assert_snapshot!(list_changes(&before.content, &now, Language::EnglishUs).join("\n"), @r"
        **Token name:** Reports → Reports 2
        **Description:** For \*us\* → For all
        **Primary contact:** <@200> → <@300>
        **Lifetime:** 90 days → 30 days
        **Added:** new\@example.com
        **Removed:** old\@example.com
        **Added:** 🔴 `DELETE /Orchards/{AccountSID}/Trees/{TreeId}`, `GET /Orchards/{AccountSID}/Harvests`, `GET /Orchards/{AccountSID}/Harvests/{HarvestId}`, ✏️ `POST /Orchards/{AccountSID}/Harvests`, ✏️ `PATCH /Orchards/{AccountSID}/Harvests/{HarvestId}`, 🔴 `GET /Orchards/{AccountSID}/Pickers`, and 5 more
        **Removed:** `GET /Orchards/{AccountSID}/Trees`, `GET /Orchards/{AccountSID}/Trees/{TreeId}`
        ");
        assert_snapshot!(list_changes(&before.content, &now, Language::Japanese).join("\n"), @r"
        **トークン名：**Reports → Reports 2
        **説明：**For \*us\* → For all
        **主な連絡先：**<@200> → <@300>
        **有効期間：**90日 → 30日
        **追加：**new\@example.com
        **除外：**old\@example.com
        **追加：**🔴 `DELETE /Orchards/{AccountSID}/Trees/{TreeId}`、`GET /Orchards/{AccountSID}/Harvests`、`GET /Orchards/{AccountSID}/Harvests/{HarvestId}`、✏️ `POST /Orchards/{AccountSID}/Harvests`、✏️ `PATCH /Orchards/{AccountSID}/Harvests/{HarvestId}`、🔴 `GET /Orchards/{AccountSID}/Pickers`、ほか5件
        **除外：**`GET /Orchards/{AccountSID}/Trees`、`GET /Orchards/{AccountSID}/Trees/{TreeId}`
        ");
        assert!(list_changes(&now, &now, Language::EnglishUs).is_empty());
    }

    #[test]
    fn the_longest_fits_above_the_card() {
        let brand = provider("brand");
        let emails: Vec<String> =
            (0..10).map(|at| format!("{at}{}@example.com", "_".repeat(60))).collect();
        let long = "*".repeat(1_000);
        let before = request_for(brand, settings(&"_".repeat(64), &long, &emails), |_, _| true);
        let now = request_for(brand, settings("a", "b", &[]), |at, _| at == 0);
        for language in Language::ALL {
            for (one, other) in [(&before, &now), (&now, &before)] {
                let text = list_changes(&one.content, &other.content, language).join("\n");
                assert!(units(&text) <= ROOM, "{text}");
            }
        }
    }
}
