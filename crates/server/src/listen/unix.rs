//! Unix sockets: which file a socket may replace, who may connect to it, and which file is removed at the end.

use std::{
    fs, io,
    os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};
use tokio::net::{UnixListener, UnixStream};

/// Who may connect to a Unix socket, by the permissions of its file.
#[derive(Clone, Copy, Debug)]
pub struct SocketAccess {
    /// The mode, such as `0o660`. To connect needs the right to write.
    pub mode: u32,
    /// The group of the file, if it is not that of the server.
    pub group: Option<u32>,
}

impl Default for SocketAccess {
    /// Every user of the system may connect. The server asks each connection for its user, or for a secret or a token.
    fn default() -> Self {
        Self {
            mode: 0o666,
            group: None,
        }
    }
}

/// The file of a socket that this process made. It is removed on drop, unless another file is in its place.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    device: u64,
    inode: u64,
}

/// Listens on a path. A socket that nobody listens on is replaced, and no other file is.
pub(super) async fn bind(path: &Path, access: SocketAccess) -> io::Result<(UnixListener, SocketFile)> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
        Ok(found) if !found.file_type().is_socket() => {
            return Err(taken("there is a file that is not a socket"));
        }
        Ok(_) => match UnixStream::connect(path).await {
            // A server that was killed leaves its socket there.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path)?,
            Err(error) => return Err(error),
            Ok(_) => return Err(taken("another process listens there")),
        },
    }
    let listener = UnixListener::bind(path)?;
    let made = fs::symlink_metadata(path)?;
    let file = SocketFile {
        path: path.to_owned(),
        device: made.dev(),
        inode: made.ino(),
    };
    if access.group.is_some() {
        chown(path, None, access.group)?;
    }
    fs::set_permissions(path, fs::Permissions::from_mode(access.mode))?;
    Ok((listener, file))
}

fn taken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::AddrInUse, why)
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let is_own = |found: fs::Metadata| (found.dev(), found.ino()) == (self.device, self.inode);
        if fs::symlink_metadata(&self.path).is_ok_and(is_own) {
            let _ = fs::remove_file(&self.path);
        }
    }
}
