//! What a filter asks of each row.

use domain::RealmId;

use super::Filter;
use crate::dialect::Indexed;
use crate::statement::{Bound, Statement};

impl Statement {
    pub(super) fn filter(&mut self, realm: RealmId, filter: &Filter, contains: &str) {
        self.require("i.realm_id = ?", Bound::Number(realm.get()));
        if let Some(status) = filter.status {
            self.require("i.status = ?", Bound::Text(status.to_string()));
        }
        if let Some(enrollment) = filter.enrollment {
            self.require("i.enrollment_status = ?", Bound::Text(enrollment.to_string()));
        }
        if let Some(source) = filter.source {
            self.require("i.source = ?", Bound::Text(source.to_string()));
        }
        if let Some(group) = filter.group {
            self.require(
                "EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = ? AND m.identity_id = i.id)",
                Bound::Number(group.get()),
            );
        }
        for part in filter.search.iter().flat_map(|search| &search.parts) {
            self.require(contains, Bound::Text(part.clone()));
        }
    }

    pub(super) fn index(&mut self, indexed: Indexed) {
        self.require(indexed.condition, indexed.argument.into());
    }
}
