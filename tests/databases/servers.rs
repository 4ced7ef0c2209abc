//! Old servers, standbys, sockets, and databases that don't answer.

use testkit::ports::find_free_port;
use testkit::postgres::{Durability, Postgres};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{Place, expect, moved, runs};

/// A server between us and Postgres that says to be of version 14.
async fn of_version_14(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let server = TcpStream::connect(("127.0.0.1", port)).await?;
                let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
                    (client.into_split(), server.into_split());
                tokio::spawn(
                    async move { tokio::io::copy(&mut from_client, &mut to_server).await },
                );
                let mut bytes = vec![0; 65_536];
                loop {
                    let count = from_server.read(&mut bytes).await?;
                    if count == 0 {
                        return std::io::Result::Ok(());
                    }
                    let name = b"server_version\0";
                    let found = bytes[..count].windows(name.len()).position(|part| part == name);
                    if let Some(at) = found {
                        bytes[at + name.len()..][..2].copy_from_slice(b"14");
                    }
                    to_client.write_all(&bytes[..count]).await?;
                }
            });
        }
    });
    address.port()
}

#[tokio::test]
async fn an_old_server_is_refused() {
    let place = Place::new("old").await;
    let url: url::Url = place.database.url.parse().unwrap();
    let port = of_version_14(url.port().unwrap()).await;
    let [url, owner_url] = [&place.database.url, &place.database.owner_url]
        .map(|url| moved(url, |url| url.set_port(Some(port)).unwrap()));
    let bot = place.bot_at(&url, &owner_url).await;
    let mut said = vec![expect(1, runs(&bot, &["migrate"]).await)];
    said.push(expect(1, runs(&bot, &["check"]).await));
    said.push(bot.serve().await.unwrap_err().to_string());
    for said in said {
        assert!(said.contains("the server is PostgreSQL 14, and Countersign needs 15"), "{said}");
    }
}

#[tokio::test]
async fn a_standby_is_refused() {
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    let place = Place::on(&postgres, "standby").await;
    expect(0, runs(&place.bot().await, &["migrate"]).await);
    let standby = postgres.standby().await.unwrap();
    let port = standby.admin_url().parse::<url::Url>().unwrap().port();
    let [url, owner_url] = [&place.database.url, &place.database.owner_url]
        .map(|url| moved(url, |url| url.set_port(port).unwrap()));
    let bot = place.bot_at(&url, &owner_url).await;
    let mut said = vec![expect(1, runs(&bot, &["check"]).await)];
    said.push(bot.serve().await.unwrap_err().to_string());
    said.push(expect(1, runs(&bot, &["migrate"]).await));
    for said in said {
        assert!(said.contains("the server takes no changes: it is a standby"), "{said}");
        assert!(said.contains("let the URL lead to the primary"), "{said}");
    }
}

/// By the folder of the socket, in the form that Postgres' own clients take.
#[tokio::test]
async fn a_socket_takes_the_place_of_an_address() {
    let place = Place::new("socket").await;
    let folder = place.read("select current_setting('unix_socket_directories')").await.unwrap();
    let folder = folder.replace('/', "%2F");
    let by_socket = |url: &str| {
        let url: url::Url = url.parse().unwrap();
        let (user, password) = (url.username(), url.password().unwrap());
        let (port, database) = (url.port().unwrap(), url.path());
        format!("postgres://{user}:{password}@{folder}:{port}{database}")
    };
    let [url, owner_url] =
        [&place.database.url, &place.database.owner_url].map(|url| by_socket(url));
    let bot = place.bot_at(&url, &owner_url).await;
    expect(0, runs(&bot, &["migrate"]).await);
    let check = expect(0, runs(&bot, &["check"]).await);
    assert!(!check.contains("unencrypted"), "{check}");
    bot.serve().await.unwrap();
    assert!(bot.stop().await.unwrap().success());
}

#[tokio::test]
async fn a_database_that_can_not_be_reached_is_named_as_such() {
    let place = Place::new("nowhere").await;
    let port = find_free_port().unwrap();
    let refused = moved(&place.database.url, |url| url.set_port(Some(port)).unwrap());
    let wrong = moved(&place.database.url, |url| url.set_password(Some("wrong")).unwrap());
    let missing = moved(&place.database.url, |url| url.set_path("/none"));
    for (url, text) in [
        (refused, "nothing listens at that host and port"),
        (wrong, "password authentication failed"),
        (missing, "database \"none\" does not exist"),
    ] {
        let bot = place.bot_at(&url, &place.database.owner_url).await;
        let check = expect(1, runs(&bot, &["check"]).await);
        assert!(check.contains(text), "{check}");
        let serve = bot.serve().await.unwrap_err().to_string();
        assert!(serve.contains(text), "{serve}");
    }
}
