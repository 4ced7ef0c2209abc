//! Rows that can't be read, because another version or an attacker with the role's login wrote them. Each affects
//! only itself.

use sqlx::{Connection as _, PgConnection};

use super::support::Fixture;

/// As the application's role: an event with a number that few programs can read, a request with an invalid
/// contact, and jobs of an unknown kind.
const BY_THE_ROLE: &str = r#"
    insert into countersign.events (kind, provider, detail)
        values ('name_refused', 'orchard', '{"spoilt": 1e400}');
    insert into countersign.requests (provider, kind, state, requester, approvals_required,
            requester_approval_counts, content, digest, name_key, expires_at)
        select 'orchard', 'create', 'pending', 1, 2, true, content,
            sha256(convert_to(content, 'UTF8')), 'other', now() + interval '1 hour'
        from (values ('{"provider":"orchard","kind":"create","name":"other","scopes":[],"contact":"abc"}'))
            as spoilt (content);
    insert into countersign.jobs (kind, subject, lane, urgency, due_at)
        values ('issue', 0, 'main', 0, now()), ('sweep', 7, 'main', 0, now()),
            ('of_a_newer_version', 7, 'main', 0, now())"#;

#[tokio::test]
async fn a_row_that_cannot_be_read_stops_nothing_but_itself() {
    let fixture = Fixture::open("verify spoilt", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let [spoilt_sid, spoilt] = fixture.create_token("Spoilt").await;
    let bot = &fixture.team.setup.bot;
    let trees = |sid: &str| format!("/Orchards/{sid}/Trees");
    let setup = &fixture.team.setup;
    let mut role = PgConnection::connect(&setup.database.url).await.unwrap();
    sqlx::raw_sql(BY_THE_ROLE).execute(&mut role).await.unwrap();
    role.close().await.unwrap();
    // Its email could not be sent to anyone: so no one could be told of its end.
    let mut owner = PgConnection::connect(&setup.database.owner_url).await.unwrap();
    sqlx::raw_sql(
        "alter table countersign.tokens disable trigger guard;
         update countersign.tokens set developer_emails = '{nowhere}' where name = 'Spoilt';
         alter table countersign.tokens enable trigger guard",
    )
    .execute(&mut owner)
    .await
    .unwrap();
    owner.close().await.unwrap();

    let since = std::time::Instant::now();
    fixture.is_in_force(since, &spoilt, &trees(&spoilt_sid), 401).await;
    assert_eq!(fixture.status(bot, &secret, "GET", &trees(&sid)).await, 200);
    // The queue continues: a token is requested, collected and deleted.
    fixture.team.issue_token("Later").await;
    let exported = bot.run(&["audit", "export"]).await.unwrap();
    let lines = String::from_utf8_lossy(&exported.stdout).into_owned();
    assert!(exported.status.success() && lines.contains("spoilt"), "{exported:?}");
    let after = lines.lines().skip_while(|line| !line.contains("spoilt"));
    assert!(
        after.into_iter().any(|line| line.contains("delivery_announced")),
        "what came after the spoilt line is there: {lines}"
    );
    // A person left who might be in the damaged request.
    let mut connection = setup.connect().await.unwrap();
    sqlx::raw_sql("set search_path = countersign, pg_temp").execute(&mut connection).await.unwrap();
    let left = countersign::domain::ids::UserId::new(7).unwrap();
    countersign::store::departures::list_providers_with_dependents(&mut connection, left)
        .await
        .unwrap();
}
