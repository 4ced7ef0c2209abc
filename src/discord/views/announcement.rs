//! `/token announce`: the panel where an admin writes to the people of tokens.

use crate::discord::custom_id::CustomId;
use crate::discord::interaction::Submission;
use crate::discord::message::{
    ButtonStyle, CreateActionRow, CreateButton, Input, Label, Message, Modal, TextStyle, button,
    buttons, option, select,
};
use crate::discord::sanitize;
use crate::domain::announcement::AnnouncementDraft;
use crate::domain::announcement::AnnouncementText;
use crate::locale::{Language, text};
use crate::workflow::notice::announce::{
    AnnouncementView, BODY_LIMIT, COUNTED, SUBJECT_LIMIT, SentAnnouncement,
};

use super::bundle;
use super::formatting::{colour, format_field, format_moment, join_within};

/// What the names of the chosen tokens may take: the preview needs the rest.
const NAMES: usize = 700;

/// What the inputs are called in what is submitted.
const SUBJECT: &str = "subject";
const BODY: &str = "body";

/// What is chosen and written so far; what is written stands between two lines, as its readers will
/// see it.
#[must_use]
pub fn render_panel(writing: &AnnouncementView, provider: &str, language: Language) -> Message {
    let draft = &writing.draft;
    let lead = text!(language, "announce-lead", provider = sanitize::inline(provider));
    let title = text!(language, "announce-title");
    let chosen = describe_chosen(writing, language);
    let mut message = Message::titled(title)
        .coloured(colour::BLUE)
        .line(lead)
        .line(format_field(&text!(language, "announce-tokens"), &chosen, language))
        .lines(list_obstacles(writing, language));
    if !bundle::fits_message(&draft.words) {
        message = message.line(text!(language, "announce-too-long"));
    } else if draft.words.are_there() {
        message = message
            .line(text!(language, "announce-preview"))
            .separator()
            .lines(bundle::quote_announcement(&draft.words))
            .separator();
    }
    message.rows(build_rows(writing, language)).ephemeral()
}

/// What keeps it from being sent now, beside what is missing.
fn list_obstacles(writing: &AnnouncementView, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(next) = writing.next {
        let when = format_moment(next, language);
        let limit = writing.limit;
        lines.push(text!(language, "announce-enough", limit = limit, when = when));
    }
    if writing.outdated {
        lines.push(text!(language, "announce-outdated"));
    }
    lines
}

fn describe_chosen(writing: &AnnouncementView, language: Language) -> String {
    if writing.draft.everything {
        return match writing.live {
            live if live > COUNTED => text!(language, "announce-very-many", count = COUNTED),
            live => text!(language, "announce-everything", count = live),
        };
    }
    if writing.chosen.is_empty() {
        return text!(language, "announce-none");
    }
    let names: Vec<String> =
        writing.chosen.iter().map(|token| sanitize::inline(&token.settings.name)).collect();
    join_within(&names, &text!(language, "list-separator"), NAMES, language)
}

fn build_rows(writing: &AnnouncementView, language: Language) -> Vec<CreateActionRow> {
    let draft = &writing.draft;
    let id = draft.id;
    let press = |id: CustomId, label: String, style| button(id.to_string(), &label, style);
    let mut rows = Vec::new();
    if !draft.everything && !writing.page.is_empty() {
        rows.push(build_token_select(writing, language));
        let page = draft.page;
        let turn =
            |page, label| press(CustomId::AnnouncePage(id, page), label, ButtonStyle::Secondary);
        let before = page.checked_sub(1).map(|at| turn(at, text!(language, "list-previous")));
        let after = writing.more.then(|| turn(page + 1, text!(language, "list-next")));
        let pages: Vec<CreateButton> = before.into_iter().chain(after).collect();
        if !pages.is_empty() {
            rows.push(buttons(pages));
        }
    }
    let all = if draft.everything {
        press(
            CustomId::AnnounceToChosen(id),
            text!(language, "announce-choose"),
            ButtonStyle::Secondary,
        )
    } else {
        press(CustomId::AnnounceToAll(id), text!(language, "announce-all"), ButtonStyle::Secondary)
    };
    let people = writing.people;
    let label = match people {
        0 => text!(language, "announce-send"),
        people => text!(language, "announce-send-to", people = people),
    };
    let send = press(CustomId::AnnounceSend(id, draft.digest(people)), label, ButtonStyle::Success);
    let ready = people > 0 && writing.next.is_none() && bundle::fits_message(&draft.words);
    rows.push(buttons([
        all.disabled(writing.page.is_empty()),
        press(CustomId::AnnounceWrite(id), text!(language, "announce-write"), ButtonStyle::Primary),
        send.disabled(!ready),
        press(
            CustomId::AnnounceCancel(id),
            text!(language, "panel-cancel"),
            ButtonStyle::Secondary,
        ),
    ]));
    rows
}

fn build_token_select(writing: &AnnouncementView, language: Language) -> CreateActionRow {
    let draft = &writing.draft;
    let options = writing.page.iter().map(|token| {
        let chosen = draft.tokens.contains(&token.id);
        option(&sanitize::plain(&token.settings.name), token.id.to_string(), None, chosen)
    });
    let custom_id = CustomId::AnnounceTokens(draft.id, draft.page).to_string();
    let placeholder = text!(language, "announce-select");
    select(custom_id, &placeholder, options.collect(), (0, writing.page.len()))
}

/// The form behind *Write*, filled in with what was written before.
#[must_use]
pub fn render_form(draft: &AnnouncementDraft, language: Language) -> Modal {
    let input = |custom_id: &str, style, most: usize, value: &str| Input::Text {
        custom_id: custom_id.to_owned(),
        style,
        min_length: Some(1),
        max_length: u16::try_from(most).ok(),
        required: true,
        value: value.to_owned(),
        placeholder: String::new(),
    };
    let AnnouncementText { subject, body } = &draft.words;
    Modal {
        custom_id: CustomId::AnnounceForm(draft.id).to_string(),
        title: text!(language, "announce-title"),
        fields: vec![
            Label::new(
                text!(language, "announce-subject"),
                input(SUBJECT, TextStyle::Short, SUBJECT_LIMIT, subject),
            ),
            Label::new(
                text!(language, "announce-body"),
                input(BODY, TextStyle::Paragraph, BODY_LIMIT, body),
            ),
        ],
    }
}

/// What was written; Postgres' texts can't hold U+0000, which no keyboard types.
#[must_use]
pub fn parse_form(submission: &Submission) -> Option<AnnouncementText> {
    let typed = |name| submission.text(name).map(|text| text.replace('\0', "\u{FFFD}"));
    Some(AnnouncementText { subject: typed(SUBJECT)?, body: typed(BODY)? })
}

/// After *Send*.
#[must_use]
pub fn render_sent(sent: &SentAnnouncement, language: Language) -> Message {
    let (people, tokens) = (sent.people, sent.tokens);
    Message::text(text!(language, "announce-sent", people = people, tokens = tokens)).ephemeral()
}

/// After *Cancel*.
#[must_use]
pub fn render_cancelled(language: Language) -> Message {
    Message::text(text!(language, "announce-cancelled")).ephemeral()
}

#[cfg(test)]
mod tests;
