### Texts of the request's form and panel.

## The form: steps 1 and 2

form-title-new = Request an API token
form-title-edit = Edit details
form-name = Token name
form-name-help = Up to 64 characters. No other token or open request of this provider may have it.
form-description = Description
form-description-help = What the token is for. The admins decide by it.
form-version = API version
# $provider: the API's name.
form-version-help = Versions of { $provider }, newest first
# $version: its number.
form-version-option = Version { $version }
form-version-recommended = Version { $version } (recommended)
form-contact = Primary contact
form-contact-help = Who hears what happens to the token, and of changes to the API.
form-emails = Developer emails
form-emails-help = Comma, space or line separated, up to 10. They hear by email; secrets are never mailed.

## What is wrong with the form. Each stands behind the field's label.

problem-name-missing = It is empty. Give the token a name.
# $length: how many characters were typed.
problem-name-too-long = It has { $length } characters; 64 are the most.
# $mark: what stands where a character can't be seen.
problem-name-unreadable = It holds characters that can’t be seen, or that turn the reading direction. They show as { $mark }: take them out.
problem-name-taken = A live token or an open request has this name. Choose another one.
# $when: a time. $left: the same, shown as "in 40 minutes".
problem-name-unsaid = You have tried too many names that are taken, so it is not said whether this one is free. Wait until { $when } ({ $left }), then try again.
problem-description-missing = It is empty. Say what the token is for.
problem-description-too-long = It has { $length } characters; 1000 are the most.
problem-version-unknown = This provider doesn’t offer version { $version }. Choose another one.
# $contact: a mention.
problem-contact-bot = { $contact } is a bot, and bots don’t read messages. Choose a person.
problem-contact-not-member = { $contact } isn’t a member of this server. Choose somebody who is.
# $addresses: as typed.
problem-emails-bad = These don’t look like name@example.com: { $addresses }
# $address: as typed, cut.
problem-email-too-long = { $address } (over 254 characters)
# $count: how many there are.
problem-emails-too-many = There are { $count } addresses; 10 are the most.

## The panel: step 3

# $provider: the API's name.
panel-title-new = Request an API token · { $provider }
panel-title-edit = Edit the request · { $provider }
panel-title-problems = Please check what you entered · { $provider }
panel-lead-new = Step 3 of 4: choose what the token may do, then press **Create**.
# $what: what can be changed in this request.
panel-lead-edit = { $what ->
    [overlap] Choose how long the old secret works beside the new one, then press **Save**.
    [lifetime] Choose how long the token lives, then press **Save**.
    [details] Press **Edit details** to change what you entered, then press **Save**.
   *[scopes] Choose what the token may do, then press **Save**.
} What was approved so far must then be approved again.
panel-lead-edit-nothing = There is nothing in this request that could be changed. **Cancel** leaves it as it is; if it is not needed any more, press **Withdraw** on its card.
panel-lead-resumed = You began this request earlier; it is as you left it.
panel-refreshed = The token changed since you began. What it is now is taken over, and what you changed is kept. Check it before you press **Submit**.
panel-outdated = Nothing was submitted: what you would ask for changed after the panel that you pressed was shown. Check what it is now, then press again.
panel-lead-problems = Nothing is lost. Press **Correct** to open the form again, filled in.
# $when: a time, shown as "in 59 minutes".
panel-lapses = This draft lapses { $when }.
# $version: the API version. $scopes: a list.
panel-dropped = Version { $version } doesn’t have these scopes, so they are no longer chosen: { $scopes }
panel-unknown = The provider no longer offers these scopes: { $scopes }. Press **Clear all** and choose again, or send **Edit details** once more to drop only these.
# $name: the token's name.
panel-name-taken = **{ $name } is taken** by a live token or an open request. Press **Edit details** and choose another name.
# $when: a time. $left: the same, shown as "in 40 minutes".
panel-name-unsaid = You have tried too many names that are taken, so it is not said whether **{ $name }** is free, and it can’t be submitted. Wait until { $when } ({ $left }), then try again.
panel-expires = Expires
# $days: a number.
panel-expires-collected = { $days ->
    [one] One day
   *[other] { $days } days
} after you collect it
panel-expires-issued = { $days ->
    [one] One day
   *[other] { $days } days
} after it is made
# $count: how many are chosen.
panel-scopes = Scopes ({ $count })
panel-scopes-none = None yet. Choose an API category, then its scopes.
# $category: its name. $chosen and $all: how many of its scopes.
panel-scopes-category = **{ $category }**: { $chosen } of { $all }
# $count: how many are left out.
panel-more = … and { $count } more

panel-select-category = API category
panel-select-scopes = Scopes
panel-select-expires = Expires
panel-option-category = { $chosen } of { $all } chosen
panel-option-lifetime = Expires after { $days ->
    [one] one day
   *[other] { $days } days
}
panel-sensitive = sensitive

panel-categories-previous = Previous categories
panel-categories-next = Next categories
panel-scopes-previous = Previous scopes
panel-scopes-next = Next scopes
panel-whole-category = Whole category
panel-clear-all = Clear all
panel-edit-details = Edit details
panel-start-over = Start over
panel-cancel = Cancel
panel-correct = Correct
panel-create = Create
panel-save = Save

## In the panel's place

# $number: the request's.
submitted-title-new = Request #{ $number } is on its way
submitted-title-edited = Request #{ $number } is changed
# $name: the token's. $provider: the API's.
submitted-what = **{ $name }** for { $provider }
# $have and $need: approvals. $missing: how many are missing.
submitted-approvals-own = **{ $have } of { $need } approvals.** Your own is counted, since you are an admin. { $missing ->
    [one] One more admin has to approve.
   *[other] { $missing } more admins have to approve.
}
submitted-approvals = **{ $have } of { $need } approvals.** { $missing ->
    [one] One admin has to approve.
   *[other] { $missing } different admins have to approve.
}
submitted-own-never-counts = On your own request, your approval doesn’t count.
submitted-void = Approvals of the earlier content no longer count.
submitted-next = The admins see it in their channel now. You will hear of each step by direct message, and a new secret waits for you there. If your direct messages are closed, use `/token collect`.
# $when: a time. $left: the same, shown as "in 3 days".
submitted-until = Without enough approvals it lapses on { $when } ({ $left }).

cancelled = Cancelled. What you entered is gone, and nothing was submitted. A request that was already waiting stays as it was. To start again, use `/token request`.

# $have: people who can approve it. $need: approvals.
too-few-admins = **This request can’t be approved yet.** It takes { $need } approvals, and { $have ->
    [0] nobody here can give one
    [one] only one person here can give one
   *[other] only { $have } people here can give one
}. Please ask whoever manages this server’s roles to make more members admins of this provider. The request waits meanwhile.
