### Texts of `/token health`: what is stuck, what it means, and what to do.

health-title = Health
health-well = Everything works, and nothing is stuck.
# $part: a part of the program.
health-part-ready = 🟢 { $part ->
    [database] Database
    [gateway] Discord gateway
    [signatures] Signed posts from Discord
    [workers] Queue
   *[mail] Email
}
health-part-troubled = 🔴 { $part ->
    [database] {"**Database**"}: what you press may not be carried out. Tell the operator:
    [gateway] {"**Discord gateway**"}: this process gets nothing from Discord. Tell the operator if it lasts:
    [signatures] {"**Signed posts from Discord**"}: they are not accepted. Tell the operator:
    [workers] {"**Queue**"}: cards, messages and tokens wait. Tell the operator:
   *[mail] {"**Email**"}: emails wait, and none is lost. Tell the operator:
}
# $minutes: a number.
health-queue = 🔴 The oldest job has been due for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}: cards, messages or tokens come late. Tell the operator, who finds the reason in the log.
# $count: a number. $since: a time.
health-emails = 🟡 { $count ->
    [one] One email waits, since { $since }, and is tried again by itself.
   *[other] { $count } emails wait, the oldest since { $since }, and are tried again by themselves.
} Where a mailbox asks to try later, there is nothing to do; else tell the operator.
health-failing = Jobs that fail
health-failing-note = They are tried again by themselves. If it lasts, tell the operator, who finds the reason in the log.
# $kind: what the queue calls it. $count: a number.
health-failing-jobs = 🔴 { $kind ->
    [render_card] showing cards
    [call_admins] calling admins to a card
    [remind_admins] reminding admins
    [confirm_approvals] asking Discord whether approvers are still admins
    [issue] creating or changing tokens
    [switch_off] disabling or deleting tokens at the provider
    [deliver] telling owners that a secret is ready
    [delete_reveal] deleting messages that revealed a secret
    [send_notice] direct messages
    [send_mail] emails
   *[other] other work (`{ $kind }`)
}: { $count ->
    [one] one job
   *[other] { $count } jobs
}
health-cards = Cards that Discord refuses
health-cards-note = Each is tried again every hour. Until then, find the request with `/token pending`.
# $number: a link. $code: Discord’s number. $about: what Discord refuses.
health-card = 🔴 { $number } (code { $code }): { $about ->
    [text] a rule of the server or a filter of Discord’s refuses the text. Have the requester edit it, or exempt the bot from the AutoMod rule.
    [access] the bot can’t post in the approval channel. Let it view the channel and send messages there.
   *[other] the operator finds Discord’s words in the log.
}
health-upstream = Approved requests that wait for a provider’s API
# $number: a link. $name, $provider: names. $state: where the request stands.
health-request = { $state ->
    [failed] 🔴 { $number } · {"**"}{ $name }{"**"} · { $provider }: the API did not do it. Fix what it says, then press {"**Try again**"} on the card, or deny the request.
    [approved] 🟡 { $number } · {"**"}{ $name }{"**"} · { $provider }: Discord has not said yet whether all approvers are still admins. It is asked again by itself.
   *[issuing] 🟡 { $number } · {"**"}{ $name }{"**"} · { $provider }: the API gave no clear answer yet, or asks to wait. It is called again by itself, and the card says if an admin has to act.
}
health-untold = Secrets whose owner can’t be told
health-untold-note = No direct message from the bot reaches the owner. Ask the owner to type `/token collect`.
# $name: the token’s. $owner: a mention. $until: a time.
health-secret = 🟡 { $name } · { $owner } · can be collected until { $until }
# $providers: names.
health-of = About { $providers }. What is waiting for you is in `/token pending`.
