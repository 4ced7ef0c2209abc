//! The header `Link` (RFC 8288).

/// What stands between its parts.
const SPACE: [char; 2] = [' ', '\t'];

/// The target of `rel="next"`. What can't be read of a header is passed over, up to the next link.
pub(super) fn next_link(header: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, link)) = rest.split_once('<') {
        let (target, after) = link.split_once('>')?;
        let is_next;
        (is_next, rest) = leads_on(after);
        if is_next {
            return Some(target.trim().to_owned());
        }
    }
    None
}

/// Whether the parameters of a link say `rel=next`, and what follows them.
fn leads_on(parameters: &str) -> (bool, &str) {
    let mut rest = parameters;
    let mut relation = None;
    loop {
        rest = rest.trim_start_matches(SPACE);
        let Some(parameter) = rest.strip_prefix(';') else { break };
        let (name, after) = token(parameter.trim_start_matches(SPACE));
        rest = after.trim_start_matches(SPACE);
        let value = match rest.strip_prefix('=') {
            Some(after) => {
                let (value, after) = value(after.trim_start_matches(SPACE));
                rest = after;
                value
            }
            None => String::new(),
        };
        // The first one counts.
        if name.eq_ignore_ascii_case("rel") && relation.is_none() {
            relation = Some(value);
        }
        // What can't be read.
        rest = rest.trim_start_matches(|sign| !";,<".contains(sign));
    }
    let relation = relation.unwrap_or_default();
    (relation.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case("next")), rest)
}

/// A name, or a value without quotes.
fn token(text: &str) -> (&str, &str) {
    text.split_at(text.find([' ', '\t', '=', ';', ',', '<']).unwrap_or(text.len()))
}

/// A value, in quotes or without, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, rest) = token(text);
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            letter => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_of_a_link_is_found_among_others() {
        let header = "<https://h.example/?page=1>; rel=\"prev\", <https://h.example/?page=3>; \
                      rel=\"next\", <https://h.example/?page=9>; rel=\"last\"";
        assert_eq!(next_link(header).as_deref(), Some("https://h.example/?page=3"));
        assert_eq!(next_link("<https://h.example/?page=1>; rel=\"last\""), None);
    }

    #[test]
    fn it_is_found_however_it_is_written() {
        for header in [
            "</n>;rel=next",
            "</n> ; rel = \"next\"",
            "</n>\t;\tREL=\tNEXT",
            "</n>; rel=\"last  next\"",
            "</n>; title=\"a, <b>; rel=\\\"prev\\\"\"; rel=\"next\"",
            "</p>; title=\"x, y\"; rel=\"prev\" , </n>; foo; rel=\"next\"; rel=\"prev\"",
            ", ,</p>; rel=prev,</n>;rel=next",
            "</p>; rel==prev, </n>; rel=next",
            "</n>; title=a=b ; rel=next",
        ] {
            assert_eq!(next_link(header).as_deref(), Some("/n"), "{header}");
        }
        for header in [
            "",
            "</n>",
            "</n>; rel=\"nextpage\"",
            "</n>; title=\"rel=next\"; rel=\"prev\"",
            "</n>; rel=\"prev\"; rel=\"next\"",
            "</n>; title=\"</m>; rel=next",
        ] {
            assert_eq!(next_link(header), None, "{header}");
        }
    }
}
