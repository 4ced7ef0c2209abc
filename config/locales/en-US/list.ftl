### Texts of lists: tokens, what is waiting, the audit log.

list-title = Tokens
list-empty = No such token among those that you may see. To request one, use `/token request`.
# $page: a number from 1.
list-page = Page { $page }
list-open = Choose a token
list-previous = Previous
list-next = Next
# $mark: a coloured dot. $name, $provider: names. $owner: a mention. $ends: when it expires.
list-line = { $mark } **{ $name }** · { $provider } · { $owner } · { $ends }
# $when: a time.
list-expires = expires { $when }
list-uncollected = not collected yet
list-expired = expired { $when }
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

pending-title = What is waiting
pending-nothing = Nothing is waiting for you.
pending-approval = For your approval
pending-admin = For an admin to do
pending-mine = Your requests
pending-collect = For you to collect
# $number: a link. $kind: what is requested.
pending-request = { $number } · { $kind ->
    [edit] change of
    [reset] new secret of
    [upgrade] upgrade of
    [enable] enabling of
    [extend] more time for
    [narrow] reduced access of
    [disable] disabling of
    [delete] deletion of
   *[create] new token
} **{ $name }** · { $provider } · { $requester }
# $name: the token's.
pending-token = **{ $name }**

audit-title = History: { $name }
audit-nothing = Nothing is recorded here.
audit-older = Older
audit-evidence = Evidence
audit-steps = Back
audit-export = Export
# The history as a file.
audit-exported = The whole history, one JSON object on each line, the oldest event first. It contains no secret.
audit-export-cut = Older events had no room in this file. The Countersign operator can export everything.
audit-group-token = The token itself
# $kind: what is requested; may be empty.
audit-group = #{ $number } · { $kind ->
    [edit] change
    [reset] new secret
    [upgrade] upgrade
    [enable] enabling
    [extend] more time
    [narrow] reduced access
    [disable] disabling
    [delete] deletion
    [duplicate] copy of a token
   *[create] new token
}
# $id: Discord’s number of what someone pressed or typed.
audit-press = press { $id }
audit-itself = Countersign
# $person: a mention.
audit-for = for { $person }
# $kind: what the audit log calls it.
audit-event = { $kind ->
    [request_submitted] request submitted
    [request_edited] request edited
    [request_withdrawn] request withdrawn
    [request_denied] request denied
    [request_expired] request expired
    [request_approved] request has its approvals
    [request_confirmed] approvals confirmed
    [request_returned] request needs approvals again
    [request_failed] request failed
    [request_retried] tried again
    [card_refused] Discord refused the card
    [request_reminded] admins reminded
    [request_read] all details read
    [approval_given] approval given
    [approval_struck] approval no longer counts
    [attempt_begun] provider’s API called
    [attempt_ended] result of the call
    [upstream_trouble] provider’s API did not disable or delete it
    [upstream_doubted] provider’s API and configuration disagree
    [token_issued] token created
    [token_collected] secret collected
    [reveal_repeated] secret revealed again
    [token_changed] change took effect
    [token_narrowed] access reduced
    [secret_renewed] new secret created
    [secret_unsure] new secret did not arrive
    [token_reset] new secret collected
    [token_enabled] token enabled
    [token_expiring] reminded that it expires soon
    [token_expired] token expired
    [token_disabled] token disabled
    [token_disabling] disabling at the provider began
    [token_deleted] token deleted
    [token_deleting] deleting at the provider began
    [delivery_announced] owner told by direct message
    [delivery_refused] direct message refused
    [delivery_accepted] secret revealed
    [delivery_unconfirmed] arrival never confirmed
    [delivery_stored] pressed “I have stored it”
    [delivery_lapsed] not collected in time
    [delivery_replaced] replaced by a newer secret
    [delivery_disowned] pressed “Not me”
    [secret_hidden] revealed secret deleted
    [leak_reported] found secret reported
    [member_left] member left
    [departure_told] admins told who left
    [member_returned] member is back
    [notice_sent] message sent
    [notice_refused] message refused
    [notice_dropped] message no longer needed
    [announced] announcement sent
    [database_restored] database restored from a backup
    [name_refused] told that a name is taken
   *[other] { $kind }
}
# $have: approvals that are there. $need: approvals that it needs.
audit-approvals = { $have } of { $need }
# $kind: what the database calls what a message told of.
audit-notice = { $kind ->
    [approved] “approved”
    [returned] “needs approvals again”
    [denied] “denied”
    [expired] “request expired”
    [failed] “failed”
    [card_refused] “the admins may not see it”
    [created] “token created”
    [collected] “secret collected”
    [lapsed] “not collected”
    [disabled] “disabled”
    [leaked] “secret leaked”
    [disowned] “Not me”
    [withdrawn] “withdrawn”
    [changed] “changed”
    [narrowed] “access reduced”
    [reset] “new secret collected”
    [enabled] “enabled”
    [deleted] “deleted”
    [token_expired] “expired”
    [renewal_lapsed] “new secret not collected”
    [replaced] “replaced by a newer secret”
    [renewed] “new secret created”
    [secret_unsure] “secret may no longer work”
    [voided] “new secret can no longer be collected”
    [expiring] “expires soon”
    [announced] announcement
    [mailbox_refused] “mailbox refuses email”
    [mailbox_refused_for_several] “mailbox refuses email”
    [several_expired] “expired”
   *[other] { $kind }
}
# $to: a mention or an address.
audit-to = to { $to }
# $scopes: a list.
audit-removed = removed: { $scopes }
# $people: mentions.
audit-struck = approvals that no longer count: { $people }
audit-leaked = its secret leaked
# $user: what the operating system calls them.
audit-operator = on the host, as { $user }
audit-days = { $days ->
    [one] one day before
   *[other] { $days } days before
}
audit-not-deleted = Discord did not delete it
# $why: what the audit log calls it. $words: what someone typed, or an API answered.
audit-why = { $why ->
    [token_deleted] the token was deleted
    [token_deleting] deleting the token began
    [token_disabling] disabling the token began
    [token_changed] the token, or what its provider offers, changed
    [restored] the database was restored from a backup
    [not_later] the token already expires later
    [narrowed] its requester only reduced the token’s access instead
    [token_expired] the token expired
    [token_disabled] the token was disabled
    [superseded] another end was chosen
    [done_upstream] the provider did it after all
    [maybe_done] an admin may have carried it out already
    [maybe_changed] it is unclear whether the token was changed
    [provider_gone] no longer in the configuration
    [not_admin] no longer an admin
    [content_changed] the content changed
    [expired] the time was over
    [may_be_enabled] enabling it had no clear answer
    [never_collected] not collected in time
    [upstream_refused] the provider’s API answered: { $words }
    [upstream_waits] the provider’s API told us to wait: { $words }
    [upstream_unsure] it is unclear whether the provider’s API created it: { $words }
    [upstream_repeated] tried too often: { $words }
    [upstream_unproven] it is unclear whether the provider’s API created { $words }
    [upstream_stray] it is unclear whether the provider’s API created { $words }
    [upstream_not_there] it was not there: { $words }
    [upstream_renamed] its id has another name there: { $words }
    [upstream_moved] its marker is at another id: { $words }
    [upstream_too_long] the list there is too long: { $words }
    [upstream_unclear] it is unclear whether it still works: { $words }
    [upstream_changing] it is unclear whether the token was changed: { $words }
    [upstream_enabling] it is unclear whether the token works again: { $words }
    [upstream_renewing] it is unclear whether the old secret works: { $words }
   *[other] “{ $words }”
}
