//! Who may do what: one table, which denies by default.

/// An action that a person may want to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Request a new token.
    Ask,
    /// Change a pending request.
    EditRequest,
    /// Withdraw a pending request.
    Withdraw,
    /// Approves it.
    Approve,
    /// Deny a request.
    Deny,
    /// Read the whole content of a request.
    ReadRequest,
    /// Enter what a `manual` issuer made, or try a failed request again.
    Fulfil,
    /// See the secret.
    Reveal,
    /// Have the message with the secret deleted, or press *Not me*.
    Disown,
    /// See a token's data.
    ReadToken,
    /// Ask for a change of a token.
    ChangeToken,
    /// Request a change of a token.
    NarrowToken,
    /// Read the audit log.
    Audit,
    /// Send an announcement to the people of tokens.
    Announce,
    /// Post a button that requests a token into a channel.
    PostPanel,
    /// Become the contact instead of a person who left.
    TakeOver,
    /// See what is stuck.
    SeeHealth,
}

/// The relationship of a person to what they act on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Relationship {
    /// Acts from within the configured guild.
    pub in_guild: bool,
    /// Holds one of the provider's `requester_roles`, or the provider has none.
    pub may_ask: bool,
    /// Holds one of the provider's `admin_roles`.
    pub admin: bool,
    /// Submitted the request.
    pub requester: bool,
    /// Owns the token.
    pub owner: bool,
    /// Is the token's primary contact.
    pub contact: bool,
}

/// Whether a person with this relationship may do it.
#[must_use]
pub fn allows(action: Action, who: Relationship) -> bool {
    match action {
        Action::Ask => who.in_guild && who.may_ask,
        Action::EditRequest | Action::Withdraw => who.in_guild && who.requester,
        Action::Approve
        | Action::Deny
        | Action::Fulfil
        | Action::Audit
        | Action::Announce
        | Action::PostPanel
        | Action::TakeOver
        | Action::SeeHealth => who.in_guild && who.admin,
        Action::ReadToken | Action::ChangeToken | Action::NarrowToken => {
            who.in_guild && (who.admin || who.owner || who.contact)
        }
        Action::ReadRequest => who.in_guild && (who.admin || who.requester),
        // Delivery buttons also work in the owner's DM.
        Action::Reveal | Action::Disown => who.owner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Action; 17] = [
        Action::Ask,
        Action::EditRequest,
        Action::Withdraw,
        Action::Approve,
        Action::Deny,
        Action::ReadRequest,
        Action::Fulfil,
        Action::Reveal,
        Action::Disown,
        Action::ReadToken,
        Action::ChangeToken,
        Action::NarrowToken,
        Action::Audit,
        Action::Announce,
        Action::PostPanel,
        Action::TakeOver,
        Action::SeeHealth,
    ];

    #[test]
    fn a_person_without_a_role_may_do_nothing() {
        for action in ALL {
            assert!(!allows(action, Relationship::default()), "{action:?}");
            assert!(
                !allows(action, Relationship { in_guild: true, ..Relationship::default() }),
                "{action:?}"
            );
        }
    }

    #[test]
    fn an_admin_may_not_reveal_others_secrets_or_edit_their_requests() {
        let admin =
            Relationship { in_guild: true, may_ask: true, admin: true, ..Relationship::default() };
        assert!(allows(Action::Approve, admin));
        for action in [Action::EditRequest, Action::Withdraw, Action::Reveal, Action::Disown] {
            assert!(!allows(action, admin), "{action:?}");
        }
    }

    #[test]
    fn outside_the_guild_only_delivery_buttons_work() {
        let everything = Relationship {
            in_guild: false,
            may_ask: true,
            admin: true,
            requester: true,
            owner: true,
            contact: true,
        };
        for action in ALL {
            let works = matches!(action, Action::Reveal | Action::Disown);
            assert_eq!(allows(action, everything), works, "{action:?}");
        }
    }
}
