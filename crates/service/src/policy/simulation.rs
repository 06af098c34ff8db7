//! What the policy would say to one person.

use domain::IdentityId;
use domain::permission::Permission;
use domain::policy::{Answer, Application, Policy, Request, Which};

use crate::{Context, Error, Result};

impl Context {
    /// The answer to a person at an application's door, for each passkey that they have.
    pub async fn simulate_policy(&self, identity: IdentityId, application: Application, which: Which) -> Result<Vec<Answer>> {
        let realm = self.allow(Permission::PolicyRead)?;
        let mut tx = self.read().await?;
        let person = tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
        let policy = match which {
            Which::Published => tx.policy(realm).await?,
            Which::Draft => Policy { rules: tx.policy_draft(realm).await?.ok_or(Error::NotFound("draft"))?.rules },
        };
        let groups = tx.group_ids_of(identity).await?;
        let mut passkeys: Vec<_> =
            tx.presented_passkeys(identity).await?.into_iter().map(|(name, presented)| (Some(name), Some(presented))).collect();
        if passkeys.is_empty() {
            passkeys.push((None, None));
        }
        Ok(passkeys
            .into_iter()
            .map(|(passkey, presented)| {
                let request = Request { application, status: person.status, groups: &groups, passkey: presented.as_ref() };
                let explanation = policy.explain(&request);
                let message = policy.message(explanation.outcome).map(str::to_owned);
                Answer { passkey, explanation, message }
            })
            .collect())
    }
}
