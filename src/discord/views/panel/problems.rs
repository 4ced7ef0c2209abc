//! What stands in the panel's place while the form has problems: each with its field and what to
//! do, and everything that was typed.

use crate::discord::custom_id::CustomId;
use crate::discord::message::{ButtonStyle, Message, button, buttons, truncate};
use crate::discord::sanitize;
use crate::domain::email::{BadAddress, InvalidEmail};
use crate::domain::form::{FieldProblem, Form};
use crate::locale::{Language, text};
use crate::workflow::request::check_name::NameAnswer;

use super::super::formatting::{format_mention, format_moment, join_within};
use super::{Panel, describe_lapse, details, rows};

/// What the list of bad addresses may take of the message's text.
const ADDRESSES_ROOM: usize = 400;
/// What is shown of one bad address: enough to know which it is.
const ADDRESS_ROOM: usize = 80;

/// The problems, everything typed, and *Correct*.
pub(super) fn render_problems(panel: &Panel<'_>, language: Language) -> Message {
    let draft = &panel.changed.draft;
    let provider = sanitize::inline(&panel.provider.name);
    let problems = list_problems(panel, language).into_iter();
    let version = panel.provider.catalogue.version(draft.form.api_version);
    let scopes = version
        .filter(|_| !draft.scopes.is_empty())
        .map(|version| details::list_scopes(draft, version, language));
    let message = Message::titled(text!(language, "panel-title-problems", provider = provider))
        .line(text!(language, "panel-lead-problems"))
        .lines(problems.map(|(field, problem)| format!("**{field}** · {problem}")))
        .separator()
        .lines(details::list_fields(panel, language))
        .lines(scopes.into_iter().flatten())
        .line(describe_lapse(draft, language));
    let correct = CustomId::Correct(draft.id).to_string();
    let label = text!(language, "panel-correct");
    let mut row = vec![button(correct, &label, ButtonStyle::Primary)];
    row.extend(rows::build_exit_buttons(panel, language));
    message.row(buttons(row)).ephemeral()
}

/// Every problem behind the label of its field.
fn list_problems(panel: &Panel<'_>, language: Language) -> Vec<(String, String)> {
    let draft = &panel.changed.draft;
    let mut problems = draft.problems.clone();
    let version = draft.form.api_version;
    let gone = FieldProblem::VersionUnknown { version };
    // The catalogue may have changed since the form was checked.
    if panel.provider.catalogue.version(version).is_none() && !problems.contains(&gone) {
        problems.push(gone);
    }
    let found = problems.iter().map(|problem| {
        (name_field(problem, language), explain_problem(problem, &draft.form, language))
    });
    let name = match panel.changed.name {
        NameAnswer::Free => None,
        NameAnswer::Taken => Some(text!(language, "problem-name-taken")),
        NameAnswer::Unsaid { until } => {
            let when = format_moment(until, language);
            Some(text!(language, "problem-name-unsaid", when = when))
        }
    };
    let name = name.map(|problem| (text!(language, "form-name"), problem));
    name.into_iter().chain(found).collect()
}

fn name_field(problem: &FieldProblem, language: Language) -> String {
    match problem {
        FieldProblem::NameMissing
        | FieldProblem::NameTooLong { .. }
        | FieldProblem::NameUnreadable => {
            text!(language, "form-name")
        }
        FieldProblem::DescriptionMissing | FieldProblem::DescriptionTooLong { .. } => {
            text!(language, "form-description")
        }
        FieldProblem::VersionUnknown { .. } => text!(language, "form-version"),
        FieldProblem::ContactIsBot | FieldProblem::ContactNotMember => {
            text!(language, "form-contact")
        }
        FieldProblem::BadAddresses { .. } | FieldProblem::TooManyAddresses { .. } => {
            text!(language, "form-emails")
        }
    }
}

fn explain_problem(problem: &FieldProblem, form: &Form, language: Language) -> String {
    match problem {
        FieldProblem::NameMissing => text!(language, "problem-name-missing"),
        FieldProblem::NameTooLong { length } => {
            text!(language, "problem-name-too-long", length = *length)
        }
        FieldProblem::NameUnreadable => {
            text!(language, "problem-name-unreadable", mark = "\u{FFFD}")
        }
        FieldProblem::DescriptionMissing => text!(language, "problem-description-missing"),
        FieldProblem::DescriptionTooLong { length } => {
            text!(language, "problem-description-too-long", length = *length)
        }
        FieldProblem::VersionUnknown { version } => {
            text!(language, "problem-version-unknown", version = version.to_string())
        }
        FieldProblem::ContactIsBot => {
            text!(language, "problem-contact-bot", contact = format_mention(form.contact))
        }
        FieldProblem::ContactNotMember => {
            text!(language, "problem-contact-not-member", contact = format_mention(form.contact))
        }
        FieldProblem::BadAddresses { addresses } => {
            let addresses: Vec<String> =
                addresses.iter().map(|address| explain_bad_address(address, language)).collect();
            let separator = text!(language, "list-separator");
            let addresses = join_within(&addresses, &separator, ADDRESSES_ROOM, language);
            text!(language, "problem-emails-bad", addresses = addresses)
        }
        FieldProblem::TooManyAddresses { count } => {
            text!(language, "problem-emails-too-many", count = *count)
        }
    }
}

/// An address as it was typed, and what is wrong with it where its look doesn't tell.
fn explain_bad_address(address: &BadAddress, language: Language) -> String {
    // Cut before it becomes code: a span that is cut is none.
    let typed = sanitize::code(&truncate(&address.text, ADDRESS_ROOM));
    match address.reason {
        InvalidEmail::TooLong => text!(language, "problem-email-too-long", address = typed),
        InvalidEmail::Malformed => typed,
    }
}
