//! `kill -9` between any two steps, and another start: nothing lost, nothing doubled.

use serde_json::{Value, json};
use testkit::{Place, SoftAuthenticator, on_both};

use crate::program::Program;

on_both!(killed_between_any_two_steps_nothing_is_lost_or_doubled, killed_while_requests_run_each_has_happened_once_or_not_at_all);

/// Kills the program and starts it again.
async fn killed(program: Program, place: &Place) -> Program {
    program.kill();
    Program::start(place).await
}

/// Makes a link for a person; the job's id and the link's secret.
async fn link(program: &Program, session: &str, identity: &Value) -> (Value, String) {
    let made = program.call(session, "binding-jobs/create", &json!({ "identity": identity })).await;
    (made["job"]["id"].clone(), crate::desk::token(made["link"].as_str().unwrap()))
}

async fn states(program: &Program, session: &str, identity: &Value) -> Vec<String> {
    let jobs = program.call(session, "binding-jobs/list", &json!({ "identity": identity, "before": null, "live": false })).await;
    jobs["jobs"].as_array().unwrap().iter().map(|job| job["state"].as_str().unwrap().to_owned()).collect()
}

async fn passkeys(program: &Program, session: &str, identity: &Value) -> Vec<Value> {
    let passkeys = program.call(session, "passkeys/list", &json!({ "identity": identity, "live": false })).await;
    passkeys.as_array().unwrap().clone()
}

async fn kinds(program: &Program, session: &str, identity: &Value) -> Vec<String> {
    let page = program.call(session, "events/of-identity", &json!({ "identity": identity, "before": null, "live": false })).await;
    let mut kinds: Vec<_> = page["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect();
    kinds.reverse();
    kinds
}

async fn add(program: &Program, session: &str, username: &str) -> Value {
    let form = json!({ "display_name": username, "username": username, "email": "", "external_id": "", "traits": {} });
    program.call(session, "identities/create", &json!({ "form": form, "groups": [] })).await["id"].clone()
}

async fn killed_between_any_two_steps_nothing_is_lost_or_doubled(place: Place) {
    // The first administrator: after the link was printed, and after the ceremony began.
    let program = Program::start(&place).await;
    let first = program.first_link().unwrap();
    let program = killed(program, &place).await;
    let mut administrator = SoftAuthenticator::new(1);
    program.begin(&first, &mut administrator.clone()).await;
    let program = killed(program, &place).await;
    let body = program.begin(&first, &mut administrator).await;
    let finished = program.finish(&body).await;
    assert_eq!(finished.json()["signed_in"], true);
    let session = finished.session().unwrap();
    // After the passkey was stored: the session, the passkey and the end of the link are there.
    let program = killed(program, &place).await;
    assert_eq!(program.first_link(), None);
    assert_eq!(program.finish(&body).await.code(), "link_used");
    let me = program.call(&session, "sign-in/me", &json!({})).await;
    assert_eq!(passkeys(&program, &session, &me["identity"]).await.len(), 1);
    assert_eq!(program.sign_in(&mut administrator).await.status, 200);

    // A person: after each step of their link.
    let identity = add(&program, &session, "zoë").await;
    let program = killed(program, &place).await;
    let (_, token) = link(&program, &session, &identity).await;
    let program = killed(program, &place).await;
    assert_eq!(states(&program, &session, &identity).await, ["LINK_SENT"]);
    assert_eq!(program.post("enrollment/open", &json!({ "token": token })).send().await.status, 200);
    let program = killed(program, &place).await;
    assert_eq!(states(&program, &session, &identity).await, ["LINK_OPENED"]);
    let mut person = SoftAuthenticator::new(2);
    let body = program.begin(&token, &mut person).await;
    // The ceremony outlives the process that began it, but not the port that its origin names: it is told so.
    let origin = program.origin();
    let program = killed(program, &place).await;
    assert_eq!(states(&program, &session, &identity).await, ["REQUEST_DELIVERED"]);
    if program.origin() != origin {
        assert_eq!(program.finish(&body).await.code(), "webauthn_wrong_origin");
    }
    let body = program.begin(&token, &mut person).await;
    assert_eq!(program.finish(&body).await.status, 200);
    let program = killed(program, &place).await;
    assert_eq!(states(&program, &session, &identity).await, ["COMPLETE"]);
    assert_eq!(program.finish(&body).await.code(), "link_used");
    let theirs = passkeys(&program, &session, &identity).await;
    assert_eq!(theirs.len(), 1);

    // What ends something: a link taken back, a passkey revoked, a person suspended and deleted.
    let (job, token) = link(&program, &session, &identity).await;
    program.call(&session, "binding-jobs/revoke", &json!({ "id": job })).await;
    let program = killed(program, &place).await;
    assert_eq!(states(&program, &session, &identity).await, ["REVOKED", "COMPLETE"]);
    assert_eq!(program.post("enrollment/begin", &json!({ "token": token })).send().await.code(), "link_revoked");
    program.call(&session, "passkeys/revoke", &json!({ "id": theirs[0]["id"], "reason": "lost" })).await;
    let program = killed(program, &place).await;
    assert_eq!(passkeys(&program, &session, &identity).await[0]["revoked"]["reason"], "lost");
    program.call(&session, "identities/set-status", &json!({ "id": identity, "status": "suspended" })).await;
    let program = killed(program, &place).await;
    let told = kinds(&program, &session, &identity).await;
    let once =
        ["identity.created", "binding_job.completed", "passkey.created", "binding_job.revoked", "passkey.revoked", "identity.suspended"];
    for kind in once {
        assert_eq!(told.iter().filter(|told| *told == kind).count(), 1, "{kind} in {told:?}");
    }
    program.call(&session, "identities/delete", &json!({ "id": identity })).await;
    let program = killed(program, &place).await;
    let gone = program.post("identities/get", &json!({ "id": identity, "live": false })).session(&session).send().await;
    assert_eq!(gone.code(), "not_found");
    program.call(&session, "sign-in/end", &json!({})).await;
    let program = killed(program, &place).await;
    assert_eq!(program.post("sign-in/me", &json!({})).session(&session).send().await.code(), "signed_out");
}

/// Kills the program while eight people finish their links at once. Whoever was told that it is done has a passkey;
/// whoever was not has one or none, and the link says which.
async fn killed_while_requests_run_each_has_happened_once_or_not_at_all(place: Place) {
    let program = Program::start(&place).await;
    let mut administrator = SoftAuthenticator::new(1);
    let session = program.administrator(&mut administrator).await;
    let mut people = Vec::new();
    for number in 0..8 {
        let identity = add(&program, &session, &format!("p{number}")).await;
        let (_, token) = link(&program, &session, &identity).await;
        let body = program.begin(&token, &mut SoftAuthenticator::new(100 + number)).await;
        people.push((identity, token, body));
    }
    let finishing = people.iter().map(|(_, _, body)| program.post("enrollment/finish", body).try_send());
    let mut running: tokio::task::JoinSet<_> = finishing.enumerate().map(|(at, asking)| async move { (at, asking.await) }).collect();
    let (first, answer) = running.join_next().await.unwrap().unwrap();
    assert_eq!(answer.unwrap().status, 200);
    program.kill();
    let mut done = vec![first];
    while let Some(finished) = running.join_next().await {
        let (at, answer) = finished.unwrap();
        done.extend(answer.filter(|answer| answer.status == 200).map(|_| at));
    }

    let program = Program::start(&place).await;
    for (at, (identity, token, _)) in people.iter().enumerate() {
        let has = passkeys(&program, &session, identity).await.len();
        let told = kinds(&program, &session, identity).await;
        let completed = told.iter().filter(|kind| *kind == "binding_job.completed").count();
        assert_eq!((has, completed), if has == 0 { (0, 0) } else { (1, 1) }, "{told:?}");
        assert!(has == 1 || !done.contains(&at), "a passkey that was confirmed is lost");
        let state = states(&program, &session, identity).await;
        assert_eq!(state, [if has == 1 { "COMPLETE" } else { "REQUEST_DELIVERED" }]);
        let begun = program.post("enrollment/begin", &json!({ "token": token })).send().await;
        assert_eq!(begun.status, if has == 1 { 410 } else { 200 });
    }
}
