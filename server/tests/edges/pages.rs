//! Pages: the gate before them, and what they are sent with.

use app::routes::App;
use serde_json::json;
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, embedded};

on_both!(
    every_page_leads_to_sign_in,
    signing_in_over_http_leads_into_the_console_and_out_again,
    a_page_is_whole_however_many_are_written_at_once
);

const SOME_ID: &str = "0123456789abcdef";

/// An address of each page, by the router's own list.
fn addresses() -> Vec<String> {
    let routes = leptos_axum::generate_route_list(App);
    let filled = routes.iter().map(|route| route.path().replace("{id}", SOME_ID).replace("{*any}", "nothing/here"));
    filled.inspect(|path| assert!(!path.contains('{'), "no value for {path}")).collect()
}

async fn every_page_leads_to_sign_in(place: Place) {
    let desk = Desk::new(&place).await;
    let addresses = addresses();
    assert!(addresses.len() > 10);
    for address in addresses.iter().filter(|address| *address != "/sign-in") {
        for method in ["GET", "HEAD"] {
            let answer = desk.ask(method, address).send().await;
            assert_eq!(answer.status, 303, "{address}");
            let next = if address == "/" { String::new() } else { format!("?next={}", address.replace('/', "%2F")) };
            assert_eq!(answer.header("location"), Some(&*format!("/sign-in{next}")));
            assert_eq!(answer.body, b"");
        }
    }
    let answer = desk.get("/identities?q=zo%C3%AB&sort=name").send().await;
    assert_eq!(answer.header("location"), Some("/sign-in?next=%2Fidentities%3Fq%3Dzo%25C3%25AB%26sort%3Dname"));
    let page = desk.get("/sign-in").send().await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
}

async fn signing_in_over_http_leads_into_the_console_and_out_again(place: Place) {
    let desk = Desk::new(&place).await;
    let link = desk.operator().invite_administrator("ana").await.unwrap();
    let mut authenticator = SoftAuthenticator::new(1);
    desk.enroll(&crate::desk::token(&link.link), &mut authenticator).await;

    let begun = desk.post("sign-in/begin", &json!({})).send().await.json();
    let answer = authenticator.get(&serde_json::from_str(begun["options"].as_str().unwrap()).unwrap(), &desk.origin()).unwrap();
    let body = json!({ "ceremony": begun["id"], "username": "", "response": answer.to_string() });
    let finished = desk.post("sign-in/finish", &body).send().await;
    assert_eq!(finished.json()["username"], "ana");
    let cookie = finished.header("set-cookie").unwrap().to_owned();
    assert!(cookie.starts_with("session=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400"), "{cookie}");
    let session = finished.session().unwrap();

    for address in addresses() {
        let page = desk.get(&address).with("accept", "text/html").session(&session).send().await;
        let expected = match &*address {
            "/sign-in" => 303,
            "/" => 302,
            _ if address.contains(SOME_ID) || address == "/nothing/here" => 404,
            _ => 200,
        };
        assert_eq!(page.status, expected, "{address}");
    }
    for (next, location) in [("", "/"), ("?next=%2Fidentities%3Fq%3Dx", "/identities?q=x"), ("?next=%2F%2Fevil.example", "/")] {
        let answer = desk.get(&format!("/sign-in{next}")).session(&session).send().await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(location)));
    }
    let identity = desk.operator().list_identities(&domain::listing::ListRequest::default()).await.unwrap().rows.remove(0).id;
    let page = desk.get(&format!("/identities/{identity}")).session(&session).send().await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("ana"));

    let ended = desk.call(&session, "sign-in/end", &json!({})).await;
    assert_eq!((ended.status, ended.session().as_deref()), (200, Some("")));
    assert_eq!(desk.get("/identities").session(&session).send().await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_carries_where_the_news_stood() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(&embedded(folder.path())).await;
    let session = desk.administrator("ana").await;
    let page = desk.get("/identities").session(&session).send().await.text();
    let position = desk.keyroll.heard().to_string();
    assert!(page.contains(&format!("name=\"live-since\" content=\"{position}\"")), "{page}");
}

/// What a page shows, without what differs from one request to the next.
fn shown(page: &str) -> String {
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let nonce = body.split_once("nonce=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(nonce, _)| nonce);
    body.replace(nonce, "")
}

/// Answers arrive on other threads while a page is being written: it must be whole all the same.
async fn a_page_is_whole_however_many_are_written_at_once(place: Place) {
    const AT_ONCE: usize = 16;
    const ROUNDS: usize = 40;
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let person = desk.add("zoe").await.id;
    desk.operator().create_link(person).await.unwrap();
    let below = |tab: &str| format!("/identities/{person}{tab}");
    for address in ["/identities".to_owned(), below(""), below("/binding-jobs"), below("/activity")] {
        let ask = || desk.get(&address).session(&session).send();
        let first = ask().await;
        assert_eq!(first.status, 200, "{address}");
        let expected = shown(&first.text());
        assert!(expected.contains("zoe"), "{address}: {expected}");
        for _ in 0..ROUNDS {
            let asked: Vec<_> = (0..AT_ONCE).map(|_| tokio::spawn(ask())).collect();
            for page in asked {
                let page = page.await.unwrap();
                assert_eq!((page.status, &shown(&page.text())), (200, &expected), "{address}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_browsers_look_for_by_themselves_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(&embedded(folder.path())).await;
    for path in ["/favicon.ico", "/apple-touch-icon.png", "/identities/x.map"] {
        assert_eq!(desk.get(path).send().await.status, 404, "{path}");
    }
}
