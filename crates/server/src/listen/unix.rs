//! Unix sockets: which file a socket may replace, who may connect to it, and which file is removed at the end.

use sddl_authz::render::Escaped;
use std::{
    fs, io,
    os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, lchown},
    path::{Path, PathBuf},
};
use tokio::net::{UnixListener, UnixStream};

/// The permissions of a Unix socket's file, which say who may connect.
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

/// The bits of a mode with which the group or every user may write, and the sticky bit.
const GROUP_WRITES: u32 = 0o020;
const ALL_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Checks who may put another file in the place of a socket in this folder. The mode of that file would then be set to the socket's.
fn check_folder(folder: &Path) -> io::Result<()> {
    let found = fs::metadata(folder)?;
    let is_sticky = found.mode() & STICKY != 0;
    if found.mode() & ALL_WRITE != 0 && !is_sticky {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "every user of this system may write its folder, which has no sticky bit",
        ));
    }
    let by_group = found.mode() & GROUP_WRITES != 0 && !is_sticky;
    if by_group || ![0, uzers::get_effective_uid()].contains(&found.uid()) {
        let folder = folder.display().to_string();
        tracing::warn!(
            target: "sddl_authz::serve", folder = %Escaped(&folder),
            "other users may write the folder of the socket, and can put another file in its place"
        );
    }
    Ok(())
}

/// Listens on a path. A socket that nobody listens on is replaced, and no other file is.
///
/// Fails if every user may write the folder.
pub(super) async fn bind(path: &Path, access: SocketAccess) -> io::Result<(UnixListener, SocketFile)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    check_folder(folder.unwrap_or(Path::new(".")))?;
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
        lchown(path, None, access.group)?;
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
