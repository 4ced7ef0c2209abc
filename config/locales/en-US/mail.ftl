### E-mails to the developers of a token. They never hold a secret.

## Created: issued, and waiting for its owner

# $token: the token's name. $provider: whose API it opens.
mail-created-subject = { $provider }: API token “{ $token }” was created
mail-created-title = API token “{ $token }” was created
# $requester: who asked.
mail-created-lead = { $requester } asked for a token for { $provider }, the admins named below approved it, and it has been created. It waits for { $requester } to collect it in Discord.
mail-created-todo = There is nothing to do yet. { $requester } will give you what you need once it is collected; agree on a safe way to do so. Secrets are never sent by e-mail, and nobody will ask you for one in reply to this message.

## Collected: its owner has seen the secret

mail-collected-subject = { $provider }: API token “{ $token }” is in use
mail-collected-title = API token “{ $token }” was collected
mail-collected-lead = { $requester } has collected the token for { $provider } in Discord. From now on it opens what is listed below.
mail-collected-todo = If you build with this token, get it from { $requester } in a safe way and keep it in a secret store, not in code, chats or tickets. If it leaks, tell { $people } at once.

# Whom to turn to, where requester and primary contact are not the same.
mail-people = { $requester } or { $contact }
# The same, where they are.
mail-person = { $requester }

## What both say

mail-unexpected = If you did not expect this message, please tell { $contact }, the primary contact.
# $guild: the Discord server's name.
mail-reason = You receive this message because you are named as a developer of this token in { $guild }. Replies to it are not read.
mail-reason-without-guild = You receive this message because you are named as a developer of this token. Replies to it are not read.
mail-reason-former = You receive this message because you were named as a developer of this token in { $guild }, and are not any more: it is the last one. Replies to it are not read.
mail-reason-former-without-guild = You receive this message because you were named as a developer of this token, and are not any more: it is the last one. Replies to it are not read.

mail-label-name = Name
mail-label-purpose = Purpose
mail-label-provider = API
mail-label-sid = Account SID
mail-label-requester = Asked for by
mail-label-approvers = Approved by
mail-label-contact = Primary contact
mail-label-expires = Expires
mail-label-created = Created
mail-label-collected = Collected
# $version: the API's version.
mail-value-provider = { $provider }, version { $version }
# $days: how long the token lives once it is collected.
mail-value-expires-after-collection = { $days ->
    [one] 1 day after it is collected
   *[other] { $days } days after it is collected
}
# $count: how many scopes the token has.
mail-scopes = { $count ->
    [one] It may call one endpoint:
   *[other] It may call { $count } endpoints:
}

## Lapsed: nobody collected it in time

mail-lapsed-subject = { $provider }: API token “{ $token }” was never collected
mail-lapsed-title = API token “{ $token }” was revoked
mail-lapsed-lead = { $requester } did not collect the token for { $provider } in time, so it was revoked. It never came into use.
mail-lapsed-todo = There is nothing to do. If the token is still needed, { $requester } can ask for it again in Discord.
mail-label-lapsed = Revoked

## Disabled

mail-disabled-subject = { $provider }: API token “{ $token }” was disabled
mail-disabled-title = API token “{ $token }” was disabled
mail-disabled-lead = The token for { $provider } that { $requester } asked for was disabled. Programs that use it are refused from now on.
mail-disabled-todo = Remove the token from whatever still uses it. To know more, ask { $people }.
mail-label-disabled = Disabled
mail-label-actor = Done by

## Changed: other settings, scopes, version or end

mail-changed-subject = { $provider }: API token “{ $token }” was changed
mail-changed-title = API token “{ $token }” was changed
mail-changed-lead = { $requester } asked for a change of the token for { $provider }, and the admins named below approved it. It is in force.
mail-changed-todo = Compare it with what your programs do with the token. To know more, ask { $people }.
mail-label-changed = Changed

## Narrowed: fewer scopes, or an earlier end

mail-narrowed-subject = { $provider }: API token “{ $token }” may do less
mail-narrowed-title = API token “{ $token }” may do less
mail-narrowed-lead = The token for { $provider } may do less from now on, or ends earlier.
mail-narrowed-todo = Compare it with what your programs do with the token. To know more, ask { $people }.
mail-label-narrowed = Changed

## Renewed: the provider has swapped the secret, and nobody has collected the new one yet

mail-renewed-subject = { $provider }: the old secret of API token “{ $token }” is dead
mail-renewed-title = The old secret of API token “{ $token }” is dead
mail-renewed-lead = { $requester } asked for a new secret of the token for { $provider }, the admins named below approved it, and the provider has made it. With that the old one opens nothing any more.
mail-renewed-todo = Programs need the new secret: once { $requester } has collected it in Discord, get it from { $people } in a safe way. Secrets are never sent by e-mail.
mail-label-renewed = Made

## The same, and nobody collected it in time

mail-secret-unsure-subject = { $provider }: the secret of API token “{ $token }” may not work any more
mail-secret-unsure-title = The secret of API token “{ $token }” may not work any more
mail-secret-unsure-lead = { $requester } asked for a new secret of the token for { $provider }, and the admins named below approved it. The provider was asked for it, but it did not arrive, so the old one may be dead while nobody has another.
mail-secret-unsure-todo = Where programs fail, they need another secret: ask { $people }. You hear when there is one. Secrets are never sent by e-mail.
mail-label-secret-unsure = In doubt
mail-renewal-lapsed-subject = { $provider }: nobody can use API token “{ $token }”
mail-renewal-lapsed-title = Nobody can use API token “{ $token }”
mail-renewal-lapsed-lead = { $requester } did not collect the new secret of the token for { $provider } in time, so our copy is erased. The old one died when the new one was made.
mail-renewal-lapsed-todo = Programs can’t use the token before it gets another secret. To know more, ask { $people }.
mail-label-renewal-lapsed = Lapsed

## Reset: a new secret

mail-reset-subject = { $provider }: API token “{ $token }” has a new secret
mail-reset-title = API token “{ $token }” has a new secret
mail-reset-lead = { $requester } asked for a new secret of the token for { $provider }, the admins named below approved it, and { $requester } has collected it.
mail-reset-todo = Programs need the new secret: get it from { $people } in a safe way. The old one works no longer. Secrets are never sent by e-mail.
mail-label-reset = Reset

## Enabled: it works again

mail-enabled-subject = { $provider }: API token “{ $token }” works again
mail-enabled-title = API token “{ $token }” works again
mail-enabled-lead = { $requester } asked to enable the token for { $provider }, the admins named below approved it, and { $requester } has collected its new secret.
mail-enabled-todo = Programs need the new secret: get it from { $people } in a safe way. The old one opens nothing any more. Secrets are never sent by e-mail.
mail-label-enabled = Enabled

## Deleted

mail-deleted-subject = { $provider }: API token “{ $token }” was deleted
mail-deleted-title = API token “{ $token }” was deleted
mail-deleted-lead = The token for { $provider } was deleted. Programs that use it are refused from now on, for good.
mail-deleted-todo = Remove the token from whatever still uses it. To know more, ask { $people }.
mail-label-deleted = Deleted

## Expired

mail-expired-subject = { $provider }: API token “{ $token }” has expired
mail-expired-title = API token “{ $token }” has expired
mail-expired-lead = The time of the token for { $provider } was up. Programs that use it are refused from now on.
mail-expired-todo = If it is still needed, ask { $people } for another one.
mail-label-expired = Expired
# $until: a time.
mail-reset-todo-overlap = Programs need the new secret: get it from { $people } in a safe way. The old one works until { $until }, and then no more. Secrets are never sent by e-mail.

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

mail-reason-many = You receive this message because you are named as a developer of these tokens in { $guild }. Replies to it are not read.
mail-reason-many-without-guild = You receive this message because you are named as a developer of these tokens. Replies to it are not read.

## What ends soon

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
    [one] The time of this token is nearly up. From then on, programs that use it are refused.
   *[other] The time of these tokens is nearly up. From then on, programs that use them are refused.
}
mail-ending-items = { $count ->
    [one] The token:
   *[other] The tokens:
}
# $when: a time. $days: how far off. $approvers: names.
mail-ending-item = “{ $token }” for { $provider }: { $when }, { $days ->
    [0] today
    [1] tomorrow
   *[other] in { $days } days
}; asked for by { $requester }, approved by { $approvers }, primary contact { $contact }
mail-ending-todo = If a token is still needed, ask its primary contact for more time, or for another token where it can’t be given any. Either takes admins’ approval, so begin in time.

## What expired at about the same time

# $count: tokens, at least two. $token: the first one's name.
mail-several-expired-title = { $count } API tokens have expired, “{ $token }” first
mail-several-expired-lead = The time of these tokens was up. Programs that use them are refused from now on.
mail-several-expired-items = The tokens:
# $when: a time.
mail-several-expired-item = “{ $token }” for { $provider }: { $when }; asked for by { $requester }, approved by { $approvers }, primary contact { $contact }
mail-several-expired-todo = If one is still needed, ask its primary contact for another one.

## Announcements

# $subject: as an admin typed it.
mail-announced-subject = { $provider }: { $subject }
mail-announced-lead = { $author }, an admin, writes to the contacts and developers of tokens for { $provider }:
mail-announced-items = { $count ->
    [one] You are a developer of this token:
   *[other] You are a developer of these tokens:
}
mail-announced-todo = To know more, ask { $author } in Discord.
