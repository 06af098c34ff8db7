//! Enrollment links: looking at them changes nothing, and their secret is nowhere but in the address.

use domain::binding_job::State;
use serde_json::json;
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::Desk;

on_both!(looking_at_a_link_changes_nothing, each_end_of_a_link_has_its_page, a_link_goes_its_whole_way_over_http);

async fn looking_at_a_link_changes_nothing(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("Zoë").await;
    let link = desk.link(&identity).await;
    let before = desk.keyroll.heard();
    for number in 0..100 {
        let ask = desk.ask(if number % 10 == 0 { "HEAD" } else { "GET" }, &format!("/enroll/{link}"));
        assert_eq!(ask.send().await.status, 200);
    }
    let jobs = desk.operator().jobs(Some(identity.id), None).await.unwrap().jobs;
    assert_eq!(jobs.iter().map(|job| job.state).collect::<Vec<_>>(), [State::LinkSent]);
    assert_eq!(desk.operator().activity_of(identity.id, None).await.unwrap().events.len(), 2);
    assert_eq!(desk.keyroll.heard(), before);

    let page = desk.get(&format!("/enroll/{link}")).send().await.text();
    assert!(page.contains("Zoë"));
    assert!(!page.contains(&link), "the link's secret stands in the page");
}

async fn each_end_of_a_link_has_its_page(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let status = async |link: &str| desk.get(&format!("/enroll/{link}")).send().await.status;
    let unknown = "A".repeat(43);
    assert_eq!([status(&unknown).await, status("x").await, status("%00").await, status("a/b").await], [404; 4]);
    let used = desk.link(&identity).await;
    desk.enroll(&used, &mut SoftAuthenticator::new(1)).await;
    let revoked = desk.operator().create_link(identity.id).await.unwrap();
    desk.operator().revoke_job(revoked.job.id).await.unwrap();
    let open = desk.link(&identity).await;
    assert_eq!([status(&used).await, status(&crate::desk::token(&revoked.link)).await, status(&open).await], [410, 410, 200]);
    // With something behind it the link is another one, and is told to nobody on the way.
    let more = desk.get(&format!("/enroll/{open}/")).send().await;
    assert_eq!((more.status, more.header("location")), (404, None));
    desk.clock.advance(domain::time::Span::days(7));
    assert_eq!(status(&open).await, 410);
}

async fn a_link_goes_its_whole_way_over_http(place: Place) {
    let desk = Desk::new(&place).await;
    let link = crate::desk::token(&desk.operator().invite_administrator("ana").await.unwrap().link);
    assert_eq!(desk.post("enrollment/open", &json!({ "token": link })).send().await.status, 200);
    let begun = desk.post("enrollment/begin", &json!({ "token": link })).send().await.json();
    let options = serde_json::from_str(begun["options"].as_str().unwrap()).unwrap();
    let answer = SoftAuthenticator::new(1).create(&options, &desk.origin()).unwrap();
    let body = json!({ "token": link, "ceremony": begun["id"], "response": answer.to_string() });
    let finished = desk.post("enrollment/finish", &body).send().await;
    assert_eq!((finished.status, finished.json()["signed_in"].as_bool()), (200, Some(true)));
    assert!(desk.is_signed_in(&finished.session().unwrap()).await);
    let again = desk.post("enrollment/finish", &body).send().await;
    assert_eq!((again.status, again.code().as_str(), again.session()), (410, "link_used", None));
}
