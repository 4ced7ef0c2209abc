//! The outside breaks: Discord's REST API, its gateway, the mail server, the clock. People play the
//! main job through the front door all the same, look, and try again where they are left without an
//! answer; afterwards there is one token, one reader, and nobody who was not told.
//!
//! What is quick runs always; `COUNTERSIGN_CHAOS=all` runs every row.

mod checks;
mod clock;
mod gateway;
mod ingress;
mod mail;
mod people;
mod processor;
mod rest;

/// Whether every row is wanted.
fn wants_all() -> bool {
    std::env::var("COUNTERSIGN_CHAOS").is_ok_and(|wanted| wanted == "all")
}

/// Shows a table, and keeps it in a file for those whose test runner shows nothing of what passed.
fn publish(name: &str, table: &str) {
    println!("{table}");
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(file, table).unwrap();
}
