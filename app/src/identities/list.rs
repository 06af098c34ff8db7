//! The list of identities.

use domain::listing::{IdentityPage, ListRequest, Position};
use domain::permission::Permission;
use domain::record::Summary;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_url;

use super::chosen::Chosen;
use super::filters::Filters;
use super::query::{self, LIST};
use super::rows::{PlaceOfRows, Rows};
use super::server::{list_identities, summary};
use super::words;
use crate::console::may;
use crate::error::AppError;
use crate::groups::JoinDialog;
use crate::groups::server::groups;
use crate::mail::{InviteDialog, Inviting};
use crate::remote::{Loaded, live_resource, remembered};
use crate::ui::{
    Button, ButtonKind, EmptyState, Glyph, LinkButton, PageHeader, Pager, SelectionBar, SummaryBar, SummaryPart, Tone, grouped,
};

/// The list of everyone, as its address asks for it.
#[component]
pub fn ListPage() -> impl IntoView {
    let url = use_url();
    let request = Memo::new(move |_| url.with(|url| query::parse(url.search())));
    let parts = live_resource(None, || (), |(), live| summary(live));
    let groups = Resource::new_blocking(|| (), |()| groups());
    let page = live_resource(None, move || request.get(), read);
    view! {
        <Title text="Identities" />
        <PageHeader
            title="Identities"
            actions=|| {
                view! {
                    <LinkButton href="/identities/binding-jobs" icon=Glyph::Invitation>"Binding jobs"</LinkButton>
                    <AddButton />
                }
            }
        />
        <div class="summary-place">
            <Loaded resource=parts let(summary)>
                <SummaryBar
                    label="Enrollment"
                    parts=Signal::derive(move || request.with(|request| parts_of(&summary.get(), request)))
                />
            </Loaded>
        </div>
        <Transition fallback=|| view! { <div class="filter-bar"></div> }>
            {
                let known = remembered(move |_| groups.get().and_then(Result::ok).unwrap_or_default());
                let count = remembered(move |before: Option<&String>| match page.get() {
                    Some(Ok((_, page))) => words::people(page.count),
                    _ => before.cloned().unwrap_or_default(),
                });
                view! { <Filters request groups=known count /> }
            }
        </Transition>
        <Loaded resource=page fallback=|| view! { <PlaceOfRows /> } let(shown)>
            <Found shown request />
        </Loaded>
    }
}

/// The way to somebody new, for whoever may add people.
#[component]
fn AddButton() -> impl IntoView {
    may(Permission::IdentitiesCreate).then(|| {
        view! { <LinkButton href="/identities/new" kind=ButtonKind::Primary icon=Glyph::Plus>"Add identity"</LinkButton> }
    })
}

/// What a page answers, with what it was asked.
type Shown = (ListRequest, IdentityPage);

async fn read(request: ListRequest, live: bool) -> Result<Shown, AppError> {
    let page = match list_identities(request.clone(), live).await {
        // The address names a page that cannot be; everything else in it still holds.
        Err(error) if error.is("invalid") && request.position.is_some() => {
            let first = list_identities(ListRequest { position: None, ..request.clone() }, live).await?;
            #[cfg(feature = "ssr")]
            crate::context::set_status(200);
            first
        }
        answer => answer?,
    };
    Ok((request, page))
}

/// The rows with their pager, or why there are none.
#[component]
fn Found(shown: Signal<Shown>, request: Memo<ListRequest>) -> impl IntoView {
    let rows = Memo::new(move |_| shown.with(|(_, page)| page.rows.clone()));
    let empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let (chosen, changes) = (Chosen::among(rows), may(Permission::GroupsUpdate) || may(Permission::BindingJobsCreate));
    // Asked for something else meanwhile: what is shown is on its way out.
    let stale = Memo::new(move |_| request.with(|request| shown.with(|(asked, _)| asked != request)));
    let previous = move || shown.with(|(asked, page)| page.previous.clone().map(|key| query::at(asked, Position::Before(key))));
    let next = move || shown.with(|(asked, page)| page.next.clone().map(|key| query::at(asked, Position::After(key))));
    let paged = Memo::new(move |_| shown.with(|(_, page)| page.previous.is_some() || page.next.is_some()));
    move || {
        if empty.get() {
            Either::Left(view! { <Nobody request=Signal::derive(move || shown.with(|(asked, _)| asked.clone())) /> })
        } else {
            Either::Right(view! {
                {changes.then(|| view! { <Selection chosen /> })}
                <Rows rows request stale chosen=changes.then_some(chosen) />
                {move || {
                    paged
                        .get()
                        .then(|| {
                            view! {
                                <Pager
                                    prev=Signal::derive(previous)
                                    next=Signal::derive(next)
                                    label=Signal::derive(move || rows.with(|rows| format!("{} shown", grouped(rows.len() as u64))))
                                />
                            }
                        })
                }}
            })
        }
    }
}

/// What can be done with those who are chosen.
#[component]
fn Selection(chosen: Chosen) -> impl IntoView {
    let any = chosen.any();
    let joining = RwSignal::new(Vec::new());
    let inviting = RwSignal::new(None);
    let bar = move || {
        view! {
            <SelectionBar count=chosen.count() on_clear=move |()| chosen.clear()>
                {may(Permission::BindingJobsCreate).then(|| view! {
                    <Button icon=Glyph::Send on_click=move |_| inviting.set(Some(Inviting::These(chosen.people())))>"Invite"</Button>
                })}
                {may(Permission::GroupsUpdate).then(|| view! {
                    <Button icon=Glyph::Groups on_click=move |_| joining.set(chosen.people())>"Add to group"</Button>
                })}
            </SelectionBar>
        }
    };
    view! {
        {move || any.get().then(bar)}
        <JoinDialog joining on_done=move |()| chosen.clear() />
        <InviteDialog inviting count=chosen.count() />
    }
}

/// An empty list: the one act that leads on.
#[component]
fn Nobody(request: Signal<ListRequest>) -> impl IntoView {
    move || {
        request.with(|request| {
            if !request.is_narrowed() && request.position.is_none() {
                return Either::Left(view! {
                    <EmptyState
                        icon=Glyph::Identities
                        title="Nobody here yet"
                        text="Add the people who should get a passkey."
                        action=|| view! { <AddButton /> }
                    />
                });
            }
            let (title, text) = words::nothing(request);
            let (verb, href) = if request.position.is_some() {
                ("Go to the first page", query::with(request, |_| {}))
            } else if request.search.trim().is_empty() {
                ("Show everyone", LIST.to_owned())
            } else {
                ("Clear the search", query::with(request, |request| request.search.clear()))
            };
            Either::Right(view! {
                <EmptyState
                    icon=Glyph::Search
                    title
                    text
                    action=move || view! { <LinkButton href=href.clone()>{verb}</LinkButton> }
                />
            })
        })
    }
}

fn parts_of(summary: &Summary, request: &ListRequest) -> Vec<SummaryPart> {
    use domain::identity::EnrollmentStatus::{Enrolled, InviteFailed, Pending, Unenrolled};
    let part = |label: &str, count, enrollment, tone| SummaryPart {
        label: label.to_owned(),
        count,
        href: query::with(request, |request| request.enrollment = enrollment),
        tone,
        current: request.enrollment == enrollment,
        whole: enrollment.is_none(),
    };
    vec![
        part("All", summary.all(), None, Tone::Neutral),
        part("Enrolled", summary.enrolled, Some(Enrolled), Tone::Success),
        part("Pending", summary.pending, Some(Pending), Tone::Accent),
        part("Not enrolled", summary.unenrolled, Some(Unenrolled), Tone::Neutral),
        part("Invitation failed", summary.invite_failed, Some(InviteFailed), Tone::Danger),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::identity::EnrollmentStatus;

    #[test]
    fn each_part_filters_and_the_whole_clears() {
        let summary = Summary { enrolled: 3, pending: 2, unenrolled: 1, invite_failed: 0 };
        let request = ListRequest { search: "zo".into(), enrollment: Some(EnrollmentStatus::Pending), ..ListRequest::default() };
        let parts = parts_of(&summary, &request);
        assert_eq!((parts[0].count, parts[0].whole, parts[0].current), (6, true, false));
        assert_eq!(parts[0].href, "/identities?q=zo");
        assert_eq!(parts[1].href, "/identities?q=zo&enrollment=enrolled");
        assert_eq!(parts.iter().filter(|part| part.current).map(|part| part.label.as_str()).collect::<Vec<_>>(), ["Pending"]);
    }
}
