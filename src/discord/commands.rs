//! The slash commands, as Discord is told of them.
//!
//! Discord shows a name and a description in the person's language, and sends the default name, so
//! that only this file and the place that dispatches commands know names.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::custom_id::LIST_NAME;
use super::message::{cut, limit};

/// The command that all others are under.
pub const TOKEN: &str = "token";
/// `/token request [provider]`: asks for a token.
pub const REQUEST: &str = "request";
/// `/token collect`: reveals what waits for its owner.
pub const COLLECT: &str = "collect";
/// `/token list`: the tokens that one may see.
pub const LIST: &str = "list";
/// `/token pending`: what waits for one.
pub const PENDING: &str = "pending";
/// `/token audit`: what happened to a token or a request.
pub const AUDIT: &str = "audit";
/// `/token show`: one token's panel.
pub const SHOW: &str = "show";
/// `/token announce [provider]`: a development update to the people of tokens.
pub const ANNOUNCE: &str = "announce";
/// `/token leak`: reports a secret that was found.
pub const LEAK: &str = "leak";
/// `/token help`: explains.
pub const HELP: &str = "help";
/// The option of [`REQUEST`] and [`ANNOUNCE`]: the provider's id.
pub const PROVIDER: &str = "provider";
/// The option of [`SHOW`]: a token's number, proposed while its name is typed.
pub const TOKEN_OPTION: &str = "token";

/// An option of [`LIST`]: what the name holds.
pub const NAME: &str = "name";
/// An option of [`LIST`]: how old.
pub const CREATED: &str = "created";
/// An option of [`LIST`]: where they stand.
pub const STATE: &str = "state";
/// An option of [`AUDIT`]: a request's number.
pub const REQUEST_OPTION: &str = "request";

/// Discord's limit for one command: names, descriptions and values together, in characters.
const COMMAND: usize = 8000;

/// Discord's numbers for kinds of options.
mod kind {
    pub const SUBCOMMAND: u8 = 1;
    pub const TEXT: u8 = 3;
    pub const INTEGER: u8 = 4;
}

/// A name and a description in both languages; en-US is the default.
struct Words {
    name: &'static str,
    name_ja: &'static str,
    description: &'static str,
    description_ja: &'static str,
}

const TOKEN_WORDS: Words = Words {
    name: TOKEN,
    name_ja: "トークン",
    description: "API access tokens: two to open, one to close",
    description_ja: "APIアクセストークン(開けるには二人、閉じるには一人)",
};

const REQUEST_WORDS: Words = Words {
    name: REQUEST,
    name_ja: "申請",
    description: "Ask for a new API access token",
    description_ja: "新しいAPIアクセストークンを申請します",
};

const COLLECT_WORDS: Words = Words {
    name: COLLECT,
    name_ja: "受け取り",
    description: "Reveal a token that waits for you, to you alone",
    description_ja: "届いているトークンを、あなただけに表示します",
};

const SHOW_WORDS: Words = Words {
    name: SHOW,
    name_ja: "表示",
    description: "See a token, and change it",
    description_ja: "トークンの内容を確認し、変更します",
};

const TOKEN_OPTION_WORDS: Words = Words {
    name: TOKEN_OPTION,
    name_ja: "トークン",
    description: "The token’s name",
    description_ja: "トークンの名前",
};

const LIST_WORDS: Words = Words {
    name: LIST,
    name_ja: "一覧",
    description: "The tokens that you may see",
    description_ja: "確認できるトークンの一覧を表示します",
};

const NAME_WORDS: Words = Words {
    name: NAME,
    name_ja: "名前",
    description: "A part of the name",
    description_ja: "名前の一部",
};

const CREATED_WORDS: Words = Words {
    name: CREATED,
    name_ja: "作成",
    description: "How old they are",
    description_ja: "作成された時期",
};

const STATE_WORDS: Words = Words {
    name: STATE,
    name_ja: "状態",
    description: "Whether they work",
    description_ja: "トークンの状態",
};

const AGES: [(&str, &str, &str); 3] = [
    ("7", "within the last 7 days", "7 日以内"),
    ("30", "within the last 30 days", "30 日以内"),
    ("older", "more than 30 days ago", "30 日より前"),
];

const STATES: [(&str, &str, &str); 3] = [
    ("enabled", "enabled", "有効"),
    ("disabled", "disabled", "無効"),
    ("expired", "expired", "期限切れ"),
];

const PENDING_WORDS: Words = Words {
    name: PENDING,
    name_ja: "保留",
    description: "What waits for you",
    description_ja: "あなたを待っているものを表示します",
};

const AUDIT_WORDS: Words = Words {
    name: AUDIT,
    name_ja: "監査",
    description: "What happened to a token or a request (admins)",
    description_ja: "トークンまたは申請の履歴を表示します(管理者)",
};

const ANNOUNCE_WORDS: Words = Words {
    name: ANNOUNCE,
    name_ja: "お知らせ",
    description: "Write to the contacts and developers of tokens (admins)",
    description_ja: "トークンの主担当と開発者にお知らせを送ります(管理者)",
};

const REQUEST_OPTION_WORDS: Words = Words {
    name: REQUEST_OPTION,
    name_ja: "申請",
    description: "The request’s number",
    description_ja: "申請の番号",
};

const LEAK_WORDS: Words = Words {
    name: LEAK,
    name_ja: "漏えい",
    description: "Report a secret that you found, and stop it",
    description_ja: "見つけたシークレットを報告し、使えなくします",
};

const HELP_WORDS: Words = Words {
    name: HELP,
    name_ja: "ヘルプ",
    description: "What this bot does, and how to use it",
    description_ja: "このボットでできることと使い方を表示します",
};

const PROVIDER_WORDS: Words = Words {
    name: PROVIDER,
    name_ja: "プロバイダー",
    description: "The API that the token is for",
    description_ja: "トークンを使うAPI",
};

/// All commands, as the body of `PUT /applications/{id}/guilds/{id}/commands`. Takes the id and the
/// name of each provider, in the order in which people choose.
pub fn definitions(providers: &[(String, String)]) -> Value {
    let mut request = definition(&REQUEST_WORDS, kind::SUBCOMMAND);
    request["options"] = json!([provider_option(providers)]);
    let mut token = definition(&TOKEN_WORDS, 1);
    token["options"] = json!([
        request,
        list(),
        with_options(&SHOW_WORDS, vec![token_option(true)]),
        definition(&PENDING_WORDS, kind::SUBCOMMAND),
        audit(),
        with_options(&ANNOUNCE_WORDS, vec![provider_option(providers)]),
        definition(&COLLECT_WORDS, kind::SUBCOMMAND),
        definition(&LEAK_WORDS, kind::SUBCOMMAND),
        definition(&HELP_WORDS, kind::SUBCOMMAND),
    ]);
    json!([token])
}

fn with_options(words: &Words, options: Vec<Value>) -> Value {
    let mut command = definition(words, kind::SUBCOMMAND);
    command["options"] = options.into();
    command
}

/// A token, proposed while its name is typed.
fn token_option(required: bool) -> Value {
    let mut option = definition(&TOKEN_OPTION_WORDS, kind::TEXT);
    option["required"] = required.into();
    option["autocomplete"] = true.into();
    option
}

fn list() -> Value {
    let mut name = definition(&NAME_WORDS, kind::TEXT);
    name["max_length"] = LIST_NAME.into();
    with_options(
        &LIST_WORDS,
        vec![name, choice(&CREATED_WORDS, AGES), choice(&STATE_WORDS, STATES)],
    )
}

fn audit() -> Value {
    let mut number = definition(&REQUEST_OPTION_WORDS, kind::INTEGER);
    number["min_value"] = 1.into();
    with_options(&AUDIT_WORDS, vec![token_option(false), number])
}

/// An option with fixed choices: each a value and its name in both languages.
fn choice(words: &Words, choices: [(&str, &str, &str); 3]) -> Value {
    let mut option = definition(words, kind::TEXT);
    let choice = |(value, name, name_ja): (&str, &str, &str)| json!({"name": name, "name_localizations": {"ja": name_ja}, "value": value});
    option["choices"] = choices.map(choice).to_vec().into();
    option
}

/// The providers as choices, or as proposals while one types where they don't fit.
fn provider_option(providers: &[(String, String)]) -> Value {
    let mut option = definition(&PROVIDER_WORDS, kind::TEXT);
    option["required"] = (providers.len() > 1).into();
    // The choices stand in it twice; what it says besides is far under a third of the limit.
    let length: usize =
        providers.iter().map(|(id, name)| id.chars().count() + name.chars().count()).sum();
    if providers.len() > limit::OPTIONS || length > COMMAND / 3 {
        option["autocomplete"] = true.into();
    } else {
        option["choices"] = choices(providers).collect();
    }
    option
}

/// Each provider's name, told apart by its id where two are called the same.
fn choices(providers: &[(String, String)]) -> impl Iterator<Item = Value> {
    let mut seen = BTreeMap::new();
    for (_, name) in providers {
        *seen.entry(name.as_str()).or_insert(0) += 1;
    }
    providers.iter().map(move |(id, name)| {
        let name = match seen.get(name.as_str()) {
            Some(1) => cut(name, limit::OPTION_TEXT),
            _ => cut(&format!("{id}: {name}"), limit::OPTION_TEXT),
        };
        json!({"name": name, "value": id})
    })
}

fn definition(words: &Words, kind: u8) -> Value {
    json!({
        "type": kind,
        "name": words.name,
        "name_localizations": {"ja": words.name_ja},
        "description": words.description,
        "description_localizations": {"ja": words.description_ja},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn providers(count: usize, length: usize) -> Vec<(String, String)> {
        let name = |at: usize| format!("{at:03}{}", "n".repeat(length.saturating_sub(3)));
        (0..count).map(|at| (format!("id-{at:03}"), name(at))).collect()
    }

    /// What Discord counts: of each text the longest translation.
    fn length(value: &Value) -> usize {
        let longest = |text: &str, others: &Value| {
            let others = others.as_object().into_iter().flatten();
            let others = others.filter_map(|(_, text)| text.as_str());
            others.chain([text]).map(|text| text.chars().count()).max().unwrap_or(0)
        };
        let mut total = 0;
        for key in ["name", "description", "value"] {
            let text = value[key].as_str().unwrap_or_default();
            total += longest(text, &value[format!("{key}_localizations")]);
        }
        for list in ["options", "choices"] {
            total += value[list].as_array().into_iter().flatten().map(length).sum::<usize>();
        }
        total
    }

    /// Discord's rules for a name: `^[-_'\p{L}\p{N}]{1,32}$`, in lower case where there is one.
    fn check(definition: &Value) {
        for key in ["name", "description"] {
            let default = definition[key].as_str().unwrap();
            let japanese = definition[format!("{key}_localizations")]["ja"].as_str().unwrap();
            for text in [default, japanese] {
                let length = text.chars().count();
                if key == "name" {
                    assert!((1..=32).contains(&length), "{text}");
                    assert!(text.chars().all(|c| c.is_alphanumeric() || "-_'".contains(c)));
                    assert_eq!(text, text.to_lowercase());
                } else {
                    assert!((1..=100).contains(&length), "{text}");
                }
            }
        }
        definition["options"].as_array().into_iter().flatten().for_each(check);
    }

    #[test]
    fn names_and_lengths_are_what_discord_takes() {
        for (count, name) in [(1, 10), (2, 10), (25, 10), (25, 100), (25, 500), (26, 10)] {
            let all = definitions(&providers(count, name));
            for command in all.as_array().unwrap() {
                check(command);
                assert!(length(command) <= COMMAND, "{count} of {name}");
            }
        }
    }

    /// What Discord is told changes only on purpose: people's clients show it within the hour.
    #[test]
    fn registered_json() {
        let all = [1, 2, 26].map(|count| definitions(&providers(count, 12)));
        insta::assert_snapshot!(serde_json::to_string_pretty(&all).unwrap());
    }

    #[test]
    fn one_provider_need_not_be_named_and_many_are_proposed() {
        let option =
            |count| definitions(&providers(count, 5))[0]["options"][0]["options"][0].clone();
        assert_eq!(option(1)["required"], false);
        assert_eq!(option(2)["required"], true);
        assert_eq!(option(25)["choices"].as_array().map(Vec::len), Some(25));
        assert_eq!(option(26)["autocomplete"], true);
        assert!(option(26).get("choices").is_none());
    }

    #[test]
    fn equal_names_are_told_apart() {
        let twice = [("a".to_owned(), "API".to_owned()), ("b".to_owned(), "API".to_owned())];
        let names: Vec<Value> = choices(&twice).map(|choice| choice["name"].clone()).collect();
        assert_eq!(names, ["a: API", "b: API"]);
    }
}
