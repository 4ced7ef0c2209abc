//! Whose fault it is that a server did not take an email, and what to mend.

use crate::issuer::NoToken;

/// How far the conversation with a server had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Writing into a directory, where there is no server.
    Directory,
    /// The connection, its encryption, the greeting and `EHLO`.
    Connect,
    /// Which logins the server offers.
    Offer,
    /// Getting an access token, from somebody else.
    Token(TokenFault),
    /// `AUTH` with a password.
    Login,
    /// `AUTH XOAUTH2`, with an access token.
    TokenLogin,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA`, or the end of the message.
    Message,
}

/// Why there is no access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum TokenFault {
    /// Its endpoint can't be called.
    Unreachable,
    /// Its endpoint can't answer now.
    NotNow,
    /// Its endpoint does not take who we are, or knows us and gives us none.
    Client,
    /// Its endpoint does not take the refresh token.
    Grant,
    /// Its endpoint does not take what the token should be for.
    Scope,
    /// Something else in the configuration.
    Settings,
}

impl TokenFault {
    /// By the codes of RFC 6749, 5.2.
    pub(super) fn of(why: &NoToken) -> Self {
        let said = match why {
            NoToken::Unreachable(_) => return Self::Unreachable,
            NoToken::NotNow(_) => return Self::NotNow,
            NoToken::Unreadable(_) => return Self::Settings,
            NoToken::Refused(said) => said,
        };
        let find = |part: &str| match part {
            "invalid_client" | "unauthorized_client" => Some(Self::Client),
            "invalid_grant" => Some(Self::Grant),
            "invalid_scope" | "invalid_resource" => Some(Self::Scope),
            _ => None,
        };
        // The first is the status.
        said.split(": ").take(2).find_map(find).unwrap_or(Self::Settings)
    }

    /// Whose fault it is that no email is sent.
    pub(super) fn whose(self) -> Fault {
        match self {
            Self::Unreachable | Self::NotNow => Fault::Temporary,
            Self::Client | Self::Grant | Self::Scope | Self::Settings => Fault::Ours,
        }
    }

    fn cure(self) -> &'static str {
        match self {
            Self::Unreachable => {
                "see that oauth_token_url in [mail] is right, that the network lets us reach it, and that ca_file in \
                 [network] names the authority if its certificate is signed by one of your own"
            }
            Self::NotNow => {
                "nothing, if it passes: it is tried again. If not, ask who runs the identity provider"
            }
            Self::Client => {
                "correct oauth_client_id and oauth_client_secret in [mail]: the secret may have ended there, or the \
                 application may not get tokens in this way"
            }
            Self::Grant => {
                "sign in at the identity provider for a new oauth_refresh_token in [mail]: this one has ended, was \
                 withdrawn, or is another application's"
            }
            Self::Scope => {
                "correct oauth_scope in [mail]: for an application at Microsoft it is \
                 https://outlook.office365.com/.default, at Google https://mail.google.com/"
            }
            Self::Settings => {
                "compare oauth_token_url and the other keys with oauth_ in [mail] with the identity provider's \
                 documentation"
            }
        }
    }
}

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The server said of the recipient that it gets no emails. This is final, and its people are told.
    Mailbox,
    /// It is about us: the machine, the login, the sender, the content, or what the server may do for us. The
    /// email waits, and an operator has to mend something.
    Ours,
    /// Trying again later may help.
    Temporary,
}

/// The enhanced status code (RFC 3463) with which a server's words begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Enhanced {
    class: u16,
    subject: u16,
    detail: u16,
}

impl Enhanced {
    /// Out of words such as `5.1.1 Nobody here`, or qmail's `no mailbox here (#5.1.1)`.
    fn of(words: &str) -> Option<Self> {
        let first = words.split_whitespace().next().unwrap_or_default();
        let in_brackets = words.split_once("(#").and_then(|(_, rest)| rest.split(')').next());
        Self::parse(first.trim_end_matches([':', ';', ','])).or_else(|| Self::parse(in_brackets?))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let mut number = || parts.next()?.parse::<u16>().ok();
        let found = Self { class: number()?, subject: number()?, detail: number()? };
        (matches!(found.class, 4 | 5) && parts.next().is_none()).then_some(found)
    }

    /// What it is about; `X.0.Y` says no more than the reply code.
    fn subject(self) -> Option<(u16, u16)> {
        (self.subject != 0).then_some((self.subject, self.detail))
    }
}

/// A server's refusal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reply<'a> {
    pub(super) code: u16,
    pub(super) enhanced: Option<Enhanced>,
    words: &'a str,
}

impl<'a> Reply<'a> {
    /// `words` is what follows the code.
    pub(super) fn new(code: u16, words: &'a str) -> Self {
        Self { code, enhanced: Enhanced::of(words), words }
    }

    fn subject(&self) -> Option<(u16, u16)> {
        self.enhanced.and_then(Enhanced::subject)
    }

    fn is_temporary(&self) -> bool {
        (400..500).contains(&self.code) || self.enhanced.is_some_and(|enhanced| enhanced.class == 4)
    }

    /// Whether the words of a reply without a telling code are about us. Addresses in them don't count.
    fn speaks_of_us(&self) -> bool {
        let words = self.words.split_whitespace().filter(|word| !word.contains('@'));
        let words = words.collect::<Vec<_>>().join(" ").to_lowercase();
        WORDS_ABOUT_US.iter().any(|about_us| words.contains(about_us))
    }
}

/// Exim, for one, refuses a recipient with a bare 550 where it will not relay for us ("relay not permitted"),
/// doubts the sender ("Sender verify failed"), or has a rule ("Administrative prohibition").
const WORDS_ABOUT_US: [&str; 10] = [
    "relay",
    "sender",
    "helo",
    "ehlo",
    "authenticat",
    "administrative prohibition",
    "blacklist",
    "blocklist",
    "spam",
    "spf",
];

/// Whose fault a refusal is. The first row that fits counts; "mailbox" is final, so only what a server says of
/// the recipient itself is in such a row.
///
/// | stage | reply | enhanced code | fault | source |
/// |---|---|---|---|---|
/// | any | none (the connection ended), 4yz | any | temporary | RFC 5321, 4.2.1 |
/// | any | any | 4.X.X | temporary | RFC 3463, 2 |
/// | before `RCPT` | 5yz | any | ours | nothing was said of a recipient yet |
/// | `RCPT`, `DATA`, end | 5yz | X.2.2 (full) | temporary | RFC 3463, 3.3: it may be emptied |
/// | `RCPT`, `DATA`, end | 5yz | X.1.1, X.1.2, X.1.3, X.1.4, X.1.6 (the recipient's address) | mailbox | RFC 3463, 3.2 |
/// | `RCPT`, `DATA`, end | 5yz | X.1.10 (the domain takes no emails; with Microsoft: no such recipient) | mailbox | RFC 7505, 4.2; Microsoft's list |
/// | `RCPT`, `DATA`, end | 5yz | X.2.1 (disabled), X.2.4 (a list that can't be resolved) | mailbox | RFC 3463, 3.3 |
/// | `RCPT` | 5yz | X.2.0 (the mailbox, nothing else is said) | mailbox | RFC 3463, 3.3 |
/// | `RCPT` | 550, 551, 556 | none or X.0.X, and no words about us | mailbox | RFC 5321, 4.2.3; RFC 7504 |
/// | `RCPT` | 550 | X.4.1, and no words about us | mailbox | Microsoft's list: the directory has no such recipient |
/// | `RCPT`, `DATA`, end | 5yz | any other: X.1.0 and X.1.7, X.1.8 (the sender), X.2.3, X.3.4, X.6.X (size, content), X.3.X, X.4.X, X.5.X (the relay), X.7.X (policy, relaying, reputation), X.2.0 after `DATA` and X.2.252 (Microsoft's SendAsDenied) | ours | RFC 3463, 3.2 to 3.8; Microsoft's list |
/// | `RCPT`, `DATA`, end | any other 5yz | none | ours | a bare 554 names nobody |
///
/// Microsoft's list: <https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online>.
/// The registry of enhanced codes: <https://www.iana.org/assignments/smtp-enhanced-status-codes>.
pub(super) fn find_fault(stage: Stage, reply: &Reply<'_>) -> Fault {
    if reply.is_temporary() {
        Fault::Temporary
    } else if stage < Stage::Recipient {
        Fault::Ours
    } else if is_full(reply) {
        Fault::Temporary
    } else if is_about_the_mailbox(stage, reply.code, reply) {
        Fault::Mailbox
    } else {
        Fault::Ours
    }
}

/// Whose fault it is that a temporary refusal lasts for days: of what says so of the recipient, the mailbox's,
/// by the same table. 450 counts as the 550 of a mailbox that can't be used now (RFC 5321, 4.2.3), any other
/// 4yz as a bare 554.
pub(super) fn find_fault_of_lasting(stage: Stage, reply: &Reply<'_>) -> Fault {
    let code = match reply.code {
        450 => 550,
        400..500 => 554,
        code => code,
    };
    let says_so = is_full(reply) || is_about_the_mailbox(stage, code, reply);
    if stage >= Stage::Recipient && reply.code != 421 && says_so {
        Fault::Mailbox
    } else {
        Fault::Ours
    }
}

fn is_full(reply: &Reply<'_>) -> bool {
    reply.subject() == Some((2, 2))
}

fn is_about_the_mailbox(stage: Stage, code: u16, reply: &Reply<'_>) -> bool {
    let names_the_recipient = stage == Stage::Recipient;
    match reply.subject() {
        Some((1, 1..=4 | 6 | 10) | (2, 1 | 4)) => true,
        Some((2, 0)) => names_the_recipient,
        Some((4, 1)) => names_the_recipient && code == 550 && !reply.speaks_of_us(),
        Some(_) => false,
        None => names_the_recipient && matches!(code, 550 | 551 | 556) && !reply.speaks_of_us(),
    }
}

/// What to mend where it is not the mailbox's fault.
pub(super) fn find_cure(
    stage: Stage,
    code: Option<u16>,
    enhanced: Option<Enhanced>,
) -> &'static str {
    const DIRECTORY: &str = "see that the directory that url in [mail] names is there, that the bot \
        may write into it, and that its disk has room";
    const REACH: &str = "see that url in [mail] names the right server and port, that the network \
        lets us reach it, and that ca_file names the authority if its certificate is signed by one of \
        your own";
    const MACHINE: &str = "the server takes nothing from this machine: set hello in [mail] to the \
        full name that DNS has for it, and see that its address is on no blocklist";
    const LOGIN: &str = "correct the user and the password of url in [mail], and see that the server \
        lets that user log in with them";
    const OFFER: &str = "log in as the server offers: with a password in url in [mail] where that is PLAIN or LOGIN, \
        with oauth_token_url where it is XOAUTH2; some offer nothing before the connection is encrypted";
    const TOKEN_LOGIN: &str = "see that the user of url in [mail] is the mailbox, and let the application of \
        oauth_client_id send as it: with Microsoft by SMTP.SendAsApp with an admin's consent, \
        New-ServicePrincipal, Add-MailboxPermission, and SMTP AUTH enabled for the mailbox; with Google by a \
        refresh token of that user for https://mail.google.com/";
    const SENDER: &str =
        "let the login of url in [mail] send as the address in from, or change from";
    const CONTENT: &str = "see which limit or filter of the server refuses the message";
    const RELAY: &str = "ask who runs the server: it can't carry the message where it is to go";
    const POLICY: &str = "see that the login of url in [mail] may send as the address in from and to \
        other domains, that hello in [mail] is a full name that DNS knows, and that SPF, DKIM and DMARC \
        of the sender's domain allow this server";
    let Some(code) = code else {
        return match stage {
            Stage::Directory => DIRECTORY,
            Stage::Offer => OFFER,
            Stage::Token(fault) => fault.cure(),
            Stage::Connect | Stage::Login | Stage::TokenLogin | Stage::Sender => REACH,
            Stage::Recipient | Stage::Message => RELAY,
        };
    };
    let about = enhanced.and_then(Enhanced::subject);
    match (stage, about, code) {
        (Stage::Directory, ..) => DIRECTORY,
        (Stage::Connect, ..) => MACHINE,
        (Stage::Offer, ..) => OFFER,
        (Stage::Token(fault), ..) => fault.cure(),
        (Stage::TokenLogin, ..) => TOKEN_LOGIN,
        (Stage::Login, ..) | (_, _, 530 | 535) => LOGIN,
        (_, Some((3, 4) | (2, 3) | (6, _)), _) | (_, None, 552) => CONTENT,
        (Stage::Sender, ..) | (_, Some((1 | 2, _)), _) => SENDER,
        (_, Some((3 | 4, _)), _) => RELAY,
        _ => POLICY,
    }
}

#[cfg(test)]
mod tests;
