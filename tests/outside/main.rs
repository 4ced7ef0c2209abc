//! Faults of everything outside: Discord's REST API, its gateway, the mail server, the clock. People do
//! the main job through Discord, look, and try again if they get no answer. Afterwards there is one
//! token, one person who saw the secret, and all people were told.
//!
//! Quick rows always run; `COUNTERSIGN_CHAOS=all` runs every row.

mod checks;
mod clock;
mod gateway;
mod ingress;
mod mail;
mod mail_faults;
mod mail_tokens;
mod people;
mod processor;
mod rest;
mod rolling;

/// Whether every row must run.
fn wants_all() -> bool {
    std::env::var("COUNTERSIGN_CHAOS").is_ok_and(|wanted| wanted == "all")
}

/// Prints a table, and writes it to a file, since test runners hide the output of tests that pass.
fn publish(name: &str, table: &str) {
    println!("{table}");
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(file, table).unwrap();
}
