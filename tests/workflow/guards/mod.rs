//! Attacks on the rules in the database: with the application's role and plain SQL, they try to get a token
//! without approvals, to change approved content, and to rewrite the audit log. And the schema is read, so
//! that a new table or column without protection fails here.

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
