//! Requests: filled in, submitted, decided, carried out.

pub mod begin_change;
pub mod call;
pub mod card;
pub mod check_name;
pub mod confirm;
pub mod decide;
pub mod draft;
pub mod edit_draft;
pub mod fulfil;
pub mod issue;
pub mod lapse;
pub mod offers;
pub mod post_panel;
pub(in crate::workflow) mod refresh_draft;
pub(in crate::workflow) mod resolve_draft;
pub mod review;
pub mod submit;
