//! New files whose content appears under their name only when it is complete.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// A new file of mode 0600 that is being written. Unless [`NewFile::keep`] succeeds, it is removed.
///
/// An empty file takes the name at once, so no file is ever overwritten. The content is written to a second file, whose name ends in
/// `.partial`. If the process is killed, both files remain.
///
/// ```
/// use sddl_authz_server::new_file::NewFile;
/// # let folder = std::env::temp_dir().join(format!("sddl-authz-new-file-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let path = folder.join("copy");
/// let file = NewFile::create(&path)?;
/// assert!(NewFile::create(&path).is_err());
/// std::fs::write(file.partial(), "whole")?;
/// file.keep()?;
/// assert_eq!(std::fs::read_to_string(&path)?, "whole");
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct NewFile {
    target: PathBuf,
    partial: PathBuf,
    /// Whether the two files are to be removed.
    is_partial: bool,
}

/// Why a file was not made.
#[derive(Debug, thiserror::Error)]
#[error("can't make the file `{}`: {error}", path.display())]
pub struct NewFileError {
    /// The file.
    pub path: PathBuf,
    /// The error of the system.
    #[source]
    pub error: io::Error,
}

impl NewFile {
    /// Takes the name, and creates the file that is written to.
    ///
    /// # Errors
    ///
    /// Fails if one of the two files exists or can't be created.
    pub fn create(target: &Path) -> Result<Self, NewFileError> {
        let mut partial = OsString::from(target);
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        create(&partial)?;
        if let Err(error) = create(target) {
            // It was created a moment ago.
            let _ = fs::remove_file(&partial);
            return Err(error);
        }
        Ok(Self {
            target: target.to_owned(),
            partial,
            is_partial: true,
        })
    }

    /// Returns the file that is written to.
    #[must_use]
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Gives the file its name. Its content and its name are on the disk when this returns.
    ///
    /// # Errors
    ///
    /// Fails if the system fails. There is no file then.
    pub fn keep(mut self) -> Result<(), NewFileError> {
        self.sync_and_rename().map_err(|error| NewFileError {
            path: self.target.clone(),
            error,
        })?;
        self.is_partial = false;
        Ok(())
    }

    fn sync_and_rename(&self) -> io::Result<()> {
        File::open(&self.partial)?.sync_all()?;
        fs::rename(&self.partial, &self.target)?;
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if self.is_partial {
            // If they can't be removed, the target is empty, and the other file is named as what it is.
            let _ = fs::remove_file(&self.partial);
            let _ = fs::remove_file(&self.target);
        }
    }
}

fn create(path: &Path) -> Result<(), NewFileError> {
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    created.map(drop).map_err(|error| NewFileError {
        path: path.to_owned(),
        error,
    })
}
