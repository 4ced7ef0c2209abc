### Texts of refusals and faults: what happened, what it means, what to do.

## May not

refusal-ask = Asking for a token of this provider takes a role that you don’t have. If you need one, ask an admin of this server for the role.
refusal-edit-request = Only the person who made this request can edit it. If something should be different, ask them, or deny the request with a reason if you are an admin.
refusal-withdraw = Only the person who made this request can withdraw it. Admins can deny it instead.
refusal-approve = Only this provider’s admins can approve, and your roles don’t make you one. The request still waits for them.
refusal-deny = Only this provider’s admins can deny a request. If it is your own, you can withdraw it.
refusal-read-request = Only the person who asked and this provider’s admins can read this request in full.
refusal-fulfil = Only this provider’s admins can do this step. The request waits until one of them does.
refusal-reveal = Only the token’s owner can see this secret: the person who asked for it. It was not shown.
refusal-disown = Only the token’s owner can do this. If you think that somebody else has the token, tell an admin at once.
refusal-not-yours = This belongs to somebody else, so nothing was done. To ask for a token of your own, use `/token request`.

## Not here, not now

refusal-gone = This isn’t there any more: its time ran out, or it was ended elsewhere. Nothing was changed. `/token request` starts anew.
refusal-unknown-provider = This provider isn’t set up here any more, so nothing can be done for it. Choose another one with `/token request`, or ask an admin.
refusal-wrong-guild = This bot serves another server, so it can do nothing here.
refusal-outside-guild = This works in the server only. Open it there and try again.
refusal-not-understood = This button or form is of another version of the bot, so nothing was done. Please start again with the command, or use the newest message.
refusal-replayed = This was done already, and it was not done twice.
refusal-busy = It took too long just now, and nothing was changed. Please try again in a moment.
refusal-too-many-at-once = You have pressed too much at once, and this changed nothing. Wait until the rest is answered, then press again.
# $reference: what the log calls it.
refusal-fault = Something went wrong on our side. Please try again; if it happens again, give an admin this reference: { $reference }

## Requests

refusal-pending = This request still waits for approvals, so this step isn’t due. Its card shows how many are missing.
refusal-approved = This request has all of its approvals, and they are being checked one last time. Nothing can be changed now; its card shows in a moment how it goes on.
refusal-issuing = This request is approved, and it is being carried out. That can’t be changed any more; its card shows how it goes on.
refusal-done = This request is done. To ask for another token, use `/token request`; to change one, `/token show`.
refusal-denied = This request was denied, and nothing came of it. Its card says why. You can ask anew.
refusal-withdrawn = This request was withdrawn, and nothing came of it. You can ask anew.
refusal-expired = This request lapsed before it had enough approvals, and nothing came of it. You can ask anew.
refusal-failed = Carrying this request out failed. Its card tells the admins what to check; then one of them can try again.
refusal-older-content = The request was changed since this card was drawn, so your press didn’t count. Read the card as it is now, then decide again.
refusal-already-approved = You have approved this request already, and an approval counts once. Another admin has to approve it.
refusal-own-request = On your own request, your approval doesn’t count. Other admins have to approve it.
refusal-read-all-scopes-first = The card is too small for everything that is asked for. Press **All scopes** and read it, then **Approve**.
# $limit: how many one may have.
refusal-too-many-open = You have { $limit ->
    [one] one open request
   *[other] { $limit } open requests
}, as many as one person may have. Wait until one is decided, or withdraw one; your draft stays.
# $name: the token's name.
refusal-name-taken = The name **{ $name }** is taken by a live token or an open request, so nothing was submitted. Press **Edit details** and choose another one.
# $when: a time. $left: the same, shown as "in 40 minutes".
refusal-too-many-names = You have tried too many names that are taken, so it is not said whether this one is free, and nothing was submitted. Wait until { $when } ({ $left }), then try again; your draft stays for an hour.
refusal-form-has-problems = Some of the details can’t be used as they are, so nothing was submitted. Press **Edit details** or **Correct**, check them and send them again.
refusal-nothing-chosen = No scope is chosen, and a token without any could do nothing. Choose at least one first.
refusal-nothing-changed = This is what the request asks for already, so nothing was saved and its approvals still count. Change something first, or cancel.
# $scopes: a list.
refusal-unknown-scopes = The provider no longer offers these scopes, so nothing was submitted: { $scopes }. Press **Edit details** and send it once more: they are dropped, and the rest stays.
# $limit: how many characters.
refusal-bad-reason = A denial takes a reason of 1 to { $limit } characters, so that the requester knows what to change. Please press **Deny** again.
refusal-nothing-to-do = There is nothing left to do here: somebody was faster, or it isn’t needed any more.

## Fulfilling

refusal-not-manual = The tokens of this request are made by the bot, so there is nothing to paste. Its card shows how it goes on.
refusal-bad-account-sid = This can’t be the *Account SID*: it is empty, too long, or holds blanks. Nothing was saved. Copy it again and press **Fulfil** once more.
refusal-bad-secret = This can’t be the *Auth Token*: it is empty, too long, or holds blanks. Nothing was saved. Copy it again and press **Fulfil** once more.
# $kind: what the request asks for.
refusal-made-in-vain = This request was withdrawn or denied before you sent this, so that nothing of it was kept. { $kind ->
    [reset] If you made the new secret at the provider already, the old one is dead there, and nobody gets the new one: *Reset* the token once more in `/token show`.
    [enable] If you switched the token on at the provider already, switch it off there again: nobody gets its secret.
   *[create] If you made the token at the provider already, delete it there: nobody gets its secret.
}
refusal-secret-known = This *Auth Token* was handed out before. Each token takes a secret of its own: make a new one, then press **Fulfil** again.

## Deliveries

# $when: a time. $ago: the same, shown as "2 hours ago".
refusal-already-revealed = This secret was revealed on { $when } ({ $ago }), and it is shown only once. If that was not you, press **Not me** at once. If you lost it, ask for a new token.
refusal-not-shown = Discord did not take the message with the secret, so nobody saw it. Press **Reveal** again.
refusal-not-heard = The connection to Discord failed just now, so this message stands in place of the secret. It is still kept for you: press **Reveal** again.
refusal-being-revealed = This secret is being shown right now. If you don’t see it, press **Reveal** again in half a minute.
refusal-delivery-waiting = This secret still waits for you. Press **Reveal** to see it.
refusal-delivery-pressed = This secret is being shown. If you don’t see it, press **Reveal** again in half a minute.
refusal-delivery-accepted = This secret was shown, and it is shown only once. If you lost it, ask for a new token.
refusal-delivery-unconfirmed = The time for this secret is over, and its copy is erased. If you never saw it, ask for a new token.
refusal-delivery-lapsed = Nobody revealed this secret in time, so the token never came into use and is revoked. If you still need it, ask again with `/token request`.
refusal-lapsed-unchanged = Nobody revealed this secret in time, so it is erased, and the token is what it was before. If you still need a new one, ask for it again in `/token show`.
refusal-lapsed-old-is-dead = Nobody revealed this secret in time, so our copy is erased. The old one died at the provider when this one was made, so nobody can use the token now. Ask for another one with **Reset** in `/token show`, or **Delete** the token there.
refusal-lapsed-off-again = Nobody revealed this secret in time, so our copy is erased, and the token is switched off at the provider again. If you still need it, ask to **Enable** it in `/token show`.
refusal-delivery-disowned = You said **Not me**, so its secret was erased and the token is taken out of use. If you need one, ask for a new token.

## Tokens

refusal-token = Only the token’s owner, its primary contact and the provider’s admins can do this.
# $name: what was typed.
refusal-several-called = More than one token that you may see is called **{ $name }**, so none was opened. Type the name again and choose among what is proposed, or open one from `/token list`.
refusal-audit = Only this provider’s admins can read the audit log.
refusal-no-history-named = Name what you want the history of: a token with **token**, or a request with **request** and its number.
refusal-two-histories-named = Name either a token or a request, not both: each has a history of its own.
refusal-bad-words = An announcement takes a subject of up to 100 characters and a text of up to 2,000, which fits into one message. Nothing was sent. Press **Write** and shorten it.
refusal-nothing-to-send = Nothing was sent: choose tokens that still exist, and press **Write** for a subject and a text.
refusal-no-announcements = Nobody may send announcements here, so nothing was sent. If one is needed, ask whoever runs Countersign to raise `announcements_per_day`.
# $limit: how many in 24 hours. $when: a time. $left: the same, shown as "in 3 hours".
refusal-announced-enough = You have sent { $limit ->
    [one] one announcement
   *[other] { $limit } announcements
} for this provider in the last 24 hours, as many as one admin may, so nothing was sent. The next may go out on { $when } ({ $left }); your draft stays for an hour.
refusal-announce = Only this provider’s admins can send announcements.
# $card: a link.
refusal-change-open = Another change of this token is open, and there is one at a time: { $card }. Wait until it is decided, or have it withdrawn.
refusal-change-open-unseen = Another change of this token was asked for just now, and there is one at a time. Its card comes up in the approval channel in a moment.
refusal-token-unchanged = The token is like this already, so nothing was submitted. Change something first, or cancel.
refusal-asks-for-nothing = Saved like this, the request would ask for what the token is already, so nothing was saved. Change something, or press **Withdraw** where the request stands.
refusal-nothing-newer = The token has the newest API version that there is, so there is nothing to upgrade to.
refusal-not-newer = An upgrade takes a newer API version than the token has, so nothing was submitted. Press **Edit details** and choose one, or cancel.
# $when: when the token ends. $left: the same, shown as "in 3 days".
refusal-not-later = The token lives until { $when } ({ $left }) already, so this would not be longer, and nothing was submitted. Choose a longer time, or cancel. To end it earlier, press **Edit**.
# $days: a number.
refusal-lives-too-long = No token may live for more than { $days ->
    [one] one day
   *[other] { $days } days
} here, so nothing was submitted. Choose a shorter time.
refusal-version-gone = The provider no longer offers this token’s API version. Press **Upgrade version** first.
refusal-not-offered = The provider’s API has no way to do that with a token that is there, so nothing was changed. Name, description, contact and addresses can be edited; for anything else ask for another token.
refusal-not-its-name = That is not the token’s name, so nothing was deleted. Press **Delete** again and type it exactly as it stands.
refusal-token-issued = This token was not collected yet, so there is nothing to change. Once its owner has revealed it, try again; or disable or delete it.
refusal-token-active = This token works, so this step isn’t due.
refusal-token-disabling = This token is being switched off: an admin has to do it at the provider first.
refusal-token-disabled = This token is disabled. Where `/token show` offers **Enable**, ask for that first: it then gets a new secret. Else **Duplicate** there asks for another one like it.
refusal-token-deleting = This token is being deleted: an admin has to do it at the provider first. Nothing else can be done with it.
refusal-token-deleted = This token is deleted, and nothing brings it back. **Duplicate** asks for another one like it.
refusal-token-expired = This token has expired, and nothing brings it back. **Duplicate** asks for another one like it.
refusal-delivery-voided = Before this secret was revealed, the token was switched off or got a newer secret. So it opens nothing, and its copy is erased.
