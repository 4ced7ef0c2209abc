//! How a token comes to an end, and who carries that out.

use serde_json::{Value, json};

use crate::domain::issuer::IssuerKind;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::{Token, TokenState};
use crate::domain::transitions::TokenTransition;
use crate::store::attempts::{self, Upstream};
use crate::store::tx::Tx;
use crate::workflow::{Outcome, Workflow};

/// How a token stops working.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenEnd {
    /// For now; its name stays taken.
    Disabled,
    /// For now: somebody found its secret. The message has other words, and more people get it.
    Leaked,
    /// For now, by the operator.
    ByOperator,
    /// For now: it was disabled, and a call that enables it had no clear answer.
    MayBeEnabled,
    /// For good.
    Deleted,
    /// For good: its time is up.
    Expired,
    /// For good: nobody collected it. The message has other words.
    Lapsed,
}

impl TokenEnd {
    pub(in crate::workflow) fn kind(self) -> RequestKind {
        match self {
            Self::Deleted | Self::Lapsed => RequestKind::Delete,
            Self::Disabled
            | Self::Leaked
            | Self::ByOperator
            | Self::MayBeEnabled
            | Self::Expired => RequestKind::Disable,
        }
    }

    /// The transition, depending on who carries it out.
    pub(in crate::workflow) fn transition(self, means: EndMeans) -> TokenTransition {
        use TokenTransition as Row;
        match (self, means) {
            (Self::MayBeEnabled, EndMeans::Upstream) => Row::AskUpstreamToDisableAgain,
            (Self::MayBeEnabled, EndMeans::Person) => Row::AskAdminToDisableAgain,
            (Self::Disabled | Self::ByOperator | Self::MayBeEnabled, EndMeans::Ourselves) => {
                Row::Disable
            }
            (Self::Leaked, EndMeans::Ourselves) => Row::DisableLeaked,
            (Self::Deleted, EndMeans::Ourselves) => Row::Delete,
            (Self::Lapsed, EndMeans::Ourselves) => Row::DeleteUncollected,
            (Self::Expired, EndMeans::Ourselves) => Row::Expire,
            (Self::Leaked, EndMeans::Upstream) => Row::AskUpstreamToDisableLeaked,
            (Self::Leaked, EndMeans::Person) => Row::AskAdminToDisableLeaked,
            (Self::Deleted | Self::Lapsed, EndMeans::Upstream) => Row::AskUpstreamToDelete,
            (Self::Deleted | Self::Lapsed, EndMeans::Person) => Row::AskAdminToDelete,
            (_, EndMeans::Upstream) => Row::AskUpstreamToDisable,
            (_, EndMeans::Person) => Row::AskAdminToDisable,
        }
    }

    /// Further details in the audit log.
    pub(in crate::workflow) fn detail(self) -> Value {
        match self {
            Self::Leaked => json!({ "reported_as_leaked": true }),
            Self::ByOperator => json!({ "by": "operator" }),
            Self::Expired => json!({ "because": "expired" }),
            Self::Lapsed => json!({ "because": "never_collected" }),
            Self::MayBeEnabled => json!({ "because": "may_be_enabled" }),
            Self::Disabled | Self::Deleted => json!({}),
        }
    }
}

/// Who carries out a token's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::workflow) enum EndMeans {
    /// Countersign itself.
    Ourselves,
    /// Its upstream.
    Upstream,
    /// A person, on the provider's own page.
    Person,
}

/// Who carries out this end of a token. A token that was off already needs nobody when its time is up.
pub(in crate::workflow) async fn find(
    workflow: &Workflow,
    tx: &mut Tx,
    token: &Token,
    off: TokenEnd,
) -> Outcome<EndMeans> {
    let was_off = matches!(token.state, TokenState::Disabled | TokenState::Expired);
    if token.issuer.narrows_at_once() || (was_off && off == TokenEnd::Expired) {
        return Ok(EndMeans::Ourselves);
    }
    let Some(known) = get_upstream(tx, token).await? else {
        return Ok(EndMeans::Person);
    };
    Ok(if has_upstream_call(workflow, token, off.kind()) {
        EndMeans::Upstream
    } else if off == TokenEnd::Expired && known.ends_itself {
        // It said so, and there is nobody who could see more.
        EndMeans::Ourselves
    } else {
        EndMeans::Person
    })
}

/// Whether a token can be ended in this way, and at once.
pub(in crate::workflow) async fn ends_at_once(
    workflow: &Workflow,
    tx: &mut Tx,
    token: &Token,
    off: TokenEnd,
) -> Outcome<bool> {
    let can_end = token.state.allows(off.kind());
    Ok(can_end && find(workflow, tx, token, off).await? == EndMeans::Ourselves)
}

/// Whether the configuration has a call that disables or deletes such a token.
pub(in crate::workflow) fn has_upstream_call(
    workflow: &Workflow,
    token: &Token,
    kind: RequestKind,
) -> bool {
    workflow.config.provider(&token.provider).is_some_and(|found| found.issuer.ends(kind))
}

pub(in crate::workflow) async fn get_upstream(
    tx: &mut Tx,
    token: &Token,
) -> Outcome<Option<Upstream>> {
    if token.issuer != IssuerKind::Http {
        return Ok(None);
    }
    Ok(attempts::find_made(tx, token.request).await?)
}
