//! Reading files again while the server runs.

use crate::{
    callers::{Callers, read_secrets},
    decider::Decider,
    error::StartError,
    files::policy,
    options::Options,
};
use prometheus_client::metrics::counter::Counter;
use sddl_authz::render::Escaped;
use sddl_authz_server::{
    current::Current,
    identity::{Secrets, Trust},
    listen::Tls,
    sqlite::Sqlite,
    tokens::Keys,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{signal::unix::Signal, task::spawn_blocking};

/// The files that are read again when the process is told so by SIGHUP. If a file can't be read or used as a
/// whole, its old content is kept.
#[derive(Debug)]
pub(crate) struct Reload {
    decider: Decider,
    current: Current<Sqlite>,
    policy: Option<PathBuf>,
    secrets: Option<(Secrets, Vec<PathBuf>)>,
    keys: Option<Arc<Keys>>,
    tls: Option<Tls>,
    ended: Counter,
    kept: Counter,
}

impl Reload {
    pub(crate) fn new(
        options: &Options,
        callers: Callers,
        tls: Option<Tls>,
        decider: Decider,
        current: Current<Sqlite>,
    ) -> Self {
        let Callers { trust, keys } = callers;
        let secrets = match trust {
            Trust::Secret(secrets, _) => Some((secrets, options.callers.proxy_secret_file.clone())),
            Trust::Uid(..) | Trust::Certificate(_) | Trust::Token(_) | Trust::Dev => None,
        };
        let (ended, kept) = (
            decider.metrics.counter("reloads", "Times that files were read again"),
            decider.metrics.counter(
                "reload_failures",
                "Files, or groups of files, that were unusable when they were read again",
            ),
        );
        Self {
            decider,
            current,
            policy: options.api.policy.clone(),
            secrets,
            keys,
            tls,
            ended,
            kept,
        }
    }

    /// Reads the files again at each of these signals, for ever.
    pub(crate) async fn run(self, mut hangups: Signal) {
        while hangups.recv().await.is_some() {
            tracing::info!(target: "sddl_authz::serve", "files are read again");
            self.policy().await;
            self.secrets().await;
            self.keys().await;
            self.tls().await;
            self.ended.inc();
            tracing::info!(target: "sddl_authz::serve", "the reload has ended");
        }
    }

    async fn policy(&self) {
        let Some(path) = self.policy.clone() else {
            return;
        };
        let read = move || {
            regular(&path)?;
            policy(Some(&path))
        };
        match spawn_blocking(read).await {
            Ok(Ok(policy)) => self.current.set_policy(self.decider.guard(&policy), policy),
            Ok(Err(error)) => self.kept("the policy is kept as it was", &error),
            Err(error) => self.kept("the policy is kept as it was", &error),
        }
    }

    async fn secrets(&self) {
        let Some((secrets, files)) = self.secrets.clone() else {
            return;
        };
        let read = move || -> Result<_, StartError> {
            files.iter().try_for_each(|file| regular(file))?;
            Ok(read_secrets(&files)?)
        };
        match spawn_blocking(read).await {
            Ok(Ok(read)) => {
                secrets.replace(&read);
                tracing::info!(target: "sddl_authz::serve", secrets = read.len(), "the proxy's secrets were read");
            }
            Ok(Err(error)) => self.kept("the proxy's secrets are kept as they were", &error),
            Err(error) => self.kept("the proxy's secrets are kept as they were", &error),
        }
    }

    /// Loads the issuer's keys. If no key of the set can be used, the issuer has withdrawn all of them, and none counts any more.
    async fn keys(&self) {
        let Some(keys) = &self.keys else {
            return;
        };
        if let Err(error) = keys.load().await {
            self.kept("the issuer's keys were not loaded", &error);
        }
    }

    async fn tls(&self) {
        let Some(tls) = self.tls.clone() else {
            return;
        };
        match spawn_blocking(move || tls.reload()).await {
            Ok(Ok(())) => tracing::info!(target: "sddl_authz::serve", "the certificates were read"),
            Ok(Err(error)) => self.kept("the certificates are kept as they were", &error),
            Err(error) => self.kept("the certificates are kept as they were", &error),
        }
    }

    fn kept(&self, what: &str, error: &dyn core::error::Error) {
        self.kept.inc();
        let error = error.to_string();
        let error = Escaped(&error);
        tracing::error!(target: "sddl_authz::serve", %error, "{what}");
    }
}

/// Fails if a file is a pipe or a device, of which the end may never come. At the start it may be one.
fn regular(path: &Path) -> Result<(), StartError> {
    let metadata = fs::metadata(path).and_then(|metadata| {
        let fault = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
        metadata.is_file().then_some(()).ok_or_else(fault)
    });
    metadata.map_err(|error| StartError::File {
        path: path.to_owned(),
        error,
    })
}
