//! Identities one at a time: what is put in comes out, edits notice each other, and a deletion leaves nothing behind.

use domain::group::GroupName;
use domain::identity::{EnrollmentStatus, ProfileForm, Source, Status};
use domain::record::{Identity, Summary};
use domain::{IdentityId, Timestamp};
use storage::{Ceremony, CeremonyKind, NewIdentity};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    what_is_put_in_comes_out,
    a_person_is_found_by_username_alone,
    a_username_that_no_database_can_hold_is_nobodys,
    an_edit_replaces_the_whole_profile_and_counts_up,
    an_edit_from_an_older_version_changes_nothing,
    of_two_edits_at_once_one_is_kept,
    a_status_is_set_once,
    a_deletion_leaves_nothing_behind_but_the_log,
    somebody_unknown_cannot_be_deleted,
    the_summary_counts_each_enrollment_status,
    group_members_are_counted_and_named,
];

/// A profile with something in every field.
fn full_form() -> ProfileForm {
    ProfileForm {
        display_name: "علی‌رضا 𠮷野 O'Neil “Zoë”".into(),
        username: "O'Neil".into(),
        email: "o'neil+\u{e9}@example.org".into(),
        external_id: "00-\"42\" 𠮷".into(),
        traits: [("given_name".into(), "Zoë \"Z\" ✓".into()), ("country".into(), "日本".into())].into(),
    }
}

async fn what_is_put_in_comes_out(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    for source in Source::ALL {
        let mut form = full_form();
        form.username = format!("{} {source}", form.username);
        let new =
            NewIdentity { source: *source, at: Timestamp::from_micros(1_234_567), ..made::new_identity(&db, realm, form.parse().unwrap()) };
        tx.insert_identity(&new).await.unwrap();
        let expected = Identity {
            id: new.id,
            display_name: form.display_name.clone(),
            username: form.username.clone(),
            email: Some(form.email.clone()),
            external_id: Some(form.external_id.clone()),
            traits: form.traits.clone(),
            status: Status::Active,
            enrollment: EnrollmentStatus::Unenrolled,
            source: *source,
            passkeys: 0,
            groups: 0,
            version: 1,
            created_at: new.at,
            updated_at: new.at,
        };
        assert_eq!(tx.identity(realm, new.id).await.unwrap(), Some(expected));
    }
}

async fn a_person_is_found_by_username_alone(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let new = made::new_identity(&db, realm, made::profile("Zoë", "Straße", ""));
    tx.insert_identity(&new).await.unwrap();
    let key = made::profile("x", "STRASSE", "").username.key();
    assert_eq!(tx.identity_by_username(realm, &key).await.unwrap(), Some(new.id));
    assert_eq!(tx.identity_by_username(realm, "zoë").await.unwrap(), None);
}

async fn a_username_that_no_database_can_hold_is_nobodys(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.identity_by_username(realm, "a\0b").await.unwrap(), None);
}

async fn an_edit_replaces_the_whole_profile_and_counts_up(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let new = made::new_identity(&db, realm, full_form().parse().unwrap());
    tx.insert_identity(&new).await.unwrap();
    let edited = ProfileForm { display_name: "Ana".into(), username: "ana".into(), ..ProfileForm::default() };
    assert!(tx.update_identity(realm, new.id, 1, &edited.parse().unwrap(), made::at(5)).await.unwrap());
    let identity = tx.identity(realm, new.id).await.unwrap().unwrap();
    assert_eq!(ProfileForm::from(&identity), edited);
    assert_eq!((identity.version, identity.created_at, identity.updated_at), (2, made::at(0), made::at(5)));
    assert_eq!(tx.identity_by_username(realm, "ana").await.unwrap(), Some(new.id));
    assert_eq!(tx.identity_by_username(realm, "o'neil").await.unwrap(), None);
}

async fn an_edit_from_an_older_version_changes_nothing(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let edit = made::profile("Ana", "ana", "");
    assert!(tx.update_identity(realm, person, 1, &edit, made::at(1)).await.unwrap());
    let before = tx.identity(realm, person).await.unwrap();
    for stale in [0, 1, 3] {
        assert!(!tx.update_identity(realm, person, stale, &made::profile("Olga", "olga", ""), made::at(2)).await.unwrap());
    }
    assert!(!tx.update_identity(realm, IdentityId::from_i64(7), 1, &edit, made::at(2)).await.unwrap());
    assert_eq!(tx.identity(realm, person).await.unwrap(), before);
}

async fn of_two_edits_at_once_one_is_kept(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    for version in 1..10 {
        let edit = |name: &'static str| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let kept = tx.update_identity(realm, person, version, &made::profile(name, name, ""), made::at(1)).await.unwrap();
                tx.commit().await.unwrap();
                kept
            })
        };
        let (ana, olga) = (edit("ana"), edit("olga"));
        let (ana, olga) = (ana.await.unwrap(), olga.await.unwrap());
        assert!(ana != olga, "exactly one is kept");
        let identity = store.read().await.unwrap().identity(realm, person).await.unwrap().unwrap();
        assert_eq!((identity.username.as_str(), identity.version), (if ana { "ana" } else { "olga" }, version + 1));
    }
}

async fn a_status_is_set_once(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    assert!(!tx.set_status(realm, person, Status::Active, made::at(1)).await.unwrap());
    assert!(tx.set_status(realm, person, Status::Suspended, made::at(2)).await.unwrap());
    assert!(!tx.set_status(realm, person, Status::Suspended, made::at(3)).await.unwrap());
    let identity = tx.identity(realm, person).await.unwrap().unwrap();
    assert_eq!((identity.status, identity.version, identity.updated_at), (Status::Suspended, 2, made::at(2)));
    assert!(tx.set_status(realm, person, Status::Active, made::at(4)).await.unwrap());
    assert!(!tx.set_status(realm, IdentityId::from_i64(7), Status::Active, made::at(5)).await.unwrap());
}

/// How many rows each table has that can hold something of a person.
async fn rows(db: &Db) -> Vec<(&'static str, i64)> {
    let mut rows = Vec::new();
    for table in
        ["identities", "identity_search", "group_members", "passkeys", "binding_jobs", "binding_job_steps", "ceremonies", "sessions"]
    {
        rows.push((table, db.number(&format!("SELECT count(*) FROM {table}")).await));
    }
    rows
}

async fn a_deletion_leaves_nothing_behind_but_the_log(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let group = made::group(&db, &mut tx, realm, "Staff").await;
    tx.commit().await.unwrap();
    let before = rows(&db).await;

    let mut tx = store.write().await.unwrap();
    let person = made::person(&db, &mut tx, realm, "Ana").await;
    tx.add_member(realm, group, person, made::at(0)).await.unwrap();
    let passkey = made::passkey(&db, &mut tx, realm, person).await;
    let completed = made::job(&db, &mut tx, realm, person).await;
    let complete = domain::binding_job::BindingJob::Complete { passkey };
    assert!(made::advance(&db, &mut tx, realm, completed, &complete).await);
    let open = made::job(&db, &mut tx, realm, person).await;
    let ceremony = Ceremony { kind: CeremonyKind::Enrollment(open), state: "state".into(), expires_at: made::at(60) };
    tx.insert_ceremony(&made::hash(1), &ceremony).await.unwrap();
    let session = made::new_session(&db, realm, person, passkey);
    tx.insert_session(&session).await.unwrap();
    tx.insert_event(&made::new_event(&db, realm, Some(person))).await.unwrap();
    tx.refresh_enrollment(person).await.unwrap();
    tx.commit().await.unwrap();
    assert!(rows(&db).await.iter().zip(&before).all(|(now, then)| now.1 > then.1), "there is something to delete everywhere");

    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_identity(realm, person).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(rows(&db).await, before);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.session(&session.token_hash).await.unwrap(), None);
    assert_eq!(tx.groups(realm, 10).await.unwrap()[0].members, 0);
    assert_eq!(tx.events_of(realm, person, None, 10).await.unwrap().len(), 1);
}

async fn somebody_unknown_cannot_be_deleted(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    assert!(!tx.delete_identity(realm, IdentityId::from_i64(7)).await.unwrap());
    assert!(tx.delete_identity(realm, person).await.unwrap());
    assert!(!tx.delete_identity(realm, person).await.unwrap());
}

async fn the_summary_counts_each_enrollment_status(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    assert_eq!(tx.summary(realm).await.unwrap(), Summary::default());
    for number in 0..10 {
        let person = made::person(&db, &mut tx, realm, "Zoë").await;
        if number < 4 {
            made::passkey(&db, &mut tx, realm, person).await;
        } else if number < 9 {
            let job = made::job(&db, &mut tx, realm, person).await;
            if number >= 7 {
                made::advance(&db, &mut tx, realm, job, &domain::binding_job::BindingJob::FailedToSend).await;
            }
        }
        tx.refresh_enrollment(person).await.unwrap();
    }
    assert_eq!(tx.summary(realm).await.unwrap(), Summary { enrolled: 4, pending: 3, invite_failed: 2, unenrolled: 1 });
}

async fn group_members_are_counted_and_named(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let staff = made::group(&db, &mut tx, realm, "Staff").await;
    let admins = made::group(&db, &mut tx, realm, "Administrators").await;
    assert_eq!(tx.group_by_name(realm, &GroupName::parse("STAFF").unwrap()).await.unwrap(), Some(staff));
    for group in [staff, admins] {
        assert!(tx.add_member(realm, group, person, made::at(1)).await.unwrap());
        assert!(!tx.add_member(realm, group, person, made::at(2)).await.unwrap(), "a member already");
    }
    let names = |groups: Vec<domain::record::Group>| groups.into_iter().map(|g| (g.display_name, g.members)).collect::<Vec<_>>();
    let both = vec![("Administrators".to_owned(), 1), ("Staff".to_owned(), 1)];
    assert_eq!(names(tx.groups(realm, 10).await.unwrap()), both);
    assert_eq!(names(tx.group(realm, staff).await.unwrap().into_iter().collect()), both[1..]);
    assert_eq!(tx.group(realm, domain::GroupId::from_i64(7)).await.unwrap(), None);
    assert_eq!(names(tx.groups(realm, 1).await.unwrap()), both[..1]);
    assert_eq!(names(tx.groups_of(realm, person).await.unwrap()), both);
    assert_eq!(tx.identity(realm, person).await.unwrap().unwrap().groups, 2);

    assert!(!tx.group_has_enrolled_member(staff).await.unwrap());
    made::passkey(&db, &mut tx, realm, person).await;
    tx.refresh_enrollment(person).await.unwrap();
    assert!(tx.group_has_enrolled_member(staff).await.unwrap());
    tx.set_status(realm, person, Status::Suspended, made::at(3)).await.unwrap();
    assert!(!tx.group_has_enrolled_member(staff).await.unwrap(), "a suspended member does not count");
}
