//! Pictures, colors and previews over HTTP.

use domain::branding::Branding;
use testkit::{Place, on_both};

use crate::desk::Desk;
use crate::wire::{Answer, Ask};

on_both!(
    a_picture_opened_by_itself_can_do_nothing,
    previews_show_what_is_typed_to_who_may_see_it,
    a_picture_may_be_larger_than_other_input
);

/// An SVG that would like to run something, in base64.
fn drawing() -> String {
    encoded(
        "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='10' onload='alert(1)'><script>alert(1)</script><rect width='40' height='10'/></svg>",
    )
}

fn encoded(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

async fn a_picture_opened_by_itself_can_do_nothing(place: Place) {
    let desk = Desk::new(&place).await;
    let id = desk.operator().take_logo(&drawing()).await.unwrap().id;
    let answer = desk.get(&format!("/brand/logos/{id}")).send().await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/svg+xml")));
    assert!(answer.header("content-security-policy").unwrap().contains("sandbox"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert!(!answer.text().contains("alert"), "{}", answer.text());
    for unknown in ["0", "..%2f..%2fetc%2fpasswd", &"0".repeat(64), "%00"] {
        assert_eq!(desk.get(&format!("/brand/logos/{unknown}")).send().await.status, 404, "{unknown}");
    }
    let colors = desk.get("/brand/colors/1f6feb-ffffff.css").send().await;
    assert_eq!((colors.status, colors.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert!(colors.text().contains("--brand:#1f6feb"));
    assert_eq!(desk.get("/brand/colors/1f6feb-ffffff}.css").send().await.status, 404);
}

fn typed(desk: &Desk, page: &str, branding: &str) -> Ask {
    let body: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("branding", branding).finish();
    let ask = desk.ask("POST", &format!("/settings/branding/{page}")).with("origin", &desk.origin());
    ask.with("content-type", "application/x-www-form-urlencoded").body(body)
}

async fn previews_show_what_is_typed_to_who_may_see_it(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let branding = serde_json::to_string(&Branding { support: "mailto:help@example.org".into(), ..Branding::of("Beispiel <b>") }).unwrap();
    let refused = serde_json::to_string(&Branding { button: "red".into(), ..Branding::of("Beispiel") }).unwrap();
    let fine = branding.replace(" <b>", "");
    for (page, words) in [("mail", "Hello Ana Example"), ("enrollment", "Hello Ana Example")] {
        let shown = typed(&desk, page, &fine).session(&session).send().await;
        assert_eq!(shown.status, 200, "{}", shown.text());
        assert!(shown.text().contains("Beispiel") && shown.text().contains(words), "{}", shown.text());
        let policy = shown.header("content-security-policy").unwrap();
        assert!(policy.contains("sandbox") && policy.ends_with("frame-ancestors 'self'") && !policy.contains("script-src"), "{policy}");

        let status = async |ask: Ask| -> Answer { ask.send().await };
        assert_eq!(status(typed(&desk, page, &fine)).await.status, 401);
        assert_eq!(status(typed(&desk, page, &branding).session(&session)).await.status, 422);
        assert_eq!(status(typed(&desk, page, &refused).session(&session)).await.status, 422);
        assert_eq!(status(typed(&desk, page, "{").session(&session)).await.status, 400);
        assert_eq!(status(typed(&desk, page, &fine).session(&session).without("origin").with("origin", "null")).await.status, 403);
        assert_eq!(status(desk.get(&format!("/settings/branding/{page}")).session(&session)).await.status, 405);
    }
}

async fn a_picture_may_be_larger_than_other_input(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let spaced = |bytes: usize| {
        let shape = "<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'><rect width='4' height='4'/></svg>";
        encoded(&format!("{shape}{}", " ".repeat(bytes - shape.len())))
    };
    let taken = async |bytes: usize| desk.call(&session, "branding/take-logo", &serde_json::json!({ "base64": spaced(bytes) })).await;
    assert_eq!(taken(512 * 1024).await.status, 200);
    assert_eq!(taken(512 * 1024 + 1).await.code(), "invalid");
    assert_eq!(taken(600 * 1024).await.code(), "too_large");
}
