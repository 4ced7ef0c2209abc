### What admins read where a provider's API doesn't do, or doesn't show, what its configuration says.

# The API's answer was a bare 401 or 403.
upstream-hint-credential = It does not accept Countersign’s credential. Replace the credential in the configuration, or give it the right that is missing.
# The API's answer was a bare 404 or 410.
upstream-hint-address = This is not the address of the API, or the API has no such call. Compare the URL in the configuration with the API’s documentation.

## A request that failed. $marker: what the token would be known by, as code.
upstream-failed-unproven = No clear answer came from the provider’s API. Its list shows no token marked { $marker }, but that list has never shown a new token so far, so one may still exist. Look for it at the provider, and delete it if it is there. Only then press **Try again**.
upstream-failed-stray = No clear answer came from the provider’s API, so a token marked { $marker } may exist. Countersign can’t check that yet and keeps trying. **Try again** looks for it first. You can also look for it at the provider yourself, and delete it if it is there. Why it can’t be checked yet:
upstream-failed-stray-gone = No clear answer came from the provider’s API, but no token marked { $marker } is left there. Press **Try again** to create one.
upstream-failed-enabling = No clear answer came from the provider’s API, so the token may work there again, also with its old secret. It is being disabled there. Until that is done it may work. After that this request needs its approvals again. What happened:
upstream-failed-changing = No clear answer came from the provider’s API, so it is unclear whether the token was changed there. **Try again** sends the same change once more. Before you deny or withdraw this request, check at the provider what the token can do. What happened:
upstream-failed-waits = The provider’s API told us to wait, again and again. Nothing is being { $what ->
    [change] changed
   *[token] created
} now. Once it lets us continue, press **Try again**. The API answered:

## A token that an API changes in place. $provider: its name.
upstream-narrowing = **#{ $number }: { $provider }’s API is asked to reduce the token’s access.** { $requester } requested it; it needs no approvals.

## A token that is to end, on the card that asks an admin to do it.
upstream-task-refused = The API refused:
upstream-task-unclear = It is unclear whether the token still works:
# $marker: what it is known by there, as code.
upstream-task-not-there = **Countersign can’t find this token there.** It may have been renamed, or the list there does not show it; then it may still work. Look for the marker { $marker }, for the *Account SID* below, and for tokens created at the same time. Press **Done** only when you know that it is gone.
# $name: what stands there, as code.
upstream-task-renamed = **Its id has another name there: { $name }.** Either it was renamed and still works, or it is gone and its id belongs to another token. Find out which. Delete it if it is this token, and leave it alone if it is not.
upstream-task-moved = **Its marker { $marker } is at another id there.** Delete every token that has it.
upstream-task-too-long = **The list there is longer than what Countersign reads of it,** and the token is not in that part. Look for the marker { $marker }.

## A token whose access its API did not reduce, on the card that asks an admin to do it.
# $number: the request's. $requester: on whose behalf.
upstream-task-narrow = **#{ $number }: an admin must reduce this token’s access at { $provider }.** Its API has not done it. Remove there what is marked below as removed, then press **Done**. Or fix the cause, then press **Try again**. Until then the token may keep its access. Requested by { $requester }; no approvals are needed.
upstream-task-away = The API could not be reached, answers too slowly or told us to wait.
upstream-task-waits = The API told us to wait, again and again. It answered:
upstream-task-maybe = It is unclear whether the access is already reduced there, so look first. What happened:

## The same, told to the requester.
upstream-notice-title = #{ $number } needs an admin
upstream-notice-refused = The provider’s API refused to reduce the token’s access:
upstream-notice-away = The provider’s API could not be reached, answers too slowly or told us to wait. It has not reduced the token’s access.
upstream-notice-waits = The provider’s API told us to wait, again and again. It has not reduced the token’s access. It answered:
upstream-notice-maybe = No clear answer came from the provider’s API, so it is unclear whether the token’s access is reduced. What happened:
upstream-notice-todo = An admin must now reduce it at the provider, or try again; the card in the approval channel says how. Until then the token may keep its access, and no other change to it can be requested. You will be told when it is done. If you no longer want it, press **Withdraw** in `/token pending`.

## A message to the admins. $provider: its name.
upstream-doubt-title = { $provider }: the configuration does not fit its API
upstream-doubt-not-shown = A token marked { $marker } was just created there, but `find` in the configuration does not show it. The token works. But when a call gets no clear answer, or a token is disabled or deleted, Countersign can’t check the result, and an admin has to look each time.
upstream-doubt-other-name = A token marked { $marker } was just created there, but `find` in the configuration shows it under another name: { $name }. The token works. But when a call gets no clear answer, or a token is disabled or deleted, Countersign can’t check the result, and an admin has to look each time.
upstream-doubt-shown-dead = A token marked { $marker } was just created there, but according to `alive` in the configuration it does not work. As it is, Countersign can’t tell whether a token still works.
upstream-doubt-unreadable = The answer to `find` in the configuration can’t be read. When a call gets no clear answer, or a token is disabled or deleted, Countersign can’t check the result, and an admin has to look each time. What is wrong with the answer:
upstream-doubt-stray = A call there got no clear answer and may have created a token marked { $marker }. It was not found, so another one was created. But `find` in the configuration does not show all tokens, so both may exist: look for this marker there, and delete the token that has it.
upstream-doubt-end = A token was just created there, but its expiry can’t be read: { $value }. The token works, and Countersign ends it after the lifetime that was approved.
upstream-doubt-cure = Ask the Countersign operator to correct the configuration of `{ $id }`: { $what ->
    [not_shown] `find` should filter by the marker, or read all pages.
    [other_name] `match` should point to the field with the marker; where the API adds to the marker, `contains` helps.
    [shown_dead] `alive` should hold for a token that works.
    [unreadable] `find` should fit the API’s answer.
    [stray] `find` should filter by the marker, or read all pages.
   *[end_unreadable] `expires_at` needs the right `form`.
}
