### Texts of the request's form and panel.

## The form: settings and contact information

form-title-new = Request an API token
form-title-edit = Edit details
form-name = Token name
form-name-help = Up to 64 characters. No other token or open request of this provider may have it.
form-description = Description
form-description-help = What the token is for. The admins read this when they decide.
form-version = API version
# $provider: the API's name.
form-version-help = Versions of { $provider }, newest first
# $version: its number.
form-version-option = Version { $version }
form-version-recommended = Version { $version } (recommended)
form-contact = Primary contact
form-contact-help = The person who is told what happens to the token, and about changes to the API.
form-emails = Developer emails
form-emails-help = Up to 10, separated by commas, spaces or lines. For news only, never secrets.

## What is wrong with the form. Each stands behind the field's label.

problem-name-missing = It is empty. Give the token a name.
# $length: how many characters were typed.
problem-name-too-long = It has { $length } characters. Use at most 64.
# $mark: what stands where a character can't be seen.
problem-name-unreadable = It contains characters that can’t be seen, or that reverse the reading direction. They appear as { $mark }: remove them.
problem-name-taken = An existing token or an open request has this name. Choose another one.
# $when: a time.
problem-name-unsaid = You have tried too many names that are taken, so this one was not checked. Wait until { $when }, then try again.
problem-description-missing = It is empty. Say what the token is for.
problem-description-too-long = It has { $length } characters. Use at most 1,000.
problem-version-unknown = This provider does not offer version { $version }. Choose another one.
# $contact: a mention.
problem-contact-bot = { $contact } is a bot, and bots don’t read messages. Choose a person.
problem-contact-not-member = { $contact } is not a member of this server. Choose someone who is.
# $addresses: as typed.
problem-emails-bad = These are not addresses like name@example.com: { $addresses }
# $address: as typed, cut.
problem-email-too-long = { $address } (over 254 characters)
# $count: how many there are.
problem-emails-too-many = There are { $count } addresses. Use at most 10.

## The panel: scopes and expiry

# $provider: the API's name.
panel-title-new = Request an API token · { $provider }
panel-title-edit = Edit the request · { $provider }
panel-title-problems = Please check what you entered · { $provider }
panel-lead-new = Choose what the token may do, then press **Create**.
# $what: what can be changed in this request.
panel-lead-edit = { $what ->
    [overlap] Choose how long the old secret and the new one overlap, then press **Save**.
    [lifetime] Choose when the token expires, then press **Save**.
    [details] Press **Edit details** to change what you entered, then press **Save**.
   *[scopes] Choose what the token may do, then press **Save**.
} The approvals so far will no longer count, and the admins will have to approve the request again.
panel-lead-edit-nothing = Nothing in this request can be changed. **Cancel** leaves it as it is; if it is no longer needed, press **Withdraw** in `/token pending`.
panel-lead-resumed = You started this request earlier. It is as you left it.
panel-refreshed = The token has changed since you started. This panel shows what it is now, with your changes. Check it, then press **Submit**.
panel-outdated = Nothing was submitted. What you would request has changed since this panel was shown. Check the panel as it is now, then press the button again.
panel-lead-problems = Nothing is lost. Press **Correct** to open the form again, filled in.
# $when: a time.
panel-lapses = This draft is kept until { $when }.
# $version: the API version. $scopes: a list.
panel-dropped = Version { $version } does not have these scopes, so they were removed: { $scopes }
panel-unknown = The provider no longer offers these scopes: { $scopes }. Press **Clear all** and choose again, or send **Edit details** once more to remove only these.
# $name: the token's name.
panel-name-taken = **{ $name } is taken:** an existing token or an open request has this name. Press **Edit details** and choose another one.
# $when: a time.
panel-name-unsaid = You have tried too many names that are taken, so **{ $name }** was not checked, and the request can’t be submitted. Wait until { $when }, then press **Edit details** and send it again.

# Why *Create*, *Submit* or *Save* can’t be pressed.
panel-nothing-changed = Nothing is changed yet.
panel-asks-for-nothing = As it is, the request would not change the token. Change something. If the request is no longer needed, press **Cancel**, then withdraw it in `/token pending`.
# $when: when the token expires.
panel-not-later = The token already works until { $when }, so this would not extend it. Choose a longer time.
# $days: a number.
panel-lives-too-long = The lifetime of a token here is at most { $days ->
    [one] one day
   *[other] { $days } days
}. Choose a shorter time.
panel-not-newer = An upgrade needs a newer API version than the token has. Press **Edit details** and choose one.
panel-version-gone = The provider no longer offers this token’s API version. The token has to be upgraded first.
panel-not-offered = The provider’s API can’t do this with an existing token. You can edit its name, description, contact and developer emails.
panel-not-yours-to-reduce = This would only reduce the token’s access, and only its owner, its primary contact or an admin can do that.

panel-expires = Expires
# $days: a number.
panel-expires-collected = { $days ->
    [one] One day
   *[other] { $days } days
} after it is collected
panel-expires-issued = { $days ->
    [one] One day
   *[other] { $days } days
} after it is created
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
submitted-title-new = Request #{ $number } is submitted
submitted-title-edited = Request #{ $number } is changed
# $name: the token's. $provider: the API's.
submitted-what = **{ $name }** for { $provider }
# $have and $need: approvals. $missing: how many are missing.
submitted-approvals-own = **{ $have } of { $need } approvals.** As an admin, you gave the first one by submitting. { $missing ->
    [one] One more admin has to approve it.
   *[other] { $missing } more admins have to approve it.
}
submitted-approvals = **{ $have } of { $need } approvals.** { $missing ->
    [one] One admin has to approve it.
   *[other] { $missing } different admins have to approve it.
}
submitted-own-never-counts = Your approval of your own request does not count.
submitted-void = Approvals of the earlier content no longer count.
submitted-next = The admins can see it in their channel. You will be told by direct message how it goes on{ $secret ->
    [first] , and can reveal the secret there. If you don’t accept direct messages, use `/token collect`.
    [new] , and can reveal the new secret there. If you don’t accept direct messages, use `/token collect`.
   *[none] .
}
# $when: a time.
submitted-until = Without enough approvals, the request expires on { $when }.

cancelled = Cancelled. What you entered is gone, and nothing was submitted. To start again, use `/token request`.
cancelled-change = Cancelled. What you entered is gone, and nothing was submitted.
cancelled-edit = Cancelled. What you entered is gone, and your request stays as it is. To edit it again, use `/token pending`.

# $have: people who can approve it. $need: approvals.
too-few-admins = **This request can’t be approved yet.** It needs { $need } approvals, and { $have ->
    [0] nobody here can give one
    [one] only one person here can give one
   *[other] only { $have } people here can give one
}. Ask the people who manage this server’s roles for more admins of this provider. The request waits in the meantime.
# $least and $most: people who can approve it. $need: approvals.
too-few-admins-maybe = **Maybe this request can’t be approved yet.** It needs { $need } approvals, and { $least } to { $most } people here can give one: it is not known how many of them hold more than one admin role. If there are too few, ask the people who manage this server’s roles for more admins of this provider. The request waits in the meantime.

## `/token panel`: a message to pin

# $provider: the API's name.
request-panel-title = { $provider }: API access tokens
# $count: how many approvals.
request-panel-text = Request a token here. It takes at least { $count } approvals; then its secret is revealed to you alone.
request-panel-button = Request a token
request-panel-posted = Posted. Pin the message, so that everyone finds it.
