//! Editing a person's entry, and what to do when somebody else did so meanwhile.

use domain::IdentityId;
use domain::identity::ProfileForm;
use domain::record::Identity;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::detail::{Missing, use_id};
use super::fields::{self, Difference, differences};
use super::form::{Filling, ProfileFields, ask_before_leaving, taken_over};
use super::query::LIST;
use super::server::{identity, update_identity};
use crate::browser;
use crate::console::use_me;
use crate::error::AppError;
use crate::passkeys::keep_in_step;
use crate::remote::{Act, Loaded, Remote, live_resource};
use crate::ui::{
    Banner, Breadcrumb, Button, ButtonKind, ColumnWidth, Crumb, DataTable, LinkButton, PageHeader, Row, TableBody, TableHead, Td, Th, Tone,
    use_toasts,
};

/// The form of an identity that is there.
#[component]
pub fn EditPage() -> impl IntoView {
    let id = use_id();
    move || match id.get() {
        Some(id) => Either::Left(view! { <Edit id /> }),
        None => Either::Right(view! { <Missing /> }),
    }
}

#[component]
fn Edit(id: IdentityId) -> impl IntoView {
    let entry = live_resource(Some(id), || (), move |(), live| identity(id, live));
    view! {
        <Loaded resource=entry missing=|| view! { <Missing /> } let(now)>
            <Editor now entry />
        </Loaded>
    }
}

/// What became of saving.
enum Saved {
    Done(Identity),
    /// Somebody else saved first; this is what they saved.
    Conflict(Identity),
}

/// Saves what was typed over `base`. A version that grew without any field changing, as by a suspension, is no conflict.
async fn save(base: Identity, typed: ProfileForm) -> Result<Saved, AppError> {
    match update_identity(base.id, base.version, typed.clone()).await {
        Err(error) if error.is("stale") => {
            let now = identity(base.id, false).await?;
            // The answer to saving it was lost, and this is the second attempt.
            if differences(&ProfileForm::from(&now), &typed).is_empty() {
                return Ok(Saved::Done(now));
            }
            if ProfileForm::from(&now) == ProfileForm::from(&base) {
                return update_identity(now.id, now.version, typed).await.map(Saved::Done);
            }
            Ok(Saved::Conflict(now))
        }
        answer => answer.map(Saved::Done),
    }
}

#[component]
fn Editor(now: Signal<Identity>, entry: Remote<Identity>) -> impl IntoView {
    let base = RwSignal::new(now.get_untracked());
    let filling = Filling::new(base.with_untracked(|entry| ProfileForm::from(entry)));
    let act = Act::new();
    let ready = taken_over();
    let dirty = Memo::new(move |_| base.with(|base| filling.typed.with(|typed| *typed != ProfileForm::from(base))));
    ask_before_leaving(dirty);
    Effect::new(move || act.error().with(|error| error.iter().for_each(|error| filling.refuse(error))));

    // What somebody else saved since the form was opened, as far as it differs from what stands in it.
    let told = Memo::new(move |_| {
        let theirs = now.with(|entry| ProfileForm::from(entry));
        if theirs == base.with(|entry| ProfileForm::from(entry)) {
            Vec::new()
        } else {
            filling.typed.with(|typed| differences(&theirs, typed))
        }
    });
    Effect::new(move || {
        let newer = now.get();
        if told.with(Vec::is_empty) && base.with_untracked(|base| base.version < newer.version) {
            base.set(newer);
        }
    });

    let me = use_me();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let send = Callback::new(move |from: Identity| {
        if !ready.get_untracked() || !filling.check() {
            return;
        }
        let navigate = navigate.clone();
        let typed = filling.typed.get_untracked();
        act.run(
            move || save(from.clone(), typed.clone()),
            move |saved| match saved {
                Saved::Done(identity) => {
                    keep_in_step(identity.id, me);
                    toasts.show(format!("{} saved", identity.display_name));
                    navigate(&format!("{LIST}/{}", identity.id), NavigateOptions::default());
                }
                Saved::Conflict(theirs) => {
                    entry.set(Some(Ok(theirs)));
                    browser::focus_soon("#conflict".to_owned());
                }
            },
        );
    });
    let restart = move || {
        base.set(now.get_untracked());
        filling.restart(now.with_untracked(|entry| ProfileForm::from(entry)));
    };
    let id = base.with_untracked(|base| base.id);
    let home = format!("{LIST}/{id}");
    let name = base.with_untracked(|base| base.display_name.clone());
    let crumbs = vec![Crumb::new(LIST, "Identities"), Crumb::new(home.clone(), name.clone())];
    view! {
        <Title text=format!("Edit {name}") />
        <PageHeader title=format!("Edit {name}") breadcrumb=move || view! { <Breadcrumb items=crumbs /> } />
        <form
            class="form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                send.run(base.get_untracked());
            }
        >
            <ProfileFields filling />
            {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
            {move || {
                (!told.with(Vec::is_empty))
                    .then(|| {
                        view! {
                            <Conflict
                                told
                                busy=act.busy()
                                on_overwrite=move |()| send.run(now.get_untracked())
                                on_restart=move |()| restart()
                            />
                        }
                    })
            }}
            <div class="form__actions">
                <Button kind=ButtonKind::Primary r#type="submit" busy=act.busy() disabled=Signal::derive(move || !ready.get())>
                    "Save"
                </Button>
                <LinkButton href=home kind=ButtonKind::Quiet>"Cancel"</LinkButton>
            </div>
        </form>
    }
}

/// Says what somebody else changed, and lets the person choose.
#[component]
fn Conflict(
    told: Memo<Vec<Difference>>,
    busy: Signal<bool>,
    #[prop(into)] on_overwrite: Callback<()>,
    #[prop(into)] on_restart: Callback<()>,
) -> impl IntoView {
    let or_empty = |text: String| if text.trim().is_empty() { "(empty)".to_owned() } else { text };
    let rows = move || {
        told.get()
            .into_iter()
            .map(|difference| {
                view! {
                    <Row>
                        <Td main=true>{fields::label(difference.name).to_owned()}</Td>
                        <Td label="Theirs">{or_empty(difference.theirs)}</Td>
                        <Td label="Yours">{or_empty(difference.yours)}</Td>
                    </Row>
                }
            })
            .collect_view()
    };
    view! {
        <section class="conflict" id="conflict" tabindex="-1" aria-label="Changed meanwhile">
            <Banner
                tone=Tone::Warning
                title="Somebody else saved this entry meanwhile"
                action=move || {
                    view! {
                        <Button on_click=move |_| on_restart.run(()) disabled=busy>"Start from theirs"</Button>
                        <Button on_click=move |_| on_overwrite.run(()) busy>"Save mine over it"</Button>
                    }
                }
            >
                <p>"Nothing of yours has been saved yet, and nothing of it is lost. This is where the two differ."</p>
            </Banner>
            <DataTable caption="Differences">
                <TableHead>
                    <Th label="Field" width=ColumnWidth::Medium />
                    <Th label="Theirs" />
                    <Th label="Yours" />
                </TableHead>
                <TableBody>{rows}</TableBody>
            </DataTable>
        </section>
    }
}
