//! The input: the text itself, `@PATH` for a file, or `-` for lines on standard input.

use crate::{diagnostic::Diagnostic, output::Output, utf8_reader::Utf8Reader};
use sddl_authz::render::Escaped;
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

/// The most bytes of a file or a line. It has room for 1 MiB of SDDL in JSON with every character escaped.
const MOST_BYTES: usize = 8 << 20;

/// The meaning of the argument.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    Text(String),
    File(PathBuf),
    Stream,
}

impl From<String> for Input {
    fn from(argument: String) -> Self {
        match argument.strip_prefix('@') {
            _ if argument == "-" => Self::Stream,
            Some(path) => Self::File(path.into()),
            None => Self::Text(argument),
        }
    }
}

/// Whether lines without text are skipped or answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmptyLines {
    /// Each of them is answered, so that the answers have the places of the lines.
    Answered,
    /// They ask nothing, so they are skipped. A stream that has no other lines is an error.
    Skipped,
}

impl Input {
    /// Calls `answer` for each text of the input. Its last argument says whether the text is a line of a stream.
    pub(crate) fn each(
        self,
        empty_lines: EmptyLines,
        output: &mut Output,
        mut answer: impl FnMut(&mut Output, Result<&str, Diagnostic>, bool) -> io::Result<()>,
    ) -> io::Result<()> {
        match self {
            Self::Text(text) => answer(output, Ok(&text), false),
            Self::File(path) => match read_file(&path) {
                Ok(text) => answer(output, Ok(&text), false),
                Err(diagnostic) => answer(output, Err(diagnostic), false),
            },
            Self::Stream => {
                let answer_line = |output: &mut Output, line: Result<&str, Diagnostic>| answer(output, line, true);
                match each_line(io::stdin().lock(), empty_lines, output, answer_line)? {
                    Some(diagnostic) => answer(output, Err(diagnostic), false),
                    None => Ok(()),
                }
            }
        }
    }
}

/// Calls `answer` for each line. There is no limit on how many there are. Returns the error of a stream that asks nothing.
pub(crate) fn each_line(
    source: impl Read,
    empty_lines: EmptyLines,
    output: &mut Output,
    mut answer: impl FnMut(&mut Output, Result<&str, Diagnostic>) -> io::Result<()>,
) -> io::Result<Option<Diagnostic>> {
    let mut lines = Lines::new(source);
    let mut asked = empty_lines == EmptyLines::Answered;
    while let Some(line) = lines.next(output)? {
        if empty_lines == EmptyLines::Skipped && matches!(line, Ok(line) if is_empty(line)) {
            continue;
        }
        asked = true;
        answer(output, line)?;
    }
    Ok((!asked).then(|| {
        Diagnostic::new("input_empty", "the input has no line with text, so nothing is asked")
            .hint("the command before the pipe may have failed")
    }))
}

/// Whether a text has nothing but spaces and line breaks.
pub(crate) fn is_empty(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// Reads a whole file as text, without the line breaks at its end.
pub(crate) fn read_file(path: &Path) -> Result<String, Diagnostic> {
    let limit = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let mut limited = Utf8Reader::new(open(path)?).take(limit.saturating_add(1));
    limited
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    if bytes.len() > MOST_BYTES {
        return Err(too_long());
    }
    let text = text_of(&bytes, limited.get_ref().is_utf16())?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Opens a file. Folders are refused here, because some systems open them too.
pub(crate) fn open(path: &Path) -> Result<File, Diagnostic> {
    File::open(path)
        .and_then(|file| match file.metadata()?.is_dir() {
            true => Err(io::ErrorKind::IsADirectory.into()),
            false => Ok(file),
        })
        .map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!(
        "can't read the file `{}`: {error}",
        Escaped(&path.display().to_string())
    );
    Diagnostic::new("file_unreadable", message).hint("give the path of a file, or - for lines on standard input")
}

fn too_long() -> Diagnostic {
    Diagnostic::new("input_too_long", format!("the input is longer than {MOST_BYTES} bytes"))
}

/// Reads UTF-8, without a byte order mark and without the line break at the end. `was_utf16` says whether the bytes were UTF-16 before.
fn text_of(bytes: &[u8], was_utf16: bool) -> Result<&str, Diagnostic> {
    const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
    let bytes = bytes.strip_prefix(&MARK).unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    str::from_utf8(bytes).map_err(|error| {
        if was_utf16 {
            let message = "the input looks like UTF-16, but has half of a character";
            return Diagnostic::new("not_utf16", message).hint("save it as UTF-8 or UTF-16");
        }
        let message = format!("the input is not UTF-8 from byte {}", error.valid_up_to());
        Diagnostic::new("not_utf8", message).hint("save it as UTF-8 or UTF-16")
    })
}

/// A reader of lines of a bounded length.
struct Lines<R> {
    source: BufReader<Utf8Reader<R>>,
    line: Vec<u8>,
}

impl<R: Read> Lines<R> {
    fn new(source: R) -> Self {
        Self {
            source: BufReader::with_capacity(1 << 16, Utf8Reader::new(source)),
            line: Vec::new(),
        }
    }

    /// Returns the next line. Answers so far are flushed before it waits for more input.
    fn next(&mut self, output: &mut Output) -> io::Result<Option<Result<&str, Diagnostic>>> {
        self.line.clear();
        let (mut at_end, mut long) = (true, false);
        loop {
            if self.source.buffer().is_empty() {
                output.flush()?;
            }
            let available = match self.source.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                break;
            }
            at_end = false;
            let newline = memchr::memchr(b'\n', available);
            let length = newline.map_or(available.len(), |at| at.saturating_add(1));
            if self.line.len().saturating_add(length) > MOST_BYTES {
                long = true;
                self.line.clear();
            } else if !long {
                self.line
                    .extend_from_slice(available.get(..length).unwrap_or(available));
            }
            self.source.consume(length);
            if newline.is_some() {
                break;
            }
        }
        Ok(match (at_end, long) {
            (true, _) => None,
            (false, true) => Some(Err(too_long())),
            (false, false) => Some(text_of(&self.line, self.source.get_ref().is_utf16())),
        })
    }
}
