//! Countersign: API access tokens in Discord, two to open, one to close.
//!
//! Data goes one way: ingress → interaction → authorise → workflow → store; views turn what came
//! out into a reply; jobs do the rest. Nothing points back.
//!
//! - [`domain`]: the rules, without I/O.
//! - [`config`]: the configuration file, its overrides and its checks.
//! - [`keyring`]: seals and opens what may not lie in the database in clear.
//! - [`store`]: all SQL; nothing else holds a query.
//! - [`queue`]: the jobs that wait, kept in Postgres by a library that nothing else knows.
//! - [`issuer`]: the upstreams of issuers of kind `http`, and what their answers mean.
//! - [`redaction`]: takes secrets out of what upstreams and mail servers say.
//! - [`workflow`]: everything that can happen, one transaction each: state, event and jobs.
//! - [`locale`]: the texts, in every language that there is.
//! - [`discord`]: ingress, interactions, views and REST calls.
//! - [`emails`]: writes e-mails and sends them.
//! - [`jobs`]: the background tasks; each calls a workflow and then the outside.
//! - [`verify`]: what a presented secret opens, answered mostly without the database.
//! - [`web`]: health, metrics, signed interactions, and the verification of tokens.
//! - [`logging`]: how the log looks. [`counters`]: what is counted and measured. [`memory`]: gives
//!   back what is not used.
//! - [`cli`]: one file for each subcommand.

pub mod cli;
pub mod config;
pub mod counters;
pub mod discord;
pub mod domain;
pub mod emails;
pub mod issuer;
pub mod jobs;
pub mod keyring;
pub mod locale;
pub mod logging;
pub mod memory;
pub mod queue;
pub mod redaction;
pub mod store;
pub mod verify;
pub mod web;
pub mod workflow;
