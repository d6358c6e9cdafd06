//! Secrets by reference: `env:NAME` or `file:PATH`. A configuration file never holds the secret itself.

use secrecy::SecretString;

/// Fetches what a reference names. The error never repeats the text: it may be a secret written where a reference belongs.
pub(crate) fn fetch(reference: &str) -> Result<SecretString, String> {
    let secret = if let Some(name) = reference.strip_prefix("env:") {
        std::env::var(name).map_err(|error| match error {
            std::env::VarError::NotPresent => format!("the environment variable {name} is not set"),
            std::env::VarError::NotUnicode(_) => format!("the environment variable {name} is not UTF-8"),
        })?
    } else if let Some(path) = reference.strip_prefix("file:") {
        std::fs::read_to_string(path).map_err(|error| format!("cannot read the file {path}: {error}"))?
    } else {
        return Err("a secret is named, never written: use \"env:NAME\" or \"file:PATH\"".to_owned());
    };
    let secret = secret.trim();
    if secret.is_empty() {
        return Err(format!("{reference} is empty"));
    }
    Ok(SecretString::from(secret))
}

/// Fetches a secret that is sent as an HTTP header's value.
pub(crate) fn fetch_header(reference: &str) -> Result<SecretString, String> {
    use secrecy::ExposeSecret;
    let secret = fetch(reference)?;
    if secret.expose_secret().bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
        Ok(secret)
    } else {
        Err(format!("{reference} holds characters that no HTTP header may (white space, or not ASCII)"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_secret_is_refused_and_not_repeated() {
        let error = fetch("sk_made_up_0123456789").expect_err("a literal");
        assert!(error.contains("env:NAME"), "{error}");
        assert!(!error.contains("sk_made_up"), "{error}");
    }

    #[test]
    fn a_file_is_read_without_its_line_end() {
        use secrecy::ExposeSecret;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        std::fs::write(&path, "made-up-key\n").expect("a file");
        let secret = fetch_header(&format!("file:{}", path.display())).expect("a secret");
        assert_eq!(secret.expose_secret(), "made-up-key");
    }

    #[test]
    fn what_cannot_be_a_header_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        std::fs::write(&path, "made\nup").expect("a file");
        assert!(fetch_header(&format!("file:{}", path.display())).is_err());
    }
}
