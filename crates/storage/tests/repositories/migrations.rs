//! Migrations: each runs on a database that the version before has filled, and only once.

use std::path::{Path, PathBuf};

use domain::binding_job::State;
use domain::filter::{Condition, IdentityAttribute, Operator};
use domain::fold::Search;
use domain::group::GroupName;
use domain::identity::EnrollmentStatus;
use domain::listing::EventListRequest;
use domain::{GroupId, IdentityId, PasskeyId, RealmId};
use sqlx::migrate::Migrator;
use storage::{Error, EventQuery, Filter, ListQuery, Sort, SortKey, Store, Stretch};
use testkit::{Place, on_both, postgres_only};

use crate::db::Db;

on_both![
    a_database_that_was_never_migrated_lacks_every_migration,
    migrating_twice_does_nothing,
    a_database_of_a_newer_version_is_refused,
    every_version_carries_its_data_forward,
];
postgres_only![two_processes_may_migrate_at_once];

fn name(db: &Db) -> &'static str {
    if db.is_sqlite() { "sqlite" } else { "postgres" }
}

async fn migrations(db: &Db) -> Migrator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(name(db));
    Migrator::new(folder).await.unwrap()
}

async fn a_database_that_was_never_migrated_lacks_every_migration(place: Place) {
    let db = Db::at(place);
    let store = Store::connect(&db.database).await.unwrap();
    assert_eq!(store.pending_migrations().await.unwrap(), migrations(&db).await.iter().count());
    store.migrate().await.unwrap();
    assert_eq!(store.pending_migrations().await.unwrap(), 0);
}

async fn migrating_twice_does_nothing(place: Place) {
    let (db, store) = Db::open(place).await;
    let log = "SELECT CAST(version AS TEXT) || ' ' || CAST(installed_on AS TEXT) FROM _sqlx_migrations ORDER BY version";
    let before = (db.rows::<(String,)>(log).await, tables(&db).await);
    store.migrate().await.unwrap();
    assert_eq!((db.rows::<(String,)>(log).await, tables(&db).await), before);
}

async fn a_database_of_a_newer_version_is_refused(place: Place) {
    let (db, store) = Db::open(place).await;
    db.execute(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT 9999, 'newer', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
    )
    .await
    .unwrap();
    assert!(matches!(store.migrate().await, Err(Error::Migrate(sqlx::migrate::MigrateError::VersionMissing(9999)))));
    assert_eq!(store.pending_migrations().await.unwrap(), 0);
}

async fn two_processes_may_migrate_at_once(place: Place) {
    let db = Db::at(place);
    let (one, other) = (Store::connect(&db.database).await.unwrap(), Store::connect(&db.database).await.unwrap());
    let other = tokio::spawn(async move { other.migrate().await });
    one.migrate().await.unwrap();
    other.await.unwrap().unwrap();
    assert_eq!(one.pending_migrations().await.unwrap(), 0);
}

/// Our tables and how many rows each has.
async fn tables(db: &Db) -> Vec<(String, i64)> {
    let names = if db.is_sqlite() {
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%_sqlx%' AND name NOT LIKE 'identity_search_%' AND name NOT LIKE 'event_search_%' ORDER BY 1"
    } else {
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE '%_sqlx%' ORDER BY 1"
    };
    let mut tables = Vec::new();
    for (table,) in db.rows::<(String,)>(names).await {
        let rows = db.number(&format!("SELECT count(*) FROM {table}")).await;
        tables.push((table, rows));
    }
    tables
}

async fn migrate_to(db: &Db, version: i64) {
    let migrations = migrations(db).await;
    if db.is_sqlite() {
        migrations.run_to(version, &mut db.sqlite().await).await.unwrap();
    } else {
        migrations.run_to(version, &mut db.postgres().await).await.unwrap();
    }
}

/// What each version adds to a database's content: a new migration comes with a new file.
fn filling(db: &Db, version: i64) -> String {
    let file: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/filled", name(db), &format!("{version:04}.sql")].iter().collect();
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

async fn every_version_carries_its_data_forward(place: Place) {
    let db = Db::at(place);
    let mut filled = Vec::new();
    for migration in migrations(&db).await.iter() {
        migrate_to(&db, migration.version).await;
        let kept = tables(&db).await;
        for table in &filled {
            assert!(kept.contains(table), "migration {} lost something of {table:?}", migration.version);
        }
        db.execute(&filling(&db, migration.version)).await.unwrap();
        filled = tables(&db).await;
        for (table, rows) in &filled {
            assert!(*rows > 0, "version {} has nothing in {table}", migration.version);
        }
    }
    db.store().await.migrate().await.unwrap();
    read_first_version(&db).await;
}

/// Reads with today's program what the first version's file has put in.
async fn read_first_version(db: &Db) {
    let store = db.store().await;
    assert_eq!(store.pending_migrations().await.unwrap(), 0);
    let mut tx = store.write().await.unwrap();
    let (realm, person, passkey) = (RealmId::from_i64(1), IdentityId::from_i64(2), PasskeyId::from_i64(4));
    assert_eq!(tx.first_realm().await.unwrap(), Some(realm));
    let identity = tx.identity(realm, person).await.unwrap().unwrap();
    assert_eq!((identity.enrollment, identity.passkeys, identity.groups), (EnrollmentStatus::Enrolled, 1, 1));
    assert_eq!(identity.traits["title"], "Engineer");
    let filter = Filter { search: Search::parse("zo"), ..Filter::default() };
    for key in [SortKey::Name, SortKey::Created] {
        let sort = Sort { key, descending: false };
        let query = ListQuery { realm, filter: filter.clone(), sort, from: None, backward: false, limit: 10 };
        assert_eq!(tx.list_identities(&query).await.unwrap().rows.len(), 1);
    }
    assert_eq!(tx.group_by_name(realm, &GroupName::parse("Staff").unwrap()).await.unwrap(), Some(GroupId::from_i64(3)));
    // Names from before there was a folded one are found by it.
    for typed in ["taf", "equipe angstrom"] {
        assert_eq!(tx.groups_page(realm, Search::parse(typed).as_ref(), "", 10).await.unwrap().len(), 1, "{typed}");
    }
    // So are names and addresses.
    for (attribute, text) in [(IdentityAttribute::DisplayName, "ZOË"), (IdentityAttribute::Email, "Zoe@Example.org")] {
        let condition = Condition::compare(attribute, Operator::Equal, text).unwrap();
        let found = tx.identities_by_id(realm, Some(&condition), Stretch { after: None, skip: 0, limit: 10 }).await.unwrap();
        assert_eq!(found.iter().map(|identity| identity.id).collect::<Vec<_>>(), [person], "{text}");
    }
    assert_eq!(tx.groups_of(realm, person).await.unwrap().len(), 1);
    assert_eq!(tx.passkeys_of(realm, person).await.unwrap()[0].id, passkey);
    let jobs: Vec<_> = tx.jobs_of(realm, person, None, 10).await.unwrap().into_iter().map(|job| (job.state, job.passkey)).collect();
    assert_eq!(jobs, [(State::LinkOpened, None), (State::Complete, Some(passkey))]);
    assert_eq!(tx.session(&[0; 32]).await.unwrap().unwrap().identity, person);
    assert!(tx.take_ceremony(&[0; 32]).await.unwrap().is_some());
    assert_eq!(tx.policy(realm).await.unwrap().rules.len(), 1);
    assert_eq!(tx.events_of(realm, person, None, 10).await.unwrap().len(), 1);
    // What was written before there were seals is sealed, and found by its words.
    assert_eq!(tx.seal_events(10).await.unwrap(), Some(1));
    let asked = EventListRequest { search: "identity".into(), ..EventListRequest::default() };
    let found = tx.events(&EventQuery::new(realm, &asked, 10)).await.unwrap();
    assert_eq!(found[0].seal.as_ref().map(|seal| seal.position), Some(1));
    assert!(tx.delete_identity(realm, person).await.unwrap());
    tx.commit().await.unwrap();
}
