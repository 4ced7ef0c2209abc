//! The tables of `domain::transitions` and the database's guards agree on each pair of states: a step that
//! only one of them allows fails here.

use std::collections::BTreeSet;
use std::fmt::Debug;

use countersign::domain::attempt::AttemptState;
use countersign::domain::delivery::DeliveryState;
use countersign::domain::request::RequestState;
use countersign::domain::token::TokenState;
use countersign::domain::transitions::{
    AttemptTransition, DeliveryTransition, RequestTransition, TokenTransition, TransitionRow,
};
use countersign::network::Network;
use countersign::store::pool;
use countersign::workflow::request::{confirm, issue};
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::support::{AKI, BEN, Fixture, RIN};

type Pairs = BTreeSet<(String, String)>;

fn name(state: impl Debug) -> String {
    format!("{state:?}").to_lowercase()
}

/// The pairs of different states that rows lead from and to.
fn pairs_of<State: Copy + PartialEq + Debug, FollowUp>(
    rows: &[TransitionRow<State, FollowUp>],
) -> Pairs {
    let pairs = rows.iter().flat_map(|row| {
        let to = row.to.map(name);
        row.from.iter().filter_map(move |from| Some((name(from), to.clone()?)))
    });
    pairs.filter(|(from, to)| from != to).collect()
}

/// The steps that a table's guard allows the application's role: all that it does not refuse with `code`.
async fn pairs_allowed<State: Copy + Debug>(
    fixture: &Fixture,
    (table, code): (&str, &str),
    states: &[State],
) -> Pairs {
    let owner_url = SecretString::from(fixture.database.owner_url.as_str());
    let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
    let mut allowed = Pairs::new();
    for from in states.iter().map(name) {
        place(&mut owner, table, &from).await;
        for to in states.iter().map(name).filter(|to| *to != from) {
            let mut application = fixture.workflow.pool.acquire().await.unwrap();
            let mut tried = application.begin().await.unwrap();
            let step = format!("update {table} set state = '{to}'");
            let result = sqlx::raw_sql(AssertSqlSafe(step)).execute(&mut *tried).await;
            let refused = result.err().and_then(|error| {
                error
                    .as_database_error()
                    .and_then(|error| error.code())
                    .map(|code| code.to_string())
            });
            tried.rollback().await.unwrap();
            if refused.as_deref() != Some(code) {
                allowed.insert((from.clone(), to));
            }
        }
    }
    allowed
}

/// Puts the rows of a table into a state, past all guards.
async fn place(owner: &mut PgConnection, table: &str, state: &str) {
    let rows: i64 = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}")))
        .fetch_one(&mut *owner)
        .await
        .unwrap();
    assert_eq!(rows, 1, "{table}");
    let past = format!(
        "begin; alter table {table} disable trigger user; update {table} set state = '{state}'; \
         alter table {table} enable trigger user; commit"
    );
    sqlx::raw_sql(AssertSqlSafe(past)).execute(owner).await.unwrap();
}

/// One request with its token and delivery, and one call; without the constraints that tie a state to other
/// columns. Guards run before constraints.
async fn one_of_each(label: &str) -> Fixture {
    let fixture = Fixture::new(label).await;
    let request = fixture.submit(RIN, "Reports").await;
    fixture.approve(AKI, &request, request.digest).await.unwrap();
    fixture.approve(BEN, &request, request.digest).await.unwrap();
    let both = [AKI, BEN].map(crate::support::person).into();
    confirm::record_admins(&fixture.workflow, request.id, &both, &both).await.unwrap();
    issue::carry_out(&fixture.workflow, request.id, &mut |_| true).await.unwrap();
    let owner_url = SecretString::from(fixture.database.owner_url.as_str());
    let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
    sqlx::raw_sql(
        "do $$ declare found record; begin
             for found in select conrelid::regclass as owner, conname from pg_constraint
                 where contype = 'c' and conrelid in ('requests'::regclass, 'tokens'::regclass,
                     'deliveries'::regclass, 'attempts'::regclass)
             loop execute format('alter table %s drop constraint %I', found.owner, found.conname);
             end loop;
         end $$;
         alter table attempts disable trigger user;
         insert into attempts (request_id, marker, configuration)
             select id, 'marker', repeat('0', 64) from requests;
         alter table attempts enable trigger user",
    )
    .execute(&mut owner)
    .await
    .unwrap();
    fixture
}

#[tokio::test]
async fn tables_and_guards_agree() {
    let fixture = one_of_each("transitions").await;
    macro_rules! compare {
        ($transition:ident, $table:literal, $code:literal, $state:ident) => {{
            let rows: Vec<_> = $transition::ALL.iter().map(|each| each.row()).collect();
            let allowed = pairs_allowed(&fixture, ($table, $code), $state::ALL).await;
            let listed = pairs_of(&rows);
            let only = |one: &Pairs, other: &Pairs| -> Vec<String> {
                one.difference(other).map(|(from, to)| format!("{from} → {to}")).collect()
            };
            let (in_table, in_guard) = (only(&listed, &allowed), only(&allowed, &listed));
            assert!(
                in_table.is_empty() && in_guard.is_empty(),
                "{}: only in the table {in_table:?}, only in the guard {in_guard:?}",
                $table
            );
        }};
    }
    compare!(RequestTransition, "requests", "CS004", RequestState);
    compare!(TokenTransition, "tokens", "CS034", TokenState);
    compare!(DeliveryTransition, "deliveries", "CS042", DeliveryState);
    compare!(AttemptTransition, "attempts", "CS092", AttemptState);
}
