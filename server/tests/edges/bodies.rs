//! Bad bodies of every kind: refused in our own words, with nothing of the inside.

use serde_json::{Value, json};
use testkit::{Place, on_both};

use crate::desk::Desk;
use crate::wire::{Answer, Ask};

on_both!(bad_bodies_are_refused, odd_texts_are_stored_or_refused_but_never_break_anything);

/// A refusal: with a status of the client's fault, in our shape, with nothing that names the inside.
fn assert_refused(answer: &Answer, status: u16, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text());
    answer.code();
    let text = answer.text().to_lowercase();
    for inside in
        ["expected", "column", "serde", "invalid type", "missing field", "sqlite", "postgres", "sql", "panicked", ".rs", "recursion"]
    {
        assert!(!text.contains(inside), "{what}: {text}");
    }
}

async fn bad_bodies_are_refused(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let post = |body: &[u8]| desk.post("identities/create", &json!(null)).body(body).session(&session);
    let form = r#"{"display_name":"Bo","username":"bo","email":"","external_id":"","traits":{}}"#;
    let whole = format!(r#"{{"form":{form},"groups":[]}}"#);
    let nested = format!(r#"{{"form":{},"groups":[]}}"#, "[".repeat(20_000));
    let deep = format!(r#"{{"form":{}{},"groups":[]}}"#, r#"{"a":"#.repeat(2_000), "}".repeat(2_000));
    let malformed: Vec<(&str, Vec<u8>)> = vec![
        ("empty", b"".to_vec()),
        ("white space", b"  \n".to_vec()),
        ("broken JSON", b"{\"form\":".to_vec()),
        ("no JSON", b"form=x&groups=".to_vec()),
        ("another type", b"[]".to_vec()),
        ("a number", b"12".to_vec()),
        ("null", b"null".to_vec()),
        ("a missing field", format!(r#"{{"form":{form}}}"#).into_bytes()),
        (
            "a field of another type",
            br#"{"form":{"display_name":7,"username":"bo","email":"","external_id":"","traits":{}},"groups":[]}"#.to_vec(),
        ),
        ("a group that is no id", format!(r#"{{"form":{form},"groups":["x"]}}"#).into_bytes()),
        ("duplicate keys", format!(r#"{{"form":{form},"form":{form},"groups":[]}}"#).into_bytes()),
        ("something after it", format!("{whole} x").into_bytes()),
        ("deep arrays", nested.into_bytes()),
        ("deep objects", deep.into_bytes()),
        ("broken UTF-8", whole.replace("Bo", "B\u{fffd}").bytes().map(|byte| if byte == 0xef { 0xff } else { byte }).collect()),
        ("a byte order mark", [b"\xef\xbb\xbf", whole.as_bytes()].concat()),
        ("UTF-16", whole.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("a lone surrogate", whole.replace("Bo", "\\ud800").into_bytes()),
        ("a NUL outside of a text", [whole.as_bytes(), b"\0"].concat()),
    ];
    for (what, body) in malformed {
        assert_refused(&post(&body).send().await, 400, what);
    }
    let large = whole.replace("Bo", &"x".repeat(70_000));
    assert_refused(&post(large.as_bytes()).send().await, 413, "70 kB");
    assert_refused(&post(&vec![b' '; 10_000_000]).send().await, 413, "10 MB");
    assert_refused(&chunked(post(b""), 100_000).send().await, 413, "100 kB in chunks");
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16", ""]
    {
        let ask = post(whole.as_bytes()).without("content-type").with("content-type", kind);
        assert_refused(&ask.send().await, 415, kind);
    }
    assert_refused(&post(whole.as_bytes()).without("content-type").send().await, 415, "no content type");
    assert_refused(&desk.post("no/such/function", &json!({})).session(&session).send().await, 404, "no such function");
    assert_refused(&desk.get("/api/identities/create").session(&session).send().await, 405, "GET");
    assert_eq!(desk.operator().summary().await.unwrap().all(), 1);

    assert_eq!(post(whole.as_bytes()).send().await.status, 200);
    assert_eq!(desk.operator().summary().await.unwrap().all(), 2);
}

/// The same request with `size` bytes of white space in chunks (RFC 9112, §7.1).
fn chunked(ask: Ask, size: usize) -> Ask {
    let chunk = format!("3e8\r\n{}\r\n", " ".repeat(1_000));
    ask.chunked(chunk.repeat(size / 1_000) + "0\r\n\r\n")
}

async fn odd_texts_are_stored_or_refused_but_never_break_anything(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let texts =
        ["", " ", "\0", "a\0b", "\u{7f}", "\u{200b}", "\u{202e}evil", "𝔅𝔬", "<script>", "' OR 1=1 --", "%00", "\u{fffd}", "ﷺ", "👩‍👩‍👧‍👦"];
    let long = "x".repeat(60_000);
    for text in texts.into_iter().chain([&*long]) {
        let form = json!({ "display_name": text, "username": text, "email": text, "external_id": text, "traits": { text: text } });
        let id = "0123456789abcdef";
        let list = json!({ "search": text, "status": null, "enrollment": null, "source": null, "group": null, "sort": "name",
            "descending": false, "position": { "after": text } });
        let searched = json!({ "search": text, "status": null, "enrollment": null, "source": null, "group": null, "sort": "name",
            "descending": false, "position": null });
        let asks: [(&str, Value); 12] = [
            ("identities/create", json!({ "form": form, "groups": [] })),
            ("identities/update", json!({ "id": id, "version": i64::MAX, "form": form })),
            ("identities/list", json!({ "request": list, "live": false })),
            ("identities/list", json!({ "request": searched, "live": false })),
            ("identities/get", json!({ "id": text, "live": false })),
            ("passkeys/rename", json!({ "id": id, "name": text })),
            ("passkeys/revoke", json!({ "id": id, "reason": text })),
            ("enrollment/view", json!({ "token": text })),
            ("enrollment/open", json!({ "token": text })),
            ("enrollment/finish", json!({ "token": text, "ceremony": text, "response": text })),
            ("enrollment/ask", json!({ "token": text })),
            ("sign-in/finish", json!({ "ceremony": text, "username": text, "response": "{}" })),
        ];
        for (function, body) in asks {
            let answer = desk.call(&session, function, &body).await;
            assert!(answer.status < 500, "{function} with {:?}: {}", &text[..text.len().min(20)], answer.text());
        }
    }
    assert!(desk.is_signed_in(&session).await);
}
