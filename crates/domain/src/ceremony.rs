//! What a browser gets and gives in the two WebAuthn ceremonies, and what a link shows.

use serde::{Deserialize, Serialize};

use crate::binding_job::Ended;
use crate::branding::Appearance;
use crate::permission::Permissions;
use crate::realm::Place;
use crate::record::Job;
use crate::{IdentityId, RealmId, Timestamp};

/// A ceremony that has begun. `id` is a secret of this browser: it is handed back once, with the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceremony {
    pub id: String,
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` (Web Authentication Level 3,
    /// §5.1.8 and §5.1.9) as JSON text.
    pub options: String,
}

/// What the person's password manager is told, so that it offers what works and nothing else (Web Authentication
/// Level 3, §5.1.10, the Signal API).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub rp_id: String,
    /// The user handle, base64url.
    pub user_id: String,
    /// Active credentials, base64url.
    pub credential_ids: Vec<String>,
    pub username: String,
    pub display_name: String,
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub identity: IdentityId,
    pub display_name: String,
    pub username: String,
    /// The name of the organization in the realm that they act in.
    pub organization: String,
    /// The realm that they act in.
    pub realm: Place,
    /// Realms that they may enter, the oldest first, not more than a menu holds.
    pub realms: Vec<(RealmId, String)>,
    /// What they may do; the console shows nothing else.
    pub permissions: Permissions,
}

/// What an enrollment link leads to, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkView {
    pub appearance: Appearance,
    pub state: LinkState,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkState {
    Open {
        display_name: String,
        username: String,
        expires_at: Timestamp,
    },
    /// It has ended; the administrators can be asked for a new one, once.
    Ended {
        why: Ended,
        asked: bool,
    },
    /// The person is suspended.
    Suspended,
    /// Never made here, or its person has been deleted.
    Unknown,
}

/// A finished enrollment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The new passkey's name.
    pub passkey: String,
    pub accepted: Accepted,
    /// Whether the browser is now signed in to the console.
    pub signed_in: bool,
    /// Where the person goes on.
    pub continue_to: Option<String>,
}

/// A link that was just made: shown once, never again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    pub job: Job,
    pub link: String,
    /// The link as a QR code: an SVG document.
    pub qr: String,
}

impl std::fmt::Debug for NewLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewLink").field("job", &self.job.id).finish_non_exhaustive()
    }
}
