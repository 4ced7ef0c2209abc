//! Whose approvals count, for any list of approvals.

use chrono::DateTime;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::content::Digest;
use crate::domain::ids::{InteractionId, RequestId, RequestNumber};
use crate::domain::request::StrikeReason;

const REQUESTER: i64 = 1;

fn user(id: i64) -> UserId {
    UserId::new(id).unwrap()
}

/// A request by [`REQUESTER`] that takes two approvals.
fn request(requester_approval_counts: bool) -> Request {
    let content: Content = serde_json::from_value(json!({
        "provider": "orchard", "issuer": "builtin", "calls": [], "kind": "create", "name": "Reports",
        "description": "Weekly numbers", "api_version": 1, "contact": "1", "developer_emails": [],
        "lifetime_days": 90, "scopes": [], "target": null,
    }))
    .unwrap();
    Request {
        id: RequestId::new(1).unwrap(),
        number: RequestNumber::new(1).unwrap(),
        state: RequestState::Pending,
        requester: user(REQUESTER),
        approvals_required: 2,
        requester_approval_counts,
        digest: content.digest(),
        content,
        revision: 1,
        submitted_at: DateTime::UNIX_EPOCH,
        expires_at: DateTime::UNIX_EPOCH,
        ended_by: None,
        reason: None,
    }
}

/// A person's approval, on the request's content or on an older one.
fn approval(request: &Request, person: i64, is_current: bool, is_struck: bool) -> Approval {
    Approval {
        id: ApprovalId::new(person).unwrap(),
        person: user(person),
        digest: if is_current { request.digest } else { Digest::of(b"what it was before") },
        interaction: InteractionId::new(person).unwrap(),
        given_at: DateTime::UNIX_EPOCH,
        struck: is_struck.then_some(StrikeReason::NotAdmin),
    }
}

#[test]
fn each_reason_alone_strikes_an_approval() {
    let request = request(true);
    let counts = |approvals: &[Approval]| count_approvals(&request, approvals).have;
    let good = approval(&request, 2, true, false);
    assert_eq!(counts(&[good.clone(), approval(&request, 3, true, false)]), 2);
    assert_eq!(counts(&[good.clone(), approval(&request, 3, false, false)]), 1, "an older content");
    assert_eq!(counts(&[good.clone(), approval(&request, 3, true, true)]), 1, "struck");
    assert_eq!(counts(&[good.clone(), good]), 1, "the same person");
    let own = approval(&request, REQUESTER, true, false);
    assert_eq!(counts(std::slice::from_ref(&own)), 1);
    let not_own = self::request(false);
    assert_eq!(count_approvals(&not_own, &[own]).have, 0, "the requester's own");
}

#[test]
fn a_press_is_refused_for_each_reason() {
    let request = request(false);
    let shown = request.digest;
    let put = |request: &Request, approvals: &[Approval], person, shown| {
        may_approve(request, approvals, user(person), shown)
    };
    assert_eq!(put(&request, &[], 2, shown), Ok(()));
    let older = Digest::of(b"what it was before");
    assert_eq!(put(&request, &[], 2, older), Err(ApprovalRefusal::OlderContent));
    assert_eq!(put(&request, &[], REQUESTER, shown), Err(ApprovalRefusal::OwnRequest));
    let there = [approval(&request, 2, true, false)];
    assert_eq!(put(&request, &there, 2, shown), Err(ApprovalRefusal::AlreadyThere));
    let struck = [approval(&request, 2, true, true)];
    assert_eq!(put(&request, &struck, 2, shown), Ok(()), "they are an admin again");
    let done = Request { state: RequestState::Done, ..request };
    let refusal = ApprovalRefusal::NotPending(RequestState::Done);
    assert_eq!(put(&done, &[], 2, shown), Err(refusal));
}

fn people() -> impl Strategy<Value = BTreeSet<UserId>> {
    prop::collection::btree_set((1_i64..7).prop_map(user), 0..7)
}

proptest! {
    /// For any list of approvals: the request goes on only if two people approved this content, Discord was
    /// asked about both, and both are admins.
    #[test]
    fn a_request_needs_two_people(
        counts in any::<bool>(),
        put in prop::collection::vec((1_i64..7, any::<bool>(), any::<bool>()), 0..12),
        asked in people(),
        admins in people(),
    ) {
        let request = request(counts);
        let approvals: Vec<Approval> = put
            .iter()
            .map(|(person, is_current, is_struck)| approval(&request, *person, *is_current, *is_struck))
            .collect();
        let good = |person: &i64| {
            let theirs = put.iter().any(|approval| approval == &(*person, true, false));
            theirs && (counts || *person != REQUESTER)
        };
        let good: BTreeSet<UserId> = (1..7).filter(good).map(user).collect();
        prop_assert_eq!(usize::from(count_approvals(&request, &approvals).have), good.len());
        let confirmation = confirm(&request, &approvals, &asked, &admins);
        // No approval is struck unless Discord was asked about its person.
        if let Confirmation::Confirmed(struck) | Confirmation::TooFew(struck) = &confirmation {
            for approval in approvals.iter().filter(|approval| struck.contains(&approval.id)) {
                prop_assert!(asked.contains(&approval.person) && !admins.contains(&approval.person));
            }
        }
        let is_confirmed = matches!(confirmation, Confirmation::Confirmed(_));
        let both = good.intersection(&admins).count() >= 2;
        prop_assert_eq!(is_confirmed, both && good.is_subset(&asked));
    }
}

fn role(members: u64, has_requester: bool) -> AdminRole {
    AdminRole { members, has_requester }
}

#[test]
fn people_with_several_roles_may_be_too_few() {
    let (x, y) = (role(2, false), role(2, true));
    for (roles, counts, need, found) in [
        // One role: nobody is counted twice.
        (&[x][..], true, 2, None),
        (&[x], true, 3, Some(TooFewAdmins::Certain { have: 2 })),
        (&[y], true, 2, None),
        (&[y], false, 2, Some(TooFewAdmins::Certain { have: 1 })),
        // Two roles: the same two people may hold both.
        (&[x, x], true, 2, None),
        (&[x, x], true, 3, Some(TooFewAdmins::Possible { least: 2, most: 4 })),
        (&[x, x], true, 5, Some(TooFewAdmins::Certain { have: 4 })),
        // The requester, who holds both, is one person.
        (&[y, y], true, 3, Some(TooFewAdmins::Possible { least: 2, most: 3 })),
        (&[y, y], false, 2, Some(TooFewAdmins::Possible { least: 1, most: 2 })),
        (&[], true, 2, Some(TooFewAdmins::Certain { have: 0 })),
    ] {
        assert_eq!(find_too_few_admins(roles, counts, need), found, "{roles:?} {counts} {need}");
    }
}

proptest! {
    /// People with sets of roles: the warning is certain only where there are too few, and there is always one
    /// then.
    #[test]
    fn too_few_admins_are_never_missed(
        people in prop::collection::vec(1u8..8, 0..6),
        asks in prop::option::of(0usize..6),
        counts in any::<bool>(),
        need in 2u8..6,
    ) {
        let asks = asks.filter(|asks| *asks < people.len());
        let holds = |person: u8, role: u8| person & (1 << role) != 0;
        let roles: Vec<AdminRole> = (0..3)
            .map(|at| AdminRole {
                members: people.iter().filter(|person| holds(**person, at)).count() as u64,
                has_requester: asks.is_some_and(|asks| holds(people[asks], at)),
            })
            .collect();
        let can = people.len() - usize::from(asks.is_some() && !counts);
        match find_too_few_admins(&roles, counts, need) {
            None => prop_assert!(can >= usize::from(need)),
            Some(TooFewAdmins::Certain { have }) => {
                prop_assert!(can < usize::from(need) && have >= can as u64);
            }
            Some(TooFewAdmins::Possible { least, most }) => {
                prop_assert!((least..=most).contains(&(can as u64)));
            }
        }
    }
}
