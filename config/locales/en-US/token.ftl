### Texts of a token's own panel, and of what is requested there.

token-state-issued = 🟡 It has not been collected yet.
token-state-active = 🟢 It works.
token-state-old-is-dead = 🟡 It is enabled at the provider, but the old secret no longer works, and nobody has collected the new one.
token-state-disabling = 🔴 It is being disabled: an admin has to do it at the provider.
token-state-disabled = ⚫ It is disabled.
token-state-deleting = 🔴 It is being deleted: an admin has to do it at the provider.
token-state-going-off = 🔴 It is being disabled or deleted at the provider. Until that is done it may still work. Its owner and primary contact will be told when it is done.
token-state-deleted = ⚫ It is deleted.
token-state-expired = ⚫ It has expired.
# $count: scopes that no longer agree with the catalogue. $before: the first of them as it was approved;
# $after: as the catalogue has it now. $refused: yes where Countersign verifies the token.
token-drifted = ⚠️ { $count ->
    [one] One scope no longer agrees
   *[other] { $count } scopes no longer agree
} with the catalogue: { $before } → { $after }. { $refused ->
    [yes] It is refused until an **Edit** is approved.
   *[no] The token keeps what was approved until an **Edit** is approved.
}
# $card: a link.
token-open-change = ✋ It has an open request: { $card }
# Where the card is not posted yet.
token-open-change-unposted = ✋ It has an open request.

token-field-owner = Owner
token-field-created = Created
token-field-last-used = Last used
token-never-used = never
# $when: the last use. $until: a time.
token-old-secret = old secret last used: { $when } · works until { $until }

token-button-edit = Edit
token-button-reset = Reset
token-button-extend = Extend
token-button-upgrade = Upgrade version
token-button-enable = Enable
token-button-duplicate = Duplicate
token-button-all-scopes = All scopes
token-button-back = Back
token-button-disable = Disable
token-button-delete = Delete

## The question before *Disable*
disable-question-title = Disable { $name }?
disable-question-what = Programs that use this token will be refused as soon as it is disabled.
# $count: how many at least.
disable-question-way-back = To enable it again, { $count } approvals and a new secret will be needed.
disable-question-no-way-back = This provider can’t enable a token again: you would have to request another token.

## *All scopes*: what the panel has no room for

# $name: the token's.
token-scopes-title = { $name }: all emails and scopes
token-scopes-part = { $part } of { $parts }

delete-form-title = Delete the token
delete-form-name = Type its name
delete-form-hint = It stops working and can’t be restored.

# $name: the token's.
answer-disabled = **{ $name }** is disabled, so programs that use it are refused. To use it again, request **Enable**: it gets a new secret, once admins have approved it.
answer-disabled-for-good = **{ $name }** is disabled, so programs that use it are refused. It can’t be enabled again here: if it is still needed, request another token.
answer-disabling = **{ $name }** can’t be disabled from here. A card in the approval channel asks an admin to do it at the provider; until then it may still work.
answer-deleted = **{ $name }** is deleted, so programs that use it are refused. It can’t be restored.
answer-deleting = **{ $name }** can’t be deleted from here. A card in the approval channel asks an admin to do it at the provider; until then it may still work.
answer-going-off = **{ $name }** is being disabled or deleted at the provider; until that is done it may still work. Its owner, contact and developers will be told.
answer-narrowed = The access of **{ $name }** was reduced. That needs no approvals.
# $number: the request's.
answer-narrowing = An admin has to reduce the access of **{ $name }** at the provider: the card of #{ $number } in the approval channel has the steps. It needs no approvals.
answer-narrowing-upstream = The provider’s API is asked to reduce the access of **{ $name }**: the card of #{ $number } in the approval channel will say when that is done. It needs no approvals.
answer-narrowed-instead = With that, #{ $number } is withdrawn.

## The panel of a change

# $kind: what is requested. $name: the token's.
panel-title-change = { $kind ->
    [edit] Edit { $name }
    [reset] Reset the secret of { $name }
    [upgrade] Upgrade { $name }
    [enable] Enable { $name }
    [extend] Extend { $name }
   *[duplicate] Duplicate { $name }
}
# $provider: its name.
panel-lead-details = { $provider } can’t change the scopes or the expiry of a token. You can edit its name, description, contact and developer emails, which Countersign keeps itself.
panel-lead-change = { $kind ->
    [edit] Make your changes, then press **Submit**. If you only remove scopes or make it expire earlier, that takes effect at once; admins have to approve everything else.
    [reset] The new secret replaces the old one when you collect it. Until then the old one works, and if you don’t collect the new one, nothing changes. You become the token’s owner.
    [upgrade] Scopes that the newer version has by the same name are chosen. Choose what the token may do in it, then press **Submit**.
    [enable] The token gets a new secret; the old one will not work again. The token works once you have collected the new secret, and you become its owner.
    [extend] Choose when it expires, counted from the day on which the change takes effect.
   *[duplicate] This is a request for another token with the same settings. Make your changes, then press **Create**.
}
panel-reset-at-once = An admin creates the new secret at { $provider }, and the old one stops working at that moment: there is no overlap. You collect the new secret and become the token’s owner.
panel-reset-upstream = Once this is approved, { $provider } creates the new secret, and the old one stops working at that moment: there is no overlap. You collect the new secret and become the token’s owner.
panel-enable-at-once = An admin enables the token at { $provider }, with a new secret, and it works there at that moment. If that secret is not collected in time, the token is disabled again. You collect the new secret and become the token’s owner.
panel-enable-upstream = Once this is approved, { $provider } enables the token, with a new secret, and it works there at that moment. If that secret is not collected in time, the token is disabled again. You collect the new secret and become the token’s owner.
panel-submit = Submit
panel-expires-kept = { $when }, unchanged
panel-option-keep = Keep the expiry unchanged
panel-overlap = The old secret
panel-select-overlap = Overlap
panel-option-overlap = { $hours ->
    [0] The old secret stops working when the new one is collected
    [one] The old secret works for one hour more
   *[other] The old secret works for { $hours } hours more
}
# The same as a value, behind “The old secret”.
panel-value-overlap = { $hours ->
    [0] It stops working when the new one is collected.
    [one] It works for one hour more after the new one is collected.
   *[other] It works for { $hours } hours more after the new one is collected.
}
panel-expires-anew = { $days ->
    [one] One day
   *[other] { $days } days
} after the change takes effect
