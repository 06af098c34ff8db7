//! A group's form, for making and for editing one.

use std::future::Future;

use domain::GroupId;
use domain::group::GroupForm;
use domain::record::Group;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::LIST;
use super::detail::{Missing, use_group_id};
use super::server::{create_group, group, update_group};
use crate::browser;
use crate::error::AppError;
use crate::identities::form::taken_over;
use crate::remote::Act;
use crate::ui::{Banner, Breadcrumb, Button, ButtonKind, Crumb, Field, LinkButton, PageHeader, TextArea, Tone, use_toasts};

/// Makes a group.
#[component]
pub fn NewGroupPage() -> impl IntoView {
    view! {
        <Title text="Add group" />
        <PageHeader title="Add group" breadcrumb=|| view! { <Breadcrumb items=vec![Crumb::new(LIST, "Groups")] /> } />
        <Form start=GroupForm::default() verb="Add group" done="added" back=LIST save=create_group />
    }
}

/// Edits a group.
#[component]
pub fn EditGroupPage() -> impl IntoView {
    let id = use_group_id();
    move || match id.get() {
        Some(id) => Either::Left(view! { <Edit id /> }),
        None => Either::Right(view! { <Missing /> }),
    }
}

#[component]
fn Edit(id: GroupId) -> impl IntoView {
    // What is being edited is not replaced under the person's hands: it is read once.
    let entry = Resource::new_blocking(|| (), move |()| group(id, false));
    let begun = move || {
        entry.get().map(|entry| match entry {
            Ok(group) => view! { <EditForm group /> }.into_any(),
            Err(error) if error.is("not_found") => view! { <Missing /> }.into_any(),
            Err(error) => view! { <Banner tone=Tone::Danger title=error.words /> }.into_any(),
        })
    };
    view! { <Transition>{begun}</Transition> }
}

#[component]
fn EditForm(group: Group) -> impl IntoView {
    let (id, version) = (group.id, group.version);
    let home = format!("{LIST}/{id}");
    let crumbs = vec![Crumb::new(LIST, "Groups"), Crumb::new(home.clone(), group.display_name.clone())];
    let start = GroupForm { display_name: group.display_name.clone(), description: group.description };
    let title = format!("Edit {}", group.display_name);
    view! {
        <Title text=title.clone() />
        <PageHeader title breadcrumb=move || view! { <Breadcrumb items=crumbs /> } />
        <Form start verb="Save" done="saved" back=home save=move |form| update_group(id, version, form) />
    }
}

#[component]
fn Form<S, F>(start: GroupForm, verb: &'static str, done: &'static str, #[prop(into)] back: String, save: S) -> impl IntoView
where
    S: Fn(GroupForm) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Group, AppError>> + 'static,
{
    let typed = RwSignal::new(start);
    let left = RwSignal::new(false);
    let act = Act::new();
    let ready = taken_over();
    let wrong = Memo::new(move |_| typed.with(|typed| typed.parse().err().unwrap_or_default()));
    let error = move |name: &'static str| {
        Signal::derive(move || {
            let own = wrong.with(|errors| errors.iter().find(|error| error.field == name).map(|error| error.message.clone()));
            left.get().then_some(own).flatten().or_else(|| act.field(name).get())
        })
    };
    let stale = move || act.error().with(|error| error.as_ref().is_some_and(|error| error.is("stale")));
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let send = move || {
        left.set(true);
        if !ready.get_untracked() || wrong.with_untracked(|errors| !errors.is_empty()) {
            browser::focus_soon(".form [aria-invalid]".to_owned());
            return;
        }
        let (form, save, navigate) = (typed.get_untracked(), save.clone(), navigate.clone());
        act.run(
            move || save(form.clone()),
            move |group| {
                toasts.show(format!("{} {done}", group.display_name));
                navigate(&format!("{LIST}/{}", group.id), NavigateOptions::default());
            },
        );
    };
    view! {
        <form
            class="form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <Field
                label="Name"
                name="display_name"
                required=true
                hint="No other group may have it, in whatever case."
                value=Signal::derive(move || typed.with(|typed| typed.display_name.clone()))
                error=error("display_name")
                on_input=move |text| {
                    act.clear();
                    typed.update(|typed| typed.display_name = text);
                }
            />
            <TextArea
                label="Description"
                name="description"
                optional=true
                rows=3
                value=Signal::derive(move || typed.with(|typed| typed.description.clone()))
                error=error("description")
                on_input=move |text| {
                    act.clear();
                    typed.update(|typed| typed.description = text);
                }
            />
            {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
            {move || {
                stale().then(|| view! { <p>"Load the page again to see what they saved; what you typed is still here to copy."</p> })
            }}
            <div class="form__actions">
                <Button kind=ButtonKind::Primary r#type="submit" busy=act.busy() disabled=Signal::derive(move || !ready.get())>
                    {verb}
                </Button>
                <LinkButton href=back kind=ButtonKind::Quiet>"Cancel"</LinkButton>
            </div>
        </form>
    }
}
