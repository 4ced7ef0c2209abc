//! Approvals that do not count: several of one person, struck ones, ones for an older content, a
//! requester's own. Each time the last step to a token is tried with plain SQL.

use crate::support::{AKI, BEN, CHIYO, Fixture, RIN, person};
use countersign::workflow::request::confirm;

/// The application's role gives approvals and then tries to approve. Returns the code of the refusal.
async fn attempt(fixture: &Fixture, approvals: &str) -> Option<String> {
    let approve = "update requests set state = 'approved'";
    fixture.attack(&format!("{approvals};{approve}")).await
}

#[tokio::test]
async fn one_persons_approvals_are_one() {
    let fixture = Fixture::new("one person").await;
    fixture.submit(RIN, "Reports").await;
    let twice = "insert into approvals (request_id, person, digest, interaction_id)
        select id, 7, digest, 1 from requests;
        update approvals set struck_at = now(), struck_because = 'not_admin';
        insert into approvals (request_id, person, digest, interaction_id)
        select id, 7, digest, 2 from requests";
    assert_eq!(attempt(&fixture, twice).await.as_deref(), Some("CS006"));
}

#[tokio::test]
async fn struck_approvals_do_not_count() {
    let fixture = Fixture::new("struck").await;
    let request = fixture.submit(RIN, "Reports").await;
    fixture.approve(AKI, &request, request.digest).await.unwrap();
    let struck = "insert into approvals (request_id, person, digest, interaction_id)
        select id, 7, digest, 1 from requests;
        update approvals set struck_at = now(), struck_because = 'not_admin' where person = 7";
    assert_eq!(attempt(&fixture, struck).await.as_deref(), Some("CS006"));
}

#[tokio::test]
async fn approvals_of_an_older_content_do_not_count() {
    let fixture = Fixture::new("older").await;
    let request = fixture.submit(RIN, "Reports").await;
    fixture.approve(AKI, &request, request.digest).await.unwrap();
    // The change itself strikes them, whoever makes it.
    let older = "insert into approvals (request_id, person, digest, interaction_id)
        select id, 7, digest, 1 from requests;
        update requests set
            content = jsonb_set(content::jsonb, '{description}', '\"other\"')::text,
            digest = sha256(convert_to(
                jsonb_set(content::jsonb, '{description}', '\"other\"')::text, 'UTF8'))";
    assert_eq!(attempt(&fixture, older).await.as_deref(), Some("CS006"));
}

#[tokio::test]
async fn a_requesters_own_approval_counts_only_where_it_may() {
    let fixture = Fixture::new("own").await;
    fixture.submit(CHIYO, "Reports").await;
    assert_eq!(
        fixture.count("select count(*) from approvals").await,
        1,
        "an admin's first approval"
    );
    let stricter = "update requests set requester_approval_counts = false;
        insert into approvals (request_id, person, digest, interaction_id)
        select id, 7, digest, 1 from requests";
    assert_eq!(attempt(&fixture, stricter).await.as_deref(), Some("CS006"));
    let enough = "insert into approvals (request_id, person, digest, interaction_id)
        select id, 7, digest, 1 from requests";
    assert_eq!(attempt(&fixture, enough).await, None, "two people's approvals are enough");
}

#[tokio::test]
async fn a_token_is_what_was_approved() {
    let fixture = Fixture::new("content").await;
    let request = fixture.submit(RIN, "Reports").await;
    for admin in [AKI, BEN] {
        fixture.approve(admin, &request, request.digest).await.unwrap();
    }
    let both = [person(AKI), person(BEN)].into();
    confirm::record_admins(&fixture.workflow, request.id, &both, &both).await.unwrap();
    for (column, value) in [
        ("owner", "7"),
        ("contact", "7"),
        ("name", "'Other'"),
        ("description", "'Other'"),
        ("api_version", "1"),
        ("scopes", "jsonb_build_array(content::jsonb -> 'scopes' -> 0)"),
        ("scopes", "jsonb_set(content::jsonb -> 'scopes', '{0,path}', '\"/Other\"')"),
        ("scopes", "jsonb_set(content::jsonb -> 'scopes', '{0,value}', '\"other\"')"),
        ("developer_emails", "'{evil@example.com}'"),
        ("lifetime_days", "365"),
        ("provider", "'other'"),
        ("issuer", "'manual'"),
    ] {
        let statement = token_with(column, value);
        assert_eq!(fixture.attack(&statement).await.as_deref(), Some("CS031"), "{column}");
    }
    for (column, value, code) in [
        ("state", "'active'", "CS032"),
        ("expires_at", "now() + interval '91 days'", "CS032"),
        ("collected_at", "now()", "42501"),
    ] {
        let statement = token_with(column, value);
        assert_eq!(fixture.attack(&statement).await.as_deref(), Some(code), "{column}");
    }
    assert_eq!(fixture.attack(&token_with("account_sid", "'CSx'")).await, None, "the honest one");
    // And only one of them.
    let honest = token_with("account_sid", "'CSx'");
    let again = honest.replace("'CSx'", "'CSy'");
    assert_eq!(fixture.attack(&format!("{honest};{again}")).await.as_deref(), Some("23505"));
}

/// Inserts the token of the request, with another value in one column.
fn token_with(column: &str, value: &str) -> String {
    let mut columns = vec![
        ("provider", "provider".to_owned()),
        ("issuer", "content::jsonb ->> 'issuer'".to_owned()),
        ("request_id", "id".to_owned()),
        ("account_sid", "'CSx'".to_owned()),
        ("name", "content::jsonb ->> 'name'".to_owned()),
        ("description", "content::jsonb ->> 'description'".to_owned()),
        ("api_version", "(content::jsonb ->> 'api_version')::int".to_owned()),
        ("owner", "requester".to_owned()),
        ("contact", "(content::jsonb ->> 'contact')::bigint".to_owned()),
        (
            "developer_emails",
            "array(select jsonb_array_elements_text(content::jsonb -> 'developer_emails'))"
                .to_owned(),
        ),
        ("scopes", "content::jsonb -> 'scopes'".to_owned()),
        ("lifetime_days", "(content::jsonb ->> 'lifetime_days')::int".to_owned()),
        ("state", "'issued'".to_owned()),
    ];
    match columns.iter_mut().find(|(name, _)| *name == column) {
        Some((_, old)) => *old = value.to_owned(),
        None => columns.push((column, value.to_owned())),
    }
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
    let statement = format!(
        "insert into tokens ({}) select {} from requests",
        names.join(", "),
        values.join(", ")
    );
    statement
}
