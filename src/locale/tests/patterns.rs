//! A text of a Fluent file as people may read it: once for each combination of its variants.

/// A parameter's placeholder: no letter, digit or mark of any language.
pub const PARAMETER: char = '\u{E000}';

/// All ways in which a pattern reads, its lines without their indentation.
pub fn expand(pattern: &str) -> Vec<String> {
    let mut reader = Reader { rest: pattern };
    let texts = reader.read_pattern(false);
    assert!(reader.rest.is_empty(), "{pattern}");
    let tidy = |text: &String| text.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n");
    texts.iter().map(tidy).collect()
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// To the end of the text; in a variant, to where the next one begins or the last one ends.
    fn read_pattern(&mut self, in_variant: bool) -> Vec<String> {
        let mut texts = vec![String::new()];
        while let Some(first) = self.rest.chars().next() {
            if in_variant && (first == '}' || self.is_before_variant()) {
                break;
            }
            self.rest = &self.rest[first.len_utf8()..];
            if first == '{' {
                let inner = self.read_placeable();
                let behind = |text: String| inner.iter().map(move |end| format!("{text}{end}"));
                texts = texts.into_iter().flat_map(behind).collect();
            } else {
                texts.iter_mut().for_each(|text| text.push(first));
            }
        }
        texts
    }

    fn is_before_variant(&self) -> bool {
        let line = self.rest.trim_start();
        self.rest.starts_with('\n') && (line.starts_with('[') || line.starts_with("*["))
    }

    /// What may be in place of a brace: a literal, a parameter, or each variant.
    fn read_placeable(&mut self) -> Vec<String> {
        self.rest = self.rest.trim_start();
        if let Some((literal, rest)) = self.rest.strip_prefix('"').and_then(|r| r.split_once('"')) {
            self.rest = rest;
            self.expect("}");
            return vec![literal.to_owned()];
        }
        self.expect("$");
        self.rest = self.rest.trim_start_matches(|one: char| one.is_alphanumeric() || one == '_');
        self.rest = self.rest.trim_start();
        if let Some(rest) = self.rest.strip_prefix('}') {
            self.rest = rest;
            return vec![PARAMETER.to_string()];
        }
        self.expect("->");
        let mut variants = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix('}') {
                self.rest = rest;
                return variants;
            }
            let (_, rest) = self.rest.split_once("] ").expect("a variant");
            self.rest = rest;
            variants.extend(self.read_pattern(true).iter().map(|text| text.trim_end().to_owned()));
        }
    }

    fn expect(&mut self, wanted: &str) {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or_else(|| panic!("{wanted} before {}", self.rest));
    }
}

#[test]
fn each_combination_of_variants_is_a_text() {
    let of = |pattern: &str| expand(pattern).join("|").replace(PARAMETER, "_");
    assert_eq!(of(" Page { $page }"), "Page _");
    assert_eq!(of(" ,{\" \"}"), ",");
    assert_eq!(of("\n    {\"**A**\"}: a\n    b"), "**A**: a\nb");
    let select = " { $a ->\n    [one] 1\n   *[other] { $a }\n}, { $b ->\n   *[c] c { $d }.\n} e";
    assert_eq!(of(select), "1, c _. e|_, c _. e");
}
