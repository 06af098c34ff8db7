//! The groups tab: what the person is a member of.

use leptos::either::Either;
use leptos::prelude::*;

use super::detail::Current;
use super::server::groups_of;
use crate::remote::{Loaded, live_resource};
use crate::ui::{ColumnWidth, DataTable, Each, EmptyState, Glyph, Row, TableBody, TableHead, Td, Th, grouped};

/// The person's groups.
#[component]
pub fn GroupsTab() -> impl IntoView {
    let id = Current::of_page().id;
    let groups = live_resource(Some(id), || (), move |(), live| groups_of(id, live));
    view! {
        <Loaded resource=groups missing=|| () let(groups)>
            {
                let none = Memo::new(move |_| groups.with(Vec::is_empty));
                move || {
                    if none.get() {
                        Either::Left(view! {
                            <EmptyState
                                icon=Glyph::Groups
                                title="In no group"
                                text="Groups decide which applications a person may enter."
                            />
                        })
                    } else {
                        Either::Right(view! {
                            <DataTable caption="Groups">
                                <TableHead>
                                    <Th label="Group" />
                                    <Th label="Members" numeric=true width=ColumnWidth::Small />
                                </TableHead>
                                <TableBody>
                                    <Each items=groups key=|group| group.id let(group)>
                                        <Row>
                                            <Td main=true>
                                                <a class="row__link" href=move || group.with(|group| format!("/groups/{}", group.id))>
                                                    {move || group.with(|group| group.display_name.clone())}
                                                </a>
                                                <span class="td__sub">{move || group.with(|group| group.description.clone())}</span>
                                            </Td>
                                            <Td label="Members" numeric=true>{move || grouped(group.with(|group| group.members))}</Td>
                                        </Row>
                                    </Each>
                                </TableBody>
                            </DataTable>
                        })
                    }
                }
            }
        </Loaded>
    }
}
