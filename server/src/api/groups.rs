//! `R/groups`.

use domain::group::GroupForm;
use domain::permission::Permission as P;
use domain::record::Group;
use domain::{GroupId, IdentityId};

use super::call::{Answer, Call, done, listed};
use super::error::ApiError;
use super::fields::Fields;
use super::identities::of;
use super::wire;

pub(super) async fn list(call: Call) -> Answer {
    let page = call.context.page_of_groups(&call.page()?).await?;
    Ok(listed("groups", page, |group| wire::group(of(&call), group)))
}

pub(super) async fn get(call: Call) -> Answer {
    call.need(P::GroupsRead)?;
    let group = call.named("Group", "group_id", call.context.group(id(&call)?).await)?;
    call.resource(&wire::group(of(&call), &group))
}

pub(super) async fn create(call: Call) -> Answer {
    call.need(P::GroupsCreate)?;
    let mut fields = call.fields(Some("group"))?;
    let display_name = fields.required("display_name").unwrap_or_default();
    let description = fields.text("description").unwrap_or_default();
    let form = checked(fields, GroupForm { display_name, description })?;
    call.resource(&wire::group(of(&call), &call.context.create_group(&form).await?))
}

pub(super) async fn update(call: Call) -> Answer {
    call.need(P::GroupsUpdate)?;
    let id = id(&call)?;
    let mut fields = call.fields(Some("group"))?;
    let (name, description) = (fields.text("display_name"), fields.text("description"));
    let edited = call.context.edit_group(id, |before: &Group| {
        call.agree(&wire::group(of(&call), before))?;
        let form = GroupForm {
            display_name: name.unwrap_or_else(|| before.display_name.clone()),
            description: description.unwrap_or_else(|| before.description.clone()),
        };
        checked(fields, form)
    });
    let group = edited.await.map_err(|error| error.of("Group", call.param("group_id")).under("group"))?;
    call.resource(&wire::group(of(&call), &group))
}

pub(super) async fn delete(call: Call) -> Answer {
    call.need(P::GroupsDelete)?;
    let agree = |before: &Group| call.agree(&wire::group(of(&call), before));
    let deleted = call.context.delete_group_if(id(&call)?, false, agree).await;
    deleted.map_err(|error| error.of("Group", call.param("group_id")))?;
    Ok(done())
}

pub(super) async fn members(call: Call) -> Answer {
    call.need(P::GroupsRead)?;
    call.need(P::IdentitiesRead)?;
    let page = call.context.page_of_members(id(&call)?, &call.page()?).await;
    let page = call.named("Group", "group_id", page)?;
    Ok(listed("identities", page, |identity| wire::identity(of(&call), identity)))
}

pub(super) async fn add_members(call: Call) -> Answer {
    let (id, people) = people(&call)?;
    let added = call.context.add_members(id, &people).await;
    moved(&call, added)
}

pub(super) async fn delete_members(call: Call) -> Answer {
    let (id, people) = people(&call)?;
    let removed = call.context.remove_members(id, &people).await;
    moved(&call, removed)
}

fn people(call: &Call) -> Result<(GroupId, Vec<IdentityId>), ApiError> {
    call.need(P::GroupsUpdate)?;
    let id = id(call)?;
    let mut fields = call.fields(None)?;
    let people = fields.ids("identity_ids");
    fields.done()?;
    Ok((id, people))
}

fn moved(call: &Call, outcome: service::Result<u64>) -> Answer {
    match outcome {
        Err(service::Error::Invalid(errors)) => {
            let named = errors.into_iter().map(|error| domain::FieldError { field: "identity_ids".to_owned(), ..error });
            Err(ApiError::fields(named.collect()))
        }
        Err(service::Error::PeopleGone(_)) => Err(ApiError::no("Identity", "")),
        moved => call.named("Group", "group_id", moved).map(|_| done()),
    }
}

fn id(call: &Call) -> Result<GroupId, ApiError> {
    call.id("group_id", "Group")
}

/// Refuses a form together with what was wrong in the body.
fn checked(fields: Fields, form: GroupForm) -> Result<GroupForm, ApiError> {
    match form.parse() {
        Err(errors) => Err(fields.refused(errors, str::to_owned)),
        Ok(_) => fields.done().map(|()| form),
    }
}
