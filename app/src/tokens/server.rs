//! Server functions of API tokens.

use domain::TokenId;
use domain::token::{NewClientSecret, NewToken, TokenDesk, TokenForm};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

/// The realm's tokens, and its application as far as it may be seen.
#[server(name = ReadTokens, input = Json, endpoint = "tokens/get")]
pub async fn tokens(live: bool) -> Result<TokenDesk, AppError> {
    Ok(crate::context::asked(live).await?.token_desk().await?)
}

/// Makes a token. Its secret is in this answer and nowhere else.
#[server(input = Json, endpoint = "tokens/create")]
pub async fn create_token(form: TokenForm) -> Result<NewToken, AppError> {
    Ok(crate::context::asked(false).await?.create_token(&form).await?)
}

/// Revokes a token for good.
#[server(input = Json, endpoint = "tokens/revoke")]
pub async fn revoke_token(id: TokenId) -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.revoke_token(id).await?)
}

/// Gives the application a secret, which is in this answer and nowhere else.
#[server(input = Json, endpoint = "tokens/create-client-secret")]
pub async fn create_client_secret(scopes: Vec<String>) -> Result<NewClientSecret, AppError> {
    Ok(crate::context::asked(false).await?.create_client_secret(&scopes).await?)
}

/// Takes the application's secret and its tokens away.
#[server(input = Json, endpoint = "tokens/revoke-client-secret")]
pub async fn revoke_client_secret() -> Result<(), AppError> {
    Ok(crate::context::asked(false).await?.revoke_client_secret().await?)
}
