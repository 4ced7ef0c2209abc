use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use super::*;

fn secrets(all: &[&str]) -> Secrets {
    let mut secrets = Secrets::default();
    all.iter().for_each(|secret| secrets.add(secret));
    secrets
}

fn clean(all: &[&str], said: &str) -> String {
    secrets(all).take_out_of(said)
}

#[test]
fn overlapping_secrets_are_removed_in_any_order() {
    for all in
        [["countersign", "countersign:hunter2pass"], ["countersign:hunter2pass", "countersign"]]
    {
        assert_eq!(clean(&all, "no countersign:hunter2pass here"), "no ••• here");
        assert_eq!(clean(&all, "no hunter2pass for countersign"), "no ••• for •••");
    }
    assert_eq!(clean(&["abcdef1234", "1234ghijkl"], "<abcdef1234ghijkl>"), "<•••>");
    assert_eq!(clean(&["abcdefgh", "efghijkl"], "<abcdefghijkl>"), "<•••>");
}

#[test]
fn user_and_password_of_a_login_are_credentials() {
    let login = STANDARD.encode("deploy:kX9#qp");
    for all in [login.clone(), format!("Basic {login}"), "deploy:kX9#qp".to_owned()] {
        for said in ["deploy", "kX9#qp", &login, "DEPLOY", &login.to_lowercase()] {
            let said = format!("not {said}, sorry");
            assert_eq!(clean(&[&all], &said), "not •••, sorry", "{all}: {said}");
        }
    }
    for (all, said) in [
        ("Bearer sk-live-123", "sk-live-123"),
        ("https://bot:s3cr3t%21x@api.example.com/v1?key=kk-12-34", "s3cr3t!x"),
        ("https://bot:s3cr3t%21x@api.example.com/v1?key=kk-12-34", "kk-12-34"),
        ("https://hooks.example.com/services/T1Ab2Cd3Ef", "T1Ab2Cd3Ef"),
        ("sid=abcdef; csrf=98765", "98765"),
        ("Signature keyId=\"ops\", sig=\"aa-bb-cc\"", "aa-bb-cc"),
    ] {
        assert_eq!(clean(&[all], &format!("not <{said}>")), format!("not <{MARK}>"), "{all}");
    }
}

#[test]
fn other_text_is_kept() {
    let all =
        ["https://registry.example.com/api/v2/tokens?key=zz-99-yy", "ab", "Bearer kX9#qpLm31"];
    for said in [
        "scope write is unknown",
        "see https://docs.example.org/errors",
        "the label about absence is taken",
        "",
        "日本語の説明：名前が重複しています",
    ] {
        assert_eq!(clean(&all, said), said);
        assert_eq!(clean(&[], said), said);
    }
    // Short ones go as words.
    assert_eq!(clean(&["ab"], "the label ab, AB"), "the label •••, •••");
}

#[test]
fn the_word_around_a_piece_is_removed_with_it() {
    // Less than half of it is left nowhere; here the end of it would be.
    // A letter of the next one makes a piece as well, as it would in a secret that is put in groups.
    assert_eq!(clean(&["hunter2pass"], "token xhunter2p… and hunte"), "token ••• hunte");
    assert_eq!(clean(&["hunter2pass"], "token xhunter2p… or hunte"), "token •••… or hunte");
    assert_eq!(clean(&["correct horse battery"], "correct horse bat and bat"), "••• and bat");
}

#[test]
fn cut_text_does_not_end_in_half_a_secret() {
    let secret = "kX9#qpLm31vvRt";
    for before in TEXT_LIMIT - 20..TEXT_LIMIT + 2 {
        let said = format!("{}{secret}", "a ".repeat(before / 2) + &" ".repeat(before % 2));
        let cleaned = clean(&[secret], &said);
        assert!(!cleaned.contains("kX9"), "{before}");
    }
    assert_eq!(clean(&[], &"a".repeat(TEXT_LIMIT + 1)), "");
}

/// Every form in which a text can come back.
fn forms(text: &str) -> Vec<String> {
    let hex = hex::encode(text);
    let percent = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let all_percent: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let json = serde_json::to_string(text).unwrap();
    let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let form: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let html = text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&#x3C;");
    let each = |write: &dyn Fn(char) -> String| -> String { text.chars().map(write).collect() };
    let each_byte = |write: &dyn Fn(u8) -> String| -> String { text.bytes().map(write).collect() };
    vec![
        text.to_owned(),
        text.to_ascii_uppercase(),
        text.to_ascii_lowercase(),
        hex.to_uppercase(),
        hex,
        percent.to_lowercase(),
        utf8_percent_encode(&percent, NON_ALPHANUMERIC).to_string(),
        percent,
        all_percent,
        form,
        json[1..json.len() - 1].replace('/', "\\/"),
        serde_json::to_string(&json).unwrap(),
        units,
        html,
        each(&|c| format!("&#{:08};", u32::from(c))),
        each(&|c| format!("&#x{:010X};", u32::from(c))),
        each(&|c| format!("\\u{{{:x}}}", u32::from(c))),
        each_byte(&|byte| format!("\\x{byte:02x}")),
        each_byte(&|byte| format!("\\{byte:03o}")),
        STANDARD.encode(text),
        STANDARD_NO_PAD.encode(text),
        URL_SAFE.encode(text),
        URL_SAFE_NO_PAD.encode(text),
        STANDARD.encode(format!("u:{text}")),
        STANDARD.encode(format!("us:{text}@x")),
        utf8_percent_encode(&STANDARD.encode(text), NON_ALPHANUMERIC).to_string(),
    ]
}

/// With something between every so many characters.
fn grouped(text: &str, of: usize, by: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(of).map(String::from_iter).collect::<Vec<_>>().join(by)
}

/// Whether one of these is left in the cleaned text: a row of `length` characters of it.
fn is_left(cleaned: &str, form: &str, length: usize) -> bool {
    let (cleaned, form) = (cleaned.to_lowercase(), form.to_lowercase());
    let letters: Vec<char> = form.chars().collect();
    letters.windows(length).any(|row| cleaned.contains(&row.iter().collect::<String>()))
}

/// What operators choose as secrets.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9]{4,40}",
        "[!-~]{4,40}",
        "[!-~]([ -~]{2,20})[!-~]",
        "[a-z]{4,12}:[!-~]{6,20}",
        "[a-zé日\"\\\\/+&<%]{4,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_form_of_a_secret_is_left(
        secret in secret(), others in prop::collection::vec(secret(), 0..3), before in "[.,: ]{0,5}",
        after in "[.,: ]{0,5}",
    ) {
        let mut all: Vec<&str> = others.iter().map(String::as_str).collect();
        all.push(&secret);
        for form in forms(&secret) {
            let cleaned = clean(&all, &format!("no {before}{form}{after} here"));
            prop_assert!(!cleaned.contains(&form), "{form:?} in {cleaned:?}");
            // An encoded letter takes up to six characters, and the rest of the words has none of them.
            prop_assert!(!is_left(&cleaned, &form, form.chars().count().min(30)), "{form:?}: {cleaned:?}");
        }
    }

    #[test]
    fn no_piece_of_a_secret_is_left(
        secret in "[A-Za-z0-9#:=/-]{4,40}", from in 0_usize..40, length in 4_usize..40,
        around in "[xyz]{0,3}",
    ) {
        let least = piece_length(secret.len());
        let from = from.min(secret.len() - least);
        let piece = &secret[from..secret.len().min(from + length.max(least))];
        for form in [piece.to_owned(), hex::encode(piece), STANDARD.encode(piece)] {
            let cleaned = clean(&[&secret], &format!("it is <{around}{form}{around}>"));
            prop_assert!(!is_left(&cleaned, &form, least.min(form.len())), "{piece:?} in {cleaned:?}");
        }
    }

    /// Of what has letters and digits enough.
    #[test]
    fn grouped_and_utf16_secrets_are_removed(
        secret in "[A-Za-z0-9]{16,40}|[a-z]{8,9}[#:/.-][A-Z0-9]{8,20}", of in 1_usize..7,
        by in "[ .,:_/|\u{200b}\\n-]{1,2}",
    ) {
        let hex = hex::encode(&secret);
        let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for form in [
            grouped(&secret, of, &by),
            grouped(&hex, 2, &by),
            utf8_percent_encode(&grouped(&secret, of, &by), NON_ALPHANUMERIC).to_string(),
            hex::encode(&utf16),
            STANDARD.encode(&utf16),
            String::from_utf8(utf16).unwrap(),
        ] {
            let cleaned = clean(&[&secret], &format!("no {form}, not here"));
            let squeezed = |text: &str| -> String {
                text.chars().filter(char::is_ascii_alphanumeric).collect()
            };
            prop_assert!(!is_left(&squeezed(&cleaned), &squeezed(&form), 10), "{form}: {cleaned}");
            prop_assert!(cleaned.ends_with("not here"), "{cleaned}");
        }
    }

    #[test]
    fn two_overlapping_secrets_are_removed_completely(one in "[a-m0-4]{6,20}", other in "[n-z5-9]{6,20}", shared in "[A-Z#.]{1,12}") {
        let (first, second) = (format!("{one}{shared}"), format!("{shared}{other}"));
        for all in [[first.as_str(), second.as_str()], [second.as_str(), first.as_str()]] {
            let cleaned = clean(&all, &format!("<{one}{shared}{other}>"));
            prop_assert!(!is_left(&cleaned, &first, piece_length(first.len())), "{cleaned}");
            prop_assert!(!is_left(&cleaned, &second, piece_length(second.len())), "{cleaned}");
        }
    }

    #[test]
    fn arbitrary_text_is_handled(said in "\\PC*|.*|[%&\\\\u0-9a-f;+#x]{0,60}", secret in ".{0,20}") {
        let cleaned = clean(&[&secret], &said);
        prop_assert!(cleaned.len() <= said.len() + 3 * said.chars().count().max(1) * MARK.len());
    }
}
