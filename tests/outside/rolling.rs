//! Two processes behind nginx, as in the book, are replaced one after the other while people press: nothing is lost, and
//! nothing is done or answered twice.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use discord_sim::{MessageView, Options, Person, Seen};
use ed25519_dalek::SigningKey;
use futures_util::future::join_all;
use testkit::bot::{Bot, Ingress};
use testkit::nginx::Nginx;
use testkit::ports::find_free_address;
use testkit::team::Team;
use tokio_util::sync::CancellationToken;

use super::publish;

/// The page whose configuration is used.
const PAGE: &str = include_str!("../../docs/book/en/src/signed-posts.md");

/// How many people press besides the team: one less than the approvals that are needed, so that nothing is
/// created.
const PEOPLE: usize = 19;

/// How often each process is replaced.
const ROUNDS: usize = 3;

/// Approvals, and lines of the audit log about them.
const APPROVALS: &str = "select count(*) from countersign.approvals";
const APPROVED: &str = "select count(*) from countersign.events where kind = 'approval_given'";

/// The book's configuration with these addresses, without TLS.
fn configuration(listen: SocketAddr, processes: &[String; 2]) -> String {
    let blocks = PAGE.split("```nginx\n").skip(1).map(|block| block.split("```").next().unwrap());
    let block = blocks.into_iter().find(|block| block.contains("upstream countersign")).unwrap();
    let lines = block.lines().filter(|line| !line.contains("ssl_certificate"));
    let text = lines.collect::<Vec<_>>().join("\n");
    let [first, second] = processes.each_ref().map(|url| url.strip_prefix("http://").unwrap());
    text.replace("443 ssl", &listen.to_string())
        .replace("10.0.0.11:8080", first)
        .replace("10.0.0.12:8080", second)
}

#[derive(Default)]
struct Pressed {
    answered: usize,
    unanswered: usize,
    slowest: Duration,
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_behind_nginx_are_replaced_under_load_without_a_lost_press() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public_key = hex::encode(key.verifying_key().to_bytes());
    let name = |number: usize| format!("admin{number:02}");
    let options = (0..PEOPLE)
        .fold(Options::standard(), |all, number| all.with_member(&name(number), "en-US", true));
    let mut team = Team::with("rolling", options, |config| {
        config.ingress = Ingress::Http { public_key };
        config.overrides = toml::from_str("[policy]\napprovals = 20").unwrap();
    })
    .await;
    team.setup.bot.keep_address();
    let second = team.setup.bot.replica("2").keeping_its_address();
    second.serve().await.unwrap();
    let processes = [&team.setup.bot, &second].map(|bot| bot.url().unwrap());
    let front = find_free_address().unwrap();
    let nginx = Nginx::start(&configuration(front, &processes), front).await.unwrap();
    team.setup
        .discord
        .deliver_over_http(&format!("http://{front}/discord/interactions"), key)
        .unwrap();
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 20 approvals").await;
    let people: Vec<Person> =
        (0..PEOPLE).map(|number| team.setup.person(&name(number)).unwrap()).collect();

    let replaced = CancellationToken::new();
    let pressing = join_all(
        people
            .iter()
            .enumerate()
            .map(|(number, person)| press_until(person, &card, number, &replaced)),
    );
    let replacing = async {
        let mut took = Vec::new();
        for _ in 0..ROUNDS {
            for bot in [&team.setup.bot, &second] {
                took.push(replace(bot).await);
            }
        }
        replaced.cancel();
        took
    };
    let (pressed, took) = tokio::join!(pressing, replacing);
    let sum = |what: fn(&Pressed) -> usize| pressed.iter().map(what).sum::<usize>();
    let (answered, unanswered) = (sum(|one| one.answered), sum(|one| one.unanswered));
    let slowest = pressed.iter().map(|one| one.slowest).max().unwrap_or_default();
    publish(
        "outside-rolling.txt",
        &format!(
            "{} replacements of {took:.1?} under {PEOPLE} people: {answered} presses answered, the slowest after \
             {slowest:.1?}, {unanswered} told that the bot did not respond",
            took.len()
        ),
    );
    let logs = || [team.setup.bot.log(), second.log(), nginx.log()].concat();
    assert_eq!(unanswered, 0, "people were left without an answer: {}", logs());
    let people_count = i64::try_from(PEOPLE).unwrap();
    assert_eq!(
        (team.count(APPROVALS).await, team.count(APPROVED).await),
        (people_count, people_count)
    );
    // Each press has one answer.
    let answers: usize = people.iter().map(|person| person.private_messages().len()).sum();
    assert_eq!(answers, answered, "{}", logs());
    team.last_card("19 of 20 approvals").await;
    assert!(second.stop().await.unwrap().success());
    team.finish().await;
}

/// Stops a process and starts it again. Returns how long it was away.
async fn replace(bot: &Bot) -> Duration {
    let start = Instant::now();
    bot.restart().await.unwrap();
    start.elapsed()
}

/// Types commands, and presses *Approve* once, until all were replaced.
async fn press_until(
    person: &Person,
    card: &MessageView,
    number: usize,
    replaced: &CancellationToken,
) -> Pressed {
    let (mut pressed, mut approved) = (Pressed::default(), false);
    // Each at another of their presses, so that some approve while a process stops.
    let turn = 1 + number % 8;
    while !replaced.is_cancelled() || !approved {
        let began = Instant::now();
        let is_due = !approved && pressed.answered >= turn;
        let seen = if is_due {
            person.click_outdated(card, "Approve").await.and_then(Seen::private)
        } else {
            person.type_command("/token list").await.and_then(Seen::private)
        };
        match seen {
            Ok(_) => {
                approved |= is_due;
                pressed.answered += 1;
                pressed.slowest = pressed.slowest.max(began.elapsed());
            }
            Err(_) => pressed.unanswered += 1,
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    pressed
}
