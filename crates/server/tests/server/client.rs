//! HTTP by hand, so that it can be wrong.

use crate::process::{ROUTE, TARGET_USER};
use core::time::Duration;
use serde_json::Value;
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
};

/// A client on a stream of bytes, such as a socket.
pub(crate) struct Client<S = TcpStream>(BufReader<S>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Without the date.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Client {
    pub(crate) fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self(BufReader::new(stream))
    }
}

impl<S: Read + Write> Client<S> {
    pub(crate) fn over(stream: S) -> Self {
        Self(BufReader::new(stream))
    }

    /// Bytes as they are; what can't be sent any more is not sent.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(bytes)
    }

    pub(crate) fn put(&mut self, id: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut headers = headers.to_vec();
        headers.push(("Content-Type", "application/json"));
        self.send("PUT", &format!("{ROUTE}/{id}"), &headers, body)
    }

    /// Sends the head of a PUT of the target user, with these further lines, and not yet the body.
    pub(crate) fn put_head(&mut self, id: &str, lines: &str, body: &str) {
        let length = body.len();
        let head = format!(
            "PUT {ROUTE}/{id} HTTP/1.1\r\nHost: localhost\r\nX-Dev-Caller: {TARGET_USER}\r\n{lines}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        self.write(head.as_bytes()).unwrap();
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.try_send(method, path, headers, body).unwrap()
    }

    pub(crate) fn try_send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> io::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        self.write(format!("{head}\r\n{body}").as_bytes())?;
        self.answer()
    }

    /// The next answer; an error where the connection is closed instead.
    pub(crate) fn answer(&mut self) -> io::Result<Answer> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        let status = line
            .split(' ')
            .nth(1)
            .ok_or(io::ErrorKind::UnexpectedEof)?
            .parse()
            .unwrap();
        let (mut headers, mut length, mut chunked) = (Vec::new(), 0, false);
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            if name == "content-length" {
                length = value.parse().unwrap();
            }
            chunked |= name == "transfer-encoding" && value == "chunked";
            if name != "date" {
                headers.push((name.to_owned(), value.to_owned()));
            }
        }
        let body = if chunked { self.chunks()? } else { self.bytes(length)? };
        let body = String::from_utf8(body).unwrap();
        Ok(Answer { status, headers, body })
    }

    fn bytes(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// A body in chunks; an error where it is cut.
    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim_end(), 16).map_err(|_| io::ErrorKind::UnexpectedEof)?;
            body.extend(self.bytes(length)?);
            assert_eq!(self.bytes(2)?, b"\r\n");
            if length == 0 {
                return Ok(body);
            }
        }
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The answer without its correlation id. Fails if it has none.
    pub(crate) fn without_correlation(mut self) -> Self {
        let json = self.json();
        let id = json["CorrelationId"].as_str().unwrap();
        assert_eq!(id.len(), 36);
        assert_eq!(self.header("x-correlation-id"), Some(id));
        self.body = self.body.replace(id, "ID");
        self.headers.retain(|(name, _)| name != "x-correlation-id");
        self
    }
}
