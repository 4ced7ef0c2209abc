//! The table of all slash commands: what Discord is told of them, and what handles them.
//!
//! To add one, add a row, and write its handler in `handlers/`. Discord shows names and descriptions in
//! the person's language, and always sends the default name. Nothing here may check permissions; the
//! workflow that the handler calls does.

mod definition;
mod mention;
mod option;

use super::routing::{Deferral, Location, Route};
pub use definition::definitions;
pub use mention::{fill_mentions, has_mentions};
pub use option::{CommandOption, OptionKind};

/// The command that all others are subcommands of.
pub const PARENT: &str = "token";
/// What Japanese clients call it.
const PARENT_JA: &str = "トークン";

/// Gives the rows of the table to a macro. A row is
///
/// `"name" [options] Location Deferral handler, "name in Japanese", "description", "the same in Japanese";`
///
/// - `options`: those of [`CommandOption`]. Autocomplete comes with the option.
/// - `Location`, `Deferral`: see [`super::routing`].
/// - `handler`: a method of [`Handlers`](super::handlers::Handlers) that takes the context and the
///   command.
///
/// Discord lists them in this order.
macro_rules! for_each_command {
    ($macro:ident) => {
        $macro! {
            "request"  [PROVIDER]              Guild Never begin_request,      "申請",     "Request an API access token", "APIアクセストークンを申請します";
            "list"     [NAME, CREATED, STATE]  Guild Never list_tokens,        "一覧",     "List the tokens that you may see", "閲覧できるトークンの一覧です";
            "show"     [TOKEN]                 Guild Never show_token,         "詳細",     "See a token, and change it", "トークンの内容を確認し、変更します";
            "pending"  []                      Guild Never list_pending,       "対応待ち", "What is waiting for you, and your requests", "ご自身の対応を待っているものと、ご自身の申請です";
            "audit"    [AUDITED_TOKEN, NUMBER] Guild Never show_audit_log,     "監査",     "See the history of a token or a request (admins)", "トークンまたは申請の履歴です（管理者）";
            "announce" [PROVIDER]              Guild Never begin_announcement, "お知らせ", "Send an announcement to contacts and developers (admins)", "主な連絡先と開発者にお知らせを送ります（管理者）";
            "panel"    [PROVIDER]              Guild NewMessage post_request_panel, "パネル",  "Post a button that requests a token, to pin (admins)", "トークンを申請するボタンを投稿します（管理者）";
            "health"   []                      Guild NewMessage show_health,   "動作状況", "See what is stuck, and what to do about it (admins)", "滞っているものと、すべきことです（管理者）";
            "collect"  []                      Guild Never list_deliveries,    "受け取り", "Collect a token: its secret is revealed to you alone", "トークンを受け取り、シークレットをご自身だけに表示します";
            "leak"     []                      Guild Never open_leak_form,     "漏えい",   "Report a leaked secret, and disable its token", "漏えいしたシークレットを報告し、トークンを無効化します";
            "help"     []                      Guild Never show_help,          "ヘルプ",   "What Countersign does, and how to use it", "Countersignでできることと使い方です";
        }
    };
}
pub(in crate::discord) use for_each_command;

/// A row of the table, as far as it is data.
#[derive(Debug, Clone, Copy)]
pub struct CommandRow {
    /// The name by which Discord sends it.
    pub name: &'static str,
    /// The name that Japanese clients show.
    pub name_ja: &'static str,
    /// What it does.
    pub description: &'static str,
    /// The same in Japanese.
    pub description_ja: &'static str,
    /// Its options, in the order in which Discord shows them.
    pub options: &'static [CommandOption],
    /// Where it works, and how it is deferred.
    pub route: Route,
    /// The method of [`Handlers`](super::handlers::Handlers).
    pub handler: &'static str,
}

macro_rules! define_rows {
    ($(
        $name:literal [$($option:ident),*] $location:ident $deferral:ident $handler:ident,
        $name_ja:literal, $description:literal, $description_ja:literal;
    )+) => {
        /// All rows of the table.
        pub const ROWS: &[CommandRow] = &[$(CommandRow {
            name: $name,
            name_ja: $name_ja,
            description: $description,
            description_ja: $description_ja,
            options: &[$(CommandOption::$option),*],
            // Metrics have counted all commands as one since the first version.
            route: Route { name: "command", location: Location::$location, deferral: Deferral::$deferral },
            handler: stringify!($handler),
        }),+];
    };
}
for_each_command!(define_rows);

/// The row of the command whose names Discord sent, the parent's first.
#[must_use]
pub fn find(path: &[String]) -> Option<&'static CommandRow> {
    let [parent, name] = path else { return None };
    ROWS.iter().find(|row| parent == PARENT && row.name == name)
}

#[cfg(test)]
mod tests;
