//! People who play whole workflows, one after the other, each lane with people of its own. They follow what
//! happens and never look at all messages, so that many lanes cost little.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use discord_sim::{Discord, Happening, Options, Person};
use testkit::team::DEVELOPER;
use tokio::sync::mpsc;

use crate::figures::Times;

/// Who waits longer for something gives up, and the benchmark with them.
const PATIENCE: Duration = Duration::from_secs(60);

/// The people of a lane: one who asks and two who approve.
const ROLES: [(&str, bool); 3] = [("dev", false), ("first", true), ("last", true)];

/// What is timed in a workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// `/token request` → the modal.
    Modal,
    /// The modal → its answer.
    Submit,
    /// *Whole category* → the panel.
    Panel,
    /// *Create* → its answer.
    Create,
    /// *Approve* → its answer.
    Approve,
    /// *Reveal* → its first answer.
    Reveal,
    /// *Reveal* → the secret.
    Secret,
    /// The last *Approve* → the direct message.
    Notice,
    /// *I have stored it* → its answer.
    Store,
    /// `/token request` → the card says that all is over.
    Whole,
}

/// The times of each step.
#[derive(Clone, Debug, Default)]
pub struct Timings(HashMap<Step, Times>);

impl Timings {
    pub fn of(&self, step: Step) -> Times {
        self.0.get(&step).cloned().unwrap_or_default()
    }

    pub fn extend(&mut self, others: Self) {
        for (step, times) in others.0 {
            self.0.entry(step).or_default().extend(times);
        }
    }

    fn add(&mut self, step: Step, time: Duration) {
        self.0.entry(step).or_default().add(time);
    }
}

/// The standard guild with people for so many lanes.
pub fn guild(lanes: usize) -> Options {
    let mut options =
        Options { route_limits: false, checks_document: false, ..Options::standard() };
    for lane in 0..lanes {
        for (role, admin) in ROLES {
            options = options.with_member(&format!("{role}{lane}"), "en-US", admin);
        }
    }
    options
}

/// One lane.
pub struct Lane {
    pub owner: Person,
    admins: [Person; 2],
    feed: mpsc::UnboundedReceiver<Happening>,
    /// What happened since the workflow began.
    seen: Vec<Happening>,
    number: usize,
    played: usize,
}

/// All lanes of a guild, each told of what concerns it.
pub fn lanes(discord: &Discord, count: usize) -> anyhow::Result<Vec<Lane>> {
    let (mut lanes, mut feeds, mut owners) = (Vec::new(), Vec::new(), HashMap::new());
    for number in 0..count {
        let [owner, first, last] =
            ROLES.map(|(role, _)| discord.person(&format!("{role}{number}")));
        let (owner, admins) = (owner?, [first?, last?]);
        for person in [&owner, &admins[0], &admins[1]] {
            owners.insert(person.id(), number);
        }
        let (sender, feed) = mpsc::unbounded_channel();
        feeds.push(sender);
        lanes.push(Lane { owner, admins, feed, seen: Vec::new(), number, played: 0 });
    }
    let mut happenings = discord.follow();
    tokio::spawn(async move {
        while let Some(happening) = happenings.recv().await {
            let lane = match &happening {
                Happening::Answered { person, .. } => owners.get(person).copied(),
                Happening::Shown { to: Some(person), .. }
                | Happening::Deleted { to: Some(person), .. } => owners.get(person).copied(),
                Happening::Shown { text, .. } => lane_named_in(text),
                Happening::Deleted { .. } => None,
            };
            if let Some(feed) = lane.and_then(|lane| feeds.get(lane)) {
                // A lane that ended hears nothing.
                let _ = feed.send(happening);
            }
        }
    });
    Ok(lanes)
}

/// The lane whose token a card is about: tokens are called `L3N14`, the fourteenth of lane 3.
fn lane_named_in(text: &str) -> Option<usize> {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.find_map(|word| {
        let (lane, number) = word.strip_prefix('L')?.split_once('N')?;
        number.parse::<usize>().ok()?;
        lane.parse().ok()
    })
}

/// An answer to an interaction.
struct Answer {
    sent: Instant,
    time: Duration,
}

impl Lane {
    /// From `/token request` to *I have stored it*, and until the card says so. Fails at anything unexpected.
    pub async fn play(&mut self) -> anyhow::Result<Timings> {
        self.played += 1;
        let name = format!("L{}N{}", self.number, self.played);
        self.seen.clear();
        let mut timings = Timings::default();
        let begun = self.play_named(&name, &mut timings).await.with_context(|| name.clone())?;
        timings.add(Step::Whole, begun.elapsed());
        Ok(timings)
    }

    async fn play_named(&mut self, name: &str, timings: &mut Timings) -> anyhow::Result<Instant> {
        let (owner, [first, last]) = (self.owner.clone(), self.admins.clone());
        let asked = owner.type_unwatched("/token request provider:orchard")?;
        let begun = self.time(Step::Modal, asked, timings).await?.sent;
        let mut form = owner.open_modal(asked)?;
        form.fill("Token name", name)?.fill("Description", "Reads harvests every night")?;
        form.fill("Developer emails", DEVELOPER)?;
        self.time(Step::Submit, form.submit_unwatched()?, timings).await?;
        let own = Some(owner.id());
        let (panel, _) = self.wait_for("the panel", own, &[name], &[], begun).await?;

        let chosen = owner.click_unwatched(panel, "Whole category")?;
        let sent = self.time(Step::Panel, chosen, timings).await?.sent;
        self.wait_for("the panel with scopes", own, &[name], &[], sent).await?;
        self.time(Step::Create, owner.click_unwatched(panel, "Create")?, timings).await?;
        let (card, _) =
            self.wait_for("the card", None, &[name, "0 of 2 approvals"], &[], begun).await?;

        self.time(Step::Approve, first.click_unwatched(card, "Approve")?, timings).await?;
        self.wait_for("the next card", None, &[name, "1 of 2 approvals"], &[], begun).await?;
        let approved = last.click_unwatched(card, "Approve")?;
        let sent = self.time(Step::Approve, approved, timings).await?.sent;
        let (ready, at) = self.wait_for("the DM", own, &[name, "is ready"], &[], begun).await?;
        timings.add(Step::Notice, at - sent);

        let revealed = owner.click_unwatched(ready, "Reveal")?;
        let sent = self.time(Step::Reveal, revealed, timings).await?.sent;
        let (shown, at) = self.wait_for("the secret", own, &[name, "```"], &[], sent).await?;
        timings.add(Step::Secret, at - sent);
        self.wait_for("that it was seen", None, &[name, "**Collected**"], &[], begun).await?;
        self.time(Step::Store, owner.click_unwatched(shown, "I have stored it")?, timings).await?;
        let over = (&[name, "**Collected**"][..], &["has not confirmed"][..]);
        self.wait_for("the last card", None, over.0, over.1, begun).await?;
        Ok(begun)
    }

    /// Waits for the answer, and notes how long it took.
    async fn time(
        &mut self,
        step: Step,
        interaction: u64,
        timings: &mut Timings,
    ) -> anyhow::Result<Answer> {
        let answer =
            self.wait_for_answer(interaction).await.with_context(|| format!("{step:?}"))?;
        timings.add(step, answer.time);
        Ok(answer)
    }

    /// How long a command took to be answered.
    pub async fn time_command(&mut self, line: &str) -> anyhow::Result<Duration> {
        self.seen.clear();
        let interaction = self.owner.type_unwatched(line)?;
        Ok(self.wait_for_answer(interaction).await?.time)
    }

    async fn wait_for_answer(&mut self, wanted: u64) -> anyhow::Result<Answer> {
        self.wait("the answer", |happening| match happening {
            Happening::Answered { interaction, sent, came, .. } if *interaction == wanted => {
                Some(Answer { sent: *sent, time: *came - *sent })
            }
            _ => None,
        })
        .await
    }

    /// A message to this person, or a card, that has all of these texts and none of those, not older than this;
    /// and its moment.
    async fn wait_for(
        &mut self,
        what: &str,
        reader: Option<u64>,
        texts: &[&str],
        without: &[&str],
        since: Instant,
    ) -> anyhow::Result<(u64, Instant)> {
        self.wait(what, |happening| match happening {
            Happening::Shown { message, to, text, at } => {
                let fits = *to == reader
                    && *at >= since
                    && texts.iter().all(|wanted| text.contains(wanted))
                    && !without.iter().any(|other| text.contains(other));
                fits.then_some((*message, *at))
            }
            _ => None,
        })
        .await
    }

    async fn wait<T>(
        &mut self,
        what: &str,
        look: impl Fn(&Happening) -> Option<T>,
    ) -> anyhow::Result<T> {
        if let Some(found) = self.seen.iter().find_map(&look) {
            return Ok(found);
        }
        let coming = async {
            while let Some(happening) = self.feed.recv().await {
                let found = look(&happening);
                self.seen.push(happening);
                if found.is_some() {
                    return found;
                }
            }
            None
        };
        let found = tokio::time::timeout(PATIENCE, coming).await.ok().flatten();
        found.with_context(|| format!("{what} did not come within {PATIENCE:?}"))
    }
}
