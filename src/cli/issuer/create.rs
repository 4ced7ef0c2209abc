//! Makes one token at an API, tries on it what there is to try, and revokes it.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::report::{Left, Report};
use crate::cli::not_done::{SentCall, explain};
use crate::config::{HttpCall, Provider, UpdateField, UpstreamValues};
use crate::issuer::{
    Answer, Created, Doubt, End, Known, NotDone, Renewed, Said, Sight, Upstream, Verdict, judge,
};

/// When it is looked at what a call did: some APIs show it a moment later.
const LOOKS: [Duration; 3] = [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(4)];

/// A trial under way.
struct Trial<'a> {
    upstream: &'a Upstream<'a>,
    values: UpstreamValues,
    /// All that it gave so far: each must be another one.
    secrets: Vec<SecretString>,
    report: Report,
}

/// Runs a trial; whether anything went wrong.
pub(super) async fn run(
    upstream: &Upstream<'_>,
    provider: &Provider,
    values: UpstreamValues,
    as_json: bool,
) -> anyhow::Result<bool> {
    anyhow::ensure!(
        upstream.settings().revoke.is_some(),
        "{} has no revoke, so that a token would be left: make one by hand",
        provider.id
    );
    let marker = values.marker.clone();
    // Who stops this in the middle has read what to look for.
    eprintln!("Making a token at {} that is known by {marker}.", provider.name);
    let mut trial = Trial { upstream, values, secrets: Vec::new(), report: Report::new(as_json) };
    let left = trial.play().await?;
    let id = trial.values.upstream_id.take().filter(|_| !upstream.settings().id_is_secret);
    trial.report.end((&marker, id.as_deref()), left)?;
    Ok(trial.report.has_failed() || left == Left::MayBe)
}

impl Trial<'_> {
    /// The API, in whose words the newest secret is hidden.
    fn upstream(&self) -> Upstream<'_> {
        self.upstream.hiding(self.secrets.last())
    }

    /// All steps.
    async fn play(&mut self) -> anyhow::Result<Left> {
        let made = match self.upstream.create(&self.values).await {
            Ok(made) => made,
            Err(why) => {
                let may_be_there = matches!(why, NotDone::Doubtful(_));
                let settings = self.upstream.settings();
                self.report_not_done("create", &settings.create, why).await?;
                if may_be_there {
                    return self.look_for_stray().await;
                }
                return Ok(Left::NeverMade);
            }
        };
        self.report.ok("create", describe(&made, self.upstream.settings().id_is_secret))?;
        if let End::Unreadable(value) = &made.ends {
            let saw = format!("when it ends can't be read: {value}");
            let cure = "correct expires_at: a token would end by Countersign's clock alone";
            self.report.failed("create", saw, cure)?;
        }
        self.values.upstream_id = Some(made.id);
        self.secrets.push(made.secret);
        self.finds_it().await?;
        self.updates_it().await?;
        self.renews_it().await?;
        self.stops_it().await?;
        self.revokes_it().await
    }

    /// `find` and `get` show what was just made.
    async fn finds_it(&mut self) -> anyhow::Result<()> {
        let settings = self.upstream.settings();
        if settings.find.is_some() {
            let id = self.values.upstream_id.clone().unwrap_or_default();
            let mut sight = Sight::Unseen;
            for pause in LOOKS {
                tokio::time::sleep(pause).await;
                let found = self.upstream().find(&self.values).await;
                sight = seen(found.map(|listing| listing.sight(&id, false)));
                if sight == Sight::Alive {
                    break;
                }
            }
            self.report_sight("find", &sight)?;
        }
        if settings.get.is_some() {
            let sight = self.look().await;
            self.report_sight("get", &sight)?;
        }
        Ok(())
    }

    /// It gets another name or description where `update` changes them, and is what it was in all else.
    async fn updates_it(&mut self) -> anyhow::Result<()> {
        let Some(update) = &self.upstream.settings().update else { return Ok(()) };
        let mut values = self.values.clone();
        for (field, text) in [
            (UpdateField::Name, &mut values.name),
            (UpdateField::Description, &mut values.description),
        ] {
            if update.fields.contains(&field) {
                text.push_str(" (changed)");
            }
        }
        match self.upstream().update(&values).await {
            Ok(()) => {
                let sight = self.look().await;
                self.report_sight("update", &sight)
            }
            Err(why) => self.report_not_done("update", &update.call, why).await,
        }
    }

    /// It gets another secret; whether it did.
    async fn renews_it(&mut self) -> anyhow::Result<bool> {
        let Some(call) = &self.upstream.settings().reset else { return Ok(true) };
        match self.upstream().reset(&self.values).await {
            Ok(renewed) => self.is_renewed("reset", renewed),
            Err(why) => {
                self.report_not_done("reset", call, why).await?;
                Ok(false)
            }
        }
    }

    /// What a call gave; whether it is a secret that was not given before.
    fn is_renewed(&mut self, call: &'static str, renewed: Renewed) -> anyhow::Result<bool> {
        self.values.upstream_id = renewed.id.clone().or(self.values.upstream_id.take());
        let is = |secret: &SecretString| secret.expose_secret() == renewed.secret.expose_secret();
        if self.secrets.iter().any(is) {
            let cure = "nobody gets a secret that was handed out before: let it give another one";
            self.report.failed(call, "it gave a secret that it gave before".to_owned(), cure)?;
            return Ok(false);
        }
        let length = renewed.secret.expose_secret().len();
        let id = if renewed.id.is_some() { ", and an id" } else { "" };
        self.report.ok(call, format!("it gave a secret of {length} characters{id}"))?;
        self.secrets.push(renewed.secret);
        Ok(true)
    }

    async fn stops_it(&mut self) -> anyhow::Result<()> {
        if !self.upstream.can_disable() {
            return Ok(());
        }
        let before = self.look().await;
        let answer = self.upstream().disable(&self.values).await;
        self.end("disable", (&before, &Said::of(answer)), false).await?;
        let Some(enable) = &self.upstream.settings().enable else { return Ok(()) };
        if self.upstream.resets_before_enabling() && !self.renews_it().await? {
            return Ok(());
        }
        match self.upstream().enable(&self.values).await {
            Ok(given) => {
                if let Some(renewed) = given
                    && !self.is_renewed("enable", renewed)?
                {
                    return Ok(());
                }
                let sight = self.look().await;
                self.report_sight("enable", &sight)
            }
            Err(why) => self.report_not_done("enable", enable, why).await,
        }
    }

    /// It is gone only where the API showed it before, accepted its end, and shows it no longer.
    async fn revokes_it(&mut self) -> anyhow::Result<Left> {
        let before = self.look().await;
        // What was made a moment ago still has the id that it was given: here it may be revoked unseen.
        let said = Said::of(self.upstream().revoke(&self.values).await);
        if !matches!(before, Sight::Alive | Sight::Dead) {
            let saw = format!(
                "{}, and nobody can see it: {}",
                describe_said(&said),
                describe_sight(&before)
            );
            let cure = match before {
                Sight::Unseen => {
                    "look by hand whether it is gone; with find or get it could be seen"
                }
                _ => "no end like this would be believed: correct find, get or alive",
            };
            self.report.failed("revoke", saw, cure)?;
            return Ok(Left::MayBe);
        }
        let after = self.end("revoke", (&before, &said), true).await?;
        Ok(match after {
            Some(Sight::Absent) => Left::Gone,
            Some(Sight::Dead) => Left::Dead,
            _ => Left::MayBe,
        })
    }

    /// What a call made that nobody saw answered: there at once, or after `settle`.
    async fn look_for_stray(&mut self) -> anyhow::Result<Left> {
        let Some(find) = &self.upstream.settings().find else {
            let cure = "look by hand whether it made a token";
            self.report.failed("find", "there is no call that lists tokens", cure)?;
            return Ok(Left::MayBe);
        };
        let mut unseen = None;
        for pause in [Duration::ZERO, self.upstream.settings().settle] {
            tokio::time::sleep(pause).await;
            let listing = match self.upstream().find(&self.values).await {
                Ok(listing) => listing,
                Err(why) => {
                    unseen = Some(why);
                    continue;
                }
            };
            unseen = None;
            let ids = listing.marked();
            if !ids.is_empty() {
                return self.revokes_strays(ids).await;
            }
        }
        if let Some(why) = unseen {
            self.report_not_done("find", &find.call, why).await?;
            return Ok(Left::MayBe);
        }
        let cure = "look by hand once more in ten minutes";
        self.report.failed("find", "it shows no token of that name", cure)?;
        Ok(Left::MayBe)
    }

    async fn revokes_strays(&mut self, ids: Vec<String>) -> anyhow::Result<Left> {
        let mut left = Left::Gone;
        for id in ids {
            self.report.ok("find", "it shows a token of that name, which is to be revoked")?;
            self.values.upstream_id = Some(id);
            left = left.max(self.revokes_it().await?);
        }
        Ok(left)
    }

    async fn report_not_done(
        &mut self,
        name: &'static str,
        call: &HttpCall,
        why: NotDone,
    ) -> anyhow::Result<()> {
        let sent = SentCall { name, call, values: &self.values };
        let (said, cure) = explain(self.upstream, sent, why).await;
        self.report.failed(name, said, cure)
    }

    async fn look(&self) -> Sight {
        seen(self.upstream().look_at(&self.values).await)
    }

    fn known(&self, for_good: bool) -> Known {
        let ids_are_unique = self.upstream.settings().ids_are_unique;
        Known { ids_are_unique, for_good, ..Known::default() }
    }

    fn report_sight(&mut self, call: &'static str, sight: &Sight) -> anyhow::Result<()> {
        match sight {
            Sight::Alive => self.report.ok(call, describe_sight(sight)),
            Sight::Unseen => {
                self.report.ok(call, "it was answered as done; there is no call that shows it")
            }
            sight => {
                let cure = "nobody could see the end of such a token: correct find, get or alive";
                self.report.failed(call, describe_sight(sight), cure)
            }
        }
    }

    /// Looks whether it has ended, and says so; what is seen of it where it has. An end that the API did not
    /// accept is none here, whatever is seen.
    async fn end(
        &mut self,
        call: &'static str,
        (before, said): (&Sight, &Said),
        for_good: bool,
    ) -> anyhow::Result<Option<Sight>> {
        let mut after = Sight::Unseen;
        let mut verdict = Verdict::Again(String::new());
        for pause in LOOKS {
            tokio::time::sleep(pause).await;
            after = self.look().await;
            verdict = judge(before, said, &after, self.known(for_good));
            if !matches!(verdict, Verdict::Again(_)) {
                break;
            }
        }
        let is_accepted = said.is_accepted();
        let why = match verdict {
            Verdict::Off if is_accepted && matches!(after, Sight::Absent | Sight::Dead) => {
                let saw = format!("{}; then {}", describe_said(said), describe_sight(&after));
                self.report.ok(call, saw)?;
                return Ok(Some(after));
            }
            Verdict::Off if is_accepted && after == Sight::Unseen => {
                self.report.ok(call, "it was answered as done; there is no call that shows it")?;
                return Ok(None);
            }
            Verdict::Off => format!("{}; then {}", describe_said(said), describe_sight(&after)),
            Verdict::Again(why) => why,
            Verdict::Person(doubt) => describe_doubt(&doubt),
        };
        let late = match said {
            Said::Doubtful(_) => " The call may still arrive: make no token there for a minute.",
            _ => "",
        };
        let cure =
            format!("no end like this would be believed: compare {call} with the API.{late}");
        self.report.failed(call, why, cure)?;
        Ok(None)
    }
}

fn describe_said(said: &Said) -> String {
    match said {
        Said::Done => "it was answered as done".to_owned(),
        Said::Accepted => "the API answered that it will be done (202)".to_owned(),
        Said::NotThere => "the API answered that it knows no such token".to_owned(),
        Said::Gone(words) => format!("the API answered that something is not there: {words}"),
        Said::Refused(words) => format!("it was refused: {words}"),
        Said::Doubtful(why) => format!("it was not answered as done: {why}"),
        Said::NotCalled => "it was not called".to_owned(),
    }
}

fn seen(answer: Answer<Sight>) -> Sight {
    answer.unwrap_or_else(|why| Sight::Unclear(why.describe()))
}

fn describe(made: &Created, id_is_secret: bool) -> String {
    let id = if id_is_secret { "that is a secret".to_owned() } else { made.id.clone() };
    let length = made.secret.expose_secret().len();
    let end = match &made.ends {
        End::Never => "the API says nothing of its end".to_owned(),
        End::At(at) => format!("the API ends it at {}", at.format("%Y-%m-%d %H:%M UTC")),
        End::Unreadable(value) => format!("when it ends can't be read: {value}"),
    };
    format!("it gave an id ({id}) and a secret of {length} characters; {end}")
}

fn describe_sight(sight: &Sight) -> String {
    match sight {
        Sight::Alive => "it is there, and works".to_owned(),
        Sight::Dead => "it is there, as one that doesn't work".to_owned(),
        Sight::OtherName(name) => format!("its id is there under another name: {name}"),
        Sight::OtherId => "its name is there under another id".to_owned(),
        Sight::Absent => "it is not there".to_owned(),
        Sight::Missing(words) => format!("something is not there, it or another: {words}"),
        Sight::Partial => "it is not on what was read, and there is more".to_owned(),
        Sight::Unclear(why) => format!("nobody knows: {why}"),
        Sight::Refused(words) => format!("the look is refused: {words}"),
        Sight::Unseen => "there is no call that shows it".to_owned(),
    }
}

fn describe_doubt(doubt: &Doubt) -> String {
    match doubt {
        Doubt::NotThere => "it was not there before".to_owned(),
        Doubt::OtherName(name) => format!("its id is there under another name: {name}"),
        Doubt::OtherId => "its name is there under another id".to_owned(),
        Doubt::TooLong => "the list is longer than what is read of it".to_owned(),
        Doubt::Refused(words) => format!("it is refused: {words}"),
    }
}
