//! Policies: the newest version of a realm is in force, and one draft is worked on.

use domain::GroupId;
use domain::policy::{Application, Decision, Policy, Rule};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    without_a_policy_no_rule_is_in_force,
    the_newest_version_is_in_force,
    versions_published_at_once_all_count,
    versions_are_read_from_the_newest_back,
    a_draft_is_saved_only_over_the_one_it_started_from,
];

fn policy(group: i64) -> Policy {
    let allow = Rule { application: Some(Application::Console), groups: vec![GroupId::from_i64(group)], ..Rule::new(Decision::Allow) };
    Policy { rules: vec![allow, Rule::new(Decision::Deny)] }
}

async fn without_a_policy_no_rule_is_in_force(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    assert_eq!(store.read().await.unwrap().policy(realm).await.unwrap(), Policy::default());
}

async fn the_newest_version_is_in_force(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    // The number decides, not the id: ids of two processes may come in another order.
    for (number, (id, group)) in (1..).zip([(30, 1), (20, 2), (10, 3)]) {
        assert_eq!(tx.publish_policy(id, realm, &policy(group), "Ana", made::at(0)).await.unwrap(), number);
        assert_eq!(tx.policy(realm).await.unwrap(), policy(group));
    }
}

async fn versions_published_at_once_all_count(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let publishers = (0..20).map(|group| {
        let (db, store) = (db.clone(), store.clone());
        tokio::spawn(async move {
            let mut tx = store.write().await.unwrap();
            tx.publish_policy(db.id(), realm, &policy(group), "Ana", made::at(0)).await.unwrap();
            tx.commit().await.unwrap();
        })
    });
    for publisher in publishers.collect::<Vec<_>>() {
        publisher.await.unwrap();
    }
    let numbers: Vec<_> = db.rows::<(i64,)>("SELECT number FROM policies ORDER BY number").await.into_iter().map(|row| row.0).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

async fn versions_are_read_from_the_newest_back(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    for group in 1..=5 {
        tx.publish_policy(db.id(), realm, &policy(group), "Ana", made::at(group)).await.unwrap();
    }
    let newest = tx.policy_versions(realm, None, 2).await.unwrap();
    assert_eq!(newest.iter().map(|version| version.number).collect::<Vec<_>>(), [5, 4]);
    assert_eq!((newest[0].published_by.as_str(), newest[0].published_at, &newest[0].rules), ("Ana", made::at(5), &policy(5).rules));
    let older = tx.policy_versions(realm, Some(4), 10).await.unwrap();
    assert_eq!(older.iter().map(|version| version.number).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(tx.policy_version(realm, 3).await.unwrap().unwrap(), older[0]);
    assert_eq!(tx.policy_version(realm, 6).await.unwrap(), None);
    let other = made::realm(&db, &mut tx).await;
    assert_eq!(tx.policy_version(other, 3).await.unwrap(), None);
    assert_eq!(tx.policy_versions(other, None, 10).await.unwrap(), []);
}

async fn a_draft_is_saved_only_over_the_one_it_started_from(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.policy_draft(realm).await.unwrap(), None);
    assert!(!tx.save_policy_draft(realm, 3, &policy(1), "Ana", made::at(0)).await.unwrap());
    assert!(tx.save_policy_draft(realm, 0, &policy(1), "Ana", made::at(0)).await.unwrap());
    assert!(!tx.save_policy_draft(realm, 0, &policy(2), "Bo", made::at(1)).await.unwrap());
    assert!(tx.save_policy_draft(realm, 1, &policy(3), "Bo", made::at(2)).await.unwrap());
    assert!(!tx.save_policy_draft(realm, 1, &policy(4), "Ana", made::at(3)).await.unwrap());
    let draft = tx.policy_draft(realm).await.unwrap().unwrap();
    assert_eq!((draft.version, draft.rules, draft.updated_by.as_str(), draft.updated_at), (2, policy(3).rules, "Bo", made::at(2)));
    let other = made::realm(&db, &mut tx).await;
    assert!(!tx.discard_policy_draft(other, 2).await.unwrap());
    assert!(!tx.discard_policy_draft(realm, 1).await.unwrap());
    assert!(tx.discard_policy_draft(realm, 2).await.unwrap());
    assert_eq!(tx.policy_draft(realm).await.unwrap(), None);
}
