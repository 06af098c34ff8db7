//! The audit log as a file.

use domain::group::GroupForm;
use domain::time::Span;
use domain::{RealmId, TenantId, Timestamp};
use serde_json::Value;
use testkit::{Place, on_both};

use crate::desk::Desk;
use crate::wire::Ask;

on_both!(an_export_holds_what_is_asked_for, an_export_of_many_lines_is_whole, nobody_exports_without_leave,);

const CSV: &str = "/events/export.csv";
const JSON_LINES: &str = "/events/export.jsonl";

/// Asked by a page of Keyroll.
fn ours(desk: &Desk, path: &str) -> Ask {
    desk.get(path).with("sec-fetch-site", "same-origin")
}

async fn an_export_holds_what_is_asked_for(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let form = GroupForm { display_name: "-1, cmd".into(), description: String::new() };
    desk.operator().create_group(&form).await.unwrap();
    let other = RealmId::from_i64(i64::MAX - 1);
    let mut tx = desk.keyroll.store().write().await.unwrap();
    tx.insert_realm(other, TenantId::from_i64(1), "Elsewhere", "", Timestamp::from_micros(1)).await.unwrap();
    tx.commit().await.unwrap();
    desk.keyroll.operator(other).create_group(&GroupForm { display_name: "hidden".into(), ..form }).await.unwrap();

    let answer = ours(&desk, &format!("{CSV}?type=group.created&outcome=nonsense")).session(&session).send().await;
    assert_eq!((answer.status, answer.header("content-disposition")), (200, Some("attachment; filename=\"events.csv\"")));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let text = answer.text();
    let lines: Vec<_> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("time,type,outcome,actor_name,target_name,"), "{text}");
    assert!(lines.iter().any(|line| line.contains(",group.created,success,Command line,\"'-1, cmd\",")), "{text}");
    assert!(!text.contains("hidden") && !text.contains("sign_in.allowed"), "{text}");
    assert_eq!(lines.last(), Some(&""));

    let answer = ours(&desk, &format!("{JSON_LINES}?q=cmd")).session(&session).send().await;
    let text = answer.text();
    let objects: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // The export before says what was asked; its own line tells of "cmd" as well.
    assert!(objects.iter().any(|object| object["type"] == "group.created" && object["target_name"] == "-1, cmd"), "{text}");
    assert!(objects.iter().all(|object| object["time"].as_str().unwrap().ends_with('Z')), "{text}");
    assert_eq!(ours(&desk, &format!("{CSV}?from=yesterday")).session(&session).send().await.status, 422);
}

async fn an_export_of_many_lines_is_whole(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let person = desk.add("cy").await;
    let form = GroupForm { display_name: "Staff".into(), description: String::new() };
    let group = desk.operator().create_group(&form).await.unwrap().id;
    for _ in 0..600 {
        desk.operator().add_members(group, &[person.id]).await.unwrap();
        desk.operator().remove_members(group, &[person.id]).await.unwrap();
    }
    let answer = ours(&desk, &format!("{JSON_LINES}?target=group:{group}")).session(&session).send().await;
    let mut ids: Vec<String> =
        answer.text().lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 1_201);
    ids.dedup();
    assert_eq!(ids.len(), 1_201);
}

async fn nobody_exports_without_leave(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    for path in [CSV, JSON_LINES] {
        let answer = ours(&desk, path).send().await;
        assert_eq!(answer.status, 401);
        assert!(!answer.text().contains("identity.created"));
        assert_eq!(desk.ask("POST", path).session(&session).with("origin", &desk.origin()).send().await.status, 405);
        assert_eq!(ours(&desk, path).session(&session).send().await.status, 200);
        // Another site's page starts no download, and neither does whoever asks for the head alone.
        for site in ["cross-site", "same-site"] {
            let answer = desk.get(path).with("sec-fetch-site", site).session(&session).send().await;
            assert!(answer.status == 403 && answer.text().contains("did not come from a page of Keyroll"), "{}", answer.text());
        }
        assert_eq!(desk.get(path).session(&session).send().await.status, 403);
        assert_eq!(desk.ask("HEAD", path).with("sec-fetch-site", "same-origin").session(&session).send().await.status, 405);
    }
    desk.clock.advance(Span::minutes(11));
    for path in [CSV, JSON_LINES] {
        let answer = ours(&desk, path).session(&session).send().await;
        assert_eq!(answer.status, 403, "{}", answer.text());
        assert!(!answer.text().contains("identity.created"));
    }
}
