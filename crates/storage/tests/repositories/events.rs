//! The audit log: written once, never altered.

use domain::event::{EventActor, EventKind, EventOutcome};
use domain::listing::EventListRequest;
use domain::record::Event;
use domain::{EventId, IdentityId};
use storage::{EventQuery, NewEvent, Tx};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    what_is_put_in_comes_out,
    a_realms_events_are_narrowed_by_kind_and_outcome,
    pages_go_from_new_to_old,
    the_latest_event_is_known,
    no_event_can_be_altered_or_deleted
];

async fn what_is_put_in_comes_out(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    for (number, kind) in EventKind::ALL.iter().enumerate() {
        let outcome = EventOutcome::ALL[number % 2];
        let new = NewEvent {
            kind: *kind,
            outcome,
            by: EventActor::Identity(IdentityId::from_i64(db.id())),
            ..made::new_event(&db, realm, Some(person))
        };
        tx.insert_event(&new).await.unwrap();
        let expected = Event {
            id: new.id,
            at: new.at,
            kind: *kind,
            outcome,
            by: new.by,
            actor: new.actor,
            about: new.about,
            target: new.target,
            detail: new.detail,
            address: new.address,
            request_id: new.request_id,
            seal: None,
        };
        assert_eq!(tx.events_of(realm, person, None, 1).await.unwrap(), [expected]);
    }
    tx.insert_event(&made::new_event(&db, realm, None)).await.unwrap();
    assert_eq!(tx.events_of(realm, person, None, 100).await.unwrap().len(), EventKind::ALL.len(), "an event of nobody is on nobody's page");
}

async fn a_realms_events_are_narrowed_by_kind_and_outcome(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let other = made::realm(&db, &mut tx).await;
    let (allowed, denied) = (EventKind::SignInAllowed, EventKind::SignInDenied);
    let mut ids = Vec::new();
    for (kind, outcome) in [(allowed, EventOutcome::Success), (denied, EventOutcome::Denied), (allowed, EventOutcome::Success)] {
        let new = NewEvent { kind, outcome, ..made::new_event(&db, realm, Some(person)) };
        tx.insert_event(&new).await.unwrap();
        ids.insert(0, new.id);
    }
    tx.insert_event(&made::new_event(&db, other, None)).await.unwrap();
    let asked = async |tx: &mut Tx, kind, outcome, before: Option<EventId>| {
        let asked = EventListRequest { kind, outcome, ..EventListRequest::default() };
        let query = EventQuery { before: before.unwrap_or(EventId::from_i64(i64::MAX)), ..EventQuery::new(realm, &asked, 2) };
        let page = tx.events(&query).await.unwrap();
        page.into_iter().map(|event| event.id).collect::<Vec<_>>()
    };
    assert_eq!(asked(&mut tx, None, None, None).await, ids[..2]);
    assert_eq!(asked(&mut tx, None, None, Some(ids[1])).await, ids[2..]);
    assert_eq!(asked(&mut tx, Some(allowed), None, None).await, [ids[0], ids[2]]);
    assert_eq!(asked(&mut tx, None, Some(EventOutcome::Denied), None).await, [ids[1]]);
    assert_eq!(asked(&mut tx, Some(allowed), Some(EventOutcome::Denied), None).await, []);
}

async fn pages_go_from_new_to_old(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let mut ids = Vec::new();
    for number in 0..7 {
        let new = made::new_event(&db, realm, Some(if number == 3 { IdentityId::from_i64(7) } else { person }));
        tx.insert_event(&new).await.unwrap();
        if number != 3 {
            ids.insert(0, new.id);
        }
    }
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = tx.events_of(realm, person, before, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        seen.extend(page.into_iter().map(|event| event.id));
    }
    assert_eq!(seen, ids);
}

async fn the_latest_event_is_known(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let (realm, other) = (made::realm(&db, &mut tx).await, made::realm(&db, &mut tx).await);
    assert_eq!(tx.latest_event().await.unwrap(), 0);
    for realm in [realm, other, realm] {
        let new = made::new_event(&db, realm, None);
        tx.insert_event(&new).await.unwrap();
        assert_eq!(tx.latest_event().await.unwrap(), new.id.get());
    }
}

async fn no_event_can_be_altered_or_deleted(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let new = NewEvent { id: EventId::from_i64(5), ..made::new_event(&db, realm, Some(person)) };
    tx.insert_event(&new).await.unwrap();
    let before = tx.events_of(realm, person, None, 10).await.unwrap();
    tx.commit().await.unwrap();

    let columns =
        "(id, realm_id, at, kind, outcome, actor_kind, actor_name, target_kind, target_name, identity_id, detail, address, request_id)";
    let values = format!(
        "VALUES (5, {realm}, 0, 'x', 'success', '', '', '', '', {person}, '{{}}', '', '')",
        realm = realm.get(),
        person = person.get()
    );
    let mut attempts = vec![
        "UPDATE events SET actor_name = 'Nobody'".to_owned(),
        "UPDATE events SET actor_name = 'Nobody' WHERE id = 5".to_owned(),
        "DELETE FROM events".to_owned(),
        "DELETE FROM events WHERE id = 5".to_owned(),
        format!("INSERT INTO events {columns} {values} ON CONFLICT (id) DO UPDATE SET actor_name = 'Nobody'"),
    ];
    attempts.push(if db.is_sqlite() { format!("REPLACE INTO events {columns} {values}") } else { "TRUNCATE events".to_owned() });
    for sql in attempts {
        let error = db.execute(&sql).await.expect_err(&sql).to_string();
        assert!(error.contains("events are immutable"), "{sql}: {error}");
    }
    assert_eq!(store.read().await.unwrap().events_of(realm, person, None, 10).await.unwrap(), before);
}
