//! The configuration that comes along.

use super::*;

fn shipped(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(name))
        .unwrap()
}

fn with_files(config: &str) -> Files {
    let mut files = Files::new(config).add("secrets/discord-token", "token\n");
    for kind in ["agency", "brand", "partner"] {
        let catalogue = format!("catalogues/impact-{kind}.toml");
        files = files.add(&catalogue, &shipped(&catalogue));
        for language in ["en-US", "ja"] {
            let steps = format!("steps/impact-{kind}.{language}.md");
            files = files.add(&steps, &shipped(&steps));
        }
    }
    files.add("catalogues/playground.toml", &shipped("catalogues/playground.toml"))
}

#[test]
fn the_example_is_taken() {
    let config = with_files(&shipped("countersign.toml")).loaded();
    let ids: Vec<_> = config.providers.iter().map(|provider| provider.id.as_str()).collect();
    assert_eq!(ids, ["impact-agency", "impact-brand", "impact-partner"]);
    assert!(config.providers.iter().all(|provider| provider.issuer.kind() == "manual"));
}

/// Its comments say that it shows the defaults.
#[test]
fn the_example_shows_the_defaults() {
    let (example, bare) = (with_files(&shipped("countersign.toml")).loaded(), sound().loaded());
    assert_eq!(example.policy, bare.policy);
    assert_eq!(example.http.listen, bare.http.listen);
    assert_eq!(example.log.format, bare.log.format);
    assert_eq!(example.discord.ingress, bare.discord.ingress);
}

/// What is commented out would be taken too, once the ellipses are filled in.
#[test]
fn what_the_example_leaves_out_is_taken() {
    let text: String = shipped("countersign.toml")
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
        .replace("url = \"file:///var/mail/countersign\"", "url = \"smtps://u:p@mail.example.com\"")
        .replace("\"…\"", "\"66\"");
    let files = with_files(&text).add("mail-ca.pem", "-----BEGIN CERTIFICATE-----\n");
    let config = files.loaded();
    assert!(
        config.verify.is_some() && config.discord.proxy.is_some() && config.audit.channel.is_some()
    );
    assert_eq!(config.providers[0].approvals, 3);
    assert_eq!(config.providers.len(), 4);
}
