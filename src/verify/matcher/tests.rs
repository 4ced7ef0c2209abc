use proptest::prelude::*;

use super::*;
use crate::domain::catalogue::{ApiVersion, Category, CategoryId, Scope};

/// A catalogue in which a literal and a parameter are at the same place.
const STATIONS: &[(&str, Method, &str)] = &[
    ("list", Method::Get, "/Orchards/{AccountSID}/Stations"),
    ("nearest", Method::Get, "/Orchards/{AccountSID}/Stations/Nearest"),
    ("get", Method::Get, "/Orchards/{AccountSID}/Stations/{StationId}"),
    ("calibrate", Method::Put, "/Orchards/{AccountSID}/Stations/{StationId}"),
    ("notes", Method::Get, "/Orchards/{AccountSID}/Stations/{Id}/Notes"),
    ("rates", Method::Get, "/Rates/a:b"),
    ("rate", Method::Get, "/Rates/{Rate}"),
];

/// Slashes at ends and within segments, where they belong to another scope and where to none.
const FORMS: &[(&str, Method, &str)] = &[
    ("users", Method::Get, "/users/"),
    ("user", Method::Get, "/users/{Id}/"),
    ("me", Method::Get, "/users/me"),
    ("both", Method::Get, "/both"),
    ("bothSlash", Method::Get, "/both/"),
    ("each", Method::Get, "/both/{Id}"),
    ("eachSlash", Method::Get, "/both/{Name}/"),
    ("bare", Method::Get, "/bare"),
    ("projects", Method::Get, "/projects"),
    ("project", Method::Get, "/projects/{Project%2F}"),
    ("issues", Method::Get, "/projects/{Project%2F}/issues"),
    ("issue", Method::Get, "/projects/{Project%2F}/issues/{Issue}"),
    ("file", Method::Get, "/projects/{Project%2F}/files/{Path%2F}/"),
    ("own", Method::Get, "/accounts/{AccountSID}/{Path%2F}"),
    ("wide", Method::Get, "/w/{A%2F}/"),
    ("narrow", Method::Get, "/w/{A}"),
];

fn version(scopes: &[(&str, Method, &str)]) -> Version {
    let category: CategoryId = "all".parse().unwrap();
    let scopes = scopes.iter().map(|(id, method, path)| Scope {
        id: ScopeId::new(&category, id).unwrap(),
        method: *method,
        path: path.parse().unwrap(),
        value: String::new(),
        sensitive: false,
        approvals: None,
    });
    let categories =
        vec![Category { id: category.clone(), name: "All".into(), scopes: scopes.collect() }];
    Version { version: ApiVersion::new(1).unwrap(), recommended: false, categories }
}

/// The scope, and the account that the path names.
fn needed(method: Method, target: &str) -> Option<(String, Option<String>)> {
    needed_of(STATIONS, method, target)
}

fn needed_of(
    scopes: &[(&str, Method, &str)],
    method: Method,
    target: &str,
) -> Option<(String, Option<String>)> {
    let matcher = Matcher::new(&version(scopes));
    let path = RequestPath::parse(target).ok()?;
    let needed = matcher.find_required_scope(method, &path)?;
    let scope = matcher.scope(needed.scope).unwrap().scope().to_owned();
    Some((scope, needed.account_sid.map(str::to_owned)))
}

#[test]
fn literals_come_before_parameters() {
    let scope = |method, target| needed(method, target).map(|(scope, _)| scope);
    for (method, target, expected) in [
        (Method::Get, "/Orchards/CS1/Stations", Some("list")),
        (Method::Get, "/Orchards/CS1/Stations?near=me", Some("list")),
        (Method::Get, "/Orchards/CS1/Stations/Nearest", Some("nearest")),
        (Method::Get, "/Orchards/CS1/Stations/7", Some("get")),
        (Method::Get, "/Orchards/CS1/Stations/a%40b", Some("get")),
        (Method::Get, "/Orchards/CS1/Stations/%41", Some("get")),
        (Method::Get, "/Orchards/CS1/Stations/Nearest/Notes", Some("notes")),
        // Methods are checked one by one.
        (Method::Put, "/Orchards/CS1/Stations/Nearest", Some("calibrate")),
        (Method::Put, "/Orchards/CS1/Stations", None),
        (Method::Head, "/Orchards/CS1/Stations", None),
        // Readings that differ: decoded, and without regard to case.
        (Method::Get, "/Orchards/CS1/Stations/Nearest.json", None),
        (Method::Get, "/Orchards/CS1/Stations/%20Nearest", None),
        (Method::Get, "/Orchards/CS1/Stations/Neare%C5%BFt", None),
        (Method::Get, "/Orchards/CS1/Stations/%EF%BC%AEearest", None),
        (Method::Get, "/Orchards/CS1/Stations/Near%E2%80%8Best", None),
        (Method::Get, "/Orchards/CS1/Stations/7.json", Some("get")),
        (Method::Get, "/Orchards/CS1/Stations/%20a%20b", Some("get")),
        (Method::Get, "/Orchards/CS1/Stations/%E7%B5%8C", Some("get")),
        (Method::Get, "/Orchards/CS1/Stations/%4Eearest", None),
        (Method::Get, "/Orchards/CS1/Stations/nearest", None),
        (Method::Get, "/Orchards/CS1/Stations/NEAREST", None),
        (Method::Get, "/orchards/CS1/Stations", None),
        (Method::Get, "/Orchards/CS1/%53tations", None),
        (Method::Get, "/Rates/a:b", Some("rates")),
        (Method::Get, "/Rates/a%3Ab", None),
        (Method::Get, "/Rates/a%3Ac", Some("rate")),
        (Method::Get, "/Elsewhere", None),
        (Method::Get, "/", None),
    ] {
        assert_eq!(scope(method, target).as_deref(), expected, "{method} {target}");
    }
}

#[test]
fn the_account_is_the_one_that_is_written() {
    let account = |target| needed(Method::Get, target).unwrap().1;
    assert_eq!(account("/Orchards/CS1/Stations").as_deref(), Some("CS1"));
    assert_eq!(account("/Orchards/%43S1/Stations").as_deref(), Some("%43S1"));
    assert_eq!(account("/Rates/x"), None);
}

#[test]
fn slash_forms_are_those_of_the_catalogue() {
    for (target, expected) in [
        ("/users/", Some("users")),
        ("/users", None),
        ("/users/7/", Some("user")),
        ("/users/7/?page=2", Some("user")),
        ("/users/7", None),
        ("/users/me", Some("me")),
        ("/users/me/", None), // without regard to the slash it is not the user called me
        ("/USERS/7/", None),
        ("/both", Some("both")),
        ("/both/", Some("bothSlash")),
        ("/both/7", Some("each")),
        ("/both/7/", Some("eachSlash")),
        ("/bare", Some("bare")),
        ("/bare/", None),
        ("/projects/", None),
        ("/projects/42", Some("project")),
        ("/projects/group%2Fname", Some("project")),
        ("/projects/group%2fsub%2Fname", Some("project")),
        ("/projects/group%2Fname/", None),
        ("/projects/group%2Fname/issues", Some("issues")),
        ("/projects/group%2Fname/issues/7", Some("issue")),
        ("/projects/group%2Fname/issues/7%2F8", None), // not stated
        ("/projects/group%2Fissues", None),            // a reader that decodes first sees `issues`
        ("/projects/group%2FISSUES", None),
        // A reader that decodes first may see `issues` of the project "group/sub".
        ("/projects/group%2Fsub%2Fissues", None),
        ("/projects/group%2Fsub%2FIssues", None),
        ("/projects/group%2Fsub%2Fissues%2F7", None),
        ("/projects/group%2Fsub%2Fname", Some("project")),
        ("/projects/group%2Fsub/issues", Some("issues")),
        ("/projects/1%2Fissues%2F7", None),
        ("/projects/group%2Fnam%65", Some("project")),
        ("/projects/a%2Fb/files/c%2Fd.txt/", Some("file")),
        ("/projects/a%2Fb/files/c%2Fd.txt", None),
        ("/projects%2F42", None),
        ("/projects/42%2F", None),
        ("/projects/%2F42", None),
        ("/projects/a%2F..%2Fb", None),
        ("/users/a%2Fb/", None),
        ("/accounts/CS1/a%2Fb", Some("own")),
        ("/accounts/CS1%2Fa/b", None),
        // Two forms at one place: the second belongs to no scope.
        ("/w/a/", Some("wide")),
        ("/w/a%2Fb/", Some("wide")),
        ("/w/a", None),
        ("/w/a%2Fb", None),
    ] {
        let found = needed_of(FORMS, Method::Get, target).map(|(scope, _)| scope);
        assert_eq!(found.as_deref(), expected, "{target}");
    }
    let own = needed_of(FORMS, Method::Get, "/accounts/CS1/a%2Fb").unwrap();
    assert_eq!(own.1.as_deref(), Some("CS1"));
}

/// The best of the templates that fit, segment by segment: a literal before a parameter, leftmost first.
/// `%2F` matches where the template has it; the trailing slash counts if `strictly`.
fn best(target: &str, strictly: bool) -> Option<&'static str> {
    let ended = |path: &str| path.len() > 1 && path.ends_with('/');
    let segments = |path: &str| -> Vec<String> {
        path[1..].trim_end_matches('/').split('/').map(str::to_owned).collect()
    };
    let fits = |template: &str| {
        let (parts, given) = (segments(template), segments(target));
        let fit = |part: &String, given: &String| match part.strip_prefix('{') {
            Some(name) => !given.is_empty() && (name.ends_with("%2F}") || !given.contains("%2F")),
            None => part == given,
        };
        parts.len() == given.len()
            && parts.iter().zip(&given).all(|(part, given)| fit(part, given))
            && (!strictly || ended(template) == ended(target))
    };
    let of_parameters =
        |path: &str| path.split('/').map(|part| part.starts_with('{')).collect::<Vec<_>>();
    let fitting = FORMS.iter().map(|(_, _, path)| *path).filter(|path| fits(path));
    fitting.min_by_key(|path| of_parameters(path.trim_end_matches('/')))
}

/// Whether a decoded path can be read as this one where `{A%2F}` takes any number of segments.
fn spans(template: &[&str], given: &[&str]) -> bool {
    match (template, given) {
        ([], []) => true,
        ([first, rest @ ..], [_, ..]) if first.ends_with("%2F}") => {
            (1..=given.len()).any(|taken| spans(rest, &given[taken..]))
        }
        ([first, rest @ ..], [segment, others @ ..]) => {
            (first.starts_with('{') || first == segment) && spans(rest, others)
        }
        _ => false,
    }
}

/// Whether another path with as many literals can be read in it.
fn spans_another(exact: &str, opened: &str) -> bool {
    let parts = |path: &'static str| path.trim_end_matches('/').split('/').collect::<Vec<_>>();
    let literals = |path: &str| {
        path.trim_end_matches('/').split('/').filter(|part| !part.starts_with('{')).count()
    };
    let given: Vec<&str> = opened.trim_end_matches('/').split('/').collect();
    FORMS.iter().map(|(.., path)| *path).any(|path| {
        path != exact
            && path.contains("%2F}")
            && literals(path) >= literals(exact)
            && spans(&parts(path), &given)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// In a few lines without a router.
    #[test]
    fn slash_variants_agree_with_a_linear_search(
        segments in prop::collection::vec(
            "(users|me|both|projects|issues|files|accounts|w|CS1|[ab7]|[ab](%2F(issues|[ab7])){1,2})", 1..6),
        end in prop::bool::ANY,
    ) {
        let target = format!("/{}{}", segments.join("/"), if end { "/" } else { "" });
        let found = needed_of(FORMS, Method::Get, &target).map(|(scope, _)| scope);
        let opened = target.replace("%2F", "/");
        let shape = |path: &str| path.parse::<PathTemplate>().unwrap().shape();
        let expected = best(&target, true).filter(|exact| {
            // Without the last slash it is the same, and the decoded form belongs to no scope.
            best(&target, false).map(shape) == Some(shape(exact))
                && (opened == target || best(&opened, false).is_none() && !spans_another(exact, &opened))
                && *exact != "/w/{A}"
        });
        let scope = |path: &str| FORMS.iter().find(|form| form.2 == path).unwrap().0.to_owned();
        prop_assert_eq!(found, expected.map(scope), "{}", target);
    }

    /// A path with one of these forms never matches a catalogue that has neither.
    #[test]
    fn undeclared_forms_of_a_path_match_nothing(
        target in "(/(Orchards|CS1|Stations|Nearest|a%2Fb|%2F|7)){1,4}/?",
    ) {
        let bare = !target.ends_with('/') && !target.contains("%2F");
        prop_assert!(bare || needed(Method::Get, &target).is_none(), "{}", target);
    }

    /// Segment by segment, in a few lines without a router.
    #[test]
    fn the_router_agrees_with_a_linear_search(
        segments in prop::collection::vec("(Orchards|CS1|Stations|Nearest|Notes|Rates|a:b|[a-c]{1,2})", 1..5),
        method in prop::sample::select(vec![Method::Get, Method::Put, Method::Post]),
    ) {
        let target = format!("/{}", segments.join("/"));
        let found = needed(method, &target).map(|(scope, _)| scope);
        let version = version(STATIONS);
        let fits = |template: &str| {
            let template: Vec<&str> = template[1..].split('/').collect();
            template.len() == segments.len()
                && template.iter().zip(&segments).all(|(t, s)| t.starts_with('{') || t == s)
        };
        // Of those that match, the one with a literal where the others have a parameter, leftmost first.
        let best = version
            .scopes()
            .filter(|scope| scope.method == method && fits(scope.path.as_str()))
            .min_by_key(|scope| {
                scope.path.as_str().split('/').map(|t| t.starts_with('{')).collect::<Vec<_>>()
            });
        prop_assert_eq!(found, best.map(|scope| scope.id.scope().to_owned()));
    }
}
