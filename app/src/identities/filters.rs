//! The line above the list: search, filters, order, and how many there are.

use domain::identity::{EnrollmentStatus, Source, Status};
use domain::listing::{ListRequest, SortBy};
use domain::record::Group;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{query, words};
use crate::remote::remembered;
use crate::ui::{FilterBar, Menu, MenuItem, SearchField, as_typed};

/// On the way to a passkey, the last step first.
const STAGES: [EnrollmentStatus; 4] =
    [EnrollmentStatus::Enrolled, EnrollmentStatus::Pending, EnrollmentStatus::Unenrolled, EnrollmentStatus::InviteFailed];

/// The orders that are offered; the table's head turns each of them round.
const ORDERS: [(SortBy, bool); 5] =
    [(SortBy::Created, true), (SortBy::Created, false), (SortBy::Updated, true), (SortBy::Name, false), (SortBy::Username, false)];

#[component]
pub(super) fn Filters(request: Memo<ListRequest>, groups: Signal<Vec<Group>>, #[prop(into)] count: Signal<String>) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |search: String| {
        let address = request.with_untracked(|request| query::with(request, |request| request.search = search));
        navigate(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let (typed, on_input) = as_typed(Signal::derive(move || request.with(|request| request.search.clone())), go);
    let statuses = vec![(Status::Active, "Active".to_owned()), (Status::Suspended, "Suspended".to_owned())];
    let choices =
        remembered(move |_| groups.with(|groups| groups.iter().map(|group| (group.id, group.display_name.clone())).collect::<Vec<_>>()));
    let stages = STAGES.map(|status| (status, words::enrollment_chip(status).label().to_owned())).to_vec();
    let sources = [Source::Manual, Source::CommandLine].map(|source| (source, words::source_label(source).to_owned())).to_vec();
    view! {
        <FilterBar count>
            <SearchField label="Search identities" placeholder="Name, username or e-mail" value=typed on_input />
            <FilterMenu
                name="Status"
                any="Any status"
                request
                options=Signal::stored(statuses)
                get=|request| request.status
                set=|request, status| request.status = status
            />
            <FilterMenu
                name="Enrollment"
                any="Any enrollment"
                request
                options=Signal::stored(stages)
                get=|request| request.enrollment
                set=|request, enrollment| request.enrollment = enrollment
            />
            <FilterMenu
                name="Group"
                any="Any group"
                request
                options=choices
                get=|request| request.group
                set=|request, group| request.group = group
            />
            <FilterMenu
                name="Source"
                any="Any source"
                request
                options=Signal::stored(sources)
                get=|request| request.source
                set=|request, source| request.source = source
            />
            <Order request />
        </FilterBar>
    }
}

/// One filter: a menu of its values.
#[component]
fn FilterMenu<T>(
    name: &'static str,
    any: &'static str,
    request: Memo<ListRequest>,
    #[prop(into)] options: Signal<Vec<(T, String)>>,
    get: fn(&ListRequest) -> Option<T>,
    set: fn(&mut ListRequest, Option<T>),
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let chosen = Memo::new(move |_| request.with(get));
    let label = Signal::derive(move || match chosen.get() {
        None => name.to_owned(),
        Some(value) => {
            let known = options.with(|options| options.iter().find(|(option, _)| *option == value).map(|(_, words)| words.clone()));
            format!("{name}: {}", known.as_deref().unwrap_or("another"))
        }
    });
    let item = move |value: Option<T>, words: String| {
        let href = move || request.with(|request| query::with(request, |request| set(request, value)));
        view! {
            <MenuItem href=Signal::derive(href) checked=Signal::derive(move || chosen.get() == value)>
                {words}
            </MenuItem>
        }
    };
    view! {
        <Menu id=format!("filter-{}", name.to_ascii_lowercase()) label active=Signal::derive(move || chosen.with(Option::is_some))>
            {item(None, any.to_owned())}
            {move || options.get().into_iter().map(|(value, words)| item(Some(value), words)).collect_view()}
        </Menu>
    }
}

/// The order of the list.
#[component]
fn Order(request: Memo<ListRequest>) -> impl IntoView {
    let order = Memo::new(move |_| request.with(|request| (request.sort, request.descending)));
    let items = ORDERS.map(|wanted| {
        let (sort, descending) = wanted;
        let href = move || request.with(|request| query::with(request, |request| (request.sort, request.descending) = wanted));
        view! {
            <MenuItem href=Signal::derive(href) checked=Signal::derive(move || order.get() == wanted)>
                {words::sort_label(sort, descending)}
            </MenuItem>
        }
    });
    let label = Signal::derive(move || {
        let (sort, descending) = order.get();
        format!("Order: {}", words::sort_label(sort, descending))
    });
    view! { <Menu id="order" label>{items.into_iter().collect_view()}</Menu> }
}
