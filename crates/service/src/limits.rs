//! How often somebody may try. What was used up comes back with time, and nobody is shut out for longer than one try
//! takes to come back.

use domain::IdentityId;
use domain::time::Span;
use sha2::{Digest as _, Sha256};
use storage::Tx;

use crate::context::Context;
use crate::{Error, Result};

/// What is tried.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tried {
    /// Beginning or finishing a sign-in, from one address.
    SignIn,
    /// Anything with an enrollment link, from one address.
    Enrollment,
    /// Telling of a link that nobody knows, from one address.
    UnknownLink,
    /// The same, from all addresses: whoever has many of them does not fill the log.
    UnknownLinks,
    /// A new link that goes to somebody's address without an administrator.
    Granted(IdentityId),
    /// Carrying the log away, from one address.
    Export,
    /// A sign-in with somebody's passkey that was refused.
    Refused(IdentityId),
}

impl Tried {
    /// How many tries there are at first, and how long each takes to come back.
    const fn limit(self) -> (u32, Span) {
        match self {
            // An office behind one address begins its day at once.
            Self::SignIn | Self::Enrollment => (120, Span::seconds(1)),
            Self::UnknownLink => (3, Span::seconds(600)),
            Self::UnknownLinks => (30, Span::seconds(60)),
            Self::Granted(_) => (1, Span::hours(8)),
            Self::Export => (20, Span::seconds(30)),
            Self::Refused(_) => (10, Span::seconds(20)),
        }
    }

    fn key(self, address: &str) -> [u8; 32] {
        let whose = match self {
            Self::SignIn => format!("sign-in {address}"),
            Self::Enrollment => format!("enrollment {address}"),
            Self::UnknownLink => format!("unknown link {address}"),
            Self::UnknownLinks => "unknown links".to_owned(),
            Self::Granted(identity) => format!("granted {identity}"),
            Self::Export => format!("export {address}"),
            Self::Refused(identity) => format!("refused {identity}"),
        };
        Sha256::digest(whose.as_bytes()).into()
    }
}

impl Context {
    /// Takes a try, or says when the next one is free. To be committed, whatever comes after.
    pub(crate) async fn take_try(&self, tx: &mut Tx, tried: Tried) -> Result<()> {
        let (burst, period) = tried.limit();
        let now = self.now();
        match tx.take_try(&tried.key(&self.request.address), burst, period, now).await? {
            None => Ok(()),
            Some(free) => Err(Error::TooMany { seconds: (free - now).micros().unsigned_abs().div_ceil(1_000_000).max(1) }),
        }
    }

    /// The same in a transaction of its own.
    pub(crate) async fn limit(&self, tried: Tried) -> Result<()> {
        let mut tx = self.keyroll.store().write().await?;
        self.take_try(&mut tx, tried).await?;
        Ok(tx.commit().await?)
    }
}
