//! Groups: paging by name, edits, many members at once, and the counts that are kept.

use domain::fold::Search;
use domain::group::GroupForm;
use domain::{GroupId, IdentityId, RealmId};
use storage::{Error, Store, Tx};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    groups_are_paged_by_name_and_found_by_any_part_of_it,
    a_search_for_groups_folds_as_one_for_people_does,
    names_that_another_version_wrote_are_folded_at_the_next_start,
    an_edit_names_the_version_it_started_from,
    many_people_join_and_leave_at_once,
    where_somebody_is_unknown_nobody_joins_or_leaves,
    a_group_is_deleted_with_its_memberships,
    counts_hold_while_many_change_the_same_group,
];

fn form(name: &str) -> domain::group::GroupProfile {
    GroupForm { display_name: name.into(), description: "Words".into() }.parse().unwrap()
}

/// The counts that are kept, beside those that the memberships make.
async fn assert_counts(db: &Db) {
    let groups = "SELECT count(*) FROM groups g WHERE member_count <> (SELECT count(*) FROM group_members m WHERE m.group_id = g.id)";
    let people = "SELECT count(*) FROM identities i WHERE group_count <> (SELECT count(*) FROM group_members m WHERE m.identity_id = i.id)";
    assert_eq!((db.number(groups).await, db.number(people).await), (0, 0));
}

async fn people(db: &Db, tx: &mut Tx, realm: RealmId, count: usize) -> Vec<IdentityId> {
    let mut people = Vec::new();
    for number in 0..count {
        people.push(made::person(db, tx, realm, &format!("Person {number}")).await);
    }
    people
}

async fn setup(db: &Db, store: &Store, count: usize) -> (RealmId, GroupId, Vec<IdentityId>) {
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(db, &mut tx).await;
    let group = made::group(db, &mut tx, realm, "Staff").await;
    let people = people(db, &mut tx, realm, count).await;
    tx.commit().await.unwrap();
    (realm, group, people)
}

async fn groups_are_paged_by_name_and_found_by_any_part_of_it(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    for name in ["Zebra", "ápple", "Staff 100", "staff_b", "Émile", "班"] {
        made::group(&db, &mut tx, realm, name).await;
    }
    let all: Vec<_> = tx.groups_page(realm, None, "", 100).await.unwrap().into_iter().map(|(key, _)| key).collect();
    let mut sorted = all.clone();
    sorted.sort_unstable();
    assert_eq!((all.len(), &all), (6, &sorted));
    let mut paged: Vec<String> = Vec::new();
    while let Some((key, _)) = {
        let after = paged.last().cloned().unwrap_or_default();
        tx.groups_page(realm, None, &after, 1).await.unwrap().pop()
    } {
        paged.push(key);
    }
    assert_eq!(paged, all);
    assert_eq!(found(&mut tx, realm, "taff").await, ["Staff 100", "staff_b"]);
    assert_eq!(found(&mut tx, realm, "%").await, [] as [String; 0]);
    assert_eq!(found(&mut tx, realm, "_").await, ["staff_b"]);
    assert_eq!(found(&mut tx, realm, "班").await, ["班"]);
    assert_eq!(found(&mut tx, realm, "' OR 1=1").await, [] as [String; 0]);
    let other = made::realm(&db, &mut tx).await;
    assert_eq!(tx.groups_page(other, None, "", 100).await.unwrap(), []);
}

/// The names of the groups that what was typed finds.
async fn found(tx: &mut Tx, realm: RealmId, typed: &str) -> Vec<String> {
    let search = Search::parse(typed);
    assert!(search.is_some(), "{typed:?} is no search");
    let page = tx.groups_page(realm, search.as_ref(), "", 100).await.unwrap();
    page.into_iter().map(|(_, group)| group.display_name).collect()
}

async fn a_search_for_groups_folds_as_one_for_people_does(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    for name in ["Équipe Ångström", "Łódź", "Ｗｉｄｅ", "Straße", "Ёлки", "Ομάδα", "محمّد"] {
        made::group(&db, &mut tx, realm, name).await;
    }
    let finds = [
        ("equipe", "Équipe Ångström"),
        ("GSTROM", "Équipe Ångström"),
        ("ångström équipe", "Équipe Ångström"),
        ("lodz", "Łódź"),
        ("wid", "Ｗｉｄｅ"),
        ("STRASSE", "Straße"),
        ("елки", "Ёлки"),
        ("ομαδα", "Ομάδα"),
        ("محمد", "محمّد"),
    ];
    for (typed, name) in finds {
        assert_eq!(found(&mut tx, realm, typed).await, [name], "{typed}");
    }
    assert_eq!(found(&mut tx, realm, "equipe lodz").await, [] as [String; 0]);
    let (_, group) = tx.groups_page(realm, Search::parse("lodz").as_ref(), "", 1).await.unwrap().remove(0);
    assert!(tx.update_group(realm, group.id, 1, &form("Kraków"), made::at(1)).await.unwrap());
    assert_eq!(found(&mut tx, realm, "krakow").await, ["Kraków"]);
    assert_eq!(found(&mut tx, realm, "lodz").await, [] as [String; 0]);
    // Uniqueness looks at accents.
    made::group(&db, &mut tx, realm, "Krakow").await;
}

async fn names_that_another_version_wrote_are_folded_at_the_next_start(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    for number in 0..3 {
        made::group(&db, &mut tx, realm, &format!("Équipe {number}")).await;
    }
    tx.commit().await.unwrap();
    db.execute("UPDATE groups SET search_name = NULL WHERE name_key = 'équipe 0'").await.unwrap();
    db.execute("UPDATE groups SET search_name = 'before' WHERE name_key = 'équipe 1'").await.unwrap();
    let mut tx = store.write().await.unwrap();
    assert_eq!(found(&mut tx, realm, "equ").await, ["Équipe 2"]);
    assert_eq!(found(&mut tx, realm, "quipe").await, ["Équipe 0", "Équipe 2"]);
    drop(tx);
    store.migrate().await.unwrap();
    let mut tx = store.write().await.unwrap();
    assert_eq!(found(&mut tx, realm, "equ").await, ["Équipe 0", "Équipe 1", "Équipe 2"]);
}

async fn an_edit_names_the_version_it_started_from(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, group, _) = setup(&db, &store, 0).await;
    let mut tx = store.write().await.unwrap();
    let other = made::realm(&db, &mut tx).await;
    assert!(!tx.update_group(other, group, 1, &form("Desk"), made::at(1)).await.unwrap());
    assert!(tx.update_group(realm, group, 1, &form("Desk"), made::at(1)).await.unwrap());
    assert!(!tx.update_group(realm, group, 1, &form("Late"), made::at(2)).await.unwrap());
    let now = tx.group(realm, group).await.unwrap().unwrap();
    assert_eq!((now.display_name.as_str(), now.description.as_str(), now.version), ("Desk", "Words", 2));
    made::group(&db, &mut tx, realm, "Taken").await;
    let taken = tx.update_group(realm, group, 2, &form("tAKEN"), made::at(3)).await;
    assert!(matches!(taken, Err(Error::Taken("display_name"))), "{taken:?}");
}

async fn many_people_join_and_leave_at_once(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, group, people) = setup(&db, &store, 30).await;
    let (elsewhere, _, strangers) = setup(&db, &store, 2).await;
    let mut tx = store.write().await.unwrap();
    // Who is named twice joins once.
    let asked: Vec<_> = people.iter().chain(&people[..3]).copied().collect();
    let mut added = tx.add_members(realm, group, &asked, made::at(0)).await.unwrap();
    added.sort_unstable();
    assert_eq!(added, people);
    assert_eq!(tx.add_members(realm, group, &asked, made::at(0)).await.unwrap(), []);
    assert_eq!(tx.add_members(elsewhere, group, &strangers, made::at(0)).await.unwrap(), []);
    let mut removed = tx.remove_members(realm, group, &asked[..10]).await.unwrap();
    removed.sort_unstable();
    assert_eq!(removed, people[..10]);
    assert_eq!(tx.remove_members(realm, group, &asked[..10]).await.unwrap(), []);
    assert_eq!(tx.group(realm, group).await.unwrap().unwrap().members, 20);
    tx.commit().await.unwrap();
    assert_counts(&db).await;
}

async fn where_somebody_is_unknown_nobody_joins_or_leaves(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, group, people) = setup(&db, &store, 4).await;
    let (elsewhere, _, strangers) = setup(&db, &store, 2).await;
    let mut tx = store.write().await.unwrap();
    tx.add_members(realm, group, &people[..2], made::at(0)).await.unwrap();
    let nobody = IdentityId::from_i64(7);
    let asked: Vec<_> = people.iter().chain(&strangers).copied().chain([nobody, nobody]).collect();
    assert!(matches!(tx.add_members(realm, group, &asked, made::at(0)).await, Err(Error::Unknown(3))));
    assert!(matches!(tx.remove_members(realm, group, &asked).await, Err(Error::Unknown(3))));
    assert!(matches!(tx.remove_members(elsewhere, group, &people).await, Err(Error::Unknown(4))));
    assert_eq!(tx.group(realm, group).await.unwrap().unwrap().members, 2);
    tx.commit().await.unwrap();
    assert_counts(&db).await;
}

async fn a_group_is_deleted_with_its_memberships(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, group, people) = setup(&db, &store, 5).await;
    let mut tx = store.write().await.unwrap();
    tx.add_members(realm, group, &people, made::at(0)).await.unwrap();
    let other = made::realm(&db, &mut tx).await;
    assert!(!tx.delete_group(other, group).await.unwrap());
    assert_eq!(tx.groups_of(realm, people[0]).await.unwrap().len(), 1);
    assert!(tx.delete_group(realm, group).await.unwrap());
    assert!(!tx.delete_group(realm, group).await.unwrap());
    assert_eq!(tx.groups_of(realm, people[0]).await.unwrap(), []);
    tx.commit().await.unwrap();
    assert_counts(&db).await;
}

async fn counts_hold_while_many_change_the_same_group(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, group, people) = setup(&db, &store, 40).await;
    let changers = (0..8).map(|number| {
        let (store, people) = (store.clone(), people.clone());
        tokio::spawn(async move {
            for round in 0..4 {
                let some: Vec<_> = people.iter().skip(number).step_by(1 + number % 3).copied().collect();
                let mut tx = store.write().await.unwrap();
                if (number + round) % 2 == 0 {
                    tx.add_members(realm, group, &some, made::at(0)).await.unwrap();
                } else {
                    tx.remove_members(realm, group, &some).await.unwrap();
                }
                tx.commit().await.unwrap();
            }
        })
    });
    for changer in changers.collect::<Vec<_>>() {
        changer.await.unwrap();
    }
    assert_counts(&db).await;
}
