//! A simulated Discord to point a bot at: one guild on the loopback interface, with people who do what
//! is typed here or sent to the control interface.

mod console;

use std::{process::ExitCode, sync::Arc};

use anyhow::{Context, Result};
use clap::Parser;
use console::Console;
use discord_sim::{Discord, Options, control::Control};
use ed25519_dalek::SigningKey;
use tokio::net::TcpListener;

/// A simulated Discord: a guild, two channels and some people on the loopback interface, for a bot that
/// is pointed at it.
#[derive(Parser)]
#[command(name = "discord-sim")]
struct Arguments {
    /// The port of the REST API; 0 is any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 8100)]
    port: u16,
    /// The port of the control interface; 0 is any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 8101)]
    control_port: u16,
    /// What the bot is called.
    #[arg(long, value_name = "NAME", default_value = "Bot")]
    bot: String,
    /// Posts interactions to this URL, signed, instead of sending them over the gateway.
    #[arg(long, value_name = "URL")]
    interactions_url: Option<String>,
    /// Refuses calls whose User-Agent is not as Discord documents it.
    #[arg(long)]
    check_user_agent: bool,
    /// Doesn't enforce rate limits.
    #[arg(long)]
    no_rate_limits: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new("warn"))
        .with_writer(std::io::stderr)
        .init();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until Ctrl-C.
async fn run(arguments: Arguments) -> Result<()> {
    let mut options = Options::standard().for_bot(&arguments.bot);
    options.port = arguments.port;
    options.route_limits = !arguments.no_rate_limits;
    options.checks_user_agent = arguments.check_user_agent;
    let application = options.application.clone();
    let channels = options.channels.clone();
    let discord = Arc::new(Discord::start(options).await?);
    let public_key = match &arguments.interactions_url {
        Some(url) => discord.deliver_over_http(url, SigningKey::from_bytes(&rand::random()))?,
        None => application.public_key,
    };
    let control = TcpListener::bind(("127.0.0.1", arguments.control_port)).await;
    let control =
        control.with_context(|| format!("port {} is not to be had", arguments.control_port))?;
    let control_address = control.local_addr().context("the port has no address")?;

    println!("A simulated Discord. Point a bot at it:");
    println!("  API base        {}/api/v10", discord.base_url());
    match (&arguments.interactions_url, discord.gateway()) {
        (None, Some(gateway)) => println!("  gateway URL     {}", gateway.url()),
        (url, _) => println!("  interactions to {}", url.as_deref().unwrap_or_default()),
    }
    println!("  bot token       {}", application.token);
    println!("  application id  {}", application.id);
    println!("  public key      {public_key}");
    println!("  guild id        {}", discord_sim::standard::GUILD);
    for channel in channels {
        println!("  #{:<15}{}", channel.name, channel.id);
    }
    println!("The people in it:\n{}", console::people(&discord));
    println!("The control interface is http://{control_address}; the README has its calls.\n");
    println!("{}\n", console::HELP);

    let console = Console::new(Arc::clone(&discord));
    let served = tokio::spawn(Control::new(discord).serve(control));
    let typed = async {
        console.run().await;
        // Whoever closed the input may still use the control interface.
        std::future::pending::<Result<()>>().await
    };
    tokio::select! {
        ended = served => ended.context("the control interface")?,
        ended = typed => ended,
        interrupted = tokio::signal::ctrl_c() => interrupted.context("Ctrl-C can't be listened for"),
    }
}
