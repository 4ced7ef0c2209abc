//! A notice is sent: what it tells of, to whom, and how that ended.

use std::collections::BTreeMap;

use serde_json::json;

use crate::domain::event::EventKind;
use crate::domain::ids::{ChannelId, NoticeId, UserId};
use crate::domain::notice::Recipient;
use crate::domain::policy;
use crate::domain::request::Request;
use crate::domain::token::Token;
use crate::queue::{self, Job};
use crate::store::events::{self, NewEvent};
use crate::store::notices::{self, Notice, NoticeState};
use crate::store::people::{self, Person};
use crate::store::{requests, tokens};

use super::{Outcome, Workflow};

/// A notice that is due, with all that it may speak of.
#[derive(Debug)]
pub struct Telling {
    /// The notice.
    pub notice: Notice,
    /// The request that it is about.
    pub request: Request,
    /// The token, where there is one.
    pub token: Option<Token>,
    /// Whose hands count.
    pub approvers: Vec<UserId>,
    /// What is known of everybody here.
    pub people: BTreeMap<UserId, Person>,
}

impl Telling {
    /// What somebody is called; the id of those who were never seen.
    #[must_use]
    pub fn name(&self, person: UserId) -> String {
        self.people.get(&person).map_or_else(|| person.to_string(), |known| known.name.clone())
    }

    /// Discord's name of somebody's language, where it is known.
    #[must_use]
    pub fn locale(&self, person: UserId) -> Option<&str> {
        self.people.get(&person)?.locale.as_deref()
    }
}

impl Workflow {
    /// A notice that was not sent yet.
    ///
    /// # Errors
    /// Faults.
    pub async fn to_tell(&self, id: NoticeId) -> Outcome<Option<Telling>> {
        let mut connection = self.pool.acquire().await?;
        let Some(notice) = notices::waiting(&mut connection, id).await? else { return Ok(None) };
        let Some(request) = notice.request else { return Ok(None) };
        let Some(request) = requests::get(&mut connection, request).await? else {
            return Ok(None);
        };
        let token = match notice.token {
            Some(token) => tokens::get(&mut connection, token).await?,
            None => None,
        };
        let hands = requests::hands(&mut connection, request.id).await?;
        let approvers: Vec<UserId> =
            policy::people_whose_hands_count(&request, &hands).into_iter().collect();
        let mut all = vec![request.requester, request.content.contact];
        all.extend(&approvers);
        all.extend(notice.actor);
        if let Recipient::DirectMessage(person) = notice.recipient {
            all.push(person);
        }
        let people = people::get(&mut connection, &all).await?;
        Ok(Some(Telling { notice, request, token, approvers, people }))
    }

    /// A notice ended: `said` is what its recipient's server, or Discord, said.
    ///
    /// # Errors
    /// Faults.
    pub async fn told(&self, telling: &Telling, state: NoticeState, said: &str) -> Outcome<()> {
        let notice = &telling.notice;
        let mut transaction = self.pool.begin().await?;
        if notices::settle(&mut transaction, notice.id, state).await? {
            let recipient = match &notice.recipient {
                Recipient::Mail(address) => json!({ "mail": address }),
                Recipient::DirectMessage(person) => json!({ "direct_message": person }),
            };
            let event = NewEvent {
                kind: match state {
                    NoticeState::Refused => EventKind::NoticeRefused,
                    _ => EventKind::NoticeSent,
                },
                provider: &telling.request.content.provider,
                request: Some(telling.request.id),
                token: notice.token,
                actor: None,
                on_behalf_of: None,
                interaction: None,
                digests: (None, None),
                detail: json!({ "notice": notice.id, "to": recipient, "said": said }),
            };
            events::append(&mut transaction, &event).await?;
            if let (NoticeState::Refused, Recipient::DirectMessage(person)) =
                (state, &notice.recipient)
            {
                let job = Job::CheckMember { person: *person };
                queue::enqueue(&mut transaction, job, None).await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The channel of direct messages with somebody, if it was ever opened.
    ///
    /// # Errors
    /// Faults.
    pub async fn direct_channel(&self, person: UserId) -> Outcome<Option<ChannelId>> {
        let mut connection = self.pool.acquire().await?;
        Ok(people::direct_channel(&mut connection, person).await?)
    }

    /// Notes the channel of direct messages with somebody, or that it is gone.
    ///
    /// # Errors
    /// Faults.
    pub async fn set_direct_channel(
        &self,
        person: UserId,
        channel: Option<ChannelId>,
    ) -> Outcome<()> {
        let mut connection = self.pool.acquire().await?;
        Ok(people::set_direct_channel(&mut connection, person, channel).await?)
    }
}
