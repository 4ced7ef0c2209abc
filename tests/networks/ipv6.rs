//! Everything at an address of IPv6.

use std::net::{Ipv6Addr, SocketAddr};

use testkit::bot::Bot;
use testkit::forward::Forward;

use super::{Company, checks, redirect_issuer, say};

#[tokio::test]
async fn a_bot_works_by_ipv6_alone() {
    let company = Company::start("ipv6").await;
    let gateway = company.discord.gateway().unwrap();
    let local = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
    let port = |url: &str| url.rsplit(':').next().unwrap().parse().unwrap();
    let rest = Forward::to(local(port(&company.discord.base_url()))).await.unwrap();
    let first = Forward::to(local(port(gateway.url()))).await.unwrap();
    let resume = Forward::to(local(port(gateway.resume_url()))).await.unwrap();
    let upstream = Forward::to(company.upstream.address()).await.unwrap();
    let smtp = Forward::to(local(company.smtp.open_port())).await.unwrap();
    gateway
        .is_reached_at(&format!("ws://{}", first.address()), &format!("ws://{}", resume.address()));

    let mut config = company.config();
    let mut database: url::Url = config.database_url.parse().unwrap();
    let postgres = Forward::to(local(database.port().unwrap())).await.unwrap();
    database.set_ip_host(Ipv6Addr::LOCALHOST.into()).unwrap();
    database.set_port(Some(postgres.address().port())).unwrap();
    config.database_url = database.to_string();
    config.discord_url = Some(format!("http://{}", rest.address()));
    config.mail_url = format!("smtp://{}", smtp.address());
    let registry = config.providers.last_mut().unwrap();
    let secure = format!("https://{}/", super::UPSTREAM);
    redirect_issuer(&mut registry.issuer, &secure, &format!("http://{}/", upstream.address()));
    config.loopback = Ipv6Addr::LOCALHOST.into();

    let bot = Bot::start_migrated(&config).await.unwrap();
    assert!(bot.url().unwrap().starts_with("http://[::1]:"));
    bot.restart().await.unwrap();
    assert!(gateway.counters().resumes > 0, "the next process resumes");
    let check = checks(&bot).await;
    say(&check, "ok database:", "connected as");
    say(&check, "ok discord:", "logged in");
    say(&check, "ok gateway:", "ws://[::1]:");
    say(&check, "ok issuer of registry:", "its API lists 0 tokens");
    say(&check, "ok mail:", "takes emails");
}
