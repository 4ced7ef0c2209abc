//! `/token leak`: the form that takes what somebody found, and what they are told of it. Nothing of
//! the text is shown again.

use secrecy::SecretString;

use crate::config::Config;
use crate::discord::custom_id::CustomId;
use crate::discord::interaction::Submission;
use crate::discord::message::{
    ButtonStyle, Input, Label, Message, Modal, TextStyle, button, buttons,
};
use crate::discord::sanitize;
use crate::domain::issuer::IssuerKind;
use crate::domain::leak::LeakSeverity;
use crate::domain::token::TokenState;
use crate::locale::{Language, text};
use crate::workflow::token::leak::{DisabledLeak, FOUND_LIMIT, KnownLeak, LeakLookup};

use super::token::render_switched_off;

const FOUND: &str = "found";

/// The form: an option of the command would stay in the client's history.
#[must_use]
pub fn render_form(language: Language) -> Modal {
    Modal {
        custom_id: CustomId::LeakForm.to_string(),
        title: text!(language, "leak-form-title"),
        fields: vec![Label {
            label: text!(language, "leak-form-found"),
            description: text!(language, "leak-form-hint"),
            input: Input::Text {
                custom_id: FOUND.to_owned(),
                style: TextStyle::Paragraph,
                min_length: Some(1),
                max_length: u16::try_from(FOUND_LIMIT).ok(),
                required: true,
                value: String::new(),
                placeholder: String::new(),
            },
        }],
    }
}

/// What was found.
#[must_use]
pub fn parse_form(submission: &Submission) -> Option<SecretString> {
    submission.text(FOUND).map(SecretString::from)
}

/// What it is.
#[must_use]
pub fn render_result(looked: &LeakLookup, config: &Config, language: Language) -> Message {
    match looked {
        LeakLookup::NotOurs => Message::text(text!(language, "leak-not-ours")),
        LeakLookup::Unknown => Message::text(text!(language, "leak-unknown")),
        LeakLookup::Known(known) => render_known(known, config, language),
    }
    .ephemeral()
}

fn render_known(known: &KnownLeak, config: &Config, language: Language) -> Message {
    let whose = match &known.token {
        Some(token) => {
            let name = sanitize::inline(&token.settings.name);
            let provider = sanitize::inline(config.provider_name(&token.provider));
            text!(language, "leak-known", name = name, provider = provider)
        }
        None => text!(language, "leak-known-unseen"),
    };
    let opens = match known.opens {
        LeakSeverity::Yes => text!(language, "leak-opens"),
        LeakSeverity::NotYet => text!(language, "leak-opens-not-yet"),
        LeakSeverity::UntilSwitchedOff => text!(language, "leak-opens-until-switched-off"),
        LeakSeverity::Nothing => text!(language, "leak-opens-nothing"),
    };
    let mut lines = vec![whose, opens];
    lines.extend(known.report.map(|_| text!(language, "leak-press")));
    if known.others > 0 {
        lines.push(text!(language, "leak-others", count = known.others));
    }
    let message = Message::text(lines.join("\n"));
    match known.report {
        Some(report) => {
            let (id, label) = (CustomId::DisableLeaked(report), text!(language, "leak-disable"));
            message.row(buttons([button(id.to_string(), &label, ButtonStyle::Danger)]))
        }
        None => message,
    }
}

/// After *Disable*: by its name to those who know the token.
#[must_use]
pub fn render_disabled(stopped: &DisabledLeak, config: &Config, language: Language) -> Message {
    let provider = config.provider(&stopped.token.provider);
    let said = match stopped.token.state {
        _ if stopped.may_see => return render_switched_off(&stopped.token, provider, language),
        TokenState::Disabling if stopped.token.issuer == IssuerKind::Http => {
            text!(language, "leak-going-unseen")
        }
        TokenState::Disabling => text!(language, "leak-stopping-unseen"),
        _ => text!(language, "leak-stopped-unseen"),
    };
    Message::text(said).ephemeral()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::discord::views::card::testing::longest;
    use crate::discord::views::card::testing::{
        CONFIG, check, print_text, provider, shortest, token,
    };
    use crate::discord::views::testing::{print_form, print_message};
    use crate::domain::ids::ReportId;
    use crate::domain::token::Token;

    fn shown(opens: LeakSeverity, seen: bool, language: Language) -> String {
        let report = matches!(opens, LeakSeverity::Yes | LeakSeverity::NotYet)
            .then(|| ReportId::new(5).unwrap());
        let token = token(&shortest(provider("orchard")), TokenState::Active);
        let known = KnownLeak { report, token: seen.then_some(token), opens, others: 0 };
        let message = render_result(&LeakLookup::Known(Box::new(known)), &CONFIG, language);
        check(&message);
        assert!(message.ephemeral);
        print_text(&message)
    }

    fn render_known(opens: LeakSeverity, token: Option<Token>, others: usize) -> LeakLookup {
        let report = matches!(opens, LeakSeverity::Yes | LeakSeverity::NotYet)
            .then(|| ReportId::new(5).unwrap());
        LeakLookup::Known(Box::new(KnownLeak { report, token, opens, others }))
    }

    #[test]
    fn everything_in_both_languages() {
        let of = |state| token(&shortest(provider("orchard")), state);
        let all = Language::ALL.map(|language| {
            let looks = [
                LeakLookup::NotOurs,
                LeakLookup::Unknown,
                render_known(LeakSeverity::Yes, Some(of(TokenState::Active)), 1),
                render_known(LeakSeverity::NotYet, None, 2),
                render_known(LeakSeverity::UntilSwitchedOff, None, 0),
                render_known(LeakSeverity::Nothing, None, 0),
            ];
            let mut shown = vec![print_form(&render_form(language))];
            shown.extend(
                looks.iter().map(|one| print_message(&render_result(one, &CONFIG, language))),
            );
            let upstreams = Token { issuer: IssuerKind::Http, ..of(TokenState::Disabling) };
            for token in [of(TokenState::Disabled), of(TokenState::Disabling), upstreams] {
                for may_see in [true, false] {
                    let done = DisabledLeak { token: token.clone(), may_see };
                    shown.push(print_message(&render_disabled(&done, &CONFIG, language)));
                }
            }
            shown.join("\n==\n")
        });
        assert_snapshot!(all.join("\n==\n"));
    }

    #[test]
    fn the_longest_fit() {
        let token = token(&longest(provider("brand")), TokenState::Active);
        for language in Language::ALL {
            let looked = render_result(
                &render_known(LeakSeverity::Yes, Some(token.clone()), 9_999),
                &CONFIG,
                language,
            );
            check(&looked);
            check(&render_disabled(
                &DisabledLeak { token: token.clone(), may_see: true },
                &CONFIG,
                language,
            ));
        }
    }

    #[test]
    fn only_those_who_know_the_token_read_its_name() {
        for language in Language::ALL {
            for opens in [
                LeakSeverity::Yes,
                LeakSeverity::NotYet,
                LeakSeverity::UntilSwitchedOff,
                LeakSeverity::Nothing,
            ] {
                let (seen, unseen) = (shown(opens, true, language), shown(opens, false, language));
                assert!(seen.contains("Reports") && seen.contains("Orchard"), "{seen}");
                assert!(!unseen.contains("Reports") && !unseen.contains("Orchard"), "{unseen}");
                let offered = matches!(opens, LeakSeverity::Yes | LeakSeverity::NotYet);
                assert_eq!(unseen.contains("leak-disable:5"), offered, "{unseen}");
            }
        }
    }

    #[test]
    fn nobody_who_does_not_know_it_hears_its_name_when_it_is_off() {
        for state in [TokenState::Disabled, TokenState::Disabling] {
            let token = token(&shortest(provider("orchard")), state);
            for may_see in [true, false] {
                let message = render_disabled(
                    &DisabledLeak { token: token.clone(), may_see },
                    &CONFIG,
                    Language::EnglishUs,
                );
                check(&message);
                assert_eq!(print_text(&message).contains("Reports"), may_see);
            }
        }
    }
}
