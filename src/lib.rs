//! Countersign: API access tokens in Discord, two to open, one to close.
//!
//! Data goes one way: ingress → interaction → authorise → workflow → store; views render the
//! result as a reply; jobs do the rest. Dependencies never point back.
//!
//! - [`domain`]: the rules, without I/O.
//! - [`config`]: the configuration file, its overrides and its checks.
//! - [`keyring`]: encrypts and decrypts what must not be in the database in plain text.
//! - [`store`]: all SQL; nothing else holds a query.
//! - [`queue`]: runs the jobs that wait in the database.
//! - [`issuer`]: calls the upstreams of issuers of kind `http`, and classifies their answers.
//! - [`network`]: how connections to the outside are made: authorities, proxies, errors.
//! - [`redaction`]: removes secrets from texts of upstreams and mail servers.
//! - [`workflow`]: everything that can happen, one transaction each: state, event and jobs.
//! - [`locale`]: the texts, in every language.
//! - [`discord`]: ingress, interactions, views and REST calls.
//! - [`emails`]: writes emails and sends them.
//! - [`jobs`]: the background tasks; each calls a workflow and then the outside.
//! - [`verify`]: what a presented secret allows, answered mostly without the database.
//! - [`web`]: health, metrics, signed interactions, and the verification of tokens.
//! - [`logging`]: the format of the log. [`traces`]: what calls what. [`counters`]: metrics. [`memory`]: returns
//!   unused memory to the system.
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
pub mod network;
pub mod queue;
pub mod redaction;
pub mod store;
pub mod traces;
pub mod verify;
pub mod web;
pub mod workflow;
