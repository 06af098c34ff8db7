//! Tables: rows of 44 px that become cards on a narrow screen.
//!
//! The roles are spelled out because browsers drop a table's meaning when CSS lays its parts out as blocks.

#![expect(clippy::fn_params_excessive_bools, reason = "each is a property of its own, named where it is set")]

use super::icon::{Glyph, Icon};
use super::text::grouped;
use leptos::either::Either;
use leptos::prelude::*;

/// A table; `caption` names it for screen readers. Inside: [`TableHead`], then [`TableBody`].
#[component]
pub fn DataTable(
    #[prop(into)] caption: Signal<String>,
    /// Being fetched again: dimmed, still readable.
    #[prop(optional, into)]
    stale: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-box">
            <table class="table" role="table" aria-busy=move || stale.get().then_some("true")>
                <caption class="sr-only">{move || caption.get()}</caption>
                {children()}
            </table>
        </div>
    }
}

/// The header row; its children are [`Th`]s.
#[component]
pub fn TableHead(children: Children) -> impl IntoView {
    view! {
        <thead class="table__head" role="rowgroup">
            <tr role="row">{children()}</tr>
        </thead>
    }
}

/// The rows.
#[component]
pub fn TableBody(children: Children) -> impl IntoView {
    view! { <tbody class="table__body" role="rowgroup">{children()}</tbody> }
}

/// A row. A link of class `row__link` in it makes the whole row clickable; other controls stay on top of it.
#[component]
pub fn Row(#[prop(optional, into)] selected: Signal<bool>, children: Children) -> impl IntoView {
    view! {
        <tr class="row" role="row" data-selected=move || selected.get().then_some("")>{children()}</tr>
    }
}

/// The direction a column is sorted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Ascending,
    Descending,
}

/// A column's share of the width. Columns have fixed widths, so that nothing moves when rows arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColumnWidth {
    /// An equal part of what the others leave.
    #[default]
    Fluid,
    /// 44 px: a check box or a menu.
    Control,
    /// 96 px: a number.
    Small,
    /// 124 px: a relative time.
    Time,
    /// 150 px: a chip or a short name.
    Medium,
}

impl ColumnWidth {
    const fn name(self) -> &'static str {
        match self {
            Self::Fluid => "fluid",
            Self::Control => "control",
            Self::Small => "small",
            Self::Time => "time",
            Self::Medium => "medium",
        }
    }
}

/// A column's header; with `href` it is a link that sorts by the column.
#[component]
pub fn Th(
    /// Empty for a column of controls.
    #[prop(optional, into)]
    label: Signal<String>,
    /// How the list is sorted by this column at the moment, if it is.
    #[prop(optional, into)]
    sort: Signal<Option<Sort>>,
    #[prop(optional, into)] href: Option<Signal<String>>,
    /// Numbers and times stand at the right.
    #[prop(optional)]
    numeric: bool,
    #[prop(optional)] width: ColumnWidth,
    /// Steps back where the page is too narrow for all columns; the cells say the same.
    #[prop(optional)]
    minor: bool,
    /// Instead of the label: the check box for all.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let aria_sort = move || {
        sort.get().map(|sort| match sort {
            Sort::Ascending => "ascending",
            Sort::Descending => "descending",
        })
    };
    let arrow = move || match sort.get() {
        Some(Sort::Descending) => Glyph::ArrowDown,
        _ => Glyph::ArrowUp,
    };
    let sortable = href.is_some();
    let content = match (children, href) {
        (Some(children), _) => Either::Left(children()),
        (None, Some(href)) => Either::Right(Either::Left(view! {
            <a class="th__sort" href=move || href.get()>
                {move || label.get()}
                {move || view! { <Icon name=arrow() /> }}
            </a>
        })),
        (None, None) => Either::Right(Either::Right(move || label.get())),
    };
    view! {
        <th
            class="th"
            class=("th--numeric", numeric)
            class=("th--sortable", sortable)
            role="columnheader"
            scope="col"
            data-width=width.name()
            data-minor=minor.then_some("")
            aria-sort=aria_sort
        >
            {content}
        </th>
    }
}

/// A cell. `label` is what the narrow layout writes before it; leave it out for the name and for controls.
#[component]
pub fn Td(
    #[prop(optional, into)] label: Option<String>,
    #[prop(optional)] numeric: bool,
    /// As in the column's [`Th`].
    #[prop(optional)]
    minor: bool,
    /// The row's name: comes first and largest in the narrow layout.
    #[prop(optional)]
    main: bool,
    /// A check box or a menu: keeps to the card's corner in the narrow layout.
    #[prop(optional)]
    control: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <td
            class="td"
            class=("td--numeric", numeric)
            class=("td--main", main)
            class=("td--control", control)
            role="cell"
            data-label=label
            data-minor=minor.then_some("")
        >
            {children()}
        </td>
    }
}

/// Back and on through a list that pages by key: there is no "page 7 of 12".
#[component]
pub fn Pager(
    #[prop(into)] prev: Signal<Option<String>>,
    #[prop(into)] next: Signal<Option<String>>,
    /// What is shown: "1–50 of 12,304".
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    // A link without an address cannot be followed or focused: the place stays, the act goes.
    let link = |href: Signal<Option<String>>, label: &'static str, name: Glyph| {
        let off = move || href.with(Option::is_none);
        view! {
            <a
                class="button button--icon"
                data-kind="quiet"
                href=move || href.get()
                role="link"
                aria-label=label
                title=label
                aria-disabled=move || off().then_some("true")
            >
                <Icon name />
            </a>
        }
    };
    view! {
        <nav class="pager" aria-label="Pages">
            {link(prev, "Previous page", Glyph::ChevronLeft)}
            <span class="pager__label">{move || label.get()}</span>
            {link(next, "Next page", Glyph::ChevronRight)}
        </nav>
    }
}

/// The line above a table: search and filters at the left, the count at the right.
#[component]
pub fn FilterBar(#[prop(optional, into)] count: Signal<String>, children: Children) -> impl IntoView {
    view! {
        <div class="filter-bar">
            <div class="filter-bar__controls">{children()}</div>
            <p class="filter-bar__count" aria-live="polite">{move || count.get()}</p>
        </div>
    }
}

/// Replaces the filter bar while rows are selected: how many, and what can be done with them.
#[component]
pub fn SelectionBar(#[prop(into)] count: Signal<u64>, #[prop(into)] on_clear: Callback<()>, children: Children) -> impl IntoView {
    view! {
        <div class="filter-bar filter-bar--selection" role="group" aria-label="Selected rows">
            <p class="filter-bar__selected" aria-live="polite">
                {move || format!("{} selected", grouped(count.get()))}
            </p>
            <div class="filter-bar__controls">{children()}</div>
            <button class="button" data-kind="quiet" type="button" on:click=move |_| on_clear.run(())>
                <Icon name=Glyph::Close />
                <span class="button__label">"Clear"</span>
            </button>
        </div>
    }
}
