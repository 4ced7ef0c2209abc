//! The forms behind the card's buttons, and what a press comes to, told to the one who pressed.

use crate::discord::custom_id::{CustomId, Place, Placed};
use crate::discord::interaction::Submission;
use crate::discord::message::{Input, Label, Message, Modal, TextStyle};
use crate::discord::sanitize;
use crate::domain::issuer::IssuerKind;
use crate::domain::request::{Request, RequestState};
use crate::locale::{Language, text};
use crate::workflow::request::confirm::CheckedRequest;
use crate::workflow::request::decide::{ApproveOutcome, REASON_LIMIT};
use crate::workflow::request::fulfil::{ACCOUNT_SID_LIMIT, AUTH_TOKEN_LIMIT};
use secrecy::SecretString;

use super::formatting::{format_mention, join_within};

const REASON: &str = "reason";
const ACCOUNT_SID: &str = "account-sid";
const SECRET: &str = "secret";

/// The room for the names of approvers, in characters.
const PEOPLE_ROOM: usize = 500;

/// *Deny*: why?
#[must_use]
pub fn render_deny_form(request: &Request, place: Place, language: Language) -> Modal {
    let number = request.number.to_string();
    Modal {
        custom_id: CustomId::DenyForm(Placed::new(request.id, place)).to_string(),
        title: text!(language, "deny-form-title", number = number),
        fields: vec![Label {
            label: text!(language, "deny-form-reason"),
            description: text!(language, "deny-form-hint"),
            input: build_required_input(REASON, TextStyle::Paragraph, REASON_LIMIT),
        }],
    }
}

/// The reason that was typed.
#[must_use]
pub fn parse_reason(submission: &Submission) -> Option<&str> {
    submission.text(REASON).map(str::trim)
}

/// *Fulfil*: *Account SID* and *Auth Token*.
#[must_use]
pub fn render_fulfil_form(request: &Request, place: Place, language: Language) -> Modal {
    let number = request.number.to_string();
    Modal {
        custom_id: CustomId::FulfilForm(Placed::new(request.id, place), request.digest).to_string(),
        title: text!(language, "fulfil-form-title", number = number),
        fields: vec![
            Label::new(
                text!(language, "fulfil-form-sid"),
                build_required_input(ACCOUNT_SID, TextStyle::Short, ACCOUNT_SID_LIMIT),
            ),
            Label {
                label: text!(language, "fulfil-form-secret"),
                description: text!(language, "fulfil-form-hint"),
                input: build_required_input(SECRET, TextStyle::Short, AUTH_TOKEN_LIMIT),
            },
        ],
    }
}

/// The *Account SID* and the *Auth Token* that were pasted.
#[must_use]
pub fn parse_credentials(submission: &Submission) -> Option<(&str, SecretString)> {
    let account_sid = submission.text(ACCOUNT_SID)?;
    Some((account_sid, SecretString::from(submission.text(SECRET)?)))
}

fn build_required_input(custom_id: &str, style: TextStyle, most: usize) -> Input {
    Input::Text {
        custom_id: custom_id.to_owned(),
        style,
        min_length: Some(1),
        max_length: u16::try_from(most).ok(),
        required: true,
        value: String::new(),
        placeholder: String::new(),
    }
}

/// After *Approve*: how far it is now.
#[must_use]
pub fn render_approved(approved: &ApproveOutcome, language: Language) -> Message {
    let number = approved.request.number.to_string();
    let (have, need) = (approved.tally.have, approved.tally.need);
    let said = if !approved.tally.is_enough() {
        let missing = need - have;
        text!(
            language,
            "answer-approved",
            number = number,
            have = have,
            need = need,
            missing = missing
        )
    } else if approved.request.content.issuer == IssuerKind::Manual {
        text!(language, "answer-approved-enough-manual", number = number, have = have, need = need)
    } else {
        text!(language, "answer-approved-enough", number = number, have = have, need = need)
    };
    Message::text(said).ephemeral()
}

/// What the answer to the last *Approve*, or to *Try again*, becomes once the approvals were checked.
#[must_use]
pub fn render_checked(checked: &CheckedRequest, language: Language) -> Message {
    let request = &checked.request;
    let number = request.number.to_string();
    let said = match request.state {
        RequestState::Pending if checked.struck.is_empty() => {
            text!(language, "answer-checked-changed", number = number)
        }
        RequestState::Pending => {
            let people: Vec<String> =
                checked.struck.iter().map(|person| format_mention(*person)).collect();
            let separator = text!(language, "list-separator");
            let people = join_within(&people, &separator, PEOPLE_ROOM, language);
            let missing = checked.tally.need.saturating_sub(checked.tally.have);
            let count = checked.struck.len();
            text!(
                language,
                "answer-checked-struck",
                number = number,
                people = people,
                count = count,
                missing = missing
            )
        }
        RequestState::Issuing if request.waits_for_a_person() => {
            text!(language, "answer-checked-manual", number = number)
        }
        RequestState::Approved | RequestState::Issuing => {
            text!(language, "answer-checked", number = number)
        }
        RequestState::Done => text!(language, "answer-checked-done", number = number),
        RequestState::Failed => text!(language, "answer-checked-failed", number = number),
        RequestState::Denied => text!(language, "answer-checked-denied", number = number),
        RequestState::Withdrawn => text!(language, "answer-checked-withdrawn", number = number),
        RequestState::Expired => text!(language, "answer-checked-expired", number = number),
    };
    Message::text(said).ephemeral()
}

/// After *Deny*.
#[must_use]
pub fn render_denied(request: &Request, language: Language) -> Message {
    let (number, requester) = (request.number.to_string(), format_mention(request.requester));
    let said = text!(language, "answer-denied", number = number, requester = requester);
    Message::text(said).ephemeral()
}

/// After *Withdraw*; `stray` is what a token is marked with that may have been made all the same.
#[must_use]
pub fn render_withdrawn(request: &Request, stray: Option<&str>, language: Language) -> Message {
    let number = request.number.to_string();
    let what = if request.content.kind.makes_a_token() { "token" } else { "change" };
    let said = match (stray.map(sanitize::code), request.reason.as_deref()) {
        (None, Some("maybe_changed")) => {
            text!(language, "answer-withdrawn-maybe-changed", number = number)
        }
        (None, Some("maybe_done")) => {
            text!(language, "answer-withdrawn-maybe-done", number = number)
        }
        (None, _) => text!(language, "answer-withdrawn", number = number, what = what),
        (Some(marker), _) => {
            text!(language, "answer-withdrawn-stray", number = number, marker = marker)
        }
    };
    Message::text(said).ephemeral()
}

/// After *Fulfil*: the requester is notified, and only they see the secret.
#[must_use]
pub fn render_fulfilled(request: &Request, language: Language) -> Message {
    let (number, requester) = (request.number.to_string(), format_mention(request.requester));
    let said = text!(language, "answer-fulfilled", number = number, requester = requester);
    Message::text(said).ephemeral()
}

/// After *Try again*: it is under way, or waits for approvals again.
#[must_use]
pub fn render_retried(request: &Request, language: Language) -> Message {
    let number = request.number.to_string();
    let said = if request.state == RequestState::Pending {
        text!(language, "answer-retried-pending", number = number)
    } else if request.is_narrowed_by_upstream() {
        text!(language, "answer-retried-upstream", number = number)
    } else {
        text!(language, "answer-retried", number = number)
    };
    Message::text(said).ephemeral()
}

/// After *Done* on the card of a token that a person had to switch off or delete.
#[must_use]
pub fn render_done(request: &Request, language: Language) -> Message {
    let number = request.number.to_string();
    Message::text(text!(language, "answer-done", number = number)).ephemeral()
}

#[cfg(test)]
mod tests;
