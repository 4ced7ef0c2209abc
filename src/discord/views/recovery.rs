//! What a restored database takes of a provider's admins.

use crate::config::{IssuerSettings, Provider};
use crate::discord::message::Message;
use crate::discord::sanitize;
use crate::locale::text;
use crate::workflow::recover::RecoveryCounts;

use super::formatting::{colour, format_moment};

/// The message in the approval channel, in the provider's language.
#[must_use]
pub fn render_recovered(recovered: &RecoveryCounts, provider: &Provider) -> Message {
    let language = provider.locale;
    let when =
        recovered.restored_to.map_or_else(|| "—".to_owned(), |at| format_moment(at, language));
    let mut lines = vec![text!(language, "restored-lead", when = when)];
    let (requests, deliveries) = (recovered.requests, recovered.deliveries);
    lines.push(text!(language, "restored-requests", requests = requests, deliveries = deliveries));
    let name = sanitize::inline(&provider.name);
    lines.push(match provider.issuer {
        IssuerSettings::Builtin => {
            text!(language, "restored-builtin", tokens = recovered.tokens)
        }
        IssuerSettings::Manual(_) | IssuerSettings::Http(_) => {
            text!(language, "restored-elsewhere", provider = name)
        }
    });
    Message::titled(text!(language, "restored-title")).coloured(colour::RED).lines(lines)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use insta::assert_snapshot;

    use super::super::card::testing::{check, print_text, provider};
    use super::*;

    #[test]
    fn the_admins_read_what_to_compare() {
        let recovered = RecoveryCounts {
            tokens: 2,
            requests: 1,
            deliveries: 0,
            restored_to: DateTime::from_timestamp(1_800_000_000, 0),
        };
        let shown = ["orchard", "mikan", "brand"].map(|id| {
            let message = super::render_recovered(&recovered, provider(id));
            check(&message);
            print_text(&message)
        });
        assert_snapshot!(shown.join("\n\n"));
    }
}
