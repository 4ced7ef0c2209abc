### Texts about people who left the server.

leaving-title = Somebody left
# $person: a mention. $name: what they were called.
leaving-who = { $person } ({ $name }) is no longer in this server, and something still hangs on them.
leaving-owned = Owner of
leaving-owned-todo = What they own goes on working. `/token show` disables or deletes what nobody needs; **Reset** gives the rest a new secret, and makes whoever asks for it the owner.
leaving-contact-of = Primary contact of
leaving-contact-of-todo = As a contact they hear of nothing any more. **Take over as contact** asks for you to be the contact instead, which takes approvals like any other change.
leaving-requests = Open requests
leaving-requests-todo = Deny the requests that nobody needs any more.
leaving-approvals = Their approvals
leaving-approvals-todo = Their approvals of others’ pending requests no longer count: each request needs another admin’s approval.
leaving-to-collect = New secrets for them
leaving-to-collect-todo = Nobody else can collect the new secrets that wait for them. They lapse by themselves, and the tokens stay as they are: ask for another **Reset** where one is needed.
leaving-button-take-over = Take over as contact

leaving-choose = Of which tokens do you want to be the primary contact? A request is made for each.
leaving-select = Tokens
# $list: numbers and names of requests.
leaving-asked = Asked for you to be the primary contact: { $list }. It takes the admins’ approvals, yours too: the cards in the approval channel show what you approve.
leaving-not-asked = Not asked for:

refusal-take-over = Only this provider’s admins can take over as contact from here.
