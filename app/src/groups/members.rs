//! Who is in a group: searched, paged, and removed one by one or many at once.

use domain::GroupId;
use domain::listing::{Count, IdentityPage, ListRequest, Position, SortBy};
use domain::permission::Permission;
use domain::record::IdentityRow;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};

use super::LIST;
use super::people;
use super::server::remove_members;
use crate::address::{escaped, pairs};
use crate::console::may;
use crate::identities::chosen::{ChooseAll, ChooseOne, Chosen};
use crate::identities::server::list_identities;
use crate::identities::words::enrollment_chip;
use crate::remote::{Act, Loaded, live_resource};
use crate::ui::{
    Banner, Button, DataTable, Each, EmptyState, FilterBar, Glyph, LinkButton, Row, SearchField, SelectionBar, StatusChip, TableBody,
    TableHead, Td, Th, Tone, use_toasts,
};

/// What the address asks of the members.
fn parse(group: GroupId, query: &str) -> ListRequest {
    let mut request = ListRequest { group: Some(group), sort: SortBy::Name, descending: false, ..ListRequest::default() };
    for (name, value) in pairs(query) {
        match name.as_str() {
            "q" => request.search = value,
            "after" if !value.is_empty() => request.position = Some(Position::After(value)),
            _ => {}
        }
    }
    request
}

fn href(group: GroupId, search: &str, after: Option<&str>) -> String {
    let search = (!search.is_empty()).then(|| format!("q={}", escaped(search)));
    let after = after.map(|after| format!("after={}", escaped(after)));
    let query: Vec<_> = search.into_iter().chain(after).collect();
    if query.is_empty() { format!("{LIST}/{group}") } else { format!("{LIST}/{group}?{}", query.join("&")) }
}

fn counted(count: Count) -> String {
    match count {
        Count::Exactly(count) => people(count),
        Count::MoreThan(count) => format!("more than {}", people(count)),
    }
}

/// The members as the address asks for them.
#[component]
pub(super) fn Members(id: GroupId) -> impl IntoView {
    let url = use_url();
    let request = Memo::new(move |_| url.with(|url| parse(id, url.search())));
    let page = live_resource(None, move || request.get(), list_identities);
    let typed = RwSignal::new(request.with_untracked(|request| request.search.clone()));
    let navigate = use_navigate();
    let on_input = move |text: String| {
        typed.set(text.clone());
        navigate(&href(id, &text, None), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    };
    view! {
        <FilterBar>
            <SearchField label="Search members" placeholder="Name, username or e-mail" value=typed on_input />
        </FilterBar>
        <Loaded resource=page let(shown)>
            <Found id shown request />
        </Loaded>
    }
}

#[component]
fn Found(id: GroupId, shown: Signal<IdentityPage>, request: Memo<ListRequest>) -> impl IntoView {
    let rows = Memo::new(move |_| shown.with(|page| page.rows.clone()));
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    let chosen = Chosen::among(rows);
    let search = move || request.with(|request| request.search.clone());
    let onward = move || {
        let first = request.with(|request| request.position.is_some()).then(|| href(id, &search(), None));
        let next = shown.with(|page| page.next.clone()).map(|after| href(id, &search(), Some(&after)));
        view! {
            <div class="older">
                <span class="muted">{counted(shown.with(|page| page.count))}</span>
                {first.map(|first| view! { <LinkButton href=first>"First page"</LinkButton> })}
                {next.map(|next| view! { <LinkButton href=next>"Next page"</LinkButton> })}
            </div>
        }
    };
    move || {
        if none.get() {
            return Either::Left(view! {
                <EmptyState
                    icon=Glyph::Groups
                    title=if search().is_empty() { "Nobody is in this group yet" } else { "No member found" }
                    text=if search().is_empty() { "Add the people whom its policy rules are for." } else { "Search for any part of a name, username or e-mail." }
                />
            });
        }
        Either::Right(view! {
            <Selection id chosen />
            <Table rows chosen />
            {onward}
        })
    }
}

/// What can be done with those who are chosen.
#[component]
fn Selection(id: GroupId, chosen: Chosen) -> impl IntoView {
    let act = Act::new();
    let toasts = use_toasts();
    let any = chosen.any();
    let remove = move |_| {
        let people = chosen.people();
        act.run(
            move || remove_members(id, people.clone()),
            move |removed| {
                chosen.clear();
                toasts.show(format!("{} removed", super::people(removed)));
            },
        );
    };
    let bar = move || {
        view! {
            <SelectionBar count=chosen.count() on_clear=move |()| chosen.clear()>
                <Button icon=Glyph::Minus busy=act.busy() on_click=remove>"Remove from group"</Button>
            </SelectionBar>
        }
    };
    view! {
        {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        {move || any.get().then(bar)}
    }
}

#[component]
fn Table(rows: Memo<Vec<IdentityRow>>, chosen: Chosen) -> impl IntoView {
    let changes = may(Permission::GroupsUpdate);
    view! {
        <DataTable caption="Members">
            <TableHead>
                {changes.then(|| view! { <ChooseAll chosen /> })}
                <Th label="Name" />
                <Th label="E-mail" />
                <Th label="Enrollment" />
            </TableHead>
            <TableBody>
                <Each items=rows key=|row: &IdentityRow| row.id let(row)>
                    <Member row chosen changes />
                </Each>
            </TableBody>
        </DataTable>
    }
}

#[component]
fn Member(row: Signal<IdentityRow>, chosen: Chosen, changes: bool) -> impl IntoView {
    let id = row.with_untracked(|row| row.id);
    view! {
        <Row selected=chosen.holds(id)>
            {changes.then(|| view! { <ChooseOne chosen row /> })}
            <Td main=true>
                <a class="row__link" href=format!("/identities/{id}")>{move || row.with(|row| row.display_name.clone())}</a>
                <span class="td__sub">{move || row.with(|row| row.username.clone())}</span>
            </Td>
            <Td label="E-mail">{move || row.with(|row| row.email.clone()).map(|email| view! { <span>{email}</span> })}</Td>
            <Td><StatusChip status=Signal::derive(move || row.with(|row| enrollment_chip(row.enrollment))) /></Td>
        </Row>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_what_is_shown() {
        let group = GroupId::from_i64(7);
        assert_eq!(href(group, "zo", Some("x")), "/groups/0000000000000007?q=zo&after=x");
        let request = parse(group, "q=zo&after=x");
        assert_eq!((request.search.as_str(), request.position, request.group), ("zo", Some(Position::After("x".into())), Some(group)));
    }
}
