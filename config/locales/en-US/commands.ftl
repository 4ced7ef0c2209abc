### Texts of the help.

help-title = Countersign: two to open, one to close
help-lead = Request an API access token here. It is created only after different admins have approved exactly what you requested, and its secret is revealed to you alone.

help-commands = Commands
help-commands-text =
    `/token request` requests a token
    `/token list` lists the tokens that you may see
    `/token show` shows one of them, to change, reset, disable or delete it
    `/token pending` shows what is waiting for you, and your requests
    `/token audit` shows the history of a token or a request (admins)
    `/token announce` sends an announcement to contacts and developers (admins)
    `/token panel` posts a button that requests a token, to pin (admins)
    `/token health` shows what is stuck, and what to do about it (admins)
    `/token collect` reveals a secret that is waiting for you, to you alone
    `/token leak` reports a secret that you found, and disables its token
    `/token help` shows this

help-steps = How to request a token
help-steps-text =
    1. Name the token, describe what it is for, and choose the API version.
    2. Choose a primary contact, and the developers to be told by email.
    3. Choose the scopes: what the token may do.
    4. Press **Create**. The admins are notified, and you are told by direct message how it goes on.

help-people = Who may do what
help-people-text =
    {"**Request**"}: everyone in this server, or the members with certain roles, as set for the provider.
    {"**Edit, withdraw**"}: the requester. Edit it until it has its approvals; withdraw it also while it waits for an admin, or has failed.
    {"**Approve, deny**"}: the provider’s admins. One is enough to deny. Each admin’s approval counts once, and an edit voids the approvals.
    {"**Reveal the secret**"}: the requester, nobody else.
help-own-counts = An admin who requests a token gives the first approval with it.
help-own-never-counts = An admin’s approval of the admin’s own request does not count.

help-secret = What happens to the secret
# $wait and $visible: lengths of time, such as "24 hours".
help-secret-text = It waits for you, encrypted, for { $wait }; if you don’t collect it by then, it is erased, and a new token no longer works. **Reveal** shows it once, to you alone, for { $visible }, and our copy is erased. Put it into a secret store at once. It never appears in a channel or an email, and nobody will ask you for it. If you get a token that you did not request, press **Not me**.

help-providers = Providers, and the approvals their tokens need
# $name: the provider's. $count: how many approvals. $roles: mentions.
help-provider = **{ $name }**: { $count } approvals, from { $roles }
# $most: how many approvals some scopes need.
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
