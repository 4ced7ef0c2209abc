//! Two replicas of the bot behind a load balancer that alternates, and many people.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use discord_sim::http_ingress::HttpIngress;
use discord_sim::ingress::Ingress;
use discord_sim::{Id, MessageView, Options, Person, Timings};
use ed25519_dalek::SigningKey;
use futures_util::stream::{self, StreamExt as _};
use serde_json::Value;
use testkit::bot::{Bot, Ingress as Way};
use testkit::ports::find_free_address;
use testkit::setup::Setup;

/// How many people send requests at the same time: each has one draft.
const REQUESTERS: usize = 8;

/// How many races run at the same time. With more, two cores don't answer within 3 s.
const AT_ONCE: usize = 8;

/// How long it may take until everything that was begun has ended.
const SETTLE_LIMIT: Duration = Duration::from_secs(90);

/// Gives each interaction to the next replica.
struct TakingTurns {
    replicas: Vec<HttpIngress>,
    next: AtomicUsize,
}

impl Ingress for TakingTurns {
    fn dispatch(&self, event: &str, data: Value) {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.replicas.len();
        self.replicas[turn].dispatch(event, data);
    }
}

pub struct Fixture {
    pub setup: Setup,
    pub second: Bot,
    key: SigningKey,
    requesters: Vec<Person>,
    /// An admin who requests nothing.
    pub ben: Person,
    /// Another one.
    pub dan: Person,
    /// A member who is no admin.
    pub rin: Person,
}

/// A request that waits for one more approval, and its card.
#[derive(Clone)]
pub struct Asked {
    pub name: String,
    pub requester: Person,
    pub card: MessageView,
    /// What answered *Create*, with the requester's own buttons.
    pub submitted: MessageView,
}

impl Fixture {
    /// With these settings of `[policy]`, in TOML.
    pub async fn open(label: &str, policy: &str) -> Self {
        let address = find_free_address().unwrap();
        let key = SigningKey::from_bytes(&[7; 32]);
        let public_key = hex::encode(key.verifying_key().to_bytes());
        // Only outcomes matter here; tests/front/flooding.rs checks Discord's 3 s.
        let timings = Timings { answer_within: Duration::from_secs(10), ..Timings::default() };
        let mut options = Options { route_limits: false, timings, ..Options::standard() };
        for number in 0..REQUESTERS {
            options = options.with_member(&format!("asker{number}"), "en-US", true);
        }
        let options = options.with_member("dan", "en-US", true);
        let settings = format!("[policy]\nmax_open_requests = 1000000\n{policy}");
        let setup = Setup::with(label, options, |config| {
            config.ingress = Way::Http { public_key };
            config.overrides = toml::from_str(&settings).unwrap();
            config.environment.push(("COUNTERSIGN_HTTP__LISTEN".to_owned(), address.to_string()));
        })
        .await
        .unwrap();
        let second = setup.bot.replica("2");
        second.serve().await.unwrap();
        let person = |name: &str| setup.person(name).unwrap().patient(Duration::from_secs(20));
        let requesters = (0..REQUESTERS).map(|number| person(&format!("asker{number}")));
        let requesters = requesters.collect();
        let (ben, dan, rin) = (person("ben"), person("dan"), person("rin"));
        let fixture = Self { key, requesters, ben, dan, rin, second, setup };
        fixture.balance(&[&fixture.setup.bot, &fixture.second]);
        fixture
    }

    /// From now on these replicas get the interactions in turns.
    pub fn balance(&self, replicas: &[&Bot]) {
        let way = |bot: &&Bot| {
            let url = format!("{}/discord/interactions", bot.url().unwrap());
            HttpIngress::new(url, self.key.clone()).unwrap()
        };
        let replicas = replicas.iter().map(way).collect();
        self.setup
            .discord
            .set_ingress(Arc::new(TakingTurns { replicas, next: AtomicUsize::new(0) }));
    }

    /// So many requests of admins, which need one more approval each.
    pub async fn asked(&self, times: usize, label: &str) -> Vec<Asked> {
        let lanes = stream::iter(self.requesters.iter().enumerate().map(|(lane, requester)| {
            let names = (lane..times).step_by(REQUESTERS).map(move |at| format!("{label}{at:05}"));
            async move {
                let mut asked = Vec::new();
                for name in names {
                    let submitted = self.ask(requester, &name).await;
                    asked.push((requester, name, submitted));
                }
                asked
            }
        }));
        let asked: Vec<_> = lanes.buffer_unordered(REQUESTERS).collect().await;
        self.settle().await;
        let cards = self.ben.channel("approvals").unwrap();
        let asked = asked.into_iter().flatten().map(|(requester, name, submitted)| {
            let card = cards.iter().find(|card| card.contains(&name)).unwrap().clone();
            Asked { name, requester: requester.clone(), card, submitted }
        });
        asked.collect()
    }

    pub async fn ask(&self, person: &Person, name: &str) -> MessageView {
        let form = person.type_command("/token request provider:orchard").await;
        let mut form = form.unwrap().modal().unwrap();
        form.fill("Token name", name).unwrap().fill("Description", "Reads harvests").unwrap();
        let panel = form.submit().await.unwrap().private().unwrap();
        let panel = person.click(&panel, "Whole category").await.unwrap().message().unwrap();
        person.click(&panel, "Create").await.unwrap().message().unwrap()
    }

    /// The same up to the DM with *Reveal*.
    pub async fn ready(&self, times: usize, label: &str) -> Vec<(Asked, MessageView)> {
        let asked = self.asked(times, label).await;
        race(&asked, async |asked| {
            self.ben.click_outdated(&asked.card, "Approve").await.unwrap().private().unwrap();
        })
        .await;
        self.settle().await;
        let dms = self.of_requesters(Person::dms);
        let with_dm = |asked: Asked| {
            let mut dms = dms[&asked.requester.id()].iter().rev();
            let dm = dms.find(|dm| dm.contains(&asked.name) && dm.offers("Reveal")).unwrap();
            (asked, dm.clone())
        };
        asked.into_iter().map(with_dm).collect()
    }

    /// What each requester sees.
    pub fn of_requesters(
        &self,
        seen: impl Fn(&Person) -> Vec<MessageView>,
    ) -> BTreeMap<Id, Vec<MessageView>> {
        let requesters = self.requesters.iter().chain([&self.rin]);
        requesters.map(|requester| (requester.id(), seen(requester))).collect()
    }

    /// The second replica restarts with so many required approvals for each request; the first one does not
    /// know.
    pub async fn reload(&self, approvals: i64) {
        let takes = |config: &mut toml::Table| {
            let policy = config["policy"].as_table_mut().unwrap();
            policy.insert("approvals".to_owned(), approvals.into());
        };
        self.setup.configure(takes).unwrap();
        self.balance(&[&self.setup.bot]);
        // As a load balancer does, which first lets running requests end.
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.second.restart().await.unwrap();
        self.balance(&[&self.setup.bot, &self.second]);
    }

    pub async fn settle(&self) {
        self.setup.settle_within(SETTLE_LIMIT).await.unwrap();
    }

    /// Fails if a replica logged an unexpected failure.
    pub fn is_sound(&self) {
        for log in [self.setup.bot.log(), self.second.log()] {
            let wrong = log.lines().filter(|line| line.contains("\"ERROR\""));
            assert_eq!(wrong.collect::<Vec<_>>(), Vec::<&str>::new());
        }
    }

    /// Stops in order; messages that were not read were checked already.
    pub async fn close(self) {
        self.settle().await;
        assert!(self.setup.discord.violations().is_empty());
        assert!(self.second.stop().await.unwrap().success());
        assert!(self.setup.bot.stop().await.unwrap().success());
        self.is_sound();
    }
}

/// Runs a race for each, several at once.
pub async fn race<T, R>(all: &[T], run: impl AsyncFn(&T) -> R) -> Vec<R> {
    let run = &run;
    stream::iter(all).map(|one| async move { run(one).await }).buffered(AT_ONCE).collect().await
}
