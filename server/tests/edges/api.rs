//! Every operation of the management API as its description tells it: what it answers to nobody, to a token that may not,
//! to one of another realm, and, with its example, to one that may.

use std::collections::{BTreeMap, BTreeSet};

use domain::identity::ProfileForm;
use domain::realm::RealmForm;
use domain::token::{Scopes, TokenForm};
use serde_json::Value;
use server::Limits;
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, token};
use crate::wire::Answer;

on_both!(
    every_operation_asks_who_asks,
    every_operation_needs_its_scopes_and_no_others,
    every_example_does_what_it_says,
    an_application_goes_at_one_pace,
);

/// In an order in which each finds what it needs: what ends something comes last.
const ORDER: &[&str] = &[
    "getTenant",
    "updateTenant",
    "listRealms",
    "createRealm",
    "getRealm",
    "updateRealm",
    "listIdentities",
    "createIdentity",
    "getIdentity",
    "updateIdentity",
    "listIdentityGroups",
    "listGroups",
    "createGroup",
    "getGroup",
    "updateGroup",
    "addGroupMembers",
    "listGroupMembers",
    "deleteGroupMembers",
    "listCredentials",
    "getCredential",
    "createCredentialBindingJob",
    "listCredentialBindingJobs",
    "getCredentialBindingJob",
    "createBatchCredentialBindingJob",
    "getBatchCredentialBindingJob",
    "listBatchResults",
    "getActiveTheme",
    "createTheme",
    "getTheme",
    "updateTheme",
    "createToken",
    "listTokens",
    "revokeToken",
    "revokeCredentialBindingJob",
    "revokeCredential",
    "deleteGroup",
    "deleteIdentity",
    "batchDeleteIdentities",
    "deleteRealm",
];

struct Operation {
    method: String,
    path: String,
    scopes: Vec<String>,
    body: Option<Value>,
    is_form: bool,
    /// As it is typed in a shell.
    sample: String,
}

/// The operations by their names, as the description has them.
async fn operations(desk: &Desk) -> BTreeMap<String, Operation> {
    let description = desk.get("/v1/openapi.json").send().await.json();
    let mut operations = BTreeMap::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, told) in item.as_object().unwrap() {
            let security = told["security"][0].as_object().unwrap();
            let scopes = security.values().next().unwrap().as_array().unwrap();
            let content = &told["requestBody"]["content"];
            let operation = Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                scopes: scopes.iter().map(|scope| scope.as_str().unwrap().to_owned()).collect(),
                body: content["application/json"].get("example").cloned(),
                is_form: content.get("application/x-www-form-urlencoded").is_some(),
                sample: told["x-codeSamples"][0]["source"].as_str().unwrap().to_owned(),
            };
            operations.insert(told["operationId"].as_str().unwrap().to_owned(), operation);
        }
    }
    let known: BTreeSet<_> = operations.keys().map(String::as_str).collect();
    assert_eq!(known, ORDER.iter().copied().collect());
    operations
}

/// What stands in the addresses' braces and in the examples.
type Names = BTreeMap<String, String>;

/// A person with a passkey and an open link, in a group of their own.
async fn names(desk: &Desk) -> Names {
    let operator = desk.operator();
    let form = ProfileForm { username: "cy".into(), display_name: "Cy".into(), email: "cy@example.org".into(), ..ProfileForm::default() };
    let identity = operator.create_identity(&form, &[]).await.unwrap();
    desk.enroll(&desk.link(&identity).await, &mut SoftAuthenticator::new(1)).await;
    let group = domain::group::GroupForm { display_name: "Staff".into(), description: String::new() };
    let group = operator.create_group(&group).await.unwrap();
    let passkey = operator.passkeys_of(identity.id).await.unwrap().remove(0);
    let job = operator.create_link(identity.id).await.unwrap().job;
    let nobody = "00000000-0000-8001-8200-00000000000";
    [
        ("tenant_id", operator.tenant().await.unwrap().id.to_string()),
        ("realm_id", desk.realm.to_string()),
        ("identity_id", identity.id.to_string()),
        ("group_id", group.id.to_string()),
        ("credential_id", passkey.id.to_string()),
        ("job_id", job.id.to_string()),
        ("application_id", operator.token_desk().await.unwrap().client.id.to_string()),
        ("token_id", format!("{nobody}2")),
        ("theme_id", format!("{nobody}3")),
        ("batch_id", format!("{nobody}4")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

async fn secret(desk: &Desk, scopes: &[String], everywhere: bool) -> String {
    let form = TokenForm { name: "Test".into(), scopes: scopes.to_vec(), everywhere, ..TokenForm::default() };
    desk.operator().create_token(&form).await.unwrap().secret
}

fn all_scopes() -> Vec<String> {
    Scopes::written(Scopes::all()).split(' ').map(str::to_owned).collect()
}

async fn ask(desk: &Desk, operation: &Operation, names: &Names, bearer: Option<&str>) -> Answer {
    let path = names.iter().fold(operation.path.clone(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
    let mut ask = desk.ask(&operation.method, &path);
    if let Some(bearer) = bearer {
        ask = ask.with("authorization", &format!("Bearer {bearer}"));
    }
    if let Some(body) = &operation.body {
        let body = body.to_string().replace("0123456789abcdef", &names["identity_id"]);
        ask = ask.with("content-type", "application/json").body(body);
    }
    if operation.is_form {
        ask = ask.with("content-type", "application/x-www-form-urlencoded").body("grant_type=client_credentials");
    }
    ask.send().await
}

/// The code of a refusal, which has its whole shape.
fn code(answer: &Answer) -> String {
    let error = answer.json();
    assert!(error["message"].as_str().is_some_and(|words| !words.is_empty()) && error["details"].is_array(), "{error}");
    assert_eq!(error.as_object().unwrap().len(), 3, "{error}");
    assert!(answer.header("x-request-id").is_some(), "{error}");
    error["code"].as_str().unwrap().to_owned()
}

async fn every_operation_asks_who_asks(place: Place) {
    let desk = Desk::new(&place).await;
    let names = names(&desk).await;
    let session = desk.administrator("ana").await;
    for (name, operation) in operations(&desk).await.iter().filter(|(_, operation)| !operation.is_form) {
        for bearer in [None, Some("wrong"), Some(session.as_str())] {
            let answer = ask(&desk, operation, &names, bearer).await;
            assert_eq!((answer.status, code(&answer).as_str()), (401, "unauthorized"), "{name}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{name}");
        }
    }
}

async fn every_operation_needs_its_scopes_and_no_others(place: Place) {
    let desk = Desk::new(&place).await;
    let names = names(&desk).await;
    let form = RealmForm { display_name: "Other".into(), classification: String::new() };
    let other = desk.operator().create_realm(&form).await.unwrap().id;
    let mut elsewhere = names.clone();
    elsewhere.insert("realm_id".to_owned(), other.to_string());
    for (name, operation) in operations(&desk).await.iter().filter(|(_, operation)| !operation.is_form) {
        for missing in &operation.scopes {
            let rest: Vec<_> = all_scopes().into_iter().filter(|scope| scope != missing).collect();
            let answer = ask(&desk, operation, &names, Some(&secret(&desk, &rest, true).await)).await;
            assert_eq!((answer.status, code(&answer).as_str()), (403, "forbidden"), "{name} without {missing}");
        }
        if !operation.path.ends_with("/realms") && operation.path.contains("{realm_id}") && !operation.scopes[0].starts_with("realms") {
            let narrow = secret(&desk, &operation.scopes, false).await;
            let answer = ask(&desk, operation, &elsewhere, Some(&narrow)).await;
            assert_eq!((answer.status, code(&answer).as_str()), (403, "forbidden"), "{name} in another realm");
            // Every realm, and ids of another one: they do not exist there.
            if operation.path.matches('{').count() > 2 && operation.method != "GET" {
                let answer = ask(&desk, operation, &elsewhere, Some(&secret(&desk, &operation.scopes, true).await)).await;
                assert_eq!((answer.status, code(&answer).as_str()), (404, "not_found"), "{name} with ids of another realm");
            }
        }
    }
    let untouched = desk.operator().identity(names["identity_id"].parse().unwrap()).await.unwrap();
    assert_eq!((untouched.version, untouched.passkeys), (1, 1));
}

async fn every_example_does_what_it_says(place: Place) {
    let desk = Desk::new(&place).await;
    let mut names = names(&desk).await;
    let operations = operations(&desk).await;
    let made = desk.operator().create_client_secret(&["identities:read".to_owned()]).await.unwrap();
    names.insert("client_id".to_owned(), made.client_id);
    names.insert("client_secret".to_owned(), made.secret);
    let home = names["realm_id"].clone();
    let mut new_realm = String::new();
    for name in ORDER {
        let operation = &operations[*name];
        // Enough for it, and no more.
        if !operation.scopes.is_empty() {
            names.insert("keyroll_token".to_owned(), secret(&desk, &operation.scopes, true).await);
        }
        match *name {
            "batchDeleteIdentities" => {
                names.insert("identity_id".to_owned(), desk.add("dee").await.id.to_string());
            }
            "deleteRealm" => {
                names.insert("realm_id".to_owned(), new_realm.clone());
            }
            _ => {}
        }
        let answer = typed(&desk, &operation.sample, &names).await;
        let id = || answer["id"].as_str().unwrap().to_owned();
        match *name {
            "createRealm" => new_realm = id(),
            "createTheme" => {
                names.insert("theme_id".to_owned(), id());
            }
            "createBatchCredentialBindingJob" => {
                names.insert("batch_id".to_owned(), id());
            }
            "listTokens" => {
                let token = answer["tokens"][0]["id"].as_str().unwrap().to_owned();
                names.insert("token_id".to_owned(), token);
            }
            "createCredentialBindingJob" => {
                let link = answer["credential_binding_link"].as_str().unwrap().to_owned();
                let path = link.strip_prefix(&desk.origin()).unwrap();
                let led = desk.get(path).send().await;
                assert_eq!(led.status, 302);
                assert_eq!(led.header("location").map(token).as_deref(), path.split("token=").nth(1));
            }
            _ => {}
        }
    }
    assert_ne!(home, new_realm);
}

/// Types a command, and reads what it prints; null where that is nothing.
async fn typed(desk: &Desk, command: &str, names: &Names) -> Value {
    let mut shell = std::process::Command::new("sh");
    shell.args(["-euc", &format!("{command} \\\n  -w '\\n%{{http_code}}'")]).env("KEYROLL_URL", desk.origin());
    shell.envs(names.iter().map(|(name, value)| (name.to_uppercase(), value)));
    let ended = tokio::task::spawn_blocking(move || shell.output()).await.unwrap().unwrap();
    let printed = String::from_utf8(ended.stdout).unwrap();
    let (body, status) = printed.rsplit_once('\n').unwrap_or_default();
    assert_eq!(status, "200", "{command}\n{body}{}", String::from_utf8_lossy(&ended.stderr));
    if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() }
}

async fn an_application_goes_at_one_pace(place: Place) {
    // Twenty at once, and none comes back while the clock stands.
    let desk = Desk::with(&place, None, Limits { api_rate: 1, ..Limits::default() }).await;
    let (operator, scopes) = (desk.operator(), ["identities:read".to_owned()]);
    let made = operator.create_client_secret(&scopes).await.unwrap();
    let realm = operator.token_desk().await.unwrap().api;
    let path = realm.strip_prefix(&desk.origin()).unwrap().to_owned();
    let grant = async |secret: &str| {
        use base64::Engine as _;
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{}:{secret}", made.client_id));
        let ask = desk.ask("POST", &format!("{path}/applications/{}/token", made.client_id));
        let ask = ask.with("authorization", &format!("Basic {basic}")).with("content-type", "application/x-www-form-urlencoded");
        ask.body("grant_type=client_credentials").send().await
    };
    let list =
        async |token: &str| desk.get(&format!("{path}/identities")).with("authorization", &format!("Bearer {token}")).send().await.status;
    // Whoever does not know the secret uses nothing up.
    for _ in 0..30 {
        assert_eq!(grant("wrong").await.status, 401);
    }
    let token = async || grant(&made.secret).await.json()["access_token"].as_str().unwrap().to_owned();
    let tokens = [token().await, token().await];
    for at in 0..18 {
        assert_eq!(list(&tokens[at % 2]).await, 200, "{at}");
    }
    assert_eq!([list(&tokens[0]).await, list(&tokens[1]).await], [429, 429]);
    let refused = grant(&made.secret).await;
    assert_eq!((refused.status, code(&refused).as_str()), (429, "too_many_requests"));
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit-remaining")), (Some("1"), Some("0")));
    let other = secret(&desk, &scopes, false).await;
    assert_eq!(list(&other).await, 200);
}
