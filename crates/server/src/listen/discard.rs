//! Closes a connection so that its client still gets the answer.
//!
//! If a socket is closed while bytes of the client are not read, the system resets the connection, and the client may lose an answer
//! that it has not read yet. So the server first closes its own direction, then reads on and throws away, until the client closes too
//! ([RFC 9112, 9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6)).

use super::{limits::Limits, phase::Progress};
use core::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use std::{io, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// The bytes that are thrown away at once.
const PIECE: usize = 16 * 1024;

/// A stream that, once it is shut down, reads on and throws away, within bounds of time and bytes.
#[derive(Debug)]
pub(super) struct Discarding<S> {
    stream: S,
    progress: Arc<Progress>,
    time: Duration,
    bytes_left: usize,
    timer: Option<Pin<Box<Sleep>>>,
    any: bool,
}

impl<S> Discarding<S> {
    pub(super) fn new(stream: S, progress: Arc<Progress>, limits: &Limits) -> Self {
        Self {
            stream,
            progress,
            time: limits.discard_time,
            bytes_left: limits.discard_bytes,
            timer: None,
            any: false,
        }
    }
}

impl<S: AsyncRead + Unpin> Discarding<S> {
    /// Is done when the client has closed, when nothing of it is on its way, or when a bound is reached.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut bytes = [0; PIECE];
        loop {
            let mut piece = ReadBuf::new(&mut bytes);
            match Pin::new(&mut self.stream).poll_read(cx, &mut piece) {
                Poll::Ready(Ok(())) if !piece.filled().is_empty() => {
                    self.any = true;
                    let Some(left) = self.bytes_left.checked_sub(piece.filled().len()) else {
                        return Poll::Ready(());
                    };
                    self.bytes_left = left;
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending if self.any || self.progress.answered_early() => break,
                Poll::Pending => return Poll::Ready(()),
            }
        }
        let time = self.time;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(time)));
        timer.as_mut().poll(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Discarding<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.progress.closing();
        ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        self.poll_discard(cx).map(Ok)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Discarding<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

#[cfg(test)]
mod tests {
    use super::Discarding;
    use crate::listen::{
        limits::{Limits, tests::LIMITS},
        phase::Progress,
    };
    use core::time::Duration;
    use std::sync::Arc;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
        time::{Instant, sleep},
    };

    const TIME: Duration = Duration::from_secs(5);

    fn pair(early: bool, discard_bytes: usize) -> (Discarding<DuplexStream>, DuplexStream) {
        let (stream, peer) = duplex(1024);
        let progress = Arc::new(Progress::new());
        progress.request_begins();
        if early {
            progress.request_dropped(true);
        }
        let limits = Limits {
            discard_time: TIME,
            discard_bytes,
            ..LIMITS
        };
        (Discarding::new(stream, progress, &limits), peer)
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_still_sends_reads_the_answer() {
        let (mut stream, mut peer) = pair(true, 1 << 20);
        let closing = async {
            stream.write_all(b"answer").await.unwrap();
            stream.shutdown().await.unwrap();
        };
        let sending = async {
            for _ in 0..10 {
                peer.write_all(&[b' '; 50_000]).await.expect("it reads on");
                sleep(Duration::from_millis(100)).await;
            }
            let mut answer = String::new();
            peer.read_to_string(&mut answer).await.unwrap();
            drop(peer);
            answer
        };
        let began = Instant::now();
        let ((), answer) = tokio::join!(closing, sending);
        assert_eq!(answer, "answer");
        assert!(began.elapsed() < TIME, "it ends when the peer has closed");
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_after_the_time() {
        let (mut stream, _peer) = pair(true, 1 << 20);
        let began = Instant::now();
        stream.shutdown().await.unwrap();
        assert!(began.elapsed() >= TIME && began.elapsed() < Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_after_the_bytes() {
        let (mut stream, mut peer) = pair(true, 10_000);
        let sending = async {
            let sent = peer.write_all(&[b' '; 100_000]).await;
            assert!(sent.is_err(), "the rest is not read");
        };
        let began = Instant::now();
        let closing = async {
            stream.shutdown().await.unwrap();
            drop(stream);
        };
        tokio::join!(closing, sending);
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_at_once_if_the_request_was_read() {
        let (mut stream, _peer) = pair(false, 1 << 20);
        let began = Instant::now();
        stream.shutdown().await.unwrap();
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}
