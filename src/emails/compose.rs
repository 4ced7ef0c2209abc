//! Writes the emails to a token's developers, in every language.

mod bundle;
mod changes;
mod wording;

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;

use crate::domain::change::Change;
use crate::locale::{Language, text};
use wording::{Names, Wording, moment};

pub use bundle::{
    AnnouncedToken, AnnouncementFacts, EndingFacts, EndingToken, announcement, ending, expired,
};

/// The width of the text part, in columns of a terminal.
const COLUMNS: usize = 78;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailKind {
    /// The token was issued, and waits for its owner.
    Created,
    /// Its owner has the secret.
    Collected,
    /// Both in one letter, where its owner was quick.
    CreatedAndCollected,
    /// Nobody collected it in time, so it is revoked.
    Lapsed,
    /// It is off.
    Disabled,
    /// Its secret was found where it should not be: it is off, or is being switched off.
    Leaked,
    /// A change took effect.
    Changed,
    /// Scopes were taken from it, or it ends earlier.
    Narrowed,
    /// Its provider has made a new secret, which nobody has collected yet; the old one is dead.
    Renewed,
    /// Its provider was asked for a new secret, which did not arrive here; the old one may be dead.
    SecretUnsure,
    /// Nobody collected that in time.
    RenewalLapsed,
    /// It has a new secret.
    Reset,
    /// It works again, with a new secret.
    Enabled,
    /// It is gone.
    Deleted,
    /// Its time was up.
    Expired,
}

impl EmailKind {
    /// Whether the token works or will, so that what it opens matters.
    fn is_alive(self) -> bool {
        !matches!(
            self,
            Self::Lapsed | Self::Disabled | Self::Leaked | Self::Deleted | Self::Expired
        )
    }
}

impl EmailKind {
    /// Whether one person alone brought it about, with one press.
    fn names_its_actor(self) -> bool {
        matches!(self, Self::Disabled | Self::Leaked | Self::Narrowed | Self::Deleted)
    }
}

/// What an email may say of a token; nothing here is secret. Names are as people see them in
/// Discord, or typed them: the email makes them harmless.
#[derive(Debug, Clone)]
pub struct TokenFacts {
    /// The token's name.
    pub token_name: String,
    /// The provider's name.
    pub provider_name: String,
    /// The API's version.
    pub api_version: u32,
    /// The token's public id, once there is one.
    pub account_sid: Option<String>,
    /// What the token is for.
    pub description: String,
    /// Who asked.
    pub requester_name: String,
    /// Who approve it.
    pub approver_names: Vec<String>,
    /// The primary contact.
    pub contact_name: String,
    /// Method and path of each scope.
    pub scopes: Vec<(String, String)>,
    /// Until when it lives.
    pub expires: Expiry,
    /// When what the email tells of happened.
    pub at: DateTime<Utc>,
    /// The time zone of times in it.
    pub time_zone: Tz,
    /// Who did it, where that is not who asked.
    pub actor_name: Option<String>,
    /// What changed.
    pub changes: Vec<Change>,
    /// The primary contact before.
    pub former_contact_name: Option<String>,
    /// Until when the secret before this one works; none where it works no more.
    pub old_secret_until: Option<DateTime<Utc>>,
    /// Whether whoever reads it is still named as a developer of the token.
    pub is_named: bool,
    /// The guild's name.
    pub guild_name: Option<String>,
}

/// Until when a token lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Until then.
    At(DateTime<Utc>),
    /// So many days from when its owner collects it.
    AfterCollection {
        /// How many.
        days: u16,
    },
}

/// An email's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailText {
    /// One line.
    pub subject: String,
    /// The text part, with lines of at most 78 columns.
    pub text: String,
    /// The same in HTML.
    pub html: String,
}

/// Writes an email. Fails only if the template is broken, which a test rules out.
pub fn write_email(
    kind: EmailKind,
    facts: &TokenFacts,
    language: Language,
) -> Result<EmailText, minijinja::Error> {
    let content = EmailContent::of(kind, facts, language);
    Ok(EmailText {
        subject: content.subject.clone(),
        text: content.as_text(),
        html: content.as_html(language)?,
    })
}

/// An email's parts, before they become text or HTML.
struct EmailContent {
    subject: String,
    title: String,
    lead: String,
    /// What a person wrote; may be empty.
    body: String,
    rows: Vec<EmailRow>,
    items_title: String,
    items: Vec<String>,
    scopes_title: String,
    scopes: Vec<Scope>,
    todo: String,
    unexpected: String,
    reason: String,
}

#[derive(Serialize)]
struct EmailRow {
    label: String,
    value: String,
}

#[derive(Serialize)]
struct Scope {
    method: String,
    path: String,
}

impl EmailContent {
    fn of(kind: EmailKind, facts: &TokenFacts, language: Language) -> Self {
        let (token, provider) = (&line(&facts.token_name), &line(&facts.provider_name));
        let (requester, contact) = (&line(&facts.requester_name), &line(&facts.contact_name));
        let people = &if requester == contact {
            text!(language, "mail-person", requester = requester)
        } else {
            text!(language, "mail-people", requester = requester, contact = contact)
        };
        let names = Names { token, provider, requester, people };
        let Wording { subject, title, lead, todo } = wording::wording(kind, &names, language);
        let reason = match (facts.is_named, &facts.guild_name) {
            (true, Some(guild)) => text!(language, "mail-reason", guild = line(guild)),
            (true, None) => text!(language, "mail-reason-without-guild"),
            (false, Some(guild)) => text!(language, "mail-reason-former", guild = line(guild)),
            (false, None) => text!(language, "mail-reason-former-without-guild"),
        };
        let scopes: &[_] = if kind.is_alive() { &facts.scopes } else { &[] };
        let todo = match (kind, facts.old_secret_until) {
            (EmailKind::Reset, Some(until)) => {
                text!(
                    language,
                    "mail-reset-todo-overlap",
                    people = people.as_str(),
                    until = moment(until, facts.time_zone, language)
                )
            }
            _ => todo,
        };
        Self {
            subject,
            title,
            lead,
            body: String::new(),
            rows: rows(kind, facts, language),
            items_title: text!(language, "mail-changes"),
            items: changes::lines(facts, language),
            scopes_title: text!(language, "mail-scopes", count = scopes.len()),
            scopes: scopes
                .iter()
                .map(|(method, path)| Scope { method: line(method), path: line(path) })
                .collect(),
            todo,
            unexpected: text!(language, "mail-unexpected", contact = contact),
            reason,
        }
    }

    fn as_text(&self) -> String {
        let mut parts = vec![wrap(&self.title, "", ""), wrap(&self.lead, "", "")];
        parts.push(self.body.lines().map(|line| wrap(line, "", "")).collect::<Vec<_>>().join("\n"));
        let label_width = self.rows.iter().map(|row| width(&row.label)).max().unwrap_or(0) + 2;
        let indent = " ".repeat(label_width + 2);
        let rows = self.rows.iter().map(|row| {
            let space = " ".repeat(label_width - width(&row.label));
            wrap(&row.value, &format!("  {}{space}", row.label), &indent)
        });
        parts.push(rows.collect::<Vec<_>>().join("\n"));
        if !self.items.is_empty() {
            let items = self.items.iter().map(|item| wrap(item, "  - ", "    "));
            let lines = items.collect::<Vec<_>>().join("\n");
            parts.push(format!("{}\n{lines}", wrap(&self.items_title, "", "")));
        }
        if !self.scopes.is_empty() {
            let scopes = self.scopes.iter().map(|scope| {
                wrap(&format!("{:<6} {}", scope.method, scope.path), "  - ", "      ")
            });
            let lines = scopes.collect::<Vec<_>>().join("\n");
            parts.push(format!("{}\n{lines}", wrap(&self.scopes_title, "", "")));
        }
        parts.extend([&self.todo, &self.unexpected].map(|text| wrap(text, "", "")));
        // What mail programs know as the line above a signature.
        parts.retain(|part| !part.is_empty());
        parts.push(format!("-- \n{}", wrap(&self.reason, "", "")));
        parts.join("\n\n") + "\n"
    }

    fn as_html(&self, language: Language) -> Result<String, minijinja::Error> {
        TEMPLATES.get_template("email.html")?.render(context! {
            language => language.tag(),
            title => self.title,
            lead => self.lead,
            body => self.body,
            items_title => self.items_title,
            items => self.items,
            rows => self.rows,
            scopes_title => self.scopes_title,
            scopes => self.scopes,
            todo => self.todo,
            unexpected => self.unexpected,
            reason => self.reason,
        })
    }
}

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    // Everything that people typed is escaped, whatever the template is called.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    if let Err(error) =
        environment.add_template("email.html", include_str!("../../config/mail/email.html"))
    {
        tracing::error!(%error, "the emails' template is broken");
    }
    environment
});

/// What is known of the token, in the order in which it is shown.
fn rows(kind: EmailKind, facts: &TokenFacts, language: Language) -> Vec<EmailRow> {
    let names: Vec<String> = facts.approver_names.iter().map(|name| line(name)).collect();
    let provider = text!(
        language,
        "mail-value-provider",
        provider = line(&facts.provider_name),
        version = facts.api_version,
    );
    let happened = wording::happened(kind, language);
    let expires = match facts.expires {
        _ if !kind.is_alive() => String::new(),
        Expiry::At(time) => moment(time, facts.time_zone, language),
        Expiry::AfterCollection { days } => {
            text!(language, "mail-value-expires-after-collection", days = days)
        }
    };
    let optional = |text: Option<&String>| text.map(|text| line(text)).unwrap_or_default();
    let actor = facts.actor_name.as_ref().filter(|_| kind.names_its_actor());
    let did_it = match kind {
        EmailKind::Leaked => text!(language, "leak-mail-actor"),
        _ => text!(language, "mail-label-actor"),
    };
    [
        (text!(language, "mail-label-name"), line(&facts.token_name)),
        (text!(language, "mail-label-purpose"), paragraphs(&facts.description)),
        (text!(language, "mail-label-provider"), provider),
        (text!(language, "mail-label-sid"), optional(facts.account_sid.as_ref())),
        (text!(language, "mail-label-requester"), line(&facts.requester_name)),
        (text!(language, "mail-label-approvers"), names.join(&text!(language, "list-separator"))),
        (text!(language, "mail-label-contact"), line(&facts.contact_name)),
        (happened, moment(facts.at, facts.time_zone, language)),
        (did_it, optional(actor)),
        (text!(language, "mail-label-expires"), expires),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(label, value)| EmailRow { label, value })
    .collect()
}

/// What people typed, on one line, so that it can't pass for another part of the email.
fn line(text: &str) -> String {
    let shown = text.replace(is_unseen, " ");
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What people typed, with its line ends and nothing else that isn't seen.
fn paragraphs(text: &str) -> String {
    text.lines().map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Control characters, and those that turn the direction of what follows (Unicode's UAX #9).
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

fn width(text: &str) -> usize {
    textwrap::core::display_width(text)
}

fn wrap(text: &str, first: &str, rest: &str) -> String {
    let options = textwrap::Options::new(COLUMNS)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_separator(textwrap::WordSeparator::Custom(breakable))
        // “e-mail” and the paths of an API are one word.
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// What never begins a line in Japanese, and what never ends one; the rest of its characters may.
const NEVER_FIRST: &str =
    "、。：；！？），．,.:;!?)」』】〉》〕]}ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ";
const NEVER_LAST: &str = "（(「『【〈《〔[{";

/// Cuts a line after spaces, and between wide characters, which Japanese writes without spaces.
fn breakable(line: &str) -> Box<dyn Iterator<Item = textwrap::core::Word<'_>> + '_> {
    let mut start = 0;
    let mut before: Option<char> = None;
    let mut cuts = Vec::new();
    for (at, c) in line.char_indices() {
        let cut = before.is_some_and(|before| {
            let after_space = before == ' ' && c != ' ';
            let beside_wide = c != ' ' && (is_wide(before) || is_wide(c));
            let allowed = !NEVER_FIRST.contains(c) && !NEVER_LAST.contains(before);
            after_space || (beside_wide && allowed)
        });
        if cut {
            cuts.push(&line[start..at]);
            start = at;
        }
        before = Some(c);
    }
    cuts.push(&line[start..]);
    Box::new(cuts.into_iter().map(textwrap::core::Word::from))
}

fn is_wide(c: char) -> bool {
    width(c.encode_utf8(&mut [0; 4])) == 2
}

#[cfg(test)]
mod tests;
