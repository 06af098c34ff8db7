//! Search finds whom a look at every row finds, and nobody else.

use std::collections::BTreeSet;

use domain::fold::Search;
use domain::{IdentityId, RealmId};
use storage::{Filter, ListQuery, Sort, SortKey, Tx};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;
use crate::people::Directory;
use crate::seed::Seed;

on_both![
    search_finds_whom_a_look_at_every_row_finds,
    merging_the_index_changes_nothing_of_what_is_found,
    an_empty_index_is_merged_too,
    an_edited_person_is_found_by_the_new_words_alone,
    a_deleted_person_is_found_no_more,
];

/// Everybody whom a search finds. Whichever way it is sorted, it must find the same people.
async fn found(tx: &mut Tx, realm: RealmId, search: &Search) -> BTreeSet<IdentityId> {
    let filter = Filter { search: Some(search.clone()), ..Filter::default() };
    let mut found = Vec::new();
    for (key, descending) in [(SortKey::Created, true), (SortKey::Created, false), (SortKey::Name, true)] {
        let sort = Sort { key, descending };
        let query = ListQuery { realm, filter: filter.clone(), sort, from: None, backward: false, limit: 1_000 };
        let rows = tx.list_identities(&query).await.unwrap().rows;
        let ids: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), rows.len(), "nobody is found twice: {query:?}");
        found.push(ids);
    }
    assert!(found.iter().all(|ids| *ids == found[0]), "{search:?}: {found:?}");
    assert_eq!(tx.count_identities(realm, &filter, 1_000).await.unwrap() as usize, found[0].len(), "{search:?}");
    found.swap_remove(0)
}

/// A piece of what somebody is called, of 1 to 12 characters.
fn piece(seed: &mut Seed, directory: &Directory) -> String {
    let profile = &seed.pick(&directory.people).profile;
    let email = profile.email.as_ref().map_or("", |email| email.as_str());
    let text: Vec<char> = seed.pick(&[profile.display_name.as_str(), profile.username.as_str(), email]).chars().collect();
    let length = *seed.pick(&[1, 1, 2, 2, 3, 3, 4, 5, 7, 12]);
    let start = seed.below(text.len().max(1));
    text.into_iter().skip(start).take(length).collect()
}

/// Something that somebody could type.
fn typed(seed: &mut Seed, directory: &Directory) -> String {
    let one = piece(seed, directory);
    match seed.below(12) {
        0 => one.to_uppercase(),
        1 => one.to_lowercase(),
        2 => format!("  {one}  {}", piece(seed, directory)),
        3 => format!("{} {one} {}", piece(seed, directory), piece(seed, directory)),
        4 => one.chars().rev().collect(),
        5 => format!("{one}{}", piece(seed, directory)),
        6 => format!("{}{one}", seed.pick(&["'", "\"", ".", "@", "-", "*", "%", "_", "\\", "(", "’", "、", "NEAR(", "\0", "\t"])),
        7 => domain::fold::search_form(&one),
        8 => seed
            .pick(&[
                "'", "-", ".", "@", "’", "“", "%", "_", "\\", "*", "\"", "()", "AND", "OR", "NOT", "a OR b", "a*", "terms:a", "^a",
                "realm", "é", "e\u{301}", "ΣΣ", "ss",
            ])
            .to_string(),
        _ => one,
    }
}

/// Compares what searches find with a look at every row.
async fn check(directory: &Directory, seed: u64, searches: usize) {
    let mut tx = directory.store.read().await.unwrap();
    let mut seed = Seed::new(seed);
    let (mut done, mut hits) = (0, 0);
    while done < searches {
        let typed = typed(&mut seed, directory);
        let Some(search) = Search::parse(&typed) else { continue };
        let everyone = directory.people.iter();
        let expected: BTreeSet<_> =
            everyone.filter(|person| search.matches(&person.profile.search_text())).map(|person| person.id).collect();
        assert_eq!(found(&mut tx, directory.realm, &search).await, expected, "{typed:?}");
        done += 1;
        hits += usize::from(!expected.is_empty());
    }
    assert!(hits > done / 2, "most of what was typed is somebody's: {hits} of {done}");
}

async fn search_finds_whom_a_look_at_every_row_finds(place: Place) {
    let directory = Directory::start(place, 300, 6).await;
    check(&directory, 7, 500).await;
}

async fn merging_the_index_changes_nothing_of_what_is_found(place: Place) {
    let mut directory = Directory::start(place, 150, 8).await;
    let store = directory.store.clone();
    for round in 0..3 {
        let mut tx = store.write().await.unwrap();
        for _ in 0..20 {
            let gone = directory.chance.seed.pick(&directory.people).id;
            directory.remove(&mut tx, gone).await;
            directory.add(&mut tx).await;
        }
        tx.commit().await.unwrap();
        store.merge_search_index().await.unwrap();
        check(&directory, round, 50).await;
    }
}

async fn an_empty_index_is_merged_too(place: Place) {
    let (_, store) = Db::open(place).await;
    store.merge_search_index().await.unwrap();
}

async fn finds(tx: &mut Tx, realm: RealmId, typed: &str) -> usize {
    found(tx, realm, &Search::parse(typed).unwrap()).await.len()
}

async fn an_edited_person_is_found_by_the_new_words_alone(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let new = made::new_identity(&db, realm, made::profile("Zoë Ångström", "zoe", "zoe@example.org"));
    tx.insert_identity(&new).await.unwrap();
    assert!(tx.update_identity(realm, new.id, 1, &made::profile("Ольга", "olga", "olga@example.net"), made::at(1)).await.unwrap());
    assert!(!tx.update_identity(realm, new.id, 1, &made::profile("Bo", "bo", ""), made::at(2)).await.unwrap(), "this one comes too late");
    for (typed, count) in
        [("zoe", 0), ("z", 0), ("angs", 0), ("example.org", 0), ("bo", 0), ("ольг", 1), ("o", 1), ("olga", 1), ("example.net", 1)]
    {
        assert_eq!(finds(&mut tx, realm, typed).await, count, "{typed}");
    }
    tx.commit().await.unwrap();
    assert_eq!(index_rows(&db, realm, "zo").await, 0, "the index has forgotten the old words");
    assert_eq!(index_rows(&db, realm, "olg").await, 1);
}

async fn a_deleted_person_is_found_no_more(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let (gone, kept) = (made::person(&db, &mut tx, realm, "Zoë").await, made::person(&db, &mut tx, realm, "Zoran").await);
    assert_eq!(finds(&mut tx, realm, "zo").await, 2);
    assert!(tx.delete_identity(realm, gone).await.unwrap());
    let left = found(&mut tx, realm, &Search::parse("zo").unwrap()).await;
    assert_eq!(left, BTreeSet::from([kept]));
    tx.commit().await.unwrap();
    assert_eq!(index_rows(&db, realm, "zo").await, 1, "the index has forgotten them");
}

/// How many rows the index itself has for a term.
async fn index_rows(db: &Db, realm: RealmId, term: &str) -> i64 {
    let condition = if db.is_sqlite() { format!("identity_search MATCH '\"{realm}{term}\"'") } else { format!("terms @> ARRAY['{term}']") };
    db.number(&format!("SELECT count(*) FROM identity_search WHERE {condition}")).await
}
