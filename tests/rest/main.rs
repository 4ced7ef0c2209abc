//! Calls to Discord against a stand-in that fails on demand: how often each call is sent, how long it
//! waits, what it reports, and that no token is ever reported.

mod stand_in;

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use countersign::discord::interaction::{Callback, MessageRef};
use countersign::discord::message::Message;
use countersign::discord::rest::{Acceptance, ErrorCode, RestError};
use countersign::domain::ids::{ChannelId, GuildId, InteractionId, MessageId, UserId};
use secrecy::SecretString;
use serde_json::{Value, json};
use stand_in::{INTERACTION_TOKEN, StandIn, Step, answer, client, limits, message, too_many};

fn token() -> SecretString {
    SecretString::from(INTERACTION_TOKEN)
}

fn channel() -> ChannelId {
    ChannelId::new(40).unwrap()
}

fn place() -> MessageRef {
    MessageRef { channel_id: channel(), id: MessageId::new(70).unwrap() }
}

fn guild() -> GuildId {
    GuildId::new(30).unwrap()
}

async fn post(discord: &StandIn) -> Result<MessageRef, RestError> {
    discord.rest.create_message(channel(), &Message::text("x"), "nonce").await
}

async fn respond(discord: &StandIn) -> Result<Acceptance, RestError> {
    let callback = Callback::Message(Message::text("x").ephemeral());
    discord.rest.respond(InteractionId::new(10).unwrap(), &token(), &callback).await
}

#[tokio::test]
async fn requests_look_as_discord_wants_them() -> anyhow::Result<()> {
    let discord = StandIn::start([message()]).await?;
    ensure!(post(&discord).await? == place());
    let sent = &discord.requests()[0];
    ensure!(sent.line == "POST /api/v10/channels/40/messages HTTP/1.1", "{}", sent.line);
    ensure!(sent.head.contains("authorization: bot canary-bot-token"), "{}", sent.head);
    ensure!(sent.head.contains("user-agent: discordbot (https://"), "{}", sent.head);
    ensure!(sent.head.contains("content-type: application/json"), "{}", sent.head);
    ensure!(sent.body["nonce"] == "nonce" && sent.body["enforce_nonce"] == true, "{}", sent.body);
    ensure!(sent.body["allowed_mentions"] == json!({"parse": []}), "{}", sent.body);
    Ok(())
}

#[tokio::test]
async fn interactions_are_answered_without_the_bot_s_token() -> anyhow::Result<()> {
    let discord = StandIn::start([answer(204, Value::Null), message()]).await?;
    ensure!(respond(&discord).await? == Acceptance::Seen);
    discord.rest.edit_original(&token(), &Message::text("y").ephemeral()).await?;
    discord.rest.followup(&token(), &Message::text("z").ephemeral()).await?;
    let sent = discord.requests();
    let lines: Vec<&str> = sent.iter().map(|request| request.line.as_str()).collect();
    let webhook = format!("/api/v10/webhooks/20/{INTERACTION_TOKEN}");
    ensure!(
        lines
            == [
                format!("POST /api/v10/interactions/10/{INTERACTION_TOKEN}/callback HTTP/1.1"),
                format!("PATCH {webhook}/messages/@original HTTP/1.1"),
                format!("POST {webhook}?wait=true HTTP/1.1"),
            ],
        "{lines:?}"
    );
    ensure!(sent.iter().all(|request| !request.head.contains("authorization")), "{sent:?}");
    // Components V2, and ephemeral; an edit can't change who sees the message.
    let (components, ephemeral) = (1 << 15, 1 << 6);
    ensure!(sent[0].body["data"]["flags"] == components | ephemeral, "{sent:?}");
    ensure!(sent[2].body["flags"] == components | ephemeral, "{sent:?}");
    ensure!(sent[1].body["flags"] == components, "{sent:?}");
    ensure!(
        sent.iter().all(|request| request.body.get("content").is_none_or(Value::is_null)),
        "{sent:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_refusal_tells_its_code() -> anyhow::Result<()> {
    let refusals = [
        (403, 50007, ErrorCode::CannotMessageUser),
        (403, 50278, ErrorCode::NoMutualGuilds),
        (404, 10062, ErrorCode::UnknownInteraction),
        (400, 40060, ErrorCode::AlreadyAcknowledged),
        (400, 30046, ErrorCode::TooManyOldEdits),
        (401, 0, ErrorCode::Other(0)),
        (400, 77777, ErrorCode::Other(77777)),
    ];
    for (status, code, expected) in refusals {
        let step = answer(status, json!({"code": code, "message": "no"}));
        let discord = StandIn::start([step]).await?;
        let error = post(&discord).await.unwrap_err();
        ensure!(error.code() == Some(expected) && !error.is_temporary(), "{error:?}");
        ensure!(discord.requests().len() == 1, "a refusal is final");
    }
    Ok(())
}

#[tokio::test]
async fn harmless_calls_are_retried() -> anyhow::Result<()> {
    for trouble in [answer(502, Value::Null), Step::Cut, Step::Truncate, Step::Silence] {
        let discord = StandIn::start([trouble.clone(), trouble, message()]).await?;
        ensure!(post(&discord).await? == place());
        ensure!(discord.requests().len() == 3);
    }
    Ok(())
}

#[tokio::test]
async fn retries_are_limited() -> anyhow::Result<()> {
    let ends = [
        (answer(503, Value::Null), RestError::Unavailable { status: 503 }),
        (Step::Silence, RestError::TimedOut),
    ];
    for (trouble, expected) in ends {
        let discord = StandIn::start([trouble]).await?;
        let error = discord.rest.edit_message(place(), &Message::text("x")).await.unwrap_err();
        ensure!(error == expected && error.is_temporary(), "{error:?}");
        ensure!(discord.requests().len() == 3, "{}", discord.requests().len());
    }
    let discord = StandIn::start([Step::Cut]).await?;
    let error = post(&discord).await.unwrap_err();
    ensure!(matches!(error, RestError::Network { .. }), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_followup_is_sent_again_when_in_doubt() -> anyhow::Result<()> {
    for trouble in [answer(500, Value::Null), Step::Cut, Step::Silence] {
        let discord = StandIn::start([trouble, message()]).await?;
        discord.rest.followup(&token(), &Message::text("x")).await?;
        ensure!(discord.requests().len() == 2, "sent {} times", discord.requests().len());
    }
    Ok(())
}

#[tokio::test]
async fn a_lost_acknowledgement_is_presumed_when_discord_says_so() -> anyhow::Result<()> {
    let already = || answer(400, json!({"code": 40060, "message": "already"}));
    let discord = StandIn::start([Step::Cut, already()]).await?;
    ensure!(respond(&discord).await? == Acceptance::Presumed);
    let discord = StandIn::start([already()]).await?;
    let error = respond(&discord).await.unwrap_err();
    ensure!(error.code() == Some(ErrorCode::AlreadyAcknowledged), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn an_answer_to_an_interaction_ends_with_its_time() -> anyhow::Result<()> {
    let discord = StandIn::start([Step::Silence]).await?;
    let started = Instant::now();
    ensure!(respond(&discord).await == Err(RestError::TimedOut));
    ensure!(started.elapsed() < Duration::from_millis(1200), "{:?}", started.elapsed());
    Ok(())
}

#[tokio::test]
async fn silence_leaves_time_for_another_answer_to_an_interaction() -> anyhow::Result<()> {
    let accepted = answer(204, Value::Null);
    // Twice; together longer than fits if each try waits as long as other calls do.
    let discord = StandIn::start([Step::Silence, Step::Silence, accepted]).await?;
    let started = Instant::now();
    ensure!(respond(&discord).await? == Acceptance::Seen);
    ensure!(started.elapsed() < Duration::from_millis(700), "{:?}", started.elapsed());
    ensure!(discord.requests().len() == 3, "sent {} times", discord.requests().len());
    Ok(())
}

#[tokio::test]
async fn a_rate_limit_is_waited_for() -> anyhow::Result<()> {
    let discord = StandIn::start([too_many(0.3, false), message()]).await?;
    let started = Instant::now();
    // Even for calls that are never repeated: a 429 did nothing.
    discord.rest.followup(&token(), &Message::text("x")).await?;
    ensure!(started.elapsed() >= Duration::from_millis(300), "{:?}", started.elapsed());
    ensure!(discord.requests().len() == 2);
    Ok(())
}

#[tokio::test]
async fn a_long_rate_limit_is_left_to_the_caller() -> anyhow::Result<()> {
    let discord = StandIn::start([too_many(60.0, false), message()]).await?;
    let started = Instant::now();
    let error = post(&discord).await.unwrap_err();
    ensure!(error == RestError::RateLimited { retry_after: Duration::from_secs(60) }, "{error:?}");
    ensure!(matches!(post(&discord).await, Err(RestError::RateLimited { .. })));
    ensure!(discord.requests().len() == 1, "asked again too soon");
    ensure!(started.elapsed() < Duration::from_secs(1));
    Ok(())
}

#[tokio::test]
async fn endless_rate_limits_end() -> anyhow::Result<()> {
    let discord = StandIn::start([too_many(0.0, false)]).await?;
    let error = post(&discord).await.unwrap_err();
    ensure!(matches!(error, RestError::RateLimited { .. }), "{error:?}");
    ensure!(discord.requests().len() == 5, "{}", discord.requests().len());
    Ok(())
}

#[tokio::test]
async fn a_global_limit_stops_all_but_interactions() -> anyhow::Result<()> {
    let discord = StandIn::start([too_many(0.5, true), message()]).await?;
    let (first, (second, third)) = tokio::join!(post(&discord), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let started = Instant::now();
        let answered = respond(&discord).await.map(|_| started.elapsed());
        let read = discord.rest.get_message(place()).await.map(|_| started.elapsed());
        (answered, read)
    });
    first?;
    ensure!(second? < Duration::from_millis(200), "the interaction waited");
    ensure!(third? >= Duration::from_millis(300), "another route didn't wait");
    Ok(())
}

#[tokio::test]
async fn an_exhausted_bucket_is_not_called() -> anyhow::Result<()> {
    let discord = StandIn::start([limits(2, 0, 0.4), message()]).await?;
    let started = Instant::now();
    post(&discord).await?;
    discord.rest.edit_message(place(), &Message::text("x")).await?;
    ensure!(started.elapsed() < Duration::from_millis(300), "another route waited");
    post(&discord).await?;
    ensure!(started.elapsed() >= Duration::from_millis(400), "{:?}", started.elapsed());
    ensure!(discord.requests().len() == 3);
    Ok(())
}

#[tokio::test]
async fn a_non_member_has_no_roles() -> anyhow::Result<()> {
    let member = json!({"user": {"id": "60", "username": "rin", "global_name": "Rin"},
        "nick": null, "roles": ["50"], "joined_at": "x"});
    let steps =
        [answer(200, member), answer(404, json!({"code": 10007, "message": "Unknown Member"}))];
    let discord = StandIn::start(steps).await?;
    let user = UserId::new(60)?;
    let member = discord.rest.member(guild(), user).await?.context("no member")?;
    ensure!(member.display_name() == "Rin" && member.roles.len() == 1);
    ensure!(discord.rest.member(guild(), user).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn answers_of_discord_are_read() -> anyhow::Result<()> {
    let steps = [
        answer(
            200,
            json!([{"id": "50", "name": "admin", "permissions": "8", "position": 3,
            "managed": false, "color": 0}]),
        ),
        answer(200, json!({"50": 2, "51": 0})),
        answer(
            200,
            json!({"id": "40", "type": 0, "guild_id": "30", "name": "approvals",
            "permission_overwrites": [{"id": "30", "type": 0, "allow": "0", "deny": "1024"}]}),
        ),
        answer(
            200,
            json!({"url": "wss://x", "shards": 1, "session_start_limit":
            {"total": 1000, "remaining": 9, "reset_after": 5, "max_concurrency": 1}}),
        ),
        answer(200, json!({"id": "41", "type": 1})),
        answer(200, json!({"id": "x"})),
    ];
    let discord = StandIn::start(steps).await?;
    ensure!(discord.rest.roles(guild()).await?[0].permissions == 8);
    ensure!(discord.rest.role_member_counts(guild()).await?.len() == 2);
    let channel = discord.rest.channel(channel()).await?;
    ensure!(channel.permission_overwrites[0].deny == 1024);
    ensure!(discord.rest.gateway_bot().await?.session_start_limit.remaining == 9);
    ensure!(discord.rest.open_dm(UserId::new(60)?).await?.get() == 41);
    let malformed = discord.rest.application().await;
    ensure!(matches!(malformed, Err(RestError::Malformed { .. })), "{malformed:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_gone_is_deleted() -> anyhow::Result<()> {
    let gone = answer(404, json!({"code": 10008, "message": "Unknown Message"}));
    let discord = StandIn::start([gone]).await?;
    discord.rest.delete_message(place()).await?;
    discord.rest.delete_original(&token()).await?;
    discord.rest.delete_followup(&token(), MessageId::new(70)?).await?;
    ensure!(discord.rest.get_message(place()).await.is_err());
    Ok(())
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that we and all libraries log at the finest level, and the texts of all errors.
#[tokio::test]
async fn no_token_is_ever_reported() -> anyhow::Result<()> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let steps = [
        Step::Cut,
        Step::Truncate,
        Step::Silence,
        answer(500, Value::Null),
        too_many(0.0, false),
        answer(400, json!({"code": 50035, "message": "Invalid Form Body"})),
    ];
    let mut told = Vec::new();
    for step in steps {
        let discord = StandIn::start([step]).await?;
        told.push(format!("{:?}", discord.rest));
        let errors = [
            respond(&discord).await.unwrap_err(),
            discord.rest.edit_original(&token(), &Message::text("x")).await.unwrap_err(),
            discord.rest.followup(&token(), &Message::text("x")).await.unwrap_err(),
            post(&discord).await.unwrap_err(),
        ];
        told.extend(errors.map(|error| format!("{error} {error:?}")));
    }
    let refused = client("http://127.0.0.1:1".to_owned())?;
    let error = refused.edit_original(&token(), &Message::text("x")).await.unwrap_err();
    told.push(format!("{error} {error:?}"));
    let log = String::from_utf8(log.0.lock().unwrap().clone())?;
    ensure!(log.contains("TRACE") && log.contains("trying again"), "nothing was logged");
    for text in told.iter().chain([&log]) {
        let at = text.find("canary").map(|at| &text[at.saturating_sub(300)..at + 30]);
        ensure!(at.is_none(), "{at:?}");
        // A span names the route, with stars for what is in it.
        let text = text.replace("/webhooks/*/*", "");
        ensure!(!text.contains("/webhooks/"), "a URL: {text}");
    }
    Ok(())
}
