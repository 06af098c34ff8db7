//! The live list of binding jobs: of one identity, and of the realm.

use domain::record::Job;
use domain::{BindingJobId, IdentityId};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;

use super::add::{AddPasskey, AddPasskeyButton, AddPasskeyDialog};
use super::card::JobCard;
use super::revoke::RevokeDialog;
use super::server::jobs;
use crate::error::AppError;
use crate::identities::Current;
use crate::live::connection;
use crate::remote::{Act, Loaded, Paged, Pages};
use crate::ui::{Banner, Breadcrumb, Button, ButtonKind, Chip, Crumb, Each, EmptyState, Glyph, PageHeader, Tone};

/// One identity's jobs.
#[component]
pub fn JobsTab() -> impl IntoView {
    let id = Current::of_page().id;
    view! { <Jobs of=Some(id) /> }
}

/// The realm's jobs.
#[component]
pub fn RealmJobsPage() -> impl IntoView {
    provide_context(AddPasskey::new());
    view! {
        <Title text="Binding jobs" />
        <PageHeader
            title="Binding jobs"
            breadcrumb=|| view! { <Breadcrumb items=vec![Crumb::new("/identities", "Identities")] /> }
        />
        <Jobs of=None />
        <AddPasskeyDialog />
    }
}

async fn page(of: Option<IdentityId>, before: Option<BindingJobId>, live: bool) -> Result<Pages<Job, BindingJobId>, AppError> {
    let page = jobs(of, before, live).await?;
    Ok(Pages { items: page.jobs, next: page.next })
}

#[component]
fn Jobs(of: Option<IdentityId>) -> impl IntoView {
    let list = Paged::new(of, |job: &Job| job.id, move |before, live| page(of, before, live));
    let revoking = RwSignal::new(None);
    let resending = Act::new();
    view! {
        <Bar refresh=move || list.resource.refetch() settled=move || list.resource.track() />
        {move || resending.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        <Loaded resource=list.resource missing=|| () let(pages)>
            {
                let all = Memo::new(move |_| pages.with(|pages| pages.items.clone()));
                let none = Memo::new(move |_| all.with(Vec::is_empty));
                view! {
                    {move || {
                        if none.get() {
                            Either::Left(view! { <Nothing of /> })
                        } else {
                            Either::Right(view! {
                                <section class="records" aria-label="Binding jobs">
                                    <Each items=all key=|job: &Job| job.id let(job)>
                                        <JobCard job all named=of.is_none() revoking resending />
                                    </Each>
                                </section>
                            })
                        }
                    }}
                    {list.older(pages)}
                }
            }
        </Loaded>
        <RevokeDialog job=revoking on_done=move |()| list.resource.refetch() />
    }
}

/// How the list keeps up, and refreshing it by hand.
#[component]
fn Bar(refresh: impl Fn() + Send + Sync + 'static, settled: impl Fn() + 'static) -> impl IntoView {
    let connected = connection();
    let busy = RwSignal::new(false);
    Effect::new(move || {
        settled();
        busy.set(false);
    });
    let press = move |_| {
        busy.set(true);
        refresh();
    };
    view! {
        <div class="list-bar">
            <p class="list-bar__state" role="status">
                {move || {
                    if connected.get() {
                        Either::Left("This list keeps itself up to date.")
                    } else {
                        Either::Right(view! { <Chip tone=Tone::Warning icon=Some(Glyph::Refresh) label="Reconnecting" /> })
                    }
                }}
            </p>
            <Button kind=ButtonKind::Quiet icon=Glyph::Refresh busy on_click=press>"Refresh list"</Button>
        </div>
    }
}

#[component]
fn Nothing(of: Option<IdentityId>) -> impl IntoView {
    match of {
        Some(_) => Either::Left(view! {
            <EmptyState
                icon=Glyph::Invitation
                title="No binding job yet"
                text="One begins with each link that is handed out, and shows how far the person has come."
                action=|| view! { <AddPasskeyButton /> }
            />
        }),
        None => Either::Right(view! {
            <EmptyState
                icon=Glyph::Invitation
                title="No binding jobs yet"
                text="One begins with each link that is handed out on a person’s page."
            />
        }),
    }
}
