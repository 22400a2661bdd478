//! The place of the issuer's keys: a file, or an address on the web.

use super::{
    fetch::{Fetch, FetchError, MOST_BYTES},
    keys::{KeySet, KeySetError},
};
use core::{fmt, str::FromStr, time::Duration};
use std::{
    io,
    path::{Path, PathBuf},
};
use tokio::{io::AsyncReadExt, time::timeout};

/// How long reading a file may take.
const TIME: Duration = Duration::from_secs(5);

/// The place of the issuer's keys.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A file.
    File(PathBuf),
    /// An address on the web.
    Url(Fetch),
}

/// Why keys can't be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file can't be read.
    #[error("can't read the file: {0}")]
    File(#[from] io::Error),
    /// The address does not answer as it should.
    #[error("can't get the keys: {0}")]
    Fetch(#[from] FetchError),
    /// The content is not a set of keys.
    #[error(transparent)]
    Content(#[from] KeySetError),
}

impl KeySource {
    pub(super) async fn load(&self) -> Result<KeySet, SourceError> {
        let bytes = match self {
            Self::File(path) => match timeout(TIME, content(path)).await {
                Ok(content) => content?,
                Err(_) => return Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            },
            Self::Url(url) => url.get().await?,
        };
        Ok(KeySet::read(&bytes)?)
    }
}

/// Reads a file. Fails if it is a pipe or a device, of which the end may never come.
async fn content(path: &Path) -> io::Result<Vec<u8>> {
    if !tokio::fs::metadata(path).await?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let file = tokio::fs::File::open(path).await?;
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    file.take(most).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

/// Reads an address that begins with `https://`, or `http://` and a host of loopback, or else a path.
impl FromStr for KeySource {
    type Err = FetchError;

    fn from_str(text: &str) -> Result<Self, FetchError> {
        if text.contains("://") {
            text.parse().map(Self::Url)
        } else {
            Ok(Self::File(text.into()))
        }
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Url(url) => fmt::Display::fmt(url, f),
        }
    }
}
