//! A provider's API answers otherwise than its configuration says.

use crate::config::Provider;
use crate::discord::message::Message;
use crate::discord::sanitize;
use crate::domain::attempt::UpstreamDoubt;
use crate::locale::text;

use super::formatting::{colour, quote};

/// The message in the approval channel, in the provider's language.
#[must_use]
pub fn render_doubt(doubt: &UpstreamDoubt, provider: &Provider) -> Message {
    let language = provider.locale;
    let said = match doubt {
        UpstreamDoubt::NotShown { marker } => {
            text!(language, "upstream-doubt-not-shown", marker = sanitize::code(marker))
        }
        UpstreamDoubt::OtherName { marker, name } => text!(
            language,
            "upstream-doubt-other-name",
            marker = sanitize::code(marker),
            name = sanitize::code(name)
        ),
        UpstreamDoubt::ShownDead { marker } => {
            text!(language, "upstream-doubt-shown-dead", marker = sanitize::code(marker))
        }
        UpstreamDoubt::Unreadable { why } => {
            format!("{}\n{}", text!(language, "upstream-doubt-unreadable"), quote(why))
        }
        UpstreamDoubt::Stray { marker } => {
            text!(language, "upstream-doubt-stray", marker = sanitize::code(marker))
        }
        UpstreamDoubt::EndUnreadable { value } => {
            text!(language, "upstream-doubt-end", value = sanitize::code(value))
        }
    };
    let cure =
        text!(language, "upstream-doubt-cure", id = provider.id.as_str(), what = doubt.what());
    let name = sanitize::inline(&provider.name);
    let title = text!(language, "upstream-doubt-title", provider = name);
    Message::titled(title).coloured(colour::RED).line(said).line(cure)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::card::testing::{check, print_text, provider};
    use super::*;

    #[test]
    fn the_admins_read_what_to_correct() {
        let marker = || "countersign-7-0123456789abcdef0123456789abcdef".to_owned();
        let name = "robot$<@1> `x`".to_owned();
        let doubts = [
            UpstreamDoubt::NotShown { marker: marker() },
            UpstreamDoubt::OtherName { marker: marker(), name },
            UpstreamDoubt::ShownDead { marker: marker() },
            UpstreamDoubt::Unreadable { why: "the answer was no JSON".to_owned() },
            UpstreamDoubt::Stray { marker: marker() },
            UpstreamDoubt::EndUnreadable { value: "\"soon\"".to_owned() },
        ];
        let shown = ["orchard", "mikan"].map(|id| {
            let each = doubts.iter().map(|doubt| {
                let message = render_doubt(doubt, provider(id));
                check(&message);
                print_text(&message)
            });
            each.collect::<Vec<_>>().join("\n\n")
        });
        assert_snapshot!(shown.join("\n\n"));
    }
}
