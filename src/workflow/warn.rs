//! People are warned of what ends soon: 30, 7 and 1 days ahead, by the calendar of UTC.

use std::collections::HashMap;

use serde_json::json;
use sqlx::PgConnection;

use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, TokenId};
use crate::domain::notice::{NoticeKind, Recipient};
use crate::queue::{self, Job};
use crate::store::events::{self, NewEvent};
use crate::store::notices;
use crate::store::warnings::{self, Ending};

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
            bundles.add(event, ending.token, recipients(&ending));
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

/// Messages about several tokens, one for each person.
#[derive(Default)]
pub(super) struct Bundles {
    /// In the order in which they were first named, so that the same people get the same order.
    order: Vec<Recipient>,
    of: HashMap<Recipient, (EventId, Vec<TokenId>)>,
}

impl Bundles {
    /// These people hear of this token.
    pub(super) fn add(&mut self, event: EventId, token: TokenId, people: Vec<Recipient>) {
        for person in people {
            let order = &mut self.order;
            let (_, tokens) = self.of.entry(person).or_insert_with_key(|person| {
                order.push(person.clone());
                (event, Vec::new())
            });
            // Who is owner and contact hears of it once.
            if tokens.last() != Some(&token) {
                tokens.push(token);
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
        for person in &self.order {
            let Some((event, tokens)) = self.of.get(person) else { continue };
            let noted = notices::insert(connection, *event, kind, person, None, None).await?;
            if let Some(notice) = noted {
                warnings::note_tokens(connection, notice, tokens).await?;
                let job = Job::send(notice, person.is_mail());
                queue::enqueue(connection, job, None).await?;
                sent += 1;
            }
        }
        Ok(sent)
    }
}
