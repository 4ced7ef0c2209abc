### Texts of the card in the approval channel, of *Details*, and of the answers to the card's
### buttons. Whoever fills them in has made safe what people typed; $requester, $owner and $person
### are mentions, and times are in Discord's own markup, with their distance in parentheses.

## Buttons

card-button-approve = Approve
card-button-deny = Deny
card-button-all-scopes = Details
card-button-edit = Edit
card-button-withdraw = Withdraw
card-button-fulfil = Fulfil
card-button-try-again = Try again
card-button-done = Done

## What is going on, at the top of the card

card-pending = { $kind ->
    [edit] { $requester } requests a change to this token ({ $provider }, version { $version }).
    [reset] { $requester } requests a new secret for this token ({ $provider }, version { $version }).
    [upgrade] { $requester } requests to upgrade this token ({ $provider }) to API version { $version }.
    [enable] { $requester } requests to enable this token ({ $provider }, version { $version }) with a new secret.
    [extend] { $requester } requests more time for this token ({ $provider }, version { $version }).
    [duplicate] { $requester } requests a copy of an existing API token for { $provider }, version { $version }.
   *[create] { $requester } requests an API token for { $provider }, version { $version }.
}
card-changed = ⚠️ The request has changed since it was submitted. Approvals of the earlier content no longer count.
# Of what an admin does by hand. $state: how the request is now.
card-undo-there = ⚠️ An admin who has already carried { $state ->
    [pending] out the earlier content
   *[denied] it out
} at the provider has to undo that there.
# $field: what changed. $before and $after: its values.
card-change = **{ $field }:** { $before } → { $after }
# $items: scopes or addresses.
card-change-added = **Added:** { $items }
card-change-removed = **Removed:** { $items }
# $before and $after: a scope with all that is approved.
card-change-scope = **Changed:** { $before } → { $after }
# $call: the name of a call in the configuration. Both: where it goes.
card-change-call = **Call “{ $call }” to the provider’s API:** { $before } → { $after }
card-change-token = The token has changed since this was requested.
card-approved = **#{ $number } has all its approvals.** Checking with Discord that all approvers are still admins.
card-issuing = **#{ $number } is approved.** { $kind ->
    [edit] The change is being carried out.
    [upgrade] The change is being carried out.
    [extend] The change is being carried out.
    [reset] The new secret is being created.
    [enable] The new secret is being created.
   *[create] The token is being created.
}
card-issuing-manual = **#{ $number } is approved.** { $kind ->
    [edit] An admin must now change the token at { $provider }. Follow the steps below, then press **Done**.
    [upgrade] An admin must now change the token at { $provider }. Follow the steps below, then press **Done**.
    [extend] An admin must now change the token at { $provider }. Follow the steps below, then press **Done**.
    [reset] An admin must now create a new secret at { $provider }. Follow the steps below, then press **Fulfil**.
    [enable] An admin must now create a new secret at { $provider }. Follow the steps below, then press **Fulfil**.
   *[create] An admin must now create the token at { $provider }. Follow the steps below, then press **Fulfil**.
}
# $kind: what is to be done. It needs no approvals. $requester: on whose behalf.
card-task = { $kind ->
    [disable] **#{ $number }: an admin must disable this token at { $provider } now.** Follow the steps below, then press **Done**. Until then it may still work. Requested by { $requester }.
    [delete] **#{ $number }: an admin must delete this token at { $provider } now.** Follow the steps below, then press **Done**. Until then it may still work. Requested by { $requester }.
   *[narrow] **#{ $number }: an admin must reduce this token’s access at { $provider } now.** Follow the steps below, then press **Done**. Requested by { $requester }; no approvals are needed.
}
card-task-upstream = { $kind ->
    [delete] **#{ $number }: an admin must delete this token at { $provider }.** Its API has not done it so far; Countersign keeps trying. Delete the token there, then press **Done**. Until then it may still work.
   *[disable] **#{ $number }: an admin must disable this token at { $provider }.** Its API has not done it so far; Countersign keeps trying. Disable the token there, then press **Done**. Until then it may still work.
}
card-task-no-call = { $kind ->
    [delete] **#{ $number }: an admin must delete this token at { $provider }.** The configuration has no API call for it. Delete the token there, then press **Done**. Until then it may still work.
   *[disable] **#{ $number }: an admin must disable this token at { $provider }.** The configuration has no API call for it. Disable the token there, then press **Done**. Until then it may still work.
}
card-steps-missing = ⚠️ The steps can’t be shown: they are missing from the configuration or contain an error. Work from the details below.
# Above the steps, with what changes before and after.
card-work = What to change
card-withdrawn = **#{ $number } was withdrawn** by { $requester }.
# $reason: why it was withdrawn without its requester, or what is left to say.
card-withdrawn-itself = **#{ $number } was withdrawn:** { $reason ->
    [token_deleted] the token was deleted in the meantime.
    [token_deleting] deleting the token began in the meantime.
    [token_disabling] disabling the token began in the meantime.
    [token_changed] the token, or what its provider offers, changed in the meantime.
    [restored] Countersign’s database was restored from a backup.
    [not_later] the token already expires later than this request would make it.
    [narrowed] its requester only reduced the token’s access instead, which needs no approvals.
    [token_expired] the token expired in the meantime.
    [superseded] the token will be deleted instead.
    [done_upstream] the provider has done it after all.
    [maybe_done] its requester no longer wanted it. An admin who has already carried it out at the provider has to undo that there.
    [maybe_changed] its requester no longer wanted it. No clear answer came from the provider’s API, so the token may have been changed there all the same. An admin should check at the provider what the token can do.
   *[token_disabled] the token was disabled in the meantime.
}
card-expired = **#{ $number } expired:** it did not get enough approvals in time.
card-denied = **Denied by { $person }:**
card-failed = **#{ $number } failed.** An admin has to act before it can continue.
# $provider: the provider's id.
card-failed-provider-gone = The provider “{ $provider }”, this API version or one of the scopes is no longer in the configuration. Put it back, restart Countersign, then press **Try again**. If it is not coming back, the requester can press **Withdraw** in `/token pending`.
card-failed-refused = The provider’s API refused, and nothing was { $what ->
    [change] changed
   *[token] created
}. Fix the cause, then press **Try again**. The API answered:
# $marker: what the token would be known by, as code.
card-stray = ⚠️ No clear answer came when the provider’s API was told to create the token, so one may exist. Look at the provider for a token marked { $marker }, and delete it if it is there.
card-failed-unsure = No clear answer came from the provider’s API, so a token may exist. Look at the provider for one marked { $marker }, and delete it if it is there. Only then press **Try again**.
card-failed-repeated = The provider’s API gave no clear answer several times. What it created was deleted again. Ask the Countersign operator to check the provider’s configuration, then press **Try again**. The last result:
card-failed-renewing = No clear answer came from the provider’s API, so the old secret may no longer work. **Try again** creates another new secret. What happened:
card-failed-away = The provider’s API could not be reached, answered too slowly or told us to wait. Nothing is being { $what ->
    [change] changed
   *[token] created
} now. Once it is back, press **Try again**.
card-failed-unknown = No details are known. The log shows when it happened.

card-issued = { $kind ->
    [edit] **Changed:** the token is now as requested in #{ $number }.
    [upgrade] **Upgraded:** the token is now as requested in #{ $number }.
    [extend] **Extended:** the token is now as requested in #{ $number }.
    [narrow] **Reduced:** the token is now as requested in #{ $number }.
    [disable] **Disabled:** #{ $number } is done.
    [delete] **Deleted:** #{ $number } is done.
    [reset] **New secret:** created for #{ $number }.
    [enable] **New secret:** created for #{ $number }.
   *[create] **Issued:** the token was created for #{ $number }.
}
card-waiting = { $owner } can collect it until { $until }.
card-dm-refused = The direct message to { $owner } could not be delivered. The owner can collect it in this server with `/token collect` until { $until }.
card-pressed = **Collected** by { $owner } on { $when }. Discord has not confirmed yet that the secret arrived, so the owner can reveal it again until { $until }.
card-collected = **Collected** by { $owner } on { $when }.
card-unconfirmed = **Collected** by { $owner } on { $when }. Discord never confirmed that the secret arrived, and our copy is erased. If the owner doesn’t have it, a reset of the secret or another token has to be requested.
card-lapsed = **Not collected** in time.
card-lapsed-unchanged = The token is unchanged.
card-lapsed-old-is-dead = The old secret stopped working at the provider when this one was created, so the token can’t be used until its secret is reset again.
card-lapsed-off-again = The provider had enabled the token already, so it was disabled there again.
# The token's state follows.
card-lapsed-was-on = The provider had enabled the token already.
card-voided-pressed = **Collected** by { $owner } on { $when }. The token stopped working or got a newer secret before Discord confirmed that this one arrived.
card-voided = **Not collected** before the token stopped working or got a newer secret.
card-disowned = ⚠️ { $owner } pressed **Not me**: this token was not expected.
card-token-active = It works.
card-token-enabled = It is enabled at the provider. Its new secret is waiting to be collected.
card-token-disabling = It is being disabled: another card asks an admin to do it at { $provider }. Until then it may still work.
card-token-disabling-upstream = It is being disabled at { $provider }. Until that is done it may still work. If the API there does not do it, another card will ask an admin to.
card-token-disabled = It is disabled.
card-token-revoked = It no longer works.
card-token-deleting = It is being deleted: another card asks an admin to do it at { $provider }. Until then it may still work.
card-token-deleting-upstream = It is being deleted at { $provider }. Until that is done it may still work. If the API there does not do it, another card will ask an admin to.
card-token-deleted = It is deleted.
card-token-expired = It has expired.

## The card

card-field-requester = Requested by
card-field-api = API
card-value-api = { $provider }, version { $version }
card-field-contact = Primary contact
card-field-issuer = Created by
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
card-value-keeps-end = { $when }, unchanged
card-before-after = { $before } → { $after }
card-field-description-before = Previous description
card-field-emails-added = Developer emails added
card-field-emails-removed = Developer emails removed
card-value-swapped-at-once = It stops working as soon as the new one is created.
card-value-old-is-dead = It will not work again.
card-scopes-added = ➕ Added
card-scopes-changed = 🔁 Changed
card-scopes-removed = ➖ Removed
# $list: how many of which category, and of which method.
card-scopes-kept = Unchanged: { $list }
# "Trees: 2 × GET". $method: GET, POST, …
card-scopes-counted = { $category }: { $count } × { $method }
# $before: how many the token has.
card-scopes-before-after = { $before } → { $count } scopes
# $version: the API version that doesn't have them.
card-scopes-no-equal = ➖ No equal in version { $version }
card-field-digest = Digest
card-field-expires = Request expires
card-field-description = Description
card-field-emails = Developer emails
card-field-emails-short = Emails
card-none = none
card-field-sid = Account SID
card-field-token-expires = Token expires

# $api: the provider and the API version.
card-origin = { $api } · requested by { $requester }
# $origin: the API, and whom it is for. $lifetime: how many days.
card-lifetime = { $origin } · { $lifetime }
# What the requester has already. $count: enabled tokens of this API.
card-other-tokens = { $count ->
    [0] Has no other token of this API
    [one] Has 1 other token of this API
   *[other] Has { $count } other tokens of this API
}
card-scopes-had = same scopes approved before
card-scopes-new = these scopes for the first time
card-digest = Digest { $digest }
card-expires = request expires on { $when }
card-approvals = **{ $have } of { $need } approvals**
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
# $count: how many don't stand there.
card-more = **{ $count } more:** press **Details**.
# Not all scopes of a pending request are written on the card.
card-details-first = Press **Details** before **Approve**: it shows every scope.
# In a block that others are copied from, in place of the addresses.
card-steps-emails = ({ $count } addresses: press Details)

# A message of its own. $count: how many approvals are missing. $until: when it expires.
card-reminder = ⏰ **#{ $number } { $name }** still needs { $count ->
    [one] one approval
   *[other] { $count } approvals
}. The request expires on { $until }.
card-call-pending = 🔔 **#{ $number } { $name }** needs approvals again. Its card says why. The request expires on { $until }.
card-call-failed = 🔔 **#{ $number } { $name }** could not be carried out. An admin has to do something before it can continue; its card says what.
card-call-by-hand = 🔔 **#{ $number } { $name }** is waiting for an admin to carry it out at the provider. Its card shows the steps.

## Details

scopes-title = #{ $number } { $name }: all details
scopes-part = #{ $number } · { $part } of { $parts }
scopes-approvals-required = Approvals required
# $count: what the catalogue asks for.
scopes-approvals = needs { $count } approvals
scopes-value = sent as { $value }
# $before: the method and path in the token's version.
scopes-before = before: { $before }

## What presses come to

deny-form-title = Deny #{ $number }
deny-form-reason = Reason
deny-form-hint = The requester and everyone who sees the card can read it.
fulfil-form-title = Fulfil #{ $number }
fulfil-form-sid = Account SID
fulfil-form-secret = Auth Token
fulfil-form-hint = It is encrypted at once. Only the requester will see it.

answer-approved = You approved #{ $number } ({ $have } of { $need }). { $missing ->
    [one] One more approval is needed.
   *[other] { $missing } more approvals are needed.
}
answer-approved-enough = You approved #{ $number } ({ $have } of { $need }). Checking that all approvers are still admins; then the request will be carried out.
answer-approved-enough-manual = You approved #{ $number } ({ $have } of { $need }). Checking that all approvers are still admins; then the card will show the steps for an admin to take at the provider.
# What that answer becomes once the approvers were checked.
answer-checked = The approvals of #{ $number } still count. The request is being carried out.
answer-checked-manual = The approvals of #{ $number } still count. Its card now shows the steps for an admin to take at the provider.
answer-checked-done = The approvals of #{ $number } still count, and the request was carried out.
# $people: mentions, $count of them.
answer-checked-struck = { $people } { $count ->
    [one] is no longer an admin
   *[other] are no longer admins
}, so { $missing ->
    [one] one more approval
   *[other] { $missing } more approvals
} of #{ $number } { $missing ->
    [one] is
   *[other] are
} needed.
answer-checked-changed = #{ $number } needs approvals again: the configuration or the token changed after the request was submitted. Its card shows what it is now.
answer-checked-failed = #{ $number } could not be carried out. Its card says what an admin has to do.
answer-checked-denied = #{ $number } was denied in the meantime. Its card says why.
answer-checked-withdrawn = #{ $number } was withdrawn in the meantime. Its card says why.
answer-checked-expired = #{ $number } has expired: it did not get enough approvals in time.
answer-denied = #{ $number } is denied. { $requester } will be told who denied it and why.
answer-withdrawn = #{ $number } is withdrawn. { $what ->
    [change] The token is unchanged.
   *[token] Nothing was created.
}
answer-withdrawn-maybe-done = #{ $number } is withdrawn. An admin may have carried it out at the provider already; its card tells admins to undo that.
answer-withdrawn-maybe-changed = #{ $number } is withdrawn. No clear answer came from the provider’s API, so the token may have been changed there all the same. Its card tells the admins to check at the provider what the token can do.
# $marker: what the token would be known by, as code.
answer-withdrawn-stray = #{ $number } is withdrawn. No clear answer came from the provider’s API, so a token marked { $marker } may have been created. Countersign looks for it and deletes it where it can; the card says if an admin has to.
answer-fulfilled = Thank you. The secret of #{ $number } is stored encrypted, and { $requester } can collect it now. Please empty your clipboard.
answer-retried = #{ $number } is being tried again. Checking that all approvers are still admins.
answer-retried-upstream = #{ $number } is being tried again. Its card will show what the provider’s API answers.
answer-retried-pending = #{ $number } needs approvals again: too few of those it had still count.
answer-done = Thank you. #{ $number } is marked as done, and its card shows it.
