//! Reads an issuer of kind `http`. Everything that could fail when a template is rendered, for any
//! request, is reported here.

mod call;
mod generate;
mod login;
mod look;
mod response;
mod update;

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;

use super::document::Section;
use super::environment::Variables;
use super::http_settings::{
    Generated, HttpCall, HttpFind, HttpGet, HttpIssuerSettings, HttpLogin, HttpUpdate, Source,
};
use super::http_template::{Knows, Outside};
use super::secrets::Base;
use super::values::{duration, truth};
use crate::domain::catalogue::Catalogue;
use call::{CALL_KEYS, Reader};

/// The keys of an `http` issuer.
pub(super) const HTTP_KEYS: &[&str] = &[
    "kind",
    "timeout",
    "ca_file",
    "client_certificate_file",
    "client_key_file",
    "settle",
    "revoke_takes",
    "scopes_fixed",
    "allow_unrevocable",
    "allow_plaintext",
    "ids_are_unique",
    "id_is_secret",
    "reset_can_be_repeated",
    "secrets",
    "generate",
    "login",
    "create",
    "then",
    "find",
    "get",
    "update",
    "revoke",
    "reset",
    "enable",
    "disable",
];

/// The operator's statements about an API, and the risks that they accept.
struct Promises {
    scopes_fixed: bool,
    allow_unrevocable: bool,
    ids_are_unique: bool,
    id_is_secret: bool,
}

/// The calls, as far as they could be read; `None` outside for a call that can't.
struct Calls {
    login: Option<Option<HttpLogin>>,
    create: Option<HttpCall>,
    then: Option<Vec<HttpCall>>,
    find: Option<Option<HttpFind>>,
    get: Option<Option<HttpGet>>,
    update: Option<Option<HttpUpdate>>,
    revoke: Option<Option<HttpCall>>,
    reset: Option<Option<HttpCall>>,
    enable: Option<Option<HttpCall>>,
    disable: Option<Option<HttpCall>>,
}

/// An issuer of kind `http`.
pub(super) fn http_issuer(
    section: &Section<'_>,
    base: Base<'_>,
    variables: &Variables,
    catalogue: Option<&Catalogue>,
) -> Option<HttpIssuerSettings> {
    let seconds = Duration::from_secs;
    let timeout = section.or("timeout", seconds(10), duration(seconds(1)..=seconds(120)));
    let ca_file = section.optional("ca_file", |node| base.certificates(node));
    let client_certificate = login::client_certificate(section, base);
    let settle = section.or("settle", seconds(30), duration(seconds(0)..=seconds(3600)));
    let revoke_takes =
        section.or("revoke_takes", seconds(0), duration(seconds(0)..=seconds(86_400)));
    let allow_plaintext = section.or("allow_plaintext", false, truth);
    let reset_can_be_repeated = section.or("reset_can_be_repeated", false, truth);
    let promises = Promises {
        scopes_fixed: section.or("scopes_fixed", false, truth),
        allow_unrevocable: section.or("allow_unrevocable", false, truth),
        ids_are_unique: section.or("ids_are_unique", false, truth),
        id_is_secret: section.or("id_is_secret", false, truth),
    };
    let generate = generate::generate(section);
    let outside = Outside {
        secrets: secrets(section, base),
        generated: made_up_values(&generate),
        ..Outside::default()
    };
    let choices = choices_of_scopes(catalogue);
    let mut reader = Reader { variables, outside, allow_plaintext, choices };
    let calls = calls(section, &mut reader);
    refuse_what_goes_wrong(section, &calls, &promises);
    refuse_unminted_secrets(section, &calls, &generate);
    Some(HttpIssuerSettings {
        timeout,
        ca_file,
        client_certificate: client_certificate?,
        settle,
        revoke_takes,
        allow_plaintext,
        ids_are_unique: promises.ids_are_unique,
        id_is_secret: promises.id_is_secret,
        reset_can_be_repeated,
        outside: Outside { generated: BTreeMap::new(), login: None, ..reader.outside },
        generate,
        login: calls.login?,
        create: calls.create?,
        then: calls.then?,
        find: calls.find?,
        get: calls.get?,
        update: calls.update?,
        revoke: calls.revoke?,
        reset: calls.reset?,
        enable: calls.enable?,
        disable: calls.disable?,
    })
}

fn calls(section: &Section<'_>, reader: &mut Reader<'_>) -> Calls {
    let login = match section.optional_section("login", login::LOGIN_KEYS) {
        Some(login) => {
            let read = reader.login(&login);
            reader.outside.login = Some(SecretString::from("login-token"));
            read.map(Some)
        }
        None => Some(None),
    };
    let further = section.sections("then", CALL_KEYS);
    let then: Option<Vec<HttpCall>> =
        further.iter().map(|call| reader.call(call, &[], Knows::RENEWAL)).collect();
    let comes_later = further.iter().any(|call| call.section_of_any_keys("response").has("secret"));
    let needed: &[&str] = if comes_later { &["id"] } else { &["id", "secret"] };
    let create = section.section("create", CALL_KEYS);
    let made = reader.call(&create, needed, Knows::NEW);
    let is_whole =
        |call: &HttpCall| call.body.is_some() || !(create.has("body") || create.has("form"));
    let create = made.filter(is_whole);
    let find = match section.optional_section("find", look::FIND_KEYS) {
        Some(find) => reader.find(&find).map(Some),
        None => Some(None),
    };
    let get = match section.optional_section("get", look::GET_KEYS) {
        Some(get) => reader.get(&get).map(Some),
        None => Some(None),
    };
    let update = match section.optional_section("update", update::UPDATE_KEYS) {
        Some(update) => reader.update(&update).map(Some),
        None => Some(None),
    };
    let mut optional =
        |key: &str, needed: &[&str], knows| match section.optional_section(key, CALL_KEYS) {
            Some(call) => reader.call(&call, needed, knows).map(Some),
            None => Some(None),
        };
    Calls {
        login,
        create,
        then,
        find,
        get,
        update,
        revoke: optional("revoke", &[], Knows::TOKEN),
        reset: optional("reset", &["secret"], Knows::RENEWAL),
        enable: optional("enable", &[], Knows::RENEWAL),
        disable: optional("disable", &[], Knows::TOKEN),
    }
}

/// The values that templates are tested with before anything is created.
fn made_up_values(generate: &BTreeMap<String, Generated>) -> BTreeMap<String, SecretString> {
    let value = |name: &String| (name.clone(), SecretString::from("generated"));
    generate.keys().map(value).collect()
}

/// A secret can only be a generated value.
fn refuse_unminted_secrets(
    section: &Section<'_>,
    calls: &Calls,
    generate: &BTreeMap<String, Generated>,
) {
    let optional = [("reset", &calls.reset), ("enable", &calls.enable)];
    let optional =
        optional.into_iter().filter_map(|(key, call)| Some((key, call.as_ref()?.as_ref()?)));
    let then = calls.then.iter().flatten().map(|call| ("then", call));
    let all = calls.create.iter().map(|call| ("create", call)).chain(then).chain(optional);
    for (key, call) in all {
        for source in &call.response.secret {
            if let Source::Generated(name) = source
                && !generate.contains_key(name)
            {
                section.refuse(
                    key,
                    format!("takes generated:{name} for the secret: add it to generate"),
                );
            }
        }
    }
}

/// Errors that no single call shows.
fn refuse_what_goes_wrong(section: &Section<'_>, calls: &Calls, promises: &Promises) {
    let shows =
        |call: &HttpCall, name: &str| call.templates().any(|one| one.shown().contains(name));
    if let Some(create) = &calls.create {
        let then = calls.then.iter().flatten();
        let made_by = || [create].into_iter().chain(then.clone());
        if !promises.scopes_fixed && !made_by().any(|call| shows(call, "scopes")) {
            let cure = "show scopes, or set scopes_fixed = true where all tokens can the same";
            section.refuse("create", format!("makes tokens whatever scopes were approved: {cure}"));
        }
        if section.has("find") && !made_by().any(|call| shows(call, "marker")) {
            section
                .refuse("create", "leaves no mark for find: show marker where match looks for it");
        }
        refuse_published_secrets(section, create, promises.id_is_secret);
    }
    let is_seen = section.has("find") || section.has("get");
    for (key, call) in [("reset", &calls.reset), ("enable", &calls.enable)] {
        if let Some(Some(call)) = call
            && !(is_seen || promises.ids_are_unique || shows(call, "marker"))
        {
            let cure =
                "add find, show marker, or set ids_are_unique = true where no id is given twice";
            let why = "knows a token by its id alone, which may be another's by then";
            section.refuse(key, format!("{why}: {cure}"));
        }
    }
    refuse_unseen_ends(section, calls, promises);
    if !section.has("revoke") && !promises.allow_unrevocable {
        let cure = "add it, or set allow_unrevocable = true to accept tokens that nobody can end";
        section.refuse("revoke", format!("is missing: {cure}"));
    }
}

/// An end is believed only if the API shows it.
fn refuse_unseen_ends(section: &Section<'_>, calls: &Calls, promises: &Promises) {
    if promises.ids_are_unique {
        return refuse_unread_refusals(section, calls);
    }
    if section.has("revoke") && !section.has("find") && !section.has("get") {
        let cure = "add find or get, or set ids_are_unique = true where no id is given twice";
        section.refuse("revoke", format!("can't be seen to have ended the right token: {cure}"));
    }
    // One that can't be read was reported before.
    let find_shows = calls
        .find
        .as_ref()
        .is_none_or(|find| find.as_ref().is_some_and(|find| find.recognise.alive.is_some()));
    let get_shows = calls
        .get
        .as_ref()
        .is_none_or(|get| get.as_ref().is_some_and(|get| get.recognise.alive.is_some()));
    // Where there is `get`, that is what looks.
    let is_shown = if section.has("get") { get_shows } else { find_shows };
    if section.has("disable") && !is_shown {
        let looks = if section.has("get") { "get" } else { "find or get" };
        let cure = format!(
            "add alive to {looks}, or set ids_are_unique = true where no id is given twice"
        );
        section.refuse("disable", format!("can't be seen to have stopped a token: {cure}"));
    }
}

/// Without a look-up the answer alone says whether a token ended, so a refusal in a 200 must be recognised.
fn refuse_unread_refusals(section: &Section<'_>, calls: &Calls) {
    if section.has("find") || section.has("get") {
        return;
    }
    for (key, call) in [("revoke", &calls.revoke), ("disable", &calls.disable)] {
        if let Some(Some(call)) = call
            && call.response.error.is_none()
        {
            let cure = "set response.error, or add find or get";
            section.refuse(
                key,
                format!("is believed by its answer alone, and a no isn't read: {cure}"),
            );
        }
    }
}

/// People see a token's *Account SID*: it must never be the secret.
fn refuse_published_secrets(section: &Section<'_>, create: &HttpCall, id_is_secret: bool) {
    let response = &create.response;
    let is_secret = |source: &_| response.secret.contains(source);
    let cure = "set account_sid to what people may see, and id_is_secret = true";
    if response.account_sid.as_ref().is_some_and(is_secret)
        || (id_is_secret && response.account_sid.is_some() && response.account_sid == response.id)
    {
        section.refuse(
            "create",
            "shows a secret as account_sid: let it name something else, or nothing",
        );
    } else if response.id.as_ref().is_some_and(is_secret) && !id_is_secret {
        section.refuse("create", format!("takes one value for id and secret: {cure}"));
    }
}

/// Each scope alone, and all of a version together.
fn choices_of_scopes(catalogue: Option<&Catalogue>) -> Vec<Vec<String>> {
    let mut choices = Vec::new();
    for version in catalogue.map(Catalogue::versions).unwrap_or_default() {
        let scopes = version.categories.iter().flat_map(|category| &category.scopes);
        let values: Vec<String> = scopes.map(|scope| scope.value.clone()).collect();
        choices.extend(values.iter().map(|value| vec![value.clone()]));
        choices.push(values);
    }
    if choices.is_empty() {
        choices.push(vec!["one".to_owned()]);
    }
    choices
}

/// Whether a template can use a value of this name.
fn is_name(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    letters && name.starts_with(|first: char| first.is_ascii_alphabetic())
}

const NO_NAME: &str = "is no name: letters, digits and \"_\" make one";

/// `secrets = { NAME_file = "…" }`, or `NAME = "…"`.
fn secrets(issuer: &Section<'_>, base: Base<'_>) -> BTreeMap<String, SecretString> {
    let section = issuer.section_of_any_keys("secrets");
    let mut secrets = BTreeMap::new();
    for (key, _) in section.entries() {
        let name = key.strip_suffix("_file").unwrap_or(key);
        if !is_name(name) {
            section.refuse(key, NO_NAME);
            continue;
        }
        let value = if key.ends_with("_file") {
            section.optional(key, |node| base.secret_in_file(node))
        } else {
            section.optional(key, |node| base.secret_here(node))
        };
        if let Some(value) = value
            && secrets.insert(name.to_owned(), value).is_some()
        {
            section.refuse(key, format!("sets {name} a second time: keep one of them"));
        }
    }
    secrets
}
