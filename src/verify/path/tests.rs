use proptest::prelude::*;

use super::*;

#[test]
fn unambiguous_paths_are_accepted() {
    for (target, decoded) in [
        ("/", "/"),
        ("/?a=/../b", "/"),
        ("/Orchards/CS1/Trees", "/Orchards/CS1/Trees"),
        ("/Orchards/CS1/Trees/7?page=2#x", "/Orchards/CS1/Trees/7"),
        ("/a/v1.0/~b/c-d_e", "/a/v1.0/~b/c-d_e"),
        ("/a/b%40c%3Ad,e", "/a/b@c:d,e"),
        ("/a/%C3%A9t%C3%A9", "/a/été"),
        ("/a/one%20two", "/a/one two"),
        ("/a/.hidden/..b", "/a/.hidden/..b"),
        ("/%41", "/A"),
        ("/a/", "/a/"),
        ("/a/b%20c/?d/", "/a/b c/"),
    ] {
        let path = RequestPath::parse(target).unwrap();
        assert_eq!(path.decoded(), decoded);
        assert_eq!(path.opened(), None);
        assert!(target.starts_with(path.written()));
    }
}

#[test]
fn encoded_slashes_are_kept_and_opened() {
    for (target, decoded, opened) in [
        ("/a%2fb", "/a%2Fb", "/a/b"),
        ("/a%2Fb/", "/a%2Fb/", "/a/b/"),
        ("/p/%40scope%2fname/-/x%2Fy?z%2f", "/p/@scope%2Fname/-/x%2Fy", "/p/@scope/name/-/x/y"),
        ("/%C3%A9%2F%C3%A9", "/é%2Fé", "/é/é"),
    ] {
        let path = RequestPath::parse(target).unwrap();
        assert_eq!((path.decoded(), path.opened()), (decoded, Some(opened)), "{target}");
    }
}

#[test]
fn ambiguous_paths_are_refused() {
    use UnclearPath::*;
    let long = format!("/{}", "a".repeat(LENGTH_LIMIT));
    for (target, why) in [
        ("", NotAPath),
        ("*", NotAPath),
        ("a/b", NotAPath),
        ("?/a", NotAPath),
        ("http://orchard.example/a", NotAPath),
        (long.as_str(), TooLong),
        ("//a", EmptySegment),
        ("/a//b", EmptySegment),
        ("//", EmptySegment),
        ("/a//", EmptySegment),
        ("/a//?b", EmptySegment),
        // An encoded slash would make an empty segment for a reader that decodes it first.
        ("/%2F", EmptySegment),
        ("/%2Fa", EmptySegment),
        ("/a%2F", EmptySegment),
        ("/a%2f/", EmptySegment),
        ("/a/%2fb", EmptySegment),
        ("/a%2F/b", EmptySegment),
        ("/a%2F%2fb", EmptySegment),
        ("/a/.", DotSegment),
        ("/a/..", DotSegment),
        ("/a/../b", DotSegment),
        ("/a/./b", DotSegment),
        ("/a/%2e%2E/b", DotSegment),
        ("/a/.%2e/b", DotSegment),
        ("/a/.../b", DotSegment),
        ("/a/b.", DotSegment),
        ("/a/b%20", DotSegment),
        ("/a/b%C2%A0", DotSegment),
        ("/a/./", DotSegment),
        ("/a/../", DotSegment),
        ("/a/b./", DotSegment),
        ("/a/%2e/", DotSegment),
        ("/a%2F..", DotSegment),
        ("/a%2F..%2fb", DotSegment),
        ("/a/..%2Fb", DotSegment),
        ("/a%2f%2e%2e%2Fb", DotSegment),
        ("/a/.%2Fb", DotSegment),
        ("/a%20%2Fb", DotSegment),
        ("/a b", Character),
        ("/a\tb", Character),
        ("/a\"b", Character),
        ("/a<b", Character),
        ("/a|b", Character),
        ("/a{b}", Character),
        ("/é", Character),
        ("/a\u{7f}", Character),
        ("/a#b", Fragment),
        ("/a#?b", Fragment),
        ("/a\\b", Backslash),
        ("/a;b=c", Semicolon),
        ("/a/..;/b", Semicolon),
        ("/a%", Encoding),
        ("/a%2", Encoding),
        ("/a%zz", Encoding),
        ("/a%+1", Encoding),
        ("/a%u002e", Encoding),
        ("/a%5cb", EncodedSeparator),
        ("/a%2F%5Cb", EncodedSeparator),
        ("/a%252fb", EncodedSeparator),
        ("/a%2F%252fb", EncodedSeparator),
        ("/a%3fb", EncodedSeparator),
        ("/a%23b", EncodedSeparator),
        ("/a%3bb", EncodedSeparator),
        ("/a%00", EncodedControl),
        ("/a%0d%0ab", EncodedControl),
        ("/a%7f", EncodedControl),
        ("/a%C2%85", EncodedControl),
        ("/a%ff", NotUtf8),
        ("/a%c0%af", NotUtf8),
        ("/a%C3%2F%A9", NotUtf8),
        ("/a%2Fb%ff", NotUtf8),
        ("/a%ed%a0%80", NotUtf8),
        ("/a/%EF%BC%8E%EF%BC%8E/b", Lookalike),
        ("/a%EF%BC%8Fb", Lookalike),
        ("/a/%E2%80%A5/b", Lookalike),
        ("/a%E2%88%95b", Lookalike),
    ] {
        assert_eq!(RequestPath::parse(target), Err(why), "{target:?}");
    }
}

/// Parts that ambiguous paths consist of.
fn troublesome() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("/".to_owned()),
        Just("..".to_owned()),
        Just(".".to_owned()),
        Just("%2e".to_owned()),
        Just("%2F".to_owned()),
        Just("%5c".to_owned()),
        Just("%25".to_owned()),
        Just(";".to_owned()),
        Just("?".to_owned()),
        Just("%EF%BC%8F".to_owned()),
        "[a-zA-Z0-9._~ é%-]{1,4}",
        "%[0-9a-fA-F]{2}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| format!("/{}", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn accepted_paths_have_one_reading(target in troublesome()) {
        if let Ok(path) = RequestPath::parse(&target) {
            let (decoded, opened) = (path.decoded(), path.opened().unwrap_or(path.decoded()));
            let slashes = |text: &str| text.matches('/').count();
            for read in [decoded.replace("%2F", "~"), opened.to_owned()] {
                prop_assert!(!read.contains("//") && !read.contains(['\\', '%', ';', '?', '#']));
                prop_assert!(read.split('/').all(|segment| segment != "." && segment != ".."));
                // Read once more, it is unchanged.
                let again = percent_encoding::percent_decode_str(&read).decode_utf8().unwrap();
                prop_assert_eq!(&again, &read);
            }
            let encoded = path.written().to_uppercase().matches("%2F").count();
            prop_assert_eq!(slashes(decoded), slashes(path.written()));
            prop_assert_eq!(slashes(opened), slashes(path.written()) + encoded);
            prop_assert_eq!(path.opened().is_some(), encoded > 0);
            prop_assert_eq!(decoded.replace("%2F", "/"), opened);
            prop_assert_eq!(opened.len() > 1 && opened.ends_with('/'),
                path.written().len() > 1 && path.written().ends_with('/'));
            // RFC 3986's own resolution does not change it.
            let url = url::Url::parse("http://orchard.example").unwrap();
            let resolved = url.join(path.written()).unwrap();
            prop_assert_eq!(resolved.path(), path.written());
        }
    }

    #[test]
    fn arbitrary_text_is_handled(target in any::<String>()) {
        let _ = RequestPath::parse(&target);
    }
}
