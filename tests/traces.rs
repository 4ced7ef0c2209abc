//! Traces: what a collector of OpenTelemetry gets, what it never gets, and that nobody waits for it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use discord_sim::{Fault, Options, standard};
use testkit::bot::BotConfig;
use testkit::collector::{Batch, Collector, Manner, Span, decode, list_spans, read_attributes};
use testkit::mock_upstream::{KEY, Upstream};
use testkit::team::{DEVELOPER, Team};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// The team whose bot has these variables.
async fn start_team(label: &str, variables: &[(&str, &str)]) -> Team {
    start_team_with(label, variables, |_| {}).await
}

/// The same with another configuration.
async fn start_team_with(
    label: &str,
    variables: &[(&str, &str)],
    configure: impl FnOnce(&mut BotConfig),
) -> Team {
    let team = Team::with(label, Options::standard(), |config| {
        let named = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        config.environment.extend(named);
        configure(config);
    })
    .await;
    let log = team.setup.bot.log();
    let is_built = !log.contains("this program was built without them");
    assert!(is_built, "build the whole workspace, as `make test` does:\n{log}");
    team
}

/// Stops the bot; how long that took.
async fn stop(team: &Team) -> Duration {
    let start = Instant::now();
    assert!(team.setup.bot.stop().await.unwrap().success());
    start.elapsed()
}

/// The roots, by the first word of their names; everything else belongs to one of them.
fn check_and_list_roots(spans: &[Span]) -> BTreeMap<&str, Vec<&Span>> {
    let ids: BTreeSet<_> = spans.iter().map(|span| (&span.trace_id, &span.span_id)).collect();
    let mut roots: BTreeMap<&str, Vec<&Span>> = BTreeMap::new();
    for span in spans {
        if span.parent_span_id.is_empty() {
            roots.entry(span.name.split(' ').next().unwrap()).or_default().push(span);
        } else {
            assert!(ids.contains(&(&span.trace_id, &span.parent_span_id)), "{span:?}");
        }
    }
    roots
}

fn check_nothing_is_given_away(team: &Team, batches: &[Batch], secret: &str) {
    let interactions = team.setup.discord.all_interactions();
    let tokens = interactions.iter().map(|one| one["token"].as_str().unwrap());
    // They share their first characters.
    let tokens = tokens.map(|token| &token[token.len() - 100..]);
    let typed = ["Reports", "harvests", DEVELOPER];
    for canary in tokens.chain([secret, standard::TOKEN, KEY]).chain(typed) {
        let has = |body: &[u8]| body.windows(canary.len()).any(|part| part == canary.as_bytes());
        assert!(!batches.iter().any(|batch| has(&batch.body)), "the collector got {canary}");
    }
}

#[tokio::test]
async fn each_interaction_and_each_job_is_a_trace_with_its_parts() {
    let collector = Collector::start(Manner::Takes).await.unwrap();
    let upstream = Upstream::start().await.unwrap();
    let variables = [(ENDPOINT, &*collector.url())];
    let team = start_team_with("traces", &variables, |config| {
        config.providers.push(upstream.provider(&config.providers[0]));
    })
    .await;
    let mut form = team.form(&team.rin, "registry", "Reports").await;
    form.fill("Developer emails", DEVELOPER).unwrap();
    team.submit_and_approve(&form).await;
    let ready = team.rin.wait_for_dm("is ready").await.unwrap();
    let [_, secret] = team.collect_secret(&team.rin, &ready).await;
    team.setup.send_mails_now().await.unwrap();
    team.setup.mailbox.wait_for(DEVELOPER, "Reports").await.unwrap();
    team.setup.settle().await.unwrap();
    // What is left is sent at the end.
    stop(&team).await;

    let batches = collector.take_batches();
    check_nothing_is_given_away(&team, &batches, &secret);
    let spans = list_spans(&batches);
    let roots = check_and_list_roots(&spans);
    assert_eq!(roots.keys().copied().collect::<Vec<_>>(), ["interaction", "job"]);
    let interactions = team.setup.discord.all_interactions();
    let pressed: BTreeSet<String> =
        interactions.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let ids =
        roots["interaction"].iter().map(|root| read_attributes(&root.attributes)["id"].clone());
    assert_eq!(ids.collect::<BTreeSet<_>>(), pressed);
    assert_eq!(roots["interaction"].len(), pressed.len());
    let ended = team.setup.bot.log().matches("\"a job ended\"").count();
    assert_eq!(roots["job"].len(), ended);
    for root in roots.values().flatten() {
        let attributes = read_attributes(&root.attributes);
        assert!(["done", "finished", "again"].contains(&&*attributes["outcome"]), "{root:?}");
    }

    let names: BTreeSet<&str> = spans.iter().map(|span| &*span.name).collect();
    for name in [
        "interaction approve",
        "interaction reveal",
        "job render_card",
        "discord POST /api/v10/interactions/*/*/callback",
        "discord POST /api/v10/channels/*/messages",
        "api POST",
        "mail",
        "transaction",
    ] {
        assert!(names.contains(name), "there is no {name} in {names:?}");
    }
    let described = decode(&batches[0]).resource_spans.remove(0).resource.unwrap();
    let described = read_attributes(&described.attributes);
    assert_eq!(described["service.name"], "countersign");
    assert_eq!(described["service.version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn what_failed_is_marked() {
    const POSTS: &str = "POST /channels/{channel_id}/messages";
    let collector = Collector::start(Manner::Takes).await.unwrap();
    let team = start_team("failed traces", &[(ENDPOINT, &collector.url())]).await;
    // All tries of the first job.
    team.setup.discord.fail(POSTS, 3, Fault::status(503)).unwrap();
    team.ask(&team.rin, "Reports").await;
    team.card("0 of 2 approvals").await;
    stop(&team).await;
    let spans = list_spans(&collector.take_batches());
    check_and_list_roots(&spans);
    let is_failed = |span: &&Span| span.status.as_ref().is_some_and(|status| status.code == 2);
    let failed = spans.iter().filter(is_failed);
    let failed: Vec<_> = failed
        .map(|span| {
            let attributes = read_attributes(&span.attributes);
            let said = attributes.get("error.type").or_else(|| attributes.get("outcome"));
            (&*span.name, said.unwrap().clone())
        })
        .collect();
    let call = "discord POST /api/v10/channels/*/messages";
    let expected = [(call, "503".to_owned()), ("job render_card", "failed".to_owned())];
    assert_eq!(failed, expected);
}

#[tokio::test]
async fn the_standard_variables_are_obeyed() {
    let collector = Collector::start(Manner::Takes).await.unwrap();
    let team = start_team(
        "variables of traces",
        &[
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &format!("{}/custom", collector.url())),
            (ENDPOINT, "http://127.0.0.1:1"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=key-that-nobody-may-log"),
            ("OTEL_SERVICE_NAME", "tokens"),
            ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=trial"),
        ],
    )
    .await;
    team.rin.type_command("/token list").await.unwrap().private().unwrap();
    stop(&team).await;
    let batches = collector.take_batches();
    for batch in &batches {
        assert_eq!(batch.path, "/custom");
        assert_eq!(batch.headers["api-key"], "key-that-nobody-may-log");
        let described = decode(batch).resource_spans.remove(0).resource.unwrap();
        let described = read_attributes(&described.attributes);
        assert_eq!(described["service.name"], "tokens");
        assert_eq!(described["deployment.environment.name"], "trial");
    }
    assert!(!check_and_list_roots(&list_spans(&batches)).is_empty());
    assert!(!team.setup.bot.everything_written().unwrap().contains("key-that-nobody-may-log"));
}

#[tokio::test]
async fn batches_can_be_compressed() {
    let collector = Collector::start(Manner::Takes).await.unwrap();
    let variables =
        [(ENDPOINT, &*collector.url()), ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "gzip")];
    let team = start_team("compressed traces", &variables).await;
    team.rin.type_command("/token list").await.unwrap().private().unwrap();
    stop(&team).await;
    let batches = collector.take_batches();
    assert!(!batches.is_empty());
    for batch in batches {
        assert_eq!((batch.path.as_str(), &batch.body[..2]), ("/v1/traces", &b"\x1f\x8b"[..]));
        assert_eq!(batch.headers["content-encoding"], "gzip");
    }
}

/// A trace that is not sampled is not sent in part.
#[tokio::test]
async fn nothing_is_sent_where_the_variables_say_so() {
    let collector = Collector::start(Manner::Takes).await.unwrap();
    for (name, value) in [
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_SDK_DISABLED", "true"),
        ("OTEL_TRACES_EXPORTER", "none"),
        (ENDPOINT, ""),
    ] {
        let label = format!("no traces by {name}");
        let team = start_team(&label, &[(ENDPOINT, &collector.url()), (name, value)]).await;
        team.rin.type_command("/token list").await.unwrap().private().unwrap();
        stop(&team).await;
        assert_eq!(collector.take_batches().len(), 0, "{name}");
    }
}

/// Whoever mistypes a variable is told, and tokens can be had all the same.
#[tokio::test]
async fn a_variable_that_is_not_understood_stops_nothing() {
    for (name, value, said) in [
        (ENDPOINT, "user:password@collector:4318", "OTEL_EXPORTER_OTLP_ENDPOINT is no web address"),
        (
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "grpc",
            "OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf",
        ),
    ] {
        let label = format!("mistyped {name}");
        let team = start_team(&label, &[(ENDPOINT, "http://127.0.0.1:1"), (name, value)]).await;
        team.rin.type_command("/token list").await.unwrap().private().unwrap();
        stop(&team).await;
        let log = team.setup.bot.log();
        assert!(log.contains(&format!("no traces are sent: {said}")), "{log}");
        assert!(!log.contains("password@"), "{log}");
    }
}

async fn wait_for_log(team: &Team, text: &str) {
    let said = async {
        while !team.setup.bot.log().contains(text) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), said).await.unwrap();
}

/// The whole main job with a collector that takes nothing: it is told once, with what to do, and nobody waits.
async fn check_loss_is_told(variables: &[(&str, &str)], whys: &[&str]) {
    let often = ("OTEL_BSP_SCHEDULE_DELAY", "50");
    let label = format!("lost traces, {}", whys[0]);
    let team = start_team(&label, &[variables, &[often]].concat()).await;
    let ready = team.issue_token("Reports").await;
    team.collect_secret(&team.rin, &ready).await;
    wait_for_log(&team, "traces are lost").await;
    team.rin.type_command("/token list").await.unwrap().private().unwrap();
    stop(&team).await;
    let log = team.setup.bot.log();
    let is_told = |line: &&str| line.contains("the collector does not take them");
    let told: Vec<&str> = log.lines().filter(is_told).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    let is_explained = whys.iter().any(|why| told[0].contains(why));
    assert!(is_explained && told[0].contains("takes OTLP over HTTP"), "{told:?}");
}

#[tokio::test]
async fn a_collector_that_is_away_hinders_nobody() {
    check_loss_is_told(&[(ENDPOINT, "http://127.0.0.1:1")], &["refused"]).await;
}

#[tokio::test]
async fn a_collector_that_fails_hinders_nobody() {
    let collector = Collector::start(Manner::Refuses).await.unwrap();
    check_loss_is_told(&[(ENDPOINT, &collector.url())], &["it answers 500"]).await;
}

#[tokio::test]
async fn a_collector_that_is_back_gets_traces_again() {
    let collector = Collector::start(Manner::Refuses).await.unwrap();
    let variables = [(ENDPOINT, &*collector.url()), ("OTEL_BSP_SCHEDULE_DELAY", "50")];
    let team = start_team("traces again", &variables).await;
    team.rin.type_command("/token list").await.unwrap().private().unwrap();
    wait_for_log(&team, "traces are lost").await;
    collector.change(Manner::Takes);
    team.rin.type_command("/token list").await.unwrap().private().unwrap();
    wait_for_log(&team, "the collector takes traces again").await;
    stop(&team).await;
}

#[tokio::test]
async fn a_collector_that_hangs_hinders_nobody() {
    let collector = Collector::start(Manner::Hangs).await.unwrap();
    check_loss_is_told(
        &[(ENDPOINT, &collector.url()), ("OTEL_EXPORTER_OTLP_TIMEOUT", "300")],
        &["it does not answer in time"],
    )
    .await;
}

#[tokio::test]
async fn a_collector_that_cuts_connections_hinders_nobody() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    // By which of these the client notices depends on how far it has written.
    let noticed = ["Connection reset", "connection closed", "Broken pipe"];
    check_loss_is_told(&[(ENDPOINT, &format!("http://{address}"))], &noticed).await;
}

/// With the usual limit of ten seconds the process would wait for longer than it may take to stop.
#[tokio::test]
async fn the_end_waits_for_a_collector_that_hangs_a_few_seconds_at_most() {
    let collector = Collector::start(Manner::Hangs).await.unwrap();
    let team = start_team("hanging at the end", &[(ENDPOINT, &collector.url())]).await;
    team.rin.type_command("/token list").await.unwrap().private().unwrap();
    let took = stop(&team).await;
    assert!(team.setup.bot.log().contains("the last traces are lost"), "it was not asked");
    assert!(took < Duration::from_secs(8), "{took:?}");
}
