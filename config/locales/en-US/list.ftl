### Texts of lists: tokens, what waits, the audit log.

list-title = Tokens
list-empty = There is no such token among those that you may see. `/token request` asks for one.
# $page: a number from 1.
list-page = Page { $page }
list-open = Open a token
list-previous = Previous
list-next = Next
# $mark: a coloured dot. $name, $provider: names. $owner: a mention. $ends: when it ends.
list-line = { $mark } **{ $name }** · { $provider } · { $owner } · { $ends }
# $when: a moment.
list-expires = ends { $when }
list-uncollected = not collected yet
list-expired = ended { $when }
list-used = last used { $when }
list-unused = never used
list-old-used = old secret last used { $when }
list-old-unused = old secret not used
# $standing: where a token stands.
list-standing = { $standing ->
    [enabled] enabled
    [disabled] disabled
    [expired] expired
   *[deleted] deleted
}

pending-title = What waits
pending-nothing = Nothing waits for you.
pending-approval = For your approval
pending-admin = For an admin to do
pending-mine = Your requests
pending-collect = For you to collect
# $number: a link. $kind: what is asked for.
pending-request = { $number } { $kind ->
    [edit] change of
    [reset] new secret of
    [upgrade] newer version of
    [enable] enabling of
    [extend] longer life of
    [narrow] narrowing of
    [disable] switching off of
    [delete] deletion of
   *[create] new token
} **{ $name }** · { $provider } · { $requester }
# $name: the token's.
pending-token = **{ $name }**: `/token collect`

audit-title = What happened: { $name }
audit-nothing = Nothing is recorded here.
audit-older = Older
audit-itself = Countersign
# $person: a mention.
audit-for = for { $person }
# $kind: what the audit log calls it.
audit-event = { $kind ->
    [request_submitted] request submitted
    [request_edited] request edited
    [request_withdrawn] request withdrawn
    [request_denied] request denied
    [request_expired] request lapsed
    [request_approved] request has its approvals
    [request_confirmed] approvals confirmed
    [request_returned] waits for approvals again
    [request_failed] request failed
    [request_retried] tried again
    [request_reminded] admins reminded
    [request_read] all of it read
    [approval_given] approval given
    [approval_struck] approval no longer counts
    [attempt_begun] provider’s API called
    [attempt_ended] what became of the call
    [upstream_trouble] provider’s API could not switch it off
    [upstream_doubted] provider’s API and configuration disagree
    [token_issued] token issued
    [token_collected] secret collected
    [reveal_repeated] secret shown again
    [token_changed] change took effect
    [token_narrowed] token narrowed
    [secret_renewed] new secret made
    [secret_unsure] new secret did not arrive
    [token_reset] new secret collected
    [token_enabled] token enabled
    [token_expiring] people warned of its end
    [token_expired] token expired
    [token_disabled] token disabled
    [token_disabling] to be switched off by a person
    [token_deleted] token deleted
    [token_deleting] to be deleted by a person
    [delivery_announced] owner told by DM
    [delivery_refused] DM refused
    [delivery_accepted] secret shown
    [delivery_unconfirmed] arrival never confirmed
    [delivery_stored] I have stored it
    [delivery_lapsed] never collected
    [delivery_replaced] newer secret instead
    [delivery_disowned] Not me
    [secret_hidden] shown secret deleted
    [leak_reported] found secret presented
    [member_left] member left
    [departure_told] admins told who left
    [member_returned] member is back
    [notice_sent] message sent
    [notice_refused] message refused
    [notice_dropped] message not needed any more
    [announced] announcement sent
    [database_restored] database restored from a backup
    [name_refused] told that a name is taken
   *[other] { $kind }
}
# $have: approvals that are there. $need: approvals that it takes.
audit-approvals = { $have } of { $need }
# $kind: what the database calls what a message told of.
audit-notice = { $kind ->
    [approved] “approved”
    [returned] “waits for approvals again”
    [denied] “denied”
    [expired] “request lapsed”
    [failed] “can’t go on”
    [created] “token made”
    [collected] “secret collected”
    [lapsed] “never collected”
    [disabled] “disabled”
    [leaked] “secret found”
    [disowned] “Not me”
    [withdrawn] “withdrawn”
    [changed] “changed”
    [narrowed] “narrowed”
    [reset] “new secret collected”
    [enabled] “enabled”
    [deleted] “deleted”
    [token_expired] “expired”
    [renewal_lapsed] “new secret never collected”
    [replaced] “newer secret instead”
    [renewed] “new secret made”
    [secret_unsure] “secret in doubt”
    [voided] “can’t be collected any more”
    [expiring] “ends soon”
    [announced] announcement
    [mailbox_refused] “mailbox refuses”
    [mailbox_refused_for_several] “mailbox refuses”
    [several_expired] “expired”
   *[other] { $kind }
}
# $to: a mention or an address.
audit-to = to { $to }
# $scopes: a list.
audit-removed = without { $scopes }
# $people: mentions.
audit-struck = struck: { $people }
audit-leaked = its secret was found
# $user: what the operating system calls them.
audit-operator = at the machine, as { $user }
audit-days = { $days ->
    [one] one day before
   *[other] { $days } days before
}
audit-not-deleted = Discord did not delete it
# $why: what the audit log calls it. $words: what somebody typed, or an API answered.
audit-why = { $why ->
    [token_deleted] the token was deleted
    [token_changed] the token, or what its provider offers, changed
    [restored] the database was restored from a backup
    [not_later] the token lives longer already
    [narrowed] its requester narrowed the token instead
    [token_expired] the token expired
    [token_disabled] the token was disabled
    [superseded] another end was asked for
    [done_upstream] the provider did it after all
    [provider_gone] not in the configuration any more
    [not_admin] no admins any more
    [content_changed] the content changed
    [expired] its time was up
    [never_collected] nobody collected it
    [upstream_refused] the provider’s API said: { $words }
    [upstream_unsure] unclear whether the provider’s API made { $words }
    [upstream_repeated] tried too often: { $words }
    [upstream_unproven] unclear whether the provider’s API made { $words }
    [upstream_stray] unclear whether the provider’s API made { $words }
    [upstream_not_there] it was not there: { $words }
    [upstream_renamed] its id bears another name there: { $words }
    [upstream_moved] its mark is at another id: { $words }
    [upstream_too_long] the list there is too long: { $words }
    [upstream_unclear] nobody saw whether it ended: { $words }
    [upstream_changing] unclear whether the token was changed: { $words }
    [upstream_renewing] unclear whether the old secret works: { $words }
   *[other] “{ $words }”
}
