//! What the signed-in person's role allows, so that the console leaves out what it does not.
//!
//! The service decides; this only keeps from offering what would be refused. The server writes it into the document's
//! head, so that the browser takes the page over with the same answer that the server had.

use domain::permission::Permission;

/// The name of the `<meta>` that holds the permissions.
pub(crate) const META: &str = "permissions";

/// Whether the signed-in person may do this.
#[must_use]
pub fn may(permission: Permission) -> bool {
    here::permissions().split(' ').any(|spelled| spelled == permission.as_str())
}

#[cfg(feature = "hydrate")]
mod here {
    pub(super) fn permissions() -> String {
        crate::browser::meta(super::META)
    }
}

#[cfg(not(feature = "hydrate"))]
mod here {
    #[cfg(feature = "ssr")]
    pub(super) fn permissions() -> String {
        let context = leptos::prelude::use_context::<service::Context>();
        context.map(|context| super::spelled(context.permissions())).unwrap_or_default()
    }

    #[cfg(not(feature = "ssr"))]
    pub(super) fn permissions() -> String {
        String::new()
    }
}

/// Permissions as the `<meta>` holds them.
#[cfg(feature = "ssr")]
pub(crate) fn spelled(permissions: domain::permission::Permissions) -> String {
    Vec::from(permissions).iter().map(|permission| permission.as_str()).collect::<Vec<_>>().join(" ")
}
