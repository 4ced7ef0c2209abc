use axum::http::HeaderValue;

use super::*;
use crate::domain::secret;

fn clients() -> Vec<IntrospectionClient> {
    let all = [("one", "first"), ("two", "second"), ("né w", "a+b%20c:/é"), ("a+b", "x+y")];
    let client = |(name, bearer): (&str, &str)| IntrospectionClient {
        name: name.to_owned(),
        bearer_sha256: secret::sha256_of(bearer),
    };
    all.into_iter().map(client).collect()
}

fn caller_of(values: &[&str]) -> Caller {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
    }
    caller(&clients(), &headers)
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

#[test]
fn only_a_known_bearer_is_a_caller() {
    assert_eq!(caller_of(&["Bearer first"]), Caller::Known);
    assert_eq!(caller_of(&["bearer second"]), Caller::Known);
    assert_eq!(caller_of(&[]), Caller::Missing);
    for wrong in [
        &["Bearer third"][..],
        &["Basic first"],
        &["first"],
        &["Bearer"],
        &["Bearer "],
        &["Bearer one"],
        &["Bearer one:first"],
        &["Bearer first", "Bearer second"],
        &["Bearer first", "Bearer first"],
    ] {
        assert_eq!(caller_of(wrong), Caller::Unknown, "{wrong:?}");
    }
}

#[test]
fn a_caller_may_send_name_and_bearer_encoded_or_not() {
    for known in [
        "one:first",
        "two:second",
        "%6fne:f%69rst",
        // As in RFC 6749, and unchanged.
        "n%C3%A9+w:a%2Bb%2520c%3A%2F%C3%A9",
        "n%c3%a9%20w:a%2bb%2520c%3a%2f%c3%a9",
        "né w:a+b%20c:/é",
        "a%2Bb:x%2By",
        "a+b:x+y",
    ] {
        assert_eq!(caller_of(&[&basic(known)]), Caller::Known, "{known}");
        assert_eq!(
            caller_of(&[&basic(known).replace("Basic", "bAsIc ")]),
            Caller::Known,
            "{known}"
        );
    }
    for unknown in [
        "",
        ":",
        "one:",
        ":first",
        "one",
        "first",
        "one:second", // another client's
        "two:first",
        "One:first",
        "one:First",
        "one :first",
        "one: first",
        "one:first ",
        "one:first\0",
        "one:first:",
        "one%3Afirst",
        "%256fne:first", // decoded once
        "one:f%2569rst",
        "né w:a b c:/é",
        "né w:a%2Bb%20c%3A%2F%C3%A9", // half decoded
        "a+b:x y",
        "a b:x+y", // both must be encoded in the same way
        "a%2Bb:x+y",
    ] {
        assert_eq!(caller_of(&[&basic(unknown)]), Caller::Unknown, "{unknown}");
    }
}

#[test]
fn malformed_base64_is_no_caller() {
    // "two:second" takes padding: 10 bytes.
    let right = STANDARD.encode("two:second");
    assert!(right.ends_with("ZA=="), "{right}");
    assert_eq!(caller_of(&[&format!("Basic {right}")]), Caller::Known);
    let bare = right.trim_end_matches('=');
    for odd in [
        bare.to_owned(),
        format!("{bare}="),
        format!("{right}="),
        right.replace("ZA==", "ZB=="), // bits that belong to no character
        format!("{} {}", &right[..4], &right[4..]),
        format!("{right},{right}"),
        format!("{right}, Bearer first"),
        format!("={right}"),
        right.to_lowercase(),
        format!("{right}\t"),
        format!("\"{right}\""),
        "%%%%".to_owned(),
        "Og".to_owned(),
    ] {
        assert_eq!(caller_of(&[&format!("Basic {odd}")]), Caller::Unknown, "{odd}");
    }
    // Not UTF-8: compared as bytes, and unknown.
    let bytes = STANDARD.encode(b"two\xff:second");
    assert_eq!(caller_of(&[&format!("Basic {bytes}")]), Caller::Unknown);
    // URL-safe letters are another alphabet.
    let pair = STANDARD.encode("né w:a+b%20c:/é").replace('+', "-").replace('/', "_");
    let standard = STANDARD.encode("né w:a+b%20c:/é");
    let expected = if pair == standard { Caller::Known } else { Caller::Unknown };
    assert_eq!(caller_of(&[&format!("Basic {pair}")]), expected);
    assert_eq!(caller_of(&[&basic("one:first"), "Bearer first"]), Caller::Unknown);
}

proptest::proptest! {
    /// Anything beside valid credentials makes them invalid.
    #[test]
    fn no_guess_is_a_caller(
        scheme in "Basic|bearer|Bearer|Digest|[a-zA-Z]{0,6}",
        guess in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40),
        as_text in "[ -~]{0,30}",
    ) {
        for text in [format!("{scheme} {}", STANDARD.encode(&guess)), format!("{scheme} {as_text}"), as_text] {
            proptest::prop_assert_eq!(caller_of(&[&text]), Caller::Unknown);
            let twice = caller_of(&[&basic("one:first"), &text]);
            proptest::prop_assert_eq!(twice, Caller::Unknown);
        }
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&guess) {
            headers.append(AUTHORIZATION, value);
            proptest::prop_assert_eq!(caller(&clients(), &headers), Caller::Unknown);
        }
    }

    /// However a library encodes them, the name and the bearer of one client are known.
    #[test]
    fn every_pair_is_known_in_both_forms(name in "\\PC{1,12}", bearer in "\\PC{1,20}") {
        let clients = [IntrospectionClient {
            name: name.clone(),
            bearer_sha256: secret::sha256_of(&bearer),
        }];
        let known = |pair: String| is_pair_of_any(&clients, &STANDARD.encode(pair));
        let form = |text: &str| {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
        };
        let percent = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let raw = format!("{name}:{bearer}");
        let pair = format!("{}:{}", form(&name), form(&bearer));
        proptest::prop_assert!(known(pair.clone()), "form-encoded");
        proptest::prop_assert!(!known(pair.clone() + "x"), "longer");
        proptest::prop_assert!(!known("x".to_owned() + &pair), "another name");
        let pair = format!("{}:{}", percent(&name), percent(&bearer));
        proptest::prop_assert!(known(pair), "percent-encoded");
        proptest::prop_assert!(name.contains(':') || known(raw), "as it stands");
    }
}
