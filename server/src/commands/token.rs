//! `keyroll token create` and `keyroll application secret`: how a program gets in, from the machine itself.

use anyhow::{Result, anyhow};
use domain::RealmId;
use domain::token::TokenForm;
use serde_json::{Value, json};
use service::{Context, Error, Keyroll};

use super::{database, print};
use crate::api::time;
use crate::cli::{ApplicationSecret, TokenCreate};
use crate::config::Config;

/// Prints the token with where it works and how long, as JSON on standard output.
pub(super) async fn create(config: &Config, asked: &TokenCreate) -> Result<()> {
    let days = asked.expires.strip_suffix('d').filter(|days| days.bytes().all(|byte| byte.is_ascii_digit()));
    let days = days.ok_or_else(|| anyhow!("--expires {:?} is no number of days; write one such as 90d", asked.expires))?;
    with_operator(config, asked.realm.as_deref(), async |operator| {
        let form = TokenForm {
            name: asked.name.clone(),
            scopes: words(&asked.scopes),
            days: days.to_owned(),
            everywhere: asked.realm.is_none(),
            addresses: asked.addresses.join(" "),
        };
        let made = operator.create_token(&form).await.map_err(said)?;
        let (tenant, realm) = (operator.tenant().await.map_err(said)?.id, operator.realm().map(|realm| realm.to_string()));
        let ends = time(made.token.expires_at);
        Ok(json!({ "token": made.secret, "tenant_id": tenant.to_string(), "realm_id": realm, "expires_at": ends }))
    })
    .await
}

/// Prints the application's id, its client id and its secret, as JSON.
pub(super) async fn application_secret(config: &Config, asked: &ApplicationSecret) -> Result<()> {
    with_operator(config, asked.realm.as_deref(), async |operator| {
        let made = operator.create_client_secret(&words(&asked.scopes)).await.map_err(said)?;
        let application = operator.token_desk().await.map_err(said)?.client.id;
        Ok(json!({ "application_id": application.to_string(), "client_id": made.client_id, "client_secret": made.secret }))
    })
    .await
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Acts in this realm, or in the first one; then prints what came of it.
async fn with_operator(config: &Config, realm: Option<&str>, act: impl AsyncFnOnce(Context) -> Result<Value>) -> Result<()> {
    let keyroll = database::open(config, config.public_url(config.listen.port())).await?;
    let outcome = match operator(&keyroll, realm).await {
        Ok(operator) => act(operator).await,
        Err(error) => Err(error),
    };
    // A server that runs on the same database shows it at once.
    keyroll.store().notify("command line").await?;
    keyroll.store().close().await;
    print(&outcome?.to_string())?;
    Ok(())
}

async fn operator(keyroll: &Keyroll, realm: Option<&str>) -> Result<Context> {
    let home = keyroll.prepare().await?;
    let Some(text) = realm else { return Ok(keyroll.operator(home)) };
    let realm: RealmId = text.parse().map_err(|_| anyhow!("{text:?} is no realm's id; the console shows it under Settings → Realms"))?;
    let operator = keyroll.operator(realm);
    operator.acting_realm().await.map_err(|_| anyhow!("there is no realm {realm}; the console lists them under Settings → Realms"))?;
    Ok(operator)
}

/// Every field's words in one sentence.
fn said(error: Error) -> anyhow::Error {
    match &error {
        Error::Invalid(fields) => anyhow!("{}", fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" ")),
        _ => error.into(),
    }
}
