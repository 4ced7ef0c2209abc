### What admins read where a provider's API doesn't do, or doesn't show, what its configuration says.

# The API's answer was a bare 401 or 403.
upstream-hint-credential = It doesn’t accept the credential that Countersign shows it: renew that in the configuration, or give it the right.
# The API's answer was a bare 404 or 410.
upstream-hint-address = This address is not its API, or the API has no such call: compare the URL in the configuration with the API’s documentation.

## A request that failed. $marker: what the token would be known by, as code.
upstream-failed-unproven = Nobody saw how the provider’s API answered. Its list shows no token marked { $marker }, but has never been seen to show a new one either, so that this proves nothing. Look at the provider for one that is marked so, and delete it if it is there. Only then press *Try again*.
upstream-failed-stray = Nobody saw how the provider’s API answered, so a token marked { $marker } may be there. Countersign can’t find that out by itself so far, and goes on trying. *Try again* looks for it first. Or look there yourself, and delete it if it is there. What is in the way:
upstream-failed-stray-gone = Nobody saw how the provider’s API answered. The token marked { $marker } that may have been made is not there any more. Press *Try again* to have one made.

upstream-failed-changing = Nobody saw how the provider’s API answered, so it is unclear whether the token was changed there. *Try again* sends the same change once more. Before you deny or withdraw this, look at the provider what the token can do. What is in the way:

## A token that an API changes in place. $provider: its name.
upstream-narrowing = **#{ $number }: { $provider }’s API is asked to take something from the token.** { $requester } asked for it; it takes no approvals.

## A token that is to end, on the card that asks an admin to do it.
upstream-task-refused = The API said no:
upstream-task-unclear = Nobody could see whether it ended:
# $marker: what it is known by there, as code.
upstream-task-not-there = **It was not there to begin with.** Somebody may have renamed it, or the list there may not show it, and then it still works. Look for what is marked { $marker }, for the *Account SID* below, and for tokens made at the same time. Press *Done* only when you know that it is gone.
# $name: what stands there, as code.
upstream-task-renamed = **Its id bears another name there: { $name }.** Somebody renamed it, and it still works; or it is gone, and its id is another token’s by now. Find out which, delete it if it is this one, and leave it alone if it isn’t.
upstream-task-moved = **What it is marked with, { $marker }, stands there at another id.** Delete every token that bears it.
upstream-task-too-long = **The list there is longer than what Countersign reads of it,** and the token is not on that part. Look for what is marked { $marker }.

## A message to the admins. $provider: its name.
upstream-doubt-title = { $provider }: the configuration does not fit its API
upstream-doubt-not-shown = A token was just made there, marked { $marker }, and `find` of the configuration doesn’t show it. The token is good. But nobody would find one whose making was not seen, nor see that one has ended: then an admin has to look each time. Let `find` filter by the marker, or read all pages.
upstream-doubt-other-name = A token was just made there, marked { $marker }, and `find` of the configuration shows it under another name: { $name }. The token is good. But nobody would find one whose making was not seen, nor see that one has ended: then an admin has to look each time. Let `match` point to what holds the marker, or write `contains` where the API adds to it.
upstream-doubt-shown-dead = A token was just made there, marked { $marker }, and by `alive` of the configuration it doesn’t work. Correct `alive`: as it is, nobody would see that a token still works.
upstream-doubt-unreadable = `find` of the configuration can’t be read, so that nobody would find a token whose making was not seen, nor see that one has ended:
upstream-doubt-end = A token was just made there, and when it ends can’t be read: { $value }. The token is good, and Countersign ends it when its time is up. Set the `form` of `expires_at` in the configuration.
upstream-doubt-cure = Have the person who runs Countersign correct the configuration of `{ $id }`.
