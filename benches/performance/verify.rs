//! `/v1/authorize` beside a handler that answers 200 and beside nginx, in turns; and memory.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use countersign::domain::secret;
use discord_sim::Options;
use secrecy::ExposeSecret as _;
use testkit::setup::Setup;

use crate::process::{Server, free_address, megabytes, processor_seconds};
use crate::report::{Row, Section};
use crate::requests::{self, Requests};

const CONNECTIONS: usize = 64;
const TOKENS: usize = 10_000;
const MANY_TOKENS: usize = 100_000;
const ROUNDS: usize = 7;
const TURN: Duration = Duration::from_secs(3);

/// Goals of the design.
const RATIO: f64 = 0.8;
const MEGABYTES: f64 = 60.0;

/// Tokens that were issued long ago, past the guards. `$1` are hashes of their secrets.
const FILL: &[&str] = &[
    "set session_replication_role = replica",
    "insert into countersign.requests (id, number, provider, kind, state, requester, approvals_required,
         requester_approval_counts, content, digest, name_key, expires_at)
     select n, n, 'orchard', 'create', 'done', 1000 + n, 2, true, content,
         sha256(convert_to(content, 'UTF8')), 'bench ' || n, now()
     from (select n, format('{\"provider\":\"orchard\",\"kind\":\"create\",\"name\":\"%s\",\"scopes\":[]}', n)
         as content from generate_series(1, $1) n) past",
    "insert into countersign.tokens (id, provider, issuer, request_id, account_sid, name, description,
         api_version, owner, contact, developer_emails, scopes, lifetime_days, state, collected_at,
         expires_at)
     select id, 'orchard', 'builtin', id, 'CS' || lpad(number::text, 24, '0'),
         'Nightly reports of orchard ' || number, 'Past', 2, requester, requester, '{}',
         (select jsonb_agg(jsonb_build_object('approvals', null, 'id', id, 'method', 'GET', 'path',
             '/Orchards/{AccountSID}/' || path, 'sensitive', false, 'value', id))
          from (values ('trees:listTrees', 'Trees'), ('trees:getTree', 'Trees/{TreeId}'),
              ('harvests:listHarvests', 'Harvests')) as scopes (id, path)), 90, 'active', now(),
         now() + interval '90 days'
     from countersign.requests where name_key like 'bench %' order by number",
    "analyze",
];
const SECRETS: &str = "insert into countersign.secrets (token_id, request_id, account_sid, sha256,
        state, current_from)
    select tokens.id, request_id, tokens.account_sid, hash, 'current', now()
    from unnest($1::bytea[]) with ordinality as given (hash, n)
    join countersign.requests on number = n and name_key like 'bench %'
    join countersign.tokens on tokens.request_id = requests.id";

async fn fill(setup: &Setup, hashes: &[Vec<u8>]) -> anyhow::Result<()> {
    let mut connection = setup.connect().await?;
    for statement in FILL {
        let statement = statement.replace("$1", &hashes.len().to_string());
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await?;
    }
    sqlx::query(SECRETS).bind(hashes).execute(&mut connection).await?;
    Ok(())
}

fn request(number: usize, secret: &str) -> Vec<u8> {
    format!(
        "GET /v1/authorize HTTP/1.1\r\nHost: countersign\r\nAuthorization: Bearer {secret}\r\n\
         X-Forwarded-Method: GET\r\nX-Forwarded-Uri: /Orchards/CS{number:024}/Trees?page=2\r\n\
         X-Forwarded-For: 192.0.2.1\r\n\r\n"
    )
    .into_bytes()
}

pub async fn section() -> anyhow::Result<Section> {
    let settings = "[verify]\nlisten = \"127.0.0.1:0\"\nheaders = \"forwarded\"\n\
                    trusted_proxies = [\"127.0.0.1/32\"]";
    let setup = Setup::with("bench verify", Options::standard(), |config| {
        config.overrides = toml::from_str(settings).unwrap_or_default();
        config.environment.push(("RUST_LOG".to_owned(), "warn".to_owned()));
    })
    .await?;
    let (mut requests, mut hashes) = (Vec::new(), Vec::new());
    for number in 1..=MANY_TOKENS {
        let minted = secret::mint()?;
        hashes.push(secret::sha256(&minted).to_vec());
        requests.push(request(number, minted.expose_secret()));
    }
    fill(&setup, &hashes).await.context("filling the database")?;
    let (address, id) = (setup.bot.verify_address()?, setup.bot.process_id()?);
    let before = megabytes(id)?;

    let few: Requests = Arc::new(requests[..TOKENS].to_vec());
    requests::once(address, &few, CONNECTIONS, "200")?;
    let mut rows = in_turns(address, id, &few)?;
    let all: Requests = Arc::new(requests);
    requests::once(address, &all, CONNECTIONS, "200")?;
    // A second time, so that the tokens are known to be cached.
    requests::once(address, &all, CONNECTIONS, "200")?;
    let more = megabytes(id)? - before;
    rows.push(Row {
        what: format!("memory for {MANY_TOKENS} tokens that were all presented"),
        figure: format!("{more:.0} MB"),
        beside: format!("{before:.0} MB before"),
        goal: format!("< {MEGABYTES:.0} MB more"),
        met: Some(more < MEGABYTES),
    });
    anyhow::ensure!(setup.bot.stop().await?.success(), "the bot did not stop in order");
    let how =
        "In turns of three seconds, by one client that costs little; the median of seven turns.";
    Ok(Section { title: "Verification", how: how.to_owned(), rows, below: String::new() })
}

/// One of those who take turns.
struct Side {
    address: SocketAddr,
    id: u32,
    status: &'static str,
    rates: Vec<f64>,
    /// Processor time for each answer, in microseconds.
    costs: Vec<f64>,
}

impl Side {
    fn new(address: SocketAddr, id: u32, status: &'static str) -> Self {
        Self { address, id, status, rates: Vec::new(), costs: Vec::new() }
    }

    fn run_turn(&mut self, requests: &Requests) -> anyhow::Result<()> {
        let before = processor_seconds(self.id)?;
        let answers =
            requests::for_a_while(self.address, requests, CONNECTIONS, TURN, self.status)?;
        let cost = processor_seconds(self.id)? - before;
        anyhow::ensure!(answers.count > 1_000, "only {} answers", answers.count);
        self.rates.push(answers.count as f64 / answers.time.as_secs_f64());
        self.costs.push(cost * 1e6 / answers.count as f64);
        Ok(())
    }

    fn figures(&self) -> (f64, f64) {
        (median(&self.rates), median(&self.costs))
    }
}

fn in_turns(address: SocketAddr, id: u32, requests: &Requests) -> anyhow::Result<Vec<Row>> {
    let mut command = Command::new(std::env::current_exe()?);
    let floor_address = free_address()?;
    command.args(["floor", &floor_address.to_string()]);
    let floor = Server::start(command, floor_address)?;
    let folder = tempfile::tempdir()?;
    let nginx = nginx(folder.path())?;
    let mut sides = [
        Side::new(address, id, "200"),
        Side::new(floor.address, floor.id(), "200"),
        Side::new(nginx.address, nginx.id(), "204"),
    ];
    for _ in 0..ROUNDS {
        for side in &mut sides {
            side.run_turn(requests)?;
        }
    }
    let [(ours, our_cost), (floor, floor_cost), (nginx, nginx_cost)] =
        [0, 1, 2].map(|side| sides[side].figures());
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

fn nginx(folder: &std::path::Path) -> anyhow::Result<Server> {
    let address = free_address()?;
    let here = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {here}/{name};"))
        .concat();
    let text = format!(
        "daemon off; master_process off; pid {here}/pid; error_log {here}/error.log;
         events {{ worker_connections 512; }}
         http {{ access_log off; keepalive_requests 1000000000; {temporary}
             server {{ listen {address}; location / {{ return 204; }} }} }}"
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, text)?;
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-c").arg(&file).arg("-p").arg(folder).arg("-e").arg(folder.join("early.log"));
    Server::start(command, address).context("nginx: run scripts/install-dependencies test")
}

fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
