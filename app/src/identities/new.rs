//! Adding a person by hand.

use domain::GroupId;
use domain::identity::ProfileForm;
use domain::record::Group;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::form::{Filling, ProfileFields, ask_before_leaving, taken_over};
use super::query::LIST;
use super::server::create_identity;
use crate::groups::server::groups;
use crate::remote::{Act, remembered};
use crate::ui::{Banner, Breadcrumb, Button, ButtonKind, Checkbox, Crumb, LinkButton, PageHeader, Tone, use_toasts};

/// The form for a new identity.
#[component]
pub fn NewPage() -> impl IntoView {
    let groups = Resource::new_blocking(|| (), |()| groups());
    let filling = Filling::new(ProfileForm::default());
    let chosen = RwSignal::new(Vec::<GroupId>::new());
    let act = Act::new();
    let ready = taken_over();
    let dirty =
        Memo::new(move |_| filling.typed.with(|typed| *typed != ProfileForm::default()) || chosen.with(|chosen| !chosen.is_empty()));
    ask_before_leaving(dirty);
    Effect::new(move || act.error().with(|error| error.iter().for_each(|error| filling.refuse(error))));
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let add = move || {
        if !ready.get_untracked() || !filling.check() {
            return;
        }
        let navigate = navigate.clone();
        let (typed, groups) = (filling.typed.get_untracked(), chosen.get_untracked());
        act.run(
            move || create_identity(typed.clone(), groups.clone()),
            move |identity| {
                toasts.show(format!("{} added", identity.display_name));
                navigate(&format!("{LIST}/{}?added", identity.id), NavigateOptions::default());
            },
        );
    };
    view! {
        <Title text="Add identity" />
        <PageHeader title="Add identity" breadcrumb=|| view! { <Breadcrumb items=vec![Crumb::new(LIST, "Identities")] /> } />
        <form
            class="form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                add();
            }
        >
            <ProfileFields filling>
                <Transition>
                    {
                        let known = remembered(move |_| groups.get().and_then(Result::ok).unwrap_or_default());
                        view! { <GroupChoice groups=known chosen /> }
                    }
                </Transition>
            </ProfileFields>
            {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
            <div class="form__actions">
                <Button kind=ButtonKind::Primary r#type="submit" busy=act.busy() disabled=Signal::derive(move || !ready.get())>
                    "Add identity"
                </Button>
                <LinkButton href=LIST kind=ButtonKind::Quiet>"Cancel"</LinkButton>
            </div>
        </form>
    }
}

/// The groups to put the person into.
#[component]
fn GroupChoice(groups: Signal<Vec<Group>>, chosen: RwSignal<Vec<GroupId>>) -> impl IntoView {
    let toggle = move |group: GroupId, on: bool| {
        chosen.update(|chosen| {
            chosen.retain(|other| *other != group);
            if on {
                chosen.push(group);
            }
        });
    };
    move || {
        let boxes = groups.with(|groups| {
            groups
                .iter()
                .map(|group| {
                    let id = group.id;
                    view! {
                        <Checkbox
                            label=group.display_name.clone()
                            name=format!("group-{id}")
                            checked=Signal::derive(move || chosen.with(|chosen| chosen.contains(&id)))
                            on_change=move |on| toggle(id, on)
                        />
                    }
                })
                .collect_view()
        });
        groups.with(|groups| !groups.is_empty()).then(|| {
            view! {
                <fieldset class="form__section">
                    <legend class="form__legend">"Groups"</legend>
                    <div class="form__choices">{boxes}</div>
                </fieldset>
            }
        })
    }
}
