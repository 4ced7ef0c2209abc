//! Introspection beside an OAuth server, and `/v1/authorize` beside nginx.

use std::path::Path;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;

use super::{Peers, compare_memory, compare_rates, compare_times};
use crate::gate::{Gate, introspect};
use crate::process::{Server, free_address, megabytes, start_nginx};
use crate::report::Row;
use crate::requests::{Expected, Requests};
use crate::turns::{self, CONNECTIONS, ROUNDS, Side};

const OAUTH: &str = "oidc-provider";
const NGINX: &str = "nginx";
const TOKENS: usize = 10_000;

const ACTIVE: Expected = Expected { status: "200", text: Some("\"active\":true") };
const OK: Expected = Expected { status: "200", text: None };
const EMPTY: Expected = Expected { status: "204", text: None };

pub fn describe_turns() -> String {
    format!(
        "They took {ROUNDS} turns of three seconds over {CONNECTIONS} connections, with {TOKENS} tokens; p50 and p99 of \
         all answers, and the\nmedian of the turns."
    )
}

pub async fn rows(peers: &Peers) -> anyhow::Result<Vec<Row>> {
    let gate = Gate::start("bench peers", TOKENS).await?;
    let bot = &gate.setup.bot;
    let (address, id) = (bot.verify_address()?, bot.process_id()?);
    let folder = tempfile::tempdir()?;
    let (oauth, tokens) = start_oauth(peers, folder.path(), &gate)?;
    let nginx = start_nginx(folder.path())?;
    let authorize = gate.authorize();
    let mut sides = [
        Side::new(address, id, gate.introspect(), ACTIVE),
        Side::new(oauth.address, oauth.id(), tokens, ACTIVE),
        Side::new(address, id, authorize.clone(), OK),
        Side::new(nginx.address, nginx.id(), authorize, EMPTY),
    ];
    for side in &sides {
        side.warm_up()?;
    }
    turns::take(&mut sides)?;
    let [ours, theirs, gate_side, floor] = &sides;
    let mut rows = rows_of_pair("introspection", OAUTH, ours, theirs);
    let memory = megabytes(id)?;
    let what = format!("memory with {TOKENS} tokens that were all presented");
    rows.push(compare_memory(&what, OAUTH, memory, megabytes(oauth.id())?));
    rows.extend(rows_of_pair("`/v1/authorize` beside a bare 204", NGINX, gate_side, floor));
    rows.push(compare_memory("memory, the same", NGINX, memory, megabytes(nginx.id())?));
    anyhow::ensure!(bot.stop().await?.success(), "the bot did not stop in order");
    Ok(rows)
}

fn rows_of_pair(what: &str, peer: &str, ours: &Side, theirs: &Side) -> Vec<Row> {
    let (rates, costs) = ((ours.rate(), theirs.rate()), (ours.cost(), theirs.cost()));
    vec![
        compare_times(&format!("{what} → its answer"), peer, &ours.times, &theirs.times),
        compare_rates(&format!("{what}, answers a second"), peer, rates.0, rates.1),
        Row::note(
            &format!("{what}, processor time for each answer"),
            format!("{:.1} µs; {:.2} ×", costs.0, costs.0 / costs.1),
            &format!("{peer}: {:.1} µs", costs.1),
        ),
    ]
}

/// The OAuth server with its tokens, and a request for each.
fn start_oauth(peers: &Peers, folder: &Path, gate: &Gate) -> anyhow::Result<(Server, Requests)> {
    let (address, file) = (free_address()?, folder.join("tokens"));
    let mut command = peers.command("introspection");
    command.args([address.port().to_string(), TOKENS.to_string()]).arg(&file);
    command.env("GATEWAY_SECRET", gate.caller.expose_secret());
    let server = Server::start(command, address).context("the OAuth server")?;
    let tokens = std::fs::read_to_string(file)?;
    let requests = introspect("/token/introspection", &gate.caller, tokens.lines());
    Ok((server, requests))
}
