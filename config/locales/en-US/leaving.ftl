### Texts about people who left the server.

leaving-title = A member left
# $person: a mention. $name: what they were called.
leaving-who = { $person } ({ $name }) is no longer in this server. The following needs attention:
leaving-settled = { $person } ({ $name }) is no longer in this server. Nothing is left to do here: no token and no open request depends on this member now.
leaving-back = { $person } ({ $name }) is back in this server. Nothing is left to do here.
leaving-owned = Owner of
leaving-owned-todo = These tokens still work. Disable or delete those that nobody needs in `/token show`. **Reset** gives the others a new secret, and makes the requester their owner.
leaving-contact-of = Primary contact of
leaving-contact-of-todo = This member gets no messages as the primary contact. **Take over as contact** requests that you become the primary contact, which needs approvals like any other change.
leaving-contact-of-other = This member gets no messages as the primary contact. Another contact is requested already, or can be requested with **Edit** in `/token show`, where it is offered.
leaving-requests = Open requests
leaving-requests-todo = Deny the requests that are no longer needed.
leaving-approvals = Their approvals
leaving-approvals-todo = Their approvals of pending requests no longer count. Each of these requests needs another admin’s approval.
leaving-to-collect = New secrets for them
leaving-to-collect-todo = Nobody else can collect these secrets. They will be erased when their time is over, and the tokens will stay as they are. If one is needed, request **Reset** again.
leaving-button-take-over = Take over as contact

leaving-choose = Choose the tokens whose primary contact you want to be. One request is submitted for each.
leaving-select = Tokens
# $list: numbers and names of requests.
leaving-asked = Requested for you to become the primary contact: { $list }. Admins have to approve this, and your own approval is not given yet: read the cards in the approval channel, and approve there.
leaving-not-asked = Not requested:

refusal-take-over = Only this provider’s admins can take over as primary contact from here.
