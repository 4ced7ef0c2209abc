//! Checks that emails go out.

use chrono::Utc;

use super::Findings;
use crate::config::Config;
use crate::domain::email::EmailAddress;
use crate::emails::{Email, EmailText, Fault, Mailer, SendError, Subject};
use crate::locale::Language;
use crate::store::notices;
use crate::store::pool::Pool;

pub(super) async fn check_mail(
    config: &Config,
    mail_to: Option<&EmailAddress>,
    findings: &mut Findings,
) {
    let mailer = match Mailer::new(&config.mail, &config.network, config.discord.application_id) {
        Ok(mailer) => mailer,
        Err(error) => {
            return findings.failed("mail", format!("{error:#}"), "correct [mail]");
        }
    };
    match mailer.check().await {
        Ok(()) if mail_to.is_none() => findings.ok(
            "mail",
            "the mail server, or the directory, takes emails as far as can be known without sending \
             one (--mail ADDRESS sends one)",
        ),
        Ok(()) => {}
        Err(error) if error.is_for_all() => {
            return findings.failed("mail", error.to_string(), error.cure());
        }
        // It was asked about the sender's own address only.
        Err(error) => findings.warning("mail", error.to_string(), error.cure()),
    }
    if let Some(to) = mail_to {
        send_one(&mailer, to, findings).await;
    }
}

/// What waits, and why, only the processes know that send.
pub(super) async fn check_waiting(pool: &Pool, findings: &mut Findings) {
    let counted = async { notices::count_waiting_emails(&mut *pool.acquire().await?).await };
    match counted.await {
        Ok(None) => {}
        Ok(Some((count, since))) => {
            let (noun, since) =
                (if count == 1 { "email waits" } else { "emails wait" }, since.format("%F %R UTC"));
            let message = format!("{count} {noun}, the oldest since {since}");
            let cure = "if `serve` runs, `mail` in its /readyz says what to mend; a mailbox may also ask to \
                        try later, for five days";
            findings.warning("mail", message, cure);
        }
        Err(error) => {
            let message = format!("the emails that wait can't be counted: {error}");
            findings.warning("mail", message, "run `countersign migrate`");
        }
    }
}

async fn send_one(mailer: &Mailer, to: &EmailAddress, findings: &mut Findings) {
    let subject = "Countersign can send emails";
    let text = "Someone who runs Countersign checks with `countersign check --mail` whether emails arrive. \
                There is nothing to do.";
    let written = EmailText {
        subject: subject.to_owned(),
        text: format!("{subject}\n\n{text}\n"),
        html: format!("<h1>{subject}</h1>\n<p>{text}</p>\n"),
    };
    let email = Email {
        to: to.clone(),
        about: Subject::Check,
        date: Utc::now(),
        language: Language::EnglishUs,
        written,
    };
    match mailer.send(&email).await {
        Ok(accepted) => {
            let (id, reply) = (accepted.message_id, accepted.reply);
            findings.ok("mail", format!("an email to {to} was taken ({reply}), as {id}"));
        }
        Err(error) => findings.failed("mail", error.to_string(), find_cure(&error, to)),
    }
}

fn find_cure(error: &SendError, to: &EmailAddress) -> String {
    match error.fault {
        Fault::Mailbox => format!("the server says this of the mailbox {to}: name another address"),
        Fault::Temporary if !error.is_for_all() => "the server asks to try later".to_owned(),
        Fault::Temporary | Fault::Ours => error.cure().to_owned(),
    }
}
