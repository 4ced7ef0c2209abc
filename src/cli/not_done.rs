//! What an operator reads of a call that an API did not do, and what they can do about it.

use crate::config::{HttpCall, UpstreamValues};
use crate::issuer::{Later, NotDone, Upstream, is_of_login};

/// A call of the configuration, as it was sent.
pub(super) struct SentCall<'a> {
    /// Its name there.
    pub(super) name: &'static str,
    pub(super) call: &'a HttpCall,
    pub(super) values: &'a UpstreamValues,
}

/// What happened, in the API's words where there are any; and a cure.
pub(super) async fn explain(
    upstream: &Upstream<'_>,
    sent: SentCall<'_>,
    why: NotDone,
) -> (String, String) {
    let SentCall { name, call, values } = sent;
    match why {
        NotDone::Refused { status, words } => explain_refusal(name, status, words),
        NotDone::NotNow(Some(Later { wait, said })) => {
            let long = wait.map(|wait| format!(" for {} s", wait.as_secs())).unwrap_or_default();
            (format!("its API asks us to wait{long}: {said}"), "try again then".to_owned())
        }
        NotDone::NotNow(None) => {
            let (of, said) = match upstream.why_unreachable((name, call), values).await {
                Some((of, why)) => (of, format!("its API can't be reached: {why}")),
                None => (name, "its API couldn't be reached just now".to_owned()),
            };
            let cure =
                format!("see that it runs, and that {of}'s url leads there from this machine");
            (said, cure)
        }
        NotDone::Doubtful(why) => {
            let said = format!("its API leaves {name} in doubt: {why}");
            (said, format!("compare {name} with the API's documentation"))
        }
    }
}

fn explain_refusal(name: &str, status: Option<u16>, words: Option<String>) -> (String, String) {
    let Some(status) = status else {
        let words = words.unwrap_or_default();
        let cure = match is_of_login(&words) {
            true => {
                "correct login in the configuration, or the credential that it sends".to_owned()
            }
            false => format!("correct {name} in the configuration"),
        };
        return (words, cure);
    };
    let has_words = words.is_some();
    let said = match words {
        Some(words) => format!("its API refuses {name}: {status}: {words}"),
        None => format!("its API refuses {name}: {status}, with no words where error points"),
    };
    let cure = match status {
        401 | 403 => "renew the credential in the configuration, or give it the right".to_owned(),
        404 | 410 if has_words => format!("compare {name}'s url with the API's documentation"),
        404 | 410 => {
            format!("{name}'s url is mostly not the API's: compare it with its documentation")
        }
        _ if has_words => "correct what it says".to_owned(),
        _ => format!("set error in {name}'s response to where the API puts its words"),
    };
    (said, cure)
}
