### What the admins of a provider read after the database was restored from a backup.

restored-title = Countersign’s database was restored from a backup
# $when: a moment.
restored-lead = It is in the state of { $when }. What happened here after that is lost, and #numbers go on with a gap.
# $requests and $deliveries: how many.
restored-requests = Open requests that were withdrawn: { $requests }. Secrets that waited and can no longer be revealed: { $deliveries }. Whoever still needs one requests it again.
# $tokens: how many.
restored-builtin = **Tokens that were disabled: { $tokens }.** One that was disabled or deleted after the backup would have worked again. **Enable** in `/token show` gives a token a new secret, and takes the admins’ approvals. Tokens that were created after the backup no longer work.
# $provider: its name.
restored-elsewhere = **Compare with { $provider }, token by token:** list the tokens there and in `/token list`. Delete there what is not in the list here. Disable or delete here what was disabled or deleted there, and check scopes and expiry of the rest.
