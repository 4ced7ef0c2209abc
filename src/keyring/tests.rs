use proptest::prelude::*;

use super::*;

fn keyring(lines: &[&str]) -> Keyring {
    Keyring::parse(&lines.join("\n")).unwrap()
}

fn line(id: &str, byte: u8) -> String {
    format!("{id}:{}", STANDARD.encode([byte; KEY_SIZE]))
}

fn text(secret: &SecretString) -> &str {
    secret.expose_secret()
}

#[test]
fn a_generated_line_is_a_key() {
    let (one, other) = (generate().unwrap(), generate().unwrap());
    assert_ne!(text(&one), text(&other));
    let keyring = Keyring::parse(text(&one)).unwrap();
    let sealed = keyring.seal(&"s3cret".into(), "delivery:1").unwrap();
    assert_eq!(text(&keyring.open(&sealed, "delivery:1").unwrap()), "s3cret");
    assert_eq!(sealed.key_id(), keyring.key_ids().next());
}

#[test]
fn the_first_key_encrypts_and_all_decrypt() {
    let (old, new) = (line("old", 1), line("new", 2));
    let before = keyring(&[&old]);
    let after = keyring(&["# rotated", &new, "", &old]);
    let sealed = before.seal(&"s".into(), "a").unwrap();
    assert_eq!(text(&after.open(&sealed, "a").unwrap()), "s");
    let sealed = after.seal(&"s".into(), "a").unwrap();
    assert_eq!(sealed.key_id(), Some("new"));
    assert_eq!(before.open(&sealed, "a").unwrap_err(), OpenError::UnknownKey("new".into()));
    let renamed = keyring(&[&line("new", 3)]);
    assert_eq!(renamed.open(&sealed, "a").unwrap_err(), OpenError::Altered);
}

#[test]
fn encrypting_twice_gives_different_bytes() {
    let keyring = keyring(&[&line("a", 1)]);
    assert_ne!(keyring.seal(&"s".into(), "a").unwrap(), keyring.seal(&"s".into(), "a").unwrap());
}

#[test]
fn wrong_files_are_refused_without_quoting_them() {
    let secret = STANDARD.encode([7; KEY_SIZE]);
    for (file, why) in [
        (String::new(), "has no key: put your copy"),
        ("# only words\n".into(), "has no key: put your copy"),
        (secret.clone(), "line 1 of the key file has no colon"),
        (format!("\na b:{secret}"), "line 2 of the key file has another id"),
        (format!("{}:{secret}", "a".repeat(33)), "has another id"),
        (format!(":{secret}"), "has another id"),
        ("a:AAAA".into(), "has no key of 32 bytes"),
        (format!("a:{}", STANDARD.encode([7; 33])), "has no key of 32 bytes"),
        (format!("a:{}", STANDARD.encode([7; 64])), "has no key of 32 bytes"),
        (format!("a:{}", &secret[1..]), "has no key of 32 bytes"),
        (format!("a:{secret}\na:{secret}"), "line 2 of the key file has the id of an earlier"),
    ] {
        let error = Keyring::parse(&file).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert!(!error.contains(&secret[..8]), "{error}");
    }
}

#[test]
fn nothing_shows_a_secret() {
    let line = line("a", 9);
    let keyring = keyring(&[&line]);
    let sealed = keyring.seal(&"s3cret".into(), "a").unwrap();
    assert_eq!(format!("{keyring:?} {sealed:?}"), r#"["a"] Sealed(49 bytes)"#);
}

#[cfg(unix)]
#[test]
fn a_readable_key_file_gives_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("keys");
    assert!(matches!(Keyring::load(&file), Err(KeyFileError::Read(..))));
    std::fs::write(&file, line("a", 1)).unwrap();
    for (mode, warned) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let keyring = Keyring::load(&file).unwrap();
        assert_eq!(keyring.warning().is_some(), warned, "{mode:o}");
    }
}

#[test]
fn a_file_of_another_user_is_read_through_its_group() {
    for (mode, warned) in
        [(0o440, false), (0o640, false), (0o460, true), (0o450, true), (0o444, true)]
    {
        assert_eq!(is_mode_open(mode, ROOT, 1000), warned, "{mode:o}");
        // Its owner needs no group, and neither does root, who looks at it for a service.
        for (owner, reader) in [(1000, 1000), (1000, ROOT), (ROOT, ROOT)] {
            assert!(is_mode_open(mode, owner, reader), "{mode:o} of {owner}");
        }
    }
    assert!(!is_mode_open(0o600, 1000, ROOT));
}

proptest! {
    #[test]
    fn encrypted_secrets_decrypt(secret in ".{0,200}", identity in ".{0,40}") {
        let keyring = keyring(&[&line("key-1", 1)]);
        let sealed = keyring.seal(&secret.as_str().into(), &identity).unwrap();
        let opened = keyring.open(&sealed, &identity).unwrap();
        prop_assert_eq!(text(&opened), secret);
    }

    #[test]
    fn another_row_cannot_be_decrypted(one in ".{0,10}", other in ".{0,10}") {
        prop_assume!(one != other);
        let keyring = keyring(&[&line("a", 1)]);
        let sealed = keyring.seal(&"s".into(), &one).unwrap();
        prop_assert_eq!(keyring.open(&sealed, &other).unwrap_err(), OpenError::Altered);
    }

    #[test]
    fn a_flipped_bit_cannot_be_decrypted(secret in ".{0,40}", at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let keyring = keyring(&[&line("key-1", 1)]);
        let mut bytes = keyring.seal(&secret.as_str().into(), "a").unwrap().0;
        bytes[at.index(secret.len() + 2 + 5 + NONCE_SIZE + 16)] ^= 1 << bit;
        prop_assert!(keyring.open(&Sealed(bytes), "a").is_err());
    }

    #[test]
    fn a_truncated_value_cannot_be_decrypted(length in 0usize..48) {
        let keyring = keyring(&[&line("a", 1)]);
        let bytes = keyring.seal(&"s".into(), "a").unwrap().0;
        prop_assume!(length < bytes.len());
        prop_assert!(keyring.open(&Sealed(bytes[..length].to_vec()), "a").is_err());
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let keyring = keyring(&[&line("a", 1)]);
        prop_assert!(keyring.open(&Sealed(bytes), "a").is_err());
    }
}
