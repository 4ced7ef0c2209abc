//! Attacks on a request with one approval, a token and its delivery, with the code that refuses each
//! statement. Each runs in a transaction that is rolled back.

use std::collections::BTreeSet;

use super::attacks_after_issue::AFTER_ISSUE;
use crate::support::{AKI, BEN, Fixture, RIN, person};
use countersign::workflow::delivery::reveal;
use countersign::workflow::request::{confirm, issue};
use countersign::workflow::token::end;

/// Statement and refusal: our codes begin with CS; 42501 is "insufficient privilege", 23505 a broken unique
/// index, 23514 a broken check.
const ATTACKS: &[(&str, &str)] = &[
    // Issuing without approvals, or skipping a state.
    ("update requests set state = 'approved' where state = 'pending'", "CS006"),
    ("update requests set state = 'issuing' where state = 'pending'", "CS004"),
    ("update requests set state = 'done' where state = 'pending'", "CS004"),
    ("update requests set state = 'pending' where state = 'done'", "CS004"),
    ("update requests set state = 'issuing' where state = 'done'", "CS004"),
    (
        "insert into requests (provider, kind, state, requester, approvals_required,
             requester_approval_counts, content, digest, name_key, expires_at)
         select provider, kind, 'approved', requester, 2, true, content, digest, 'other', now()
         from requests",
        "CS001",
    ),
    (
        "insert into requests (provider, kind, state, requester, approvals_required,
             requester_approval_counts, content, digest, name_key, expires_at)
         select provider, kind, 'pending', requester, 1, true, content, digest, 'other', now()
         from requests",
        "CS007",
    ),
    (
        "insert into requests (provider, kind, state, requester, approvals_required,
             requester_approval_counts, content, digest, name_key, expires_at)
         select provider, kind, 'pending', requester, 2, true,
             jsonb_set(content::jsonb, '{scopes,0,approvals}', '3')::text,
             sha256(convert_to(jsonb_set(content::jsonb, '{scopes,0,approvals}', '3')::text, 'UTF8')),
             'other', now()
         from requests",
        "CS007",
    ),
    (
        "insert into requests (provider, kind, state, requester, approvals_required,
             requester_approval_counts, content, digest, name_key, expires_at)
         select provider, kind, 'pending', requester, 2, true, (content::jsonb - 'provider')::text,
             sha256(convert_to((content::jsonb - 'provider')::text, 'UTF8')), 'other', now()
         from requests limit 1",
        "23514",
    ),
    (
        "insert into tokens (provider, issuer, request_id, account_sid, name,
             description, api_version, owner, contact, developer_emails, scopes, lifetime_days, state)
         select provider, 'builtin', id, 'CSx', 'Reports', 'x', 2, requester, requester,
             '{}', '{}', 90, 'issued' from requests where state = 'pending'",
        "CS030",
    ),
    (
        "insert into tokens (provider, issuer, request_id, account_sid, name,
             description, api_version, owner, contact, developer_emails, scopes, lifetime_days, state)
         select provider, 'builtin', id, 'CSx', 'Reports', 'x', 2, requester, requester,
             '{}', '{}', 90, 'issued' from requests where state = 'done'",
        "CS030",
    ),
    // Changing the policy, or the approved content.
    ("update requests set approvals_required = 1", "CS003"),
    (
        "update requests set requester_approval_counts = false where state = 'pending';
         update requests set requester_approval_counts = true where state = 'pending'",
        "CS003",
    ),
    ("update requests set digest = sha256('x') where state = 'pending'", "23514"),
    ("update requests set digest = sha256('x') where state = 'done'", "CS005"),
    ("update requests set content = content || ' '", "23514"),
    (
        "update requests set content = content || ' ',
             digest = sha256(convert_to(content || ' ', 'UTF8')) where state = 'done'",
        "CS005",
    ),
    ("update requests set name_key = 'other' where state = 'done'", "CS005"),
    ("update requests set requester = 7", "42501"),
    ("update requests set revision = 9", "42501"),
    ("update requests set token_id = null", "42501"),
    // To wait for longer than announced.
    ("update requests set expires_at = now() + interval '1 year'", "CS015"),
    // Changing more of a token than its end or its secret, in a step that allows only that.
    (
        "insert into requests (provider, kind, state, requester, approvals_required,
             requester_approval_counts, content, digest, name_key, expires_at, token_id)
         select requests.provider, 'extend', 'pending', requester, 2, true, wish,
             sha256(convert_to(wish, 'UTF8')), requests.name_key, now(), tokens.id
         from requests join tokens on tokens.request_id = requests.id,
             lateral (select (content::jsonb || jsonb_build_object('kind', 'extend',
                 'scopes', (content::jsonb -> 'scopes') - 0,
                 'target', jsonb_build_object('token', tokens.id)))::text as wish) as wishes",
        "CS009",
    ),
    (
        "insert into requests (provider, kind, state, requester, approvals_required,
             requester_approval_counts, content, digest, name_key, expires_at, token_id)
         select requests.provider, 'reset', 'pending', requester, 2, true, wish,
             sha256(convert_to(wish, 'UTF8')), 'mine', now(), tokens.id
         from requests join tokens on tokens.request_id = requests.id,
             lateral (select (content::jsonb || jsonb_build_object('kind', 'reset', 'name', 'Mine',
                 'target', jsonb_build_object('token', tokens.id)))::text as wish) as wishes",
        "CS009",
    ),
    (
        "insert into requests (provider, kind, state, requester, approvals_required,
             requester_approval_counts, content, digest, name_key, expires_at, token_id)
         select requests.provider, 'reset', 'pending', requester, 2, true, wish,
             sha256(convert_to(wish, 'UTF8')), requests.name_key, now(), tokens.id
         from requests join tokens on tokens.request_id = requests.id,
             lateral (select (content::jsonb || jsonb_build_object('kind', 'reset',
                 'target', jsonb_build_object('token', tokens.id)))::text as wish) as wishes;
         update requests set content = wish, digest = sha256(convert_to(wish, 'UTF8'))
         from (select (content::jsonb || '{\"description\": \"x\"}')::text as wish
               from requests where kind = 'reset') as wishes
         where kind = 'reset'",
        "CS009",
    ),
    // To make, alter or free approvals.
    (
        "insert into approvals (request_id, person, digest, interaction_id)
         select request_id, person, digest, 9 from approvals where struck_at is null
             and request_id in (select id from requests where state = 'pending')",
        "23505",
    ),
    (
        "insert into approvals (request_id, person, digest, interaction_id)
         select id, 7, sha256('x'), 9 from requests where state = 'pending'",
        "CS011",
    ),
    (
        "insert into approvals (request_id, person, digest, interaction_id)
         select id, 7, digest, 9 from requests where state = 'done'",
        "CS010",
    ),
    (
        "insert into approvals (request_id, person, digest, interaction_id, struck_at, struck_because)
         select id, 7, digest, 9, now(), 'not_admin' from requests where state = 'pending'",
        "42501",
    ),
    (
        "insert into approvals (request_id, person, digest, interaction_id)
         select request_id, person, digest, 9 from approvals
         on conflict (request_id, person) where struck_at is null do update set person = 7",
        "42501",
    ),
    ("update approvals set person = 7", "42501"),
    ("update approvals set digest = sha256('x')", "42501"),
    ("update approvals set struck_at = null, struck_because = null", "CS014"),
    ("delete from approvals", "42501"),
    ("truncate approvals", "42501"),
    ("truncate approvals cascade", "42501"),
    // Giving a leak report power for longer, or to someone else.
    ("update leak_reports set expires_at = now() + interval '1 day'", "42501"),
    ("update leak_reports set person = 7", "42501"),
    // Telling the admins of a departure never, or again and again.
    ("insert into departures (person, provider, told_at) values (7, 'orchard', now())", "42501"),
    ("insert into departures (person, provider, returned_at) values (7, 'orchard', now())", "42501"),
    (
        "insert into departures (person, provider) values (7, 'orchard'), (7, 'orchard')",
        "23505",
    ),
    (
        "insert into departures (person, provider) values (7, 'orchard');
         update departures set told_at = now(); update departures set told_at = null",
        "CS081",
    ),
    (
        "insert into departures (person, provider) values (7, 'orchard');
         update departures set returned_at = now(); update departures set returned_at = null",
        "CS081",
    ),
    ("update departures set person = 8", "42501"),
    ("delete from departures", "42501"),
    // To rewrite the record.
    ("update events set actor = 7", "42501"),
    // To name a person who pressed nothing.
    ("insert into events (kind, provider, actor) values ('approval_given', 'orchard', 7)", "23514"),
    ("delete from events", "42501"),
    ("truncate events", "42501"),
    (
        "insert into events (kind, provider) values ('x', 'x')
         on conflict (id) do update set actor = 7",
        "42501",
    ),
    ("delete from requests", "42501"),
    ("delete from tokens", "42501"),
    ("delete from deliveries", "42501"),
    ("delete from notices", "42501"),
    ("delete from reveals", "42501"),
    ("delete from handled_interactions", "CS021"),
    ("update handled_interactions set interaction_id = 1", "42501"),
    ("update notices set recipient = 'evil@example.com'", "42501"),
    ("delete from reserved_names", "42501"),
    ("insert into reserved_names values ('orchard', 'taken', 1)", "42501"),
    // To go round all of it.
    ("alter table approvals disable trigger all", "42501"),
    ("alter table requests drop constraint two_approvals", "42501"),
    ("drop trigger guard on tokens", "42501"),
    ("drop table approvals cascade", "42501"),
    ("create rule evil as on insert to approvals do instead nothing", "42501"),
    ("create trigger evil before insert on approvals execute function refuse_removal()", "42501"),
    ("create or replace function guard_approval() returns trigger language sql as 'select null'", "42501"),
    ("create function countersign.evil() returns int language sql as 'select 1'", "42501"),
    ("create schema evil", "42501"),
    ("set session_replication_role = replica", "42501"),
    ("set role countersign_owner", "42501"),
    ("set session authorization countersign_owner", "42501"),
    ("copy approvals from program 'echo'", "42501"),
    (
        "set transaction isolation level repeatable read;
         update requests set reason = 'x' where state = 'pending'",
        "CS000",
    ),
    (
        "set transaction isolation level serializable;
         insert into approvals (request_id, person, digest, interaction_id)
         select id, 7, digest, 9 from requests where state = 'pending'",
        "CS000",
    ),
    // Approving unread what the card could not hold.
    (
        "insert into cut_contents (request_id, digest)
             select id, digest from requests where state = 'pending' on conflict do nothing;
         insert into approvals (request_id, person, digest, interaction_id)
         select id, 7, digest, 9 from requests where state = 'pending'",
        "CS016",
    ),
    // Claiming that a restored database was recovered.
    (
        "insert into events (kind, provider) values ('database_restored', 'orchard')",
        "CS055",
    ),
    // Times that programs can't compute with, or that are not now.
    ("update tokens set state = 'active', collected_at = 'infinity'", "23514"),
    ("update tokens set expires_at = '-infinity'", "23514"),
    ("update tokens set expires_at = '262143-01-01Z'", "23514"),
    ("update approvals set struck_at = '2020-01-01Z', struck_because = 'not_admin'", "CS024"),
    ("update deliveries set state = 'accepted', accepted_at = now() - interval '1 hour'", "CS024"),
    ("update deliveries set first_pressed_at = now() - interval '1 hour'", "CS024"),
    ("update deliveries set dm_refused_at = now() - interval '1 hour'", "CS024"),
    ("update reveals set hidden_at = now() - interval '1 hour'", "CS024"),
    ("update secrets set last_used_at = now() + interval '1 hour'", "CS062"),
    (
        "update notices set state = 'sent', settled_at = now() - interval '1 hour'",
        "CS051",
    ),
    // Freeing a name by another key, while the name stays.
    (
        "insert into requests (provider, kind, state, requester, approvals_required,
             requester_approval_counts, content, digest, name_key, expires_at, token_id)
         select requests.provider, 'narrow', 'issuing', requester, 0, true, wish,
             sha256(convert_to(wish, 'UTF8')), 'mine', now(), tokens.id
         from requests join tokens on tokens.request_id = requests.id,
             lateral (select (content::jsonb || jsonb_build_object('kind', 'narrow',
                 'target', jsonb_build_object('token', tokens.id)))::text as wish) as wishes",
        "CS008",
    ),
    (
        "insert into requests (provider, kind, state, requester, approvals_required,
             requester_approval_counts, content, digest, name_key, expires_at, token_id)
         select requests.provider, 'edit', 'pending', requester, 2, true, wish,
             sha256(convert_to(wish, 'UTF8')), 'mine', now(), tokens.id
         from requests join tokens on tokens.request_id = requests.id,
             lateral (select (content::jsonb || jsonb_build_object('kind', 'edit',
                 'target', jsonb_build_object('token', tokens.id)))::text as wish) as wishes",
        "CS008",
    ),
];

#[tokio::test]
async fn the_application_cannot_go_round_the_rules() {
    let fixture = Fixture::new("attacks").await;
    let done = fixture.submit(RIN, "Reports").await;
    for admin in [AKI, BEN] {
        fixture.approve(admin, &done, done.digest).await.unwrap();
    }
    let both = BTreeSet::from([person(AKI), person(BEN)]);
    confirm::record_admins(&fixture.workflow, done.id, &both, &both).await.unwrap();
    issue::carry_out(&fixture.workflow, done.id, &mut |_| true).await.unwrap();
    let press = secrecy::SecretString::from("interaction-token");
    let delivery = fixture.delivery().await;
    reveal::open_secret(&fixture.workflow, &fixture.actor(RIN, true), delivery, &press)
        .await
        .unwrap();
    let waits = fixture.submit(RIN, "Waits").await;
    fixture.approve(AKI, &waits, waits.digest).await.unwrap();

    let mut held = Vec::new();
    for (statements, code) in ATTACKS.iter().chain(AFTER_ISSUE) {
        let refusal = fixture.attack(statements).await;
        if refusal.as_deref() != Some(*code) {
            held.push(format!("{code} was expected, but {refusal:?} came of:\n{statements}"));
        }
    }
    assert!(held.is_empty(), "{}", held.join("\n\n"));
}

/// Whatever the application writes, a report is valid for a quarter of an hour from now.
#[tokio::test]
async fn a_report_of_a_found_secret_is_good_for_as_long_as_the_database_says() {
    let fixture = Fixture::new("reports").await;
    let request = fixture.submit(RIN, "Reports").await;
    fixture.approve(AKI, &request, request.digest).await.unwrap();
    fixture.approve(BEN, &request, request.digest).await.unwrap();
    let both = BTreeSet::from([person(AKI), person(BEN)]);
    confirm::record_admins(&fixture.workflow, request.id, &both, &both).await.unwrap();
    issue::carry_out(&fixture.workflow, request.id, &mut |_| true).await.unwrap();
    for (columns, values) in
        [("reported_at", "'infinity'"), ("expires_at", "'infinity'"), ("id", "7")]
    {
        let statement = format!(
            "insert into leak_reports (person, secret_id, {columns}) select 7, id, {values} from secrets"
        );
        assert_eq!(fixture.attack(&statement).await.as_deref(), Some("42501"), "{columns}");
    }
    let reports = "insert into leak_reports (person, secret_id) select 7, id from secrets";
    sqlx::query(reports)
        .execute(&mut *fixture.workflow.pool.acquire().await.unwrap())
        .await
        .unwrap();
    let good = "select count(*) from leak_reports where reported_at <= now()
                and expires_at between now() + interval '14 minutes' and now() + interval '15 minutes'";
    assert_eq!(fixture.count(good).await, 1);
}

/// A use that was noted after a transaction began, or by a clock that was ahead, does not prevent the end
/// of a secret.
#[tokio::test]
async fn a_secret_that_was_just_used_can_be_ended() {
    let fixture = Fixture::new("just used").await;
    let (token, _) = crate::token_steps::is_in_use(&fixture, RIN, "Reports").await;
    fixture.as_owner("secrets", "last_used_at = now() + interval '1 hour'").await;
    end::disable(&fixture.workflow, &fixture.actor(AKI, true), token).await.unwrap();
    assert_eq!(fixture.count("select count(*) from secrets where state <> 'dead'").await, 0);
}
