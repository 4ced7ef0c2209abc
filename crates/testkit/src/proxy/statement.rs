//! What an SQL statement does, judging by its text: begins, ends, reads, or may write.
//!
//! Whatever isn't known to only read may write. A `SELECT` only reads if it holds no word of a
//! writing statement and calls no function but those in [`READERS`], since any other may write.
//! Not seen are views, operators and casts whose functions write.

use super::sql_lexer::{self, Words};

/// The effect of a statement on its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Begins a transaction block.
    Begins,
    /// Ends it and commits.
    Commits,
    /// Ends it and rolls back.
    RollsBack,
    /// Writes nothing.
    Reads,
    /// May write something.
    MayWrite,
}

/// One statement.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub kind: Kind,
    /// Its text on one line, without comments and values.
    pub text: String,
}

impl Statement {
    /// The statements of a text.
    pub(super) fn all(sql: &str) -> Vec<Self> {
        sql_lexer::statements(sql).into_iter().map(Self::new).collect()
    }

    /// A statement whose text is unknown.
    pub(super) fn unknown(what: &str) -> Self {
        Self { kind: Kind::MayWrite, text: what.to_owned() }
    }

    fn new(words: Words) -> Self {
        Self { kind: kind(&words.words), text: words.text }
    }
}

/// First words of statements that only change the state of a session.
const SESSION: [&str; 18] = [
    "savepoint",
    "release",
    "set",
    "show",
    "reset",
    "listen",
    "unlisten",
    "declare",
    "fetch",
    "move",
    "close",
    "deallocate",
    "discard",
    "lock",
    "load",
    "checkpoint",
    "prepare",
    "explain",
];

/// First words of queries.
const QUERY: [&str; 5] = ["select", "with", "values", "table", "("];

/// Words that make a query one that writes.
const WRITING: [&str; 5] = ["insert", "delete", "merge", "into", "call"];

/// Words that may be before a parenthesis and are no function.
const GRAMMAR: [&str; 40] = [
    "all",
    "and",
    "any",
    "array",
    "as",
    "between",
    "by",
    "case",
    "distinct",
    "else",
    "except",
    "exists",
    "filter",
    "from",
    "group",
    "having",
    "in",
    "intersect",
    "is",
    "join",
    "lateral",
    "like",
    "limit",
    "materialized",
    "not",
    "offset",
    "on",
    "only",
    "or",
    "over",
    "partition",
    "row",
    "select",
    "some",
    "then",
    "union",
    "using",
    "values",
    "when",
    "where",
];

/// Functions of Postgres that write nothing: those that the bot and its libraries call, and
/// similar ones. Locks end with the session or the transaction.
const READERS: &[&str] = &[
    "abs",
    "age",
    "array_agg",
    "array_length",
    "array_position",
    "array_to_string",
    "avg",
    "bool_and",
    "bool_or",
    "btrim",
    "cardinality",
    "cast",
    "ceil",
    "char_length",
    "clock_timestamp",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "current_database",
    "current_schema",
    "current_setting",
    "date_bin",
    "date_part",
    "date_trunc",
    "decode",
    "encode",
    "extract",
    "floor",
    "format",
    "format_type",
    "gen_random_uuid",
    "generate_series",
    "greatest",
    "has_schema_privilege",
    "has_table_privilege",
    "hashtext",
    "hashtextextended",
    "json_agg",
    "json_build_object",
    "jsonb_agg",
    "jsonb_array_elements",
    "jsonb_array_elements_text",
    "jsonb_array_length",
    "jsonb_build_object",
    "jsonb_each",
    "jsonb_object_agg",
    "jsonb_typeof",
    "least",
    "left",
    "length",
    "lower",
    "make_interval",
    "max",
    "md5",
    "min",
    "now",
    "nullif",
    "octet_length",
    "pg_advisory_lock",
    "pg_advisory_unlock",
    "pg_advisory_xact_lock",
    "pg_backend_pid",
    "pg_get_expr",
    "pg_sleep",
    "pg_try_advisory_lock",
    "pg_try_advisory_lock_shared",
    "pg_try_advisory_xact_lock",
    "pg_try_advisory_xact_lock_shared",
    "position",
    "random",
    "rank",
    "replace",
    "right",
    "round",
    "row_number",
    "row_to_json",
    "sha256",
    "string_agg",
    "string_to_array",
    "substr",
    "substring",
    "sum",
    "to_char",
    "to_json",
    "to_jsonb",
    "to_regclass",
    "to_regtype",
    "to_timestamp",
    "trim",
    "unnest",
    "upper",
    "version",
];

fn kind(words: &[String]) -> Kind {
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    match (word(0), word(1)) {
        ("begin", _) | ("start", "transaction") => Kind::Begins,
        ("commit" | "rollback", "prepared") => Kind::MayWrite,
        // Prepared transactions outlive their session as well.
        ("commit" | "end", _) | ("prepare", "transaction") => Kind::Commits,
        ("rollback", _) if word(1) == "to" || word(2) == "to" => Kind::Reads,
        ("rollback" | "abort", _) => Kind::RollsBack,
        ("explain", _) if has("analyze") || has("analyse") => Kind::MayWrite,
        (first, _) if SESSION.contains(&first) => Kind::Reads,
        (first, _) if QUERY.contains(&first) && only_reads(words) => Kind::Reads,
        _ => Kind::MayWrite,
    }
}

fn only_reads(words: &[String]) -> bool {
    let before = |at: usize, by: usize| {
        at.checked_sub(by).and_then(|at| words.get(at)).map(String::as_str).unwrap_or_default()
    };
    words.iter().enumerate().all(|(at, word)| match word.as_str() {
        // `FOR UPDATE` and `FOR NO KEY UPDATE` are locks.
        "update" => matches!(before(at, 1), "for" | "key"),
        "(" => {
            let name = before(at, 1);
            let is_ours = before(at, 2) == "." && before(at, 3) != "pg_catalog";
            // `AS alias (columns)`, and `(…) alias (columns)`: no function's name follows these.
            let is_alias = matches!(before(at, 2), "as" | ")");
            let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '"');
            let reads = READERS.contains(&name) && !is_ours;
            !is_name || is_alias || reads || (GRAMMAR.contains(&name) && !is_ours)
        }
        word => !WRITING.contains(&word),
    })
}
