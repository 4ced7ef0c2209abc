### Texts of the card in the approval channel, of *All scopes*, and of the answers to the card's
### buttons. Whoever fills them in has made safe what people typed; $requester, $owner and $person
### are mentions, and moments are in Discord's own markup.

## Buttons

card-button-approve = Approve
card-button-deny = Deny
card-button-all-scopes = All scopes
card-button-edit = Edit
card-button-withdraw = Withdraw
card-button-fulfil = Fulfil
card-button-try-again = Try again
card-button-done = Done

## What is going on, above the card

# $count: how many approvals are missing.
card-pending = { $kind ->
    [edit] { $requester } asks for a change of this token.
    [reset] { $requester } asks for a new secret of this token.
    [upgrade] { $requester } asks for a newer API version of this token.
    [enable] { $requester } asks to enable this token again, with a new secret.
    [extend] { $requester } asks for this token to live longer.
    [duplicate] { $requester } asks for another API token like one that exists.
   *[create] { $requester } asks for an API token.
} **#{ $number } waits for { $count ->
    [one] one more approval
   *[other] { $count } more approvals
}.**
card-changed = ⚠️ The content changed after it was submitted: approvals of what it was before are void.
# $field: what changed. $before and $after: its values.
card-change = **{ $field }:** { $before } → { $after }
# $items: scopes or addresses.
card-change-added = **Added:** { $items }
card-change-removed = **Removed:** { $items }
# $before and $after: a scope with all that is approved.
card-change-scope = **Changed:** { $before } → { $after }
# $call: the name of a call in the configuration. Both: where it goes.
card-change-call = **Call “{ $call }” of the provider’s API:** { $before } → { $after }
card-change-token = The token itself is not what it was when this was asked for.
card-approved = **#{ $number } has its approvals.** Discord is being asked whether all approvers are still admins.
card-issuing = **#{ $number } is approved.** { $kind ->
    [edit] The change is taking effect.
    [upgrade] The change is taking effect.
    [extend] The change is taking effect.
    [reset] The new secret is being made.
    [enable] The new secret is being made.
   *[create] The token is being made.
}
card-issuing-manual = **#{ $number } is approved.** { $kind ->
    [edit] An admin now changes the token at { $provider }, by the steps below, and then presses *Done*.
    [upgrade] An admin now changes the token at { $provider }, by the steps below, and then presses *Done*.
    [extend] An admin now changes the token at { $provider }, by the steps below, and then presses *Done*.
    [reset] An admin now makes a new secret at { $provider }, by the steps below, and then presses *Fulfil*.
    [enable] An admin now makes a new secret at { $provider }, by the steps below, and then presses *Fulfil*.
   *[create] An admin now makes the token at { $provider }, by the steps below, and then presses *Fulfil*.
}
# $kind: what is to be done. It needs no approvals. $requester: on whose behalf.
card-task = { $kind ->
    [disable] **#{ $number }: an admin must now switch this token off at { $provider }**, by the steps below, and then press *Done*. Until then it may still work. On behalf of { $requester }.
    [delete] **#{ $number }: an admin must now delete this token at { $provider }**, by the steps below, and then press *Done*. Until then it may still work. On behalf of { $requester }.
   *[narrow] **#{ $number }: an admin must now narrow this token at { $provider }**, by the steps below, and then press *Done*. { $requester } asked for it; it takes no approvals.
}
card-task-upstream = { $kind ->
    [delete] **#{ $number }: an admin must delete this token at { $provider } manually**, since its API could not be brought to it so far, and then press *Done*. Until then it may still work. Countersign goes on trying.
   *[disable] **#{ $number }: an admin must switch this token off at { $provider } manually**, since its API could not be brought to it so far, and then press *Done*. Until then it may still work. Countersign goes on trying.
}
card-task-no-call = { $kind ->
    [delete] **#{ $number }: an admin must delete this token at { $provider } manually**, since the configuration has no call for that, and then press *Done*. Until then it may still work.
   *[disable] **#{ $number }: an admin must switch this token off at { $provider } manually**, since the configuration has no call for that, and then press *Done*. Until then it may still work.
}
card-steps-missing = ⚠️ Its steps can’t be shown: they are not in the configuration, or have an error. Make the token from what stands below.
card-withdrawn = **#{ $number } was withdrawn** by { $requester }.
# $reason: why nobody had to do it.
card-withdrawn-itself = **#{ $number } was withdrawn:** { $reason ->
    [token_deleted] the token was deleted meanwhile.
    [token_changed] the token, or what its provider offers, changed meanwhile.
    [restored] Countersign’s database was restored from a backup.
    [not_later] the token lives longer already than it would with this.
    [narrowed] its requester took from the token alone instead, which takes no approvals.
    [token_expired] the token expired meanwhile.
    [superseded] the token is to be deleted instead.
    [done_upstream] the provider has done it after all.
   *[token_disabled] the token was disabled meanwhile.
}
card-expired = **#{ $number } expired:** nobody decided in time.
card-denied = **Denied by { $person }:**
card-failed = **#{ $number } can’t go on.** A person must do something first:
# $provider: the provider's id.
card-failed-provider-gone = The provider “{ $provider }”, or this API version of it, or one of the scopes, is not in the configuration any more. Put it back and restart Countersign, then press *Try again*. If it is not to come back, whoever asked can *Withdraw* the request.
card-failed-refused = The provider’s API said no. Nothing was made. Once what it says is mended, press *Try again*. It said:
# $marker: what the token would be known by, as code.
card-stray = ⚠️ Nobody saw how the provider’s API answered when it was asked to make the token, so one may be there. Look at the provider for one that is marked { $marker }, and delete it if it is there.
card-failed-unsure = Nobody saw how the provider’s API answered, so a token may be there. Look at the provider for one that is marked { $marker }, and delete it if it is there. Only then press *Try again*.
card-failed-repeated = The provider’s API ended in doubt several times. What it made was deleted again. Have whoever runs Countersign look at the provider’s configuration, then press *Try again*. The last time:
card-failed-renewing = Nobody saw how the provider’s API answered, so the token’s old secret may work no more. *Try again* makes another new one. What happened:
card-failed-away = The provider’s API can’t be reached, answers too slowly, or asks us to wait. Nothing is being made. Once it is back, press *Try again*.
card-failed-unknown = Nothing more is known; the log says when it happened.

card-issued = { $kind ->
    [edit] **Changed:** the token is what #{ $number } asked for.
    [upgrade] **Upgraded:** the token is what #{ $number } asked for.
    [extend] **Extended:** the token is what #{ $number } asked for.
    [narrow] **Narrowed:** the token is what #{ $number } asked for.
    [disable] **Switched off:** #{ $number } is done.
    [delete] **Deleted:** #{ $number } is done.
    [reset] **New secret:** made for #{ $number }.
    [enable] **New secret:** made for #{ $number }.
   *[create] **Issued:** the token of #{ $number }.
}
card-waiting = It waits for { $owner } to collect it until { $until }.
card-dm-refused = { $owner } takes no direct messages from here. With `/token collect` they can collect it in this server until { $until }.
card-pressed = **Collected** by { $owner } { $when }. Discord has not confirmed yet that the secret arrived; they may reveal it again until { $until }.
card-collected = **Collected** by { $owner } { $when }.
card-unconfirmed = **Collected** by { $owner } { $when }, but Discord never confirmed that the secret arrived, and our sealed copy is wiped. If they don’t have it, they have to ask for another token.
card-lapsed = **Nobody collected it** in time.
card-lapsed-unchanged = The token is what it was before.
card-lapsed-old-is-dead = Its old secret died at the provider when this one was made, so nobody can use the token before another *Reset*.
card-lapsed-off-again = It was enabled at the provider already, so it is switched off there again.
card-voided-pressed = **Collected** by { $owner } { $when }, but Discord had not confirmed that the secret arrived when the token was switched off or got a newer secret.
card-voided = **Nobody collected it** before the token was switched off or got a newer secret.
card-disowned = ⚠️ { $owner } pressed **Not me**: they did not expect this token.
card-token-active = It is active.
card-token-enabled = It is enabled at the provider. Its new secret waits to be collected.
card-token-disabling = It is being switched off: a card of its own asks an admin to do it at { $provider }. Until then it may still work.
card-token-disabling-upstream = It is being switched off at { $provider }. Until that is done it may still work. If the API there does not do it, a card of its own asks an admin to.
card-token-disabled = It is disabled.
card-token-revoked = It is revoked.
card-token-deleting = It is being deleted: a card of its own asks an admin to do it at { $provider }. Until then it may still work.
card-token-deleting-upstream = It is being deleted at { $provider }. Until that is done it may still work. If the API there does not do it, a card of its own asks an admin to.
card-token-deleted = It is deleted.
card-token-expired = It has expired.

## The card

card-field-requester = Asked for by
card-field-api = API
card-value-api = { $provider }, version { $version }
card-field-contact = Primary contact
card-field-issuer = Made by
card-value-builtin = Countersign
card-value-manual = an admin, manually
card-value-http = the provider’s API
card-field-lifetime = Lifetime
card-value-lifetime = { $days ->
    [one] 1 day
   *[other] { $days } days
}
# $before: when it would end.
card-value-lives-anew = { $before } → { $days ->
    [one] 1 day
   *[other] { $days } days
} after the change
card-value-keeps-end = { $when }, as before
card-before-after = { $before } → { $after }
card-field-description-before = Description before
card-field-emails-added = Developer emails added
card-field-emails-removed = Developer emails removed
card-value-swapped-at-once = It ends as soon as the new one is made.
card-value-old-is-dead = It stays dead.
# $heading: what the scopes can do.
card-scopes-added = ➕ Added · { $heading }
card-scopes-changed = 🔁 Changed · { $heading }
card-scopes-removed = ➖ Removed
# $version: the API version that doesn't have them.
card-scopes-no-equal = ➖ Without an equal in version { $version }
card-field-digest = Digest
card-field-expires = Request expires
card-field-description = Description
card-field-emails = Developer emails
card-field-emails-continued = Developer emails, continued
card-none = none
card-field-sid = Account SID
card-field-token-expires = Token expires

card-field-approvals = Approvals
card-approvals = **{ $have } of { $need } approvals**
card-approval = ✅ { $person } { $when }
card-approval-not-admin = ✖️ ~~{ $person }~~ is no longer an admin
card-approval-content-changed = ✖️ ~~{ $person }~~: the content changed
# $count: struck approvals that don't stand there.
card-approvals-more = and { $count } more

card-scopes = { $count ->
    [one] 1 scope
   *[other] { $count } scopes
}
card-scopes-sensitive = 🔴 Sensitive
card-scopes-writing = ✏️ Not GET
card-scopes-reading = GET
# $count: how many don't stand there.
card-more = **{ $count } more:** press *All scopes*.
card-more-first = **{ $count } more:** press *All scopes*; *Approve* asks for that first.
# In a block that others are copied from, in place of the addresses.
card-steps-emails = ({ $count } addresses: press All scopes)

# A message of its own. $count: how many approvals are missing. $until: when it expires.
card-reminder = ⏰ **#{ $number } { $name }** still waits for { $count ->
    [one] one approval
   *[other] { $count } approvals
}. It expires { $until }.

## All scopes

scopes-title = #{ $number } { $name }: all of it
scopes-part = #{ $number } · { $part } of { $parts }
scopes-approvals-required = Approvals required
# $count: what the catalogue asks for.
scopes-approvals = takes { $count } approvals
scopes-value = sent as { $value }
# $before: the method and path in the token's version.
scopes-before = so far { $before }

## What presses come to

deny-form-title = Deny #{ $number }
deny-form-reason = Reason
deny-form-hint = The requester and everyone who sees the card can read it.
fulfil-form-title = Fulfil #{ $number }
fulfil-form-sid = Account SID
fulfil-form-secret = Auth Token
fulfil-form-hint = It is sealed at once; only the person who asked will see it.

answer-approved = You approved #{ $number }: { $have } of { $need }. { $missing ->
    [one] One more is needed.
   *[other] { $missing } more are needed.
}
answer-approved-enough = You approved #{ $number }: { $have } of { $need }, which is enough. Discord is asked once more whether all approvers are still admins. Then it is carried out.
answer-approved-enough-manual = You approved #{ $number }: { $have } of { $need }, which is enough. Discord is asked once more whether all approvers are still admins. Then the card shows the steps that an admin takes at the provider.
answer-denied = #{ $number } is denied. { $requester } is told who did it, and why.
answer-withdrawn = #{ $number } is withdrawn. Nothing was made.
# $marker: what the token would be known by, as code.
answer-withdrawn-stray = #{ $number } is withdrawn. Nobody saw how the provider’s API answered, so a token marked { $marker } may have been made all the same. Countersign looks for it and revokes it where it can; the card says if somebody else has to.
answer-fulfilled = Thank you. The secret of #{ $number } is sealed, and { $requester } can collect it now. Please clear your clipboard.
answer-retried = #{ $number } is under way again. Discord is asked once more whether its approvers are still admins.
answer-retried-pending = #{ $number } waits for approvals again, for too few of them count.
answer-done = Thank you. It is recorded as done, and the card of #{ $number } shows it.
