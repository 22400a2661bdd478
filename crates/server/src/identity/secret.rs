//! The secrets that the proxy may send, and their files.

use axum::http::HeaderValue;
use core::fmt;
use sha2::{Digest, Sha256};
use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};
use subtle::{Choice, ConstantTimeEq};

/// The fewest bytes of the proxy's secret.
const FEWEST_BYTES: usize = 16;
/// The fewest different bytes of the proxy's secret.
const FEWEST_DIFFERENT: usize = 6;

/// The secrets that count, by their SHA-256. There are two while the proxy changes from one to another. A clone has the same secrets.
#[derive(Clone)]
pub struct Secrets(Arc<RwLock<Vec<[u8; 32]>>>);

impl Secrets {
    /// Takes these secrets.
    #[must_use]
    pub fn new<T: AsRef<[u8]>>(secrets: &[T]) -> Self {
        Self(Arc::new(RwLock::new(digests(secrets))))
    }

    /// Takes these secrets instead.
    pub fn replace<T: AsRef<[u8]>>(&self, secrets: &[T]) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = digests(secrets);
    }

    /// Whether the value of a header is one of the secrets. All of them are compared, in constant time.
    pub(super) fn has(&self, value: &HeaderValue) -> bool {
        let value: [u8; 32] = Sha256::digest(value.as_bytes()).into();
        let secrets = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let equal = secrets.iter().map(|secret| secret.ct_eq(&value));
        equal.fold(Choice::from(0), |any, equal| any | equal).into()
    }
}

fn digests<T: AsRef<[u8]>>(secrets: &[T]) -> Vec<[u8; 32]> {
    secrets.iter().map(|secret| Sha256::digest(secret).into()).collect()
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

/// Why the file of the proxy's secret can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file can't be read.
    #[error("can't read the file `{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The fault.
        error: io::Error,
    },
    /// The secret is short.
    #[error("the secret is shorter than {FEWEST_BYTES} bytes; `openssl rand -hex 32` makes a good one")]
    Short,
    /// The secret repeats few characters, such as 16 zeros.
    #[error(
        "the secret has fewer than {FEWEST_DIFFERENT} different characters; `openssl rand -hex 32` makes a good one"
    )]
    Weak,
    /// The secret has a character that a header can't carry unchanged.
    #[error(
        "the secret is not one line of visible ASCII: it has a space, a second line break or another such character"
    )]
    NotVisible,
}

/// Reads the secret from a file: one line of visible ASCII. One line break at its end does not count.
///
/// Logs a warning if every user of the system may read the file.
///
/// # Errors
///
/// Fails if the file can't be read, or if the secret is short, weak, or not such a line.
pub fn read_secret(path: &Path) -> Result<Vec<u8>, SecretError> {
    let file = |error| SecretError::File {
        path: path.to_owned(),
        error,
    };
    let bytes = fs::read(path).map_err(file)?;
    let mode = fs::metadata(path).map_err(file)?.permissions().mode();
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let secret = text.strip_suffix(b"\r").unwrap_or(text);
    usable(secret)?;
    if mode & 0o007 != 0 {
        let path = path.display();
        tracing::warn!(target: "sddl_authz::serve", %path, "every user of this system may use the file of the secret; chmod 600, or 640 with the server's group");
    }
    Ok(secret.to_vec())
}

fn usable(secret: &[u8]) -> Result<(), SecretError> {
    if !secret.iter().all(u8::is_ascii_graphic) {
        return Err(SecretError::NotVisible);
    }
    if secret.len() < FEWEST_BYTES {
        return Err(SecretError::Short);
    }
    let mut different = secret.to_vec();
    different.sort_unstable();
    different.dedup();
    if different.len() < FEWEST_DIFFERENT {
        return Err(SecretError::Weak);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{SecretError, Secrets, usable};
    use axum::http::HeaderValue;

    #[test]
    fn every_secret_counts_until_it_is_replaced() {
        let secrets = Secrets::new(&["one", "two"]);
        let clone = secrets.clone();
        let has = |value: &'static str| clone.has(&HeaderValue::from_static(value));
        assert_eq!(
            ["one", "two", "onetwo", "", "three"].map(has),
            [true, true, false, false, false]
        );
        secrets.replace(&["three"]);
        assert_eq!(["one", "two", "three"].map(has), [false, false, true]);
        secrets.replace::<&str>(&[]);
        assert_eq!(["", "three"].map(has), [false, false]);
    }

    #[test]
    fn a_secret_is_long_and_varied_and_visible() {
        assert!(usable(b"0123456789abcdef").is_ok());
        assert!(matches!(usable(b"0123456789abcde"), Err(SecretError::Short)));
        assert!(matches!(
            usable(b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
            Err(SecretError::Weak)
        ));
        assert!(matches!(usable(b"abababababababab"), Err(SecretError::Weak)));
        for bad in [
            "                ",
            "0123456789abcdef ",
            "0123456789abcdef\n",
            "0123456789\tabcdef",
            "0123456789abcdé",
        ] {
            assert!(
                matches!(usable(bad.as_bytes()), Err(SecretError::NotVisible)),
                "{bad:?}"
            );
        }
    }
}
