//! The table of identities.

use domain::identity::Status;
use domain::listing::{ListRequest, SortBy};
use domain::record::IdentityRow;
use leptos::prelude::*;

use super::chosen::{ChooseAll, ChooseOne, Chosen};
use super::{query, words};
use crate::ui::{ColumnWidth, DataTable, Each, Row, SkeletonRows, Sort, Status as Chip, StatusChip, TableBody, TableHead, Td, Th, Time};

/// A page of the list.
#[component]
pub(super) fn Rows(
    rows: Memo<Vec<IdentityRow>>,
    request: Memo<ListRequest>,
    #[prop(into)] stale: Signal<bool>,
    /// Where something can be done with those who are chosen.
    chosen: Option<Chosen>,
) -> impl IntoView {
    view! {
        <Columns request=request stale chosen>
            <Each items=rows key=|row| row.id let(row)>
                <Person row chosen />
            </Each>
        </Columns>
    }
}

/// Keeps the place of the rows until they are there.
#[component]
pub(super) fn PlaceOfRows() -> impl IntoView {
    view! {
        <Columns request=Signal::stored(ListRequest::default()) stale=Signal::stored(false) chosen=None>
            <SkeletonRows columns=6 />
        </Columns>
    }
}

#[component]
fn Columns(#[prop(into)] request: Signal<ListRequest>, stale: Signal<bool>, chosen: Option<Chosen>, children: Children) -> impl IntoView {
    let sort = move |by: SortBy| {
        Signal::derive(move || {
            request.with(|request| {
                let direction = if request.descending { Sort::Descending } else { Sort::Ascending };
                (request.sort == by).then_some(direction)
            })
        })
    };
    let href = move |by: SortBy| Signal::derive(move || request.with(|request| query::sorted_by(request, by)));
    view! {
        <DataTable caption="Identities" stale>
            <TableHead>
                {chosen.map(|chosen| view! { <ChooseAll chosen /> })}
                <Th label="Name" sort=sort(SortBy::Name) href=href(SortBy::Name) />
                <Th label="E-mail" />
                <Th label="Groups" width=ColumnWidth::Medium minor=true />
                <Th label="Passkeys" width=ColumnWidth::Small numeric=true />
                <Th label="Enrollment" />
                <Th label="Updated" width=ColumnWidth::Time numeric=true sort=sort(SortBy::Updated) href=href(SortBy::Updated) />
            </TableHead>
            <TableBody>{children()}</TableBody>
        </DataTable>
    }
}

#[component]
fn Person(row: Signal<IdentityRow>, chosen: Option<Chosen>) -> impl IntoView {
    let id = row.with_untracked(|row| row.id);
    let selected = chosen.map_or(Signal::stored(false), |chosen| chosen.holds(id));
    let href = move || row.with(|row| format!("/identities/{}", row.id));
    let suspended = Memo::new(move |_| row.with(|row| row.status == Status::Suspended));
    let text = |text: String| (!text.is_empty()).then(|| view! { <span>{text}</span> });
    view! {
        <Row selected>
            {chosen.map(|chosen| view! { <ChooseOne chosen row /> })}
            <Td main=true>
                <a class="row__link" href=href>{move || row.with(|row| row.display_name.clone())}</a>
                <span class="td__sub">{move || row.with(|row| row.username.clone())}</span>
            </Td>
            <Td label="E-mail">{move || text(row.with(|row| row.email.clone().unwrap_or_default()))}</Td>
            <Td label="Groups" minor=true>{move || text(row.with(words::groups))}</Td>
            <Td label="Passkeys" numeric=true>{move || row.with(|row| row.passkeys)}</Td>
            <Td>
                <span class="chips">
                    <StatusChip status=Signal::derive(move || row.with(|row| words::enrollment_chip(row.enrollment))) />
                    {move || suspended.get().then(|| view! { <StatusChip status=Chip::Suspended /> })}
                </span>
            </Td>
            <Td label="Updated" numeric=true>
                <Time at=Signal::derive(move || row.with(|row| row.updated_at.micros())) />
            </Td>
        </Row>
    }
}
