//! What comes into the panel's place, and the warning that may follow.

use crate::config::Provider;
use crate::discord::custom_id::{CustomId, Place};
use crate::discord::message::{Message, buttons};
use crate::discord::sanitize;
use crate::domain::draft::Draft;
use crate::domain::policy::TooFewAdmins;
use crate::domain::request::Request;
use crate::locale::{Language, text};
use crate::workflow::request::submit::Submitted;

use super::super::card::build_own_buttons;
use super::super::formatting::{format_moment, grey_button};

/// In the panel's place: the request was submitted, or its new content saved; its requester can
/// still edit or withdraw it, and go back to where the panel was opened.
#[must_use]
pub fn render_submitted(
    submitted: &Submitted,
    provider: &Provider,
    back: Option<&CustomId>,
    language: Language,
) -> Message {
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
    let mut row = build_own_buttons(request, Place::Alone, language);
    row.extend(back.map(|back| grey_button(back, &text!(language, "token-button-back"))));
    let message = Message::titled(title).lines(lines).ephemeral();
    if row.is_empty() { message } else { message.row(buttons(row)) }
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

/// In the panel's place: the request that was to be edited stays as it is.
#[must_use]
pub fn render_edit_cancelled(request: &Request, draft: &Draft, language: Language) -> Message {
    let row = build_own_buttons(request, Place::Alone, language);
    let message = render_cancelled(draft, language);
    if row.is_empty() { message } else { message.row(buttons(row)) }
}

/// After *Create*: fewer people can approve it than it takes, or maybe so. All count everybody, the
/// requester included where their own approval counts.
#[must_use]
pub fn render_too_few_admins(found: TooFewAdmins, need: u8, language: Language) -> Message {
    let said = match found {
        TooFewAdmins::Certain { have } => {
            text!(language, "too-few-admins", have = have, need = need)
        }
        TooFewAdmins::Possible { least, most } => {
            text!(language, "too-few-admins-maybe", least = least, most = most, need = need)
        }
    };
    Message::text(said).ephemeral()
}
