//! Requests that change something come from our own pages.

use serde_json::json;
use testkit::{Place, on_both};

use crate::desk::Desk;
use crate::wire::Ask;

on_both!(other_origins_change_nothing);

/// A request as it is with none of the headers that say where it comes from.
fn anonymous(ask: Ask) -> Ask {
    ask.without("origin").without("sec-fetch-site")
}

async fn other_origins_change_nothing(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let identity = desk.add("bo").await;
    let delete = || anonymous(desk.post("identities/delete", &json!({ "id": identity.id }))).session(&session);
    let ours = desk.origin();
    let other_port = "http://localhost:1";
    let other_scheme = ours.replace("http:", "https:");
    let by_number = ours.replace("localhost", "127.0.0.1");
    let mut forged = vec![delete()];
    for origin in
        ["null", "https://evil.example", other_port, &other_scheme, &by_number, &format!("{ours}.evil.example"), &format!("{ours}/")]
    {
        forged.push(delete().with("origin", origin));
        forged.push(delete().with("origin", origin).with("sec-fetch-site", "same-origin"));
    }
    for site in ["cross-site", "same-site", "none"] {
        forged.push(delete().with("sec-fetch-site", site));
        forged.push(delete().with("origin", &ours).with("sec-fetch-site", site));
    }
    forged.push(delete().with("origin", &ours).with("origin", "https://evil.example"));
    // A form, which needs no permission of the browser to be sent anywhere.
    forged.push(delete().without("content-type").with("content-type", "text/plain").with("origin", "https://evil.example"));
    for ask in forged {
        let answer = ask.send().await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "wrong_origin"));
    }
    desk.operator().identity(identity.id).await.unwrap();

    for method in ["PUT", "PATCH", "DELETE"] {
        let path = format!("/identities/{}", identity.id);
        assert_eq!(desk.ask(method, &path).session(&session).with("origin", "https://evil.example").send().await.status, 403);
    }
    assert_eq!(delete().with("sec-fetch-site", "same-origin").send().await.status, 200);
    assert_eq!(desk.operator().identity(identity.id).await.unwrap_err().code(), "not_found");
}
