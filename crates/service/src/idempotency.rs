//! Requests that a program sends again because it never saw the answer: what they ask for is done once, and the answer
//! is the first one's.
//!
//! That it was done is written in the transaction that does it, so that no crash can come between. An answer may hold a
//! link, which nobody but its receiver may read: it is sealed (AES-256-GCM) with a key made of the token's secret and
//! the request's key, neither of which is kept.

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use domain::time::Span;
use domain::{FieldError, Timestamp};
use sha2::{Digest as _, Sha256};
use storage::{KnownRequest, RequestState, Tx};

use crate::{Context, Error, Result};

/// Longer keys say nothing more.
const MOST: usize = 255;
const KEPT: Span = Span::days(1);
/// Whoever has not come to an end by then is taken to have died.
const LEASE: Span = Span::minutes(2);
const NONCE: usize = 12;

/// The attempt that a context makes at a request with a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Once {
    key_hash: [u8; 32],
    attempt: i64,
    seal: [u8; 32],
}

/// What becomes of a request with a key.
pub enum Claim {
    /// It is to be done, in this context; then [`Context::answered`] keeps the answer.
    Take(Box<Context>),
    /// It was done: this was answered.
    Again(Vec<u8>),
}

impl Context {
    /// Takes a request up under its key. The request is what has to be the same for it to be the same request.
    pub async fn once(&self, key: &str, request: &[&[u8]]) -> Result<Claim> {
        let token = self.token.ok_or(Error::SignedOut)?;
        if key.is_empty() || key.len() > MOST || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let words = format!("The key is 1 to {MOST} visible ASCII characters, such as a UUID.");
            return Err(Error::Invalid(vec![FieldError::new("Idempotency-Key", words)]));
        }
        let key_hash = Sha256::new().chain_update(token.id.get().to_be_bytes()).chain_update(key).finalize().into();
        let seal = Sha256::new().chain_update(token.answer_key).chain_update(key).finalize().into();
        let request_hash = digest(request);
        let mut tx = self.keyroll.store().write().await?;
        let (now, mut attempt) = (self.now(), 1);
        if !tx.take_request(&key_hash, &request_hash, now + LEASE).await? {
            let known = tx.known_request(&key_hash).await?.ok_or(Error::Conflict(BUSY))?;
            match again(&known, &request_hash, now)? {
                Known::Answered(answer) => return opened(&seal, &answer).map(Claim::Again),
                Known::GivenUp => {
                    if !tx.take_request_over(&key_hash, known.attempt, &request_hash, now + LEASE).await? {
                        return Err(Error::Conflict(BUSY));
                    }
                    attempt = known.attempt + 1;
                }
            }
        }
        tx.commit().await?;
        Ok(Claim::Take(Box::new(Self { once: Some(Once { key_hash, attempt, seal }), ..self.clone() })))
    }

    /// Keeps what was answered to the request; with `None` it came to nothing and may be sent again.
    pub async fn answered(&self, answer: Option<&[u8]>) -> Result<()> {
        let Some(once) = &self.once else { return Ok(()) };
        let mut tx = self.keyroll.store().write().await?;
        match answer {
            Some(answer) => {
                let sealed = self.sealed(&once.seal, answer)?;
                tx.answer_request(&once.key_hash, once.attempt, &sealed, self.now() + KEPT).await?;
            }
            None => tx.drop_request(&once.key_hash, once.attempt).await?,
        }
        Ok(tx.commit().await?)
    }

    fn sealed(&self, seal: &[u8; 32], answer: &[u8]) -> Result<Vec<u8>> {
        let random = self.keyroll.parts().randomness.bytes();
        let nonce: [u8; NONCE] = std::array::from_fn(|at| random[at]);
        let text = cipher(seal).encrypt(&Nonce::from(nonce), answer).map_err(|_| Error::Internal("an answer cannot be sealed"))?;
        Ok([nonce.as_slice(), &text].concat())
    }
}

impl Once {
    /// Notes, within the transaction of the change, that it has happened.
    pub(crate) async fn done(&self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        if tx.request_done(&self.key_hash, self.attempt, now + KEPT).await? { Ok(()) } else { Err(Error::Conflict(BUSY)) }
    }
}

const BUSY: &str = "The same request is being worked on. Send it again in a moment.";
const LOST: &str = "This was done, but the answer to it is lost. Look what is there before you ask for it with another key.";

enum Known {
    Answered(Vec<u8>),
    GivenUp,
}

fn again(known: &KnownRequest, request_hash: &[u8; 32], now: Timestamp) -> Result<Known> {
    if now >= known.expires_at {
        return Ok(Known::GivenUp);
    }
    if known.request_hash != request_hash {
        return Err(Error::OtherRequest);
    }
    match &known.state {
        RequestState::Answered(answer) => Ok(Known::Answered(answer.clone())),
        RequestState::Running => Err(Error::Conflict(BUSY)),
        // The answer follows the change at once: later, nobody will bring it any more.
        RequestState::Done if now + KEPT < known.expires_at + LEASE => Err(Error::Conflict(BUSY)),
        RequestState::Done => Err(Error::Conflict(LOST)),
    }
}

/// The parts, each with its length: no two requests read the same.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let whole = parts.iter().fold(Sha256::new(), |digest, part| digest.chain_update((part.len() as u64).to_be_bytes()).chain_update(part));
    whole.finalize().into()
}

fn cipher(seal: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*seal))
}

fn opened(seal: &[u8; 32], sealed: &[u8]) -> Result<Vec<u8>> {
    let unreadable = Error::Internal("a kept answer cannot be read");
    let Some((nonce, text)) = sealed.split_first_chunk::<NONCE>() else { return Err(unreadable) };
    cipher(seal).decrypt(&Nonce::from(*nonce), text).map_err(|_| unreadable)
}
