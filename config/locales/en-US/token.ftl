### Texts of a token's own panel, and of what is asked for there.

token-state-issued = 🟡 It waits to be collected.
token-state-active = 🟢 It works.
token-state-old-is-dead = 🟡 It is on at the provider, but its old secret is dead, and nobody has collected the new one.
token-state-disabling = 🔴 It is being switched off: an admin has to do it at the provider.
token-state-disabled = ⚫ It is disabled.
token-state-deleting = 🔴 It is being deleted: an admin has to do it at the provider.
token-state-going-off = 🔴 It is being switched off at the provider. You hear when it is done; until then it may still work.
token-state-deleted = ⚫ It is deleted.
token-state-expired = ⚫ It has expired.
# $count: scopes that no longer agree with the catalogue. $before: the first of them as it was approved;
# $after: as the catalogue has it now. $refused: yes where Countersign verifies the token.
token-drifted = ⚠️ { $count ->
    [one] A scope no longer agrees
   *[other] { $count } scopes no longer agree
} with the catalogue: { $before } → { $after }. { $refused ->
    [yes] It is refused until an **Edit** is approved.
   *[no] The token keeps what was approved until an **Edit** is approved.
}
# $card: a link.
token-open-change = ✋ A change of it waits: { $card }

token-field-owner = Owner
token-field-created = Created
token-field-last-used = Last used
token-never-used = never
# $when: the last use. $until: a moment.
token-old-secret = the old secret: { $when } (works until { $until })

token-button-edit = Edit
token-button-reset = Reset
token-button-extend = Extend
token-button-upgrade = Upgrade version
token-button-enable = Enable
token-button-duplicate = Duplicate
token-button-all-scopes = All scopes
token-button-disable = Disable
token-button-delete = Delete

## *All scopes*: what the panel has no room for

# $name: the token's.
token-scopes-title = { $name }: all of its addresses and scopes
token-scopes-part = { $part } of { $parts }

delete-form-title = Delete the token
delete-form-name = Type its name
delete-form-hint = It stops working for good. Nothing brings it back.

# $name: the token's.
answer-disabled = **{ $name }** is disabled. Programs that use it are refused from now on. **Enable** gives it a new secret, and takes the admins’ approvals.
answer-disabling = **{ $name }** can’t be switched off from here. A card in the approval channel asks an admin to do it at the provider; until then it may still work.
answer-deleted = **{ $name }** is deleted. Programs that use it are refused from now on, for good.
answer-deleting = **{ $name }** can’t be deleted from here. A card in the approval channel asks an admin to do it at the provider; until then it may still work.
answer-going-off = **{ $name }** is being switched off at the provider. Everyone on it hears when that is done; until then it may still work.
answer-narrowed = **{ $name }** is narrowed. It took no approvals, since it only loses something.
# $number: the request's.
answer-narrowing = An admin now narrows **{ $name }** at the provider: the card of #{ $number } in the approval channel asks for it. It took no approvals, since the token only loses something.
answer-narrowing-upstream = The provider’s API is asked to narrow **{ $name }**: the card of #{ $number } in the approval channel says when that is done. It took no approvals, since the token only loses something.
answer-narrowed-instead = With that, #{ $number } no longer waits for approvals: it is withdrawn.

## The panel of a change

# $kind: what is asked for. $name: the token's.
panel-title-change = { $kind ->
    [edit] Edit { $name }
    [reset] Reset the secret of { $name }
    [upgrade] Upgrade { $name }
    [enable] Enable { $name }
    [extend] Extend { $name }
   *[duplicate] Duplicate { $name }
}
# $provider: its name.
panel-lead-details = { $provider } has no way to change what a token opens, or for how long. Its name, description, contact and addresses are Countersign’s own.
panel-lead-change = { $kind ->
    [edit] Change what should be different, then press **Submit**. Only taking scopes away or ending earlier takes effect at once; everything else takes the admins’ approvals.
    [reset] A new secret takes the old one’s place once you collect it. Until then the old one works, and if you don’t collect it, nothing changes. Whoever asks becomes the token’s owner.
    [upgrade] Scopes were carried over by their names. Choose what the token may do in the newer version, then press **Submit**.
    [enable] It gets a new secret; the old one stays dead. Once you collect it, the token works again, and you are its owner.
    [extend] Choose how long it lives, counted from the day on which the change takes effect.
   *[duplicate] Another token with the same settings. Change what should be different, then press **Create**.
}
panel-reset-at-once = At { $provider } an admin makes the new secret, and with that the old one ends: it does not live on. Whoever asks collects it, and becomes the token’s owner.
panel-reset-upstream = { $provider } makes the new secret once this is approved, and with that the old one ends: it does not live on. Whoever asks collects it, and becomes the token’s owner.
panel-enable-at-once = At { $provider } an admin enables the token, with a new secret: from then on it works there. If nobody collects that secret in time, the token is switched off again. Whoever asks collects it, and becomes the token’s owner.
panel-enable-upstream = { $provider } enables the token once this is approved, with a new secret: from then on it works there. If nobody collects that secret in time, the token is switched off again. Whoever asks collects it, and becomes the token’s owner.
panel-submit = Submit
panel-expires-kept = Stays as it is: { $when }
panel-option-keep = Keep its end as it is
panel-overlap = The old secret
panel-select-overlap = Overlap
panel-option-overlap = { $hours ->
    [0] The old secret ends when the new one is collected
    [one] The old secret works for one hour more
   *[other] The old secret works for { $hours } hours more
}
panel-expires-anew = { $days ->
    [one] One day
   *[other] { $days } days
} after the change takes effect
