//! People are warned of what ends soon: 30, 7 and 1 days ahead, by the calendar of UTC.

use std::collections::HashMap;

use serde_json::json;
use sqlx::PgConnection;

use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, RequestId, TokenId};
use crate::domain::notice::{NoticeKind, Recipient};
use crate::queue::{self, Job};
use crate::store::events::{self, NewEvent};
use crate::store::notices;
use crate::store::warnings::{self, Ending};

use super::record::tell;
use super::{Outcome, Workflow};

impl Workflow {
    /// Warns everybody whose tokens end soon, in one message to each, once a day.
    ///
    /// All of it is one transaction: who comes second finds the day begun, and nobody can be told of
    /// one of their tokens today and of another one an hour later.
    ///
    /// # Errors
    /// Faults.
    pub async fn warn_of_ends(&self) -> Outcome<()> {
        let mut transaction = self.transaction().await?;
        if !warnings::begin_today(&mut transaction).await? {
            return Ok(());
        }
        let mut bundles = Bundles::default();
        for ending in warnings::due(&mut transaction).await? {
            let event = note(&mut transaction, &ending).await?;
            let about = About { event, request: ending.request, token: ending.token };
            bundles.add(about, recipients(&ending));
        }
        bundles.send(&mut transaction, NoticeKind::Expiring).await?;
        transaction.commit().await?;
        Ok(())
    }
}

async fn note(connection: &mut PgConnection, ending: &Ending) -> sqlx::Result<EventId> {
    let event = NewEvent {
        request: Some(ending.request),
        token: Some(ending.token),
        ..NewEvent::new(
            EventKind::TokenExpiring,
            &ending.provider,
            json!({ "days": ending.days, "expires_at": ending.expires_at }),
        )
    };
    let event = events::append(connection, &event).await?;
    warnings::note(connection, ending, event).await?;
    Ok(event)
}

fn recipients(ending: &Ending) -> Vec<Recipient> {
    let people = [ending.owner, ending.contact].map(Recipient::DirectMessage);
    let developers = ending.developer_emails.iter().cloned().map(Recipient::Mail);
    developers.chain(people).collect()
}

/// What happened to one token.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    /// The event of it.
    pub event: EventId,
    /// The request that is spoken of.
    pub request: RequestId,
    /// The token.
    pub token: TokenId,
}

/// Messages about several tokens, one for each person.
#[derive(Default)]
pub(super) struct Bundles {
    /// In the order in which they were first named, so that the same people get the same order.
    order: Vec<Recipient>,
    of: HashMap<Recipient, Vec<About>>,
}

impl Bundles {
    /// These people hear of this token.
    pub(super) fn add(&mut self, about: About, people: Vec<Recipient>) {
        for person in people {
            let order = &mut self.order;
            let all = self.of.entry(person).or_insert_with_key(|person| {
                order.push(person.clone());
                Vec::new()
            });
            // Who is owner and contact hears of it once.
            if all.last().is_none_or(|last| last.token != about.token) {
                all.push(about);
            }
        }
    }

    /// Notes a message for each person, and has it sent; how many that are.
    pub(super) async fn send(
        self,
        connection: &mut PgConnection,
        kind: NoticeKind,
    ) -> sqlx::Result<usize> {
        let mut sent = 0;
        for (person, all) in self.each() {
            sent += usize::from(note_bundle(connection, kind, person, all).await?);
        }
        Ok(sent)
    }

    /// The same, where a message of a single token is one of another kind.
    pub(super) async fn send_as(
        self,
        connection: &mut PgConnection,
        (one, several): (NoticeKind, NoticeKind),
    ) -> sqlx::Result<()> {
        for (person, all) in self.each() {
            if let [About { event, request, token }] = *all {
                let about = (Some(request), Some(token));
                tell(connection, event, one, about, [person.clone()]).await?;
            } else {
                note_bundle(connection, several, person, all).await?;
            }
        }
        Ok(())
    }

    fn each(&self) -> impl Iterator<Item = (&Recipient, &[About])> {
        self.order.iter().filter_map(|person| Some((person, self.of.get(person)?.as_slice())))
    }
}

/// Whether there is a message to be sent that was not there before.
async fn note_bundle(
    connection: &mut PgConnection,
    kind: NoticeKind,
    person: &Recipient,
    all: &[About],
) -> sqlx::Result<bool> {
    let Some(first) = all.first() else { return Ok(false) };
    let noted = notices::insert(connection, first.event, kind, person, None, None).await?;
    let Some(notice) = noted else { return Ok(false) };
    let tokens: Vec<TokenId> = all.iter().map(|about| about.token).collect();
    warnings::note_tokens(connection, notice, &tokens).await?;
    queue::enqueue(connection, Job::send(notice, person.is_mail()), None).await?;
    Ok(true)
}
