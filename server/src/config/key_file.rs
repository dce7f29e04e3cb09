//! The master key on disk: 32 bytes in base 64, one line. Made on the first start of a new SQLite database and never
//! again, because a new key would make everything that is sealed unreadable.

use std::{
    fmt, fs, io,
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::SecretBox;

/// Why there is no key.
#[derive(Debug)]
pub struct KeyError(String);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for KeyError {}

/// Reads the key. Where neither it nor the database file exists, it is made, readable for its owner only.
pub(super) fn read_or_make(path: &Path, database: Option<&Path>) -> Result<SecretBox<[u8; 32]>, KeyError> {
    let shown = path.display();
    match fs::read_to_string(path) {
        Ok(text) => {
            warn_if_open(path);
            parse(&text)
                .ok_or_else(|| KeyError(format!("key_file: {shown} does not hold 32 bytes in base 64")))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => match database {
            Some(database) if database.exists() => Err(KeyError(format!(
                "key_file: {shown} is not there, but the database {} is; bring its key back from the backup",
                database.display()
            ))),
            Some(_) => make(path),
            None => Err(KeyError(format!(
                "key_file: {shown} is not there; make it once, for all instances, with: head -c 32 /dev/urandom | base64 > {shown}"
            ))),
        },
        Err(error) => Err(KeyError(format!("key_file: {shown} cannot be read: {error}"))),
    }
}

/// Reads the key that belongs to a backup. It is never made: a new one would open nothing.
pub(super) fn read(path: &Path) -> Result<SecretBox<[u8; 32]>, KeyError> {
    if path.exists() {
        return read_or_make(path, None);
    }
    Err(KeyError(format!(
        "key_file: {} is not there; put the key there that belongs to the backup",
        path.display()
    )))
}

fn parse(text: &str) -> Option<SecretBox<[u8; 32]>> {
    let bytes: [u8; 32] = STANDARD.decode(text.trim()).ok()?.try_into().ok()?;
    Some(SecretBox::new(Box::new(bytes)))
}

fn make(path: &Path) -> Result<SecretBox<[u8; 32]>, KeyError> {
    let failed = |error: io::Error| KeyError(format!("key_file: {} cannot be made: {error}", path.display()));
    let env = engine::Env::machine().map_err(failed)?;
    let bytes: [u8; 32] = env.bytes();
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    writeln!(file, "{}", STANDARD.encode(bytes)).and_then(|()| file.sync_all()).map_err(failed)?;
    tracing::info!(path = %path.display(), "made a new key; keep a copy of it apart from the database");
    Ok(SecretBox::new(Box::new(bytes)))
}

/// Secrets that a platform mounts are often readable for all, so that this is no reason to stop.
fn warn_if_open(path: &Path) {
    if fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0) {
        tracing::warn!(path = %path.display(), "others on this host may read the key file; chmod 600 keeps them out");
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_only() {
        let folder = std::env::temp_dir().join(format!("stint-key-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (path, database) = (folder.join("stint.key"), folder.join("stint.db"));
        let made = read_or_make(&path, Some(&database)).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&database, "").unwrap();
        let read = read_or_make(&path, Some(&database)).unwrap();
        assert_eq!(made.expose_secret(), read.expose_secret());
        fs::remove_file(&path).unwrap();
        assert!(read_or_make(&path, Some(&database)).unwrap_err().to_string().contains("backup"));
        fs::write(&path, "c2hvcnQ=").unwrap();
        assert!(read_or_make(&path, Some(&database)).unwrap_err().to_string().contains("32 bytes"));
        fs::remove_dir_all(folder).unwrap();
    }
}
