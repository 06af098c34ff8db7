//! The authenticator: its credentials, and the bytes that it signs.

use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use sha2::{Digest, Sha256};

use crate::{BrowserError, Fault, cbor};

/// A software passkey provider with the browser around it. The same seed makes the same
/// credentials and, ECDSA being deterministic here, the same answers.
#[derive(Debug, Clone)]
pub struct SoftAuthenticator {
    seed: u64,
    made: u64,
    pub(crate) credentials: Vec<Credential>,
    /// Goes into the authenticator data of new credentials.
    pub aaguid: [u8; 16],
    /// The flag BE: the credentials can be synced.
    pub backup_eligible: bool,
    /// The flag BS: they are. Only together with the former.
    pub backup_state: bool,
    /// Whether each use counts; synced passkeys stay at 0.
    pub counts: bool,
    pub transports: Vec<String>,
    /// What it does wrong, until taken out again.
    pub faults: Vec<Fault>,
}

/// A discoverable credential.
#[derive(Debug, Clone)]
pub struct Credential {
    pub id: Vec<u8>,
    pub rp_id: String,
    pub user_handle: Vec<u8>,
    pub user_name: String,
    pub counter: u32,
    key: SigningKey,
}

impl SoftAuthenticator {
    /// A synced platform authenticator: backed up, without a counter, without an AAGUID.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            made: 0,
            credentials: Vec::new(),
            aaguid: [0; 16],
            backup_eligible: true,
            backup_state: true,
            counts: false,
            transports: vec!["hybrid".to_owned(), "internal".to_owned()],
            faults: Vec::new(),
        }
    }

    /// A security key: bound to the device, counting.
    #[must_use]
    pub fn security_key(seed: u64) -> Self {
        Self {
            backup_eligible: false,
            backup_state: false,
            counts: true,
            transports: vec!["nfc".to_owned(), "usb".to_owned()],
            ..Self::new(seed)
        }
    }

    /// What it holds, the newest last.
    #[must_use]
    pub fn credentials(&self) -> &[Credential] {
        &self.credentials
    }

    /// Loses the credential, as after a reset.
    pub fn forget(&mut self, id: &[u8]) {
        self.credentials.retain(|credential| credential.id != id);
    }

    /// Misbehaves in one way during `ceremony`, and behaves again.
    pub fn with_fault<T>(&mut self, fault: Fault, ceremony: impl FnOnce(&mut Self) -> T) -> T {
        self.faults.push(fault);
        let outcome = ceremony(self);
        self.faults.pop();
        outcome
    }

    pub(crate) fn has(&self, fault: &Fault) -> bool {
        self.faults.contains(fault)
    }

    /// The first fault that `pick` takes a value from.
    pub(crate) fn fault<'a, T>(&'a self, pick: impl Fn(&'a Fault) -> Option<T>) -> Option<T> {
        self.faults.iter().find_map(pick)
    }

    /// A new credential. As with real authenticators it takes the place of an older one for the
    /// same person and site.
    pub(crate) fn make(&mut self, rp_id: &str, user_handle: Vec<u8>, user_name: &str) -> Result<Credential, BrowserError> {
        self.made += 1;
        let length = self.fault(|fault| match fault {
            Fault::CredentialIdLength(length) => Some(*length),
            _ => None,
        });
        // One draw in 2^32 is not a valid scalar; the seed decides, so a test would always fail.
        let key = SigningKey::from_slice(&self.random("key")).map_err(|_| BrowserError::Type("seed"))?;
        let credential = Credential {
            id: (self.random("id").iter().copied().cycle()).take(length.unwrap_or(32)).collect(),
            rp_id: rp_id.to_owned(),
            user_handle,
            user_name: user_name.to_owned(),
            counter: 0,
            key,
        };
        self.credentials.retain(|old| old.rp_id != rp_id || old.user_handle != credential.user_handle);
        self.credentials.push(credential.clone());
        Ok(credential)
    }

    fn random(&self, purpose: &str) -> [u8; 32] {
        Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(self.made.to_be_bytes()).chain_update(purpose).finalize().into()
    }

    /// Authenticator data (Level 3, §6.1); with the credential where it is being registered.
    pub(crate) fn authenticator_data(&self, credential: &Credential, registering: bool) -> Vec<u8> {
        let with_credential = registering || self.has(&Fault::AttestedInAssertion);
        let rp_id = self.fault(|fault| match fault {
            Fault::RpId(rp_id) => Some(*rp_id),
            _ => None,
        });
        let counter = self.fault(|fault| match fault {
            Fault::Counter(counter) => Some(*counter),
            _ => None,
        });
        let mut data = Sha256::digest(rp_id.unwrap_or(&credential.rp_id)).to_vec();
        data.push(self.flags(with_credential));
        data.extend(counter.unwrap_or(credential.counter).to_be_bytes());
        if with_credential {
            data.extend(self.aaguid);
            // Only a fault makes an id too long for its two bytes.
            let length = u16::try_from(credential.id.len()).unwrap_or(u16::MAX);
            data.extend(length.to_be_bytes());
            data.extend(&credential.id);
            data.extend(self.public_key(credential));
        }
        for fault in &self.faults {
            if let Fault::AfterAuthenticatorData(bytes) = fault {
                data.extend(bytes);
            }
        }
        data
    }

    fn flags(&self, with_credential: bool) -> u8 {
        let impossible = self.has(&Fault::BackedUpButNotEligible);
        let present = !self.has(&Fault::NotPresent);
        let verified = !self.has(&Fault::NotVerified);
        let eligible = self.backup_eligible && !impossible;
        let backed_up = self.backup_state || impossible;
        [(present, 0), (verified, 2), (eligible, 3), (backed_up, 4), (with_credential, 6)]
            .into_iter()
            .fold(0, |flags, (set, bit)| flags | (u8::from(set) << bit))
    }

    /// The public key in COSE (RFC 9053, §7.1.1).
    fn public_key(&self, credential: &Credential) -> Vec<u8> {
        let algorithm = self.fault(|fault| match fault {
            Fault::Algorithm(algorithm) => Some(*algorithm),
            _ => None,
        });
        let point = credential.key.verifying_key().to_sec1_point(false);
        // Uncompressed: a byte 4, x, y.
        let (x, y) = point.as_bytes()[1..].split_at(32);
        let mut y = y.to_vec();
        if self.has(&Fault::OffCurve) {
            y[31] ^= 1;
        }
        cbor::map(&[
            (cbor::int(1), cbor::int(2)),
            (cbor::int(3), cbor::int(algorithm.unwrap_or(-7))),
            (cbor::int(-1), cbor::int(1)),
            (cbor::int(-2), cbor::bytes(x)),
            (cbor::int(-3), cbor::bytes(&y)),
        ])
    }

    /// An ES256 signature, in DER, over the authenticator data and the client data's hash.
    pub(crate) fn sign(&self, credential: &Credential, authenticator_data: &[u8], client_data: &[u8]) -> Vec<u8> {
        let mut message = authenticator_data.to_vec();
        message.extend(Sha256::digest(client_data));
        let signature: Signature = credential.key.sign(&message);
        let mut der = signature.to_der().as_bytes().to_vec();
        if self.has(&Fault::Signature) {
            // The last byte of s: still well-formed DER.
            if let Some(last) = der.last_mut() {
                *last ^= 1;
            }
        }
        der
    }
}
