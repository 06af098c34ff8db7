//! The audit log: what is asked of it, its chain of hashes, and what the check says when somebody wrote past Keyroll.

use domain::event::{EventActor, EventKind, EventTarget};
use domain::group::GroupForm;
use domain::listing::EventListRequest;
use domain::time::Span;
use service::{BreakKind, ChainReport, ExportFormat, Keyroll, Randomness, Settings};
use testkit::{Place, on_both};

use crate::desk::{Desk, code, process};

on_both!(
    every_event_is_sealed_once_and_in_order,
    two_processes_seal_one_chain,
    an_edit_is_named,
    an_edit_of_any_column_is_found,
    a_deletion_is_named,
    a_changed_order_is_named,
    lines_that_change_places_are_named,
    a_beginning_that_was_cut_off_is_named,
    a_chain_that_is_gone_is_named,
    a_lost_seal_and_a_cut_end_are_named,
    an_event_that_was_kept_from_its_seal_is_named,
    what_is_old_is_let_go_of_and_the_rest_stays_provable,
    what_the_chain_holds_cannot_be_deleted,
    the_log_is_narrowed_and_searched,
    an_export_asks_for_the_passkey_and_leaves_an_event,
);

/// Some events, sealed.
async fn sealed(place: &Place) -> Desk {
    let desk = Desk::new(place).await;
    for username in ["ana", "ben", "cy", "dee"] {
        desk.add(username).await;
    }
    seal(&desk.keyroll).await;
    desk
}

async fn seal(keyroll: &Keyroll) {
    while keyroll.seal_events().await.unwrap() {}
}

async fn report(desk: &Desk) -> ChainReport {
    desk.keyroll.check_events().await.unwrap().into_iter().find(|report| report.realm == desk.realm).unwrap()
}

/// Where the chain breaks, and how.
async fn broken(desk: &Desk) -> Option<(i64, BreakKind)> {
    report(desk).await.broken.map(|broken| (broken.position, broken.why))
}

/// Takes the guards away, as somebody could who owns the database, and writes.
async fn tamper(place: &Place, sql: &str) {
    let guards = match place {
        Place::Sqlite(_) => {
            "DROP TRIGGER events_are_not_altered; DROP TRIGGER events_are_not_deleted; DROP TRIGGER seals_are_not_altered; \
             DROP TRIGGER seals_are_not_deleted;"
        }
        Place::Postgres(_) => "ALTER TABLE events DISABLE TRIGGER USER; ALTER TABLE event_seals DISABLE TRIGGER USER;",
    };
    place.execute(&format!("{guards} {sql}")).await;
}

const THIRD: &str = "(SELECT event_id FROM event_seals WHERE position = 3)";

async fn every_event_is_sealed_once_and_in_order(place: Place) {
    let desk = sealed(&place).await;
    let everything = EventListRequest::default();
    let events = desk.operator().list_events(&everything, None).await.unwrap().events;
    let positions: Vec<_> = events.iter().rev().map(|event| event.seal.as_ref().unwrap().position).collect();
    assert_eq!(positions, (1..=i64::try_from(events.len()).unwrap()).collect::<Vec<_>>());
    let whole = report(&desk).await;
    let newest = *positions.last().unwrap();
    assert_eq!((whole.events, whole.position, whole.broken.clone()), (newest, newest, None));
    assert_eq!(Some(&whole.hash), events[0].seal.as_ref().map(|seal| &seal.hash));
    assert_eq!(whole.hash.len(), 64);
    seal(&desk.keyroll).await;
    assert_eq!(report(&desk).await, whole);
    desk.add("eve").await;
    assert_eq!(desk.operator().list_events(&everything, None).await.unwrap().events[0].seal, None);
    seal(&desk.keyroll).await;
    assert_eq!(report(&desk).await.events, whole.events + 1);
}

async fn two_processes_seal_one_chain(place: Place) {
    let desk = Desk::new(&place).await;
    let other = process(&place, &desk.clock, 2).await;
    for round in 0..20 {
        desk.add(&format!("one{round}")).await;
        let (one, two) = (desk.keyroll.clone(), other.clone());
        let at_once = [tokio::spawn(async move { one.seal_events().await }), tokio::spawn(async move { two.seal_events().await })];
        for sealing in at_once {
            sealing.await.unwrap().unwrap();
        }
    }
    seal(&desk.keyroll).await;
    assert_eq!(broken(&desk).await, None);
    let events = desk.operator().list_events(&EventListRequest::default(), None).await.unwrap().events;
    assert_eq!(usize::try_from(report(&desk).await.events), Ok(events.len()));
}

async fn an_edit_is_named(place: Place) {
    let desk = sealed(&place).await;
    tamper(&place, &format!("UPDATE events SET target_name = 'Nobody' WHERE id = {THIRD}")).await;
    let broken = report(&desk).await.broken.unwrap();
    assert_eq!((broken.position, broken.why), (3, BreakKind::Edited));
    assert!(broken.event.is_some() && broken.at.is_some() && broken.told.ends_with("Nobody"), "{broken:?}");
}

/// What is not hashed could be changed: each column is tried.
async fn an_edit_of_any_column_is_found(place: Place) {
    let desk = sealed(&place).await;
    tamper(&place, "SELECT 1").await;
    let numbers = ["at", "actor_id", "target_id", "identity_id"];
    let texts = ["kind", "actor_kind", "actor_name", "target_kind", "target_name", "detail", "address", "request_id"];
    let edits = numbers.iter().map(|column| (*column, format!("coalesce({column}, 0) + 1")));
    let edits = edits.chain(texts.iter().map(|column| (*column, format!("{column} || ' '"))));
    for (column, value) in edits.chain([("outcome", "'denied'".to_owned())]) {
        place.execute(&format!("CREATE TABLE kept AS SELECT {column} AS value FROM events WHERE id = {THIRD}")).await;
        place.execute(&format!("UPDATE events SET {column} = {value} WHERE id = {THIRD}")).await;
        assert_eq!(broken(&desk).await, Some((3, BreakKind::Edited)), "{column}");
        place.execute(&format!("UPDATE events SET {column} = (SELECT value FROM kept) WHERE id = {THIRD}; DROP TABLE kept")).await;
        assert_eq!(broken(&desk).await, None, "{column}");
    }
}

async fn a_deletion_is_named(place: Place) {
    let desk = sealed(&place).await;
    tamper(&place, &format!("DELETE FROM events WHERE id = {THIRD}")).await;
    assert_eq!(broken(&desk).await, Some((3, BreakKind::Deleted)));
}

async fn a_changed_order_is_named(place: Place) {
    let desk = sealed(&place).await;
    let swap = "UPDATE event_seals SET event_id = -event_id WHERE position IN (3, 4); \
        UPDATE event_seals SET event_id = (SELECT -event_id FROM event_seals WHERE position = 4) WHERE position = 3; \
        UPDATE event_seals SET event_id = (SELECT id FROM events WHERE id NOT IN (SELECT event_id FROM event_seals)) WHERE position = 4;";
    tamper(&place, swap).await;
    assert_eq!(broken(&desk).await, Some((3, BreakKind::Moved)));
}

async fn lines_that_change_places_are_named(place: Place) {
    let desk = sealed(&place).await;
    let swap = "UPDATE event_seals SET position = -position WHERE position IN (3, 4); \
        UPDATE event_seals SET position = 7 + position WHERE position < 0;";
    tamper(&place, swap).await;
    assert_eq!(broken(&desk).await, Some((3, BreakKind::Moved)));
}

async fn a_lost_seal_and_a_cut_end_are_named(place: Place) {
    let desk = sealed(&place).await;
    let end = report(&desk).await.position;
    tamper(&place, &format!("DELETE FROM events WHERE id = (SELECT event_id FROM event_seals WHERE position = {end}); DELETE FROM event_seals WHERE position = {end}")).await;
    assert_eq!(broken(&desk).await, Some((end, BreakKind::SealMissing)));
    place.execute("DELETE FROM event_seals WHERE position = 2").await;
    assert_eq!(broken(&desk).await, Some((2, BreakKind::SealMissing)));
}

async fn a_beginning_that_was_cut_off_is_named(place: Place) {
    let desk = sealed(&place).await;
    // No guard stands in the way of this: it is what retention does, but for the line that tells of it.
    place
        .execute(
            "UPDATE event_chains SET removed = 2, removed_hash = (SELECT hash FROM event_seals WHERE position = 2); \
             DELETE FROM events WHERE id IN (SELECT event_id FROM event_seals WHERE position <= 2); \
             DELETE FROM event_seals WHERE position <= 2",
        )
        .await;
    assert_eq!(broken(&desk).await, Some((2, BreakKind::Untold)));
}

async fn a_chain_that_is_gone_is_named(place: Place) {
    let desk = sealed(&place).await;
    let guard = match place {
        Place::Sqlite(_) => "DROP TRIGGER chains_are_not_deleted",
        Place::Postgres(_) => "ALTER TABLE event_chains DISABLE TRIGGER USER",
    };
    place.execute(&format!("{guard}; DELETE FROM event_chains")).await;
    assert_eq!(broken(&desk).await, Some((1, BreakKind::SealMissing)));
}

async fn an_event_that_was_kept_from_its_seal_is_named(place: Place) {
    let desk = sealed(&place).await;
    let end = report(&desk).await.position;
    desk.add("eve").await;
    assert_eq!((broken(&desk).await, report(&desk).await.waiting), (None, 1));
    place.execute("DELETE FROM event_queue").await;
    seal(&desk.keyroll).await;
    assert_eq!(broken(&desk).await, Some((end + 1, BreakKind::Unsealed)));
}

/// The same installation, which keeps its log for so long.
fn keeping(desk: &Desk, kept: Span) -> Keyroll {
    let settings = Settings { events_retention: Some(kept), ..Settings::new(desk.keyroll.public_url().clone()) };
    Keyroll::new(desk.keyroll.store().clone(), settings, desk.clock.clone(), Randomness::seeded(9)).unwrap()
}

async fn what_is_old_is_let_go_of_and_the_rest_stays_provable(place: Place) {
    let desk = sealed(&place).await;
    let old = report(&desk).await;
    desk.clock.advance(Span::days(40));
    desk.add("eve").await;
    seal(&desk.keyroll).await;
    desk.keyroll.remove_old_events().await.unwrap();
    assert_eq!(report(&desk).await.removed, 0, "without the setting everything is kept");

    keeping(&desk, Span::days(30)).remove_old_events().await.unwrap();
    seal(&desk.keyroll).await;
    let rest = report(&desk).await;
    assert_eq!((rest.removed, rest.broken.clone(), rest.events), (old.position, None, 2));
    let events = desk.operator().list_events(&EventListRequest::default(), None).await.unwrap().events;
    assert_eq!(events.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::EventsRemoved, EventKind::IdentityCreated]);
    let told: Vec<_> = ["events", "position", "hash"].map(|name| events[0].detail[name].text().to_owned()).into();
    assert_eq!(told, [old.events.to_string(), old.position.to_string(), old.hash]);
    let gone = EventListRequest { search: "ben".into(), ..EventListRequest::default() };
    assert_eq!(desk.operator().list_events(&gone, None).await.unwrap().events, []);
    // The rest is as provable as before.
    tamper(&place, "UPDATE events SET target_name = 'Nobody' WHERE kind = 'identity.created'").await;
    assert_eq!(broken(&desk).await, Some((old.position + 1, BreakKind::Edited)));
}

async fn what_the_chain_holds_cannot_be_deleted(place: Place) {
    let desk = sealed(&place).await;
    for (sql, words) in [
        ("DELETE FROM events", "events are immutable"),
        ("DELETE FROM event_seals", "seals are immutable"),
        ("UPDATE event_seals SET hash = hash", "seals are immutable"),
        ("DELETE FROM event_chains", "chains only grow"),
        ("UPDATE event_chains SET position = position - 1", "chains only grow"),
    ] {
        let error = place.try_execute(sql).await.unwrap_err();
        assert!(error.contains(words), "{sql}: {error}");
    }
    assert_eq!(broken(&desk).await, None);
}

async fn the_log_is_narrowed_and_searched(place: Place) {
    let desk = Desk::new(&place).await;
    let (ana, _) = desk.enrolled("ana", 1).await;
    desk.clock.advance(Span::days(1));
    let operator = desk.operator();
    let form = GroupForm { display_name: "Équipe 田中".into(), description: String::new() };
    let group = operator.create_group(&form).await.unwrap();
    operator.add_members(group.id, &[ana.id]).await.unwrap();
    let kinds = async |asked: EventListRequest| {
        let events = desk.operator().list_events(&asked, None).await.unwrap().events;
        events.into_iter().map(|event| event.kind).collect::<Vec<_>>()
    };
    let all = EventListRequest::default;
    let group_kinds = [EventKind::GroupMemberAdded, EventKind::GroupCreated];
    for search in ["EQUIPE", "équ 田", "中"] {
        let found = kinds(EventListRequest { search: search.into(), kind: Some(EventKind::GroupCreated), ..all() }).await;
        assert_eq!(found, [EventKind::GroupCreated], "{search}");
    }
    assert_eq!(kinds(EventListRequest { search: "equipe nothing".into(), ..all() }).await, []);
    assert_eq!(kinds(EventListRequest { search: "\"' OR * : & | 1=1 \0".into(), ..all() }).await, []);
    let about = EventListRequest { target: Some(EventTarget::Group(group.id)), ..all() };
    assert_eq!(kinds(about.clone()).await, group_kinds);
    let activity = operator.activity_of_group(group.id, None).await.unwrap().events;
    assert_eq!(activity.iter().map(|event| event.kind).collect::<Vec<_>>(), group_kinds);
    assert_eq!(kinds(EventListRequest { actor: Some(EventActor::Operator), ..about.clone() }).await, group_kinds);
    assert_eq!(kinds(EventListRequest { actor: Some(EventActor::Identity(ana.id)), ..about }).await, []);
    // The clock stands at 2027-01-15; a day later the group was made.
    let of_days = |from: &str, until: &str| EventListRequest { from: from.into(), until: until.into(), ..all() };
    assert_eq!(kinds(of_days("2027-01-16", "2027-01-16")).await, group_kinds);
    assert!(kinds(of_days("", "2027-01-15")).await.contains(&EventKind::IdentityCreated));
    assert!(!kinds(of_days("", "2027-01-15")).await.contains(&EventKind::GroupMemberAdded));
    assert_eq!(kinds(of_days("9999-12-31", "9999-12-31")).await, []);
    assert!(!kinds(of_days("0001-01-01", "9999-12-31")).await.is_empty());
    for wrong in ["yesterday", "2027-02-30", "2027-01-16T00:00:00Z; DROP"] {
        assert_eq!(code(desk.operator().list_events(&of_days(wrong, ""), None).await), "invalid", "{wrong}");
    }
}

async fn an_export_asks_for_the_passkey_and_leaves_an_event(place: Place) {
    let desk = Desk::new(&place).await;
    let asked = EventListRequest { search: "ana".into(), ..EventListRequest::default() };
    let operator = desk.operator();
    desk.add("ana").await;
    let mut export = operator.begin_export(&asked, ExportFormat::JsonLines).await.unwrap();
    let told = operator.list_events(&EventListRequest::default(), None).await.unwrap().events.remove(0);
    assert_eq!((told.kind, told.detail["format"].text(), told.detail["search"].text()), (EventKind::EventsExported, "JSON Lines", "ana"));
    let lines = export.next().await.unwrap();
    assert!(lines.iter().any(|event| event.kind == EventKind::IdentityCreated));
    assert_eq!(export.next().await.unwrap(), []);

    let (bo, ..) = desk.administrator().await;
    let mut export = bo.begin_export(&asked, ExportFormat::Csv).await.unwrap();
    desk.clock.advance(Span::minutes(11));
    assert_eq!(code(bo.begin_export(&asked, ExportFormat::Csv).await.map(drop)), "touch_needed");
    assert!(!export.next().await.unwrap().is_empty(), "what has begun goes on");
    bo.sign_out().await.unwrap();
    assert_eq!(code(export.next().await), "signed_out");
}
