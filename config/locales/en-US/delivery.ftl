### Texts of the delivery of a secret, and of what people are told by direct message. $owner,
### $requester and $person are mentions; moments are in Discord's own markup.

## Buttons

delivery-button-reveal = Reveal
delivery-button-not-me = Not me
delivery-button-stored = I have stored it

## Your token is ready

delivery-ready-title = Your token { $name } is ready
delivery-ready-purpose = What it is for
delivery-ready-reveal = Press *Reveal* when you can put the secret where it belongs. It is shown **once, and to you alone**, and disappears again after a few minutes.
delivery-ready-swapped = The old secret opens nothing any more: it died at the provider when this one was made.
delivery-ready-not-me = If you did not ask for this token, press *Not me*: it is taken out of use, and the admins are alerted.
delivery-ready-until = Collect it by

## The secret

delivery-secret-title = **{ $name }**
delivery-secret-sid = Account SID
delivery-secret-secret = Auth Token, the secret
delivery-secret-hide = Only you can see this message. It disappears { $when } and can’t be shown again.
delivery-secret-todo = Put both into a secret store now, not into code, chats or tickets. Then press *I have stored it*, and the message goes at once. If this is not yours, press *Not me*.

# $count: so many more secrets.
delivery-more-waits = { $count ->
    [one] One more secret waits
   *[other] { $count } more secrets wait
} for you: once these are collected, `/token collect` shows what comes next.
delivery-nothing-waits = Nothing waits for you here. If a token of yours was revealed before, its secret can’t be shown again.
delivery-disowned-off = Thank you for telling. The token **{ $name }** is off, and the admins who approved it are alerted.
delivery-disowned-asked = Thank you for telling. An admin must switch the token **{ $name }** off manually, and the admins who approved it are alerted. Until then it may still work.
delivery-disowned-going = Thank you for telling. The token **{ $name }** is being switched off at the provider, and the admins who approved it are alerted. Until that is done it may still work.
delivery-disowned-dead = Thank you for telling. This secret opens nothing any more, so the token **{ $name }** was left as it is. The admins who approved it are alerted.

## Direct messages

# What every one of them is about.
notice-subject = Request #{ $number }: the token **{ $name }** for { $provider }.

notice-approved-title = #{ $number } is approved
notice-approved = The admins approved your request, and it is being carried out. You are told here how it goes on.
notice-returned-title = #{ $number } waits again
notice-returned = Your request had enough approvals and needs more again: somebody who approved is no longer an admin, or the configuration has changed. It waits for others, and you need not do anything.
notice-denied-title = #{ $number } was denied
notice-denied = { $person } denied your request:
notice-denied-todo = Talk to them, or ask anew.
notice-expired-title = #{ $number } expired
notice-expired = Nobody decided on your request in time. If you still need it, ask again.
notice-failed-title = #{ $number } can’t go on
notice-failed = Your request is approved, but it can’t be carried out before an admin has done something. The card in the approval channel says what; you need not do anything.
notice-created-title = The token { $name } was created
notice-created = { $requester } asked for it, and the admins approved. You are its primary contact. It waits for { $requester } to collect it; there is nothing to do yet.
notice-created-own = You asked for it, and the admins approved. You are its primary contact too. The secret comes in a message of its own.
notice-collected-title = The token { $name } is in use
notice-collected = { $owner } has collected it, and it works from now on. You are its primary contact: you hear of what happens to it.
notice-collected-own = You have collected it, and it works from now on. If you did not, tell the admins at once.
notice-lapsed-title = The token { $name } was never collected
notice-lapsed-off = { $owner } did not collect it in time, so it was revoked. It never came into use.
notice-lapsed-asked = { $owner } did not collect it in time. It is being deleted at its provider, and you are told when it is gone.
notice-lapsed-todo = If you still need it, ask again with `/token request`.
notice-lapsed-nothing = There is nothing to do. If it is still needed, { $owner } can ask for it again.
notice-disabled-title = The token { $name } was disabled
notice-disabled = Programs that use it are refused from now on. Remove it from whatever still does.
notice-by = { $person } did it.
notice-by-itself = Countersign did it.
notice-disowned-title = ⚠️ Not me: the token { $name }
notice-disowned = { $owner } says that they did not expect this token, which you approved. Somebody may have asked for it in their name.
notice-disowned-off = It is disabled already. Find out who asked for it, and whether that account is safe.
notice-disowned-on = The secret opens nothing any more, so the token was left as it is. Find out who asked for it, and whether that account is safe.
notice-disowned-asked = **Switch it off at the provider now**: the card in the approval channel has its Account SID and a button *Done*. Then find out who asked for it, and whether that account is safe.
notice-disowned-going = It is being switched off at the provider; until that is done it may still work. If the provider’s API does not do it, a card in the approval channel asks an admin to. Find out who asked for it, and whether that account is safe.
notice-withdrawn-title = #{ $number } was withdrawn
notice-withdrawn-disabled = The token was disabled meanwhile, so there is nothing to change. To get it back, ask to **Enable** it.
notice-withdrawn-off = The token was disabled meanwhile, so there is nothing to change. If a token is still needed, **Duplicate** in `/token show` asks for another one like it.
notice-withdrawn-deleted = The token was deleted meanwhile, so there is nothing to change.
notice-withdrawn-changed = The token, or what its provider offers, changed meanwhile, so nobody did it. If it is still needed, ask again.
notice-withdrawn-restored = Countersign’s database was restored from a backup, so everything that waited was withdrawn. If it is still needed, request it again.
notice-withdrawn-not-later = The token lives longer already than it would with this, so there is nothing to extend.
notice-withdrawn-expired = The token expired meanwhile, so there is nothing to change. **Duplicate** asks for another one like it.
notice-changed-title = The token { $name } was changed
notice-changed = { $requester } asked for the change, and the admins approved. It is in force.
notice-changed-todo = `/token show` shows the token as it is now.
notice-narrowed-title = The token { $name } may do less
notice-reset-title = The token { $name } has a new secret
notice-reset = { $owner } asked for it, the admins approved, and { $owner } has collected it and owns the token now. Programs need the new secret.
notice-reset-dead = The old secret opens nothing any more.
# $until: a time.
notice-reset-until = The old secret works until { $until }, and then no more.
notice-enabled-title = The token { $name } works again
notice-enabled = { $owner } asked for it, the admins approved, and { $owner } has collected the new secret and owns the token now. The old secret opens nothing any more.
notice-deleted-title = The token { $name } was deleted
notice-deleted = Programs that use it are refused from now on, for good. Remove it from whatever still does.
notice-token-expired-title = The token { $name } has expired
notice-token-expired = Its time was up. Programs that use it are refused from now on. If it is still needed, *Duplicate* in `/token show` asks for another one like it.
notice-renewed-title = The old secret of { $name } is dead
notice-renewed = { $owner } asked for a new secret, the admins approved, and the provider has made it. With that the old one opens nothing any more. The new one waits for { $owner } to collect it; programs need it.
notice-secret-unsure-title = The secret of { $name } may not work any more
notice-secret-unsure = { $owner } asked for a new one. The provider was asked for it, but it did not arrive here, so the old one may be dead while nobody has another. Programs that fail need a new one: an admin can go on with the request on its card; where it is over, ask anew with **Reset** in `/token show`. You hear when there is a new one.
notice-renewal-lapsed-title = The new secret of { $name } was never collected
notice-renewal-lapsed = { $owner } did not collect it in time, so it is erased. The token is what it was before. If it is still needed, ask for it again.
notice-renewal-lapsed-old-is-dead = { $owner } did not collect it in time, so our copy is erased. The old secret died at the provider when the new one was made, so nobody can use the token now, though it is still on there. If it is still needed, ask for another one with **Reset** in `/token show`; if not, **Delete** it.
notice-renewal-lapsed-ends = { $owner } did not collect it in time, so our copy is erased. The token is off, or is being switched off.
notice-renewal-lapsed-off = { $owner } did not collect it in time, so it is erased. The token worked at the provider since it was enabled there, and was switched off again. If it is still needed, ask to **Enable** it again.
notice-renewal-lapsed-going = { $owner } did not collect it in time, so it is erased. The token works at the provider since it was enabled there, and is now being switched off again. You hear when that is done; until then it may still work.
notice-voided-title = The new secret of { $name } opens nothing
notice-voided = Before you collected the secret that you asked for, { $state ->
    [deleted] the token was deleted. Our copy is erased. If a token is still needed, **Duplicate** in `/token show` asks for another one like it.
    [expired] the token expired. Our copy is erased. If a token is still needed, **Duplicate** in `/token show` asks for another one like it.
    [off] the token was disabled. Our copy is erased. If a token is still needed, **Duplicate** in `/token show` asks for another one like it.
   *[disabled] the token was disabled. Our copy is erased. If the token is still needed, ask to **Enable** it, which gives it another secret.
}
notice-replaced-title = The new secret of { $name } gave way to a newer one
notice-replaced = { $owner } asked for a newer secret, and the admins approved. The one that was meant for you is erased, and it is not shown any more. There is nothing to do.
notice-change-end = Expires

## A mailbox that takes nothing

notice-mailbox-title = Mail about the token { $name } does not arrive
# $address: an e-mail address.
notice-mailbox = The mail server of the developer { $address } refuses messages for good. It said:
notice-mailbox-todo = Whoever reads that mailbox hears nothing of this token. Correct the address with *Edit* in `/token show`, or take it off. You are told this once.
# $count: tokens, at least two.
notice-mailbox-several-title = Mail about { $count } of your tokens does not arrive
# $tokens: their names.
notice-mailbox-several-todo =
    Whoever reads that mailbox hears nothing of these tokens: { $tokens }
    Correct the address with *Edit* in `/token show`, or take it off. You are told this once.

## What ends soon

# $count: tokens.
notice-ending-title = { $count ->
    [one] A token of yours expires soon
   *[other] { $count } tokens of yours expire soon
}
# $name: the token. $at: a date and time. $when: "in 7 days".
notice-ending-line = **{ $name }** ({ $provider }): { $at }, { $when }
# $providers: their names.
notice-ending-todo-fixed = From then on, programs that use it are refused. Its provider can’t give it more time: if it is still needed, ask for another one like it with *Duplicate* in `/token show`. That takes admins’ approvals, so begin in time.
notice-ending-todo-mixed = From then on, programs that use them are refused. Where one is still needed, ask for more time with *Extend* in `/token show`. { $providers } can’t give any: there, *Duplicate* asks for another one like it. Both take admins’ approvals, so begin in time.
notice-ending-todo = From then on, programs that use it are refused. If it is still needed, ask for more time with *Extend* in `/token show`: that takes admins’ approvals, so begin in time.

## What expired at about the same time

# $count: tokens, at least two.
notice-several-expired-title = { $count } tokens of yours have expired
# $name: a token. $at: a time.
notice-several-expired-line = **{ $name }** ({ $provider }): { $at }
notice-several-expired-todo = Their time was up. Programs that use them are refused from now on. If one is still needed, *Duplicate* in `/token show` asks for another one like it.

## Announcements

notice-announced-title = A message from an admin
# $author: an admin. $tokens: names.
notice-announced = { $author } writes to the contacts and developers of tokens for { $provider }. You are the primary contact of: { $tokens }
