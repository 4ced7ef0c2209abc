//! The options that commands take.

use crate::domain::token::TokenStatus;

/// The longest part of a name that a list is asked for, in characters.
const NAME_LENGTH: u8 = 50;

/// An option of a command.
#[derive(Debug, Clone, Copy)]
pub struct CommandOption {
    /// The name by which Discord sends it.
    pub name: &'static str,
    /// The name that Japanese clients show.
    pub name_ja: &'static str,
    /// What it means.
    pub description: &'static str,
    /// The same in Japanese.
    pub description_ja: &'static str,
    /// What it takes.
    pub kind: OptionKind,
}

/// What an option takes.
#[derive(Debug, Clone, Copy)]
pub enum OptionKind {
    /// The id of a provider. Required where there are several; proposed while one types where they are
    /// too many to choose from.
    Provider,
    /// A token: what was proposed while its name was typed, or its name.
    Token {
        /// Whether it has to be given.
        required: bool,
        /// Among which tokens the name is looked up.
        proposed: &'static [TokenStatus],
    },
    /// Text, of so many characters at most.
    Text(u8),
    /// A whole number from 1.
    Number,
    /// One of these.
    Choice(&'static [OptionChoice]),
}

/// A fixed value of an option.
#[derive(Debug, Clone, Copy)]
pub struct OptionChoice {
    /// What Discord sends.
    pub value: &'static str,
    /// What people see.
    pub name: &'static str,
    /// What they see in Japanese.
    pub name_ja: &'static str,
}

impl CommandOption {
    /// The provider.
    pub const PROVIDER: Self = Self {
        name: "provider",
        name_ja: "プロバイダー",
        description: "The API that the token is for",
        description_ja: "トークンの対象となるAPI",
        kind: OptionKind::Provider,
    };

    /// A token that one may see in lists.
    pub const TOKEN: Self = Self {
        name: "token",
        name_ja: "トークン",
        description: "The token’s name",
        description_ja: "トークン名",
        kind: OptionKind::Token { required: true, proposed: &TokenStatus::LISTED },
    };

    /// A token whose history is asked for: deleted ones have one, too.
    pub const AUDITED_TOKEN: Self = Self {
        kind: OptionKind::Token { required: false, proposed: &TokenStatus::ALL },
        ..Self::TOKEN
    };

    /// The number of a request.
    pub const NUMBER: Self = Self {
        name: "request",
        name_ja: "申請",
        description: "The request’s number",
        description_ja: "申請の番号",
        kind: OptionKind::Number,
    };

    /// What the names of listed tokens contain.
    pub const NAME: Self = Self {
        name: "name",
        name_ja: "名前",
        description: "Part of the token’s name",
        description_ja: "トークン名の一部",
        kind: OptionKind::Text(NAME_LENGTH),
    };

    /// How old listed tokens are.
    pub const CREATED: Self = Self {
        name: "created",
        name_ja: "作成",
        description: "When they were created",
        description_ja: "作成された時期",
        kind: OptionKind::Choice(&[
            OptionChoice { value: "7", name: "within the last 7 days", name_ja: "7日以内" },
            OptionChoice { value: "30", name: "within the last 30 days", name_ja: "30日以内" },
            OptionChoice {
                value: "older", name: "more than 30 days ago", name_ja: "30日より前"
            },
        ]),
    };

    /// Whether listed tokens work.
    pub const STATE: Self = Self {
        name: "state",
        name_ja: "状態",
        description: "The tokens’ state",
        description_ja: "トークンの状態",
        kind: OptionKind::Choice(&[
            OptionChoice { value: "enabled", name: "enabled", name_ja: "有効" },
            OptionChoice { value: "disabled", name: "disabled", name_ja: "無効" },
            OptionChoice { value: "expired", name: "expired", name_ja: "失効" },
        ]),
    };
}
