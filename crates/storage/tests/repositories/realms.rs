//! Realms are isolated: for every question, what another realm has is as good as not there.

use domain::binding_job::BindingJob;
use domain::branding::Branding;
use domain::group::GroupName;
use domain::identity::Status;
use domain::policy::{Decision, Policy, Rule};
use domain::realm::RealmForm;
use domain::record::Summary;
use domain::{BindingJobId, GroupId, IdentityId, PasskeyId, RealmId, TenantId};
use storage::{Filter, ListQuery, NewLogo, Sort, SortKey, Tx};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    questions_about_another_realms_things_find_nothing,
    changes_to_another_realms_things_change_nothing,
    the_first_realm_is_the_oldest_one,
    an_edit_names_the_version_it_started_from,
    a_realm_goes_with_its_policy_and_branding,
    what_belongs_to_a_realm_is_content_or_goes_with_it,
    whoever_comes_into_a_realm_is_waited_for,
    a_realm_is_known_by_its_id,
];

/// One of each kind in a realm.
struct Things {
    realm: RealmId,
    person: IdentityId,
    group: GroupId,
    passkey: PasskeyId,
    job: BindingJobId,
    token: [u8; 32],
}

async fn things(db: &Db, tx: &mut Tx) -> Things {
    let realm = made::realm(db, tx).await;
    let person = made::person(db, tx, realm, "Zoë Ångström").await;
    let group = made::group(db, tx, realm, "Staff").await;
    tx.add_member(realm, group, person, made::at(0)).await.unwrap();
    let passkey = made::passkey(db, tx, realm, person).await;
    let job = made::job(db, tx, realm, person).await;
    let session = made::new_session(db, realm, person, passkey);
    tx.insert_session(&session).await.unwrap();
    tx.insert_event(&made::new_event(db, realm, Some(person))).await.unwrap();
    let rule = Rule { groups: vec![group], ..Rule::new(Decision::Allow) };
    tx.publish_policy(db.id(), realm, &Policy { rules: vec![rule] }, "Ana", made::at(0)).await.unwrap();
    tx.refresh_enrollment(person).await.unwrap();
    Things { realm, person, group, passkey, job, token: session.token_hash }
}

fn everyone(realm: RealmId, filter: Filter) -> ListQuery {
    ListQuery { realm, filter, sort: Sort { key: SortKey::Name, descending: false }, from: None, backward: false, limit: 10 }
}

/// How many things each question that takes a realm finds.
async fn found(tx: &mut Tx, realm: RealmId, things: &Things) -> Vec<(&'static str, usize)> {
    let username = tx.identity(things.realm, things.person).await.unwrap().unwrap().username;
    let in_group = Filter { group: Some(things.group), ..Filter::default() };
    let searched = Filter { search: domain::fold::Search::parse("zoe"), ..Filter::default() };
    vec![
        ("identity", usize::from(tx.identity(realm, things.person).await.unwrap().is_some())),
        ("identity_by_username", usize::from(tx.identity_by_username(realm, &username).await.unwrap().is_some())),
        ("list_identities", tx.list_identities(&everyone(realm, Filter::default())).await.unwrap().rows.len()),
        ("list_identities of a group", tx.list_identities(&everyone(realm, in_group.clone())).await.unwrap().rows.len()),
        ("list_identities by search", tx.list_identities(&everyone(realm, searched.clone())).await.unwrap().rows.len()),
        ("count_identities", tx.count_identities(realm, &Filter::default(), 10).await.unwrap() as usize),
        ("count_identities of a group", tx.count_identities(realm, &in_group, 10).await.unwrap() as usize),
        ("count_identities by search", tx.count_identities(realm, &searched, 10).await.unwrap() as usize),
        ("summary", usize::from(tx.summary(realm).await.unwrap() != Summary::default())),
        ("groups", tx.groups(realm, 10).await.unwrap().len()),
        ("groups_of", tx.groups_of(realm, things.person).await.unwrap().len()),
        ("group_by_name", usize::from(tx.group_by_name(realm, &GroupName::parse("staff").unwrap()).await.unwrap().is_some())),
        ("group", usize::from(tx.group(realm, things.group).await.unwrap().is_some())),
        ("passkey", usize::from(tx.passkey(realm, things.passkey).await.unwrap().is_some())),
        ("passkeys_of", tx.passkeys_of(realm, things.person).await.unwrap().len()),
        ("open_job", usize::from(tx.open_job(realm, things.job).await.unwrap().is_some())),
        ("job", usize::from(tx.job(realm, things.job).await.unwrap().is_some())),
        ("jobs_of", tx.jobs_of(realm, things.person, None, 10).await.unwrap().len()),
        ("jobs", tx.jobs(realm, None, 10).await.unwrap().len()),
        ("steps", tx.steps(realm, things.job).await.unwrap().len()),
        ("events_of", tx.events_of(realm, things.person, None, 10).await.unwrap().len()),
        ("policy", tx.policy(realm).await.unwrap().rules.len()),
    ]
}

async fn questions_about_another_realms_things_find_nothing(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let things = things(&db, &mut tx).await;
    let other = made::realm(&db, &mut tx).await;
    for (question, count) in found(&mut tx, things.realm, &things).await {
        assert_eq!(count, 1, "{question} in the realm itself");
    }
    for (question, count) in found(&mut tx, other, &things).await {
        assert_eq!(count, 0, "{question} in another realm");
    }
}

async fn changes_to_another_realms_things_change_nothing(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let things = things(&db, &mut tx).await;
    let other = made::realm(&db, &mut tx).await;
    let others_group = made::group(&db, &mut tx, other, "Staff").await;
    let stranger = made::person(&db, &mut tx, other, "Olga").await;
    let before = tx.identity(things.realm, things.person).await.unwrap().unwrap();
    let now = made::at(9);

    assert!(!tx.update_identity(other, things.person, before.version, &made::profile("X", "x", ""), now).await.unwrap());
    assert!(!tx.set_status(other, things.person, Status::Suspended, now).await.unwrap());
    assert!(!tx.delete_identity(other, things.person).await.unwrap());
    for realm in [things.realm, other] {
        assert!(!tx.add_member(realm, others_group, things.person, now).await.unwrap());
        assert!(!tx.add_member(realm, things.group, stranger, now).await.unwrap());
    }
    assert!(!tx.rename_passkey(other, things.passkey, "X", now).await.unwrap());
    assert!(!tx.revoke_passkey(other, things.passkey, "X", now).await.unwrap());
    tx.publish_policy(db.id(), other, &Policy::default(), "Ana", now).await.unwrap();

    assert_eq!(tx.identity(things.realm, things.person).await.unwrap().unwrap(), before);
    assert!(tx.session(&things.token).await.unwrap().is_some());
    assert_eq!(tx.policy(things.realm).await.unwrap().rules.len(), 1);
    let passkey = tx.passkey(things.realm, things.passkey).await.unwrap().unwrap();
    assert_eq!((passkey.name.as_str(), passkey.revoked), ("Security key", None));
    assert_eq!(tx.open_job(things.realm, things.job).await.unwrap().unwrap().job, BindingJob::send(made::at(3600)));
    let members = async |tx: &mut Tx, realm| tx.groups(realm, 10).await.unwrap()[0].members;
    assert_eq!((members(&mut tx, things.realm).await, members(&mut tx, other).await), (1, 0));
}

async fn the_first_realm_is_the_oldest_one(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.first_realm().await.unwrap(), None);
    let first = made::realm(&db, &mut tx).await;
    made::realm(&db, &mut tx).await;
    assert_eq!(tx.first_realm().await.unwrap(), Some(first));
}

async fn an_edit_names_the_version_it_started_from(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let (tenant, others) = (TenantId::from_i64(1), TenantId::from_i64(2));
    let realm = made::realm(&db, &mut tx).await;
    let form = |name: &str| RealmForm { display_name: name.into(), classification: "x".into() };
    assert!(!tx.update_realm(others, realm, 1, &form("Bern"), made::at(1)).await.unwrap());
    assert!(tx.update_realm(tenant, realm, 1, &form("Bern"), made::at(1)).await.unwrap());
    assert!(!tx.update_realm(tenant, realm, 1, &form("Basel"), made::at(2)).await.unwrap());
    let now = tx.realm(tenant, realm).await.unwrap().unwrap();
    assert_eq!((now.display_name.as_str(), now.classification.as_str(), now.version, now.updated_at), ("Bern", "x", 2, made::at(1)));
    assert_eq!(tx.realm(others, realm).await.unwrap(), None);
    assert_eq!(tx.realms(others, None, 0, 10).await.unwrap(), []);

    tx.insert_tenant(tenant, "Tenant", made::at(0)).await.unwrap();
    tx.insert_tenant(tenant, "Again", made::at(5)).await.unwrap();
    assert!(tx.update_tenant(tenant, 1, "Example", made::at(1)).await.unwrap());
    assert!(!tx.update_tenant(tenant, 1, "Late", made::at(2)).await.unwrap());
    let now = tx.tenant(tenant).await.unwrap().unwrap();
    assert_eq!((now.display_name.as_str(), now.version, now.created_at, now.updated_at), ("Example", 2, made::at(0), made::at(1)));
    assert_eq!(tx.tenant(others).await.unwrap(), None);
}

async fn a_realm_goes_with_its_policy_and_branding(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let things = things(&db, &mut tx).await;
    let (tenant, others) = (TenantId::from_i64(1), TenantId::from_i64(2));
    assert_eq!(tx.realm_content(things.realm).await.unwrap(), (1, 1));
    let realm = made::realm(&db, &mut tx).await;
    assert_eq!(tx.realm_content(realm).await.unwrap(), (0, 0));
    let branding = Branding::of("Bern");
    tx.publish_policy(db.id(), realm, &Policy::default(), "Ana", made::at(0)).await.unwrap();
    assert!(tx.save_policy_draft(realm, 0, &Policy::default(), "Ana", made::at(0)).await.unwrap());
    tx.publish_branding(realm, &branding, "Ana", made::at(0)).await.unwrap();
    assert!(tx.save_branding_draft(realm, 0, &branding, "Ana", made::at(0)).await.unwrap());
    let logo = NewLogo { id: "a1".into(), media_type: "image/png".into(), image: vec![1], mail_png: vec![1], mail_size: (1, 1) };
    tx.keep_logo(realm, &logo, made::at(0)).await.unwrap();
    let session = tx.session(&things.token).await.unwrap().unwrap();
    tx.enter_realm(session.id, Some(realm)).await.unwrap();
    assert!(!tx.delete_realm(others, realm).await.unwrap());
    assert!(tx.delete_realm(tenant, realm).await.unwrap());
    assert!(!tx.delete_realm(tenant, realm).await.unwrap());
    assert_eq!(tx.session(&things.token).await.unwrap().unwrap().acting, None);
    assert_eq!(tx.policy(things.realm).await.unwrap().rules.len(), 1);
    tx.commit().await.unwrap();
}

/// What a realm is not deleted with: people and groups, and what cannot be without them.
const CONTENT: [&str; 7] = ["binding_jobs", "console_roles", "groups", "identities", "outbox", "passkeys", "sessions"];
const GOES_ALONG: [&str; 8] =
    ["api_clients", "api_tokens", "batches", "branding_drafts", "brandings", "logos", "policies", "policy_drafts"];

async fn what_belongs_to_a_realm_is_content_or_goes_with_it(place: Place) {
    let (db, _) = Db::open(place).await;
    let referring = if db.is_sqlite() {
        "SELECT DISTINCT t.name FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f ON f.\"table\" = 'realms' WHERE t.type = 'table' ORDER BY 1"
    } else {
        "SELECT DISTINCT CAST(conrelid::regclass AS TEXT) FROM pg_constraint WHERE confrelid = 'realms'::regclass ORDER BY 1"
    };
    let referring: Vec<_> = db.rows::<(String,)>(referring).await.into_iter().map(|(table,)| table).collect();
    let mut known = [&CONTENT[..], &GOES_ALONG].concat();
    known.sort_unstable();
    assert_eq!(referring, known, "a new table with a realm is named here, and where it goes along, deleted with its realm");
}

async fn whoever_comes_into_a_realm_is_waited_for(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    tx.commit().await.unwrap();
    let mut coming = store.write().await.unwrap();
    made::person(&db, &mut coming, realm, "Zoë").await;
    let deleting = tokio::spawn(async move {
        let mut tx = store.write().await.unwrap();
        tx.realm_content(realm).await.unwrap()
    });
    coming.commit().await.unwrap();
    assert_eq!(deleting.await.unwrap(), (1, 0));
}

async fn a_realm_is_known_by_its_id(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = RealmId::from_i64(db.id());
    tx.insert_realm(realm, TenantId::from_i64(1), "Zürich", "", made::at(0)).await.unwrap();
    let person = made::person(&db, &mut tx, realm, "Zoë").await;
    assert_eq!(tx.realm_name(realm).await.unwrap().as_deref(), Some("Zürich"));
    assert_eq!(tx.realm_name(RealmId::from_i64(7)).await.unwrap(), None);
    assert_eq!(tx.realm_of(person).await.unwrap(), Some(realm));
    assert_eq!(tx.realm_of(IdentityId::from_i64(7)).await.unwrap(), None);
}
