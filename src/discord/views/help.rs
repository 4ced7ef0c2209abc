//! `/token help`.

use crate::config::Config;
use crate::discord::message::Message;
use crate::locale::Language;

/// What the bot does and how to use it, with the providers that there are.
#[must_use]
pub fn help(config: &Config, language: Language) -> Message {
    todo!("{config:?} {language:?}")
}
