//! Policies: the newest version of a realm is in force.

use domain::GroupId;
use domain::policy::{Application, Decision, Policy, Rule};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![without_a_policy_no_rule_is_in_force, the_newest_version_is_in_force, versions_published_at_once_all_count];

fn policy(group: i64) -> Policy {
    let allow = Rule { application: Some(Application::Console), groups: vec![GroupId::from_i64(group)], decision: Decision::Allow };
    Policy { rules: vec![allow, Rule { application: None, groups: Vec::new(), decision: Decision::Deny }] }
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
    for (id, group) in [(30, 1), (20, 2), (10, 3)] {
        tx.publish_policy(id, realm, &policy(group), made::at(0)).await.unwrap();
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
            tx.publish_policy(db.id(), realm, &policy(group), made::at(0)).await.unwrap();
            tx.commit().await.unwrap();
        })
    });
    for publisher in publishers.collect::<Vec<_>>() {
        publisher.await.unwrap();
    }
    let numbers: Vec<_> = db.rows::<(i64,)>("SELECT number FROM policies ORDER BY number").await.into_iter().map(|row| row.0).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}
