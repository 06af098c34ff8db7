//! Every server function: what it answers to somebody signed out, to somebody whom the policy no longer lets in, to an
//! administrator of another realm, and to one who may.

use std::collections::BTreeSet;

use domain::group::GroupForm;
use domain::policy::{Decision, Policy, Rule};
use domain::role::Role;
use domain::{BindingJobId, GroupId, IdentityId, PasskeyId, RealmId, TenantId, Timestamp, TokenId};
use serde_json::{Value, json};
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, token};

on_both!(
    every_server_function_asks_who_asks,
    a_person_whom_the_policy_no_longer_lets_in_is_signed_out,
    another_realms_ids_do_not_exist,
    a_person_without_the_console_gets_no_session,
    helpdesk_may_do_its_own_and_nothing_else,
    an_auditor_may_do_their_own_and_nothing_else,
    a_full_administrator_may_do_everything,
);

/// What the requests are about.
pub(crate) struct Ids {
    pub(crate) identity: IdentityId,
    group: GroupId,
    passkey: PasskeyId,
    job: BindingJobId,
    realm: RealmId,
    link: String,
}

pub(crate) struct Case {
    pub(crate) function: &'static str,
    pub(crate) body: fn(&Ids) -> Value,
    /// Expected of somebody signed out, of an administrator with another realm's ids, and of one with their own.
    pub(crate) expected: [u16; 3],
}

const fn case(function: &'static str, expected: [u16; 3], body: fn(&Ids) -> Value) -> Case {
    Case { function, body, expected }
}

fn form(username: &str) -> Value {
    json!({ "display_name": "New", "username": username, "email": "", "external_id": "", "traits": {} })
}

fn list() -> Value {
    json!({ "search": "", "status": null, "enrollment": null, "source": null, "group": null, "sort": "created", "descending": true,
        "position": null })
}

/// In an order in which each finds what it needs: what ends something comes last.
pub(crate) const CASES: &[Case] = &[
    // The console: signed out, another realm's, one's own.
    case("identities/list", [401, 200, 200], |_| json!({ "request": list(), "live": false })),
    case("identities/summary", [401, 200, 200], |_| json!({ "live": false })),
    case("identities/get", [401, 404, 200], |ids| json!({ "id": ids.identity, "live": false })),
    case("identities/groups", [401, 404, 200], |ids| json!({ "id": ids.identity, "live": false })),
    case("groups/all", [401, 200, 200], |_| json!({})),
    case("groups/list", [401, 200, 200], |_| json!({ "request": { "search": "", "after": null }, "live": false })),
    case("groups/get", [401, 404, 200], |ids| json!({ "id": ids.group, "live": false })),
    case("groups/create", [401, 422, 422], |_| json!({ "form": { "display_name": "Administrators", "description": "" } })),
    case("groups/update", [401, 404, 200], |ids| {
        json!({ "id": ids.group, "version": 1,
        "form": { "display_name": "Renamed", "description": "" } })
    }),
    case("groups/add-members", [401, 404, 200], |ids| json!({ "id": ids.group, "people": [ids.identity] })),
    case("groups/remove-members", [401, 404, 200], |ids| json!({ "id": ids.group, "people": [ids.identity] })),
    case("identities/create", [401, 200, 422], |_| json!({ "form": form("new"), "groups": [] })),
    case("identities/update", [401, 404, 200], |ids| json!({ "id": ids.identity, "version": 1, "form": form("renamed") })),
    case("identities/set-status", [401, 404, 200], |ids| json!({ "id": ids.identity, "status": "active" })),
    case("binding-jobs/list", [401, 404, 200], |ids| json!({ "identity": ids.identity, "before": null, "live": false })),
    case("binding-jobs/history", [401, 404, 200], |ids| json!({ "id": ids.job, "live": false })),
    case("binding-jobs/create", [401, 404, 200], |ids| json!({ "identity": ids.identity })),
    case("binding-jobs/command", [401, 404, 200], |ids| json!({ "identity": ids.identity })),
    case("binding-jobs/invite", [401, 404, 422], |ids| json!({ "identity": ids.identity })),
    case("binding-jobs/invite-many", [401, 200, 200], |ids| json!({ "invitees": { "These": [ids.identity] } })),
    case("binding-jobs/resend", [401, 404, 422], |ids| json!({ "id": ids.job })),
    case("mail/desk", [401, 200, 200], |_| json!({ "live": false })),
    case("mail/list", [401, 200, 200], |_| json!({ "filter": null, "before": null, "live": false })),
    case("mail/open", [401, 404, 404], |ids| json!({ "job": ids.job })),
    case("mail/check", [401, 200, 200], |_| json!({})),
    case("mail/test", [401, 422, 422], |_| json!({})),
    case("branding/get", [401, 200, 200], |_| json!({ "live": false })),
    case("branding/take-logo", [401, 422, 422], |_| json!({ "base64": "" })),
    case("branding/send-test", [401, 422, 422], |_| json!({ "branding": branding("") })),
    case("branding/preview", [401, 200, 200], |_| json!({ "branding": branding("Example") })),
    case("branding/publish", [401, 409, 409], |_| json!({ "version": 7 })),
    case("branding/discard-draft", [401, 409, 409], |_| json!({ "version": 7 })),
    case("branding/save-draft", [401, 422, 422], |_| json!({ "version": 0, "branding": branding("") })),
    case("sign-in/appearance", [200, 200, 200], |_| json!({})),
    case("passkeys/list", [401, 404, 200], |ids| json!({ "identity": ids.identity, "live": false })),
    case("passkeys/rename", [401, 404, 200], |ids| json!({ "id": ids.passkey, "name": "Mine" })),
    case("passkeys/accepted", [401, 200, 200], |_| json!({})),
    case("events/list", [401, 200, 200], |_| {
        let asked = json!({ "search": "", "kind": null, "outcome": null, "actor": null, "target": null, "from": "", "until": "" });
        json!({ "asked": asked, "before": null, "live": false })
    }),
    case("events/of-group", [401, 404, 200], |ids| json!({ "group": ids.group, "before": null, "live": false })),
    case("events/may-export", [401, 200, 200], |_| json!({})),
    case("events/of-identity", [401, 404, 200], |ids| json!({ "identity": ids.identity, "before": null, "live": false })),
    case("sign-in/me", [401, 200, 200], |_| json!({})),
    case("policy/get", [401, 200, 200], |_| json!({ "live": false })),
    case("policy/versions", [401, 200, 200], |_| json!({ "before": null, "live": false })),
    case("policy/simulate", [401, 404, 200], |ids| json!({ "identity": ids.identity, "application": "console", "which": "published" })),
    // There is no draft to begin with; one is saved, restored over, and discarded.
    case("policy/impact", [401, 404, 404], |_| json!({ "application": "console" })),
    case("policy/publish", [401, 409, 409], |_| json!({ "version": 1 })),
    case("policy/discard-draft", [401, 409, 409], |_| json!({ "version": 7 })),
    case("policy/save-draft", [401, 422, 422], |_| {
        json!({ "version": 0, "rules": [{ "application": null, "groups": [RealmId::from_i64(5)],
        "status": null, "passkey": null, "authenticators": [], "decision": "allow", "message": null }] })
    }),
    case("policy/restore", [401, 404, 404], |_| json!({ "number": 77, "version": 0 })),
    case("administrators/list", [401, 200, 200], |_| json!({ "live": false })),
    case("administrators/bind-role", [401, 422, 422], |_| json!({ "role": "auditor", "groups": [RealmId::from_i64(5)] })),
    case("administrators/end-session", [401, 404, 404], |_| json!({ "id": RealmId::from_i64(5) })),
    case("tenants/get", [401, 200, 200], |_| json!({ "live": false })),
    case("tenants/update", [401, 409, 409], |_| json!({ "version": 7, "display_name": "Example" })),
    case("realms/list", [401, 200, 200], |_| json!({ "after": null, "live": false })),
    case("realms/create", [401, 422, 422], |_| json!({ "form": { "display_name": "", "classification": "" } })),
    case(
        "realms/update",
        [401, 404, 200],
        |ids| json!({ "id": ids.realm, "version": 1, "form": { "display_name": "Renamed", "classification": "" } }),
    ),
    case("realms/enter", [401, 404, 200], |ids| json!({ "id": ids.realm })),
    case("realms/delete", [401, 404, 409], |ids| json!({ "id": ids.realm })),
    case("tokens/get", [401, 200, 200], |_| json!({ "live": false })),
    case(
        "tokens/create",
        [401, 422, 422],
        |_| json!({ "form": { "name": "", "scopes": [], "days": "90", "everywhere": false, "addresses": "" } }),
    ),
    case("tokens/revoke", [401, 404, 404], |_| json!({ "id": TokenId::from_i64(5) })),
    case("tokens/create-client-secret", [401, 422, 422], |_| json!({ "scopes": [] })),
    case("tokens/revoke-client-secret", [401, 404, 404], |_| json!({})),
    case("sign-in/confirm", [401, 422, 422], |_| json!({ "ceremony": "", "response": "" })),
    // Whoever holds a link may use it: signed in or not makes no difference.
    case("enrollment/view", [200, 200, 200], |ids| json!({ "token": ids.link })),
    case("enrollment/open", [200, 200, 200], |ids| json!({ "token": ids.link })),
    case("enrollment/begin", [200, 200, 200], |ids| json!({ "token": ids.link })),
    case("enrollment/finish", [422, 422, 422], |ids| json!({ "token": ids.link, "ceremony": "", "response": "" })),
    case("enrollment/ask", [409, 409, 409], |ids| json!({ "token": ids.link })),
    case("sign-in/begin", [200, 200, 200], |_| json!({})),
    case("sign-in/finish", [422, 422, 422], |_| json!({ "ceremony": "", "username": "", "response": "" })),
    // What ends something.
    case("binding-jobs/revoke", [401, 404, 200], |ids| json!({ "id": ids.job })),
    case("passkeys/revoke", [401, 404, 200], |ids| json!({ "id": ids.passkey, "reason": "" })),
    case("groups/delete", [401, 404, 200], |ids| json!({ "id": ids.group, "with_members": true })),
    case("administrators/end-sessions", [401, 404, 200], |ids| json!({ "identity": ids.identity })),
    case("identities/delete", [401, 404, 200], |ids| json!({ "id": ids.identity })),
    case("sign-in/end", [200, 200, 200], |_| json!({})),
];

fn branding(organization: &str) -> Value {
    json!({ "organization": organization, "support": "", "mail": { "subject": "x", "body": "{{ link }}", "sign_off": "" } })
}

/// A person with a passkey and an open link.
pub(crate) async fn person(desk: &Desk, realm: RealmId, username: &str, seed: u64) -> Ids {
    let operator = desk.keyroll.operator(realm);
    let identity = desk.add_to(realm, username).await;
    let link = token(&operator.create_link(identity.id).await.unwrap().link);
    desk.enroll(&link, &mut SoftAuthenticator::new(seed)).await;
    let passkey = operator.passkeys_of(identity.id).await.unwrap().remove(0).id;
    let open = operator.create_link(identity.id).await.unwrap();
    let form = GroupForm { display_name: "Staff".into(), description: String::new() };
    let group = operator.create_group(&form).await.unwrap().id;
    Ids { identity: identity.id, group, passkey, job: open.job.id, realm, link: token(&open.link) }
}

/// A realm of another tenant, younger than the one that the administrators are of.
async fn elsewhere(desk: &Desk) -> RealmId {
    let realm = RealmId::from_i64(i64::MAX - 1);
    let mut tx = desk.keyroll.store().write().await.unwrap();
    tx.insert_realm(realm, TenantId::from_i64(1), "Elsewhere", "", Timestamp::from_micros(1)).await.unwrap();
    tx.commit().await.unwrap();
    realm
}

#[test]
fn every_server_function_has_its_case() {
    let known: BTreeSet<_> = server_fn::axum::server_fn_paths().collect::<Vec<_>>().into_iter().map(|(path, _)| path).collect();
    let listed: BTreeSet<_> = CASES.iter().map(|case| format!("/api/{}", case.function)).collect();
    assert_eq!(known, listed.iter().map(String::as_str).collect());
    assert_eq!(CASES.len(), listed.len());
}

#[test]
fn no_server_function_is_asked_by_get() {
    let by_get: Vec<_> = server_fn::axum::server_fn_paths().filter(|(_, method)| method != http::Method::POST).collect();
    assert_eq!(by_get, []);
}

async fn every_server_function_asks_who_asks(place: Place) {
    let desk = Desk::new(&place).await;
    let ids = person(&desk, desk.realm, "cy", 1).await;
    for Case { function, body, expected } in CASES {
        let answer = desk.post(function, &body(&ids)).send().await;
        assert_eq!(answer.status, expected[0], "{function}: {}", answer.text());
        if answer.status == 401 {
            assert_eq!(answer.code(), "signed_out", "{function}");
        }
    }
    let untouched = desk.operator().identity(ids.identity).await.unwrap();
    assert_eq!((untouched.version, untouched.passkeys), (1, 1));
}

async fn a_person_whom_the_policy_no_longer_lets_in_is_signed_out(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let ids = person(&desk, desk.realm, "cy", 1).await;
    assert!(desk.is_signed_in(&session).await);
    let mut tx = desk.keyroll.store().write().await.unwrap();
    tx.publish_policy(77, desk.realm, &Policy::default(), "Ana", desk.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    for Case { function, body, expected } in CASES {
        let answer = desk.call(&session, function, &body(&ids)).await;
        // Beginning an enrollment twice within one test changes nothing: the link is still open.
        assert_eq!(answer.status, expected[0], "{function}: {}", answer.text());
    }
}

async fn another_realms_ids_do_not_exist(place: Place) {
    let desk = Desk::new(&place).await;
    let session = desk.administrator("ana").await;
    let realm = elsewhere(&desk).await;
    let theirs = person(&desk, realm, "hidden", 1).await;
    for Case { function, body, expected } in CASES.iter().filter(|case| case.function != "sign-in/end") {
        let answer = desk.call(&session, function, &body(&theirs)).await;
        assert_eq!(answer.status, expected[1], "{function}: {}", answer.text());
        if !function.starts_with("enrollment/") {
            assert!(!answer.text().contains("hidden") && !answer.text().contains(&theirs.identity.to_string()), "{function}");
        }
    }
    let untouched = desk.keyroll.operator(realm).identity(theirs.identity).await.unwrap();
    assert_eq!((untouched.version, untouched.passkeys), (1, 1));

    let ours = person(&desk, desk.realm, "cy", 2).await;
    for Case { function, body, expected } in CASES {
        let answer = desk.call(&session, function, &body(&ours)).await;
        assert_eq!(answer.status, expected[2], "{function}: {}", answer.text());
    }
    assert!(!desk.is_signed_in(&session).await);
}

/// What whoever is signed in may do, whatever their role; and what takes no session.
const EVERYBODY: &[&str] = &[
    "passkeys/accepted",
    "sign-in/me",
    "sign-in/confirm",
    "sign-in/begin",
    "sign-in/finish",
    "sign-in/end",
    "enrollment/view",
    "enrollment/open",
    "enrollment/begin",
    "enrollment/finish",
    "enrollment/ask",
    "sign-in/appearance",
];

/// What both lesser roles read.
const READERS: &[&str] = &[
    "identities/list",
    "identities/summary",
    "identities/get",
    "identities/groups",
    "groups/all",
    "groups/list",
    "groups/get",
    "binding-jobs/list",
    "binding-jobs/history",
    "passkeys/list",
    "events/list",
    "events/of-identity",
    "events/of-group",
    "events/may-export",
    "mail/desk",
    "mail/list",
];
const HELPDESK: &[&str] = &[
    "binding-jobs/create",
    "binding-jobs/command",
    "binding-jobs/invite",
    "binding-jobs/invite-many",
    "binding-jobs/resend",
    "binding-jobs/revoke",
    "mail/open",
    "passkeys/revoke",
];
const AUDITOR: &[&str] = &[
    "branding/get",
    "branding/preview",
    "policy/get",
    "policy/versions",
    "policy/simulate",
    "policy/impact",
    "administrators/list",
    "tenants/get",
    "tokens/get",
    "realms/list",
];

fn may(role: Role, function: &str) -> bool {
    let own = match role {
        Role::Full => return true,
        Role::Helpdesk => HELPDESK,
        Role::Auditor => AUDITOR,
    };
    [EVERYBODY, READERS, own].iter().any(|functions| functions.contains(&function))
}

/// A session of a person whose group has the role; the policy lets everybody in.
async fn with_role(desk: &Desk, role: Role) -> String {
    let operator = desk.operator();
    let identity = desk.add(role.as_str()).await;
    let form = GroupForm { display_name: role.as_str().into(), description: String::new() };
    let group = operator.create_group(&form).await.unwrap().id;
    operator.add_members(group, &[identity.id]).await.unwrap();
    let administrators = operator.groups().await.unwrap().into_iter().find(|group| group.display_name == "Administrators");
    let groups = if role == Role::Full { vec![administrators.unwrap().id, group] } else { vec![group] };
    operator.bind_role(role, &groups).await.unwrap();
    let draft = operator.policy_desk().await.unwrap().draft.map_or(0, |draft| draft.version);
    let draft = operator.save_policy_draft(draft, vec![Rule::new(Decision::Allow)]).await.unwrap();
    operator.publish_policy(draft.version).await.unwrap();
    desk.enroll(&desk.link(&identity).await, &mut SoftAuthenticator::new(99)).await.unwrap()
}

/// Everything that can be asked, by somebody of this role, on things of their own realm.
async fn tried_by(place: Place, role: Role) {
    let desk = Desk::new(&place).await;
    desk.administrator("ana").await;
    let session = with_role(&desk, role).await;
    let ids = person(&desk, desk.realm, "cy", 1).await;
    for Case { function, body, expected } in CASES {
        let answer = desk.call(&session, function, &body(&ids)).await;
        if may(role, function) {
            assert_ne!(answer.status, 403, "{role} {function}");
            // A policy was published for the role: its draft and versions are others than in the table. The table's new person
            // is there twice.
            let differs = function.starts_with("policy/") || *function == "identities/create";
            assert!(differs || answer.status == expected[2], "{role} {function}: {}", answer.text());
        } else {
            assert_eq!((answer.status, answer.code().as_str()), (403, "forbidden"), "{role} {function}: {}", answer.text());
        }
    }
}

async fn helpdesk_may_do_its_own_and_nothing_else(place: Place) {
    tried_by(place, Role::Helpdesk).await;
}

async fn an_auditor_may_do_their_own_and_nothing_else(place: Place) {
    tried_by(place, Role::Auditor).await;
}

async fn a_full_administrator_may_do_everything(place: Place) {
    tried_by(place, Role::Full).await;
}

async fn a_person_without_the_console_gets_no_session(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("cy").await;
    let link = desk.link(&identity).await;
    let mut authenticator = SoftAuthenticator::new(1);
    let begun = desk.post("enrollment/begin", &json!({ "token": link })).send().await.json();
    let options = serde_json::from_str(begun["options"].as_str().unwrap()).unwrap();
    let answer = authenticator.create(&options, &desk.origin()).unwrap();
    let body = json!({ "token": link, "ceremony": begun["id"], "response": answer.to_string() });
    let finished = desk.post("enrollment/finish", &body).send().await;
    assert_eq!((finished.status, finished.session()), (200, None));

    let begun = desk.post("sign-in/begin", &json!({})).send().await.json();
    let options = serde_json::from_str(begun["options"].as_str().unwrap()).unwrap();
    let answer = authenticator.get(&options, &desk.origin()).unwrap();
    let body = json!({ "ceremony": begun["id"], "username": "", "response": answer.to_string() });
    let finished = desk.post("sign-in/finish", &body).send().await;
    assert_eq!((finished.status, finished.code().as_str(), finished.session()), (403, "denied", None));
}
