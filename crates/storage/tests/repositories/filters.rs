//! Conditions of programs: what the database answers is what the condition says, row by row, in a model in memory.

use std::collections::BTreeSet;

use domain::binding_job::{BindingJob, DeliveryMethod};
use domain::filter::{Attribute, Comparison, Condition, GroupAttribute, IdentityAttribute, JobAttribute, Operator, Test};
use domain::fold::unique_key;
use domain::{GroupId, IdentityId, RealmId};
use storage::{NewJob, Stretch, Tx};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;
use crate::people::{Directory, Person};
use crate::seed::Seed;

on_both![
    a_condition_on_identities_means_the_same_in_sql_as_row_by_row,
    an_absent_value_fulfils_the_contrary_of_every_comparison,
    the_longest_and_the_deepest_condition_is_answered,
    groups_are_filtered_by_their_folded_name,
    jobs_are_filtered_by_state_and_delivery,
];

type OnIdentity = Condition<IdentityAttribute>;

const OPERATORS: &[Operator] = &[Operator::Equal, Operator::NotEqual, Operator::Contains, Operator::StartsWith, Operator::EndsWith];
/// External ids with everything that means something in a pattern.
const EXTERNAL: &[&str] =
    &["a%b", "a_b", "aXb", "A%B", "a\\b", "a'b", "100%", "%", "_", "é", "E\u{301}", "z\u{10ffff}", "\u{10ffff}", "𠮷", "ab", "abc"];
const TYPED: &[&str] =
    &["", "%", "_", "\\", "'", "\"", "a%", "a_", "$1", "?", "\0", "a\0", "é", "\u{10ffff}", "z\u{10ffff}", "@", "zoe", "-"];

/// The value that the attribute has for a person, in the form that it is compared in.
fn value(person: &Person, attribute: IdentityAttribute) -> Option<String> {
    let profile = &person.profile;
    match attribute {
        IdentityAttribute::Username => Some(unique_key(profile.username.as_str())),
        IdentityAttribute::Email => profile.email.as_ref().map(|email| unique_key(email.as_str())),
        IdentityAttribute::ExternalId => profile.external_id.clone(),
        IdentityAttribute::DisplayName => Some(unique_key(profile.display_name.as_str())),
        IdentityAttribute::Status => Some(person.status.to_string()),
        IdentityAttribute::Enrollment => Some(person.enrollment.to_string()),
    }
}

fn holds(condition: &OnIdentity, person: &Person) -> bool {
    match condition {
        Condition::And(left, right) => holds(left, person) && holds(right, person),
        Condition::Or(left, right) => holds(left, person) || holds(right, person),
        Condition::Not(condition) => !holds(condition, person),
        Condition::Holds(comparison) => value(person, comparison.attribute()).is_some_and(|value| passes(comparison, &value)),
    }
}

fn passes(comparison: &Comparison<IdentityAttribute>, value: &str) -> bool {
    match comparison.test() {
        Test::Present => true,
        Test::Equals(text) => value == text,
        Test::Contains(text) => value.contains(text.as_str()),
        Test::StartsWith(text) => value.starts_with(text.as_str()),
        Test::EndsWith(text) => value.ends_with(text.as_str()),
        Test::OneOf(values) => values.contains(&value),
    }
}

/// A piece of what somebody has there, in another case by chance; or something that nobody has.
fn typed(seed: &mut Seed, people: &[Person], attribute: IdentityAttribute) -> String {
    let found = if seed.once_in(4) { None } else { value(seed.pick(people), attribute) };
    let Some(whole) = found else { return (*seed.pick(TYPED)).to_owned() };
    let characters: Vec<char> = whole.chars().collect();
    let (from, to) = (seed.below(characters.len()), characters.len() - seed.below(characters.len()));
    let piece: String = match seed.below(4) {
        0 => whole,
        1 => characters[..to].iter().collect(),
        2 => characters[from..].iter().collect(),
        _ => characters.iter().skip(from).take(3).collect(),
    };
    if seed.once_in(2) { piece.to_uppercase() } else { piece }
}

fn comparison(seed: &mut Seed, people: &[Person]) -> OnIdentity {
    loop {
        let attribute = *seed.pick(IdentityAttribute::ALL);
        if seed.once_in(8) {
            return Condition::present(attribute);
        }
        // A text that no value of an enumeration fits is refused before it comes here.
        if let Ok(condition) = Condition::compare(attribute, *seed.pick(OPERATORS), &typed(seed, people, attribute)) {
            return condition;
        }
    }
}

fn condition(seed: &mut Seed, people: &[Person], depth: usize) -> OnIdentity {
    if depth == 0 || seed.once_in(3) {
        return comparison(seed, people);
    }
    let left = condition(seed, people, depth - 1);
    match seed.below(3) {
        0 => left.negated(),
        1 => left.and(condition(seed, people, depth - 1)),
        _ => left.or(condition(seed, people, depth - 1)),
    }
}

/// All pages of this size, one after the other.
async fn walk(tx: &mut Tx, realm: RealmId, condition: &OnIdentity, limit: u32) -> Vec<IdentityId> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let page = tx.identities_by_id(realm, Some(condition), Stretch { after, skip: 0, limit }).await.unwrap();
        ids.extend(page.iter().map(|identity| identity.id));
        if page.len() < limit as usize {
            return ids;
        }
        after = ids.last().copied();
    }
}

/// Gives external ids to most people, and other names to some, as an edit does.
async fn edit(directory: &mut Directory) {
    let mut tx = directory.store.write().await.unwrap();
    for (number, person) in directory.people.iter_mut().enumerate().filter(|(number, _)| number % 3 > 0) {
        person.profile.external_id = Some(EXTERNAL[number % EXTERNAL.len()].to_owned());
        if number % 5 == 0 {
            let other = made::profile(&format!("Renamed {number}"), person.profile.username.as_str(), "Renamed@Example.org");
            (person.profile.display_name, person.profile.email) = (other.display_name, other.email);
        }
        let version = tx.identity(directory.realm, person.id).await.unwrap().unwrap().version;
        assert!(tx.update_identity(directory.realm, person.id, version, &person.profile, made::at(40)).await.unwrap());
    }
    tx.commit().await.unwrap();
}

async fn a_condition_on_identities_means_the_same_in_sql_as_row_by_row(place: Place) {
    let mut directory = Directory::start(place, 80, 5).await;
    edit(&mut directory).await;
    let mut tx = directory.store.read().await.unwrap();
    let (mut seed, mut telling) = (Seed::new(11), 0);
    for number in 0..600 {
        let depth = number % 4;
        let condition = condition(&mut seed, &directory.people, depth);
        let expected: Vec<_> = directory.people.iter().filter(|person| holds(&condition, person)).map(|person| person.id).collect();
        assert_eq!(walk(&mut tx, directory.realm, &condition, 7).await, expected, "{condition:?}");
        assert_eq!(tx.identities_in_all(directory.realm, Some(&condition)).await.unwrap(), expected.len() as u64, "{condition:?}");
        telling += usize::from(!expected.is_empty() && expected.len() < directory.people.len());
    }
    assert!(telling > 250, "many conditions tell people apart: {telling}");
}

fn compare(attribute: IdentityAttribute, operator: Operator, text: &str) -> OnIdentity {
    Condition::compare(attribute, operator, text).unwrap()
}

async fn an_absent_value_fulfils_the_contrary_of_every_comparison(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.read().await.unwrap();
    for attribute in [IdentityAttribute::Email, IdentityAttribute::ExternalId] {
        for operator in [Operator::Equal, Operator::Contains, Operator::StartsWith, Operator::EndsWith] {
            let positive = compare(attribute, operator, "x");
            assert!(walk(&mut tx, realm, &positive, 5).await.is_empty(), "{positive:?}");
            for contrary in [
                positive.clone().negated(),
                positive.clone().and(positive.clone()).negated(),
                positive.or(compare(attribute, operator, "y")).negated(),
            ] {
                assert_eq!(walk(&mut tx, realm, &contrary, 5).await, [person], "{contrary:?}");
            }
        }
        assert_eq!(walk(&mut tx, realm, &compare(attribute, Operator::NotEqual, "x"), 5).await, [person]);
        assert_eq!(walk(&mut tx, realm, &Condition::present(attribute).negated(), 5).await, [person]);
    }
}

async fn the_longest_and_the_deepest_condition_is_answered(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.read().await.unwrap();
    let other = || compare(IdentityAttribute::DisplayName, Operator::StartsWith, "zzz");
    let left = (0..99).fold(other().negated(), |condition, _| condition.and(other().negated()));
    let right = (0..99).fold(
        other(),
        |condition, number| if number % 2 == 0 { other().negated().and(condition.negated()) } else { other().or(condition) },
    );
    assert_eq!(walk(&mut tx, realm, &left, 5).await, [person]);
    let found = walk(&mut tx, realm, &right, 5).await.len() + walk(&mut tx, realm, &right.negated(), 5).await.len();
    assert_eq!(found, 1, "one or its contrary");
}

async fn groups_are_filtered_by_their_folded_name(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let (realm, elsewhere) = (made::realm(&db, &mut tx).await, made::realm(&db, &mut tx).await);
    let mut ids = Vec::new();
    for name in ["Ärzte", "arzte", "STAFF", "Straße"] {
        ids.push(made::group(&db, &mut tx, realm, name).await);
        made::group(&db, &mut tx, elsewhere, name).await;
    }
    let part = Stretch { after: None, skip: 0, limit: 10 };
    for (operator, text, expected) in [
        (Operator::Equal, "ärzte", &ids[..1]),
        (Operator::NotEqual, "ÄRZTE", &ids[1..]),
        (Operator::StartsWith, "ST", &ids[2..]),
        (Operator::EndsWith, "ASSE", &ids[3..]),
        (Operator::Contains, "RZT", &ids[..2]),
        (Operator::Contains, "", &ids[..]),
        (Operator::Contains, "%", &[]),
    ] {
        let condition = Condition::compare(GroupAttribute::DisplayName, operator, text).unwrap();
        let found: Vec<GroupId> = tx.groups_by_id(realm, Some(&condition), part).await.unwrap().into_iter().map(|group| group.id).collect();
        assert_eq!(found, expected, "{operator:?} {text}");
        assert_eq!(tx.groups_in_all(realm, Some(&condition)).await.unwrap(), expected.len() as u64);
    }
}

async fn jobs_are_filtered_by_state_and_delivery(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let other = made::person(&db, &mut tx, realm, "Ana").await;
    let mut ids = Vec::new();
    for (identity, delivery) in [(person, DeliveryMethod::Return), (person, DeliveryMethod::Email), (other, DeliveryMethod::Return)] {
        let new = NewJob { delivery, ..made::new_job(&db, realm, identity) };
        tx.insert_job(&new).await.unwrap();
        ids.push(new.id);
    }
    assert!(made::advance(&db, &mut tx, realm, ids[0], &BindingJob::Revoked).await);
    let part = Stretch { after: None, skip: 0, limit: 10 };
    for (attribute, operator, text, expected) in [
        (JobAttribute::State, Operator::Equal, "revoked", vec![ids[0]]),
        (JobAttribute::State, Operator::NotEqual, "REVOKED", vec![ids[1], ids[2]]),
        (JobAttribute::State, Operator::StartsWith, "LINK_", vec![ids[1], ids[2]]),
        (JobAttribute::Delivery, Operator::Equal, "RETURN", vec![ids[0], ids[2]]),
    ] {
        let condition = Condition::compare(attribute, operator, text).unwrap();
        let found: Vec<_> = tx.jobs_by_id(realm, None, Some(&condition), part).await.unwrap();
        assert_eq!(found.iter().map(|job| job.id).collect::<Vec<_>>(), expected, "{operator:?} {text}");
        assert_eq!(tx.jobs_in_all(realm, None, Some(&condition)).await.unwrap(), expected.len() as u64);
        let own: BTreeSet<_> = found.iter().filter(|job| job.identity == person).map(|job| job.id).collect();
        let of_person = tx.jobs_by_id(realm, Some(person), Some(&condition), part).await.unwrap();
        assert_eq!(of_person.into_iter().map(|job| job.id).collect::<BTreeSet<_>>(), own);
        assert_eq!(tx.jobs_in_all(realm, Some(person), Some(&condition)).await.unwrap(), own.len() as u64);
    }
}
