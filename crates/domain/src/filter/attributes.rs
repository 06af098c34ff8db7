//! What identities, groups and binding jobs can be filtered by.

use super::{Attribute, Values};
use crate::binding_job::{DeliveryMethod, State};
use crate::identity::{EnrollmentStatus, Status};

/// What identities can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityAttribute {
    Username,
    Email,
    ExternalId,
    DisplayName,
    Status,
    Enrollment,
}

impl Attribute for IdentityAttribute {
    const ALL: &'static [Self] = &[Self::Username, Self::Email, Self::ExternalId, Self::DisplayName, Self::Status, Self::Enrollment];

    fn path(self) -> &'static str {
        match self {
            Self::Username => "traits.username",
            Self::Email => "traits.primary_email_address",
            Self::ExternalId => "traits.external_id",
            Self::DisplayName => "display_name",
            Self::Status => "status",
            Self::Enrollment => "enrollment_status",
        }
    }

    fn values(self) -> Values {
        match self {
            Self::Username | Self::Email | Self::DisplayName => Values::Folded,
            Self::ExternalId => Values::Exact,
            Self::Status => Values::OneOf(Status::ALL.iter().map(|status| status.as_str()).collect()),
            Self::Enrollment => Values::OneOf(EnrollmentStatus::ALL.iter().map(|status| status.as_str()).collect()),
        }
    }
}

/// What groups can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupAttribute {
    DisplayName,
}

impl Attribute for GroupAttribute {
    const ALL: &'static [Self] = &[Self::DisplayName];

    fn path(self) -> &'static str {
        match self {
            Self::DisplayName => "display_name",
        }
    }

    fn values(self) -> Values {
        match self {
            Self::DisplayName => Values::Folded,
        }
    }
}

/// What binding jobs can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobAttribute {
    State,
    Delivery,
}

impl Attribute for JobAttribute {
    const ALL: &'static [Self] = &[Self::State, Self::Delivery];

    fn path(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Delivery => "delivery_method",
        }
    }

    fn values(self) -> Values {
        Values::OneOf(match self {
            Self::State => State::ALL.iter().map(|state| state.as_str()).collect(),
            Self::Delivery => DeliveryMethod::ALL.iter().map(|method| method.as_str()).collect(),
        })
    }
}
