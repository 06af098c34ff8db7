//! `keyroll token create` and `keyroll application secret`: how a program gets in, from the machine itself.

use anyhow::{Result, anyhow};
use domain::RealmId;
use domain::token::TokenForm;
use service::{Context, Error, Keyroll};

use super::{database, print};
use crate::cli::{ApplicationSecret, TokenCreate};
use crate::config::Config;

/// Prints the token's secret, and nothing else, on standard output.
pub(super) async fn create(config: &Config, asked: &TokenCreate) -> Result<()> {
    with_operator(config, asked.realm.as_deref(), async |operator| {
        let form = TokenForm {
            name: asked.name.clone(),
            scopes: asked.scopes.clone(),
            days: asked.days.clone(),
            everywhere: asked.realm.is_none(),
            addresses: asked.addresses.join(" "),
        };
        let made = operator.create_token(&form).await.map_err(said)?;
        Ok(made.secret)
    })
    .await
}

/// Prints the application's id, its client id and its secret, a line each.
pub(super) async fn application_secret(config: &Config, asked: &ApplicationSecret) -> Result<()> {
    with_operator(config, asked.realm.as_deref(), async |operator| {
        let made = operator.create_client_secret(&asked.scopes).await.map_err(said)?;
        let application = operator.token_desk().await.map_err(said)?.client.id;
        Ok(format!("{application}\n{}\n{}", made.client_id, made.secret))
    })
    .await
}

/// Acts in this realm, or in the first one; then prints what came of it.
async fn with_operator(config: &Config, realm: Option<&str>, act: impl AsyncFnOnce(Context) -> Result<String>) -> Result<()> {
    let keyroll = database::open(config, config.public_url(config.listen.port())).await?;
    let outcome = match operator(&keyroll, realm).await {
        Ok(operator) => act(operator).await,
        Err(error) => Err(error),
    };
    // A server that runs on the same database shows it at once.
    keyroll.store().notify("command line").await?;
    keyroll.store().close().await;
    print(&outcome?)?;
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
