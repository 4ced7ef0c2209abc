//! The bot is killed, frozen and cut off while people do the main job, and everything ends well.
//!
//! - `plays`: the main job; `people`: those who play it, and don't give up.
//! - `runs`: one run for each point at which the bot may die; `rules`: what must hold afterwards.
//!
//! `make chaos` kills at every point, `make test` at each tenth.

mod people;
mod plays;
mod rules;
mod runs;

#[test]
fn killed_while_it_mints() {
    runs::kill_everywhere("minted", plays::minted);
}

#[test]
fn killed_while_an_admin_makes_it_by_hand() {
    runs::kill_everywhere("by hand", plays::made_by_hand);
}
