use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

fn refusal(text: &str) -> String {
    Catalogue::parse(text, "a.toml").expect_err("it was taken").to_string()
}

/// A version of one category of the given scopes.
fn with_scopes(scopes: &str) -> String {
    format!(
        r#"
[[versions]]
version = 1
[[versions.categories]]
id = "jobs"
name = "Jobs"
{scopes}"#
    )
}

fn scope(id: &str, method: &str, path: &str) -> String {
    format!(
        r#"[[versions.categories.scopes]]
id = "{id}"
method = "{method}"
path = "{path}"
"#
    )
}

#[test]
fn a_small_one() {
    let text = with_scopes(
        r#"
[[versions.categories.scopes]]
id = "listJobs"
method = "GET"
path = "/Jobs"
[[versions.categories.scopes]]
id = "endJob"
method = "DELETE"
path = "/Jobs/{Id}"
value = "jobs.end"
sensitive = true
approvals = 3
"#,
    );
    let catalogue = Catalogue::parse(&text, "a.toml").unwrap();
    let version = catalogue.recommended();
    assert_eq!(version.version.get(), 1);
    let listed = version.scope(&"jobs:listJobs".parse().unwrap()).unwrap();
    assert_eq!(
        (listed.value.as_str(), listed.sensitive, listed.approvals),
        ("jobs:listJobs", false, None)
    );
    let ended = version.scope(&"jobs:endJob".parse().unwrap()).unwrap();
    assert_eq!(
        (ended.value.as_str(), ended.sensitive, ended.approvals),
        ("jobs.end", true, Some(3))
    );
    assert_eq!(ended.to_string(), "DELETE /Jobs/{Id}");
    assert_eq!(version.category_of(&ended.id).unwrap().name, "Jobs");
    assert!(version.scope(&"jobs:other".parse().unwrap()).is_none());
    assert!(version.scope(&"other:listJobs".parse().unwrap()).is_none());
}

#[test]
fn versions_are_sorted_and_one_is_recommended() {
    let version = |number: u32, more: &str| {
        with_scopes(&scope("a", "GET", "/a"))
            .replace("version = 1", &format!("version = {number}{more}"))
    };
    let text =
        format!("{}{}{}", version(2, "\nrecommended = true"), version(10, ""), version(3, ""));
    let catalogue = Catalogue::parse(&text, "a.toml").unwrap();
    let numbers: Vec<u32> =
        catalogue.versions().iter().map(|version| version.version.get()).collect();
    assert_eq!(numbers, [10, 3, 2]);
    assert_eq!(catalogue.newest().version.get(), 10);
    assert_eq!(catalogue.recommended().version.get(), 2);
    assert!(catalogue.version("4".parse().unwrap()).is_none());
}

#[test]
fn what_is_there_twice() {
    let text = format!(
        r#"
[[versions]]
version = 1
recommended = true
[[versions.categories]]
id = "jobs"
name = "Jobs"
{}{}
[[versions.categories]]
id = "jobs"
name = "Jobs again"
{}
[[versions]]
version = 1
recommended = true
[[versions.categories]]
id = "jobs"
name = "Jobs"
{}"#,
        scope("listJobs", "GET", "/Jobs"),
        scope("listJobs", "POST", "/Jobs"),
        scope("listJobs", "PUT", "/Jobs"),
        scope("listJobs", "GET", "/Jobs"),
    );
    assert_snapshot!(refusal(&text), @r#"
    a.toml:13: versions[1].categories[1].scopes[2].id is scope listJobs, as on line 9 already: one of them has to go
    a.toml:18: versions[1].categories[2].id is category jobs, as on line 6 already: one of them has to go
    a.toml:26: versions[2].version is version 1, as on line 3 already: one of them has to go
    a.toml:27: versions[2].recommended is true, as on line 4 already: one of them has to go
    "#);
}

#[test]
fn unknown_methods() {
    let text = with_scopes(&(scope("a", "get", "/a") + &scope("b", "FETCH", "/b")));
    assert_snapshot!(refusal(&text), @r#"
    a.toml:9: versions[1].categories[1].scopes[1].method can't be "get": it takes one of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS, in capitals
    a.toml:13: versions[1].categories[1].scopes[2].method can't be "FETCH": it takes one of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS, in capitals
    "#);
}

#[test]
fn refused_paths() {
    let wrong = ["a", "/a//", "/{a", "/{}", "/a?b", "/../a", "/{a}/{a}", "/a b"];
    let scopes: String =
        wrong.iter().enumerate().map(|(i, path)| scope(&format!("s{i}"), "GET", path)).collect();
    assert_snapshot!(refusal(&with_scopes(&scopes)), @r#"
    a.toml:10: versions[1].categories[1].scopes[1].path can't be "a": a path starts with "/"
    a.toml:14: versions[1].categories[1].scopes[2].path can't be "/a//": a segment is empty: write no "//"
    a.toml:18: versions[1].categories[1].scopes[3].path can't be "/{a": braces enclose a whole segment, as in "/{Id}/"
    a.toml:22: versions[1].categories[1].scopes[4].path can't be "/{}": a parameter is named with letters, digits and "_", starts with no digit, and ends in "%2F" only where it may hold encoded slashes, as in "/{Project%2F}/"
    a.toml:26: versions[1].categories[1].scopes[5].path can't be "/a?b": a path has no query and no fragment: end it before "?"
    a.toml:30: versions[1].categories[1].scopes[6].path can't be "/../a": "." and ".." are no segments: clients resolve them before they ask
    a.toml:34: versions[1].categories[1].scopes[7].path can't be "/{a}/{a}": the parameter {a} is there twice: name one of them otherwise
    a.toml:38: versions[1].categories[1].scopes[8].path can't be "/a b": " " can't stand in a path: letters, digits and -._~!$&'()*+,;=:@ can
    "#);
}

#[test]
fn accepted_paths() {
    let scopes = [
        ("a", "GET", "/Jobs/{Id}"),
        ("b", "POST", "/Jobs/{Id}"),
        ("c", "GET", "/Jobs/{JobId}"),
        ("d", "GET", "/Jobs/All"),
        ("e", "GET", "/Jobs/{Key}/Items"),
    ];
    let scopes: String = scopes.iter().map(|(id, method, path)| scope(id, method, path)).collect();
    assert_snapshot!(refusal(&with_scopes(&scopes)), @"a.toml:18: versions[1].categories[1].scopes[3].path is taken by GET /Jobs/{Id} on line 10: whatever parameters are called, one path is one scope's");
}

#[test]
fn the_account_is_spelled_in_one_way() {
    let wrong =
        ["/A/{accountsid}", "/B/{AccountSid}/{AccountSID}", "/C/{account_sid}/d", "/D/{AccountId}"];
    let scopes: String =
        wrong.iter().enumerate().map(|(i, path)| scope(&format!("s{i}"), "GET", path)).collect();
    assert_snapshot!(refusal(&with_scopes(&scopes)), @"
    a.toml:10: versions[1].categories[1].scopes[1].path names {accountsid}, which would open every account's path: write {AccountSID}, or another name where no account is meant
    a.toml:14: versions[1].categories[1].scopes[2].path names {AccountSid}, which would open every account's path: write {AccountSID}, or another name where no account is meant
    a.toml:18: versions[1].categories[1].scopes[3].path names {account_sid}, which would open every account's path: write {AccountSID}, or another name where no account is meant
    ");
}

#[test]
fn categories_that_look_alike() {
    let text = with_scopes(&scope("a", "GET", "/a"));
    let category = |id: &str, name: &str| {
        format!(
            "[[versions.categories]]\nid = \"{id}\"\nname = \"{name}\"\n{}",
            scope("a", "GET", &format!("/{id}"))
        )
    };
    let text = format!("{text}{}{}", category("b", "ＪＯＢＳ"), category("c", "Job s\u{200B}"));
    assert_snapshot!(refusal(&text), @r#"
    a.toml:13: versions[1].categories[2].name is "ＪＯＢＳ" (read as "jobs"), as on line 6 already: one of them has to go
    a.toml:20: versions[1].categories[3].name is "Job s\u{200b}" (read as "jobs"), as on line 6 already: one of them has to go
    "#);
}

#[test]
fn what_is_empty() {
    assert_snapshot!(refusal(""), @"a.toml: versions is empty: a catalogue has at least one [[versions]]");
    assert_snapshot!(refusal("versions = []"), @"a.toml:1: versions is empty: a catalogue has at least one [[versions]]");
    assert_snapshot!(refusal("[[versions]]\nversion = 1\n"), @"a.toml:1: versions[1].categories is empty: a version has at least one [[versions.categories]]");
    assert_snapshot!(refusal(&with_scopes("")), @"a.toml:4: versions[1].categories[1].scopes is empty: a category has at least one [[versions.categories.scopes]]");
}

#[test]
fn what_is_missing_unknown_or_of_another_kind() {
    let text = r#"
note = "x"
[[versions]]
version = "1"
recomended = true
[[versions.categories]]
id = "jobs and more"
[[versions.categories.scopes]]
id = "a:b"
approvals = 1
sensitive = "yes"
pth = "/a"
[[versions.categories.scopes]]
id = 7
method = "GET"
path = "/a"
value = ""
"#;
    assert_snapshot!(refusal(text), @r#"
    a.toml:2: note is no key: there is versions alone
    a.toml:4: versions[1].version takes a whole number without quotes, not "1"
    a.toml:5: versions[1].recomended is no key: did you mean recommended?
    a.toml:6: versions[1].categories[1].name is missing: set it to what people see
    a.toml:7: versions[1].categories[1].id can't be "jobs and more": it takes 1 to 40 of A-Z, a-z, 0-9, _ and -
    a.toml:8: versions[1].categories[1].scopes[1].method is missing: set it to GET, POST or another method of HTTP
    a.toml:8: versions[1].categories[1].scopes[1].path is missing: set it to a path such as "/Agencies/{AccountSID}/Jobs"
    a.toml:9: versions[1].categories[1].scopes[1].id can't be "a:b": it takes 1 to 59 of A-Z, a-z, 0-9, _ and -
    a.toml:10: versions[1].categories[1].scopes[1].approvals takes 2 to 20, not 1
    a.toml:11: versions[1].categories[1].scopes[1].sensitive takes true or false, without quotes, not "yes"
    a.toml:12: versions[1].categories[1].scopes[1].pth is no key: did you mean path?
    a.toml:14: versions[1].categories[1].scopes[2].id takes text, in quotes, not a whole number
    a.toml:17: versions[1].categories[1].scopes[2].value is empty
    "#);
}

#[test]
fn what_is_too_long() {
    let text = with_scopes(&scope(&"a".repeat(60), "GET", &format!("/{}", "a".repeat(200))))
        .replace("\"Jobs\"", &format!("\"{}\"", "é".repeat(81)));
    assert_snapshot!(refusal(&text), @r#"
    a.toml:6: versions[1].categories[1].name has 81 characters, 80 are the most: shorten it
    a.toml:8: versions[1].categories[1].scopes[1].id can't be "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": it takes 1 to 59 of A-Z, a-z, 0-9, _ and -
    a.toml:10: versions[1].categories[1].scopes[1].path can't be "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…": a path has at most 200 characters
    "#);
}

#[test]
fn what_is_no_toml() {
    assert_snapshot!(refusal("[[versions]]\nversion = \n[[versions.categories]\n"), @r#"
    a.toml:2: this isn't TOML: string values must be quoted, expected literal string
    a.toml:3: this isn't TOML: unclosed array table, expected `]`
    "#);
}

/// The catalogues that come along.
#[test]
fn ours() {
    for (file, versions) in [
        ("impact-agency", &[(3, 5, 15)][..]),
        ("impact-brand", &[(14, 29, 117)]),
        ("impact-partner", &[(16, 25, 72)]),
        ("playground", &[(2, 4, 14), (1, 2, 4)]),
    ] {
        let path = format!("{}/config/catalogues/{file}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let catalogue = Catalogue::parse(&text, file).unwrap_or_else(|errors| panic!("{errors}"));
        let counted: Vec<_> = catalogue
            .versions()
            .iter()
            .map(|version| {
                (version.version.get(), version.categories.len(), version.scopes().count())
            })
            .collect();
        assert_eq!(counted, versions, "{file}");
        assert_eq!(catalogue.recommended(), catalogue.newest(), "{file}");
    }
}

proptest! {
    /// Nothing that a file holds makes the reader panic, and what it refuses it refuses with words.
    #[test]
    fn any_text_is_taken_or_refused(lines in prop::collection::vec(prop_oneof![
        Just("[[versions]]".to_owned()),
        Just("[[versions.categories]]".to_owned()),
        Just("[[versions.categories.scopes]]".to_owned()),
        "(version|id|name|method|path|approvals|recommended|x) = (1|-1|true|1.5|\\[\\]|\\{\\}|\"[a-z/{}]{0,5}\"|\"GET\")",
        ".{0,20}",
    ], 0..12)) {
        match Catalogue::parse(&lines.join("\n"), "a.toml") {
            Ok(catalogue) => prop_assert!(catalogue.newest().scopes().count() > 0),
            Err(errors) => prop_assert!(!errors.to_string().is_empty()),
        }
    }

    /// A sound catalogue comes back as it was written.
    #[test]
    fn what_is_written_is_read(counts in prop::collection::vec(1usize..5, 1..30)) {
        let mut text = "[[versions]]\nversion = 1\n".to_owned();
        for (category, count) in counts.iter().enumerate() {
            text += &format!("[[versions.categories]]\nid = \"c{category}\"\nname = \"C {category}\"\n");
            for number in 0..*count {
                text += &scope(&format!("s{number}"), "GET", &format!("/c{category}/{{Id}}/s{number}"));
            }
        }
        let catalogue = Catalogue::parse(&text, "a.toml").unwrap();
        let read: Vec<usize> = catalogue.newest().categories.iter().map(|c| c.scopes.len()).collect();
        prop_assert_eq!(&read, &counts);
        for scope in catalogue.newest().scopes() {
            prop_assert_eq!(catalogue.newest().scope(&scope.id), Some(scope));
        }
    }
}
