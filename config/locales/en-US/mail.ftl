### Emails to the developers of a token. They never hold a secret.

## Created: it exists, and is waiting for its owner

# $token: the token's name. $provider: whose API it is for.
mail-created-subject = { $provider }: API token “{ $token }” was created
mail-created-title = API token “{ $token }” was created
# $requester: who requested it.
mail-created-lead = { $requester } requested a token for { $provider }, the admins named below approved it, and it was created. { $requester } has not collected it in Discord yet.
mail-created-todo = There is nothing to do yet. Once { $requester } has collected it, ask { $requester } for what you need; agree on a safe way to do that. Secrets are never sent by email, and nobody will ask you for one in reply to this message.

## Collected: its owner has seen the secret

mail-collected-subject = { $provider }: API token “{ $token }” was collected
mail-collected-title = API token “{ $token }” was collected
mail-collected-lead = { $requester } has collected the token for { $provider } in Discord, so it works now.
mail-collected-todo = If you build with this token, get it from { $requester } in a safe way and keep it in a secret store, not in code, chats or tickets. If it leaks, tell { $people } at once.

# Both, where the owner was quick.
mail-created-collected-subject = { $provider }: API token “{ $token }” was created and collected
mail-created-collected-title = API token “{ $token }” was created and collected
mail-created-collected-lead = { $requester } requested a token for { $provider }, the admins named below approved it, and { $requester } has collected it in Discord, so it works now.

# Whom to turn to, where requester and primary contact are not the same.
mail-people = { $requester } or { $contact }
# The same, where they are.
mail-person = { $requester }

## What both say

mail-unexpected = If you did not expect this message, please tell { $contact }, the primary contact.
# $guild: the Discord server's name.
mail-reason = You receive this message because you are listed as a developer of this token in { $guild }. Replies are not read.
mail-reason-without-guild = You receive this message because you are listed as a developer of this token. Replies are not read.
mail-reason-former = You receive this message because you were listed as a developer of this token in { $guild }. You no longer are, so this is the last one. Replies are not read.
mail-reason-former-without-guild = You receive this message because you were listed as a developer of this token. You no longer are, so this is the last one. Replies are not read.

mail-label-name = Token name
mail-label-purpose = Description
mail-label-provider = API
mail-label-sid = Account SID
mail-label-requester = Requested by
mail-label-approvers = Approved by
mail-label-contact = Primary contact
mail-label-expires = Expires
mail-label-created = Created
mail-label-collected = Collected
# $version: the API's version.
mail-value-provider = { $provider }, version { $version }
# $at: date and time. $zone: the name of the time zone.
mail-moment = { $at } ({ $zone })
# $days: how many days after it is collected the token expires.
mail-value-expires-after-collection = { $days ->
    [one] 1 day after it is collected
   *[other] { $days } days after it is collected
}
# $count: how many scopes the token has.
mail-scopes = { $count ->
    [one] It may call one endpoint:
   *[other] It may call { $count } endpoints:
}

## Not collected in time

mail-lapsed-subject = { $provider }: API token “{ $token }” was not collected
mail-lapsed-title = API token “{ $token }” was not collected
mail-lapsed-lead = { $requester } did not collect the token for { $provider } in time, so it no longer works. Nobody has used it.
mail-lapsed-todo = There is nothing to do. If the token is still needed, { $requester } can request it again in Discord.
mail-label-lapsed = Ended

## Disabled

mail-disabled-subject = { $provider }: API token “{ $token }” was disabled
mail-disabled-title = API token “{ $token }” was disabled
mail-disabled-lead = The token for { $provider } that { $requester } requested was disabled. Programs that use it are refused.
mail-disabled-todo = Remove the token from every program that still uses it. If you have questions, ask { $people }.
mail-label-disabled = Disabled
mail-label-actor = Done by

## Changed: other settings, scopes, version or expiry

mail-changed-subject = { $provider }: API token “{ $token }” was changed
mail-changed-title = API token “{ $token }” was changed
mail-changed-lead = { $requester } requested a change to the token for { $provider }, and the admins named below approved it. It has taken effect.
mail-changed-todo = Check that your programs still work with it. If you have questions, ask { $people }.
mail-label-changed = Changed

## Reduced: fewer scopes, or an earlier expiry

mail-narrowed-subject = { $provider }: the access of API token “{ $token }” was reduced
mail-narrowed-title = The access of API token “{ $token }” was reduced
mail-narrowed-lead = The token for { $provider } now has fewer scopes or an earlier expiry. What changed is listed below.
mail-narrowed-todo = Check that your programs still work with it. If you have questions, ask { $people }.
mail-label-narrowed = Changed

## The provider has created a new secret, and nobody has collected it yet

mail-renewed-subject = { $provider }: the old secret of API token “{ $token }” no longer works
mail-renewed-title = The old secret of API token “{ $token }” no longer works
mail-renewed-lead = { $requester } requested a new secret for the token for { $provider }, the admins named below approved it, and the provider created it. That ended the old one.
mail-renewed-todo = Programs need the new secret: once { $requester } has collected it in Discord, get it from { $people } in a safe way. Secrets are never sent by email.
mail-label-renewed = New secret created

## The provider was asked for a new secret, and it did not arrive

mail-secret-unsure-subject = { $provider }: the secret of API token “{ $token }” may no longer work
mail-secret-unsure-title = The secret of API token “{ $token }” may no longer work
mail-secret-unsure-lead = { $requester } requested a new secret for the token for { $provider }, and the admins named below approved it. The provider was told to create it, but it did not arrive. The old secret may have stopped working, and nobody has the new one.
mail-secret-unsure-todo = If programs fail, they need a new secret: ask { $people }. You will be told when there is one. Secrets are never sent by email.
mail-label-secret-unsure = Time

## Nobody collected the new secret in time

mail-renewal-lapsed-subject = { $provider }: the new secret of API token “{ $token }” was not collected
mail-renewal-lapsed-title = The new secret of API token “{ $token }” was not collected
mail-renewal-lapsed-lead = { $requester } did not collect the new secret of the token for { $provider } in time, so our copy is erased. The old one stopped working when the new one was created, so nobody can use the token.
mail-renewal-lapsed-todo = Programs can use the token again once it has another secret: ask { $people } to request a reset.
mail-label-renewal-lapsed = Time

## Reset: a new secret

mail-reset-subject = { $provider }: API token “{ $token }” has a new secret
mail-reset-title = API token “{ $token }” has a new secret
mail-reset-lead = { $requester } requested a new secret for the token for { $provider }, the admins named below approved it, and { $requester } has collected it.
mail-reset-todo = Programs need the new secret: get it from { $people } in a safe way. The old one no longer works. Secrets are never sent by email.
mail-label-reset = Reset

## Enabled: it works again

mail-enabled-subject = { $provider }: API token “{ $token }” was enabled
mail-enabled-title = API token “{ $token }” was enabled
mail-enabled-lead = { $requester } requested to enable the token for { $provider }, the admins named below approved it, and { $requester } has collected its new secret.
mail-enabled-todo = Programs need the new secret: get it from { $people } in a safe way. The old one will not work again. Secrets are never sent by email.
mail-label-enabled = Enabled

## Deleted

mail-deleted-subject = { $provider }: API token “{ $token }” was deleted
mail-deleted-title = API token “{ $token }” was deleted
mail-deleted-lead = The token for { $provider } was deleted. Programs that use it are refused, and it can’t be restored.
mail-deleted-todo = Remove the token from every program that still uses it. If you have questions, ask { $people }.
mail-label-deleted = Deleted

## Expired

mail-expired-subject = { $provider }: API token “{ $token }” has expired
mail-expired-title = API token “{ $token }” has expired
mail-expired-lead = The token for { $provider } has expired. Programs that use it are refused.
mail-expired-todo = If it is still needed, ask { $people } to request another one.
mail-label-expired = Expired
# $until: a time.
mail-reset-todo-overlap = Programs need the new secret: get it from { $people } in a safe way. The old one works until { $until }. Secrets are never sent by email.

## What changed

mail-changes = What changed:
mail-label-version = API version
# $field: what it is called.
mail-change = { $field }: { $before } → { $after }
mail-change-developers-added = Developers added: { $items }
mail-change-developers-removed = Developers removed: { $items }
# $scope: a method and a path.
mail-change-scope-added = Scope added: { $scope }
mail-change-scope-removed = Scope removed: { $scope }
mail-change-scope-changed = Scope changed: { $before } → { $after }

## Several tokens

mail-reason-many = You receive this message because you are listed as a developer of these tokens in { $guild }. Replies are not read.
mail-reason-many-without-guild = You receive this message because you are listed as a developer of these tokens. Replies are not read.

## What expires soon

# $count: tokens. $token: the first one's name.
mail-ending-subject = { $count ->
    [one] API token “{ $token }” expires soon
   *[other] { $count } API tokens expire soon, “{ $token }” first
}
mail-ending-title = { $count ->
    [one] API token “{ $token }” expires soon
   *[other] { $count } API tokens expire soon, “{ $token }” first
}
mail-ending-lead = { $count ->
    [one] Once this token expires, programs that use it will be refused.
   *[other] Once these tokens expire, programs that use them will be refused.
}
mail-ending-items = { $count ->
    [one] The token:
   *[other] The tokens:
}
# $when: a time. $days: how far off. $approvers: names.
mail-ending-item = “{ $token }” for { $provider }: { $days ->
    [0] today
    [1] tomorrow
   *[other] in { $days } days
}, { $when }; requested by { $requester }; approved by { $approvers }; primary contact: { $contact }
mail-ending-todo = If a token is still needed, ask its primary contact to extend it, or to request another one if it can’t be extended. Admins have to approve either, so ask in time.

## What expired at about the same time

# $count: tokens, at least two. $token: the first one's name.
mail-several-expired-title = { $count } API tokens have expired, “{ $token }” first
mail-several-expired-lead = Programs that use these tokens are refused.
mail-several-expired-items = The tokens:
# $when: a time.
mail-several-expired-item = “{ $token }” for { $provider }: { $when }; requested by { $requester }; approved by { $approvers }; primary contact: { $contact }
mail-several-expired-todo = If one is still needed, ask its primary contact to request another one.

## Announcements

# $subject: as an admin typed it.
mail-announced-subject = { $provider }: { $subject }
mail-announced-lead = { $author }, an admin, writes to the contacts and developers of tokens for { $provider }:
mail-announced-items = { $count ->
    [one] You are a developer of this token:
   *[other] You are a developer of these tokens:
}
# $approvers: names.
mail-announced-item = “{ $token }”: requested by { $requester }; approved by { $approvers }
mail-announced-todo = If you have questions, ask { $author } in Discord.
