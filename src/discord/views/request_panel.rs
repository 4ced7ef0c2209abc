//! `/token panel`: a message to pin, with a button that requests a token.

use crate::config::Provider;
use crate::discord::custom_id::CustomId;
use crate::discord::message::{ButtonStyle, Message, button, buttons};
use crate::discord::sanitize;
use crate::locale::{Language, text};

use super::formatting::colour;

/// What everyone in the channel sees, in the provider's language.
#[must_use]
pub fn render_panel(provider: &Provider) -> Message {
    let language = provider.locale;
    let name = sanitize::inline(&provider.name);
    let press = CustomId::NewRequest(provider.id.clone()).to_string();
    let label = text!(language, "request-panel-button");
    Message::titled(text!(language, "request-panel-title", provider = name))
        .coloured(colour::BLUE)
        .line(text!(language, "request-panel-text", count = provider.approvals))
        .row(buttons([button(press, &label, ButtonStyle::Primary)]))
}

/// What the admin who posted it is told.
#[must_use]
pub fn render_posted(language: Language) -> Message {
    Message::text(text!(language, "request-panel-posted")).ephemeral()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::discord::views::testing::{ORCHARD, print_message, provider};

    #[test]
    fn the_panel_in_both_languages() {
        let shown = Language::ALL.map(|locale| {
            let provider = Provider { locale, ..provider("Orchard API", ORCHARD) };
            let posted = print_message(&render_posted(locale));
            format!("{}{posted}", print_message(&render_panel(&provider)))
        });
        assert_snapshot!(shown.join("==\n"));
    }

    #[test]
    fn the_longest_names_fit() {
        for locale in Language::ALL {
            let mut provider = Provider { locale, ..provider(&"*".repeat(1_000), ORCHARD) };
            provider.id = "o".repeat(32).parse().unwrap();
            print_message(&render_panel(&provider));
        }
    }
}
