//! Session cookies: forged, long, doubled, and those of a server behind TLS.

use serde_json::json;
use server::Limits;
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, embedded, token};

on_both!(forged_cookies_are_nobody, sessions_end_over_http_as_they_do_within);

async fn forged_cookies_are_nobody(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    assert!(desk.is_signed_in(&session).await);
    let mut turned = session.clone();
    turned.replace_range(0..1, if session.starts_with('A') { "B" } else { "A" });
    let forged = [
        "session".to_owned(),
        "session=".to_owned(),
        "session=x".to_owned(),
        format!("session={turned}"),
        format!("session={}", &session[..42]),
        format!("session={session}A"),
        format!("session=\"{session}\""),
        format!("Session={session}"),
        format!("__Host-session={session}"),
        format!("xsession={session}"),
        format!("session={session}; session=x"),
        format!("session=x; session={session}"),
        format!("session={}", "x".repeat(20_000)),
        "session=' OR 1=1 --".to_owned(),
        "session=%00".to_owned(),
        ";;;==;".to_owned(),
    ];
    for cookie in forged {
        let answer = desk.post("sign-in/me", &json!({})).with("cookie", &cookie).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "signed_out"), "{cookie:.60}");
    }
    let twice = desk.post("sign-in/me", &json!({})).session(&session).session(&session).send().await;
    assert_eq!(twice.status, 401);
    let among_others = desk.post("sign-in/me", &json!({})).with("cookie", &format!("theme=dark; session={session}; x")).send().await;
    assert_eq!(among_others.status, 200);
    // More than a head may hold: said so by the connection itself.
    let huge = desk.post("sign-in/me", &json!({})).with("cookie", &format!("session={}", "x".repeat(100_000))).send().await;
    assert_eq!(huge.status, 431);
}

async fn sessions_end_over_http_as_they_do_within(place: Place) {
    let desk = Desk::new(&place).await;
    let (ana, bo) = (desk.administrator("ana").await, desk.administrator("bo").await);
    let me = desk.call(&bo, "sign-in/me", &json!({})).await.json();
    let suspended = desk.call(&ana, "identities/set-status", &json!({ "id": me["identity"], "status": "suspended" })).await;
    assert_eq!(suspended.status, 200);
    assert!(!desk.is_signed_in(&bo).await);
    desk.clock.advance(domain::time::Span::minutes(14));
    assert_eq!(desk.call(&ana, "identities/summary", &json!({ "live": true })).await.status, 200);
    desk.clock.advance(domain::time::Span::minutes(1));
    assert_eq!(desk.call(&ana, "identities/summary", &json!({ "live": false })).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_the_cookie_is_bound_to_the_host() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::with(&embedded(folder.path()), Some("https://id.example.com"), Limits::default()).await;
    let link = token(&desk.operator().invite_administrator("ana").await.unwrap().link);
    let begun = desk.post("enrollment/begin", &json!({ "token": link })).send().await.json();
    let options = serde_json::from_str(begun["options"].as_str().unwrap()).unwrap();
    let answer = SoftAuthenticator::new(1).create(&options, "https://id.example.com").unwrap();
    let body = json!({ "token": link, "ceremony": begun["id"], "response": answer.to_string() });
    let finished = desk.post("enrollment/finish", &body).send().await;
    let cookie = finished.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("__Host-session=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400; Secure"),
        "{cookie}"
    );
    let session = finished.session().unwrap();
    let me = |name: &str| desk.post("sign-in/me", &json!({})).with("cookie", &format!("{name}={session}")).send();
    assert_eq!(me("__Host-session").await.status, 200);
    assert_eq!(me("session").await.status, 401);
}
