//! What publishing a draft would do to everyone is what asking the door about each one by one gives.

use domain::group::GroupName;
use domain::identity::Status;
use domain::policy::{Application, Decision, Impact, PasskeyKind, Policy, Request, Rule};
use domain::{GroupId, IdentityId, PasskeyId};
use storage::{NewPasskey, Subject};
use testkit::{Place, on_both};

use crate::desk::Desk;
use crate::policy::publish;

on_both!(the_impact_of_a_draft_is_that_on_each_person, not_more_than_a_hundred_are_named);

const YUBIKEY: [u8; 16] = [0xee, 0x88, 0x28, 0x79, 0x72, 0x1c, 0x49, 0x13, 0x97, 0x75, 0x3d, 0xfc, 0xce, 0x97, 0x07, 0x2a];

const fn group(number: i64) -> GroupId {
    GroupId::from_i64(101 + number)
}

/// People who differ in their groups, their standing and their passkeys, each way once or more.
async fn crowd(desk: &Desk) -> Vec<IdentityId> {
    let mut people = Vec::new();
    for number in 0..48 {
        people.push(desk.add(&format!("p{number:02}")).await.id);
    }
    let (realm, now) = (desk.realm, desk.keyroll.now());
    let mut tx = desk.keyroll.store().write().await.unwrap();
    for number in 0..3 {
        tx.insert_group(group(number), realm, &GroupName::parse(&format!("Group {number}")).unwrap(), "", now).await.unwrap();
    }
    for (at, person) in (0..).zip(&people) {
        for number in (0..3).filter(|number| (at >> number) % 2 == 1) {
            tx.add_member(realm, group(number), *person, now).await.unwrap();
        }
        for (slot, backup_eligible) in [(0, true), (1, false)].into_iter().filter(|(slot, _)| at % (3 + slot) == 0) {
            let id = PasskeyId::from_i64(1_000 + at * 10 + slot);
            let aaguid = if at % 5 == 0 { YUBIKEY } else { [0; 16] };
            let new = NewPasskey {
                id,
                realm,
                identity: *person,
                credential_id: id.get().to_be_bytes().to_vec(),
                credential: String::new(),
                aaguid,
                name: "Passkey".into(),
                backup_eligible,
                backup_state: false,
                at: now,
            };
            tx.insert_passkey(&new).await.unwrap();
            if at % 12 == 0 {
                tx.revoke_passkey(realm, id, "", now).await.unwrap();
            }
        }
        if at % 7 == 0 {
            tx.set_status(realm, *person, Status::Suspended, now).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    people
}

fn has_access(policy: &Policy, person: &Subject) -> bool {
    let (application, status, groups) = (Application::Console, person.status, person.groups.as_slice());
    let enters = |passkey| policy.evaluate(&Request { application, status, groups, passkey }).is_allowed();
    if person.passkeys.is_empty() { enters(None) } else { person.passkeys.iter().any(|passkey| enters(Some(passkey))) }
}

/// Policies that ask for each thing and for several.
fn policies() -> Vec<Vec<Rule>> {
    let of = |number, decision| Rule { groups: vec![group(number)], ..Rule::new(decision) };
    let kind = |kind, decision| Rule { passkey: Some(kind), ..Rule::new(decision) };
    let product = Rule { authenticators: vec!["YubiKey 5".into()], ..Rule::new(Decision::Allow) };
    vec![
        vec![],
        vec![of(0, Decision::Allow)],
        vec![of(0, Decision::Deny), of(1, Decision::Allow), of(2, Decision::Allow)],
        vec![Rule::new(Decision::Allow)],
        vec![of(2, Decision::Deny), Rule::new(Decision::Allow)],
        vec![kind(PasskeyKind::DeviceBound, Decision::Allow)],
        vec![Rule { groups: vec![group(1)], ..kind(PasskeyKind::Synced, Decision::Deny) }, of(1, Decision::Allow), product],
        vec![Rule { status: Some(Status::Suspended), ..Rule::new(Decision::Deny) }, of(0, Decision::Allow)],
    ]
}

async fn the_impact_of_a_draft_is_that_on_each_person(place: Place) {
    let desk = Desk::new(&place).await;
    let people = crowd(&desk).await;
    let subjects = desk.keyroll.store().read().await.unwrap().subjects(desk.realm, &people).await.unwrap();
    for before in policies() {
        publish(&desk, before.clone()).await.unwrap();
        let mut version = 0;
        for after in policies() {
            version = desk.operator().save_policy_draft(version, after.clone()).await.unwrap().version;
            let impact = desk.operator().policy_impact(Application::Console).await.unwrap();
            let (had, has) = (Policy { rules: before.clone() }, Policy { rules: after.clone() });
            let who = |gain: bool| {
                let changed = subjects.iter().filter(|person| (has_access(&had, person), has_access(&has, person)) == (!gain, gain));
                changed.map(|person| person.id).collect::<Vec<_>>()
            };
            let named = |people: &[domain::policy::Affected]| people.iter().map(|person| person.id).collect::<Vec<_>>();
            let Impact { gain, lose, gaining, losing } = &impact;
            assert_eq!((named(gaining), named(losing)), (who(true), who(false)), "{before:?} to {after:?}");
            assert_eq!((*gain, *lose), (gaining.len() as u64, losing.len() as u64));
        }
        desk.operator().discard_policy_draft(version).await.unwrap();
    }
}

async fn not_more_than_a_hundred_are_named(place: Place) {
    let desk = Desk::new(&place).await;
    let mut people = Vec::new();
    for number in 0..130 {
        people.push(desk.add(&format!("p{number:03}")).await.id);
    }
    desk.operator().set_status(people[0], Status::Suspended).await.unwrap();
    publish(&desk, vec![]).await.unwrap();
    desk.operator().save_policy_draft(0, vec![Rule::new(Decision::Allow)]).await.unwrap();
    let impact = desk.operator().policy_impact(Application::Console).await.unwrap();
    assert_eq!((impact.gain, impact.gaining.len(), impact.lose), (129, 100, 0));
    assert_eq!(impact.gaining.iter().map(|person| person.id).collect::<Vec<_>>(), people[1..101]);
}
