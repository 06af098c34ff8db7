//! The event stream over HTTP.

use std::time::Duration;

use domain::policy::Policy;
use domain::realm::RealmForm;
use domain::{RealmId, TenantId, Timestamp};
use serde_json::{Value, json};
use server::Limits;
use testkit::{Place, on_both};

use crate::desk::{Desk, embedded};
use crate::wire::{Heard, Stream};

on_both!(
    a_change_is_heard_at_once,
    another_realms_change_is_not_heard,
    a_stream_is_of_the_realm_that_is_acted_in,
    whoever_missed_something_reads_again,
    a_stream_ends_with_its_session,
    a_stream_ends_when_the_policy_says_so,
);

/// A stream that has missed nothing.
async fn open(desk: &Desk, session: &str) -> Stream {
    let since = desk.keyroll.heard();
    let stream = desk.get(&format!("/live?since={since}")).session(session).open().await;
    assert_eq!(stream.answer.status, 200);
    stream
}

fn data(heard: &Heard) -> Value {
    serde_json::from_str(&heard.data).unwrap()
}

async fn a_change_is_heard_at_once(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let mut stream = open(&desk, &session).await;
    assert_eq!(stream.answer.header("content-type"), Some("text/event-stream"));
    let identity = desk.add("bo").await;
    let created = stream.next_event().await.unwrap();
    assert_eq!(created.kind, "change");
    assert_eq!(data(&created), json!({ "kind": "identity.created", "identity": identity.id }));
    desk.link(&identity).await;
    let job = stream.next_event().await.unwrap();
    assert_eq!(data(&job), json!({ "kind": "binding_job.created", "identity": identity.id }));
    assert_eq!(job.id, desk.keyroll.heard().to_string());

    // Who comes back with the last id goes on from there.
    let mut again = desk.get("/live?since=").with("last-event-id", &job.id).session(&session).open().await;
    desk.add("cy").await;
    assert_eq!(data(&again.next_event().await.unwrap())["kind"], "identity.created");
}

async fn another_realms_change_is_not_heard(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let realm = RealmId::from_i64(i64::MAX - 1);
    let mut tx = desk.keyroll.store().write().await.unwrap();
    tx.insert_realm(realm, TenantId::from_i64(1), "Elsewhere", "", Timestamp::from_micros(1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut stream = open(&desk, &session).await;
    let theirs = desk.add_to(realm, "hidden").await;
    let ours = desk.add("bo").await;
    let first = stream.next_event().await.unwrap();
    assert_eq!(data(&first)["identity"], json!(ours.id));
    assert_ne!(data(&first)["identity"], json!(theirs.id));
}

async fn a_stream_is_of_the_realm_that_is_acted_in(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let form = RealmForm { display_name: "Zürich".into(), classification: String::new() };
    let realm = desk.operator().create_realm(&form).await.unwrap().id;
    let enter = async |realm: RealmId| assert_eq!(desk.call(&session, "realms/enter", &json!({ "id": realm })).await.status, 200);
    let at = async |shown: RealmId| {
        let path = format!("/live?since={}&realm={shown}", desk.keyroll.heard());
        desk.get(&path).session(&session).open().await
    };
    let mut left = at(desk.realm).await;
    enter(realm).await;
    // A page that shows the realm from before is told, and then nothing more.
    assert_eq!(left.next_event().await.unwrap().kind, "moved");
    assert_eq!(left.next().await, None);
    let mut late = at(desk.realm).await;
    assert_eq!(late.next_event().await.unwrap().kind, "moved");
    assert_eq!(late.next().await, None);

    let mut here = at(realm).await;
    desk.add("hidden").await;
    let added = desk.add_to(realm, "bo").await;
    assert_eq!(data(&here.next_event().await.unwrap())["identity"], json!(added.id));
    // What ends the session happens in the person's own realm.
    let id = desk.call(&session, "sign-in/me", &json!({})).await.json()["identity"].clone();
    desk.administrator("bo").await;
    desk.operator().delete_identity(serde_json::from_value(id).unwrap()).await.unwrap();
    assert_eq!(here.next_event().await.unwrap().kind, "signed-out");
}

async fn whoever_missed_something_reads_again(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let before = desk.keyroll.heard().to_string();
    desk.add("bo").await;
    let now = desk.keyroll.heard().to_string();
    for (query, last) in [
        ("", None),
        ("?since=", None),
        (&*format!("?since={before}"), None),
        (&*format!("?since={now}"), Some(&*before)),
        ("?since=x", Some("\u{e9}")),
    ] {
        let ask = desk.get(&format!("/live{query}")).session(&session);
        let ask = if let Some(last) = last { ask.with("last-event-id", last) } else { ask };
        let first = ask.open().await.next().await.unwrap();
        assert_eq!((first.kind.as_str(), &first.id, first.data.as_str()), ("reread", &now, "{}"), "{query} {last:?}");
    }
}

async fn a_stream_ends_with_its_session(place: Place) {
    let desk = Desk::new(&place).await;
    let (ana, bo) = (desk.administrator("ana").await, desk.administrator("bo").await);
    let bo_id = desk.call(&bo, "sign-in/me", &json!({})).await.json()["identity"].clone();
    let mut signed_out = open(&desk, &bo).await;
    let mut stays = open(&desk, &ana).await;
    desk.call(&bo, "sign-in/end", &json!({})).await;
    assert_eq!(signed_out.next_event().await.unwrap().kind, "signed-out");
    assert_eq!(signed_out.next().await, None);
    assert_eq!(data(&stays.next_event().await.unwrap())["kind"], "sign_in.ended");

    let bo = desk.administrator("bo-2").await;
    let id = desk.call(&bo, "sign-in/me", &json!({})).await.json()["identity"].clone();
    let mut suspended = open(&desk, &bo).await;
    assert_eq!(desk.call(&ana, "identities/set-status", &json!({ "id": id, "status": "suspended" })).await.status, 200);
    assert_eq!(suspended.next_event().await.unwrap().kind, "signed-out");

    let bo = desk.administrator("bo-3").await;
    let id = desk.call(&bo, "sign-in/me", &json!({})).await.json()["identity"].clone();
    let passkey = desk.call(&ana, "passkeys/list", &json!({ "identity": id, "live": false })).await.json()[0]["id"].clone();
    let mut revoked = open(&desk, &bo).await;
    assert_eq!(desk.call(&ana, "passkeys/revoke", &json!({ "id": passkey, "reason": "" })).await.status, 200);
    assert_eq!(revoked.next_event().await.unwrap().kind, "signed-out");

    let bo = desk.administrator("bo-4").await;
    let id = desk.call(&bo, "sign-in/me", &json!({})).await.json()["identity"].clone();
    let mut deleted = open(&desk, &bo).await;
    assert_eq!(desk.call(&ana, "identities/delete", &json!({ "id": id })).await.status, 200);
    assert_eq!(deleted.next_event().await.unwrap().kind, "signed-out");
    assert_ne!(id, bo_id);

    assert_eq!(desk.get("/live").session(&bo).send().await.code(), "signed_out");
    assert_eq!(desk.get("/live").send().await.code(), "signed_out");
}

async fn a_stream_ends_when_the_policy_says_so(place: Place) {
    let limits = Limits { beat: Duration::from_millis(20), ..Limits::default() };
    let desk = Desk::with(&place, None, limits).await;
    let session = desk.administrator("ana").await;
    let mut stream = open(&desk, &session).await;
    assert_eq!(stream.next().await.unwrap().kind, ":");
    // Changed behind this server's back: it is noticed at the next beat.
    let mut tx = desk.keyroll.store().write().await.unwrap();
    tx.publish_policy(77, desk.realm, &Policy::default(), "Ana", desk.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stream.next_event().await.unwrap().kind, "signed-out");
    assert_eq!(stream.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_nobody_uses_ends_for_idleness() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { beat: Duration::from_millis(20), ..Limits::default() };
    let desk = Desk::with(&embedded(folder.path()), None, limits).await;
    let session = desk.administrator("ana").await;
    let mut stream = open(&desk, &session).await;
    desk.clock.advance(domain::time::Span::minutes(15));
    assert_eq!(stream.next_event().await.unwrap().kind, "signed-out");
}
