### Texts of the delivery of a secret, and of what people are told by direct message. $owner,
### $requester and $person are mentions; times are in Discord's own markup, with their distance in
### parentheses.

## Buttons

delivery-button-reveal = Reveal
delivery-button-not-me = Not me
delivery-button-stored = I have stored it

## Your token is ready

delivery-ready-title = Your token { $name } is ready
delivery-ready-purpose = Description
delivery-ready-reveal = Press **Reveal** when you are ready to store the secret. It is revealed **once, to you alone**, and disappears after a few minutes.
delivery-ready-swapped = The old secret no longer works: the provider ended it when it created this one.
delivery-ready-not-me = If you did not request this token, press **Not me**: this disables the token and alerts the admins.
delivery-ready-until = Collect before

# The same for a new secret of a token that exists.
delivery-renewed-title = The new secret of { $name } is ready
delivery-renewed-lead = This is a new secret for an existing token. The token’s name, scopes and expiry stay as they are.
delivery-renewed-stops = The old secret stops working when you reveal this one.
# $hours: for how long both work.
delivery-renewed-overlap = { $hours ->
    [one] The old secret works for 1 hour more after you reveal this one, but not after the token expires.
   *[other] The old secret works for { $hours } hours more after you reveal this one, but not after the token expires.
}
delivery-renewed-enables = The token is enabled when you reveal this secret. The old secret will not work again.
delivery-renewed-enabled = The token is enabled at the provider. The old secret will not work again.
delivery-renewed-not-me = If you did not request this secret, press **Not me**: this disables the token and alerts the admins.

## What that message becomes

receipt-title = The secret of { $name }
# $person: the owner. $when: when they pressed.
receipt-revealed = { $person } revealed it on { $when }. It can’t be revealed again.
receipt-not-me = If that was not you, press **Not me**: this alerts the admins and, if the secret still works, disables the token.
receipt-unconfirmed = You pressed **Reveal** on { $when }. Discord never confirmed that the secret arrived, and our copy is erased. If you don’t have it, request a reset of its secret or another token.
receipt-not-revealed = It was not revealed in time, and our copy is erased.
receipt-voided = It can’t be revealed: the token stopped working or got a newer secret first.
receipt-disowned = You pressed **Not me**.
receipt-disabled = The token is disabled.
receipt-deleted = The token is deleted.
receipt-expired = The token has expired.

## The secret

delivery-secret-title = **{ $name }**
delivery-secret-sid = Account SID
delivery-secret-secret = Auth Token, the secret
delivery-secret-hide = Only you can see this message. It will be deleted on { $when }, and the secret can’t be revealed again.
delivery-secret-todo = Put both into a secret store now, not into code, chats or tickets. Then press **I have stored it**, and this message is deleted at once. If you did not request this token, press **Not me**.

# After **I have stored it**.
delivery-stored = The message that revealed the secret of **{ $name }** is deleted.

# $count: so many more secrets.
delivery-more-waits = { $count ->
    [one] One more secret is waiting
   *[other] { $count } more secrets are waiting
} for you. Collect these first, then use `/token collect` again.
delivery-nothing-waits = There is nothing to collect. A secret that was revealed before can’t be revealed again.
delivery-disowned-off = Thank you for telling us. The token **{ $name }** { $state ->
    [deleted] is deleted
    [expired] has expired
   *[disabled] is disabled
}, and the admins who approved it have been alerted.
delivery-disowned-asked = Thank you for telling us. An admin must disable the token **{ $name }** at its provider. Until then it may still work. The admins who approved it have been alerted.
delivery-disowned-going = Thank you for telling us. The token **{ $name }** is being disabled at its provider. Until that is done it may still work. The admins who approved it have been alerted.
delivery-disowned-dead = Thank you for telling us. This secret no longer works, so the token **{ $name }** was left as it is. The admins who approved it have been alerted.

## Direct messages

# What every one of them is about.
notice-subject = Request #{ $number }: the token **{ $name }** for { $provider }.

notice-approved-title = #{ $number } is approved
notice-approved = The admins approved your request, and it is being carried out. You will get a message here when there is news.
notice-approved-by-hand = The admins approved your request. An admin will carry it out at the provider, and you will get a message here when it is done.
notice-returned-title = #{ $number } needs approvals again
notice-returned = Your request had all its approvals, but someone who approved it is no longer an admin, or the configuration has changed. It is waiting for other admins. You don’t need to do anything.
notice-denied-title = #{ $number } was denied
notice-denied = { $person } denied your request:
notice-denied-todo = Talk to this admin, or submit a new request.
notice-expired-title = #{ $number } expired
notice-expired = Your request did not get enough approvals in time. If you still need it, submit a new one.
notice-failed-title = #{ $number } failed
notice-failed = Your request could not be carried out. An admin has to do something before it can continue; the card in the approval channel says what. You don’t need to do anything.
notice-card-refused-title = The admins may not see #{ $number } as it is now
notice-card-refused-text = Discord’s automatic moderation refuses the text of your request, so the approval channel does not show it as it is now.
notice-card-refused-text-todo = Change the text with **Edit** in `/token pending`. The admins can also approve the request in `/token pending` as it is.
notice-card-refused-access = Countersign has no access to the approval channel, so the channel does not show your request as it is now.
notice-card-refused = Discord refused the card of your request, so the approval channel does not show it as it is now.
notice-card-refused-todo = Tell an admin. They find the request in `/token pending` too, and its card is tried again every hour. When it is shown, this message is deleted.
notice-created-title = The token { $name } was created
notice-created = { $requester } requested it, and the admins approved it. You are its primary contact. { $requester } has not collected it yet; there is nothing for you to do.
notice-created-own = You requested it, and the admins approved it. You are its primary contact too. You can reveal the secret from a separate message.
notice-collected-title = The token { $name } was collected
notice-collected = { $owner } has collected it, and it works now. You are its primary contact, so you will be told what happens to it.
notice-collected-own = You have collected it, and it works now. If that was not you, tell the admins at once.
notice-lapsed-title = The token { $name } was not collected
notice-lapsed-off = { $owner } did not collect it in time, so it no longer works. Nobody has used it.
notice-lapsed-asked = { $owner } did not collect it in time. It is being deleted at its provider, and you will be told when that is done.
notice-lapsed-todo = If you still need it, request it again with `/token request`.
notice-lapsed-nothing = There is nothing for you to do. If it is still needed, { $owner } can request it again.
notice-disabled-title = The token { $name } was disabled
notice-disabled = Programs that use it are refused. Remove it from every program that still uses it.
notice-by = { $person } did this.
notice-by-itself = Countersign did this automatically.
notice-disowned-title = ⚠️ Not me: the token { $name }
notice-disowned = { $owner } pressed **Not me**: this token was not expected. Someone may have requested it in that name.
notice-disowned-off = It { $state ->
    [deleted] is deleted
    [expired] has expired
   *[disabled] is disabled
}. Find out who requested it, and whether that account is safe.
notice-disowned-on = The secret no longer works, so the token was left as it is. Find out who requested it, and whether that account is safe.
notice-disowned-asked = **Disable it at the provider now:** the card in the approval channel has its Account SID and the button **Done**. Then find out who requested it, and whether that account is safe.
notice-disowned-going = It is being disabled at the provider; until that is done it may still work. If the provider’s API does not do it, a card in the approval channel will ask an admin to. Find out who requested it, and whether that account is safe.
notice-withdrawn-title = #{ $number } was withdrawn
notice-withdrawn-own = You withdrew it, so nothing more will happen.
notice-withdrawn-own-begun = You withdrew it. An admin may have carried it out at the provider already; its card tells admins to undo that.
notice-withdrawn-own-unclear = You withdrew it. No clear answer came from the provider’s API, so the token may have been changed there all the same. Its card tells the admins to check at the provider what the token can do.
notice-withdrawn-narrowed = You only reduced the token’s access instead, which needs no approvals.
notice-withdrawn-disabled = The token was disabled in the meantime, so your request can’t be carried out. To use the token again, request **Enable**.
notice-withdrawn-off = The token was disabled in the meantime, so your request can’t be carried out. If you still need it, request another token like it with **Duplicate** in `/token show`.
notice-withdrawn-disabling = The token is being disabled, so your request can’t be carried out. Until that is done the token may still work. To use it after that, request **Enable** in `/token show`.
notice-withdrawn-going-off = The token is being disabled, so your request can’t be carried out. Until that is done the token may still work. If you still need it, request another token like it with **Duplicate** in `/token show`.
notice-withdrawn-deleted = The token was deleted in the meantime, so your request can’t be carried out.
notice-withdrawn-deleting = The token is being deleted, so your request can’t be carried out. Until that is done the token may still work.
notice-withdrawn-changed = The token, or what its provider offers, changed in the meantime, so the request was not carried out. If it is still needed, submit a new one.
notice-withdrawn-restored = Countersign’s database was restored from a backup, so all open requests were withdrawn. If yours is still needed, submit it again.
notice-withdrawn-not-later = The token already expires later than this request would make it, so there is nothing to extend.
notice-withdrawn-expired = The token expired in the meantime, so your request can’t be carried out. If you still need it, request another token like it with **Duplicate** in `/token show`.
notice-changed-title = The token { $name } was changed
notice-changed = { $requester } requested the change, and the admins approved it. It has taken effect.
notice-changed-todo = `/token show` shows the token as it is now.
notice-narrowed-title = The access of the token { $name } was reduced
notice-reset-title = The token { $name } has a new secret
notice-reset = { $owner } requested it, and the admins approved it. { $owner } has collected it and is now the token’s owner. Programs need the new secret.
notice-reset-dead = The old secret no longer works.
# $until: a time.
notice-reset-until = The old secret works until { $until }.
notice-enabled-title = The token { $name } was enabled
notice-enabled = { $owner } requested it, and the admins approved it. { $owner } has collected the new secret and is now the token’s owner. The old secret will not work again.
notice-deleted-title = The token { $name } was deleted
notice-deleted = Programs that use it are refused, and it can’t be restored. Remove it from every program that still uses it.
notice-token-expired-title = The token { $name } has expired
notice-token-expired = Programs that use it are refused. If you still need it, request another token like it with **Duplicate** in `/token show`.
notice-renewed-title = The old secret of { $name } no longer works
notice-renewed = { $owner } requested a new secret, the admins approved it, and the provider created it. That ended the old one. { $owner } has not collected the new one yet; programs will need it.
notice-secret-unsure-title = The secret of { $name } may no longer work
notice-secret-unsure = { $owner } requested a new secret. The provider was told to create it, but it did not arrive here. The old secret may have stopped working, and nobody has the new one. If programs fail, an admin can press **Try again** on the request’s card; if the request is over, request **Reset** in `/token show`. You will be told when there is a new secret.
notice-renewal-lapsed-title = The new secret of { $name } was not collected
notice-renewal-lapsed = { $owner } did not collect it in time, so it is erased. The token is unchanged. If a new secret is still needed, request it again.
notice-renewal-lapsed-old-is-dead = { $owner } did not collect it in time, so our copy is erased. The provider ended the old secret when it created the new one, so nobody can use the token now, although it is still enabled there. If you still need it, request **Reset** in `/token show`; otherwise **Delete** it.
notice-renewal-lapsed-ends = { $owner } did not collect it in time, so our copy is erased. The token is disabled, or is being disabled.
notice-renewal-lapsed-off = { $owner } did not collect it in time, so it is erased. The token had been enabled at the provider, and was disabled there again. If you still need it, request **Enable** again.
notice-renewal-lapsed-going = { $owner } did not collect it in time, so it is erased. The token had been enabled at the provider, and is being disabled there again; until that is done it may still work. You will be told when it is done.
notice-voided-title = The new secret of { $name } can no longer be collected
notice-voided = { $state ->
    [deleted] The token was deleted before you collected the secret that you requested.
    [expired] The token expired before you collected the secret that you requested.
   *[disabled] The token was disabled before you collected the secret that you requested.
}
notice-voided-enable = Our copy is erased. If you still need it, request **Enable**, which gives the token another secret.
notice-voided-duplicate = Our copy is erased. If you still need the token, request another one like it with **Duplicate** in `/token show`.
notice-replaced-title = The new secret of { $name } was replaced by a newer one
notice-replaced = { $owner } requested a newer secret, and the admins approved it. The one for you is erased and can’t be revealed. There is nothing for you to do.
notice-change-end = Expires
# $item: an address, or a scope's method and path. $before, $after: the same.
notice-developer-added = **Developer added:** { $item }
notice-developer-removed = **Developer removed:** { $item }
notice-scope-added = **Scope added:** { $item }
notice-scope-removed = **Scope removed:** { $item }
notice-scope-changed = **Scope changed:** { $before } → { $after }

## A mailbox that takes nothing

notice-mailbox-title = Email about the token { $name } is not arriving
# $address: an email address.
notice-mailbox = The mail server refuses every message to the developer { $address }. It said:
notice-mailbox-todo = That developer gets no news of this token. Correct or remove the address with **Edit** in `/token show`. This is the only message about it.
# $count: tokens, at least two.
notice-mailbox-several-title = Email about { $count } of your tokens is not arriving
# $tokens: their names.
notice-mailbox-several-todo =
    That developer gets no news of these tokens: { $tokens }
    Correct or remove the address with **Edit** in `/token show`. This is the only message about it.

## What expires soon

# $count: tokens.
notice-ending-title = { $count ->
    [one] One of your tokens expires soon
   *[other] { $count } of your tokens expire soon
}
# $name: the token. $at: a time.
notice-ending-line = **{ $name }** ({ $provider }): { $at }
# $providers: their names.
notice-ending-todo-fixed = Once a token expires, programs that use it will be refused. This provider can’t extend tokens: if you still need one, request another token like it with **Duplicate** in `/token show`. Admins have to approve that, so start in time.
notice-ending-todo-mixed = Once a token expires, programs that use it will be refused. If you still need one, request more time with **Extend** in `/token show`. Tokens for { $providers } can’t be extended: request another token like it with **Duplicate**. Admins have to approve both, so start in time.
notice-ending-todo = Once a token expires, programs that use it will be refused. If you still need it, request more time with **Extend** in `/token show`. Admins have to approve that, so start in time.

## What expired at about the same time

# $count: tokens, at least two.
notice-several-expired-title = { $count } of your tokens have expired
# $name: a token. $at: a time.
notice-several-expired-line = **{ $name }** ({ $provider }): { $at }
notice-several-expired-todo = Programs that use them are refused. If you still need one of them, request another token like it with **Duplicate** in `/token show`.

## Announcements

notice-announced-title = An announcement from an admin
# $author: an admin. $tokens: names.
notice-announced = { $author } writes to the contacts and developers of tokens for { $provider }. You are the primary contact of: { $tokens }
