//! Attacks on the rules in the database: whoever has the application's role and plain SQL tries to
//! get a token without approvals, to change what was consented to, and to rewrite the record. And the
//! schema itself is read, so that a new table or column that nobody thought of fails here.

mod approvals;
mod attacks;
mod attacks_after_issue;
mod catalogue;
mod changes;
mod drift_detection;
mod role_privileges;
mod shipped;
mod transitions;
mod upgrade;
mod warnings;
