//! Why a draft can't be submitted as it is: said on its panel, whose *Create* is disabled.

use crate::locale::{Language, text};
use crate::workflow::refusal::Refusal;

use super::super::formatting::format_moment;
use super::Panel;

/// The reason, where nothing else on the panel says it: names and scopes that are gone have their warnings,
/// and a panel without scopes says so.
pub(super) fn explain_refusal(panel: &Panel<'_>, language: Language) -> Option<String> {
    let reason = match panel.changed.refusal.as_ref()? {
        Refusal::TokenUnchanged | Refusal::NothingChanged => {
            return Some(text!(language, "panel-nothing-changed"));
        }
        Refusal::AsksForNothing => text!(language, "panel-asks-for-nothing"),
        Refusal::NotLater { ends } => {
            text!(language, "panel-not-later", when = format_moment(*ends, language))
        }
        Refusal::LivesTooLong { most } => text!(language, "panel-lives-too-long", days = *most),
        Refusal::NotNewer => text!(language, "panel-not-newer"),
        Refusal::VersionGone => text!(language, "panel-version-gone"),
        Refusal::NotOffered => text!(language, "panel-not-offered"),
        Refusal::NotAllowed(_) => text!(language, "panel-not-yours-to-reduce"),
        _ => return None,
    };
    Some(format!("\u{26A0}\u{FE0F} {reason}"))
}
