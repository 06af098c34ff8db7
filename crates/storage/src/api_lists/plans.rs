//! How both databases mean to find what a filter asks for: along the index of its attribute.

use domain::binding_job::DeliveryMethod;
use domain::filter::{Attribute, Operator};
use domain::group::GroupName;
use domain::identity::{ProfileForm, Source};
use domain::{TenantId, Timestamp};
use testkit::{Place, on_both};

use super::*;
use crate::tx::Conn;
use crate::{Database, NewIdentity, NewJob, NewPasskey, Store};

on_both![what_equals_or_begins_with_a_text_is_found_by_an_index, a_list_without_a_filter_is_read_in_the_order_of_an_index];

const REALM: RealmId = RealmId::from_i64(1);
const NOW: Timestamp = Timestamp::from_micros(10);
/// So many that PostgreSQL finds an index worth its while.
const PEOPLE: i64 = 3_000;

/// A realm whose rows differ in everything, but for states: few are suspended, enrolled, revoked and mailed.
async fn filled(place: Place) -> Store {
    let database = match place {
        Place::Sqlite(file) => Database::Sqlite(file),
        Place::Postgres(address) => Database::Postgres(address),
    };
    let store = Store::connect(&database).await.unwrap();
    store.migrate().await.unwrap();
    let mut tx = store.write().await.unwrap();
    tx.insert_realm(REALM, TenantId::from_i64(1), "Realm", "", NOW).await.unwrap();
    let people: Vec<_> = (1..=PEOPLE).map(person).collect();
    tx.insert_identities(&people).await.unwrap();
    for number in 1..=PEOPLE / 5 {
        let name = GroupName::parse(&format!("{number} group")).unwrap();
        tx.insert_group(GroupId::from_i64(number), REALM, &name, "", NOW).await.unwrap();
        tx.insert_job(&job(number)).await.unwrap();
        tx.insert_passkey(&passkey(number)).await.unwrap();
    }
    for sql in [
        "UPDATE identities SET status = 'suspended', enrollment_status = 'ENROLLED' WHERE id < 5",
        "UPDATE binding_jobs SET state = 'REVOKED', delivery_method = 'EMAIL' WHERE id < 5",
        "INSERT INTO group_members SELECT g.id, i.id, 10 FROM groups g, identities i WHERE i.id - g.id BETWEEN 0 AND 3",
    ] {
        tx.run(sql).await.unwrap();
    }
    tx.commit().await.unwrap();
    // Nobody has SQLite analyzed; PostgreSQL does it by itself, some time.
    let mut tx = store.write().await.unwrap();
    if matches!(tx.conn(), Conn::Postgres(_)) {
        tx.run("ANALYZE").await.unwrap();
    }
    tx.commit().await.unwrap();
    store
}

fn person(number: i64) -> NewIdentity {
    let form = ProfileForm {
        display_name: format!("{number} Zoe"),
        username: format!("{number}zoe"),
        email: format!("{number}@example.org"),
        external_id: format!("{number}-1"),
        ..ProfileForm::default()
    };
    NewIdentity { id: IdentityId::from_i64(number), realm: REALM, profile: form.parse().unwrap(), source: Source::Manual, at: NOW }
}

fn job(number: i64) -> NewJob {
    let mut token_hash = [0; 32];
    token_hash[..8].copy_from_slice(&number.to_be_bytes());
    let (id, identity) = (BindingJobId::from_i64(number), IdentityId::from_i64(number));
    NewJob {
        id,
        realm: REALM,
        identity,
        token_hash,
        delivery: DeliveryMethod::Return,
        redirect_uri: None,
        batch: None,
        at: NOW,
        expires_at: NOW,
    }
}

fn passkey(number: i64) -> NewPasskey {
    NewPasskey {
        id: PasskeyId::from_i64(number),
        realm: REALM,
        identity: IdentityId::from_i64(number),
        credential_id: number.to_be_bytes().to_vec(),
        credential: String::new(),
        aaguid: [0; 16],
        name: "Security key".into(),
        backup_eligible: false,
        backup_state: false,
        at: NOW,
    }
}

impl Tx {
    async fn run(&mut self, sql: &'static str) -> Result<u64> {
        Ok(execute!(self, sql))
    }

    async fn plan(&mut self, (sql, values): (String, Vec<Bound>)) -> String {
        let lines: Vec<String> = match self.conn() {
            Conn::Sqlite(conn) => {
                let sql = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
                let rows = bind_all!(sqlx::query_as::<sqlx::Sqlite, (i64, i64, i64, String)>(sql), values).fetch_all(conn).await.unwrap();
                rows.into_iter().map(|(.., line)| line).collect()
            }
            Conn::Postgres(conn) => {
                let sql = sqlx::AssertSqlSafe(format!("EXPLAIN {sql}"));
                bind_all_postgres!(sqlx::query_scalar::<sqlx::Postgres, String>(sql), values).fetch_all(conn).await.unwrap()
            }
        };
        lines.join("\n")
    }

    /// Tells whether this list is found in the index by the column, as a page and when it is counted.
    async fn find<A: Stored>(
        &mut self,
        list: impl Fn(&mut Tx, &Condition<A>) -> List,
        attribute: A,
        text: &str,
        index: &str,
        column: &str,
    ) {
        for operator in [Operator::Equal, Operator::StartsWith] {
            let condition = Condition::compare(attribute, operator, text).unwrap();
            let page = list(self, &condition).ids(Some(0), 0, 20);
            let count = list(self, &condition).count();
            for statement in [page, count] {
                let sql = statement.0.clone();
                let plan = self.plan(statement).await;
                let by_column = [format!("{column}=?"), format!("{column}>?"), format!("({column} "), format!("({column})")];
                let found = plan.lines().any(|line| line.contains(index)) && by_column.iter().any(|by| plan.contains(by));
                assert!(found, "{attribute:?} {operator:?}: {sql}\n{plan}");
            }
        }
    }
}

async fn what_equals_or_begins_with_a_text_is_found_by_an_index(place: Place) {
    let store = filled(place).await;
    let mut tx = store.read().await.unwrap();
    for attribute in IdentityAttribute::ALL {
        let (text, index, column) = match attribute {
            IdentityAttribute::Username => ("1234zoe", "identities_username", "username_key"),
            IdentityAttribute::Email => ("1234@example.org", "identities_email_key", "email_key"),
            IdentityAttribute::ExternalId => ("1234-1", "identities_external_id", "external_id"),
            IdentityAttribute::DisplayName => ("1234 Zoe", "identities_name_key", "name_key"),
            IdentityAttribute::Status => ("suspended", "identities_status", "status"),
            IdentityAttribute::Enrollment => ("ENROLLED", "identities_enrollment", "enrollment_status"),
        };
        tx.find(|tx, condition| identities_of(tx, REALM, Some(condition)), *attribute, text, index, column).await;
    }
    let groups = |tx: &mut Tx, condition: &_| groups_of(tx, REALM, Some(condition));
    tx.find(groups, GroupAttribute::DisplayName, "123 group", "groups_name", "name_key").await;
    let jobs = |tx: &mut Tx, condition: &_| jobs_of(tx, REALM, None, Some(condition));
    tx.find(jobs, JobAttribute::State, "REVOKED", "binding_jobs_state", "state").await;
    tx.find(jobs, JobAttribute::Delivery, "EMAIL", "binding_jobs_delivery", "delivery_method").await;
}

async fn a_list_without_a_filter_is_read_in_the_order_of_an_index(place: Place) {
    let store = filled(place).await;
    let mut tx = store.read().await.unwrap();
    let lists = [
        identities_of(&mut tx, REALM, None),
        groups_of(&mut tx, REALM, None),
        jobs_of(&mut tx, REALM, None, None),
        jobs_of(&mut tx, REALM, Some(IdentityId::from_i64(7)), None),
        passkeys_of(REALM, None),
        passkeys_of(REALM, Some(IdentityId::from_i64(7))),
        memberships(("m.group_id", "groups", 7), REALM, "m.identity_id"),
        memberships(("m.identity_id", "identities", 7), REALM, "m.group_id"),
    ];
    for list in lists {
        let (from, sqlite) = (list.from, matches!(tx.conn(), Conn::Sqlite(_)));
        let (sql, values) = list.ids(Some(5), 0, 20);
        let plan = tx.plan((sql, values)).await;
        assert!(!plan.contains("SCAN") && !plan.contains("Seq Scan"), "{from}: {plan}");
        assert!(!sqlite || !plan.contains("ORDER BY"), "{from}: {plan}");
    }
}
