//! What the policy and the administrators page ask about people, and the console's roles.

use domain::IdentityId;
use domain::identity::Status;
use domain::policy::PasskeyKind;
use domain::role::Role;
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    people_are_read_with_what_the_policy_asks,
    members_of_several_groups_come_once_and_in_order,
    roles_follow_their_groups,
    sessions_are_listed_until_they_end
];

async fn people_are_read_with_what_the_policy_asks(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let (zoe, bo) = (made::person(&db, &mut tx, realm, "Zoë").await, made::person(&db, &mut tx, realm, "Bo").await);
    let staff = made::group(&db, &mut tx, realm, "Staff").await;
    tx.add_member(realm, staff, zoe, made::at(0)).await.unwrap();
    tx.set_status(realm, bo, Status::Suspended, made::at(1)).await.unwrap();
    let mut synced = made::new_passkey(&db, realm, zoe);
    // Apple's, as its table of names has it.
    synced.aaguid = 0xfbfc_3007_154e_4ecc_8c0b_6e02_0557_d7bd_u128.to_be_bytes();
    synced.backup_eligible = true;
    tx.insert_passkey(&synced).await.unwrap();
    let revoked = made::passkey(&db, &mut tx, realm, zoe).await;
    tx.revoke_passkey(realm, revoked, "", made::at(2)).await.unwrap();

    let subjects = tx.subjects(realm, &[bo, IdentityId::from_i64(7), zoe]).await.unwrap();
    assert_eq!(subjects.iter().map(|subject| subject.id).collect::<Vec<_>>(), [zoe, bo]);
    let (first, second) = (&subjects[0], &subjects[1]);
    assert_eq!((first.status, first.groups.as_slice(), first.passkeys.len()), (Status::Active, [staff].as_slice(), 1));
    assert_eq!(first.passkeys[0].kind, PasskeyKind::Synced);
    assert_eq!(first.passkeys[0].authenticator.as_deref(), Some("Apple Passwords"));
    assert_eq!((second.status, second.groups.as_slice(), second.passkeys.as_slice()), (Status::Suspended, [].as_slice(), [].as_slice()));
    assert_eq!(tx.presented_passkey(synced.id).await.unwrap().as_ref(), Some(&first.passkeys[0]));
    assert_eq!(tx.presented_passkey(revoked).await.unwrap(), None);
    assert_eq!(tx.presented_passkeys(zoe).await.unwrap(), [("Security key".to_owned(), first.passkeys[0].clone())]);
    assert_eq!(tx.authenticators(realm).await.unwrap().len(), 1);

    let other = made::realm(&db, &mut tx).await;
    assert_eq!(tx.subjects(other, &[zoe, bo]).await.unwrap(), []);
    assert_eq!(tx.authenticators(other).await.unwrap(), [] as [String; 0]);
    assert_eq!(tx.group_names(other, &[staff]).await.unwrap(), []);
    assert_eq!(tx.group_names(realm, &[staff]).await.unwrap(), [(staff, "Staff".to_owned())]);
}

async fn members_of_several_groups_come_once_and_in_order(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let groups = [made::group(&db, &mut tx, realm, "One").await, made::group(&db, &mut tx, realm, "Two").await];
    let other = made::group(&db, &mut tx, realm, "Three").await;
    let mut people = Vec::new();
    for number in 0..7 {
        let person = made::person(&db, &mut tx, realm, &format!("Person {number}")).await;
        for group in if number % 2 == 0 { &groups[..] } else { &groups[..1] } {
            tx.add_member(realm, *group, person, made::at(0)).await.unwrap();
        }
        people.push(person);
    }
    let outsider = made::person(&db, &mut tx, realm, "Outsider").await;
    tx.add_member(realm, other, outsider, made::at(0)).await.unwrap();
    let first = tx.members_of_any(&groups, None, 4).await.unwrap();
    let rest = tx.members_of_any(&groups, first.last().copied(), 10).await.unwrap();
    assert_eq!([first, rest].concat(), people);
    assert_eq!(tx.members_of_any(&[], None, 10).await.unwrap(), []);
}

async fn roles_follow_their_groups(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let zoe = made::person(&db, &mut tx, realm, "Zoë").await;
    let (staff, desk) = (made::group(&db, &mut tx, realm, "Staff").await, made::group(&db, &mut tx, realm, "Desk").await);
    for group in [staff, desk] {
        tx.add_member(realm, group, zoe, made::at(0)).await.unwrap();
    }
    assert_eq!(tx.roles_of(realm, zoe).await.unwrap(), []);
    tx.bind_role(realm, Role::Auditor, &[staff, desk]).await.unwrap();
    assert_eq!(tx.roles_of(realm, zoe).await.unwrap(), [Role::Auditor]);
    tx.bind_role(realm, Role::Full, &[desk]).await.unwrap();
    tx.bind_role(realm, Role::Auditor, &[staff]).await.unwrap();
    assert_eq!(tx.role_groups(realm).await.unwrap(), [(Role::Auditor, staff), (Role::Full, desk)]);
    let other = made::realm(&db, &mut tx).await;
    tx.bind_role(other, Role::Full, &[desk]).await.unwrap();
    assert_eq!(tx.role_groups(other).await.unwrap(), []);
    assert_eq!(tx.roles_of(other, zoe).await.unwrap(), []);
    tx.bind_role(realm, Role::Auditor, &[]).await.unwrap();
    assert_eq!(tx.roles_of(realm, zoe).await.unwrap(), [Role::Full]);
}

async fn sessions_are_listed_until_they_end(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, zoe) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let passkey = made::passkey(&db, &mut tx, realm, zoe).await;
    let mut ids = Vec::new();
    for second in [0, 10] {
        let mut session = made::new_session(&db, realm, zoe, passkey);
        session.at = made::at(second);
        tx.insert_session(&session).await.unwrap();
        ids.push(session.id);
    }
    let listed = async |tx: &mut storage::Tx, now, idle_since| {
        let sessions = tx.sessions_of(realm, &[zoe], made::at(now), made::at(idle_since)).await.unwrap();
        sessions.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(&mut tx, 20, -100).await, [ids[1], ids[0]]);
    assert_eq!(listed(&mut tx, 20, 5).await, [ids[1]]);
    assert_eq!(listed(&mut tx, 3600, -100).await, []);
    assert_eq!(tx.session_owner(realm, ids[0]).await.unwrap(), Some(zoe));
    let other = made::realm(&db, &mut tx).await;
    assert_eq!(tx.session_owner(other, ids[0]).await.unwrap(), None);
    assert_eq!(tx.sessions_of(other, &[zoe], made::at(20), made::at(-100)).await.unwrap(), []);
}
