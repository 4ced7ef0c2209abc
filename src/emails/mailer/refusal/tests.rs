use super::Fault::{Mailbox, Ours, Temporary};
use super::Stage::{Connect, Login, Message, Recipient, Sender, TokenLogin};
use super::*;

/// One or more for each row of [`find_fault`]'s table, and what counts if it lasts for days.
const REPLIES: &[(Stage, u16, &str, Fault, Fault)] = &[
    // 4yz, and 4.X.X.
    (Connect, 421, "busy", Temporary, Ours),
    (Connect, 450, "4.7.1 not now", Temporary, Ours),
    (Login, 454, "4.7.0 temporary failure", Temporary, Ours),
    (Sender, 451, "4.3.0 later", Temporary, Ours),
    (Recipient, 421, "4.2.1 shutting down", Temporary, Ours),
    (Recipient, 450, "try later", Temporary, Mailbox),
    (Recipient, 450, "4.1.1 unverified address", Temporary, Mailbox),
    (Recipient, 450, "4.2.0 greylisted", Temporary, Mailbox),
    (Recipient, 450, "4.7.1 greylisted", Temporary, Ours),
    (Recipient, 450, "sender verify failed for now", Temporary, Ours),
    (Recipient, 451, "local error", Temporary, Ours),
    (Recipient, 452, "4.2.2 full", Temporary, Mailbox),
    (Recipient, 452, "4.3.1 no space", Temporary, Ours),
    (Recipient, 550, "4.4.7 expired", Temporary, Ours),
    (Message, 451, "4.3.0 no space", Temporary, Ours),
    (Message, 450, "try later", Temporary, Ours),
    (Message, 452, "4.2.2 full", Temporary, Mailbox),
    // Before RCPT.
    (Connect, 554, "5.7.1 you are on a list", Ours, Ours),
    (Connect, 501, "syntactically invalid HELO argument", Ours, Ours),
    (Connect, 550, "5.1.1 nobody here", Ours, Ours),
    (Login, 535, "5.7.8 bad credentials", Ours, Ours),
    (Login, 535, "5.7.139 basic authentication is disabled", Ours, Ours),
    (TokenLogin, 535, "5.7.3 authentication unsuccessful", Ours, Ours),
    (TokenLogin, 454, "4.7.0 temporary failure", Temporary, Ours),
    (Sender, 530, "5.7.57 client was not authenticated", Ours, Ours),
    (Sender, 550, "no such sender", Ours, Ours),
    (Sender, 550, "5.1.0 Sender address rejected", Ours, Ours),
    (Sender, 550, "5.1.1 unknown", Ours, Ours),
    (Sender, 553, "5.1.8 not your address", Ours, Ours),
    (Sender, 553, "5.7.1 not owned by user", Ours, Ours),
    // Full.
    (Recipient, 552, "5.2.2 full", Temporary, Mailbox),
    (Message, 554, "5.2.2 full", Temporary, Mailbox),
    // The recipient's address.
    (Recipient, 550, "5.1.1 nobody here", Mailbox, Mailbox),
    (Recipient, 550, "no mailbox here by that name (#5.1.1)", Mailbox, Mailbox),
    (Recipient, 554, "5.1.1: nobody here", Mailbox, Mailbox),
    (Message, 550, "5.1.1 nobody here", Mailbox, Mailbox),
    (Recipient, 550, "5.1.2 no such domain", Mailbox, Mailbox),
    (Recipient, 501, "5.1.3 no address", Mailbox, Mailbox),
    (Recipient, 550, "5.1.4 two of that name", Mailbox, Mailbox),
    (Recipient, 551, "5.1.6 moved", Mailbox, Mailbox),
    (Recipient, 556, "5.1.10 null MX", Mailbox, Mailbox),
    (Message, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound", Mailbox, Mailbox),
    // The mailbox.
    (Recipient, 550, "5.2.1 disabled", Mailbox, Mailbox),
    (Message, 550, "5.2.1 disabled", Mailbox, Mailbox),
    (Recipient, 550, "5.2.4 no list", Mailbox, Mailbox),
    (Recipient, 550, "5.2.0 not available", Mailbox, Mailbox),
    // A bare refusal of RCPT.
    (Recipient, 550, "no such user", Mailbox, Mailbox),
    (Recipient, 550, "5.0.0 no such user", Mailbox, Mailbox),
    (Recipient, 550, "sender-list@example.com is unknown", Mailbox, Mailbox),
    (Recipient, 551, "not local", Mailbox, Mailbox),
    (Recipient, 556, "the domain takes no mail", Mailbox, Mailbox),
    (Recipient, 550, "relay not permitted", Ours, Ours),
    (Recipient, 550, "Sender verify failed", Ours, Ours),
    (Recipient, 550, "Administrative prohibition", Ours, Ours),
    (Recipient, 550, "HELO name is a bare address", Ours, Ours),
    (Recipient, 550, "5.4.1 Recipient address rejected: Access denied", Mailbox, Mailbox),
    (Recipient, 550, "5.4.1 Relay access denied", Ours, Ours),
    // Everything else is about us.
    (Recipient, 550, "5.1.0 Sender address rejected: unknown", Ours, Ours),
    (Recipient, 553, "5.1.7 bad sender", Ours, Ours),
    (Recipient, 550, "5.1.8 sender's domain not found", Ours, Ours),
    (Recipient, 552, "5.2.3 too big for it", Ours, Ours),
    (
        Recipient,
        504,
        "5.5.2 <3f2a>: Helo command rejected: need fully-qualified hostname",
        Ours,
        Ours,
    ),
    (Recipient, 550, "5.7.1 relaying denied", Ours, Ours),
    (Recipient, 554, "5.7.1 client host blocked", Ours, Ours),
    (Recipient, 553, "that domain isn't in my list of allowed rcpthosts (#5.7.1)", Ours, Ours),
    (Recipient, 554, "relay access denied", Ours, Ours),
    (Recipient, 501, "what?", Ours, Ours),
    (Recipient, 503, "5.5.1 first a login", Ours, Ours),
    (Message, 554, "5.2.252 SendAsDenied; not allowed to send as", Ours, Ours),
    (Message, 554, "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException", Ours, Ours),
    (Message, 550, "5.7.60 client can't send as this sender", Ours, Ours),
    (Message, 550, "5.7.26 unauthenticated", Ours, Ours),
    (Message, 552, "5.3.4 too big", Ours, Ours),
    (Message, 552, "too big", Ours, Ours),
    (Message, 554, "5.6.0 no such content", Ours, Ours),
    (Message, 554, "rejected", Ours, Ours),
    (Message, 550, "rejected", Ours, Ours),
    (Message, 554, "5.4.6 a loop", Ours, Ours),
];

#[test]
fn each_row_of_the_table_holds() {
    for (stage, code, words, fault, lasting) in REPLIES {
        let reply = Reply::new(*code, words);
        let found = (find_fault(*stage, &reply), find_fault_of_lasting(*stage, &reply));
        assert_eq!(found, (*fault, *lasting), "{stage:?} {code} {words}");
    }
}

#[test]
fn a_code_is_read_at_the_beginning_or_in_qmails_brackets_only() {
    let found = |words| Enhanced::of(words).map(|code| (code.class, code.subject, code.detail));
    assert_eq!(found("5.1.10 x"), Some((5, 1, 10)));
    assert_eq!(found("sorry (#4.2.2)"), Some((4, 2, 2)));
    for words in
        ["", "5.1", "5.1.1.1 x", "2.1.5 ok", "5.x.1", "mail to 5.1.1 x", "(#5)", "5.1.99999"]
    {
        assert_eq!(found(words), None, "{words}");
    }
}

#[test]
fn a_cure_is_about_what_was_refused() {
    for (stage, code, words, about) in [
        (Connect, 550, "5.7.1 not you", "hello in [mail]"),
        (Login, 535, "5.7.8 no", "the password"),
        (TokenLogin, 535, "5.7.3 no", "SMTP.SendAsApp"),
        (Sender, 530, "5.7.0 first a login", "the password"),
        (Sender, 550, "5.1.0 Sender address rejected", "change from"),
        (Message, 554, "5.2.252 SendAsDenied", "change from"),
        (Message, 552, "5.3.4 too big", "limit or filter"),
        (Message, 554, "5.6.0 no", "limit or filter"),
        (Recipient, 550, "5.7.1 relaying denied", "other domains"),
        (Recipient, 504, "5.5.2 Helo command rejected", "hello in [mail]"),
        (Message, 554, "rejected", "SPF"),
    ] {
        let reply = Reply::new(code, words);
        let cure = find_cure(stage, Some(code), reply.enhanced);
        assert!(cure.contains(about), "{stage:?} {code} {words}: {cure}");
    }
    assert!(find_cure(Connect, None, None).contains("right server and port"));
    assert!(find_cure(Stage::Offer, None, None).contains("as the server offers"));
    assert!(find_cure(Stage::Directory, None, None).contains("directory"));
}

#[test]
fn why_there_is_no_token_has_a_fault_and_a_cure() {
    let refused = |said: &str| NoToken::Refused(said.to_owned());
    for (why, fault, about) in [
        (refused("401: invalid_client: AADSTS7000215"), Ours, "oauth_client_secret"),
        (refused("unauthorized_client"), Ours, "oauth_client_id"),
        (refused("400: invalid_grant: invalid_scope"), Ours, "new oauth_refresh_token"),
        (refused("400: invalid_scope"), Ours, "oauth_scope"),
        (refused("404"), Ours, "oauth_token_url"),
        (refused("400: a text that says invalid_grant"), Ours, "oauth_token_url"),
        (NoToken::Unreadable("it holds no token"), Ours, "oauth_token_url"),
        (NoToken::NotNow("503".to_owned()), Temporary, "tried again"),
        (NoToken::Unreachable("refused".to_owned()), Temporary, "the network"),
    ] {
        let found = TokenFault::of(&why);
        assert_eq!(found.whose(), fault, "{why}");
        let cure = find_cure(Stage::Token(found), None, None);
        assert!(cure.contains(about), "{why}: {cure}");
    }
}
