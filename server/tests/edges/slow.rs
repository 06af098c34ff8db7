//! Clients that take their time.

use std::time::Duration;

use serde_json::json;
use server::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::desk::{Desk, embedded};

async fn answered(desk: &Desk, beginning: &str) -> String {
    let mut stream = TcpStream::connect(desk.address).await.unwrap();
    stream.write_all(beginning.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_come_ends_the_connection() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { head: Duration::from_millis(50), ..Limits::default() };
    let desk = Desk::with(&embedded(folder.path()), None, limits).await;
    let answer = answered(&desk, "GET /healthz HTTP/1.1\r\nhost: local").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_come_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { body: Duration::from_millis(50), ..Limits::default() };
    let desk = Desk::with(&embedded(folder.path()), None, limits).await;
    let session = desk.administrator("ana").await;
    let (host, origin) = (desk.origin().replace("http://", ""), desk.origin());
    let head =
        format!("host: {host}\r\norigin: {origin}\r\ncookie: session={session}\r\ncontent-type: application/json\r\nconnection: close");
    let answer = answered(&desk, &format!("POST /api/sign-in/me HTTP/1.1\r\n{head}\r\ncontent-length: 100\r\n\r\n{{")).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"code\":\"timeout\""), "{answer}");
    // The next one goes on as before.
    assert_eq!(desk.call(&session, "sign-in/me", &json!({})).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_serves_one_request_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(&embedded(folder.path())).await;
    let host = desk.origin().replace("http://", "");
    let get = |path: &str, last: &str| format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{last}\r\n");
    let both = get("/healthz", "") + &get("/readyz", "connection: close\r\n");
    let answer = answered(&desk, &both).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
    assert!(answer.contains("alive\n") && answer.ends_with("ready\n"));
}
