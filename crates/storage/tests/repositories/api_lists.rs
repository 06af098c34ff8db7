//! Lists for programs: page by page they are the whole, in the order of the ids, each row as it is read alone.

use std::fmt::Debug;

use domain::{GroupId, IdentityId, PasskeyId, RealmId};
use storage::{Store, Stretch, Tx};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;
use crate::people::Directory;

on_both![
    identities_page_by_page_are_all_of_the_realm,
    groups_members_and_memberships_page_by_page_are_all_of_them,
    jobs_and_passkeys_page_by_page_are_the_realms_or_one_identitys,
    nothing_of_another_realm_is_listed,
];

const SIZES: [u32; 4] = [1, 2, 5, 100];

fn start<Id>(skip: u32, limit: u32) -> Stretch<Id> {
    Stretch { after: None, skip, limit }
}

/// Reads all pages of a list in every size, and parts of it that begin further on; all of them are the rows expected.
macro_rules! assert_paged {
    ($expected:expr, $part:ident => $page:expr) => {{
        let expected = $expected;
        for limit in SIZES {
            let (mut rows, mut $part) = (Vec::new(), start(0, limit));
            loop {
                let page = $page.await.unwrap();
                let full = page.len() == limit as usize;
                assert!(page.len() <= limit as usize);
                rows.extend(page);
                $part.after = rows.last().map(|row| row.id);
                if !full {
                    break;
                }
            }
            assert_rows(&rows, &expected);
            let $part = start(2, limit);
            let wanted: Vec<_> = expected.iter().skip(2).take(limit as usize).cloned().collect();
            assert_rows(&$page.await.unwrap(), &wanted);
        }
        let $part = Stretch { after: expected.get(1).map(|row| row.id), skip: 1, limit: 100 };
        let wanted: Vec<_> = expected.iter().skip(3).cloned().collect();
        assert_rows(&$page.await.unwrap(), &wanted);
    }};
}

fn assert_rows<T: Debug + PartialEq>(rows: &[T], expected: &[T]) {
    assert_eq!(rows, expected);
}

async fn identities_page_by_page_are_all_of_the_realm(place: Place) {
    let directory = Directory::start(place, 12, 3).await;
    let mut tx = directory.store.read().await.unwrap();
    let mut expected = Vec::new();
    for person in &directory.people {
        expected.push(tx.identity(directory.realm, person.id).await.unwrap().unwrap());
    }
    assert_paged!(expected, part => tx.identities_by_id(directory.realm, None, part));
    assert_eq!(tx.identities_in_all(directory.realm, None).await.unwrap(), 12);
}

/// A realm with five people, five groups, and everybody in every group but the first.
async fn grouped(db: &Db, store: &Store) -> (RealmId, Vec<IdentityId>, Vec<GroupId>) {
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(db, &mut tx).await;
    let (mut people, mut groups) = (Vec::new(), Vec::new());
    for number in 0..5 {
        people.push(made::person(db, &mut tx, realm, &format!("Zoe {number}")).await);
        // By name they would stand the other way round.
        groups.push(made::group(db, &mut tx, realm, &format!("Group {}", 9 - number)).await);
    }
    for group in &groups[1..] {
        tx.add_members(realm, *group, &people, made::at(0)).await.unwrap();
    }
    tx.commit().await.unwrap();
    (realm, people, groups)
}

async fn groups_members_and_memberships_page_by_page_are_all_of_them(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, people, ids) = grouped(&db, &store).await;
    let mut tx = store.read().await.unwrap();
    let (mut groups, mut members) = (Vec::new(), Vec::new());
    for (group, person) in ids.iter().zip(&people) {
        groups.push(tx.group(realm, *group).await.unwrap().unwrap());
        members.push(tx.identity(realm, *person).await.unwrap().unwrap());
    }
    assert_paged!(groups.clone(), part => tx.groups_by_id(realm, None, part));
    assert_eq!(tx.groups_in_all(realm, None).await.unwrap(), 5);
    assert_paged!(members, part => tx.members_by_id(realm, ids[2], part));
    assert!(tx.members_by_id(realm, ids[0], start(0, 5)).await.unwrap().is_empty());
    assert_paged!(groups[1..].to_vec(), part => tx.groups_of_by_id(realm, people[3], part));
}

async fn jobs_and_passkeys_page_by_page_are_the_realms_or_one_identitys(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, people, _) = grouped(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let (mut jobs, mut passkeys) = (Vec::new(), Vec::new());
    for person in people.iter().chain(&people) {
        let id = made::job(&db, &mut tx, realm, *person).await;
        jobs.push(tx.job(realm, id).await.unwrap().unwrap());
        let id = made::passkey(&db, &mut tx, realm, *person).await;
        passkeys.push(id);
    }
    tx.revoke_passkey(realm, passkeys[1], "lost", made::at(1)).await.unwrap();
    let mut stored = Vec::new();
    for id in passkeys {
        stored.push(read(&mut tx, realm, id).await);
    }
    let of: Vec<_> = jobs.iter().filter(|job| job.identity == people[1]).cloned().collect();
    let own: Vec<_> = stored.iter().filter(|passkey| passkey.identity == people[1]).cloned().collect();
    assert_eq!((of.len(), own.len(), own[0].revoked.is_some()), (2, 2, true));
    assert_paged!(jobs, part => tx.jobs_by_id(realm, None, None, part));
    assert_paged!(of, part => tx.jobs_by_id(realm, Some(people[1]), None, part));
    assert_paged!(stored, part => tx.passkeys_by_id(realm, None, part));
    assert_paged!(own, part => tx.passkeys_by_id(realm, Some(people[1]), part));
    for (identity, count) in [(None, 10), (Some(people[1]), 2)] {
        assert_eq!(tx.jobs_in_all(realm, identity, None).await.unwrap(), count);
        assert_eq!(tx.passkeys_in_all(realm, identity).await.unwrap(), count);
    }
}

async fn read(tx: &mut Tx, realm: RealmId, id: PasskeyId) -> domain::record::Passkey {
    tx.passkey(realm, id).await.unwrap().unwrap()
}

async fn nothing_of_another_realm_is_listed(place: Place) {
    let (db, store) = Db::open(place).await;
    let (other, people, groups) = grouped(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    made::job(&db, &mut tx, other, people[1]).await;
    made::passkey(&db, &mut tx, other, people[1]).await;
    assert!(tx.identities_by_id(realm, None, start(0, 9)).await.unwrap().is_empty());
    assert!(tx.groups_by_id(realm, None, start(0, 9)).await.unwrap().is_empty());
    assert!(tx.members_by_id(realm, groups[1], start(0, 9)).await.unwrap().is_empty());
    assert!(tx.groups_of_by_id(realm, people[1], start(0, 9)).await.unwrap().is_empty());
    for identity in [None, Some(people[1])] {
        assert!(tx.jobs_by_id(realm, identity, None, start(0, 9)).await.unwrap().is_empty());
        assert!(tx.passkeys_by_id(realm, identity, start(0, 9)).await.unwrap().is_empty());
        assert_eq!((tx.jobs_in_all(realm, identity, None).await.unwrap(), tx.passkeys_in_all(realm, identity).await.unwrap()), (0, 0));
    }
    assert_eq!((tx.identities_in_all(realm, None).await.unwrap(), tx.groups_in_all(realm, None).await.unwrap()), (0, 0));
}
