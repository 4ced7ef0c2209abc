### `/token announce`: an admin writes to the people of tokens.

announce-title = Write to the people of tokens
announce-lead = Choose tokens for { $provider }, write, look at it, and send it. The primary contacts get a direct message and the developers an e-mail, each person one, which names their tokens.
announce-tokens = Tokens
announce-none = None yet
# $count: live tokens.
announce-everything = { $count ->
    [one] The one that there is
   *[other] All { $count }
}
# $count: so many tokens are counted.
announce-very-many = All of them, more than { $count }
announce-preview = **Preview:** the second box below is what they read.
announce-outdated = ⚠️ Nothing was sent: what you chose or wrote, or whom it reaches, changed after the panel that you pressed was shown. Check what it is now, then press **Send** again.
announce-too-long = ⚠️ The text doesn’t fit into one message. Press **Write** and shorten it: nothing of it is lost.
announce-select = Choose tokens
announce-all = All
announce-choose = Choose
announce-write = Write
announce-send = Send
# $people: contacts, and developers' addresses.
announce-send-to = Send to { $people ->
    [one] one person
   *[other] { $people } people
}
# $limit: how many in 24 hours. $when: a time. $left: the same, shown as "in 3 hours".
announce-enough = ⚠️ You have sent { $limit ->
    [one] one announcement
   *[other] { $limit } announcements
} for this provider in the last 24 hours, as many as one admin may. The next may go out on { $when } ({ $left }).
announce-subject = Subject
announce-body = Text
# $people: messages. $tokens: of how many tokens.
announce-sent = { $people ->
    [one] It is on its way to one person
   *[other] It is on its way to { $people } people
}, of { $tokens ->
    [one] one token.
   *[other] { $tokens } tokens.
} `/token audit` shows for each token whether it arrived.
announce-cancelled = Cancelled. Nothing was sent, and what you wrote is gone.
