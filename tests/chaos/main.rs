//! The bot is killed, frozen and cut off while people do the main job, and the result is right.
//!
//! - `scenarios`: the main job, and later changes of a token; `people`, `token_changes`: the people in them,
//!   who keep trying; `rules`, `afterwards`: what must hold at the end.
//! - `kill`, `freeze`: one run for each point at which a process may be killed or frozen; `runs`: the runs of
//!   both, several at a time.
//! - `endurance`: thousands of jobs; `measures`: the bot's resources in the meantime.
//! - `outage`: Postgres is unreachable; `full_disk`: a disk is full.
//!
//! `make chaos` kills at every point, `make test` at every fortieth.

mod afterwards;
mod endurance;
mod freeze;
mod full_disk;
mod kill;
mod measures;
mod outage;
mod people;
#[path = "../outside/processor.rs"]
mod processor;
mod rules;
mod runs;
mod scenarios;
mod token_changes;

use scenarios::Job;

#[test]
fn killed_while_it_mints() {
    kill::everywhere("minted", Job::Main, scenarios::minted);
}

#[test]
fn killed_while_an_admin_makes_it_by_hand() {
    kill::everywhere("by hand", Job::Main, scenarios::made_by_hand);
}

#[test]
fn killed_while_a_secret_is_renewed() {
    kill::everywhere("renewed", Job::Renewal, scenarios::renewed);
}

#[test]
fn killed_while_a_token_is_edited() {
    kill::everywhere("edited", Job::Edit, scenarios::edited);
}

#[test]
fn killed_while_an_admin_switches_it_off_by_hand() {
    kill::everywhere("switched off by hand", Job::End, scenarios::switched_off_by_hand);
}

#[test]
fn killed_while_an_upstream_makes_and_ends_it() {
    kill::everywhere("made by an upstream", Job::Upstream, scenarios::made_by_an_upstream);
}

#[test]
fn killed_while_an_upstream_makes_it_by_several_calls() {
    kill::everywhere("made in parts", Job::Parts, scenarios::made_by_an_upstream);
}

#[test]
fn frozen_while_another_replica_goes_on() {
    freeze::everywhere("frozen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_from_postgres() {
    outage::connections_cut().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_restarts() {
    outage::restarted().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_disk_of_postgres_is_full() {
    full_disk::data().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_disk_of_postgres_and_of_its_log_is_full() {
    full_disk::data_and_log().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_disk_of_the_bot_is_full() {
    full_disk::the_bots_own().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_and_descriptors_do_not_grow() {
    endurance::run_jobs().await.unwrap();
}
