//! `/v1/authorize` beside a handler that answers 200 and beside nginx, in turns; and memory.

use std::process::Command;
use std::sync::Arc;

use crate::gate::Gate;
use crate::process::{Server, free_address, megabytes, start_nginx};
use crate::report::{Row, Section};
use crate::requests::{self, Expected, Requests};
use crate::turns::{self, CONNECTIONS, Side};

const TOKENS: usize = 10_000;
const MANY_TOKENS: usize = 100_000;

/// Goals of the design.
const RATIO: f64 = 0.8;
const MEGABYTES: f64 = 60.0;

const OK: Expected = Expected { status: "200", text: None };
const EMPTY: Expected = Expected { status: "204", text: None };

pub async fn section() -> anyhow::Result<Section> {
    let gate = Gate::start("bench verify", MANY_TOKENS).await?;
    let (bot, all) = (&gate.setup.bot, gate.authorize());
    let (address, id) = (bot.verify_address()?, bot.process_id()?);
    let before = megabytes(id)?;

    let few: Requests = Arc::new(all[..TOKENS].to_vec());
    let ours = Side::new(address, id, few.clone(), OK);
    ours.warm_up()?;
    let mut rows = in_turns(ours, &few)?;
    requests::once(address, &all, CONNECTIONS, OK)?;
    // A second time, so that the tokens are known to be cached.
    requests::once(address, &all, CONNECTIONS, OK)?;
    let more = megabytes(id)? - before;
    rows.push(Row {
        what: format!("memory for {MANY_TOKENS} tokens that were all presented"),
        figure: format!("{more:.0} MB"),
        beside: format!("{before:.0} MB before"),
        goal: format!("< {MEGABYTES:.0} MB more"),
        met: Some(more < MEGABYTES),
    });
    anyhow::ensure!(bot.stop().await?.success(), "the bot did not stop in order");
    let how =
        "In turns of three seconds, by one client that costs little; the median of seven turns.";
    Ok(Section { title: "Verification", how: how.to_owned(), rows, below: String::new() })
}

fn in_turns(ours: Side, requests: &Requests) -> anyhow::Result<Vec<Row>> {
    let mut command = Command::new(std::env::current_exe()?);
    let floor_address = free_address()?;
    command.args(["floor", &floor_address.to_string()]);
    let floor = Server::start(command, floor_address)?;
    let folder = tempfile::tempdir()?;
    let nginx = start_nginx(folder.path())?;
    let mut sides = [
        ours,
        Side::new(floor.address, floor.id(), requests.clone(), OK),
        Side::new(nginx.address, nginx.id(), requests.clone(), EMPTY),
    ];
    turns::take(&mut sides)?;
    let [(ours, our_cost), (floor, floor_cost), (nginx, nginx_cost)] =
        [0, 1, 2].map(|at| (sides[at].rate(), sides[at].cost()));
    let ratio = ours / floor;
    Ok(vec![
        Row {
            what: format!(
                "`/v1/authorize`, answers a second, {TOKENS} tokens, {CONNECTIONS} connections"
            ),
            figure: format!("{ours:.0}, {ratio:.2} of the floor"),
            beside: format!("a bare 200 of axum: {floor:.0}; nginx, one process, 204: {nginx:.0}"),
            goal: format!("≥ {RATIO} of the floor"),
            met: Some(ratio >= RATIO),
        },
        Row {
            what: "the same, processor time for each answer".to_owned(),
            figure: format!("{our_cost:.1} µs, {:.2} of the floor's", our_cost / floor_cost),
            beside: format!("axum: {floor_cost:.1} µs; nginx: {nginx_cost:.1} µs"),
            goal: format!("≤ {:.2} of the floor's", 1.0 / RATIO),
            met: Some(our_cost <= floor_cost / RATIO),
        },
    ])
}
