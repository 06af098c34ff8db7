//! Headers of each kind of answer.

use std::collections::BTreeSet;

use serde_json::json;
use server::Limits;

use crate::desk::{BUILD, Desk, embedded};
use crate::wire::Answer;

/// One answer of each kind, by name.
async fn one_of_each(desk: &Desk) -> Vec<(&'static str, Answer)> {
    let session = desk.administrator("ana").await;
    let identity = desk.add("bo").await;
    let link = desk.link(&identity).await;
    let script = format!("/pkg/{BUILD}/console.js");
    let wrong_host = desk.get("/sign-in").without("host").with("host", "evil.example");
    let wrong_origin = desk.post("sign-in/me", &json!({})).without("origin").with("origin", "null");
    let stream = desk.get("/live").session(&session).open().await;
    vec![
        ("page", desk.get("/identities").session(&session).send().await),
        ("sign-in", desk.get("/sign-in").send().await),
        ("redirect", desk.get("/identities").send().await),
        ("page that is not there", desk.get("/nothing").session(&session).send().await),
        ("enrollment", desk.get(&format!("/enroll/{link}")).send().await),
        ("unknown link", desk.get("/enroll/x/y").send().await),
        ("function", desk.call(&session, "sign-in/me", &json!({})).await),
        ("refusal of a function", desk.post("sign-in/me", &json!({})).send().await),
        ("unknown function", desk.post("x", &json!({})).send().await),
        ("refusal of a body", desk.call(&session, "identities/get", &json!([])).await),
        ("file", desk.get(&script).send().await),
        ("compressed file", desk.get(&script).with("accept-encoding", "br").send().await),
        ("unknown file", desk.get("/pkg/x/y.js").send().await),
        ("wrong host", wrong_host.send().await),
        ("wrong origin", wrong_origin.send().await),
        ("wrong method", desk.ask("DELETE", "/sign-in").with("origin", &desk.origin()).send().await),
        ("probe", desk.get("/healthz").send().await),
        ("stream", stream.answer),
        ("no stream", desk.get("/live").send().await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_guarded() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(&embedded(folder.path())).await;
    let answers = one_of_each(&desk).await;
    let mut ids = BTreeSet::new();
    for (what, answer) in &answers {
        let header = |name: &str| answer.header(name).unwrap_or_else(|| panic!("{what} has no {name}"));
        assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{what}");
        let permissions = header("permissions-policy");
        assert!(permissions.contains("publickey-credentials-create=(self)") && permissions.contains("publickey-credentials-get=(self)"));
        assert!(permissions.contains("camera=()"), "{what}");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with("frame-ancestors 'none'"), "{what}: {policy}");
        assert!(!policy.replace("'wasm-unsafe-eval'", "").contains("unsafe"), "{what}: {policy}");
        let secret = matches!(*what, "enrollment" | "unknown link");
        assert_eq!(header("referrer-policy"), if secret { "no-referrer" } else { "same-origin" }, "{what}");
        assert_eq!(answer.header("strict-transport-security"), None, "{what}");
        assert!(ids.insert(header("x-request-id").to_owned()), "{what} repeats a request's id");
        let kept = match *what {
            "file" | "compressed file" => "public, max-age=31536000, immutable",
            _ => "no-store",
        };
        assert_eq!(header("cache-control"), kept, "{what}");
    }
    let status = |what: &str| answers.iter().find(|(name, _)| *name == what).map(|(_, answer)| answer.status);
    assert_eq!([status("wrong method"), status("no stream"), status("unknown link")], [Some(405), Some(401), Some(404)]);
    assert_eq!([status("unknown file"), status("unknown function"), status("refusal of a body")], [Some(404), Some(404), Some(400)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clients_request_id_is_not_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(&embedded(folder.path())).await;
    let answer = desk.post("sign-in/me", &json!({})).with("x-request-id", "forged").send().await;
    let id = answer.header("x-request-id").unwrap();
    assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    assert_eq!(answer.json()["request_id"], id);
    // The event carries the same one.
    let session = desk.administrator("ana").await;
    let form = json!({ "display_name": "Bo", "username": "bo", "email": "", "external_id": "", "traits": {} });
    let created = desk.call(&session, "identities/create", &json!({ "form": form, "groups": [] })).await;
    let identity = serde_json::from_value(created.json()["id"].clone()).unwrap();
    let event = desk.operator().activity_of(identity, None).await.unwrap().events.remove(0);
    assert_eq!(Some(event.request_id.as_str()), created.header("x-request-id"));
    assert_eq!(event.address, "127.0.0.1");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_browsers_are_told_to_stay_there() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::with(&embedded(folder.path()), Some("https://id.example.com"), Limits::default()).await;
    for path in ["/sign-in", "/icons.svg", "/nothing", "/healthz"] {
        assert_eq!(desk.get(path).send().await.header("strict-transport-security"), Some("max-age=31536000"), "{path}");
    }
}

/// The text between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split(after).next().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nonce_is_the_pages_own_and_new_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(&embedded(folder.path())).await;
    let session = desk.administrator("ana").await;
    let identity = desk.add("bo").await;
    let link = format!("/enroll/{}", desk.link(&identity).await);
    let mut seen = BTreeSet::new();
    for path in ["/sign-in", "/sign-in", "/identities", &link, &link] {
        let ask = desk.get(path);
        let page = if path == "/identities" { ask.session(&session) } else { ask }.send().await;
        assert_eq!(page.status, 200);
        let policy = page.header("content-security-policy").unwrap();
        let nonce = between(policy, "'nonce-", "'").remove(0).to_owned();
        assert!(nonce.len() >= 22, "{nonce}");
        let text = page.text();
        let scripts = between(&text, "<script", ">");
        assert!(!scripts.is_empty());
        for script in scripts {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
        }
        assert!(!text.contains(" style=\"") && !text.contains("<style") && !text.contains(" onclick="), "{path}");
        assert!(seen.insert(nonce), "a nonce came twice");
    }
}
