### Texts of refusals and faults: what happened, what it means, what to do.

## May not

refusal-ask = You need a certain role to request a token of this provider, and you don’t have it. To get it, ask someone who manages this server’s roles.
refusal-edit-request = Only the requester can edit this request. If something should be different, ask the requester, or deny the request with a reason if you are an admin of its provider.
refusal-withdraw = Only the requester can withdraw this request. An admin of its provider can deny it instead.
refusal-approve = Only this provider’s admins can approve, and you are not one of them. The request is still waiting for them.
refusal-deny = Only this provider’s admins can deny a request. If it is your own, you can withdraw it.
refusal-read-request = Only the requester and this provider’s admins can read this request in full.
refusal-fulfil = Only this provider’s admins can take this step. The request is waiting for one of them.
refusal-reveal = Only the token’s owner can reveal this secret. It was not revealed.
refusal-disown = Only the token’s owner can do this. If you think that someone else has the secret, tell an admin at once.
refusal-not-yours = This belongs to someone else, so nothing was done. To request a token of your own, use `/token request`.

## Not here, not now

refusal-gone-draft = This draft is no longer there: it was submitted or cancelled, or an hour is over. This press changed nothing. To start again, use `/token request`; for a change to a token, `/token show`.
refusal-gone-request = There is no such request here, so nothing was changed. Your requests are in `/token pending`.
refusal-gone-token = There is no such token that you may see, so nothing was changed. Those that you may see are in `/token list`.
refusal-gone-delivery = There is no such secret here, so nothing was revealed or changed. What is waiting for you is in `/token collect`.
refusal-gone-announcement = This draft is no longer there: it was sent or cancelled, or an hour is over. This press sent nothing. To write another announcement, use `/token announce`.
refusal-gone-report = The 15 minutes are over, and nothing was disabled: **the secret may still work.** Report it again with `/token leak`.
# $name: what was typed.
refusal-no-such-token = There is no token called **{ $name }** that you may see. Check the name, or choose one from `/token list`.
refusal-no-such-request = There is no request with this number whose history you may see. Check the number; `/token pending` lists your requests.
refusal-unknown-provider = This provider is no longer set up here, so nothing was done. Choose another one with `/token request`, or ask the Countersign operator.
refusal-wrong-guild = This bot serves another server, so it can do nothing here.
refusal-outside-guild = This works in the server only. Open the server and try again.
refusal-not-understood = This button or form belongs to another version of the bot, so nothing was done. Start again with the command, or use the newest message.
refusal-replayed = This was already done. It was not done twice.
refusal-busy = This took too long, and nothing was changed. Try again in a moment.
refusal-unsure = This took too long, and it may have been done all the same. Look before you try again.
refusal-too-many-at-once = You did too many things at once, and this one changed nothing. Wait until the others are answered, then try again.
# $reference: what the log calls it.
refusal-fault = Something went wrong on our side. Try again; if it happens again, tell the Countersign operator this reference: { $reference }

## Requests

refusal-pending = This request still needs approvals, so this can’t be done yet. Its card shows how many are missing.
refusal-approved = This request has all its approvals, and they are being checked. It can’t be changed now; its card will show the result in a moment.
refusal-issuing = This request is approved and is being carried out, so it can no longer be changed. Its card shows the progress.
refusal-done = This request is done. To request another token, use `/token request`; to change this one, `/token show`.
refusal-denied = This request was denied, so nothing more will happen. Its card says why. You can submit a new one.
refusal-withdrawn = This request was withdrawn, so nothing more will happen. You can submit a new one.
refusal-expired = This request expired before it had enough approvals, so nothing more will happen. You can submit a new one.
refusal-failed = This request failed. Its card tells the admins what to check; then one of them can try again.
refusal-older-content = The request has changed since this card was shown, so your press did not count. Read the card as it is now, then decide again.
refusal-already-approved = You have already approved this request, and your approval counts once. Another admin has to approve it.
refusal-own-request = Your approval of your own request does not count. Other admins have to approve it.
refusal-read-all-scopes-first = The card does not show everything that is requested. Press **Details** and read it, then press **Approve**.
# $limit: how many one may have.
refusal-too-many-open = You have { $limit ->
    [one] one open request
   *[other] { $limit } open requests
}, and one person can’t have more. Wait until one is decided, or withdraw one. Your draft is kept.
# $name: the token's name.
refusal-name-taken = Nothing was submitted: the name **{ $name }** is taken by an existing token or an open request. Press **Edit details** and choose another name.
# $when: a time.
refusal-too-many-names = You have tried too many names that are taken, so this one was not checked, and nothing was submitted. Wait until { $when }, then try again. Your draft is kept for an hour.
refusal-form-has-problems = Nothing was submitted: some of the details need to be corrected. Press **Edit details** or **Correct**, check them and send them again.
refusal-nothing-chosen = No scope is chosen, and a token without scopes can do nothing. Choose at least one.
refusal-nothing-changed = The request is already like this, so nothing was saved, and its approvals still count. Change something, or cancel.
# $scopes: a list.
refusal-unknown-scopes = Nothing was submitted: the provider no longer offers these scopes: { $scopes }. Press **Edit details** and send it once more; they are removed, and the rest is kept.
# $limit: how many characters.
refusal-bad-reason = To deny a request, give a reason of 1 to { $limit } characters, so that the requester knows what to change. Press **Deny** again.
refusal-nothing-to-do = There is nothing left to do here: someone has already done it, or it is no longer needed.

## Fulfilling

refusal-not-manual = Countersign creates the token of this request itself, so there is nothing to paste. Its card shows the progress.
refusal-bad-account-sid = This can’t be the Account SID: it is empty, too long, or contains spaces. Nothing was saved. Copy it again and press **Fulfil** again.
refusal-bad-secret = This can’t be the Auth Token: it is empty, too long, or contains spaces. Nothing was saved. Copy it again and press **Fulfil** again.
# $state: how it ended. $what: what an admin was to do at the provider.
refusal-made-in-vain = This request { $state ->
    [denied] was denied
    [expired] expired
   *[withdrawn] was withdrawn
} before you sent this, so nothing was saved. { $what ->
    [changed] If you have already changed the token at the provider, undo that there: `/token show` shows how it was.
    [secret] If you have already created the new secret at the provider, the old one no longer works there, and nobody gets the new one: **Reset** the secret once more in `/token show`.
    [enabled] If you have already enabled the token at the provider, disable it there again: nobody gets its secret.
   *[token] If you have already created the token at the provider, delete it there: nobody gets its secret.
}
# The request waits for something else. $state: pending or failed. $what: as above.
refusal-made-in-vain-changed = This request { $state ->
    [failed] has failed
   *[pending] has changed or needs approvals again
}, so nothing was saved. { $what ->
    [changed] If you have already changed the token at the provider, undo that there: `/token show` shows how it was.
    [secret] If you have already created the new secret at the provider, the old one no longer works there, and nobody gets the new one: carry out this request as soon as its card shows the steps again.
    [enabled] If you have already enabled the token at the provider, disable it there again: nobody gets its secret.
   *[token] If you have already created the token at the provider, delete it there: nobody gets its secret.
} Its card shows what is needed now.
refusal-made-in-vain-done = Another admin has already carried out this request, so nothing was saved. { $what ->
    [secret] If you have created one more secret at the provider, the one that was entered may no longer work there: ask the requester to request **Reset** in `/token show`.
   *[token] If you have created one more token at the provider, delete it there: nobody gets its secret.
}
refusal-secret-known = This Auth Token belongs to a token that was delivered before. Each token needs its own: create a new one, then press **Fulfil** again.

## Deliveries

# $when: a time.
refusal-already-revealed = This secret was revealed on { $when }, and it is revealed only once. If that was not you, press **Not me** at once. If you lost it, request a reset of the secret or another token.
refusal-not-shown = Discord did not accept the message with the secret, so nobody has seen it. Press **Reveal** again.
refusal-not-heard = The connection to Discord failed, so you see this message and not the secret. The secret is still kept for you: press **Reveal** again.
refusal-being-revealed = This secret is being revealed right now. If you don’t see it, press **Reveal** again in half a minute.
refusal-delivery-waiting = This secret has not been collected yet. Press **Reveal** to see it.
refusal-delivery-pressed = This secret is being revealed. If you don’t see it, press **Reveal** again in half a minute.
refusal-delivery-accepted = This secret was revealed, and it is revealed only once. If you lost it, request a reset of the secret or another token.
refusal-delivery-unconfirmed = The time to collect this secret is over, and our copy is erased. If you never saw it, request a reset of the secret or another token.
# $when: when **Reveal** was pressed.
refusal-reveal-unconfirmed = You pressed **Reveal** on { $when }. Discord never confirmed that the secret arrived, the time to collect it is over, and our copy is erased. If you never saw it, request a reset of the secret or another token.
refusal-delivery-lapsed = This secret was not collected in time, so the token no longer works. If you still need it, request it again with `/token request`.
refusal-lapsed-going = This secret was not collected in time, so it can’t be revealed. The token is being deleted at the provider; until that is done it may still work. If you still need a token, request it again with `/token request`.
refusal-lapsed-unchanged = This secret was not collected in time, so it is erased. The token is unchanged. If you still need a new secret, request it again in `/token show`.
refusal-lapsed-old-is-dead = This secret was not collected in time, so our copy is erased. The provider ended the old one when it created this one, so nobody can use the token now. In `/token show`, request **Reset** again, or **Delete** the token.
refusal-lapsed-off-again = This secret was not collected in time, so our copy is erased, and the token was disabled at the provider again. If you still need it, request **Enable** in `/token show`.
refusal-lapsed-going-off = This secret was not collected in time, so it can’t be revealed. The token had been enabled at the provider, and is being disabled there again; until that is done it may still work. If you still need it, request **Enable** in `/token show` after that.
refusal-delivery-disowned = **Not me** was pressed, so this secret is erased and can’t be revealed. If you need a token, request a new one.

## Tokens

refusal-token = Only the token’s owner, its primary contact and the provider’s admins can do this.
# $name: what was typed.
refusal-several-called = Several tokens that you may see are called **{ $name }**, so none was opened. Type the name again and choose from the suggestions, or choose one from `/token list`.
refusal-audit = Only this provider’s admins can read the audit log.
refusal-no-history-named = Choose whose history you want to see: a token’s with **token**, or a request’s with **request** and its number.
refusal-two-histories-named = Choose either a token or a request, not both: each has its own history.
refusal-bad-words = Nothing was sent. An announcement has a subject of up to 100 characters and a text of up to 2,000, and must fit into one message. Press **Write** and shorten it.
refusal-nothing-to-send = Nothing was sent. Choose tokens that still exist, and press **Write** to enter a subject and a text.
refusal-no-announcements = Announcements are not allowed here, so nothing was sent. If you need one, ask the Countersign operator to raise `announcements_per_day`.
# $limit: how many in 24 hours. $when: a time.
refusal-announced-enough = Nothing was sent. You have sent { $limit ->
    [one] one announcement
   *[other] { $limit } announcements
} for this provider in the last 24 hours, and one admin can’t send more. You can send the next one on { $when }. Your draft is kept for an hour.
refusal-announce = Only this provider’s admins can send announcements.
refusal-health = Only admins of a provider can see what is stuck. What is waiting for you is in `/token pending`.
refusal-post-panel = Only this provider’s admins can post its request button. To request a token, use `/token request`.
refusal-cannot-post-here = Countersign can’t post in this channel, so nothing was posted. Allow it to view the channel and send messages here, or use the command in another channel.
# $card: a link.
refusal-change-open = Another change to this token has been requested, and there can be only one open request: { $card }. Wait until it is decided, or have it withdrawn.
refusal-change-open-unseen = Another change to this token has just been requested, and there can be only one. Its card will appear in the approval channel in a moment.
refusal-token-unchanged = The token is already like this, so nothing was submitted. Change something, or cancel.
refusal-asks-for-nothing = With this, the request would not change the token at all, so nothing was saved. Change something, or press **Withdraw** in `/token pending`.
refusal-nothing-newer = The token already has the newest API version, so it can’t be upgraded.
refusal-not-newer = An upgrade needs a newer API version than the token has, so nothing was submitted. Press **Edit details** and choose one, or cancel.
# $when: when the token expires.
refusal-not-later = The token already works until { $when }, so this would not extend it, and nothing was submitted. Choose a longer time, or cancel. To make it expire earlier, press **Edit**.
# $days: a number.
refusal-lives-too-long = Nothing was submitted: the lifetime of a token here is at most { $days ->
    [one] one day
   *[other] { $days } days
}. Choose a shorter time.
refusal-version-gone = The provider no longer offers this token’s API version. Press **Upgrade version** first.
refusal-not-offered = The provider’s API can’t do this with an existing token, so nothing was changed. You can edit name, description, contact and developer emails; for anything else, request another token.
refusal-not-its-name = That is not the token’s name, so nothing was deleted. Press **Delete** again and type the name exactly.
refusal-token-issued = This token has not been collected yet, so it can’t be changed. Try again once its owner has collected it. You can disable or delete it now.
refusal-token-active = This token works, so there is no need for this.
refusal-token-disabling = This token is being disabled at its provider. Try again once that is done.
refusal-token-disabled = This token is disabled. If `/token show` offers **Enable**, request that first; it gives the token a new secret. If not, request another token like it with **Duplicate** there.
refusal-token-deleting = This token is being deleted at its provider, so it can’t be changed.
refusal-token-deleted = This token is deleted and can’t be restored. If you still need it, request another token like it with **Duplicate**.
refusal-token-expired = This token has expired and can’t be restored. If you still need it, request another token like it with **Duplicate**.
refusal-delivery-voided = This secret can’t be revealed: the token stopped working or got a newer secret first. Our copy is erased.
