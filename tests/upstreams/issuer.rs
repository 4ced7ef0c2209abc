//! The issuer itself: what the services answer is what it takes for done, refused and doubtful.

use anyhow::anyhow;
use chrono::{TimeDelta, Utc};
use countersign::issuer::{Answer, Created, Upstream as Issuer, Upstreams};
use testkit::upstreams::{Upstream, jupyterhub, verdaccio};

use crate::calls::{Calls, token, wish};

fn done<T>(answer: Answer<T>) -> anyhow::Result<T> {
    answer.map_err(|why| anyhow!("{why:?}"))
}

/// A token is made, found among others, revoked, and not found any more; then it is refused.
async fn plays(upstream: &Upstream, scopes: &[&str]) -> anyhow::Result<Created> {
    let calls = Calls::new(upstream)?;
    let issuers = Upstreams::new(&calls.config)?;
    let issuer: Issuer<'_> = issuers.of(&calls.config, &calls.config.providers[0].id).unwrap();
    let made = done(issuer.create(&wish("countersign-1-00", scopes)).await)?;
    done(issuer.create(&wish("countersign-1-000", scopes)).await)?;
    let ours = token("countersign-1-00", &made.id);
    assert_eq!(done(issuer.find(&ours).await)?, [made.id.as_str()]);
    assert!(done(issuer.has(&ours).await)?);
    assert!(!done(issuer.has(&token("countersign-1-000", &made.id)).await)?);
    done(issuer.revoke(&ours).await)?;
    assert!(done(issuer.find(&ours).await)?.is_empty());
    assert!(!done(issuer.has(&ours).await)?);
    assert!(!issuer.can_reset() && !issuer.can_disable());
    Ok(made)
}

#[tokio::test]
async fn verdaccio_is_understood() -> anyhow::Result<()> {
    let upstream = verdaccio::start().await?;
    let made = plays(&upstream, &["read"]).await?;
    assert!(made.expires_at.is_none());
    assert_eq!(made.account_sid, made.id);
    Ok(())
}

#[tokio::test]
async fn jupyterhub_is_understood() -> anyhow::Result<()> {
    let upstream = jupyterhub::start().await?;
    let made = plays(&upstream, &["read:hub", "list:users"]).await?;
    let lasting = made.expires_at.unwrap() - Utc::now();
    assert!((lasting - TimeDelta::days(1)).abs() < TimeDelta::seconds(60), "{lasting}");
    Ok(())
}
