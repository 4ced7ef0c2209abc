//! Measures what docs/performance.md reports, each beside what it is compared with, on one machine in
//! one run. Poor figures are reported; only a benchmark that is itself broken fails.
//!
//! A row is a function that returns [`report::Row`]s; `ROWS` names them all.
//!
//! - `verify`: answers of `/v1/authorize`, and the memory that tokens take.
//! - `load`: a client that costs little. `process`: what a process costs. `report`: the page.

mod load;
mod process;
mod report;
mod verify;

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;

/// The floor: answers 200 to every request, with the same library and nothing else.
async fn floor(address: SocketAddr) -> anyhow::Result<()> {
    use axum::serve::ListenerExt as _;
    let routes = axum::Router::new()
        .route("/v1/authorize", axum::routing::any(async || axum::http::StatusCode::OK));
    let listener = tokio::net::TcpListener::bind(address).await?;
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    axum::serve(listener, routes).await.context("the floor stopped")
}

async fn measure(write: bool) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    rows.extend(verify::rows().await.context("verification")?);
    let page = report::page(&rows)?;
    println!("{page}");
    if write {
        let file = testkit::bot::repository().join("docs/performance.md");
        std::fs::write(&file, page).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match arguments.iter().position(|argument| argument == "floor") {
            Some(at) => floor(arguments.get(at + 1).context("an address")?.parse()?).await,
            None => measure(arguments.iter().any(|argument| argument == "--write")).await,
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the benchmark is broken: {error:?}");
            ExitCode::FAILURE
        }
    }
}
