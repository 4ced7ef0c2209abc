### What admins read where a provider's API doesn't do, or doesn't show, what its configuration says.

# The API's answer was a bare 401 or 403.
upstream-hint-credential = It does not accept Countersign’s credential. Replace the credential in the configuration, or give it the right that is missing.
# The API's answer was a bare 404 or 410.
upstream-hint-address = This address is not its API, or the API has no such call. Compare the URL in the configuration with the API’s documentation.

## A request that failed. $marker: what the token would be known by, as code.
upstream-failed-unproven = No clear answer came from the provider’s API. Its list shows no token marked { $marker }, but that list has never shown a new token so far, so this proves nothing. Look at the provider for a token marked { $marker }, and delete it if it is there. Only then press **Try again**.
upstream-failed-stray = No clear answer came from the provider’s API, so a token marked { $marker } may exist. Countersign can’t find out yet and keeps trying. **Try again** looks for it first. You can also look there yourself, and delete it if it is there. What prevents it:
upstream-failed-stray-gone = No clear answer came from the provider’s API. The token marked { $marker } that may have been created is no longer there. Press **Try again** to create one.
upstream-failed-enabling = No clear answer came from the provider’s API, so the token may work there again, also with its old secret. It is being disabled again; until then it may work. After that this request needs its approvals again. What happened:
upstream-failed-changing = No clear answer came from the provider’s API, so it is unclear whether the token was changed there. **Try again** sends the same change once more. Before you deny or withdraw this request, check at the provider what the token can do. What prevents it:
upstream-failed-waits = The provider’s API told us to wait, again and again. Nothing is being created. Once it lets us continue, press **Try again**. The API answered:

## A token that an API changes in place. $provider: its name.
upstream-narrowing = **#{ $number }: { $provider }’s API is asked to reduce the token’s access.** { $requester } requested it; it needs no approvals.

## A token that is to end, on the card that asks an admin to do it.
upstream-task-refused = The API refused:
upstream-task-unclear = It is unclear whether the token still works:
# $marker: what it is known by there, as code.
upstream-task-not-there = **It was not there to begin with.** It may have been renamed, or the list there does not show it; then it still works. Look for the marker { $marker }, for the *Account SID* below, and for tokens created at the same time. Press **Done** only when you know that it is gone.
# $name: what stands there, as code.
upstream-task-renamed = **Its id has another name there: { $name }.** Either it was renamed and still works, or it is gone and its id belongs to another token. Find out which. Delete it if it is this token, and leave it alone if it is not.
upstream-task-moved = **Its marker { $marker } is at another id there.** Delete every token that has it.
upstream-task-too-long = **The list there is longer than what Countersign reads of it,** and the token is not in that part. Look for the marker { $marker }.

## A message to the admins. $provider: its name.
upstream-doubt-title = { $provider }: the configuration does not fit its API
upstream-doubt-not-shown = A token was just created there, marked { $marker }, and `find` of the configuration does not show it. The token works. But Countersign could not find a token whose creation got no clear answer, nor see that one has ended: an admin would have to look each time. Let `find` filter by the marker, or read all pages.
upstream-doubt-other-name = A token was just created there, marked { $marker }, and `find` of the configuration shows it under another name: { $name }. The token works. But Countersign could not find a token whose creation got no clear answer, nor see that one has ended: an admin would have to look each time. Let `match` point to the field with the marker, or write `contains` where the API adds to it.
upstream-doubt-shown-dead = A token was just created there, marked { $marker }, and according to `alive` of the configuration it does not work. Correct `alive`: as it is, Countersign could not see that a token still works.
upstream-doubt-unreadable = The answer to `find` of the configuration can’t be read, so Countersign could not find a token whose creation got no clear answer, nor see that one has ended:
upstream-doubt-stray = A call there got no clear answer, and may have created a token marked { $marker }. It was not found then, and another token was created. But `find` of the configuration does not show all tokens, so nobody knows whether both exist: look for this marker there, and delete what bears it.
upstream-doubt-end = A token was just created there, and its expiry can’t be read: { $value }. The token works, and Countersign ends it when it expires. Set the `form` of `expires_at` in the configuration.
upstream-doubt-cure = Ask the Countersign operator to correct the configuration of `{ $id }`.
