//! A database of the last release is upgraded to the current schema.
//!
//! Releases are tags, `v0.1.0` and so on, that CHANGELOG.md lists. Until there is one, today's own files
//! are used instead, so that the code is tested too.

use std::path::{Path, PathBuf};
use std::process::Command;

use countersign::network::Network;
use countersign::store::{migrate, pool, shipped};
use secrecy::SecretString;
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, PgConnection};
use tempfile::TempDir;
use testkit::postgres::{APPLICATION, Postgres};

/// Where this project's files are.
fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The tag of the newest release in a changelog: `## 0.1.0 - 2026-12-24` is `v0.1.0`.
fn last_release(changelog: &str) -> Option<String> {
    let mut headings = changelog.lines().filter_map(|line| line.strip_prefix("## "));
    let numbered =
        headings.find(|heading| heading.starts_with(|first: char| first.is_ascii_digit()))?;
    numbered.split_whitespace().next().map(|version| format!("v{version}"))
}

/// The output of git in a folder; `None` if it fails.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    let output = output.expect("git is missing: install it");
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

/// The files of `migrations/` as a release has them.
fn files_of(project: &Path, tag: &str) -> TempDir {
    let listed = git(project, &["ls-tree", "-r", "--name-only", tag, "migrations"]);
    let listed = listed.unwrap_or_else(|| {
        panic!(
            "CHANGELOG.md names the release {tag}, and git has no such tag: run `git fetch --tags`"
        )
    });
    let folder = TempDir::new().unwrap();
    for file in listed.lines() {
        let text = git(project, &["show", &format!("{tag}:{file}")]).unwrap();
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// Does what that release's `migrate` did with an empty database. Returns the number of its migrations.
async fn install(owner: &mut PgConnection, migrations: &Path) -> usize {
    let read = |file: &str| std::fs::read_to_string(migrations.join(file)).unwrap();
    sqlx::raw_sql("create schema countersign").execute(&mut *owner).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(read("before.sql"))).execute(&mut *owner).await.unwrap();
    let migrator = Migrator::new(migrations).await.unwrap();
    migrator.run(&mut *owner).await.unwrap();
    // `common` first, because the others use its definitions.
    let mut guards: Vec<String> = std::fs::read_dir(migrations.join("guards"))
        .unwrap()
        .map(|entry| format!("guards/{}", entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    guards.sort_by_key(|file| (!file.ends_with("common.sql"), file.clone()));
    let grants = read("grants.sql").replace("{role}", APPLICATION);
    for text in guards.iter().map(|file| read(file)).chain([grants]) {
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *owner).await.unwrap();
    }
    migrator.iter().count()
}

/// A database with the schema in `migrations`, brought to today's: nothing may differ from what ships.
async fn upgrade(label: &str, migrations: &Path) {
    let database = Postgres::shared().await.unwrap().database(label).await.unwrap();
    let owner_url = SecretString::from(database.owner_url.as_str());
    let mut owner = pool::connect(&owner_url, &Network::default()).await.unwrap();
    let had = install(&mut owner, migrations).await;
    let done = migrate::run(&mut owner, APPLICATION, false).await.unwrap();
    assert_eq!(had + done.applied, pool::MIGRATIONS.iter().count());
    assert!(done.left.is_empty(), "{:#?}", done.left);
    let differences = shipped::find_differences(&mut owner, APPLICATION, false).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn the_last_release_can_be_upgraded() {
    let changelog = std::fs::read_to_string(project().join("CHANGELOG.md")).unwrap();
    match last_release(&changelog) {
        Some(tag) => {
            let files = files_of(&project(), &tag);
            upgrade("last release", &files.path().join("migrations")).await;
        }
        None => upgrade("no release", &project().join("migrations")).await,
    }
}

#[test]
fn a_release_is_read_from_the_changelog_and_from_git() {
    let changelog =
        "# Changes\n\n## Unreleased\n\n## 0.2.0 - 2027-01-09\n\n## 0.1.0 - 2026-12-24\n";
    assert_eq!(last_release(changelog).as_deref(), Some("v0.2.0"));
    assert_eq!(last_release("## Unreleased\n"), None);

    let folder = TempDir::new().unwrap();
    let guards = folder.path().join("migrations/guards");
    std::fs::create_dir_all(&guards).unwrap();
    std::fs::write(guards.join("common.sql"), "select 'as released';\n").unwrap();
    let author = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
    for step in [
        vec!["init", "-q"],
        vec!["add", "."],
        [&author[..], &["commit", "-q", "--no-gpg-sign", "-m", "a release"]].concat(),
        vec!["tag", "v0.2.0"],
    ] {
        git(folder.path(), &step).unwrap_or_else(|| panic!("git {step:?}"));
    }
    std::fs::write(guards.join("common.sql"), "select 'as of today';\n").unwrap();
    let files = files_of(folder.path(), "v0.2.0");
    let common =
        std::fs::read_to_string(files.path().join("migrations/guards/common.sql")).unwrap();
    assert_eq!(common, "select 'as released';\n");
}
