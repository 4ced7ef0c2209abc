//! Splits SQL into statements and words:
//! <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>.

/// One statement.
#[derive(Default)]
pub(super) struct Words {
    /// Words in lower case, quoted names with their quotes, `?` for values, and single signs.
    pub words: Vec<String>,
    /// The same as text, with significant letters and spaces unchanged.
    pub text: String,
}

impl Words {
    fn push(&mut self, word: &str, spaced: bool) {
        if spaced && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(word);
        self.words.push(if word.starts_with('"') { word.to_owned() } else { word.to_lowercase() });
    }

    /// How many bodies `BEGIN ATOMIC … END` and `CASE … END` inside them are open. The semicolons
    /// in them end no statement.
    fn depth(&self) -> usize {
        let mut depth = 0_usize;
        let mut before = "";
        for word in &self.words {
            match word.as_str() {
                "atomic" if before == "begin" => depth += 1,
                "case" if depth > 0 => depth += 1,
                "end" => depth = depth.saturating_sub(1),
                _ => {}
            }
            before = word;
        }
        depth
    }
}

/// The statements of a text, without the empty ones.
pub(super) fn statements(sql: &str) -> Vec<Words> {
    let (mut all, mut current, mut rest, mut spaced) = (Vec::new(), Words::default(), sql, false);
    while let Some((token, length)) = token(rest) {
        let (text, behind) = rest.split_at(length);
        match token {
            Token::Nothing => spaced = true,
            Token::Value => current.push("?", spaced),
            Token::Word if text == ";" && current.depth() == 0 => {
                all.push(std::mem::take(&mut current));
            }
            Token::Word => current.push(text, spaced),
        }
        spaced &= matches!(token, Token::Nothing);
        rest = behind;
    }
    all.push(current);
    all.retain(|statement| !statement.words.is_empty());
    all
}

/// A text on one line, with `?` for values and parameters.
pub(crate) fn without_values(sql: &str) -> String {
    let (mut text, mut rest) = (String::new(), sql);
    while let Some((token, length)) = token(rest) {
        let (part, behind) = rest.split_at(length);
        let stands_for_one = part.starts_with('$') || matches!(part, "true" | "false" | "null");
        text.push_str(match token {
            Token::Nothing => " ",
            Token::Value => "?",
            Token::Word if stands_for_one => "?",
            Token::Word => part,
        });
        rest = behind;
    }
    text
}

#[derive(Clone, Copy)]
enum Token {
    /// Space or comment.
    Nothing,
    /// A string or a number.
    Value,
    /// A word, a quoted name, a parameter, or a sign.
    Word,
}

/// The next token, and its length in bytes.
fn token(text: &str) -> Option<(Token, usize)> {
    let first = text.chars().next()?;
    let while_ = |fits: fn(char) -> bool| text.find(|c| !fits(c)).unwrap_or(text.len());
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    Some(match first {
        _ if first.is_whitespace() => (Token::Nothing, while_(char::is_whitespace)),
        '-' if text.starts_with("--") => (Token::Nothing, text.find('\n').unwrap_or(text.len())),
        '/' if text.starts_with("/*") => (Token::Nothing, comment(text)),
        '\'' => (Token::Value, quoted(text, '\'', false)),
        '"' => (Token::Word, quoted(text, '"', false)),
        '0'..='9' => (Token::Value, while_(|c| c.is_alphanumeric() || c == '.' || c == '_')),
        '$' if text[1..].starts_with(|c: char| c.is_ascii_digit()) => {
            let digits = text[1..].find(|c: char| !c.is_ascii_digit());
            (Token::Word, digits.map_or(text.len(), |digits| digits + 1))
        }
        '$' => match dollars(text) {
            Some(length) => (Token::Value, length),
            None => (Token::Word, 1),
        },
        _ if is_name(first) => {
            let length = while_(|c| c.is_alphanumeric() || c == '_' || c == '$');
            let is_prefix =
                matches!(&text[..length], "e" | "E" | "b" | "B" | "x" | "X" | "n" | "N");
            if is_prefix && text[length..].starts_with('\'') {
                let escapes = matches!(first, 'e' | 'E');
                (Token::Value, length + quoted(&text[length..], '\'', escapes))
            } else {
                (Token::Word, length)
            }
        }
        _ => (Token::Word, first.len_utf8()),
    })
}

/// The length of a text in quotes; a doubled quote is a character of it.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut signs = text.char_indices().skip(1).peekable();
    while let Some((at, sign)) = signs.next() {
        if sign == '\\' && escapes {
            signs.next();
        } else if sign == quote && signs.next_if(|(_, next)| *next == quote).is_none() {
            return at + quote.len_utf8();
        }
    }
    text.len()
}

/// The length of a text in `$tag$`.
fn dollars(text: &str) -> Option<usize> {
    let tag = &text[..text[1..].find('$')? + 2];
    let is_tag = tag[1..tag.len() - 1].chars().all(|c| c.is_alphanumeric() || c == '_');
    let body = &text[tag.len()..];
    is_tag.then(|| body.find(tag).map_or(text.len(), |end| tag.len() + end + tag.len()))
}

/// The length of a comment; they nest.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}
