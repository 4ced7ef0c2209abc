//! The modal of steps 1 and 2: *Request an API token*, and *Edit details* with the same fields.

use crate::config::Provider;
use crate::discord::custom_id::CustomId;
use crate::discord::interaction::Submission;
use crate::discord::message::{Input, Label, Modal, ModalOption, TextStyle, limit, units};
use crate::discord::sanitize;
use crate::domain::catalogue::Version;
use crate::domain::draft::Draft;
use crate::domain::form::{
    ContactFacts, DESCRIPTION_LIMIT, DEVELOPER_EMAILS_TEXT_LIMIT, Form, NAME_LIMIT,
    holds_unreadable,
};
use crate::domain::ids::UserId;
use crate::domain::token::Token;
use crate::locale::{Language, text};

/// What the inputs are called in what is submitted.
const NAME: &str = "name";
const DESCRIPTION: &str = "description";
const API_VERSION: &str = "api_version";
const CONTACT: &str = "contact";
const DEVELOPER_EMAILS: &str = "developer_emails";

/// The empty form of `/token request`: the newest version and the requester are chosen.
#[must_use]
pub fn render_new(provider: &Provider, requester: UserId, language: Language) -> Modal {
    let empty = Form {
        name: String::new(),
        description: String::new(),
        api_version: provider.catalogue.newest().version,
        contact: requester,
        developer_emails: String::new(),
    };
    Modal {
        custom_id: CustomId::NewForm(provider.id.clone()).to_string(),
        title: text!(language, "form-title-new"),
        fields: build_fields(&empty, provider, provider.catalogue.versions().iter(), language),
    }
}

/// The form of *Edit details* and *Correct*, as it was filled in. A change of a token offers the versions
/// that it can take to it.
#[must_use]
pub fn render_filled(
    draft: &Draft,
    token: Option<&Token>,
    provider: &Provider,
    language: Language,
) -> Modal {
    let mut form = draft.form.clone();
    if holds_unreadable(&form.name) {
        // What can't be seen can't be corrected. Such a name is refused in any case.
        form.name = sanitize::plain(&form.name);
    }
    let is_offered = |version: &&Version| {
        token.is_none_or(|token| {
            draft.kind.takes_version(version.version, token.settings.api_version)
        })
    };
    let versions = provider.catalogue.versions();
    let mut offered: Vec<&Version> = versions.iter().filter(is_offered).collect();
    if offered.is_empty() {
        // The catalogue changed under the token: there is something to choose, and *Submit* says what
        // is wrong with it.
        offered = versions.iter().collect();
    }
    if !offered.iter().any(|version| version.version == form.api_version) {
        form.api_version = offered[0].version; // newest first, and there is one
    }
    Modal {
        custom_id: CustomId::DetailsForm(draft.id).to_string(),
        title: text!(language, "form-title-edit"),
        fields: build_fields(&form, provider, offered, language),
    }
}

/// What was submitted, as typed; none where a field is missing or of another kind, which no client
/// sends.
#[must_use]
pub fn parse_form(submission: &Submission) -> Option<(Form, ContactFacts)> {
    let contact: UserId = submission.choice(CONTACT)?.parse().ok()?;
    let form = Form {
        name: read_text(submission, NAME)?,
        description: read_text(submission, DESCRIPTION)?,
        api_version: submission.choice(API_VERSION)?.parse().ok()?,
        contact,
        developer_emails: read_text(submission, DEVELOPER_EMAILS)?,
    };
    // Whom Discord doesn't describe, it doesn't know as a member.
    let known = submission.users.get(&contact);
    let facts = ContactFacts {
        is_bot: known.is_some_and(|user| user.bot),
        is_member: known.is_some_and(|user| user.member),
    };
    Some((form, facts))
}

/// Postgres' texts can't hold U+0000, which no keyboard types.
fn read_text(submission: &Submission, custom_id: &str) -> Option<String> {
    submission.text(custom_id).map(|text| text.replace('\0', "\u{FFFD}"))
}

fn build_fields<'a>(
    form: &Form,
    provider: &Provider,
    offered: impl IntoIterator<Item = &'a Version>,
    language: Language,
) -> Vec<Label> {
    let contact = Input::User {
        custom_id: CONTACT.into(),
        required: true,
        placeholder: String::new(),
        chosen: Some(form.contact),
    };
    let line = build_text_input(NAME, TextStyle::Short, NAME_LIMIT, &form.name);
    let purpose =
        build_text_input(DESCRIPTION, TextStyle::Paragraph, DESCRIPTION_LIMIT, &form.description);
    let emails = make_optional(build_text_input(
        DEVELOPER_EMAILS,
        TextStyle::Paragraph,
        DEVELOPER_EMAILS_TEXT_LIMIT,
        &form.developer_emails,
    ));
    let provider_name = sanitize::plain(&provider.name);
    vec![
        build_label(text!(language, "form-name"), text!(language, "form-name-help"), line),
        build_label(
            text!(language, "form-description"),
            text!(language, "form-description-help"),
            purpose,
        ),
        build_label(
            text!(language, "form-version"),
            text!(language, "form-version-help", provider = provider_name),
            list_versions(form, provider, offered, language),
        ),
        build_label(text!(language, "form-contact"), text!(language, "form-contact-help"), contact),
        build_label(text!(language, "form-emails"), text!(language, "form-emails-help"), emails),
    ]
}

fn build_label(label: String, description: String, input: Input) -> Label {
    Label { label, description, input }
}

/// A text input that must be filled in. What was typed is kept whole even where it is over the
/// limit, or where Discord counts otherwise than we do: all of it is there to be corrected.
fn build_text_input(custom_id: &str, style: TextStyle, most: usize, value: &str) -> Input {
    let most = most.max(units(value)).min(limit::INPUT_VALUE);
    Input::Text {
        custom_id: custom_id.into(),
        style,
        min_length: Some(1),
        max_length: u16::try_from(most).ok(),
        required: true,
        value: value.to_owned(),
        placeholder: String::new(),
    }
}

fn make_optional(mut input: Input) -> Input {
    if let Input::Text { min_length, required, .. } = &mut input {
        (*min_length, *required) = (None, false);
    }
    input
}

/// The versions, newest first; there are at most as many as a select holds.
fn list_versions<'a>(
    form: &Form,
    provider: &Provider,
    offered: impl IntoIterator<Item = &'a Version>,
    language: Language,
) -> Input {
    let recommended = provider.catalogue.recommended().version;
    let options = offered.into_iter().map(|version| {
        let number = version.version.to_string();
        ModalOption {
            label: if version.version == recommended {
                text!(language, "form-version-recommended", version = number.clone())
            } else {
                text!(language, "form-version-option", version = number.clone())
            },
            value: number,
            description: String::new(),
            chosen: version.version == form.api_version,
        }
    });
    Input::Select {
        custom_id: API_VERSION.into(),
        required: true,
        placeholder: String::new(),
        options: options.collect(),
    }
}

#[cfg(test)]
mod tests;
