//! The files of `config/` that come within the program: the configuration to start from, catalogues, steps, and ready
//! providers.

use toml::Table;

macro_rules! shipped {
    ($($path:literal)+) => {
        &[$(($path, include_str!(concat!("../../../config/", $path)))),+]
    };
}

/// The configuration whose values are replaced by answers.
pub(in crate::cli) const CONFIGURATION: &str = include_str!("../../../config/countersign.toml");

/// What goes beside it, by its path from there.
pub(super) const FILES: &[(&str, &str)] = shipped! {
    "catalogues/cloudflare.toml"
    "catalogues/gitea.toml"
    "catalogues/gitlab.toml"
    "catalogues/grafana.toml"
    "catalogues/harbor.toml"
    "catalogues/impact-agency.toml"
    "catalogues/impact-brand.toml"
    "catalogues/impact-partner.toml"
    "catalogues/jupyterhub.toml"
    "catalogues/keycloak.toml"
    "catalogues/npm.toml"
    "catalogues/playground.toml"
    "catalogues/sonarqube.toml"
    "catalogues/spaces.toml"
    "catalogues/synapse.toml"
    "catalogues/unkey.toml"
    "catalogues/unleash.toml"
    "providers/cloudflare.toml"
    "providers/digitalocean-spaces.toml"
    "providers/gitea.toml"
    "providers/gitlab-project.toml"
    "providers/grafana.toml"
    "providers/harbor.toml"
    "providers/impact-agency.toml"
    "providers/impact-brand.toml"
    "providers/impact-partner.toml"
    "providers/jupyterhub.toml"
    "providers/keycloak.toml"
    "providers/npm-verdaccio.toml"
    "providers/own-api.toml"
    "providers/sonarqube.toml"
    "providers/synapse.toml"
    "providers/unkey.toml"
    "providers/unleash.toml"
    "steps/impact-agency.en-US.md"
    "steps/impact-agency.ja.md"
    "steps/impact-brand.en-US.md"
    "steps/impact-brand.ja.md"
    "steps/impact-partner.en-US.md"
    "steps/impact-partner.ja.md"
};

/// A provider that is ready with a channel and a role alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReadyProvider {
    /// The name of its file without the ending.
    pub(super) file: &'static str,
    /// Its block of the configuration.
    pub(super) block: &'static str,
}

/// All of them. Those of the kind `http` take an address and credentials as well.
pub(super) fn list_ready_providers() -> Vec<ReadyProvider> {
    let providers = FILES.iter().filter_map(|(path, block)| {
        let file = path.strip_prefix("providers/")?.strip_suffix(".toml")?;
        let is_ready = matches!(read_kind(block)?.as_str(), "builtin" | "manual");
        is_ready.then_some(ReadyProvider { file, block })
    });
    providers.collect()
}

/// What is said beside it: the name that people see, and what it takes besides.
pub(super) fn describe(block: &str) -> String {
    let name = read_name(block).unwrap_or_default();
    match read_kind(block).as_deref() {
        Some("builtin") => format!("{name}; its tokens are verified once you add [verify]"),
        _ => name,
    }
}

/// The name that people see.
fn read_name(block: &str) -> Option<String> {
    Some(read(block)?.get("name")?.as_str()?.to_owned())
}

fn read_kind(block: &str) -> Option<String> {
    Some(read(block)?.get("issuer")?.get("kind")?.as_str()?.to_owned())
}

fn read(block: &str) -> Option<Table> {
    let table: Table = toml::from_str(block).ok()?;
    table.get("providers")?.as_array()?.first()?.as_table().cloned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn all_files_are_within_the_program() {
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
        let mut there = BTreeSet::new();
        for folder in ["catalogues", "providers", "steps"] {
            for entry in std::fs::read_dir(config.join(folder)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                there.insert(format!("{folder}/{name}"));
            }
        }
        let within: BTreeSet<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(within, there);
    }

    #[test]
    fn those_with_an_address_of_their_own_are_not_offered() {
        let ready: Vec<&str> = list_ready_providers().iter().map(|ready| ready.file).collect();
        assert_eq!(ready, ["impact-agency", "impact-brand", "impact-partner", "own-api"]);
    }
}
