//! The values of an input: the elements of a JSON array, JSON Lines, or one object. They are read one after the other, so that the memory
//! does not grow with the input.

use super::{error::ImportError, place::Place};
use serde::de::IgnoredAny;
use std::io::{BufRead, Chain, Cursor, Read};

/// The most bytes of one value.
const MAX_VALUE: usize = 8 * 1024 * 1024;
/// One more than [`MAX_VALUE`].
const TOO_LONG: u64 = 8 * 1024 * 1024 + 1;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a value. It is not checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) place: Place,
    pub(super) json: Vec<u8>,
}

/// How the values follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Each line has a value, or is empty.
    Lines,
    /// The values are the elements of an array.
    Array,
    /// There is one object, over several lines.
    Object,
}

/// Reads one value after the other.
#[derive(Debug)]
pub(super) struct Values<R> {
    input: Chain<Cursor<Vec<u8>>, R>,
    pub(super) form: Form,
    /// The line of the next byte.
    line: u64,
    /// How many elements of an array were read.
    elements: u64,
    /// A value that was read to find out the form.
    first: Option<Value>,
    ended: bool,
}

impl<R: BufRead> Values<R> {
    /// Reads as much as tells the form.
    pub(super) fn new(mut input: R) -> Result<Self, ImportError> {
        let mut head = Vec::new();
        input.by_ref().take(3).read_to_end(&mut head)?;
        if matches!(head.get(..2), Some([0xff, 0xfe] | [0xfe, 0xff] | [0, _] | [_, 0])) {
            return Err(ImportError::Encoding);
        }
        if head == BYTE_ORDER_MARK {
            head.clear();
        }
        let mut values = Self {
            input: Cursor::new(head).chain(input),
            form: Form::Lines,
            line: 1,
            elements: 0,
            first: None,
            ended: false,
        };
        match values.peek()? {
            None => Err(ImportError::Empty),
            Some(b'[') => {
                values.input.consume(1);
                values.form = Form::Array;
                Ok(values)
            }
            Some(_) => {
                values.first = values.value_of_line()?;
                if values.first.as_ref().is_some_and(is_incomplete) && !values.input.fill_buf()?.is_empty() {
                    values.form = Form::Object;
                }
                Ok(values)
            }
        }
    }

    /// Returns the next value, or `None` after the last one.
    pub(super) fn next(&mut self) -> Result<Option<Value>, ImportError> {
        if self.ended {
            return Ok(None);
        }
        let next = match (self.form, self.first.take()) {
            (Form::Object, Some(first)) => {
                self.ended = true;
                return self.whole_object(first).map(Some);
            }
            (Form::Lines | Form::Array, Some(first)) => Some(first),
            (Form::Array, None) => self.element()?,
            (Form::Lines | Form::Object, None) => self.value_of_line()?,
        };
        self.ended = next.is_none();
        Ok(next)
    }

    /// Reads the next line that is not empty.
    fn value_of_line(&mut self) -> Result<Option<Value>, ImportError> {
        loop {
            let place = self.place();
            let json = self.line(place)?;
            if json.is_empty() {
                return Ok(None);
            }
            if !is_space(&json) {
                return Ok(Some(Value { place, json }));
            }
        }
    }

    /// Reads a line, with its end, of the value at a place. After the last line it is empty.
    fn line(&mut self, place: Place) -> Result<Vec<u8>, ImportError> {
        let mut line = Vec::new();
        self.input.by_ref().take(TOO_LONG).read_until(b'\n', &mut line)?;
        if line.len() > MAX_VALUE {
            return Err(too_long(place));
        }
        if line.ends_with(b"\n") {
            self.line = self.line.saturating_add(1);
        }
        Ok(line)
    }

    /// Reads the rest of an object whose first line is read. Nothing may follow.
    fn whole_object(&mut self, first: Value) -> Result<Value, ImportError> {
        let Value { place, mut json } = first;
        let mut nesting = Nesting::default();
        let mut line = json.clone();
        let rest = loop {
            if let Some(end) = line.iter().position(|&byte| nesting.ends(byte)) {
                break line.split_off(end.saturating_add(1));
            }
            line = self.line(place)?;
            if line.is_empty() {
                return Err(ImportError::Truncated(place));
            }
            json.extend_from_slice(&line);
            if json.len() > MAX_VALUE {
                return Err(too_long(place));
            }
        };
        if !is_space(&rest) || self.peek()?.is_some() {
            return Err(self.syntax("nothing may follow a request that is spread over lines"));
        }
        Ok(Value { place, json })
    }

    /// Reads the next element of the array, or its end.
    fn element(&mut self) -> Result<Option<Value>, ImportError> {
        let mut next = self.peek()?;
        if self.elements > 0 && next == Some(b',') {
            self.input.consume(1);
            next = self.peek()?.filter(|&byte| byte != b']');
            if next.is_none() {
                return Err(self.syntax("a comma must be followed by a request"));
            }
        } else if self.elements > 0 && !matches!(next, Some(b']') | None) {
            return Err(self.syntax("expected `,` or `]`"));
        }
        match next {
            None => Err(ImportError::Truncated(self.place())),
            Some(b']') => {
                self.input.consume(1);
                match self.peek()? {
                    None => Ok(None),
                    Some(_) => Err(self.syntax("nothing may follow the array")),
                }
            }
            Some(b'{') => {
                self.elements = self.elements.saturating_add(1);
                self.object().map(Some)
            }
            Some(_) => Err(self.syntax("expected a request, a JSON object")),
        }
    }

    /// Reads from `{` to the `}` that belongs to it.
    fn object(&mut self) -> Result<Value, ImportError> {
        let place = self.place();
        let (mut json, mut nesting) = (Vec::new(), Nesting::default());
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                return Err(ImportError::Truncated(place));
            }
            let end = bytes.iter().position(|&byte| nesting.ends(byte));
            let used = match end.and_then(|end| bytes.get(..=end)) {
                Some(used) => used,
                None => bytes,
            };
            self.line = self.line.saturating_add(lines(used));
            json.extend_from_slice(used);
            let used = used.len();
            self.input.consume(used);
            if json.len() > MAX_VALUE {
                return Err(too_long(place));
            }
            if end.is_some() {
                return Ok(Value { place, json });
            }
        }
    }

    /// Returns the next byte that is no space, and leaves it there.
    fn peek(&mut self) -> Result<Option<u8>, ImportError> {
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let spaces: &[u8] = bytes.split(|byte| !SPACES.contains(byte)).next().unwrap_or_default();
            let next = bytes.get(spaces.len()).copied();
            let (used, lines) = (spaces.len(), lines(spaces));
            self.line = self.line.saturating_add(lines);
            self.input.consume(used);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    fn place(&self) -> Place {
        let element = (self.form == Form::Array).then(|| self.elements.max(1));
        Place {
            line: self.line,
            element,
        }
    }

    fn syntax(&self, message: &str) -> ImportError {
        ImportError::Syntax {
            line: self.line,
            message: message.to_owned(),
        }
    }
}

/// The spaces of JSON.
const SPACES: &[u8] = b" \t\r\n";

fn is_space(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| SPACES.contains(byte))
}

fn lines(bytes: &[u8]) -> u64 {
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();
    u64::try_from(lines).unwrap_or(u64::MAX)
}

/// Returns whether it is an object that goes on in the next line.
fn is_incomplete(value: &Value) -> bool {
    let error = serde_json::from_slice::<IgnoredAny>(&value.json).err();
    value.json.trim_ascii_start().starts_with(b"{") && error.is_some_and(|error| error.is_eof())
}

fn too_long(place: Place) -> ImportError {
    ImportError::TooLong { place, most: MAX_VALUE }
}

/// Finds the end of an object. It does not check the syntax: `serde_json` does that with what was found.
#[derive(Debug, Default)]
struct Nesting {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl Nesting {
    /// Takes the next byte. Returns whether it ends the object.
    fn ends(&mut self, byte: u8) -> bool {
        if self.in_string {
            let ends = byte == b'"' && !self.escaped;
            self.escaped = byte == b'\\' && !self.escaped;
            self.in_string = !ends;
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Values};
    use crate::import::ImportError;
    use std::io::BufReader;

    /// Reads the values with a buffer of one byte, which must not matter.
    fn values(input: &[u8]) -> Result<Vec<(u64, Option<u64>, String)>, ImportError> {
        let read = |capacity| {
            let mut values = Values::new(BufReader::with_capacity(capacity, input))?;
            let mut found = Vec::new();
            while let Some(value) = values.next()? {
                let text = String::from_utf8_lossy(&value.json).trim().to_owned();
                found.push((value.place.line, value.place.element, text));
            }
            assert!(values.next()?.is_none());
            Ok::<_, ImportError>(found)
        };
        let (by_byte, whole) = (read(1), read(65_536));
        match (&by_byte, &whole) {
            (Ok(one), Ok(other)) => assert_eq!(one, other),
            (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
            (one, other) => panic!("{one:?} {other:?}"),
        }
        whole
    }

    fn lines(expected: &[(u64, &str)]) -> Vec<(u64, Option<u64>, String)> {
        let value = |&(line, text): &(u64, &str)| (line, None, text.to_owned());
        expected.iter().map(value).collect()
    }

    fn elements(expected: &[(u64, &str)]) -> Vec<(u64, Option<u64>, String)> {
        let value = |(number, &(line, text)): (u64, &(u64, &str))| (line, Some(number), text.to_owned());
        (1..).zip(expected).map(value).collect()
    }

    #[test]
    fn each_line_is_a_value_and_empty_ones_are_not() {
        for input in [
            &b"{\"a\":1}\n{\"b\":2}\n"[..],
            b"{\"a\":1}\r\n{\"b\":2}\r\n",
            b"{\"a\":1}\n{\"b\":2}",
            b"\xef\xbb\xbf{\"a\":1}\n{\"b\":2}\n\n  \n",
        ] {
            assert_eq!(values(input).unwrap(), lines(&[(1, r#"{"a":1}"#), (2, r#"{"b":2}"#)]));
        }
        assert_eq!(
            values(b"\n \r\n\t{\"a\":1}\n\n\n{\"b\":2}\n").unwrap(),
            lines(&[(3, r#"{"a":1}"#), (6, r#"{"b":2}"#)])
        );
        // A line is a value even if it is none of JSON: it can be skipped.
        assert_eq!(
            values(b"{\"a\":1}\n{\"b\":\n{\"c\":3}\nnonsense\n7\n{} {}").unwrap(),
            lines(&[
                (1, r#"{"a":1}"#),
                (2, r#"{"b":"#),
                (3, r#"{"c":3}"#),
                (4, "nonsense"),
                (5, "7"),
                (6, "{} {}")
            ])
        );
        assert_eq!(values(b"{\"a\":").unwrap(), lines(&[(1, r#"{"a":"#)]));
    }

    #[test]
    fn an_object_may_be_spread_over_lines() {
        let object = "{\n  \"a\": \"} \\\" {\",\r\n\n  \"b\": [{}, {\"c\": 1}]\n}";
        for end in ["", "\n", "\r\n \n"] {
            let found = values(format!("\n\u{20}{object}{end}").as_bytes()).unwrap();
            assert_eq!(found, lines(&[(2, object)]));
        }
        assert_eq!(values(b"\xef\xbb\xbf\n{\n}").unwrap(), lines(&[(2, "{\n}")]));
    }

    #[test]
    fn elements_of_an_array_are_values() {
        for input in [
            &br#"[{"a":1},{"b":2}]"#[..],
            b"\xef\xbb\xbf [ {\"a\":1} , {\"b\":2} ] \r\n",
        ] {
            assert_eq!(
                values(input).unwrap(),
                elements(&[(1, r#"{"a":1}"#), (1, r#"{"b":2}"#)])
            );
        }
        assert_eq!(
            values(b"\n[\n  {\"a\":\n\"]\\\\\"},\n\n  {\"b\":[[{}]]}\n]\n").unwrap(),
            elements(&[(3, "{\"a\":\n\"]\\\\\"}"), (6, r#"{"b":[[{}]]}"#)])
        );
        assert_eq!(values(b"[]").unwrap(), []);
        assert_eq!(values(b"[ \n ]\n").unwrap(), []);
    }

    #[test]
    fn what_ends_too_early_or_goes_on_is_refused() {
        for (input, message) in [
            (&b""[..], "the input is empty"),
            (b"\xef\xbb\xbf \r\n", "the input is empty"),
            (b"\xff\xfe{\0}\0", "the input is UTF-16 or UTF-32, and must be UTF-8"),
            (b"\xfe\xff\0{\0}", "the input is UTF-16 or UTF-32, and must be UTF-8"),
            (b"{\0}\0", "the input is UTF-16 or UTF-32, and must be UTF-8"),
            (b"\0{\0}", "the input is UTF-16 or UTF-32, and must be UTF-8"),
            (b"[", "line 1, element 1: the input ends too early"),
            (b"[{}", "line 1, element 1: the input ends too early"),
            (b"[{},\n{\"a\":\n1", "line 2, element 2: the input ends too early"),
            (b"[{\"a\":\"]}", "line 1, element 1: the input ends too early"),
            (b"{\n\"a\":[\n", "line 1: the input ends too early"),
            (b"[{},\n]", "line 2: a comma must be followed by a request"),
            (b"[{}\n{}]", "line 2: expected `,` or `]`"),
            (b"[,{}]", "line 1: expected a request, a JSON object"),
            (b"[1]", "line 1: expected a request, a JSON object"),
            (b"[[{}]]", "line 1: expected a request, a JSON object"),
            (b"[{}]\n\n{}", "line 3: nothing may follow the array"),
            (b"[][]", "line 1: nothing may follow the array"),
            (
                b"{\n}\n{}",
                "line 3: nothing may follow a request that is spread over lines",
            ),
            (
                b"{\n} {}",
                "line 2: nothing may follow a request that is spread over lines",
            ),
        ] {
            let error = values(input).unwrap_err().to_string();
            assert_eq!(error, message, "{}", String::from_utf8_lossy(input));
        }
    }

    #[test]
    fn a_value_has_a_most_length() {
        let text = "x".repeat(8 * 1024 * 1024);
        for (input, place) in [
            (format!("{{}}\n{{\"a\":\"{text}\"}}\n"), (2, None)),
            (format!("[{{}},\n{{\"a\":\"{text}\"}}]"), (2, Some(2))),
            (format!("{{\n\"a\":7,\n\"b\":\"{text}\"}}"), (1, None)),
        ] {
            let mut values = Values::new(input.as_bytes()).unwrap();
            let error = loop {
                match values.next() {
                    Ok(value) => assert!(value.is_some()),
                    Err(error) => break error,
                }
            };
            let (line, element) = place;
            let place = Place { line, element };
            let most = "a request has at most 8388608 bytes";
            assert_eq!(error.to_string(), format!("{place}: {most}"));
        }
    }
}
