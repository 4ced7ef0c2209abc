//! Who may do what: one table, denied by default.

/// Something that a person may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Ask for a new token.
    Ask,
    /// Change a pending request.
    EditRequest,
    /// Take a pending request back.
    Withdraw,
    /// Put a hand to it.
    Approve,
    /// End it.
    Deny,
    /// Read everything that is asked for.
    ReadRequest,
    /// Hand over what a `manual` issuer made, or try a failed request again.
    Fulfil,
    /// See the secret.
    Reveal,
    /// Have the message with the secret deleted, or say *Not me*.
    Disown,
}

/// What somebody is to the thing that they act on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Acts from within the configured guild.
    pub in_guild: bool,
    /// Holds one of the provider's `requester_roles`, or there are none.
    pub may_ask: bool,
    /// Holds one of the provider's `admin_roles`.
    pub admin: bool,
    /// Submitted the request.
    pub requester: bool,
    /// Owns the token.
    pub owner: bool,
}

/// Whether somebody with this standing may do it.
#[must_use]
pub fn allows(action: Action, who: Standing) -> bool {
    match action {
        Action::Ask => who.in_guild && who.may_ask,
        Action::EditRequest | Action::Withdraw => who.in_guild && who.requester,
        Action::Approve | Action::Deny | Action::Fulfil => who.in_guild && who.admin,
        Action::ReadRequest => who.in_guild && (who.admin || who.requester),
        // Delivery buttons work in the owner's DM too.
        Action::Reveal | Action::Disown => who.owner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_in_particular_may_do_nothing() {
        use Action::{
            Approve, Ask, Deny, Disown, EditRequest, Fulfil, ReadRequest, Reveal, Withdraw,
        };
        for action in
            [Ask, EditRequest, Withdraw, Approve, Deny, ReadRequest, Fulfil, Reveal, Disown]
        {
            assert!(!allows(action, Standing::default()), "{action:?}");
            assert!(
                !allows(action, Standing { in_guild: true, ..Standing::default() }),
                "{action:?}"
            );
        }
    }

    #[test]
    fn an_admin_may_not_touch_what_is_somebody_elses() {
        let admin = Standing { in_guild: true, may_ask: true, admin: true, ..Standing::default() };
        assert!(allows(Action::Approve, admin));
        for action in [Action::EditRequest, Action::Withdraw, Action::Reveal, Action::Disown] {
            assert!(!allows(action, admin), "{action:?}");
        }
    }

    #[test]
    fn outside_the_guild_only_delivery_buttons_work() {
        let everything =
            Standing { in_guild: false, may_ask: true, admin: true, requester: true, owner: true };
        assert!(allows(Action::Reveal, everything) && allows(Action::Disown, everything));
        for action in
            [Action::Ask, Action::EditRequest, Action::Approve, Action::Deny, Action::Fulfil]
        {
            assert!(!allows(action, everything), "{action:?}");
        }
    }
}
