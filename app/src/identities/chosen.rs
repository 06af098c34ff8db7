//! Rows that are chosen, for what is done with many at once.

use std::collections::BTreeSet;

use domain::IdentityId;
use domain::record::IdentityRow;
use leptos::prelude::*;

use crate::ui::{ColumnWidth, RowCheck, RowCheckbox, Td, Th};

/// Who is chosen among the rows that are shown.
#[derive(Clone, Copy)]
pub struct Chosen {
    rows: Memo<Vec<IdentityRow>>,
    ids: RwSignal<BTreeSet<IdentityId>>,
    /// The box that was pressed last: with Shift, everything from there on is meant.
    last: StoredValue<Option<IdentityId>>,
}

impl Chosen {
    #[must_use]
    pub fn among(rows: Memo<Vec<IdentityRow>>) -> Self {
        let ids = RwSignal::new(BTreeSet::new());
        // Whoever is no longer shown is no longer chosen.
        Effect::new(move || {
            let shown: BTreeSet<_> = rows.with(|rows| rows.iter().map(|row| row.id).collect());
            if ids.with_untracked(|ids: &BTreeSet<_>| !ids.is_subset(&shown)) {
                ids.update(|ids| ids.retain(|id| shown.contains(id)));
            }
        });
        Self { rows, ids, last: StoredValue::new(None) }
    }

    #[must_use]
    pub fn any(self) -> Memo<bool> {
        Memo::new(move |_| self.ids.with(|ids| !ids.is_empty()))
    }

    #[must_use]
    pub fn count(self) -> Signal<u64> {
        Signal::derive(move || self.ids.with(|ids| ids.len() as u64))
    }

    /// At this moment.
    #[must_use]
    pub fn people(self) -> Vec<IdentityId> {
        self.ids.with_untracked(|ids| ids.iter().copied().collect())
    }

    pub fn clear(self) {
        self.ids.set(BTreeSet::new());
    }

    #[must_use]
    pub fn holds(self, id: IdentityId) -> Signal<bool> {
        Signal::derive(move || self.ids.with(|ids| ids.contains(&id)))
    }

    fn toggle(self, id: IdentityId, RowCheck { checked, range }: RowCheck) {
        let shown: Vec<_> = self.rows.with_untracked(|rows| rows.iter().map(|row| row.id).collect());
        let from = self.last.get_value().filter(|_| range).unwrap_or(id);
        let meant = between(&shown, from, id);
        self.last.set_value(Some(id));
        self.ids.update(|ids| {
            if checked {
                ids.extend(meant);
            } else {
                ids.retain(|id| !meant.contains(id));
            }
        });
    }
}

/// Both and what lies between them; the second alone, where the first is gone.
fn between(shown: &[IdentityId], one: IdentityId, other: IdentityId) -> Vec<IdentityId> {
    let place = |id| shown.iter().position(|shown| *shown == id);
    match (place(one), place(other)) {
        (Some(one), Some(other)) => shown[one.min(other)..=one.max(other)].to_vec(),
        _ => vec![other],
    }
}

/// The head of the column of boxes.
#[component]
pub fn ChooseAll(chosen: Chosen) -> impl IntoView {
    let Chosen { rows, ids, .. } = chosen;
    let all = Signal::derive(move || rows.with(|rows| ids.with(|ids| rows.iter().all(|row| ids.contains(&row.id)))));
    let mixed = Signal::derive(move || !all.get() && ids.with(|ids| !ids.is_empty()));
    let toggle = move |RowCheck { checked, .. }: RowCheck| {
        ids.set(if checked { rows.with_untracked(|rows| rows.iter().map(|row| row.id).collect()) } else { BTreeSet::new() });
    };
    view! {
        <Th width=ColumnWidth::Control>
            <RowCheckbox label="Choose everyone on this page" checked=all mixed on_toggle=toggle />
        </Th>
    }
}

/// A row's box.
#[component]
pub fn ChooseOne(chosen: Chosen, row: Signal<IdentityRow>) -> impl IntoView {
    let id = row.with_untracked(|row| row.id);
    let label = Signal::derive(move || row.with(|row| ["Choose ", &row.display_name].concat()));
    view! {
        <Td control=true>
            <RowCheckbox label checked=chosen.holds(id) on_toggle=move |check| chosen.toggle(id, check) />
        </Td>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shift_means_everything_between_in_either_direction() {
        let ids = [5, 3, 9, 1].map(IdentityId::from_i64);
        assert_eq!(between(&ids, ids[0], ids[2]), ids[..3]);
        assert_eq!(between(&ids, ids[2], ids[0]), ids[..3]);
        assert_eq!(between(&ids, ids[1], ids[1]), [ids[1]]);
        assert_eq!(between(&ids, IdentityId::from_i64(7), ids[1]), [ids[1]]);
    }
}
