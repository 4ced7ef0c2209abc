//! Notices: to whom, once each, and the outcome.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::Tx;
use super::log::build_token_event;
use crate::domain::announcement::AnnouncementText;
use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, RequestId, TokenId};
use crate::domain::job::Job;
use crate::domain::notice::{
    Notice, NoticeKind, NoticeOutcome, NoticeState, Place, Recipient, ShownBy,
};
use crate::domain::request::Request;
use crate::domain::token::Token;
use crate::domain::transitions::TokenTransition;
use crate::store::announcements;
use crate::store::deliveries;
use crate::store::events::NewEvent;
use crate::store::jobs::Due;
use crate::store::lookups::Lookup;
use crate::store::notices::{self, EventRef, NewNotice};
use crate::store::warnings::{self, DueWarning};

/// An event of one token, which a message may report together with others.
#[derive(Debug, Clone, Copy)]
pub struct TokenEvent {
    /// The event of it.
    pub event: EventId,
    /// The request that the message is about.
    pub request: RequestId,
    /// The token.
    pub token: TokenId,
}

/// Messages about several tokens, one for each person.
#[derive(Debug, Default)]
pub struct SharedNotices {
    /// In the order in which they were added, so that the same people have the same order.
    order: Vec<Recipient>,
    of: HashMap<Recipient, Vec<TokenEvent>>,
}

impl SharedNotices {
    /// Adds recipients for a token.
    pub fn add(&mut self, about: TokenEvent, people: Vec<Recipient>) {
        for person in people {
            let order = &mut self.order;
            let all = self.of.entry(person).or_insert_with_key(|person| {
                order.push(person.clone());
                Vec::new()
            });
            // A person who is both owner and contact is told once.
            if all.last().is_none_or(|last| last.token != about.token) {
                all.push(about);
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&Recipient, &[TokenEvent])> {
        self.order.iter().filter_map(|person| Some((person, self.of.get(person)?.as_slice())))
    }
}

impl Tx {
    /// Sends a notice of an event to each recipient once.
    pub(super) fn notify(
        &mut self,
        (event, kind): (EventRef, NoticeKind),
        (request, token): (Option<RequestId>, Option<TokenId>),
        recipients: impl IntoIterator<Item = Recipient>,
    ) {
        for recipient in recipients {
            if let (true, Some(token)) = (recipient.is_mail() && !kind.is_of_a_beginning(), token) {
                // What was put off goes before anything else is told of the token.
                self.look_up(Lookup::LettersOfCreation(token));
            }
            let follows_others = false;
            self.notices.push(NewNotice { event, kind, recipient, request, token, follows_others });
        }
    }

    /// Drops the letters of a token's creation that nobody is sending: those of its collection tell of both.
    pub(super) async fn merge_letters_of_creation(
        &mut self,
        token: &Token,
        request: RequestId,
    ) -> sqlx::Result<()> {
        for letter in notices::drop_creations(self, token.id).await? {
            let what = json!({
                "notice": letter.id,
                "kind": letter.kind,
                "event": letter.event,
                "to": { "mail": letter.recipient },
                "said": "",
            });
            let event = NewEvent::new(EventKind::NoticeDropped, &token.provider, what);
            self.note_event(NewEvent { request: Some(request), token: Some(token.id), ..event });
        }
        Ok(())
    }

    /// Sends each person one message about all their tokens. Returns the number of messages.
    pub async fn notify_of_several(
        &mut self,
        all: SharedNotices,
        kind: NoticeKind,
    ) -> sqlx::Result<usize> {
        let mut sent = 0;
        for (person, tokens) in all.iter() {
            sent += usize::from(self.notify_of_all(kind, person, tokens).await?);
        }
        Ok(sent)
    }

    /// The same, but a message about a single token has another kind.
    pub async fn notify_of_one_or_several(
        &mut self,
        all: SharedNotices,
        (one, several): (NoticeKind, NoticeKind),
    ) -> sqlx::Result<()> {
        for (person, tokens) in all.iter() {
            if let [TokenEvent { event, request, token }] = *tokens {
                let about = (Some(request), Some(token));
                self.notify((EventRef::Written(event), one), about, [person.clone()]);
            } else {
                self.notify_of_all(several, person, tokens).await?;
            }
        }
        Ok(())
    }

    /// Stores one message. Returns whether it is new.
    async fn notify_of_all(
        &mut self,
        kind: NoticeKind,
        person: &Recipient,
        all: &[TokenEvent],
    ) -> sqlx::Result<bool> {
        let Some(first) = all.first() else { return Ok(false) };
        let noted = notices::insert(self, first.event, kind, person).await?;
        let Some(notice) = noted else { return Ok(false) };
        let tokens: Vec<TokenId> = all.iter().map(|about| about.token).collect();
        warnings::note_tokens(self, notice, &tokens).await?;
        self.enqueue(Job::send(notice, person.is_mail()), Due::Now);
        Ok(true)
    }

    /// Continues to tell people of expired tokens that one transaction could not take.
    pub fn go_on_telling_of_expiries(&mut self) {
        self.enqueue(Job::TellOfExpiries, Due::Now);
    }

    /// Records that the people of a token are warned of its end.
    pub async fn note_ending(&mut self, ending: &DueWarning) -> sqlx::Result<EventId> {
        let about = (ending.request, ending.token);
        let detail = json!({ "days": ending.days, "expires_at": ending.expires_at });
        let line = (EventKind::TokenExpiring, None);
        let event = build_token_event(about, &ending.provider, line, detail);
        let event = self.append_event(event).await?;
        warnings::note(self, ending, event).await?;
        Ok(event)
    }

    /// Sends an admin's announcement to the people of these tokens. The history of each token shows it,
    /// with `summary`.
    pub async fn announce(
        &mut self,
        (provider, words): (&ProviderId, &AnnouncementText),
        detail: Value,
        tokens: &[Token],
        summary: impl Fn(EventId) -> Value,
    ) -> sqlx::Result<EventId> {
        let event =
            self.log(super::LogEntry { kind: EventKind::Announced, provider, detail }).await?;
        announcements::note(self, event, words).await?;
        for token in tokens {
            self.note_token(token, TokenTransition::Announce, summary(event)).await?;
        }
        Ok(event)
    }

    /// Ends a notice; `place` is where the message about a request's course stands. Returns whether this call
    /// ended it.
    pub async fn end_notice(
        &mut self,
        notice: &Notice,
        outcome: NoticeOutcome<'_>,
        place: Option<Place>,
    ) -> sqlx::Result<bool> {
        let state = match outcome {
            NoticeOutcome::Sent(_) => NoticeState::Sent,
            NoticeOutcome::Refused(_) | NoticeOutcome::Needless => NoticeState::Refused,
        };
        if !notices::settle(self, notice.id, state, place).await? {
            return Ok(false);
        }
        if let (Some(place), Some(request)) = (place, notice.request)
            && let Recipient::DirectMessage(person) = notice.recipient
        {
            for other in notices::list_course(self, request, person).await? {
                if other.id != notice.id && other.place == Some(place) {
                    notices::forget_place(self, other.id).await?;
                }
            }
            self.enqueue(Job::TidyMessages { request }, Due::Now);
        }
        Ok(true)
    }

    /// A message was deleted, because a newer one stands.
    pub async fn forget_message(&mut self, shown: ShownBy) -> sqlx::Result<()> {
        match shown {
            ShownBy::Notice(notice) => notices::forget_place(self, notice).await,
            ShownBy::Delivery(delivery) => deliveries::forget_message(self, delivery).await,
        }
    }

    /// Tells a requester how their request goes on. An approval is news where a person has to act before anything
    /// else comes, or where the last message says otherwise; what they did themselves only there.
    pub(super) fn tell_requester(
        &mut self,
        request: &Request,
        (event, kind): (EventRef, NoticeKind),
    ) {
        let is_own = self.person() == Some(request.requester);
        let is_news = kind != NoticeKind::Approved || request.waits_for_a_person();
        self.notices.push(NewNotice {
            event,
            kind,
            recipient: Recipient::DirectMessage(request.requester),
            request: Some(request.id),
            token: None,
            follows_others: is_own || !is_news,
        });
    }

    /// Logs the outcome of a notice in the history of its subject.
    pub fn log_notice(
        &mut self,
        notice: &Notice,
        outcome: NoticeOutcome<'_>,
        about: (&ProviderId, RequestId, Option<TokenId>),
    ) {
        self.note_event(build_notice_event(notice, outcome, about));
    }

    /// The same, at once: people are told of it.
    pub async fn log_notice_now(
        &mut self,
        notice: &Notice,
        outcome: NoticeOutcome<'_>,
        about: (&ProviderId, RequestId, Option<TokenId>),
    ) -> sqlx::Result<EventId> {
        self.append_event(build_notice_event(notice, outcome, about)).await
    }
}

fn build_notice_event(
    notice: &Notice,
    outcome: NoticeOutcome<'_>,
    (provider, request, token): (&ProviderId, RequestId, Option<TokenId>),
) -> NewEvent {
    let recipient = match &notice.recipient {
        Recipient::Mail(address) => json!({ "mail": address }),
        Recipient::DirectMessage(person) => json!({ "direct_message": person }),
    };
    let (kind, said) = match outcome {
        NoticeOutcome::Sent(said) => (EventKind::NoticeSent, said),
        NoticeOutcome::Refused(said) => (EventKind::NoticeRefused, said),
        NoticeOutcome::Needless => (EventKind::NoticeDropped, ""),
    };
    let detail = json!({
        "notice": notice.id,
        "kind": notice.kind,
        "event": notice.event,
        "to": recipient,
        "said": said,
    });
    NewEvent { request: Some(request), token, ..NewEvent::new(kind, provider, detail) }
}
