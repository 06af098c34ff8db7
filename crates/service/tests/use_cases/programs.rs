//! What programs use: tokens, the application's secret, themes, and things one by one. Each asks for its permission.

use domain::permission::{Permission, Permissions};
use domain::time::Span;
use domain::token::{Scopes, TokenForm};
use domain::{ApplicationId, BindingJobId, IdentityId, PasskeyId, RealmId, TenantId, ThemeId, TokenId};
use service::{Claim, ClientError, Context, Error, Pace, PageRequest, Place as At, RequestInfo, Result, Theme};
use testkit::{Place, on_both};

use crate::desk::Desk;

on_both!(
    each_use_case_of_programs_needs_its_permission,
    nobody_gives_more_than_they_have,
    a_token_works_where_and_while_it_may,
    the_secret_of_the_application_gives_short_tokens,
    every_token_that_is_good_is_within_reach,
    a_repeated_request_is_done_once_and_answered_alike,
);

/// A use case, the permission that it needs, and what it answered: `ok` also where what was asked for is not there.
type Tried = (&'static str, Permission, &'static str);

fn outcome<T>(outcome: Result<T>) -> &'static str {
    match outcome.map_or_else(|error| error.code(), |_| "ok") {
        "invalid" | "not_found" | "conflict" => "ok",
        other => other,
    }
}

fn form(scopes: &[&str]) -> TokenForm {
    TokenForm { name: "Payroll".into(), scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(), ..TokenForm::default() }
}

async fn all(context: &Context) -> Vec<Tried> {
    use Permission as P;
    let (page, nobody) = (PageRequest::default(), IdentityId::from_i64(5));
    let (application, token) = (ApplicationId::from_i64(5), TokenId::from_i64(5));
    let as_it_is = |theme: &Theme| Ok::<_, Error>(theme.clone());
    vec![
        ("token_desk", P::TokensRead, outcome(context.token_desk().await)),
        ("create_token", P::TokensCreate, outcome(context.create_token(&form(&[])).await)),
        ("create_client_secret", P::TokensCreate, outcome(context.create_client_secret(&[]).await)),
        ("revoke_token", P::TokensDelete, outcome(context.revoke_token(token).await)),
        ("revoke_client_secret", P::TokensDelete, outcome(context.revoke_client_secret().await)),
        ("api_client", P::TokensRead, outcome(context.api_client(application).await)),
        ("page_of_client_tokens", P::TokensRead, outcome(context.page_of_client_tokens(application, &page).await)),
        ("revoke_client_token", P::TokensDelete, outcome(context.revoke_client_token(application, token).await)),
        ("active_theme", P::ThemesRead, outcome(context.active_theme().await)),
        ("theme", P::ThemesRead, outcome(context.theme(ThemeId::from_i64(5)).await)),
        ("edit_theme", P::ThemesUpdate, outcome(context.edit_theme(ThemeId::from_i64(5), as_it_is).await)),
        ("create_theme", P::ThemesCreate, outcome(context.create_theme(as_it_is).await)),
        ("page_of_credentials", P::CredentialsRead, outcome(context.page_of_credentials(None, &page).await)),
        ("credential", P::CredentialsRead, outcome(context.credential(nobody, PasskeyId::from_i64(5)).await)),
        ("revoke_credential", P::CredentialsRevoke, outcome(context.revoke_credential(nobody, PasskeyId::from_i64(5), "").await)),
        ("binding_job", P::BindingJobsRead, outcome(context.binding_job(nobody, BindingJobId::from_i64(5)).await)),
        ("revoke_binding_job", P::BindingJobsRevoke, outcome(context.revoke_binding_job(nobody, BindingJobId::from_i64(5)).await)),
        ("page_of_realms", P::RealmsRead, outcome(context.page_of_realms(&page).await)),
        ("acting_realm", P::RealmsRead, outcome(context.acting_realm().await)),
        ("delete_identities", P::IdentitiesDelete, outcome(context.delete_identities(&[nobody]).await)),
    ]
}

async fn each_use_case_of_programs_needs_its_permission(place: Place) {
    let desk = Desk::new(&place).await;
    for (name, _, outcome) in Box::pin(all(&desk.browser())).await {
        assert_eq!(outcome, "signed_out", "{name}");
    }
    for missing in Permission::ALL {
        let rest: Permissions = Permission::ALL.iter().copied().filter(|permission| permission != missing).collect();
        for (name, permission, outcome) in Box::pin(all(&desk.operator().limited_to(rest))).await {
            assert_eq!(outcome, if permission == *missing { "forbidden" } else { "ok" }, "{name} without {missing}");
        }
    }
}

async fn nobody_gives_more_than_they_have(place: Place) {
    let desk = Desk::new(&place).await;
    let lesser = desk.operator().limited_to([Permission::TokensCreate, Permission::GroupsRead].into_iter().collect());
    lesser.create_token(&form(&["groups:read"])).await.unwrap();
    for scopes in [&["identities:read"][..], &["groups:read", "groups:delete"]] {
        assert!(matches!(lesser.create_token(&form(scopes)).await, Err(Error::Invalid(_))), "{scopes:?}");
        let names: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        assert!(matches!(lesser.create_client_secret(&names).await, Err(Error::Invalid(_))), "{scopes:?}");
    }
    // Every realm is given away by whoever may enter every realm, and in the administrators' own.
    let everywhere = TokenForm { everywhere: true, ..form(&["groups:read"]) };
    assert!(matches!(lesser.create_token(&everywhere).await, Err(Error::Invalid(_))));
    desk.operator().create_token(&everywhere).await.unwrap();
    let other = other_realm(&desk).await;
    assert!(matches!(desk.keyroll.operator(other).create_token(&everywhere).await, Err(Error::Invalid(_))));
}

async fn other_realm(desk: &Desk) -> RealmId {
    let form = domain::realm::RealmForm { display_name: "Other".into(), classification: String::new() };
    desk.operator().create_realm(&form).await.unwrap().id
}

async fn presented(desk: &Desk, secret: &str, address: &str) -> Result<Option<Context>> {
    let request = RequestInfo { address: address.into(), ..RequestInfo::default() };
    desk.keyroll.context_for_token(secret, request).await
}

async fn a_token_works_where_and_while_it_may(place: Place) {
    let desk = Desk::new(&place).await;
    let tenant = desk.operator().tenant().await.unwrap().id;
    let other = other_realm(&desk).await;
    let narrow = TokenForm { addresses: "192.0.2.0/24".into(), ..form(&["groups:read"]) };
    let narrow = desk.operator().create_token(&narrow).await.unwrap();
    assert!(matches!(presented(&desk, &narrow.secret, "198.51.100.7").await, Err(Error::Forbidden)));
    let context = presented(&desk, &narrow.secret, "192.0.2.7").await.unwrap().unwrap();
    assert!(context.page_of_groups(&PageRequest::default()).await.is_ok());
    assert!(matches!(context.page_of_identities(&PageRequest::default()).await, Err(Error::Forbidden)));
    let at = async |place| context.at(place).await.map(|_| ());
    assert!(at(At::Tenant(tenant)).await.is_ok() && at(At::Realm(tenant, desk.realm)).await.is_ok());
    for beyond in [At::Tenant(TenantId::from_i64(5)), At::Realm(tenant, other), At::Realm(tenant, RealmId::from_i64(5))] {
        assert!(matches!(at(beyond).await, Err(Error::Forbidden)), "{beyond:?}");
    }

    let wide = TokenForm { everywhere: true, ..form(&["groups:read", "groups:create"]) };
    let wide = desk.operator().create_token(&wide).await.unwrap();
    let context = presented(&desk, &wide.secret, "").await.unwrap().unwrap();
    assert!(context.at(At::Realm(tenant, other)).await.is_ok());
    assert!(matches!(context.at(At::Realm(tenant, RealmId::from_i64(5))).await, Err(Error::NotFound(_))));

    // Not another one, not cut, not after its end, not once it is revoked; and never in the log.
    assert!(presented(&desk, &narrow.secret[..50], "192.0.2.7").await.unwrap().is_none());
    desk.keyroll.operator(desk.realm).revoke_token(wide.token.id).await.unwrap();
    assert!(presented(&desk, &wide.secret, "").await.unwrap().is_none());
    desk.clock.advance(Span::days(90));
    assert!(presented(&desk, &narrow.secret, "192.0.2.7").await.unwrap().is_none());
    let events = desk.operator().list_events(&domain::listing::EventListRequest::default(), None).await.unwrap();
    let told = serde_json::to_string(&events).unwrap();
    assert!(told.contains("token.created") && !told.contains(&narrow.secret) && !told.contains(&narrow.secret[8..]));
}

async fn the_secret_of_the_application_gives_short_tokens(place: Place) {
    let desk = Desk::new(&place).await;
    let tenant = desk.operator().tenant().await.unwrap().id;
    let scopes = ["groups:read".to_owned(), "identities:read".to_owned()];
    let first = desk.operator().create_client_secret(&scopes).await.unwrap();
    let client = desk.operator().token_desk().await.unwrap().client;
    let issue = async |secret: &str, scope: Option<&str>| {
        let (id, request) = (first.client_id.as_str(), RequestInfo::default());
        desk.keyroll.issue_token(tenant, desk.realm, client.id, (id, secret), scope, request).await
    };
    let issued = issue(&first.secret, Some("groups:read")).await.unwrap();
    assert_eq!((Scopes::written(issued.scopes).as_str(), issued.lifetime), ("groups:read", Span::hours(1)));
    let token = issued.access_token.reveal().to_owned();
    // However many tokens it has, the application goes at one pace.
    let caller = presented(&desk, &token, "").await.unwrap().unwrap();
    assert_eq!(caller.pace(), Some(Pace::Application(client.id)));
    let check = async |secret: &str| desk.keyroll.check_client(tenant, desk.realm, client.id, (&first.client_id, secret)).await;
    assert!(check(&first.secret).await.is_ok());
    assert!(matches!(check("wrong").await, Err(ClientError::InvalidClient)));
    assert!(matches!(issue(&first.secret, Some("groups:delete")).await, Err(ClientError::InvalidScope)));
    assert!(matches!(issue("wrong", None).await, Err(ClientError::InvalidClient)));

    // Another secret takes the first one's place, and its tokens with it.
    let second = desk.operator().create_client_secret(&scopes).await.unwrap();
    assert!(matches!(issue(&first.secret, None).await, Err(ClientError::InvalidClient)));
    assert!(presented(&desk, &token, "").await.unwrap().is_none());
    let token = issue(&second.secret, None).await.unwrap().access_token.reveal().to_owned();
    desk.clock.advance(Span::minutes(59));
    assert!(presented(&desk, &token, "").await.unwrap().is_some());
    desk.clock.advance(Span::minutes(1));
    assert!(presented(&desk, &token, "").await.unwrap().is_none());
}

async fn every_token_that_is_good_is_within_reach(place: Place) {
    let desk = Desk::new(&place).await;
    let short = TokenForm { days: "1".into(), ..form(&["groups:read"]) };
    for _ in 0..200 {
        desk.operator().create_token(&short).await.unwrap();
    }
    let first = desk.operator().token_desk().await.unwrap().tokens.pop().unwrap();
    assert!(matches!(desk.operator().create_token(&short).await, Err(Error::Conflict(_))));
    desk.operator().revoke_token(first.id).await.unwrap();
    let long = desk.operator().create_token(&form(&["groups:read"])).await.unwrap().token;
    // Those whose time is over make room, and are shown after those that are good.
    desk.clock.advance(Span::days(1));
    for _ in 0..199 {
        desk.operator().create_token(&short).await.unwrap();
    }
    let shown = desk.operator().token_desk().await.unwrap();
    assert!(shown.tokens.iter().all(|token| token.expires_at > shown.now));
    assert_eq!(shown.tokens.last().map(|token| token.id), Some(long.id));
}

async fn a_repeated_request_is_done_once_and_answered_alike(place: Place) {
    let desk = Desk::new(&place).await;
    let secret = desk.operator().create_token(&form(&["groups:create"])).await.unwrap().secret;
    let caller = presented(&desk, &secret, "").await.unwrap().unwrap();
    let group = domain::group::GroupForm { display_name: "New".into(), description: String::new() };
    let Claim::Take(first) = caller.once("key", &[b"/groups", b"{}"]).await.unwrap() else { panic!("nobody has seen it") };
    assert!(matches!(caller.once("key", &[b"/groups", b"{}"]).await, Err(Error::Conflict(_))));
    first.create_group(&group).await.unwrap();
    first.answered(Some(b"the answer")).await.unwrap();
    let Claim::Again(answer) = caller.once("key", &[b"/groups", b"{}"]).await.unwrap() else { panic!("it was done") };
    assert_eq!(answer, b"the answer");
    assert!(matches!(caller.once("key", &[b"/groups", b"{\"x\":1}"]).await, Err(Error::OtherRequest)));
    assert!(matches!(caller.once("", &[b"/groups"]).await, Err(Error::Invalid(_))));

    // Whoever died over it before it was done leaves it to the next; then the dead cannot do it any more.
    let Claim::Take(dead) = caller.once("other", &[b"x"]).await.unwrap() else { panic!("nobody has seen it") };
    desk.clock.advance(Span::minutes(2));
    let Claim::Take(next) = caller.once("other", &[b"x"]).await.unwrap() else { panic!("it was given up") };
    let form = |name: &str| domain::group::GroupForm { display_name: name.into(), description: String::new() };
    assert!(matches!(dead.create_group(&form("Late")).await, Err(Error::Conflict(_))));
    next.create_group(&form("Next")).await.unwrap();
    // Done, and the answer lost: it is not done again.
    desk.clock.advance(Span::minutes(2));
    assert!(matches!(caller.once("other", &[b"x"]).await, Err(Error::Conflict(_))));
    // After a day it is forgotten.
    desk.clock.advance(Span::days(1));
    assert!(matches!(caller.once("key", &[b"/groups", b"{}"]).await.unwrap(), Claim::Take(_)));
}
