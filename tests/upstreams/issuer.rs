//! The issuer itself reads the services' answers as done, refused or doubtful.

use anyhow::anyhow;
use chrono::{TimeDelta, Utc};
use countersign::issuer::{Answer, Created, End, Sight, Upstream as Issuer, Upstreams};
use testkit::upstreams::{Upstream, jupyterhub, unleash, verdaccio};

use crate::calls::{Calls, token, wish};

fn done<T>(answer: Answer<T>) -> anyhow::Result<T> {
    answer.map_err(|why| anyhow!("{why:?}"))
}

#[tokio::test]
async fn unleash_is_understood() -> anyhow::Result<()> {
    let upstream = unleash::start().await?;
    let made = create_find_revoke(&upstream, &["client"]).await?;
    let lasting = made.ends.at().unwrap() - Utc::now();
    assert!((lasting - TimeDelta::days(1)).abs() < TimeDelta::seconds(60), "{lasting}");
    // Its id opens it.
    assert_eq!(made.account_sid, None);
    Ok(())
}

/// A token is created, found among others, revoked, and no longer found; then it is refused.
async fn create_find_revoke(upstream: &Upstream, scopes: &[&str]) -> anyhow::Result<Created> {
    let calls = Calls::new(upstream)?;
    let issuers = Upstreams::new(&calls.config)?;
    let issuer: Issuer<'_> = issuers.of(&calls.config, &calls.config.providers[0].id).unwrap();
    let made = done(issuer.create(&wish("countersign-1-00", scopes)).await)?;
    done(issuer.create(&wish("countersign-1-000", scopes)).await)?;
    let ours = token("countersign-1-00", &made.id);
    assert_eq!(done(issuer.find(&ours).await)?.marked(), [made.id.as_str()]);
    assert_eq!(done(issuer.look_at(&ours).await)?, Sight::Alive);
    let other = done(issuer.look_at(&token("countersign-1-000", &made.id)).await)?;
    assert_eq!(other, Sight::OtherName("countersign-1-00".to_owned()));
    done(issuer.revoke(&ours).await)?;
    assert!(done(issuer.find(&ours).await)?.marked().is_empty());
    assert_eq!(done(issuer.look_at(&ours).await)?, Sight::Absent);
    assert!(!issuer.can_reset() && !issuer.can_disable());
    Ok(made)
}

#[tokio::test]
async fn verdaccio_is_understood() -> anyhow::Result<()> {
    let upstream = verdaccio::start().await?;
    let made = create_find_revoke(&upstream, &["read"]).await?;
    assert_eq!(made.ends, End::Never);
    assert_eq!(made.account_sid, Some(made.id));
    Ok(())
}

#[tokio::test]
async fn jupyterhub_is_understood() -> anyhow::Result<()> {
    let upstream = jupyterhub::start().await?;
    let made = create_find_revoke(&upstream, &["read:hub", "list:users"]).await?;
    let lasting = made.ends.at().unwrap() - Utc::now();
    assert!((lasting - TimeDelta::days(1)).abs() < TimeDelta::seconds(60), "{lasting}");
    Ok(())
}
