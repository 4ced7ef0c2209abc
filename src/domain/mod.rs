//! The rules of Countersign, without I/O: nothing here knows a database, Discord or a clock.
//!
//! - [`ids`], [`email`], [`catalogue`]: the basic values.
//! - [`form`]: what a person fills in, and its errors. [`settings`]: the valid result, which a token has.
//! - [`content`]: the resolved content of a request, and its digest.
//! - [`request`], [`token`], [`delivery`], [`attempt`]: the stored things, and [`transitions`], their
//!   states. [`job`]: what follows in the background.
//! - [`change`]: the effect of a change of a token. [`drift`]: what no longer agrees with the catalogue.
//! - [`policy`]: how many approvals, and whose.
//! - [`permission`]: who may do what.
//! - [`secret`]: the secrets that we create. [`leak`]: leaked ones.
//! - [`event`]: the lines of the audit log, with [`snapshot`], what they store of a token, and
//!   [`operator`], who runs a command. [`notice`]: what is sent to whom.

/// An enum with a list of all its values.
macro_rules! listed {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $kind:ident,)+ }) => {
        $(#[$meta])*
        pub enum $name { $($(#[$doc])* $kind,)+ }

        impl $name {
            /// All values.
            pub const ALL: &[Self] = &[$(Self::$kind),+];
        }
    };
}

pub mod announcement;
pub mod attempt;
pub mod card;
pub mod catalogue;
pub mod change;
pub mod content;
pub mod delivery;
pub mod departure;
pub mod draft;
pub mod drift;
pub mod email;
pub mod emoji;
pub mod event;
pub mod form;
pub mod ids;
pub mod issuer;
pub mod job;
pub mod leak;
pub mod notice;
pub mod operator;
pub mod permission;
pub mod policy;
pub mod request;
pub mod request_kind;
pub mod reveal_limits;
pub mod scope;
pub mod secret;
pub mod settings;
pub mod snapshot;
pub mod token;
pub mod transitions;
