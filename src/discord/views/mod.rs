//! What people see: pure functions that render a message or a form in a person's language, and parse
//! what was entered in a form.
//!
//! Nothing here asks a database or Discord. Text that people typed passes [`super::sanitize`] before it
//! stands anywhere; lengths are kept by [`super::message`].
//!
//! - [`form`]: the modal of steps 1 and 2. [`panel`]: step 3, and what *Create* comes to.
//!   [`request_panel`]: the button that opens it, for everyone in a channel.
//! - [`card`]: a request in its approval channel; [`scopes`]: all of it, in private; [`card_actions`]:
//!   the forms behind the card's buttons, and what their presses come to.
//! - [`delivery`]: a secret on its way to one person. [`notice`]: what people are told by DM;
//!   [`bundle`]: of several tokens at once.
//! - [`leak_report`]: a secret that somebody found. [`departure`]: members who left the guild.
//!   [`recovery`]: a database that was restored. [`upstream_doubt`]: an API that answers otherwise than configured.
//! - [`token`]: a token's own panel. [`list`]: many of them, and what waits. [`audit`]: what
//!   happened.
//! - [`announcement`]: where admins write to the people of tokens.
//! - [`refusal`]: why something does not happen. [`help`]: what there is.
//! - `formatting`: small parts that several share.

pub mod announcement;
pub mod audit;
pub mod bundle;
pub mod card;
pub mod card_actions;
pub mod delivery;
pub mod departure;
pub mod form;
mod formatting;
pub mod health;
pub mod help;
pub mod leak_report;
pub mod list;
pub mod notice;
pub mod panel;
pub mod recovery;
pub mod refusal;
pub mod request_panel;
pub mod scopes;
pub mod token;
pub mod upstream_doubt;

#[cfg(test)]
mod testing;
