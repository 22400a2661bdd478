use super::form::Format;
use core::{
    mem::ManuallyDrop,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use jiff::Timestamp;
use std::{
    io::{self, Write},
    sync::{Arc, OnceLock},
    thread,
    time::Instant,
};
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};

/// The most lines that wait to be written.
const LINES: usize = 10_000;
/// How long the end of the program waits for lines to be written.
const PATIENCE: Duration = Duration::from_secs(1);

/// A queue of lines, and a thread that writes them. To write to it never waits and never fails.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    queue: NonBlocking,
    counts: Arc<Counts>,
    // Never dropped: it would print to standard output if the queue is full.
    _thread: Arc<ManuallyDrop<WorkerGuard>>,
}

#[derive(Debug, Default)]
struct Counts {
    /// Lines that found the queue full.
    dropped: OnceLock<ErrorCounter>,
    /// Lines that the thread could not write.
    failed: AtomicU64,
    /// Lines that were given to the queue.
    given: AtomicU64,
    /// Lines that the thread took from the queue, and is done with.
    taken: AtomicU64,
}

/// The number of lines that the log lost: they found the queue full, or could not be written.
#[derive(Clone, Debug)]
pub struct Lost(Arc<Counts>);

impl Lost {
    /// Returns the number of lines so far.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.0.lost()
    }
}

impl Counts {
    fn dropped(&self) -> u64 {
        let lines = self.dropped.get().map_or(0, ErrorCounter::dropped_lines);
        u64::try_from(lines).unwrap_or(u64::MAX)
    }

    fn lost(&self) -> u64 {
        self.dropped().saturating_add(self.failed.load(Ordering::Acquire))
    }

    fn is_done(&self) -> bool {
        let done = self.taken.load(Ordering::Acquire).saturating_add(self.dropped());
        done >= self.given.load(Ordering::Acquire)
    }
}

impl Writer {
    pub(super) fn new(out: impl Write + Send + 'static, format: Format) -> Self {
        Self::of(out, format, LINES)
    }

    fn of(out: impl Write + Send + 'static, format: Format, lines: usize) -> Self {
        let counts = Arc::new(Counts::default());
        let out = Lines {
            out,
            format,
            counts: Arc::clone(&counts),
            said: 0,
            torn: false,
        };
        let builder = NonBlockingBuilder::default()
            .lossy(true)
            .buffered_lines_limit(lines)
            .thread_name("log");
        let (queue, thread) = builder.finish(out);
        let _ = counts.dropped.set(queue.error_counter());
        Self {
            queue,
            counts,
            _thread: Arc::new(ManuallyDrop::new(thread)),
        }
    }

    pub(super) fn lost(&self) -> Lost {
        Lost(Arc::clone(&self.counts))
    }

    /// Waits until the lines are written, for a second at most.
    pub(super) fn wait(&self) {
        let began = Instant::now();
        while !self.counts.is_done() && began.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Write for Writer {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.counts.given.fetch_add(1, Ordering::AcqRel);
        self.queue.write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes lines, each at once. A line that can't be written is counted, and the number is written as soon as it can be.
struct Lines<W> {
    out: W,
    format: Format,
    counts: Arc<Counts>,
    /// The number of lost lines that the log names.
    said: u64,
    /// Whether the last line is not whole.
    torn: bool,
}

impl<W: Write> Lines<W> {
    fn put(&mut self, line: &[u8]) -> bool {
        if self.torn {
            // The next line begins on a line of its own.
            self.torn = self.out.write_all(b"\n").is_err();
        }
        let mut rest = line;
        while !self.torn && !rest.is_empty() {
            match self.out.write(rest) {
                Ok(written @ 1..) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => {
                    self.torn = rest.len() < line.len();
                    break;
                }
            }
        }
        rest.is_empty()
    }
}

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let lost = self.counts.lost();
        let new = lost.saturating_sub(self.said);
        if new > 0 && self.put(lines_were_lost(self.format, new).as_bytes()) {
            self.said = lost;
        }
        if !self.put(line) {
            self.counts.failed.fetch_add(1, Ordering::AcqRel);
        }
        self.counts.taken.fetch_add(1, Ordering::AcqRel);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // Standard error has no buffer.
        Ok(())
    }
}

/// The line that says how many lines were lost, in the form of the others.
fn lines_were_lost(format: Format, lost: u64) -> String {
    let time = Timestamp::now();
    match format {
        Format::Text => format!("{time:.6}  WARN sddl_authz::log: lines of the log were lost lost={lost}\n"),
        Format::Json => format!(
            "{{\"timestamp\":\"{time:.6}\",\"level\":\"WARN\",\"message\":\"lines of the log were lost\",\"lost\":{lost},\
             \"target\":\"sddl_authz::log\"}}\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Writer};
    use core::time::Duration;
    use std::{
        io::{self, BufRead, BufReader, Write},
        sync::mpsc,
        time::Instant,
    };

    /// Writes each line once it is allowed to, and fails where it is told to.
    struct Gate {
        asked: mpsc::Sender<()>,
        allowed: mpsc::Receiver<bool>,
        written: io::PipeWriter,
    }

    impl Write for Gate {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            let _ = self.asked.send(());
            match self.allowed.recv() {
                Ok(true) => self.written.write(line),
                Ok(false) | Err(_) => Err(io::ErrorKind::StorageFull.into()),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A writer, what allows it to write, what says that it wants to, and the lines that it has written.
    fn gated(format: Format) -> (Writer, mpsc::Sender<bool>, mpsc::Receiver<()>, impl FnMut() -> String) {
        let ((allow, allowed), (asked, asks)) = (mpsc::channel(), mpsc::channel());
        let (reader, written) = io::pipe().unwrap();
        let mut lines = BufReader::new(reader).lines();
        let writer = Writer::of(
            Gate {
                asked,
                allowed,
                written,
            },
            format,
            3,
        );
        (writer, allow, asks, move || lines.next().unwrap().unwrap())
    }

    #[test]
    fn lines_that_find_no_room_are_counted_and_said_when_there_is_room_again() {
        let (mut writer, allow, asks, mut next) = gated(Format::Text);
        let began = Instant::now();
        // One is with the thread, three wait.
        writer.write_all(b"line 0\n").unwrap();
        asks.recv().unwrap();
        for number in 1..12 {
            writer.write_all(format!("line {number}\n").as_bytes()).unwrap();
        }
        assert!(began.elapsed() < Duration::from_secs(1), "nothing waits for the log");
        assert_eq!(writer.lost().lines(), 8);
        for _ in 0..5 {
            allow.send(true).unwrap();
        }
        assert_eq!(next(), "line 0");
        let said = next();
        assert!(
            said.ends_with("  WARN sddl_authz::log: lines of the log were lost lost=8"),
            "{said}"
        );
        for number in 1..4 {
            assert_eq!(next(), format!("line {number}"));
        }
    }

    #[test]
    fn lines_that_can_t_be_written_are_counted_and_said_when_they_can_be() {
        let (mut writer, allow, _asks, mut next) = gated(Format::Json);
        writer.write_all(b"line 0\n").unwrap();
        allow.send(false).unwrap();
        writer.wait();
        assert_eq!(writer.lost().lines(), 1);
        writer.write_all(b"line 1\n").unwrap();
        allow.send(true).unwrap();
        allow.send(true).unwrap();
        let said: serde_json::Value = serde_json::from_str(&next()).unwrap();
        assert_eq!((&said["lost"], &said["target"]), (&1.into(), &"sddl_authz::log".into()));
        assert_eq!(next(), "line 1");
    }

    #[test]
    fn the_end_waits_for_a_second_at_most() {
        let (mut writer, _allow, _asks, _next) = gated(Format::Text);
        writer.write_all(b"line 0\n").unwrap();
        let began = Instant::now();
        writer.wait();
        let waited = began.elapsed();
        assert!(
            waited >= Duration::from_secs(1) && waited < Duration::from_millis(1500),
            "{waited:?}"
        );
    }
}
