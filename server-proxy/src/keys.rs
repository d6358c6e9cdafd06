//! The keys of `[store].keys`: what seals personal data at rest and signs what we hand to browsers.
//!
//! From each configured secret two keys are derived (HKDF-SHA256, RFC 5869): one seals with XChaCha20-Poly1305, one signs
//! with HMAC-SHA256. The first secret seals and signs; all of them open and verify, so that a key can be replaced.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, Generate, KeyInit, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The least length of a configured key, in bytes: what `openssl rand -base64 32` prints is longer.
pub(crate) const LEAST_BYTES: usize = 32;

const ID: usize = 4;
const NONCE: usize = 24;
/// Half of HMAC-SHA256: 128 bits cannot be guessed over HTTP, and addresses stay short.
const SIGNATURE: usize = 16;

/// At least one key, the first of them current. Printing it shows none.
pub(crate) struct Keyring {
    current: Key,
    older: Vec<Key>,
}

struct Key {
    id: [u8; ID],
    cipher: XChaCha20Poly1305,
    signer: Hmac<Sha256>,
}

/// What was sealed cannot be opened: another key, another row, or damage.
#[derive(Debug, thiserror::Error)]
#[error("the sealed data does not open with any of the configured keys")]
pub(crate) struct Unopenable;

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keyring({} keys)", 1 + self.older.len())
    }
}

impl Keyring {
    /// `None` without any secret.
    pub(crate) fn new(secrets: &[SecretString]) -> Option<Keyring> {
        let mut keys = secrets.iter().map(Key::derive);
        Some(Keyring { current: keys.next()?, older: keys.collect() })
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.older)
    }

    /// Seals `plain` for one place: what is sealed for another `place` does not open here.
    pub(crate) fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        let nonce = XNonce::generate();
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        // Fails only beyond 256 GB, and a body is bounded.
        let sealed = self.current.cipher.encrypt(&nonce, payload).expect("a bounded message");
        [&self.current.id[..], &nonce[..], &sealed].concat()
    }

    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Unopenable> {
        let (id, rest) = sealed.split_at_checked(ID).ok_or(Unopenable)?;
        let (nonce, message) = rest.split_at_checked(NONCE).ok_or(Unopenable)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| Unopenable)?;
        let key = self.all().find(|key| key.id == id).ok_or(Unopenable)?;
        key.cipher.decrypt(&nonce, Payload { msg: message, aad: place.as_bytes() }).map_err(|_| Unopenable)
    }

    /// Whether the current key sealed that.
    pub(crate) fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.starts_with(&self.current.id)
    }

    /// Keyed hashes, for what has to be found or compared without being readable. Under each key, the current one's first: what was
    /// hashed before a key was replaced is still found.
    pub(crate) fn hashes(&self, purpose: &str, text: &[u8]) -> Vec<[u8; 32]> {
        self.all().map(|key| key.mac(purpose, text).finalize().into_bytes().into()).collect()
    }

    /// A short text that only we can make for that purpose and that text.
    pub(crate) fn sign(&self, purpose: &str, text: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(&self.current.mac(purpose, text).finalize().into_bytes()[..SIGNATURE])
    }

    /// Whether one of our keys signed that; compared in constant time.
    pub(crate) fn verify(&self, purpose: &str, text: &[u8], signature: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        signature.len() == SIGNATURE && self.all().any(|key| key.mac(purpose, text).verify_truncated_left(&signature).is_ok())
    }
}

impl Key {
    fn derive(secret: &SecretString) -> Key {
        let hkdf = Hkdf::<Sha256>::new(None, secret.expose_secret().as_bytes());
        let expand = |info: &str, out: &mut [u8]| {
            // HKDF-SHA256 gives up to 8,160 bytes.
            hkdf.expand(info.as_bytes(), out).expect("at most 32 bytes");
        };
        let (mut id, mut seal, mut sign) = ([0; ID], [0; 32], [0; 32]);
        expand("latchkey key id", &mut id);
        expand("latchkey seal", &mut seal);
        expand("latchkey sign", &mut sign);
        // HMAC takes a key of any length.
        let signer = <Hmac<Sha256> as KeyInit>::new_from_slice(&sign).expect("any length");
        Key { id, cipher: XChaCha20Poly1305::new(&seal.into()), signer }
    }

    fn mac(&self, purpose: &str, text: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.signer.clone();
        // A purpose holds no zero byte, so no pair of purpose and text reads like another.
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(secrets: &[&str]) -> Keyring {
        let secrets: Vec<_> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
        Keyring::new(&secrets).expect("keys")
    }

    #[test]
    fn sealed_data_opens_in_its_place_and_with_its_key_only() {
        let ring = ring(&["made-up key one"]);
        let sealed = ring.seal("row 1", b"secret");
        assert_eq!(ring.open("row 1", &sealed).expect("opens"), b"secret");
        assert!(ring.open("row 2", &sealed).is_err());
        assert!(self::ring(&["made-up key two"]).open("row 1", &sealed).is_err());
        let mut damaged = sealed.clone();
        if let Some(last) = damaged.last_mut() {
            *last ^= 1;
        }
        assert!(ring.open("row 1", &damaged).is_err());
        assert!(ring.open("row 1", &sealed[..10]).is_err());
    }

    #[test]
    fn an_older_key_still_opens_and_verifies() {
        let old = ring(&["made-up key one"]);
        let both = ring(&["made-up key two", "made-up key one"]);
        assert_eq!(both.open("p", &old.seal("p", b"x")).expect("opens"), b"x");
        assert!(both.verify("ticket", b"t", &old.sign("ticket", b"t")));
        assert!(!both.verify("token", b"t", &old.sign("ticket", b"t")), "another purpose");
        assert!(!both.verify("ticket", b"t", ""));
    }

    #[test]
    fn printing_shows_no_key() {
        assert_eq!(format!("{:?}", ring(&["made-up key one"])), "Keyring(1 keys)");
    }
}
