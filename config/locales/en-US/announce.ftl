### `/token announce`: an admin writes to the contacts and developers of tokens.

announce-title = Send an announcement
announce-lead = Choose tokens for { $provider }, write the announcement, check the preview, and send it. Each primary contact gets one direct message and each developer one email, which names their tokens.
announce-tokens = Tokens
announce-none = None yet
# $count: tokens that exist.
announce-everything = { $count ->
    [one] The only one
   *[other] All { $count }
}
# $count: so many tokens are counted.
announce-very-many = All, more than { $count }
announce-preview = **Preview:** this is what contacts and developers will read:
announce-outdated = ⚠️ Nothing was sent. The tokens, the text or the recipients have changed since this panel was shown. Check the panel as it is now, then press **Send** again.
announce-too-long = ⚠️ The text is too long for one message. Press **Write** and shorten it; nothing is lost.
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
# $limit: how many in 24 hours. $when: a time.
announce-enough = ⚠️ You have sent { $limit ->
    [one] one announcement
   *[other] { $limit } announcements
} for this provider in the last 24 hours. One admin can’t send more. You can send the next one on { $when }.
announce-subject = Subject
announce-body = Text
# $people: messages. $tokens: of how many tokens.
announce-sent = Sending the announcement to { $people ->
    [one] one person
   *[other] { $people } people
}, about { $tokens ->
    [one] one token
   *[other] { $tokens } tokens
}. `/token audit` shows for each token whether it arrived.
announce-cancelled = Cancelled. Nothing was sent, and the text you wrote is gone.
