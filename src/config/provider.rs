//! Reads `[[providers]]` and the files that they name.

use std::collections::HashMap;

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::{GuildId, RoleId};
use crate::locale::Language;

use super::document::Section;
use super::environment::Variables;
use super::http_issuer::{HTTP_KEYS, http_issuer};
use super::problem::{Place, Problem};
use super::secrets::{Base, cannot_read};
use super::settings::{IssuerSettings, PolicySettings, Provider};
use super::steps::{self, StepTemplates};
use super::values::{APPROVALS, as_seen, id, integer, line, one_of, parsed, quoted};

const PROVIDER_KEYS: &[&str] = &[
    "id",
    "name",
    "locale",
    "catalogue",
    "approval_channel",
    "admin_roles",
    "ping_roles",
    "requester_roles",
    "approvals",
    "issuer",
];

/// What a provider's checks look at beside itself.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) base: Base<'a>,
    pub(super) policy: &'a PolicySettings,
    pub(super) guild: Option<GuildId>,
    pub(super) variables: &'a Variables,
}

/// `[[providers]]`.
pub(super) fn providers(root: &Section<'_>, around: Surroundings<'_>) -> Option<Vec<Provider>> {
    let sections = root.sections("providers", PROVIDER_KEYS);
    if sections.is_empty() {
        let cure = "`countersign init` writes it, or append a file of providers/";
        let refused = format!("is empty: there has to be at least one [[providers]]; {cure}");
        root.refuse("providers", refused);
    }
    let read = sections.iter().map(|section| provider(section, around));
    let providers: Vec<Option<Provider>> = read.collect();
    refuse_what_looks_alike(&sections, &providers);
    providers.into_iter().collect()
}

/// Cards, lists and letters show a provider's name alone, and its id once it is gone from the file: no
/// two may have the same.
fn refuse_what_looks_alike(sections: &[Section<'_>], providers: &[Option<Provider>]) {
    let mut seen: HashMap<String, (usize, &'static str)> = HashMap::new();
    for (index, (section, provider)) in sections.iter().zip(providers).enumerate() {
        let Some(provider) = provider else { continue };
        let id = provider.id.as_str();
        for (key, text) in [("id", id), ("name", provider.name.as_str())] {
            match seen.get(&as_seen(text)) {
                Some((earlier, what)) if *earlier != index => {
                    let other = format!("the {what} of providers[{}]", earlier + 1);
                    let is = format!("is {}, which reads like {other}", quoted(text));
                    section.refuse(key, format!("{is}: rename one, since cards show nothing else"));
                }
                Some(_) => {}
                None => drop(seen.insert(as_seen(text), (index, key))),
            }
        }
    }
}

fn provider(section: &Section<'_>, around: Surroundings<'_>) -> Option<Provider> {
    const LOCALES: &[(&str, Language)] =
        &[("en-US", Language::EnglishUs), ("ja", Language::Japanese)];
    let Surroundings { base, policy, guild, variables } = around;
    let id_read = section.required("id", "a short name, such as \"impact-agency\"", parsed);
    let name = section.required("name", "what people see", line(80));
    let locale = section.or("locale", Language::EnglishUs, one_of(LOCALES));
    let catalogue =
        section.required("catalogue", "the path of a catalogue", |node| base.file_text(node));
    let catalogue = catalogue.and_then(|text| parse_catalogue(section, base, &text));
    let approval_channel = section.required("approval_channel", "the channel for its cards", id);
    let admin_roles: Vec<RoleId> = section.list("admin_roles", id);
    if section.is_empty_list("admin_roles") {
        section.refuse("admin_roles", "is empty: name at least one role whose members approve");
    }
    let ping_roles: Vec<RoleId> = match section.has("ping_roles") {
        true => section.list("ping_roles", id),
        false => admin_roles.clone(),
    };
    if section.has("ping_roles")
        && guild.is_some_and(|guild| ping_roles.iter().any(|role| role.get() == guild.get()))
    {
        section.refuse("ping_roles", "holds @everyone: name a role whose members approve");
    }
    let requester_roles: Vec<RoleId> = section.list("requester_roles", id);
    if guild.is_some_and(|guild| admin_roles.iter().any(|role| role.get() == guild.get())) {
        // Discord's @everyone role has the guild's id.
        section.refuse("admin_roles", "holds @everyone: name a role that few people have");
    }
    let approvals = section.or("approvals", policy.approvals, integer(APPROVALS));
    if approvals < policy.approvals {
        let least = policy.approvals;
        section.refuse(
            "approvals",
            format!("is {approvals}, less than policy.approvals, which is {least}"),
        );
    }
    let issuer = issuer(section, base, variables, catalogue.as_ref());
    Some(Provider {
        id: id_read?,
        name: name?,
        locale,
        catalogue: catalogue?,
        approval_channel: approval_channel?,
        admin_roles,
        ping_roles,
        requester_roles,
        approvals,
        issuer: issuer?,
    })
}

fn parse_catalogue(section: &Section<'_>, base: Base<'_>, text: &str) -> Option<Catalogue> {
    let path = section.optional("catalogue", |node| base.path(node))?;
    let parsed = Catalogue::parse(text, &path.display().to_string());
    parsed.map_err(|errors| section.problems().extend(errors)).ok()
}

fn issuer(
    provider: &Section<'_>,
    base: Base<'_>,
    variables: &Variables,
    catalogue: Option<&Catalogue>,
) -> Option<IssuerSettings> {
    #[derive(Clone, Copy)]
    enum Kind {
        Builtin,
        Manual,
        Http,
    }
    const KINDS: &[(&str, Kind)] =
        &[("builtin", Kind::Builtin), ("manual", Kind::Manual), ("http", Kind::Http)];
    let cure = "\"builtin\", \"manual\" or \"http\"";
    let section = provider.section_of_any_keys("issuer");
    match section.required("kind", cure, one_of(KINDS))? {
        Kind::Builtin => {
            section.refuse_unknown_keys(&["kind"]);
            Some(IssuerSettings::Builtin)
        }
        Kind::Manual => {
            section.refuse_unknown_keys(&["kind", "steps"]);
            manual_issuer(&section, base)
        }
        Kind::Http => {
            section.refuse_unknown_keys(HTTP_KEYS);
            http_issuer(&section, base, variables, catalogue)
                .map(|issuer| IssuerSettings::Http(Box::new(issuer)))
        }
    }
}

/// The steps have to be there in every language, and to render.
fn manual_issuer(section: &Section<'_>, base: Base<'_>) -> Option<IssuerSettings> {
    let cure = "the path of its steps without their ending, such as \"steps/impact-agency\"";
    let stem = section.required("steps", cure, |node| base.path(node))?;
    let mut templates = StepTemplates::default();
    let mut sound = true;
    for language in Language::ALL {
        let path = format!("{}.{}.md", stem.display(), language.tag());
        sound &= add_steps(section, &mut templates, language, &path);
    }
    sound.then_some(IssuerSettings::Manual(templates))
}

/// Collects what is wrong with the steps of one language; returns whether nothing is.
fn add_steps(
    section: &Section<'_>,
    templates: &mut StepTemplates,
    language: Language,
    path: &str,
) -> bool {
    let source = match std::fs::read_to_string(path) {
        Ok(source) => source,
        Err(error) => {
            section.refuse("steps", cannot_read(path.as_ref(), &error));
            return false;
        }
    };
    let problems = section.problems();
    let refuse = |error| {
        let Problem { place, message } = steps::problem(path, &error);
        problems.add(&place, message);
        false
    };
    if let Err(error) = templates.add(language, source) {
        return refuse(error);
    }
    let unknown = templates.unknown_names(language);
    for message in &unknown {
        problems.add(&Place::File(path.into(), None), message);
    }
    unknown.is_empty() && steps::trial(templates, language).map_err(refuse).is_ok()
}
