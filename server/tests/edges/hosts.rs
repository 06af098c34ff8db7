//! The name that a request is sent to.

use crate::desk::{Desk, embedded};
use crate::wire::raw;
use server::Limits;

#[tokio::test(flavor = "multi_thread")]
async fn other_names_are_not_answered() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(&embedded(folder.path())).await;
    let port = desk.address.port();
    for host in ["evil.example", &format!("evil.example:{port}"), "localhost", "localhost:1", &format!("127.0.0.1:{port}")] {
        for path in ["/sign-in", "/api/sign-in/me", "/icons.svg", "/live"] {
            let answer = desk.get(path).without("host").with("host", host).send().await;
            assert_eq!(answer.status, 421, "{host}{path}");
            assert!(answer.text().contains(&desk.origin()));
            assert!(answer.header("x-request-id").is_some());
        }
    }
    let twice = desk.get("/sign-in").with("host", "evil.example").send().await;
    assert_eq!(twice.status, 400);
    let none = raw(desk.address, b"GET /sign-in HTTP/1.0\r\n\r\n").await;
    assert_eq!(none.status, 400);
    let absolute = format!("GET http://evil.example/sign-in HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n");
    assert_eq!(raw(desk.address, absolute.as_bytes()).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_are_answered_by_address() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::with(&embedded(folder.path()), Some("https://id.example.com"), Limits::default()).await;
    for (path, text) in [("/healthz", "alive\n"), ("/readyz", "ready\n")] {
        for host in ["127.0.0.1:3000", "10.1.2.3", "localhost:3000", "[::1]:3000", "id.example.com"] {
            let answer = desk.get(path).without("host").with("host", host).send().await;
            assert_eq!((answer.status, &*answer.text()), (200, text), "{host}{path}");
        }
        assert_eq!(desk.get(path).without("host").with("host", "evil.example").send().await.status, 421);
    }
    assert_eq!(desk.get("/sign-in").without("host").with("host", "127.0.0.1:3000").send().await.status, 421);
    assert_eq!(desk.get("/sign-in").send().await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_its_database_is_alive_and_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(&embedded(folder.path())).await;
    desk.keyroll.store().close().await;
    assert_eq!(desk.get("/healthz").send().await.status, 200);
    assert_eq!(desk.get("/readyz").send().await.status, 503);
    // What is stored cannot be read: refused in words, without the reason.
    let page = desk.get("/identities").session("x").send().await;
    assert_eq!((page.status, page.header("content-type")), (500, Some("text/plain; charset=utf-8")));
    let id = page.header("x-request-id").unwrap();
    assert_eq!(page.text(), format!("Keyroll could not do this just now. Nothing has changed; try again in a moment.\n\nRequest {id}\n"));
}
