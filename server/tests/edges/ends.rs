//! How the server ends.

use std::time::Duration;

use serde_json::json;
use server::Limits;
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, embedded};
use crate::program::Program;
use crate::wire::raw;

on_both!(asked_to_stop_it_says_goodbye_to_open_streams);

async fn asked_to_stop_it_says_goodbye_to_open_streams(place: Place) {
    let mut authenticator = SoftAuthenticator::new(1);
    for signal in ["TERM", "INT"] {
        let mut program = Program::start(&place).await;
        let session = match program.first_link() {
            Some(_) => program.administrator(&mut authenticator).await,
            None => program.sign_in(&mut authenticator).await.session().unwrap(),
        };
        let mut stream = program.ask("GET", "/live").session(&session).open().await;
        assert_eq!(stream.next_event().await.unwrap().kind, "reread");
        program.signal(signal);
        while stream.next().await.is_some() {}
        assert_eq!(program.ended().await.code(), Some(0), "{}", program.log());
        assert!(program.log().contains("\"message\":\"stopped\""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_runs_is_answered_before_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::new(&embedded(folder.path())).await;
    let session = desk.administrator("ana").await;
    // The only connection for writing is held: the request waits for it.
    let writing = desk.keyroll.store().write().await.unwrap();
    let form = json!({ "display_name": "Bo", "username": "bo", "email": "", "external_id": "", "traits": {} });
    let ask = desk.post("identities/create", &json!({ "form": form, "groups": [] })).session(&session);
    let asking = tokio::spawn(ask.send());
    // Another connection is answered meanwhile; afterwards no new one is taken in.
    assert_eq!(desk.get("/healthz").send().await.status, 200);
    desk.ask_to_stop();
    while tokio::net::TcpStream::connect(desk.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    drop(writing);
    assert_eq!(asking.await.unwrap().status, 200);
    desk.served().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_says_nothing_does_not_hold_up_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { farewell: Duration::from_hours(1), ..Limits::default() };
    let mut desk = Desk::with(&embedded(folder.path()), None, limits).await;
    let _idle = tokio::net::TcpStream::connect(desk.address).await.unwrap();
    let host = format!("localhost:{}", desk.address.port());
    assert_eq!(
        raw(desk.address, format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").as_bytes()).await.status,
        200
    );
    desk.stop().await;
}
