### Texts of secrets that someone found.

leak-form-title = Report a leaked secret
leak-form-found = What you found
leak-form-hint = The secret, or the line that contains it. It is looked up and discarded, never stored or repeated.

leak-not-ours = This is not a secret known here, and it does not have the form of one. A character may be missing: copy all of it and try again. If it belongs to something else, tell the people who run that.
leak-unknown = This has the form of a secret that Countersign creates, but no token here has it. It may belong to another server: tell the people who may own it.
# $name: the token’s. $provider: the provider’s.
leak-known = This is the secret of **{ $name }** for { $provider }.
leak-known-unseen = This is the secret of a token here.
leak-opens = ⚠️ **It works:** anyone who has it can use the token.
leak-opens-not-yet = It does not work yet: its owner has not collected it. It will work once that is done.
leak-opens-until-switched-off = The token is already being disabled at its provider. Until that is done the secret may still work.
leak-opens-nothing = It no longer works, so there is nothing to do here. Still, remove it from where you found it.
leak-press = **Disable** disables the token at once, or starts that at its provider. Its owner and the admins will be told that you reported it. You have 15 minutes.
# $count: other tokens.
leak-others = The text contains { $count ->
    [one] the secret of one more token that works
   *[other] the secrets of { $count } more tokens that work
}. Once this one is disabled, report the same text again for the next.
leak-disable = Disable
leak-stopped-unseen = Thank you. The token is disabled, and the secret no longer works. Its owner and the admins have been told. Remove the secret from where you found it.
leak-stopping-unseen = Thank you. The token can’t be disabled from here: an admin is asked to do it at the provider, and until then it may still work. Its owner has been told. Remove the secret from where you found it.
leak-going-unseen = Thank you. The token is being disabled at its provider, and until that is done it may still work. If the provider’s API does not do it, an admin will be asked to. Its owner has been told. Remove the secret from where you found it.
leak-refusal-opens-nothing = That secret no longer works, so there is nothing to disable.

# $person: a mention.
leak-card = 🚨 **Reported as leaked** by { $person }, who found its secret.

# $name: the token’s. $person: a mention.
leak-notice-title = 🚨 The secret of { $name } leaked
leak-notice = { $person } found the leaked secret of this token, and reported it with `/token leak`.
leak-notice-off = The token is disabled, so programs that use it are refused. Find out how the secret leaked and what was done with it. Then request **Enable** in `/token show`, which gives the token a new secret.
leak-notice-off-for-good = The token is disabled, so programs that use it are refused. Find out how the secret leaked and what was done with it. If you still need it, request another token like it with **Duplicate** in `/token show`.
leak-notice-asked = **It is not disabled yet:** a card in the approval channel asks an admin to disable it at the provider. Find out how the secret leaked and what was done with it.
leak-notice-going = **It is not disabled yet:** it is being disabled at the provider, and until that is done it may still work. If the provider’s API does not do it, a card in the approval channel will ask an admin to. Find out how the secret leaked and what was done with it.
leak-notice-by-operator = The Countersign operator did this.

leak-mail-subject = { $provider }: the secret of API token “{ $token }” leaked
leak-mail-title = The secret of API token “{ $token }” leaked
leak-mail-lead = Someone reported that the secret of the token for { $provider } that { $requester } requested has leaked. The token is disabled, or is being disabled.
leak-mail-todo = Remove the token from every program that uses it, and check what others may have done with it. For a new secret, ask { $people }.
leak-mail-label = Reported
leak-mail-actor = Reported by
