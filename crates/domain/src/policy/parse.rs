//! Rules as somebody typed them: checked, and brought into one form.

use super::{Decision, Policy, Rule};
use crate::field::{self, FieldError};

/// As many rules as one policy has at most.
pub const MOST_RULES: usize = 200;
/// As many groups as one rule names at most.
pub const MOST_GROUPS: usize = 100;
const MOST_AUTHENTICATORS: usize = 100;
const AUTHENTICATOR_LENGTH: usize = 100;
const MESSAGE_LENGTH: usize = 300;

impl Policy {
    /// Checks what was typed. A field's name is `rules.N.groups`, counted from 0.
    pub fn parse(self) -> Result<Self, Vec<FieldError>> {
        if self.rules.len() > MOST_RULES {
            let words = format!("There are {} rules; at most {MOST_RULES} fit.", self.rules.len());
            return Err(vec![FieldError::new("rules", words)]);
        }
        let mut errors = Vec::new();
        let mut rules = Vec::with_capacity(self.rules.len());
        for (position, rule) in self.rules.into_iter().enumerate() {
            match rule.parse() {
                Ok(rule) => rules.push(rule),
                Err((name, words)) => errors.push(FieldError::new(format!("rules.{position}.{name}"), words)),
            }
        }
        if errors.is_empty() { Ok(Self { rules }) } else { Err(errors) }
    }
}

impl Rule {
    fn parse(mut self) -> Result<Self, (&'static str, String)> {
        self.groups.sort_unstable();
        self.groups.dedup();
        if self.groups.len() > MOST_GROUPS {
            return Err(("groups", format!("The rule names {} groups; at most {MOST_GROUPS} fit.", self.groups.len())));
        }
        self.authenticators = authenticators(&self.authenticators).map_err(|words| ("authenticators", words))?;
        let message = self.message.as_deref().unwrap_or_default();
        self.message = field::optional("The message", message, MESSAGE_LENGTH).map_err(|words| ("message", words))?;
        // Whoever is let in is told nothing.
        if self.decision == Decision::Allow {
            self.message = None;
        }
        Ok(self)
    }
}

fn authenticators(typed: &[String]) -> Result<Vec<String>, String> {
    if typed.len() > MOST_AUTHENTICATORS {
        return Err(format!("The rule names {} authenticators; at most {MOST_AUTHENTICATORS} fit.", typed.len()));
    }
    let names = typed.iter().map(|name| field::optional("The authenticator’s name", name, AUTHENTICATOR_LENGTH));
    let mut names: Vec<_> = names.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}
