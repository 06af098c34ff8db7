//! Thousands of invitations, and `kill -9` at any moment: each is sent once, as the receiving side counts.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{MailServer, Place, SoftAuthenticator, on_both};
use tokio::time::sleep;

use crate::program::{Program, run, said};

on_both!(invitations_are_sent_once_however_often_the_process_is_killed, a_batch_is_done_once_however_often_the_process_is_killed);

/// Times that the process is killed.
const KILLS: u64 = 12;

/// People with addresses, all in one group: more than anybody would type.
async fn people(place: &Place, count: u32) {
    let numbers = format!("WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})");
    let realm = "(SELECT min(id) FROM realms)";
    place
        .execute(&format!(
            "{numbers} INSERT INTO identities (id, realm_id, display_name, username, username_key, email, external_id, traits, status, \
             enrollment_status, source, passkey_count, group_count, sort_name, search_text, version, created_at, updated_at) \
             SELECT n, {realm}, 'Person ' || n, 'person' || n, 'person' || n, 'person' || n || '@example.org', NULL, '{{}}', 'active', \
             'UNENROLLED', 'manual', 0, 1, 'person', 'person', 1, 1, 1 FROM numbers"
        ))
        .await;
    place
        .execute(&format!(
            "INSERT INTO groups (id, realm_id, display_name, name_key, description, member_count, version, created_at, updated_at) \
             SELECT 1, {realm}, 'Everybody', 'everybody', '', {count}, 1, 1, 1"
        ))
        .await;
    place.execute(&format!("{numbers} INSERT INTO group_members (group_id, identity_id, added_at) SELECT 1, n, 1 FROM numbers")).await;
}

async fn waiting(place: &Place) -> i64 {
    place.number("SELECT count(*) FROM outbox WHERE state IN ('QUEUED', 'SENDING', 'HANDED_OVER')").await
}

async fn in_state(place: &Place, state: &str) -> usize {
    usize::try_from(place.number(&format!("SELECT count(*) FROM outbox WHERE state = '{state}'")).await).unwrap()
}

async fn invitations_are_sent_once_however_often_the_process_is_killed(place: Place) {
    let count = if matches!(place, Place::Sqlite(_)) { 10_000 } else { 1_000 };
    let server = MailServer::start().await;
    let url = server.url("?tls=none");
    let settings = ["--smtp-url", &url, "--mail-from", "Example <passkeys@example.com>"];
    let mut program = Program::start_with(&place, &settings).await;
    let session = program.administrator(&mut SoftAuthenticator::new(1)).await;
    people(&place, count).await;

    // Killed between the parts of the invitation, too: whoever was invited is not invited twice.
    let mut after = Value::Null;
    loop {
        let body = json!({ "invitees": { "Group": { "group": "0000000000000001", "after": after } } });
        let invited = program.call(&session, "binding-jobs/invite-many", &body).await;
        after = invited["next"].clone();
        if after.is_null() {
            break;
        }
        if after == "00000000000001f4" {
            program.kill();
            program = Program::start_with(&place, &settings).await;
        }
    }
    let mut random: u64 = 0x9e37_79b9_7f4a_7c15;
    for _ in 0..KILLS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        sleep(Duration::from_millis(random % 1_500)).await;
        program.kill();
        program = Program::start_with(&place, &settings).await;
    }
    while waiting(&place).await > 0 {
        sleep(Duration::from_millis(100)).await;
    }

    let (sent, uncertain) = (in_state(&place, "SENT").await, in_state(&place, "UNCERTAIN").await);
    assert_eq!(sent + uncertain, count as usize);
    // At most what four senders had in their hands each time.
    assert!(uncertain <= 4 * (usize::try_from(KILLS).unwrap() + 1), "{uncertain}");
    let received = server.received();
    let people: BTreeSet<_> = received.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(people.len(), received.len(), "a mail was sent twice");
    let listed = people.iter().map(|address| format!("'{address}'")).collect::<Vec<_>>().join(",");
    let arrived = place.number(&format!("SELECT count(*) FROM outbox WHERE state = 'SENT' AND recipient IN ({listed})")).await;
    assert_eq!(usize::try_from(arrived).unwrap(), sent, "a mail that counts as sent did not arrive");
    assert_eq!(place.number("SELECT count(*) FROM binding_jobs WHERE delivery_method = 'EMAIL'").await, i64::from(count));
    let log = program.log();
    assert!(!log.contains("panicked"), "{log}");
}

/// So many of a batch's people have been looked after.
async fn looked_after(place: &Place) -> i64 {
    place.number("SELECT count(*) FROM batch_items WHERE state <> 'PENDING'").await
}

async fn a_batch_is_done_once_however_often_the_process_is_killed(place: Place) {
    const PEOPLE: u32 = 1_000;
    let server = MailServer::start().await;
    let url = server.url("?tls=none");
    let settings = ["--smtp-url", &url, "--mail-from", "Example <passkeys@example.com>"];
    let mut program = Program::start_with(&place, &settings).await;
    let session = program.administrator(&mut SoftAuthenticator::new(1)).await;
    people(&place, PEOPLE).await;
    let scopes = ["credential-binding-jobs:create", "credential-binding-jobs:read"];
    let form = json!({ "name": "Test", "scopes": scopes, "days": "1", "everywhere": false, "addresses": "" });
    let token = program.call(&session, "tokens/create", &json!({ "form": form })).await["secret"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let api = program.call(&session, "tokens/get", &json!({ "live": false })).await["api"].as_str().unwrap().to_owned();
    let path = format!("{}/batch-credential-binding-jobs", api.strip_prefix(&program.origin()).unwrap());

    let ids: Vec<_> = (1..=PEOPLE).map(|id| format!("{id:016x}")).collect();
    let body = json!({ "batch_credential_binding_job": { "identity_ids": ids, "job_template": { "delivery_method": "EMAIL" } } });
    let ask = program.ask("POST", &path).with("authorization", &bearer).with("content-type", "application/json");
    let made = ask.body(body.to_string()).send().await;
    assert_eq!(made.status, 200, "{}", made.text());
    let one = format!("{path}/{}", made.json()["id"].as_str().unwrap());
    for some in [1, 300, 600] {
        while looked_after(&place).await < some {
            sleep(Duration::from_millis(1)).await;
        }
        program.kill();
        program = Program::start_with(&place, &settings).await;
    }
    while looked_after(&place).await < i64::from(PEOPLE) || waiting(&place).await > 0 {
        sleep(Duration::from_millis(100)).await;
    }

    let read = program.ask("GET", &one).with("authorization", &bearer).send().await.json();
    assert_eq!(read["state"], "SUCCESS", "{read}");
    let results = program.ask("GET", &format!("{one}:listResults")).with("authorization", &bearer).send().await.json();
    assert_eq!([&results["total_size"], &results["total_success_count"]], [PEOPLE, PEOPLE]);
    for sql in [
        "SELECT count(*) FROM binding_jobs WHERE batch_id IS NOT NULL",
        "SELECT count(DISTINCT identity_id) FROM binding_jobs WHERE batch_id IS NOT NULL",
    ] {
        assert_eq!(place.number(sql).await, i64::from(PEOPLE));
    }
    assert_eq!(in_state(&place, "SENT").await + in_state(&place, "UNCERTAIN").await, ids.len());
    let received = server.received();
    let people: BTreeSet<_> = received.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(people.len(), received.len(), "a mail was sent twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_is_wrong_with_the_mail_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = MailServer::start().await;
    let checked = |url: &str| said(&run(folder.path(), &["check", "--smtp-url", url, "--mail-from", "passkeys@example.com"])).0;
    let (good, required) = (server.url("?tls=none"), server.url("?tls=required"));
    let found = tokio::task::block_in_place(|| [checked(&good), checked(&required), checked("smtp://localhost:9?tls=none")]);
    assert!(found[0].contains("ok       mail: localhost") && found[0].contains("answers; not encrypted"), "{}", found[0]);
    assert!(found[1].contains("problem  mail: The server does not offer TLS"), "{}", found[1]);
    assert!(found[2].contains("problem  mail: The mail server cannot be reached"), "{}", found[2]);
    let nothing = tokio::task::block_in_place(|| said(&run(folder.path(), &["check"])).0);
    assert!(nothing.contains("ok       mail: no mail server is set: mails are written into data/outbox"), "{nothing}");
}
