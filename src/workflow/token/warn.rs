//! Warns people of tokens that end soon: 30, 7 and 1 days before, by the calendar of UTC.

use crate::domain::notice::{NoticeKind, Recipient};
use crate::store::tx::{SharedNotices, TokenEvent};
use crate::store::warnings::{self, DueWarning};

use crate::workflow::{Outcome, Workflow};

/// Warns everybody whose tokens end soon, in one message each, once a day.
///
/// It is one transaction: a second process finds the day begun, and nobody is told of one token today and
/// of another one an hour later.
pub async fn notify_people(workflow: &Workflow) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    if !warnings::begin_today(&mut tx).await? {
        return Ok(());
    }
    let mut notices = SharedNotices::default();
    for ending in warnings::list_due(&mut tx).await? {
        let event = tx.note_ending(&ending).await?;
        let about = TokenEvent { event, request: ending.request, token: ending.token };
        notices.add(about, list_recipients(&ending));
    }
    tx.notify_of_several(notices, NoticeKind::Expiring).await?;
    tx.commit().await?;
    Ok(())
}

fn list_recipients(ending: &DueWarning) -> Vec<Recipient> {
    let people = [ending.owner, ending.contact].map(Recipient::DirectMessage);
    let developers = ending.developer_emails.iter().cloned().map(Recipient::Mail);
    developers.chain(people).collect()
}
