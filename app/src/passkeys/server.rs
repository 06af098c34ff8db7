//! Server functions of passkeys.

use domain::ceremony::Accepted;
use domain::record::Passkey;
use domain::{IdentityId, PasskeyId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// An identity's passkeys, the newest first, revoked ones included.
#[server(input = Json, endpoint = "passkeys/list")]
pub async fn passkeys_of(identity: IdentityId, live: bool) -> Result<Vec<Passkey>, AppError> {
    Ok(crate::context::asked(live).await?.passkeys_of(identity).await?)
}

/// Gives a passkey another name.
#[server(input = Json, endpoint = "passkeys/rename")]
pub async fn rename_passkey(id: PasskeyId, name: String) -> Result<Passkey, AppError> {
    Ok(crate::context::asked(false).await?.rename_passkey(id, &name).await?)
}

/// Revokes a passkey for good, and ends the sessions made with it.
#[server(input = Json, endpoint = "passkeys/revoke")]
pub async fn revoke_passkey(id: PasskeyId, reason: String) -> Result<Passkey, AppError> {
    Ok(crate::context::asked(false).await?.revoke_passkey(id, &reason).await?)
}

/// What the signed-in person's password manager should know.
#[server(name = ReadAccepted, input = Json, endpoint = "passkeys/accepted")]
pub async fn accepted() -> Result<Accepted, AppError> {
    Ok(crate::context::asked(true).await?.accepted().await?)
}
