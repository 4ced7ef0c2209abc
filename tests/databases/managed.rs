//! A managed service: its administrator is no superuser, and runs what the book says.

use secrecy::ExposeSecret as _;
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use testkit::bot::repository;
use testkit::postgres::{Durability, Postgres};

use super::{Place, expect, moved, runs};

const PASSWORD: &str = "word-of-a-managed-service";

/// The statements of the book's page, a block for each connection.
fn blocks() -> Vec<String> {
    let page = std::fs::read_to_string(repository().join("docs/postgres.md")).unwrap();
    let blocks = page.split("```sql\n").skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().replace('…', PASSWORD)).collect()
}

async fn carry_out(url: &SecretString, statements: &str) {
    let mut connection = PgConnection::connect(url.expose_secret()).await.unwrap();
    for statement in statements.split_inclusive(";\n") {
        let done = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

#[tokio::test]
async fn the_statements_of_the_book_are_enough() {
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    let admin = SecretString::from(postgres.admin_url());
    let prepare = format!(
        "drop role countersign;\ndrop role countersign_owner;\n\
         create role service_admin login createrole createdb password '{PASSWORD}';\n"
    );
    carry_out(&admin, &prepare).await;
    let login = |role: &str, database: &str| {
        moved(admin.expose_secret(), |url| {
            url.set_username(role).unwrap();
            url.set_password(Some(PASSWORD)).unwrap();
            url.set_path(database);
        })
    };
    let blocks = blocks();
    assert_eq!(blocks.len(), 2);
    carry_out(&login("service_admin", "postgres").into(), &blocks[0]).await;
    carry_out(&login("service_admin", "countersign").into(), &blocks[1]).await;

    let place = Place::new("managed").await;
    let (url, owner_url) =
        (login("countersign", "countersign"), login("countersign_owner", "countersign"));
    let bot = place.bot_at(&url, &owner_url).await;
    let said = expect(0, runs(&bot, &["migrate"]).await);
    assert!(!said.contains("without an index"), "{said}");
    bot.serve().await.unwrap();
    let check = expect(0, runs(&bot, &["check"]).await);
    assert!(check.contains("owns nothing and can't switch off the rules"), "{check}");
    assert!(!check.contains("warning  name search"), "{check}");
    assert!(bot.stop().await.unwrap().success(), "{}", bot.log());
}
