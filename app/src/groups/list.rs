//! The list of groups.

use domain::listing::{GroupListRequest, GroupPage};
use domain::permission::Permission;
use domain::record::Group;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};

use super::server::list_groups;
use super::{LIST, people};
use crate::address::{escaped, pairs};
use crate::console::may;
use crate::remote::{Loaded, live_resource};
use crate::ui::{
    ButtonKind, ColumnWidth, DataTable, Each, EmptyState, FilterBar, Glyph, LinkButton, PageHeader, Row, SearchField, TableBody, TableHead,
    Td, Th,
};

/// Reads the query of an address.
fn parse(query: &str) -> GroupListRequest {
    let mut request = GroupListRequest::default();
    for (name, value) in pairs(query) {
        match name.as_str() {
            "q" => request.search = value,
            "after" if !value.is_empty() => request.after = Some(value),
            _ => {}
        }
    }
    request
}

fn href(request: &GroupListRequest) -> String {
    let search = (!request.search.is_empty()).then(|| format!("q={}", escaped(&request.search)));
    let after = request.after.as_ref().map(|after| format!("after={}", escaped(after)));
    let query: Vec<_> = search.into_iter().chain(after).collect();
    if query.is_empty() { LIST.to_owned() } else { format!("{LIST}?{}", query.join("&")) }
}

/// Every group by name, as the address asks for it.
#[component]
pub fn GroupsPage() -> impl IntoView {
    let url = use_url();
    let request = Memo::new(move |_| url.with(|url| parse(url.search())));
    let page = live_resource(None, move || request.get(), list_groups);
    let typed = RwSignal::new(request.with_untracked(|request| request.search.clone()));
    let navigate = use_navigate();
    let on_input = move |text: String| {
        typed.set(text.clone());
        let address = href(&GroupListRequest { search: text, after: None });
        navigate(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    };
    view! {
        <Title text="Groups" />
        <PageHeader title="Groups" actions=|| view! { <AddButton /> } />
        <FilterBar>
            <SearchField label="Search groups" placeholder="Name" value=typed on_input />
        </FilterBar>
        <Loaded resource=page let(shown)>
            <Found shown request />
        </Loaded>
    }
}

#[component]
fn AddButton() -> impl IntoView {
    may(Permission::GroupsCreate)
        .then(|| view! { <LinkButton href="/groups/new" kind=ButtonKind::Primary icon=Glyph::Plus>"Add group"</LinkButton> })
}

#[component]
fn Found(shown: Signal<GroupPage>, request: Memo<GroupListRequest>) -> impl IntoView {
    let groups = Memo::new(move |_| shown.with(|page| page.groups.clone()));
    let none = Memo::new(move |_| groups.with(Vec::is_empty));
    let next = move || shown.with(|page| page.next.clone());
    let onward = move || {
        let address = next().map(|after| href(&GroupListRequest { after: Some(after), ..request.get() }));
        let first = request.with(|request| request.after.is_some().then(|| href(&GroupListRequest { after: None, ..request.clone() })));
        view! {
            <div class="older">
                {first.map(|first| view! { <LinkButton href=first>"First page"</LinkButton> })}
                {address.map(|address| view! { <LinkButton href=address>"Next page"</LinkButton> })}
            </div>
        }
    };
    move || {
        if none.get() {
            return Either::Left(view! { <Nothing request /> });
        }
        Either::Right(view! {
            <DataTable caption="Groups">
                <TableHead>
                    <Th label="Group" />
                    <Th label="Members" numeric=true width=ColumnWidth::Small />
                </TableHead>
                <TableBody>
                    <Each items=groups key=|group: &Group| group.id let(group)>
                        <GroupRow group />
                    </Each>
                </TableBody>
            </DataTable>
            {onward}
        })
    }
}

#[component]
fn GroupRow(group: Signal<Group>) -> impl IntoView {
    view! {
        <Row>
            <Td main=true>
                <a class="row__link" href=move || group.with(|group| format!("{LIST}/{}", group.id))>
                    {move || group.with(|group| group.display_name.clone())}
                </a>
                <span class="td__sub">{move || group.with(|group| group.description.clone())}</span>
            </Td>
            <Td label="Members" numeric=true>{move || people(group.with(|group| group.members))}</Td>
        </Row>
    }
}

#[component]
fn Nothing(request: Memo<GroupListRequest>) -> impl IntoView {
    move || {
        let search = request.with(|request| request.search.trim().to_owned());
        if search.is_empty() {
            Either::Left(view! {
                <EmptyState
                    icon=Glyph::Groups
                    title="No group here"
                    text="Groups decide which applications a person may enter."
                    action=|| view! { <AddButton /> }
                />
            })
        } else {
            Either::Right(view! {
                <EmptyState
                    icon=Glyph::Search
                    title=format!("No group’s name holds “{search}”")
                    text="Search for any part of the name."
                    action=|| view! { <LinkButton href=LIST>"Clear the search"</LinkButton> }
                />
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_what_is_shown() {
        let request = GroupListRequest { search: "zoë & co".into(), after: Some("YWI".into()) };
        assert_eq!(href(&request), "/groups?q=zo%C3%AB%20%26%20co&after=YWI");
        assert_eq!(parse("q=zo%C3%AB%20%26%20co&after=YWI&x=y"), request);
        assert_eq!(parse("after="), GroupListRequest::default());
        assert_eq!(href(&GroupListRequest::default()), "/groups");
    }
}
