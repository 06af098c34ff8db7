//! Each use case of the console asks for its permission, and for the realm, before anything else.

use domain::binding_job::{DeliveryMethod, JobTerms};
use domain::branding::{Branding, BrandingDraft};
use domain::group::GroupForm;
use domain::identity::Status;
use domain::listing::{EventListRequest, GroupListRequest, ListRequest};
use domain::mail::Invitees;
use domain::permission::{Permission, Permissions};
use domain::policy::{Application, Decision, Draft, Rule, Which};
use domain::realm::RealmForm;
use domain::role::Role;
use domain::time::Span;
use domain::{BatchId, BindingJobId, GroupId, IdentityId, PasskeyId, RealmId, SessionId, TenantId, Timestamp};
use service::{Context, ExportFormat, PageRequest, Result};
use testkit::{Place, on_both};

use crate::desk::{Desk, form};

on_both!(each_use_case_needs_its_permission, another_realms_ids_do_not_exist);

/// What a use case answers: its code, or `ok`.
fn outcome<T>(outcome: Result<T>) -> &'static str {
    outcome.map_or_else(|error| error.code(), |_| "ok")
}

/// Adds a person, and takes them away again where that is allowed.
async fn created(context: &Context) -> &'static str {
    let made = context.create_identity(&form("new", "New"), &[]).await;
    if let Ok(identity) = &made {
        context.keyroll().operator(context.realm().unwrap()).delete_identity(identity.id).await.unwrap();
    }
    outcome(made)
}

fn group_form(name: &str) -> GroupForm {
    GroupForm { display_name: name.into(), description: String::new() }
}

/// Makes a group, and takes it away again where that is allowed.
async fn group_created(context: &Context) -> &'static str {
    let made = context.create_group(&group_form("New")).await;
    if let Ok(group) = &made {
        context.keyroll().operator(context.realm().unwrap()).delete_group(group.id, false).await.unwrap();
    }
    outcome(made)
}

/// The version of the realm's draft, 0 for none.
async fn drafted(context: &Context) -> i64 {
    let Some(realm) = context.realm() else { return 0 };
    context.keyroll().store().read().await.unwrap().policy_draft(realm).await.unwrap().map_or(0, |draft| draft.version)
}

async fn saved(context: &Context) -> Result<Draft> {
    context.save_policy_draft(drafted(context).await, vec![Rule::new(Decision::Allow)]).await
}

/// Publishes a draft that is there for it.
async fn published(context: &Context) -> &'static str {
    if let Some(realm) = context.realm() {
        saved(&context.keyroll().operator(realm)).await.unwrap();
    }
    outcome(context.publish_policy(drafted(context).await).await)
}

/// A black square as an SVG, in base64.
const LOGO: &str =
    "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI0IiBoZWlnaHQ9IjQiPjxyZWN0IHdpZHRoPSI0IiBoZWlnaHQ9IjQiLz48L3N2Zz4=";

/// The version of the realm's branding draft, 0 for none.
async fn brand_drafted(context: &Context) -> i64 {
    let Some(realm) = context.realm() else { return 0 };
    context.keyroll().store().read().await.unwrap().branding_draft(realm).await.unwrap().map_or(0, |draft| draft.version)
}

async fn branded(context: &Context) -> Result<BrandingDraft> {
    context.save_branding_draft(brand_drafted(context).await, Branding::of("Example")).await
}

/// Publishes a draft that is there for it.
async fn brand_published(context: &Context) -> &'static str {
    if let Some(realm) = context.realm() {
        branded(&context.keyroll().operator(realm)).await.unwrap();
    }
    outcome(context.publish_branding(brand_drafted(context).await).await)
}

/// Ends a draft that is there for it.
async fn brand_discarded(context: &Context) -> &'static str {
    if let Some(realm) = context.realm() {
        branded(&context.keyroll().operator(realm)).await.unwrap();
    }
    outcome(context.discard_branding_draft(brand_drafted(context).await).await)
}

/// What one use case needs, and what it answered.
type Tried = (&'static str, Permission, &'static str);

/// Every use case that acts in a realm, on the ids of one person, with the permission that it needs. In boxes: all of
/// them in one future would not fit on a thread's stack.
async fn all(context: &Context, of: &Ids) -> Vec<Tried> {
    let mut tried = Box::pin(directory(context, of)).await;
    tried.extend(Box::pin(passkeys_and_links(context, of)).await);
    tried.extend(Box::pin(log_and_policy(context, of)).await);
    tried.extend(Box::pin(tenant_and_realms(context, of)).await);
    tried.extend(Box::pin(branding_and_administrators(context, of)).await);
    tried
}

/// People and their groups.
async fn directory(context: &Context, of: &Ids) -> Vec<Tried> {
    use Permission as P;
    let (list, page) = (ListRequest::default(), PageRequest::default());
    vec![
        ("list_identities", P::IdentitiesRead, outcome(context.list_identities(&list).await)),
        ("summary", P::IdentitiesRead, outcome(context.summary().await)),
        ("identity", P::IdentitiesRead, outcome(context.identity(of.identity).await)),
        ("create_identity", P::IdentitiesCreate, created(context).await),
        ("update_identity", P::IdentitiesUpdate, outcome(context.update_identity(of.identity, 1, &form("cy", "Cy")).await)),
        ("set_status", P::IdentitiesUpdate, outcome(context.set_status(of.identity, Status::Active).await)),
        ("groups", P::GroupsRead, outcome(context.groups().await)),
        ("list_groups", P::GroupsRead, outcome(context.list_groups(&GroupListRequest::default()).await)),
        ("group", P::GroupsRead, outcome(context.group(of.group).await)),
        ("create_group", P::GroupsCreate, group_created(context).await),
        ("update_group", P::GroupsUpdate, outcome(context.update_group(of.group, 1, &group_form("Desk")).await)),
        ("add_members", P::GroupsUpdate, outcome(context.add_members(of.group, &[of.identity]).await)),
        ("remove_members", P::GroupsUpdate, outcome(context.remove_members(of.group, &[of.identity]).await)),
        ("page_of_identities", P::IdentitiesRead, outcome(context.page_of_identities(&page).await)),
        ("page_of_groups", P::GroupsRead, outcome(context.page_of_groups(&page).await)),
        ("page_of_groups_of", P::GroupsRead, outcome(context.page_of_groups_of(of.identity, &page).await)),
        ("groups_of", P::GroupsRead, outcome(context.groups_of(of.identity).await)),
    ]
}

/// Passkeys, links and mails.
async fn passkeys_and_links(context: &Context, of: &Ids) -> Vec<Tried> {
    use Permission as P;
    let (one, page) = (Some(of.identity), PageRequest::default());
    let (handed_out, mailed) = (JobTerms::of(DeliveryMethod::Return), JobTerms::of(DeliveryMethod::Email));
    vec![
        ("page_of_passkeys of identity", P::CredentialsRead, outcome(context.page_of_passkeys(one, &page).await)),
        ("page_of_passkeys", P::CredentialsRead, outcome(context.page_of_passkeys(None, &page).await)),
        ("page_of_jobs of identity", P::BindingJobsRead, outcome(context.page_of_jobs(one, &page).await)),
        ("page_of_jobs", P::BindingJobsRead, outcome(context.page_of_jobs(None, &page).await)),
        ("passkeys_of", P::CredentialsRead, outcome(context.passkeys_of(of.identity).await)),
        ("rename_passkey", P::CredentialsUpdate, outcome(context.rename_passkey(of.passkey, "Mine").await)),
        ("revoke_passkey", P::CredentialsRevoke, outcome(context.revoke_passkey(of.passkey, "").await)),
        ("jobs of identity", P::BindingJobsRead, outcome(context.jobs(Some(of.identity), None).await)),
        ("jobs", P::BindingJobsRead, outcome(context.jobs(None, None).await)),
        ("job_history", P::BindingJobsRead, outcome(context.job_history(of.job).await)),
        ("create_link", P::BindingJobsCreate, outcome(context.create_link(of.identity).await)),
        ("link_command", P::BindingJobsCreate, outcome(context.link_command(of.identity).await)),
        ("invite", P::BindingJobsCreate, outcome(context.invite(of.identity).await)),
        ("create_binding_job", P::BindingJobsCreate, outcome(context.create_binding_job(of.identity, &handed_out).await)),
        ("create_batch", P::BindingJobsCreate, outcome(context.create_batch(&[of.identity], &mailed).await)),
        ("batch", P::BindingJobsRead, outcome(context.batch(of.batch).await)),
        ("page_of_batch_results", P::BindingJobsRead, outcome(context.page_of_batch_results(of.batch, &page).await)),
        ("invite_many", P::BindingJobsCreate, outcome(context.invite_many(&Invitees::These(vec![of.identity])).await)),
        ("resend", P::BindingJobsCreate, outcome(context.resend(of.job).await)),
        ("open_mail", P::BindingJobsCreate, outcome(context.open_mail(of.job).await)),
        ("mail_desk", P::MailRead, outcome(context.mail_desk().await)),
        ("mails", P::MailRead, outcome(context.mails(None, None).await)),
        ("check_mail", P::MailUpdate, outcome(context.check_mail().await)),
        ("send_test_mail", P::MailUpdate, outcome(context.send_test_mail().await)),
        ("revoke_job", P::BindingJobsRevoke, outcome(context.revoke_job(of.job).await)),
    ]
}

/// The audit log and the policy.
async fn log_and_policy(context: &Context, of: &Ids) -> Vec<Tried> {
    use Permission as P;
    vec![
        ("list_events", P::EventsRead, outcome(context.list_events(&EventListRequest::default(), None).await)),
        ("may_export_events", P::EventsRead, outcome(context.may_export_events())),
        ("begin_export", P::EventsRead, outcome(context.begin_export(&EventListRequest::default(), ExportFormat::Csv).await)),
        ("activity_of_group", P::EventsRead, outcome(context.activity_of_group(of.group, None).await)),
        ("activity_of", P::EventsRead, outcome(context.activity_of(of.identity, None).await)),
        ("policy_desk", P::PolicyRead, outcome(context.policy_desk().await)),
        ("save_policy_draft", P::PolicyUpdate, outcome(saved(context).await)),
        ("policy_impact", P::PolicyRead, outcome(context.policy_impact(Application::Console).await)),
        ("publish_policy", P::PolicyUpdate, published(context).await),
        ("restore_policy", P::PolicyUpdate, outcome(context.restore_policy(1, drafted(context).await).await)),
        ("discard_policy_draft", P::PolicyUpdate, outcome(context.discard_policy_draft(drafted(context).await).await)),
        ("policy_versions", P::PolicyRead, outcome(context.policy_versions(None).await)),
        ("simulate_policy", P::PolicyRead, outcome(context.simulate_policy(of.identity, Application::Console, Which::Published).await)),
    ]
}

/// The tenant and its realms.
async fn tenant_and_realms(context: &Context, of: &Ids) -> Vec<Tried> {
    use Permission as P;
    let realm = RealmForm { display_name: "Elsewhere".into(), classification: String::new() };
    vec![
        ("tenant", P::TenantsRead, outcome(context.tenant().await)),
        ("update_tenant", P::TenantsUpdate, tenant_updated(context).await),
        ("realms", P::RealmsRead, outcome(context.realms(None).await)),
        ("read_realm", P::RealmsRead, outcome(context.read_realm(of.realm).await)),
        ("create_realm", P::RealmsCreate, realm_created(context).await),
        ("update_realm", P::RealmsUpdate, outcome(context.update_realm(of.realm, 1, &realm).await)),
        ("enter_realm", P::RealmsEnter, outcome(context.enter_realm(of.realm).await)),
        ("delete_realm", P::RealmsDelete, outcome(context.delete_realm(of.realm).await)),
    ]
}

/// Makes a realm, and takes it away again where that is allowed.
async fn realm_created(context: &Context) -> &'static str {
    let made = context.create_realm(&RealmForm { display_name: "New".into(), classification: String::new() }).await;
    if let Ok(realm) = &made {
        context.keyroll().operator(context.realm().unwrap()).delete_realm(realm.id).await.unwrap();
    }
    outcome(made)
}

/// Renames the tenant, whatever its version.
async fn tenant_updated(context: &Context) -> &'static str {
    let version = match context.realm() {
        Some(realm) => context.keyroll().operator(realm).tenant().await.map_or(0, |tenant| tenant.version),
        None => 0,
    };
    outcome(context.update_tenant(version, "Renamed").await)
}

/// Branding and administrators; at last what takes the person away.
async fn branding_and_administrators(context: &Context, of: &Ids) -> Vec<Tried> {
    use Permission as P;
    vec![
        ("branding_desk", P::BrandingRead, outcome(context.branding_desk().await)),
        ("branding_mail", P::BrandingRead, outcome(context.branding_mail(Branding::of("Example")).await)),
        ("branding_enrollment", P::BrandingRead, outcome(context.branding_enrollment(Branding::of("Example")))),
        ("take_logo", P::BrandingUpdate, outcome(context.take_logo(LOGO).await)),
        ("send_branding_test", P::MailUpdate, outcome(context.send_branding_test(Branding::of("Example")).await)),
        ("preview_branding", P::BrandingRead, outcome(context.preview_branding(Branding::of("Example")))),
        ("save_branding_draft", P::BrandingUpdate, outcome(branded(context).await)),
        ("publish_branding", P::BrandingUpdate, brand_published(context).await),
        ("discard_branding_draft", P::BrandingUpdate, brand_discarded(context).await),
        ("administrators", P::AdministratorsRead, outcome(context.administrators().await)),
        ("bind_role", P::AdministratorsUpdate, outcome(context.bind_role(Role::Auditor, &[]).await)),
        ("end_session", P::AdministratorsUpdate, outcome(context.end_session(SessionId::from_i64(7)).await)),
        ("end_sessions_of", P::AdministratorsUpdate, outcome(context.end_sessions_of(of.identity).await)),
        ("delete_group", P::GroupsDelete, outcome(context.delete_group(of.group, false).await)),
        ("delete_identity", P::IdentitiesDelete, outcome(context.delete_identity(of.identity).await)),
    ]
}

struct Ids {
    identity: IdentityId,
    group: GroupId,
    passkey: PasskeyId,
    job: BindingJobId,
    batch: BatchId,
    realm: RealmId,
}

async fn person(desk: &Desk) -> Ids {
    let (identity, _) = desk.enrolled("cy", 1).await;
    let passkey = desk.operator().passkeys_of(identity.id).await.unwrap().remove(0).id;
    let job = desk.operator().create_link(identity.id).await.unwrap().job.id;
    let batch = desk.operator().create_batch(&[identity.id], &JobTerms::of(DeliveryMethod::Email)).await.unwrap().id;
    let group = desk.operator().create_group(&group_form("Staff")).await.unwrap().id;
    let realm = desk.operator().create_realm(&RealmForm { display_name: "Zürich".into(), classification: String::new() }).await.unwrap();
    Ids { identity: identity.id, group, passkey, job, batch, realm: realm.id }
}

async fn each_use_case_needs_its_permission(place: Place) {
    let desk = Desk::new(&place).await;
    let ids = person(&desk).await;
    for (name, _, outcome) in all(&desk.browser(), &ids).await {
        assert_eq!(outcome, "signed_out", "{name}");
    }
    for (name, permission, outcome) in all(&desk.operator().limited_to(Permissions::NONE), &ids).await {
        assert_eq!(outcome, "forbidden", "{name} without {permission}");
    }
    // Every permission but one: exactly the use cases that need this one are refused.
    for missing in Permission::ALL {
        let rest: Permissions = Permission::ALL.iter().copied().filter(|permission| permission != missing).collect();
        let nothing = Ids {
            identity: IdentityId::from_i64(7),
            group: GroupId::from_i64(7),
            passkey: PasskeyId::from_i64(7),
            job: BindingJobId::from_i64(7),
            batch: BatchId::from_i64(7),
            realm: RealmId::from_i64(7),
        };
        // What may be tried only so often is free again.
        desk.clock.advance(Span::minutes(1));
        for (name, permission, outcome) in all(&desk.operator().limited_to(rest), &nothing).await {
            assert_eq!(outcome == "forbidden", permission == *missing, "{name} without {missing}: {outcome}");
        }
    }
    for (name, _, outcome) in all(&desk.operator(), &ids).await {
        let expected = match name {
            "end_session" | "open_mail" => "not_found",
            // Nobody is there who could go anywhere.
            "enter_realm" => "signed_out",
            // Neither the person nor the operator has an address.
            "invite" | "resend" | "send_test_mail" | "send_branding_test" => "no_address",
            _ => "ok",
        };
        assert_eq!(outcome, expected, "{name}");
    }
}

async fn another_realms_ids_do_not_exist(place: Place) {
    let desk = Desk::new(&place).await;
    let ids = person(&desk).await;
    let other = RealmId::from_i64(i64::MAX - 1);
    let mut tx = desk.keyroll.store().write().await.unwrap();
    let tenant = TenantId::from_i64(1);
    tx.insert_tenant(tenant, "Others", Timestamp::from_micros(1)).await.unwrap();
    // Younger than the realm that the administrators are of, and another tenant's.
    tx.insert_realm(other, tenant, "Elsewhere", "", Timestamp::from_micros(1)).await.unwrap();
    tx.commit().await.unwrap();
    let stranger = desk.keyroll.operator(other);
    for (name, _, outcome) in all(&stranger, &ids).await {
        let of_the_realm = matches!(
            name,
            "list_events"
                | "may_export_events"
                | "begin_export"
                | "list_groups"
                | "page_of_identities"
                | "page_of_groups"
                | "page_of_passkeys"
                | "page_of_jobs"
                | "create_group"
                | "list_identities"
                | "summary"
                | "groups"
                | "jobs"
                | "create_identity"
                | "policy_versions"
                | "administrators"
                | "invite_many"
                | "tenant"
                | "update_tenant"
                | "realms"
                | "create_realm"
                | "mail_desk"
                | "mails"
                | "check_mail"
                | "branding_desk"
                | "branding_mail"
                | "branding_enrollment"
                | "take_logo"
                | "preview_branding"
                | "save_branding_draft"
                | "publish_branding"
                | "discard_branding_draft"
        ) || matches!(
            name,
            "save_policy_draft" | "policy_impact" | "publish_policy" | "restore_policy" | "discard_policy_draft" | "bind_role"
        );
        let expected = match name {
            "send_test_mail" | "send_branding_test" => "no_address",
            "enter_realm" => "signed_out",
            // Who cannot be in it is a mistake in the batch.
            "create_batch" => "invalid",
            _ if of_the_realm => "ok",
            _ => "not_found",
        };
        assert_eq!(outcome, expected, "{name}");
    }
    let page = stranger.list_identities(&ListRequest::default()).await.unwrap();
    assert_eq!(page.rows, []);
    assert_eq!(stranger.jobs(None, None).await.unwrap().jobs, []);
    let untouched = desk.operator().identity(ids.identity).await.unwrap();
    assert_eq!((untouched.version, untouched.passkeys), (1, 1));
}
