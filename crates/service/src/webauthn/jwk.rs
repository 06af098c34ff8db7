//! A credential's public key as others write it: JWK (RFC 7517) and its thumbprint (RFC 7638).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use webauthn_rs::prelude::{COSEAlgorithm, COSEKey, COSEKeyType, ECDSACurve};

use super::WebauthnError;

/// The key's required members in the order of the alphabet, without white space: the very text
/// that RFC 7638 hashes. Refuses a key whose algorithm and kind do not belong together, which the
/// library lets pass (ES256 on P-384).
pub(super) fn canonical(key: &COSEKey) -> Result<String, WebauthnError> {
    match (&key.type_, &key.key) {
        (COSEAlgorithm::ES256, COSEKeyType::EC_EC2(key)) if key.curve == ECDSACurve::SECP256R1 => {
            let (x, y) = (encode(&key.x), encode(&key.y));
            Ok(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#))
        }
        // A modulus that begins with zeros is a shorter key than its 256 bytes pretend.
        (COSEAlgorithm::RS256, COSEKeyType::RSA(key)) if key.n.first() != Some(&0) => {
            let leading_zeros = key.e.iter().take_while(|byte| **byte == 0).count();
            let (e, n) = (encode(&key.e[leading_zeros..]), encode(&key.n));
            Ok(format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#))
        }
        _ => Err(WebauthnError::AlgorithmNotOffered),
    }
}

pub(super) fn thumbprint(canonical: &str) -> String {
    encode(&Sha256::digest(canonical))
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use webauthn_rs::prelude::{COSEEC2Key, COSERSAKey};

    #[test]
    fn thumbprint_is_that_of_rfc_7638_section_3_1() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6t\
                 Soc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-6\
                 5YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLy\
                 rdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJz\
                 KnqDKgw";
        let key = COSEKey {
            type_: COSEAlgorithm::RS256,
            key: COSEKeyType::RSA(COSERSAKey { n: URL_SAFE_NO_PAD.decode(n).unwrap(), e: [1, 0, 1] }),
        };
        let jwk = canonical(&key).unwrap();
        assert_eq!(jwk, format!(r#"{{"e":"AQAB","kty":"RSA","n":"{n}"}}"#));
        assert_eq!(thumbprint(&jwk), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn a_key_that_its_algorithm_does_not_name_is_refused() {
        let on =
            |curve| COSEKey { type_: COSEAlgorithm::ES256, key: COSEKeyType::EC_EC2(COSEEC2Key { curve, x: vec![1; 32], y: vec![2; 32] }) };
        assert!(canonical(&on(ECDSACurve::SECP256R1)).is_ok());
        assert_eq!(canonical(&on(ECDSACurve::SECP384R1)), Err(WebauthnError::AlgorithmNotOffered));
        let short = COSEKey { type_: COSEAlgorithm::RS256, key: COSEKeyType::RSA(COSERSAKey { n: vec![0; 256], e: [1, 0, 1] }) };
        assert_eq!(canonical(&short), Err(WebauthnError::AlgorithmNotOffered));
    }
}
