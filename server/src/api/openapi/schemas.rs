//! The schemas of what goes over the wire (JSON Schema 2020-12).

use domain::identity::TRAITS;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, Object, ObjectBuilder, Ref, Schema, SchemaFormat, SchemaType, Type};

use crate::api::terms::HOSTED_WEB;

pub(super) const EXAMPLE_ID: &str = "0123456789abcdef";
/// What cannot be seen, as inside of a class of a pattern. The tags from U+E0000 on stand there themselves: readers of
/// patterns do not agree on how to escape them.
macro_rules! unseen {
    () => {
        concat!(
            r"\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb",
            "\u{e0000}-\u{e0fff}"
        )
    };
}
/// What has a meaning elsewhere, the same way.
macro_rules! meant {
    () => {
        r"{}\[\]<>;:?\\/|*^%$#=~!`"
    };
}
/// A text that can be seen.
const SEEN: &str = concat!("^[^", unseen!(), "]*$");
/// A name: nothing of either, and not blank.
const NAME: &str = concat!("^[^", meant!(), unseen!(), "]*[^\\s", meant!(), unseen!(), "][^", meant!(), unseen!(), "]*$");

/// Characters of a picture's address: where it is the picture itself (RFC 2397), what a body holds at most.
const PICTURE: usize = 700 * 1024;

type Named = (&'static str, RefOr<Schema>);

pub(super) fn text() -> Schema {
    ObjectBuilder::new().schema_type(Type::String).build().into()
}

pub(super) fn pattern(pattern: &str) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build().into()
}

/// 16 hex digits, of which the first bit is none.
pub(super) fn id() -> Schema {
    let id = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-7][0-9a-f]{15}$"));
    id.examples([EXAMPLE_ID]).build().into()
}

pub(super) fn uuid() -> Schema {
    ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom("uuid".into()))).build().into()
}

fn time() -> Schema {
    ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).build().into()
}

fn one_of(values: &[&str]) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values.iter().copied())).build().into()
}

fn number() -> Schema {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).build().into()
}

fn name() -> Schema {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(64)).pattern(Some(NAME)).build().into()
}

/// A text that null clears.
fn clearable(length: usize) -> Schema {
    let kinds = SchemaType::from_iter([Type::String, Type::Null]);
    ObjectBuilder::new().schema_type(kinds).max_length(Some(length)).pattern(Some(SEEN)).build().into()
}

fn named(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

/// An object with these fields; those before the number are always there.
fn object(fields: Vec<Named>, always: usize) -> Object {
    let built = fields.into_iter().enumerate().fold(ObjectBuilder::new().schema_type(Type::Object), |built, (at, (name, schema))| {
        let built = built.property(name, schema);
        if at < always { built.required(name) } else { built }
    });
    built.build()
}

fn whole(fields: Vec<Named>) -> Schema {
    let all = fields.len();
    object(fields, all).into()
}

/// A resource of a realm: what every one has, what this kind always has, and what it may have.
fn resource(id: Schema, own: Vec<Named>, maybe: Vec<Named>) -> Schema {
    let mut fields: Vec<Named> = vec![("id", id.into()), ("tenant_id", self::id().into()), ("realm_id", self::id().into())];
    fields.extend(own);
    fields.extend([("create_time", time().into()), ("update_time", time().into())]);
    let always = fields.len();
    fields.extend(maybe);
    object(fields, always).into()
}

/// A body that wraps an object.
fn wrapped(wrapper: &'static str, fields: Vec<Named>, always: usize) -> Schema {
    whole(vec![(wrapper, Schema::from(object(fields, always)).into())])
}

fn ids() -> Schema {
    ArrayBuilder::new().items(RefOr::from(id())).min_items(Some(1)).max_items(Some(1000)).build().into()
}

/// A page of a list.
pub(super) fn list(name: &'static str, schema: &str) -> Schema {
    let rows: Schema = ArrayBuilder::new().items(named(schema)).build().into();
    let mut fields: Vec<Named> = vec![(name, rows.into()), ("total_size", number().into())];
    if name == "job_results" {
        fields.extend([
            ("total_success_count", number().into()),
            ("total_failure_count", number().into()),
            ("total_pending_count", number().into()),
        ]);
    }
    let always = fields.len();
    fields.push(("next_page_token", pattern("^[A-Za-z0-9._~-]+$").into()));
    object(fields, always).into()
}

/// The form of the client credentials grant (RFC 6749, §4.4.2).
pub(super) fn grant() -> Schema {
    let fields: Vec<Named> = vec![("grant_type", one_of(&["client_credentials"]).into()), ("scope", scopes().into())];
    object(fields, 1).into()
}

fn scopes() -> Schema {
    pattern("^[a-z-]+:[a-z]+( [a-z-]+:[a-z]+)*$")
}

pub(super) fn all() -> Vec<Named> {
    [tenancy(), people(), passkeys(), looks(), access()].into_iter().flatten().collect()
}

fn tenancy() -> Vec<Named> {
    let times = || [("create_time", time().into()), ("update_time", time().into())];
    let mut tenant: Vec<Named> = vec![("id", id().into()), ("display_name", text().into())];
    tenant.extend(times());
    let mut realm: Vec<Named> =
        vec![("id", id().into()), ("tenant_id", id().into()), ("display_name", text().into()), ("classification", text().into())];
    realm.extend(times());
    let form = || -> Vec<Named> { vec![("display_name", name().into()), ("classification", clearable(64).into())] };
    vec![
        ("Tenant", whole(tenant).into()),
        ("TenantUpdate", wrapped("tenant", vec![("display_name", name().into())], 0).into()),
        ("Realm", whole(realm).into()),
        ("RealmCreate", wrapped("realm", form(), 1).into()),
        ("RealmUpdate", wrapped("realm", form(), 0).into()),
    ]
}

fn traits(always: &[&'static str], writable: bool) -> Schema {
    let longest = |length: usize| if writable { clearable(length) } else { text() };
    let mut fields: Vec<Named> = vec![("type", one_of(&["traits_v0"]).into()), ("username", if writable { name() } else { text() }.into())];
    fields.push(("primary_email_address", longest(254).into()));
    fields.push(("external_id", longest(200).into()));
    fields.extend(TRAITS.iter().map(|known| (known.name, longest(known.max).into())));
    fields.sort_by_key(|(name, _)| !always.contains(name));
    object(fields, always.len()).into()
}

fn people() -> Vec<Named> {
    let status = || one_of(&["active", "suspended"]);
    let enrollment = one_of(&["ENROLLED", "PENDING", "INVITE_FAILED", "UNENROLLED"]);
    let form =
        |traits: Schema| -> Vec<Named> { vec![("display_name", name().into()), ("traits", traits.into()), ("status", status().into())] };
    let identity: Vec<Named> = vec![
        ("display_name", text().into()),
        ("status", status().into()),
        ("enrollment_status", enrollment.into()),
        ("traits", traits(&["type", "username"], false).into()),
    ];
    let group = || -> Vec<Named> { vec![("display_name", name().into()), ("description", clearable(300).into())] };
    let shown: Vec<Named> = vec![("display_name", text().into()), ("description", text().into())];
    vec![
        ("Identity", resource(id(), identity, Vec::new()).into()),
        ("IdentityCreate", wrapped("identity", form(traits(&["type", "username"], true)), 2).into()),
        ("IdentityUpdate", wrapped("identity", form(traits(&["type"], true)), 0).into()),
        ("Identities", whole(vec![("ids", ids().into())]).into()),
        ("Group", resource(id(), shown, Vec::new()).into()),
        ("GroupCreate", wrapped("group", group(), 1).into()),
        ("GroupUpdate", wrapped("group", group(), 0).into()),
        ("Members", whole(vec![("identity_ids", ids().into())]).into()),
    ]
}

fn job_terms(methods: &[&str]) -> Vec<Named> {
    vec![
        ("delivery_method", one_of(methods).into()),
        ("post_binding_redirect_uri", clearable(2000).into()),
        ("authenticator_config", config().into()),
    ]
}

fn config() -> Schema {
    let kind: Schema = object(vec![("type", one_of(&[HOSTED_WEB]).into())], 1).into();
    object(vec![("config", kind.into())], 1).into()
}

fn passkeys() -> Vec<Named> {
    let credential: Vec<Named> = vec![
        ("identity_id", id().into()),
        ("state", one_of(&["ACTIVE", "REVOKED"]).into()),
        ("csr_type", one_of(&["WEBAUTHN"]).into()),
        ("jwk_json", text().into()),
        ("jwk_thumbprint", text().into()),
    ];
    let states = ["LINK_SENT", "LINK_OPENED", "REQUEST_DELIVERED", "COMPLETE", "EXPIRED", "FAILED_TO_SEND", "REVOKED"];
    let job: Vec<Named> = vec![
        ("identity_id", id().into()),
        ("delivery_method", one_of(&["EMAIL", "RETURN"]).into()),
        ("state", one_of(&states).into()),
        ("authenticator_config", config().into()),
        ("expire_time", time().into()),
    ];
    let maybe: Vec<Named> = vec![("credential_id", id().into()), ("batch_id", uuid().into()), ("post_binding_redirect_uri", text().into())];
    let created = object(vec![("credential_binding_job", named("CredentialBindingJob")), ("credential_binding_link", text().into())], 1);
    let template: Schema = object(job_terms(&["EMAIL"]), 1).into();
    let batch_form: Vec<Named> = vec![("identity_ids", ids().into()), ("job_template", template.into())];
    let batch: Vec<Named> = vec![("state", one_of(&["RUNNING", "FAILED", "PARTIAL_SUCCESS", "SUCCESS"]).into())];
    let result: Vec<Named> = vec![
        ("identity_id", id().into()),
        ("state", one_of(&["PENDING", "SUCCESS", "FAILURE"]).into()),
        ("job_id", id().into()),
        ("message", text().into()),
    ];
    vec![
        ("Credential", resource(id(), credential, Vec::new()).into()),
        ("CredentialBindingJob", resource(id(), job, maybe).into()),
        ("CredentialBindingJobCreate", wrapped("job", job_terms(&["EMAIL", "RETURN"]), 1).into()),
        ("CredentialBindingJobCreated", Schema::from(created).into()),
        ("BatchCreate", wrapped("batch_credential_binding_job", batch_form, 2).into()),
        ("BatchCredentialBindingJob", resource(uuid(), batch, Vec::new()).into()),
        ("JobResult", Schema::from(object(result, 2)).into()),
    ]
}

fn looks() -> Vec<Named> {
    let color = || pattern("^#[0-9A-Fa-f]{6}$");
    let form = || -> Vec<Named> {
        vec![
            ("email_realm_name", name().into()),
            ("logo_url_light", clearable(PICTURE).into()),
            ("logo_url_dark", clearable(PICTURE).into()),
            ("support_url", clearable(300).into()),
            ("button_color", color().into()),
            ("button_text_color", color().into()),
        ]
    };
    let shown: Vec<Named> =
        vec![("email_realm_name", text().into()), ("button_color", color().into()), ("button_text_color", color().into())];
    let maybe: Vec<Named> = vec![("logo_url_light", text().into()), ("logo_url_dark", text().into()), ("support_url", text().into())];
    vec![
        ("Theme", resource(uuid(), shown, maybe).into()),
        ("ThemeCreate", wrapped("theme", form(), 0).into()),
        ("ThemeUpdate", wrapped("theme", form(), 0).into()),
    ]
}

fn access() -> Vec<Named> {
    let token: Vec<Named> = vec![("application_id", uuid().into()), ("scope", scopes().into()), ("expire_time", time().into())];
    let detail = object(vec![("type", one_of(&["FieldViolations", "ResourceInfo"]).into())], 1);
    let details: Schema = ArrayBuilder::new().items(RefOr::from(Schema::from(detail))).build().into();
    let codes =
        ["bad_request", "unauthorized", "forbidden", "not_found", "conflict", "unprocessable_entity", "too_many_requests", "internal"];
    let access: Vec<Named> = vec![
        ("access_token", text().into()),
        ("token_type", one_of(&["Bearer"]).into()),
        ("expires_in", number().into()),
        ("scope", scopes().into()),
    ];
    let oauth = ["invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"];
    vec![
        ("Token", resource(uuid(), token, vec![("last_used_time", time().into())]).into()),
        ("AccessToken", whole(access).into()),
        ("OAuthError", Schema::from(object(vec![("error", one_of(&oauth).into()), ("error_description", text().into())], 1)).into()),
        ("Error", whole(vec![("code", one_of(&codes).into()), ("message", text().into()), ("details", details.into())]).into()),
    ]
}
