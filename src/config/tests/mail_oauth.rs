//! The keys of `[mail]` for access tokens.

use super::*;

/// `[mail]` with these lines, at a server that takes a user's tokens.
fn with(url: &str, keys: &str) -> Files {
    let sections = SECTIONS.replace("file:///var/mail", url);
    let mail = sections.replace("[mail]\n", &format!("[mail]\n{keys}\n"));
    Files::new(&format!("{mail}{PROVIDER}"))
}

const URL: &str = "smtp://tokens%40example.com@smtp.example.com?tls=required";

const KEYS: &str = r#"oauth_token_url = "https://login.example.com/tenant/oauth2/v2.0/token"
oauth_client_id = "4f3b""#;

const OWN: &str = r#"oauth_client_secret = "s3cret""#;

fn read(files: &Files, variables: &[(&str, &str)]) -> Box<MailOauth> {
    match files.load(variables).unwrap_or_else(|errors| panic!("{errors}")).mail.transport {
        MailTransport::Smtp { oauth, .. } => oauth.unwrap(),
        directory @ MailTransport::Directory(_) => panic!("{directory:?}"),
    }
}

fn form(oauth: &MailOauth) -> Vec<String> {
    let Some(HttpBody::Form(fields)) = &oauth.login.call.body else { panic!("no form") };
    let nothing = UpstreamValues::of_nothing();
    let written = |(name, value): (&String, &Template)| {
        let value = value.render(&nothing, &oauth.outside).unwrap();
        format!("{name}={}", value.expose_secret())
    };
    fields.iter().map(written).collect()
}

#[test]
fn an_application_has_a_secret() {
    let scope = "oauth_scope = \"https://outlook.office365.com/.default\"";
    let oauth = read(&with(URL, &format!("{KEYS}\n{OWN}\n{scope}")), &[]);
    assert_eq!(
        form(&oauth),
        [
            "client_id=4f3b",
            "client_secret=s3cret",
            "grant_type=client_credentials",
            "scope=https://outlook.office365.com/.default"
        ]
    );
    assert!(!format!("{oauth:?}").contains("s3cret"));
    let in_file = with(URL, KEYS).add("client-secret", "s3cret-file\n");
    let oauth = read(&in_file, &[("COUNTERSIGN_MAIL__OAUTH_CLIENT_SECRET_FILE", "client-secret")]);
    assert!(form(&oauth).contains(&"client_secret=s3cret-file".to_owned()));
}

#[test]
fn a_person_has_a_refresh_token() {
    let keys = format!("{KEYS}\noauth_refresh_token_file = \"refresh-token\"");
    let files = with(URL, &keys).add("refresh-token", "r3fresh\n");
    let expected = ["client_id=4f3b", "grant_type=refresh_token", "refresh_token=r3fresh"];
    assert_eq!(form(&read(&files, &[])), expected);
    let files = with(URL, &format!("{keys}\n{OWN}")).add("refresh-token", "r3fresh\n");
    assert!(form(&read(&files, &[])).contains(&"client_secret=s3cret".to_owned()));
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |url: &str, keys: &str| with(url, keys).refused(&[]);
    assert_snapshot!(refused(URL, OWN), @"
    countersign.toml:10: mail.oauth_client_id is missing: set it to the id that the identity provider gave the bot's application
    countersign.toml:10: mail.oauth_token_url is missing: set it to where the identity provider gives access tokens
    ");
    assert_snapshot!(refused(URL, KEYS), @"countersign.toml:10: mail.oauth_client_secret is missing: set it to the secret of the bot's application (it takes none with oauth_refresh_token), or oauth_client_secret_file to a file that holds it");
    assert_snapshot!(refused("smtps://tokens:s3cret@smtp.example.com", &format!("{KEYS}\n{OWN}")), @"countersign.toml:14: mail.url takes a user and no password beside oauth_token_url: write only the user before the @, such as tokens%40example.com");
    assert_snapshot!(refused("smtps://smtp.example.com", &format!("{KEYS}\n{OWN}")), @"countersign.toml:14: mail.url takes a user and no password beside oauth_token_url: write only the user before the @, such as tokens%40example.com");
    assert_snapshot!(refused("smtp://tokens@smtp.example.com", &format!("{KEYS}\n{OWN}")), @r#"countersign.toml:14: mail.url would send the access token unencrypted, or let somebody make it: write "smtps://", or end the URL with "?tls=required""#);
    assert_snapshot!(refused("file:///var/mail", &format!("{KEYS}\n{OWN}")), @"countersign.toml:11: mail.oauth_token_url has no use where mails go into a directory: take it away");
    let at = |url: &str| {
        let keys = KEYS.replace("https://login.example.com/tenant/oauth2/v2.0/token", url);
        refused(URL, &format!("{keys}\n{OWN}"))
    };
    assert_snapshot!(at("http://login.example.com/token"), @"countersign.toml:11: mail.oauth_token_url would send the secret unencrypted to another machine: write https");
    for url in ["login.example.com", "https://a:s3cret@b.example.com/", "https://{x}/", "file:///a"]
    {
        let refused = at(url);
        assert!(refused.contains("mail.oauth_token_url takes a URL"), "{url}: {refused}");
        assert!(!refused.contains("s3cret"), "{refused}");
    }
}
