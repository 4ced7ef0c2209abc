//! The configuration that comes along.

use super::*;
use crate::network::Network;

fn shipped(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(name))
        .unwrap()
}

/// A file that ships, with other ids in the place of the example's.
fn shipped_with_ids(name: &str) -> String {
    let ids = ["1", "2", "4", "5"];
    ids.iter().fold(shipped(name), |text, digit| text.replace(&digit.repeat(19), &digit.repeat(18)))
}

/// A configuration with everything that ready providers name.
fn with_files(config: &str) -> Files {
    let mut files = Files::new(config).add("secrets/discord-token", "token\n");
    for folder in ["catalogues", "steps"] {
        for name in names_in(folder) {
            let name = format!("{folder}/{name}");
            files = files.add(&name, &shipped(&name));
        }
    }
    for name in names_in("providers") {
        let ready = shipped(&format!("providers/{name}"));
        for secret in ready.split('"').filter(|text| text.starts_with("secrets/")) {
            files = files.add(secret, "s3cret\n");
        }
    }
    files
}

fn names_in(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The example as it is once a ready provider was appended.
fn example() -> String {
    shipped_with_ids("countersign.toml") + &shipped_with_ids("providers/impact-agency.toml")
}

#[test]
fn every_ready_provider_is_taken() {
    let taken: Vec<_> = names_in("providers")
        .iter()
        .map(|name| {
            let ready = shipped_with_ids(&format!("providers/{name}"));
            let config = with_files(&format!("{SECTIONS}{ready}")).loaded();
            let [provider] = &config.providers[..] else { panic!("{name}: not one provider") };
            let kind = match &provider.issuer {
                // What has no way back after a doubtful end is nothing to hand out as ready.
                IssuerSettings::Http(http) if http.find.is_some() && http.revoke.is_some() => {
                    "http, found and revoked"
                }
                issuer => issuer.kind(),
            };
            format!("{name}: {} ({kind})", provider.id)
        })
        .collect();
    assert_snapshot!(taken.join("\n"), @"
    cloudflare.toml: cloudflare (http, found and revoked)
    digitalocean-spaces.toml: spaces (http, found and revoked)
    gitea.toml: gitea (http, found and revoked)
    gitlab-project.toml: gitlab (http, found and revoked)
    grafana.toml: grafana (http, found and revoked)
    harbor.toml: harbor (http, found and revoked)
    impact-agency.toml: impact-agency (manual)
    impact-brand.toml: impact-brand (manual)
    impact-partner.toml: impact-partner (manual)
    jupyterhub.toml: jupyterhub (http, found and revoked)
    keycloak.toml: keycloak (http, found and revoked)
    npm-verdaccio.toml: npm (http, found and revoked)
    own-api.toml: own-api (builtin)
    sonarqube.toml: sonarqube (http, found and revoked)
    synapse.toml: matrix (http, found and revoked)
    unkey.toml: unkey (http, found and revoked)
    unleash.toml: unleash (http, found and revoked)
    ");
}

#[test]
fn the_example_takes_all_ready_providers_at_once() {
    let ready: String = names_in("providers")
        .iter()
        .map(|name| shipped_with_ids(&format!("providers/{name}")))
        .collect();
    let config = with_files(&(shipped_with_ids("countersign.toml") + &ready)).loaded();
    assert_eq!(config.providers.len(), names_in("providers").len());
}

#[test]
fn the_example_asks_for_a_provider() {
    let refused = with_files(&shipped_with_ids("countersign.toml")).refused(&[]);
    assert_snapshot!(refused, @"countersign.toml: providers is empty: there has to be at least one [[providers]]; `countersign init` writes it, or append a file of providers/");
}

#[test]
fn the_ids_of_the_example_are_not_taken() {
    let text = shipped("countersign.toml") + &shipped("providers/impact-agency.toml");
    let refused = with_files(&text).refused(&[]);
    for key in ["discord.application_id", "guild_id", "approval_channel", "admin_roles[1]"] {
        assert!(refused.contains(&format!("{key} is still the example's: ")), "{key}: {refused}");
    }
}

/// According to its comments it shows the defaults.
#[test]
fn the_example_shows_the_defaults() {
    let (example, bare) = (with_files(&example()).loaded(), sound().loaded());
    assert_eq!(example.policy, bare.policy);
    assert_eq!(example.http.listen, bare.http.listen);
    assert_eq!(example.log.format, bare.log.format);
    assert_eq!(example.discord.ingress, bare.discord.ingress);
}

/// What is commented out would be taken too, once the ellipses are filled in.
#[test]
fn keys_that_the_example_comments_out_are_accepted() {
    let text: String = shipped_with_ids("countersign.toml")
        .lines()
        .map(|line| {
            let bare = line.strip_prefix("# ").filter(|rest| {
                let starts_a_table = rest.starts_with('[');
                let key = rest.split(" = ").next().unwrap_or_default();
                starts_a_table
                    || (rest.contains(" = ")
                        && key.bytes().all(|b| b == b'_' || b.is_ascii_lowercase()))
            });
            format!("{}\n", bare.unwrap_or(line))
        })
        .collect();
    let text = text
        .replace("bearer_sha256 = \"…\"", &format!("bearer_sha256 = \"{}\"", "ab".repeat(32)))
        .replace(
            "public_key = \"…\"",
            "public_key = \"67c6bd767ca099e79efac9fcce4d2022a63bf7dea780e7f3d813f694c1597089\"",
        )
        .replace("url = \"file:///var/mail/countersign\"", "url = \"smtps://u@mail.example.com\"")
        .replace("\"…\"", "\"66\"");
    let system = Network::default().certificates_in_pem(b"");
    let files = with_files(&text)
        .add("mail-ca.pem", "-----BEGIN CERTIFICATE-----\n")
        .add("secrets/mail-client-secret", "s3cret\n")
        .add("secrets/mail-refresh-token", "r3fresh\n")
        .add("company-ca.pem", &String::from_utf8(system).unwrap());
    let config = files.loaded();
    assert!(config.verify.is_some() && config.discord.proxy.is_some());
    assert!(config.database.single_role);
    let [own] = &config.providers[..] else { panic!("not one provider") };
    assert_eq!((own.id.as_str(), own.approvals, own.issuer.kind()), ("orchard", 3, "builtin"));
}

#[test]
fn the_issuer_of_the_documentation_is_taken() {
    let document = shipped("../docs/http-issuer.md");
    let (_, rest) = document.split_once("```toml\n[providers.issuer]\n").unwrap();
    let (issuer, _) = rest.split_once("```").unwrap();
    with_http_issuer(issuer).add("secrets/registry-key", "s3cret\n").loaded();
    let without_comments = issuer.replace("\n# ca_file", "\n# no_file").replace("\n# ", "\n");
    let said = with_http_issuer(&without_comments).refused(&[]);
    assert!(said.contains("no_file is no key"), "{said}");
    assert!(!said.contains("scopes_fixed") && !said.contains("ids_are_unique"), "{said}");
}
