use sddl_authz::render::Escaped;

/// The form of the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text for people.
    #[default]
    Text,
    /// One JSON object for each line.
    Json,
}

/// Returns the start of a text, so that nobody fills the log, and escapes it.
pub(super) fn start_of(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", Escaped(text.get(..end).unwrap_or_default())),
        None => Escaped(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::start_of;

    #[test]
    fn long_texts_are_cut_and_escaped() {
        assert_eq!(start_of("abc", 3), "abc");
        assert_eq!(start_of("äbcd", 3), "äbc…");
        assert_eq!(start_of("a\u{1b}b", 3), r"a\u{1b}b");
    }
}
