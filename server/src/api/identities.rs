//! `R/identities`.

use domain::identity::{ProfileForm, Status, TRAITS};
use domain::permission::Permission as P;
use domain::record::Identity;
use domain::{FieldError, IdentityId};

use super::call::{Answer, Call, done, listed};
use super::error::ApiError;
use super::fields::Fields;
use super::wire::{self, Of};

const STATUSES: &str = "active, suspended";

pub(super) fn of(call: &Call) -> Of {
    Of { tenant: call.tenant, realm: call.realm() }
}

pub(super) async fn list(call: Call) -> Answer {
    let page = call.context.page_of_identities(&call.page()?).await?;
    Ok(listed("identities", page, |identity| wire::identity(of(&call), identity)))
}

pub(super) async fn get(call: Call) -> Answer {
    call.need(P::IdentitiesRead)?;
    let identity = call.named("Identity", "identity_id", call.context.identity(id(&call)?).await)?;
    call.resource(&wire::identity(of(&call), &identity))
}

pub(super) async fn create(call: Call) -> Answer {
    call.need(P::IdentitiesCreate)?;
    let mut fields = call.fields(Some("identity"))?;
    for name in ["display_name", "traits"] {
        if !fields.says(name) {
            fields.refuse(name, "missing");
        }
    }
    let mut form = ProfileForm::default();
    let status = read(&mut fields, &mut form, true);
    let form = checked(fields, form)?;
    let identity = call.context.create_identity_as(&form, status.unwrap_or(Status::Active), &[]).await;
    call.resource(&wire::identity(of(&call), &identity?))
}

pub(super) async fn update(call: Call) -> Answer {
    call.need(P::IdentitiesUpdate)?;
    let id = id(&call)?;
    let mut fields = call.fields(Some("identity"))?;
    let edited = call.context.edit_identity(id, |before: &Identity| {
        call.agree(&wire::identity(of(&call), before))?;
        let mut form = ProfileForm::from(before);
        let status = read(&mut fields, &mut form, false);
        Ok::<_, ApiError>((checked(fields, form)?, status.unwrap_or(before.status)))
    });
    let identity = edited.await.map_err(|error| error.of("Identity", call.param("identity_id")))?;
    call.resource(&wire::identity(of(&call), &identity))
}

pub(super) async fn delete(call: Call) -> Answer {
    call.need(P::IdentitiesDelete)?;
    let agree = |before: &Identity| call.agree(&wire::identity(of(&call), before));
    let deleted = call.context.delete_identity_if(id(&call)?, agree).await;
    deleted.map_err(|error| error.of("Identity", call.param("identity_id")))?;
    Ok(done())
}

pub(super) async fn batch_delete(call: Call) -> Answer {
    call.need(P::IdentitiesDelete)?;
    let mut fields = call.fields(None)?;
    let ids: Vec<IdentityId> = fields.ids("ids");
    fields.done()?;
    call.context.delete_identities(&ids).await?;
    Ok(done())
}

pub(super) async fn groups(call: Call) -> Answer {
    call.need(P::GroupsRead)?;
    let page = call.context.page_of_groups_of(id(&call)?, &call.page()?).await;
    let page = call.named("Identity", "identity_id", page)?;
    Ok(listed("groups", page, |group| wire::group(of(&call), group)))
}

pub(super) fn id(call: &Call) -> Result<IdentityId, ApiError> {
    call.id("identity_id", "Identity")
}

/// Puts what the body says into the form; what it does not say stays as it is. The status, where it says one.
fn read(fields: &mut Fields, form: &mut ProfileForm, is_new: bool) -> Option<Status> {
    if let Some(name) = fields.text("display_name") {
        form.display_name = name;
    }
    let status = fields.one_of("status", Status::read, STATUSES);
    if fields.says("traits") {
        let mut traits = fields.object("traits");
        read_traits(&mut traits, form, is_new);
        fields.with(traits);
    }
    status
}

fn read_traits(traits: &mut Fields, form: &mut ProfileForm, is_new: bool) {
    if is_new && !traits.says("username") {
        traits.refuse("username", "missing");
    }
    if traits.says("type") {
        traits.one_of("type", |text| (text == "traits_v0").then_some(()), "traits_v0");
    } else {
        traits.refuse("type", "missing");
    }
    for (name, place) in
        [("username", &mut form.username), ("primary_email_address", &mut form.email), ("external_id", &mut form.external_id)]
    {
        if let Some(text) = traits.text(name) {
            *place = text;
        }
    }
    for known in TRAITS {
        if let Some(text) = traits.text(known.name) {
            form.traits.insert(known.name.to_owned(), text);
        }
    }
}

/// Refuses a form together with what was wrong in the body.
fn checked(fields: Fields, form: ProfileForm) -> Result<ProfileForm, ApiError> {
    match form.parse() {
        Err(errors) => Err(fields.refused(errors.into_iter().map(short).collect(), path)),
        Ok(_) => fields.done().map(|()| form),
    }
}

/// The form's fields by the names that the body has for them.
fn path(field: &str) -> String {
    match field {
        "display_name" => field.to_owned(),
        "email" => "traits.primary_email_address".to_owned(),
        other => format!("traits.{other}"),
    }
}

/// What is not there needs no sentence.
fn short(error: FieldError) -> FieldError {
    let is_missing = error.message.ends_with(" is missing.");
    FieldError { message: if is_missing { "missing".to_owned() } else { error.message }, ..error }
}
