### Texts of the help.

help-title = Countersign: two to open, one to close
help-lead = Ask for an API access token here. It is made only after different admins approve exactly what you request, and nobody but you sees its secret.

help-commands = Commands
help-commands-text =
    `/token request` asks for a token
    `/token list` shows the tokens that you may see
    `/token show` shows one of them, to change, reset, disable or delete it
    `/token pending` shows what waits for you
    `/token audit` shows what happened to a token or a request (admins)
    `/token announce` writes to the contacts and developers of tokens (admins)
    `/token collect` shows a token that waits for you, to you alone
    `/token leak` reports a secret that you found, and stops it
    `/token help` shows this

help-steps = How to ask, in four steps
help-steps-text =
    1. Name the token, say what it is for, and choose the API version.
    2. Name a primary contact, and the developers who should hear of it by email.
    3. Choose the scopes: what the token may do.
    4. Press **Create**. The admins are asked, and you hear of each step by direct message.

help-people = Who may do what
help-people-text =
    {"**Ask**"}: everybody here, or the members with certain roles, as the provider has it.
    {"**Edit, withdraw**"}: the person who asked, while the request waits.
    {"**Approve, deny**"}: the provider’s admins. One can deny; an approval counts once for each person, and an edit voids the approvals.
    {"**See the secret**"}: the person who asked, nobody else.
help-own-counts = An admin who asks gives the first approval by requesting.
help-own-never-counts = On your own request, your approval doesn’t count.

help-secret = What happens to the secret
# $wait and $visible: lengths of time, such as "24 hours".
help-secret-text = It waits for you, sealed, for { $wait }; a token that nobody reveals in that time is revoked. **Reveal** shows it once, to you alone, for { $visible }, and then our copy is erased. Put it into a secret store at once. It never stands in a channel or an email, and nobody will ask you for it. If a token comes that you didn’t ask for, press **Not me**.

help-providers = Providers, and the approvals that their tokens take
# $name: the provider's. $count: how many approvals. $roles: mentions.
help-provider = **{ $name }**: { $count } approvals, from { $roles }
# $most: how many approvals some scopes take.
help-provider-more = **{ $name }**: { $count } approvals, for some scopes up to { $most }, from { $roles }

help-hours = { $count ->
    [one] one hour
   *[other] { $count } hours
}
help-minutes = { $count ->
    [one] one minute
   *[other] { $count } minutes
}
help-seconds = { $count ->
    [one] one second
   *[other] { $count } seconds
}
