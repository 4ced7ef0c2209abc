//! A migrated database, a configuration with one `builtin` provider, and people.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use countersign::config::Config;
use countersign::domain::content::Digest;
use countersign::domain::form::{ContactFacts, Form};
use countersign::domain::ids::{DeliveryId, DraftId, InteractionId, RequestId, RoleId, UserId};
use countersign::domain::request::Request;
use countersign::keyring::{self, Keyring};
use countersign::network::Network;
use countersign::store::{migrate, pool};
use countersign::workflow::request::decide::{self, ApproveOutcome};
use countersign::workflow::request::draft::{self, NeedsReview, SubmittedForm};
use countersign::workflow::request::edit_draft::DraftEdit;
use countersign::workflow::request::submit::{self, SubmitOutcome, Submitted};
use countersign::workflow::{Actor, Outcome, Workflow};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::AssertSqlSafe;
use testkit::postgres::{APPLICATION, Database, Postgres};

pub const RIN: i64 = 11;
pub const AKI: i64 = 12;
pub const BEN: i64 = 13;
pub const CHIYO: i64 = 14;
pub const ADMINS: i64 = 99;

pub fn person(id: i64) -> UserId {
    UserId::new(id).unwrap()
}

pub struct Fixture {
    pub workflow: Workflow,
    presses: AtomicI64,
    newcomers: AtomicI64,
    /// Its database, for looking behind the scenes.
    pub database: Database,
}

impl Fixture {
    pub async fn new(label: &str) -> Self {
        Self::configured(label, "").await
    }

    /// With these settings in the configuration.
    pub async fn configured(label: &str, settings: &str) -> Self {
        Self::with_issuer(label, settings, "kind = \"builtin\"").await
    }

    /// A provider where an admin creates, changes and disables tokens.
    pub async fn by_hand(label: &str) -> Self {
        Self::with_issuer(label, "", &by_hand()).await
    }

    async fn with_issuer(label: &str, settings: &str, issuer: &str) -> Self {
        let postgres = Postgres::shared().await.unwrap();
        let database = postgres.database(label).await.unwrap();
        let owner_url = SecretString::from(database.owner_url.as_str());
        let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
        migrate::run(&mut owner, APPLICATION, false).await.unwrap();
        let keys = keyring::generate().unwrap();
        let workflow = Workflow::new(
            pool::build_lazy_pool(&SecretString::from(database.url.as_str()), &Network::default())
                .unwrap(),
            Arc::new(config(&database.url, settings, issuer, &catalogue())),
            Arc::new(Keyring::parse(keys.expose_secret()).unwrap()),
        );
        Self { workflow, presses: AtomicI64::new(1), newcomers: AtomicI64::new(1_000), database }
    }

    /// The operator edits the catalogue: replaces the first occurrence.
    pub fn edit_catalogue(&mut self, from: &str, to: &str) {
        let (before, builtin) = (catalogue(), "kind = \"builtin\"");
        assert!(before.contains(from), "{from}");
        let after = before.replacen(from, to, 1);
        self.workflow.config = Arc::new(config(&self.database.url, "", builtin, &after));
    }

    /// A person who never used the bot: a developer.
    pub fn newcomer(&self) -> i64 {
        self.newcomers.fetch_add(1, Ordering::Relaxed)
    }

    /// A person in a new interaction, in the guild.
    pub fn member(&self, id: i64) -> Actor {
        self.actor(id, true)
    }

    /// Time passes: changes a row as the schema's owner, past the table's guards.
    pub async fn as_owner(&self, table: &str, change: &str) {
        let owner_url = SecretString::from(self.database.owner_url.as_str());
        let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
        let switch = |how: &str| {
            format!(
                "do $$ declare guard name; begin
                     for guard in select tgname from pg_trigger
                         where tgrelid = '{table}'::regclass and tgname like 'guard%'
                     loop execute format('alter table {table} {how} trigger %I', guard); end loop;
                 end $$;"
            )
        };
        let (off, on) = (switch("disable"), switch("enable"));
        let past = format!("begin; {off} update {table} set {change}; {on} commit");
        sqlx::raw_sql(AssertSqlSafe(past)).execute(&mut owner).await.unwrap();
    }

    /// Thousands of rows, past the guards of these tables; `statements` take the first and the last number
    /// as `$1` and `$2`.
    pub async fn fill(&self, tables: &[&str], statements: &str, count: i64) {
        let owner_url = SecretString::from(self.database.owner_url.as_str());
        let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
        let switch = |how: &str| -> String {
            tables.iter().map(|table| format!("alter table {table} {how} trigger user;")).collect()
        };
        let (off, on) = (switch("disable"), switch("enable"));
        let rows = statements.replace("$1", "1").replace("$2", &count.to_string());
        let all = format!("{off}{rows}{on} analyze;");
        sqlx::raw_sql(AssertSqlSafe(all)).execute(&mut owner).await.unwrap();
        sqlx::raw_sql("vacuum analyze").execute(&mut owner).await.unwrap();
    }

    /// One new connection, in sessions with only these settings.
    pub async fn reconnect_with(&mut self, settings: &[&str]) {
        let admin_url = SecretString::from(self.database.admin_url.as_str());
        let mut admin = pool::connect(&admin_url, &Network::default()).await.unwrap();
        let name = &self.database.name;
        let set: String = settings
            .iter()
            .map(|setting| format!("alter database \"{name}\" set {setting};"))
            .collect();
        let all = format!("alter database \"{name}\" reset all; {set}");
        sqlx::raw_sql(AssertSqlSafe(all)).execute(&mut admin).await.unwrap();
        self.workflow.pool.close().await;
        let url = SecretString::from(self.database.url.as_str());
        self.workflow.pool =
            pool::build_pool_of_size(&url, &Network::default(), 1, Duration::from_secs(5)).unwrap();
    }

    /// A person in a new interaction, in the guild or in a direct message.
    pub fn actor(&self, id: i64, in_guild: bool) -> Actor {
        let admin = if id == RIN || id >= 1_000 { None } else { RoleId::new(ADMINS).ok() };
        Actor {
            user: person(id),
            name: format!("Person {id}"),
            roles: in_guild.then(|| BTreeSet::from_iter(admin)),
            locale: "en-US".into(),
            interaction: InteractionId::new(self.presses.fetch_add(1, Ordering::Relaxed)).unwrap(),
        }
    }

    pub async fn attempt(&self, id: i64, name: &str) -> Outcome<Submitted> {
        self.submit_as(&self.actor(id, true), name).await
    }

    /// A person fills in a draft and submits it; the last press is this actor's.
    pub async fn submit_as(&self, actor: &Actor, name: &str) -> Outcome<Submitted> {
        let provider = "orchard".parse().unwrap();
        let filled = self.filled(actor.user, name, "Nightly reports");
        let before = self.same_person(actor);
        let draft = draft::submit_form(&self.workflow, &before, &provider, filled).await?.draft;
        let category =
            self.workflow.config.providers[0].catalogue.newest().categories[0].id.clone();
        let step = DraftEdit::WholeCategory(category);
        draft::edit(&self.workflow, &self.same_person(actor), draft.id, step).await?;
        self.submit_for_approvals(actor, draft.id).await
    }

    /// The same for the description of a pending request.
    pub async fn edit_as(
        &self,
        actor: &Actor,
        request: RequestId,
        description: &str,
    ) -> Outcome<Submitted> {
        let draft =
            draft::begin_edit(&self.workflow, &self.same_person(actor), request, None).await?.draft;
        let filled = self.filled(actor.user, &draft.form.name, description);
        draft::change_details(&self.workflow, &self.same_person(actor), draft.id, filled).await?;
        self.submit_for_approvals(actor, draft.id).await
    }

    /// *Create*, in a case that must wait for approvals.
    pub async fn submit_for_approvals(&self, actor: &Actor, draft: DraftId) -> Outcome<Submitted> {
        match self.press_create(actor, draft).await? {
            SubmitOutcome::Submitted(submitted) => Ok(*submitted),
            SubmitOutcome::Narrowed(narrowed, _) => panic!("narrowed at once: {narrowed:?}"),
            SubmitOutcome::NeedsReview(changed) => panic!("to be looked at again: {changed:?}"),
        }
    }

    /// *Create* on the current panel: a press without one shows it, and if something changed in between it
    /// is pressed again.
    pub async fn press_create(&self, actor: &Actor, draft: DraftId) -> Outcome<SubmitOutcome> {
        let mut shown = None;
        let mut press = actor.clone();
        loop {
            match submit::complete_draft(&self.workflow, &press, draft, shown).await? {
                SubmitOutcome::NeedsReview(now)
                    if now.needs_review == Some(NeedsReview::PanelOutdated) =>
                {
                    (press, shown) = (self.same_person(actor), now.asks_for);
                }
                created => return Ok(created),
            }
        }
    }

    fn filled(&self, contact: UserId, name: &str, description: &str) -> SubmittedForm {
        let form = Form {
            name: name.into(),
            description: description.into(),
            api_version: self.workflow.config.providers[0].catalogue.newest().version,
            contact,
            developer_emails: "dev@example.com".into(),
        };
        let contact = ContactFacts { is_bot: false, is_member: true };
        SubmittedForm { form, contact, contact_name: Some("Contact".into()) }
    }

    /// The same person in another interaction.
    fn same_person(&self, actor: &Actor) -> Actor {
        Actor { interaction: self.actor(1, true).interaction, ..actor.clone() }
    }

    pub async fn submit(&self, id: i64, name: &str) -> Request {
        self.attempt(id, name).await.unwrap().request
    }

    pub async fn approve(
        &self,
        id: i64,
        request: &Request,
        digest: Digest,
    ) -> Outcome<ApproveOutcome> {
        decide::approve(&self.workflow, &self.actor(id, true), request.id, digest).await
    }

    /// *All scopes*, which Discord accepted. Returns the request as it was shown.
    pub async fn read_details(&self, id: i64, request: RequestId) -> Request {
        let actor = self.member(id);
        let shown = decide::get_request_to_read(&self.workflow, &actor, request).await.unwrap();
        decide::note_read(&self.workflow, &actor, &shown).await.unwrap();
        shown
    }

    pub async fn count(&self, query: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(query.to_owned()))
            .fetch_one(&mut *self.workflow.pool.acquire().await.unwrap())
            .await
            .unwrap()
    }

    pub async fn delivery(&self) -> DeliveryId {
        DeliveryId::new(self.count("select id from deliveries").await).unwrap()
    }

    /// Runs statements as the application's role, in a transaction that is rolled back. Returns the code of
    /// the refusal.
    pub async fn attack(&self, statements: &str) -> Option<String> {
        let mut transaction = self.workflow.pool.begin().await.unwrap();
        let done =
            sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut *transaction).await;
        let error = done.err()?;
        error.as_database_error()?.code().map(|code| code.into_owned())
    }
}

/// The configuration of an issuer where an admin makes tokens at the provider.
pub fn by_hand() -> String {
    let steps = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/steps/impact-agency");
    format!("kind = \"manual\"\nsteps = \"{}\"", steps.display())
}

fn catalogue() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/catalogues/playground.toml");
    std::fs::read_to_string(file).unwrap()
}

fn config(url: &str, settings: &str, issuer: &str, catalogue: &str) -> Config {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("countersign.toml");
    std::fs::write(directory.path().join("catalogue.toml"), catalogue).unwrap();
    let text = format!(
        r#"
        [discord]
        token = "test"
        application_id = "1"
        guild_id = "2"
        [database]
        url = "{url}"
        [http]
        listen = "127.0.0.1:0"
        [keys]
        file = "keys"
        [mail]
        url = "file:///nowhere"
        from = "Countersign <tokens@example.com>"
        [[providers]]
        id = "orchard"
        name = "Orchard"
        locale = "en-US"
        catalogue = "catalogue.toml"
        approval_channel = "3"
        admin_roles = ["{ADMINS}"]
        [providers.issuer]
        {issuer}
        {settings}
        "#,
    );
    std::fs::write(&file, text).unwrap();
    Config::load_with(&file, []).unwrap()
}
