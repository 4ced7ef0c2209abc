//! The slash commands, as Discord is told of them.
//!
//! Discord shows a name and a description in the person's language, and sends the default name, so
//! that only this file and the place that dispatches commands know names.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::message::{cut, limit};

/// The command that all others are under.
pub const TOKEN: &str = "token";
/// `/token request [provider]`: asks for a token.
pub const REQUEST: &str = "request";
/// `/token collect`: reveals what waits for its owner.
pub const COLLECT: &str = "collect";
/// `/token show`: one token's panel.
pub const SHOW: &str = "show";
/// `/token help`: explains.
pub const HELP: &str = "help";
/// The option of [`REQUEST`]: the provider's id.
pub const PROVIDER: &str = "provider";
/// The option of [`SHOW`]: a token's number, proposed while its name is typed.
pub const TOKEN_OPTION: &str = "token";

/// Discord's limit for one command: names, descriptions and values together, in characters.
const COMMAND: usize = 8000;

/// Discord's numbers for kinds of options.
mod kind {
    pub const SUBCOMMAND: u8 = 1;
    pub const TEXT: u8 = 3;
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
        with_token(&SHOW_WORDS),
        definition(&COLLECT_WORDS, kind::SUBCOMMAND),
        definition(&HELP_WORDS, kind::SUBCOMMAND),
    ]);
    json!([token])
}

/// A command about one token, proposed while its name is typed.
fn with_token(words: &Words) -> Value {
    let mut option = definition(&TOKEN_OPTION_WORDS, kind::TEXT);
    option["required"] = true.into();
    option["autocomplete"] = true.into();
    let mut command = definition(words, kind::SUBCOMMAND);
    command["options"] = json!([option]);
    command
}

/// The providers as choices, or as proposals while one types where they don't fit.
fn provider_option(providers: &[(String, String)]) -> Value {
    let mut option = definition(&PROVIDER_WORDS, kind::TEXT);
    option["required"] = (providers.len() > 1).into();
    // What the command says besides its choices is far under half of the limit.
    let length: usize =
        providers.iter().map(|(id, name)| id.chars().count() + name.chars().count()).sum();
    if providers.len() > limit::OPTIONS || length > COMMAND / 2 {
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
