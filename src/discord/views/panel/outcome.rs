//! What comes into the panel's place, and the warning that may follow.

use crate::config::Provider;
use crate::discord::message::Message;
use crate::discord::sanitize;
use crate::domain::draft::Draft;
use crate::locale::{Language, text};
use crate::workflow::request::submit::Submitted;

use super::super::card::build_own_buttons;
use super::super::formatting::format_moment;

/// In the panel's place: the request was submitted, or its new content saved; its requester can
/// still edit or withdraw it.
#[must_use]
pub fn render_submitted(submitted: &Submitted, provider: &Provider, language: Language) -> Message {
    let request = &submitted.request;
    let number = request.number.to_string();
    let title = if submitted.edited {
        text!(language, "submitted-title-edited", number = number)
    } else {
        text!(language, "submitted-title-new", number = number)
    };
    let name = sanitize::inline(&request.content.settings.name);
    let provider = sanitize::inline(&provider.name);
    let mut lines = vec![
        text!(language, "submitted-what", name = name, provider = provider),
        describe_approvals(submitted, language),
    ];
    if submitted.own_never_counts {
        lines.push(text!(language, "submitted-own-never-counts"));
    }
    if submitted.edited {
        lines.push(text!(language, "submitted-void"));
    }
    let secret = match request.content.kind {
        kind if kind.makes_a_token() => "first",
        kind if kind.renews_the_secret() => "new",
        _ => "none",
    };
    lines.push(text!(language, "submitted-next", secret = secret));
    let when = format_moment(request.expires_at, language);
    lines.push(text!(language, "submitted-until", when = when));
    Message::titled(title).lines(lines).rows(build_own_buttons(request, language)).ephemeral()
}

/// A request that was just submitted or edited has no approvals but its requester's.
fn describe_approvals(submitted: &Submitted, language: Language) -> String {
    let have = u8::from(submitted.first_approval);
    let need = submitted.request.approvals_required;
    let missing = need.saturating_sub(have);
    if submitted.first_approval {
        text!(language, "submitted-approvals-own", have = have, need = need, missing = missing)
    } else {
        text!(language, "submitted-approvals", have = have, need = need, missing = missing)
    }
}

/// In the panel's place: the draft is gone.
#[must_use]
pub fn render_cancelled(draft: &Draft, language: Language) -> Message {
    let said = match (draft.request, draft.token) {
        (Some(_), _) => text!(language, "cancelled-edit"),
        (None, Some(_)) => text!(language, "cancelled-change"),
        (None, None) => text!(language, "cancelled"),
    };
    Message::text(said).ephemeral()
}

/// After *Create*: fewer people can approve it than it takes. Both count everybody, the
/// requester included where their own approval counts.
#[must_use]
pub fn render_too_few_admins(have: u64, need: u8, language: Language) -> Message {
    Message::text(text!(language, "too-few-admins", have = have, need = need)).ephemeral()
}
