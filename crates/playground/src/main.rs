//! The playground's own program: the command line, nothing else.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use playground::{play, story};

/// Countersign without a Discord account: a simulated Discord with people in it, a temporary
/// Postgres, a mailbox, and the real bot.
#[derive(Parser)]
#[command(name = "playground", args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// Where the page is served.
    #[arg(long, value_name = "PORT", default_value_t = PORT)]
    port: u16,
}

#[derive(Subcommand)]
enum What {
    /// Serves a page that works like a chat client, to use the bot by hand (the default).
    Play {
        /// Where the page is served.
        #[arg(long, value_name = "PORT", default_value_t = PORT)]
        port: u16,
    },
    /// Plays the main job by itself and prints it.
    Story,
}

/// The page's port unless another is given.
const PORT: u16 = 8000;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new("warn"))
        .with_writer(std::io::stderr)
        .init();
    let ended = match arguments.what.unwrap_or(What::Play { port: arguments.port }) {
        What::Play { port } => play::run(port).await,
        What::Story => story::run().await,
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
