//! The bot with tokens that were issued long ago, and the requests of those who verify them.

use std::sync::Arc;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::domain::secret;
use discord_sim::Options;
use secrecy::{ExposeSecret as _, SecretString};
use testkit::setup::Setup;

use crate::requests::Requests;

/// Who may introspect; the secret is made for each run.
pub const CALLER: &str = "gateway";

/// Tokens that were issued long ago, past the guards. `$1` are hashes of their secrets.
const FILL: &[&str] = &[
    "set session_replication_role = replica",
    "insert into countersign.requests (id, number, provider, kind, state, requester, approvals_required,
         requester_approval_counts, content, digest, name_key, expires_at)
     select n, n, 'orchard', 'create', 'done', 1000 + n, 2, true, content,
         sha256(convert_to(content, 'UTF8')), 'bench ' || n, now()
     from (select n, format('{\"provider\":\"orchard\",\"kind\":\"create\",\"name\":\"%s\",\"scopes\":[]}', n)
         as content from generate_series(1, $1) n) past",
    "insert into countersign.tokens (id, provider, issuer, request_id, account_sid, name, description,
         api_version, owner, contact, developer_emails, scopes, lifetime_days, state, collected_at,
         expires_at)
     select id, 'orchard', 'builtin', id, 'CS' || lpad(number::text, 24, '0'),
         'Nightly reports of orchard ' || number, 'Past', 2, requester, requester, '{}',
         (select jsonb_agg(jsonb_build_object('approvals', null, 'id', id, 'method', 'GET', 'path',
             '/Orchards/{AccountSID}/' || path, 'sensitive', false, 'value', id))
          from (values ('trees:listTrees', 'Trees'), ('trees:getTree', 'Trees/{TreeId}'),
              ('harvests:listHarvests', 'Harvests')) as scopes (id, path)), 90, 'active', now(),
         now() + interval '90 days'
     from countersign.requests where name_key like 'bench %' order by number",
    "analyze",
];
const SECRETS: &str = "insert into countersign.secrets (token_id, request_id, account_sid, sha256,
        state, current_from)
    select tokens.id, request_id, tokens.account_sid, hash, 'current', now()
    from unnest($1::bytea[]) with ordinality as given (hash, n)
    join countersign.requests on number = n and name_key like 'bench %'
    join countersign.tokens on tokens.request_id = requests.id";

pub struct Gate {
    pub setup: Setup,
    secrets: Vec<SecretString>,
    /// The secret of [`CALLER`].
    pub caller: SecretString,
}

impl Gate {
    /// With so many tokens.
    pub async fn start(label: &str, count: usize) -> anyhow::Result<Self> {
        let caller = secret::mint()?;
        let settings = format!(
            "[verify]\nlisten = \"127.0.0.1:0\"\nheaders = \"forwarded\"\n\
             trusted_proxies = [\"127.0.0.1/32\"]\n\
             introspection_clients = [{{ name = \"{CALLER}\", bearer_sha256 = \"{}\" }}]",
            hex::encode(secret::sha256(&caller))
        );
        let settings = toml::from_str(&settings)?;
        let setup = Setup::with(label, Options::standard(), |config| {
            config.overrides = settings;
            config.environment.push(("RUST_LOG".to_owned(), "warn".to_owned()));
        })
        .await?;
        let minted: Result<Vec<SecretString>, _> = (0..count).map(|_| secret::mint()).collect();
        let secrets = minted?;
        let hashes: Vec<Vec<u8>> =
            secrets.iter().map(|secret| secret::sha256(secret).to_vec()).collect();
        fill(&setup, &hashes).await.context("filling the database")?;
        Ok(Self { setup, secrets, caller })
    }

    /// One request for each token, as a proxy asks whether to let it through.
    pub fn authorize(&self) -> Requests {
        let numbered = self.secrets.iter().zip(1..);
        let request = |(secret, number): (&SecretString, usize)| {
            format!(
                "GET /v1/authorize HTTP/1.1\r\nHost: countersign\r\nAuthorization: Bearer {}\r\n\
                 X-Forwarded-Method: GET\r\nX-Forwarded-Uri: /Orchards/CS{number:024}/Trees?page=2\r\n\
                 X-Forwarded-For: 192.0.2.1\r\n\r\n",
                secret.expose_secret()
            )
            .into_bytes()
        };
        Arc::new(numbered.map(request).collect())
    }

    /// One request for each token, as a service asks what it is.
    pub fn introspect(&self) -> Requests {
        let secrets = self.secrets.iter().map(|secret| secret.expose_secret());
        introspect("/v1/introspect", &self.caller, secrets)
    }
}

/// Requests of RFC 7662 to this path, one for each token.
pub fn introspect<'a>(
    path: &str,
    caller: &SecretString,
    tokens: impl Iterator<Item = &'a str>,
) -> Requests {
    let pair = STANDARD.encode(format!("{CALLER}:{}", caller.expose_secret()));
    let request = |token: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {pair}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\ntoken={token}",
            "token=".len() + token.len()
        )
        .into_bytes()
    };
    Arc::new(tokens.map(request).collect())
}

async fn fill(setup: &Setup, hashes: &[Vec<u8>]) -> anyhow::Result<()> {
    let mut connection = setup.connect().await?;
    for statement in FILL {
        let statement = statement.replace("$1", &hashes.len().to_string());
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await?;
    }
    sqlx::query(SECRETS).bind(hashes).execute(&mut connection).await?;
    Ok(())
}
