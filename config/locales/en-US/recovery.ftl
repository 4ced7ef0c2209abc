### What the admins of a provider read after the database was restored from a backup.

restored-title = Countersign’s database was restored from a backup
# $when: a time.
restored-lead = It is as it was on { $when }. What happened here after that is lost, and the next requests continue with a gap in their numbers.
# $requests and $deliveries: how many.
restored-requests = Open requests that were withdrawn: { $requests }. Secrets that were not collected and can no longer be revealed: { $deliveries }. If one is still needed, request it again.
# $tokens: how many.
restored-builtin = **Tokens that were disabled: { $tokens }.** This keeps a token that was disabled or deleted after the backup from working again. **Enable** in `/token show` gives a token a new secret, once admins have approved it. Tokens that were created after the backup no longer work.
# $provider: its name.
restored-elsewhere = **Compare with { $provider }, token by token:** list the tokens there and in `/token list`. Delete there what is not listed here. Disable or delete here what was disabled or deleted there, and check scopes and expiry of the rest.
