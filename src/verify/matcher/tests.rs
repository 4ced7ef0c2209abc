use proptest::prelude::*;

use super::*;
use crate::domain::catalogue::{ApiVersion, Category, CategoryId, Scope};

/// A catalogue in which a literal and a parameter stand at the same place.
const STATIONS: &[(&str, Method, &str)] = &[
    ("list", Method::Get, "/Orchards/{AccountSID}/Stations"),
    ("nearest", Method::Get, "/Orchards/{AccountSID}/Stations/Nearest"),
    ("get", Method::Get, "/Orchards/{AccountSID}/Stations/{StationId}"),
    ("calibrate", Method::Put, "/Orchards/{AccountSID}/Stations/{StationId}"),
    ("notes", Method::Get, "/Orchards/{AccountSID}/Stations/{Id}/Notes"),
    ("rates", Method::Get, "/Rates/a:b"),
    ("rate", Method::Get, "/Rates/{Rate}"),
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

fn matcher() -> Matcher {
    Matcher::new(&version(STATIONS))
}

/// The scope, and the account that the path names.
fn needed(method: Method, target: &str) -> Option<(String, Option<String>)> {
    let matcher = matcher();
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
        // Methods are asked one by one.
        (Method::Put, "/Orchards/CS1/Stations/Nearest", Some("calibrate")),
        (Method::Put, "/Orchards/CS1/Stations", None),
        (Method::Head, "/Orchards/CS1/Stations", None),
        // Readings that differ: decoded, and without regard to case.
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

proptest! {
    /// Segment by segment, in a few lines that know no router.
    #[test]
    fn the_router_finds_what_a_plain_look_finds(
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
        // Of those that fit, the one with a literal where the others have a parameter, leftmost first.
        let best = version
            .scopes()
            .filter(|scope| scope.method == method && fits(scope.path.as_str()))
            .min_by_key(|scope| {
                scope.path.as_str().split('/').map(|t| t.starts_with('{')).collect::<Vec<_>>()
            });
        prop_assert_eq!(found, best.map(|scope| scope.id.scope().to_owned()));
    }
}
