//! Names, e-mails and phone numbers, sealed and hashed as the proxy does it (`server-proxy/src/keys.rs`): an export that could not open
//! them would have less to do.

use anyhow::{Context, Result, anyhow};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, Generate, KeyInit, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;

pub(crate) struct Sealer {
    id: [u8; 4],
    cipher: XChaCha20Poly1305,
    signer: Hmac<Sha256>,
}

impl Sealer {
    /// Of the proxy's first key.
    pub(crate) fn new(secret: &str) -> Result<Sealer> {
        let hkdf = Hkdf::<Sha256>::new(None, secret.as_bytes());
        let (mut id, mut seal, mut sign) = ([0; 4], [0; 32], [0; 32]);
        for (info, out) in [("latchkey key id", &mut id[..]), ("latchkey seal", &mut seal[..]), ("latchkey sign", &mut sign[..])] {
            hkdf.expand(info.as_bytes(), out).map_err(|_| anyhow!("{info} cannot be derived"))?;
        }
        let signer = <Hmac<Sha256> as KeyInit>::new_from_slice(&sign).context("a key of 32 bytes")?;
        Ok(Sealer { id, cipher: XChaCha20Poly1305::new(&seal.into()), signer })
    }

    pub(crate) fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let nonce = XNonce::generate();
        let sealed = self.cipher.encrypt(&nonce, Payload { msg: plain, aad: place.as_bytes() }).map_err(|_| anyhow!("cannot seal"))?;
        Ok([&self.id[..], &nonce[..], &sealed].concat())
    }

    pub(crate) fn hash(&self, purpose: &str, text: &str) -> Vec<u8> {
        let mut mac = self.signer.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}
