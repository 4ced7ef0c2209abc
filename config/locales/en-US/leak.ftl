### Texts of secrets that somebody found.

leak-form-title = Report a leaked secret
leak-form-found = What you found
leak-form-hint = The secret, or the line that holds it. It is looked up and dropped: nothing of it is kept or shown.

leak-not-ours = This is no secret that is known here, and it has not the form of one: a character may be missing. Copy all of it and try again. If it is a secret of something else, tell whoever runs that.
leak-unknown = This has the form of a secret that Countersign makes, but no token here has it. It may be another server’s: tell the people whose it may be.
# $name: the token’s. $provider: the provider’s.
leak-known = This is the secret of **{ $name }** for { $provider }.
leak-known-unseen = It is one of ours.
leak-opens = ⚠️ **It works**: whoever has it can use the token.
leak-opens-not-yet = It opens nothing yet: its owner has not collected it. It will once they do.
leak-opens-until-switched-off = The token is being switched off at its provider already. Until that is done the secret may still work.
leak-opens-nothing = It opens nothing any more, so there is nothing to do here. Still, remove it from where you found it.
leak-press = **Disable** stops the token at once, or has it stopped at its provider. Its owner and the admins are told that you reported it. You have 15 minutes.
# $count: other tokens.
leak-others = The text holds { $count ->
    [one] the secret of one more token that works
   *[other] the secrets of { $count } more tokens that work
}. Once this one is off, report the same text again to reach the next.
leak-disable = Disable
leak-stopped-unseen = The token is disabled: the secret opens nothing any more. Its owner and the admins are told. Thank you. Remove it from where you found it.
leak-stopping-unseen = The token can’t be switched off from here. An admin is asked to do it at the provider, and its owner is told; until then it may still work. Thank you. Remove it from where you found it.
leak-going-unseen = The token is being switched off at its provider, and its owner is told; until that is done it may still work. If the provider’s API does not do it, an admin is asked to. Thank you. Remove it from where you found it.
leak-refusal-opens-nothing = That secret opens nothing any more, so there is nothing left to disable.

# $person: a mention.
leak-card = 🚨 **Reported as leaked** by { $person }, who had found its secret.

# $name: the token’s. $person: a mention.
leak-notice-title = 🚨 The secret of { $name } leaked
leak-notice = { $person } found the secret of this token where it should not be, and reported it with `/token leak`.
leak-notice-off = The token is disabled: programs that use it are refused from now on. Find out how the secret got out and what was done with it, then **Enable** the token in `/token show`, which gives it a new secret.
leak-notice-off-for-good = The token is disabled: programs that use it are refused from now on. Find out how the secret got out and what was done with it. If a token is still needed, **Duplicate** in `/token show` asks for another one like it.
leak-notice-asked = **It is not off yet**: a card in the approval channel asks an admin to switch it off at the provider. Find out how the secret got out and what was done with it.
leak-notice-going = **It is not off yet**: it is being switched off at the provider, and until that is done it may still work. If the provider’s API does not do it, a card in the approval channel asks an admin to. Find out how the secret got out and what was done with it.
leak-notice-by-operator = Whoever operates Countersign did it.

leak-mail-subject = { $provider }: the secret of API token “{ $token }” leaked
leak-mail-title = The secret of API token “{ $token }” leaked
leak-mail-lead = The secret of the token for { $provider } that { $requester } asked for was found where it should not be, and reported. The token is being taken out of use.
leak-mail-todo = Remove the token from whatever uses it, and look for what others may have done with it. To get a new secret, ask { $people }.
leak-mail-label = Reported
leak-mail-actor = Reported by
