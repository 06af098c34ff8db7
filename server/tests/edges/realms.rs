//! An administrator who acts in another realm than their own: every server function is of that one.

use domain::realm::RealmForm;
use serde_json::json;
use testkit::{Place, on_both};

use crate::authorization::{CASES, Case, person};
use crate::desk::Desk;

on_both!(in_another_realm_everything_is_of_that_one);

async fn in_another_realm_everything_is_of_that_one(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let form = RealmForm { display_name: "Zürich".into(), classification: String::new() };
    let realm = desk.operator().create_realm(&form).await.unwrap().id;
    let left = person(&desk, desk.realm, "hidden", 1).await;
    assert_eq!(desk.call(&session, "realms/enter", &json!({ "id": realm })).await.status, 200);
    for Case { function, body, expected } in CASES.iter().filter(|case| !["sign-in/end", "realms/enter"].contains(&case.function)) {
        let answer = desk.call(&session, function, &body(&left)).await;
        let expected = match *function {
            // All realms of the tenant can be named from each.
            "realms/update" | "realms/delete" => expected[2],
            // The name is free here.
            "groups/create" => 200,
            _ => expected[1],
        };
        assert_eq!(answer.status, expected, "{function}: {}", answer.text());
        if !function.starts_with("enrollment/") {
            assert!(!answer.text().contains("hidden") && !answer.text().contains(&left.identity.to_string()), "{function}");
        }
    }
    let untouched = desk.operator().identity(left.identity).await.unwrap();
    assert_eq!((untouched.version, untouched.passkeys), (1, 1));

    let there = person(&desk, realm, "cy", 2).await;
    for Case { function, body, expected } in CASES {
        let answer = desk.call(&session, function, &body(&there)).await;
        assert_eq!(answer.status, expected[2], "{function}: {}", answer.text());
    }
    assert!(!desk.is_signed_in(&session).await);
}
