//! A time limit for a client that does not take its answer. hyper has none.

use core::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use std::io;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// The bytes that a client must take in the time, unless fewer are left.
const FEWEST: usize = 64 * 1024;

/// A stream whose writes fail with [`io::ErrorKind::TimedOut`] if the peer takes too little for too long.
///
/// The time starts when the system takes no more bytes. It ends when the peer has taken 64 KiB, or all there was.
#[derive(Debug)]
pub(super) struct TimedWrites<S> {
    stream: S,
    time: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    is_waiting: bool,
    taken: usize,
}

impl<S> TimedWrites<S> {
    pub(super) fn new(stream: S, time: Duration) -> Self {
        Self {
            stream,
            time,
            timer: None,
            is_waiting: false,
            taken: 0,
        }
    }

    fn written(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match result {
            Poll::Ready(Ok(bytes)) => {
                self.taken = self.taken.saturating_add(bytes);
                if self.taken >= FEWEST {
                    self.is_waiting = false;
                }
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Ready(Err(ready!(self.too_slow(cx)))),
        }
    }

    /// Starts the time if it does not run, and is done when it has passed.
    fn too_slow(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        // A time that is too long to add is no limit.
        let deadline = || Instant::now().checked_add(self.time);
        let timer = match &mut self.timer {
            Some(timer) => {
                if !self.is_waiting
                    && let Some(at) = deadline()
                {
                    timer.as_mut().reset(at);
                }
                timer
            }
            None => {
                let Some(at) = deadline() else {
                    return Poll::Pending;
                };
                self.timer.insert(Box::pin(sleep_until(at)))
            }
        };
        if !self.is_waiting {
            self.is_waiting = true;
            self.taken = 0;
        }
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TimedWrites<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.written(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(cx) {
            Poll::Ready(result) => {
                self.is_waiting = false;
                Poll::Ready(result)
            }
            Poll::Pending => Poll::Ready(Err(ready!(self.too_slow(cx)))),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TimedWrites<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

#[cfg(test)]
mod tests {
    use super::{FEWEST, TimedWrites};
    use core::time::Duration;
    use std::io;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
        time::{Instant, sleep},
    };

    const TIME: Duration = Duration::from_secs(30);
    const ANSWER: usize = 1 << 20;

    /// How long a writer of 1 MiB lasts whose peer takes so many bytes each 10 seconds, and how it ends.
    async fn lasts(taken: usize) -> (Duration, io::Result<()>) {
        let (stream, peer): (DuplexStream, DuplexStream) = duplex(4096);
        let mut stream = TimedWrites::new(stream, TIME);
        let reader = tokio::spawn(async move {
            let mut peer = peer;
            let mut bytes = vec![0; taken];
            loop {
                sleep(Duration::from_secs(10)).await;
                if taken > 0 && peer.read_exact(&mut bytes).await.is_err() {
                    break;
                }
            }
        });
        let began = Instant::now();
        let written = stream.write_all(&vec![b' '; ANSWER]).await;
        reader.abort();
        (began.elapsed(), written)
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_is_cut() {
        let (time, ended) = lasts(0).await;
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(time >= TIME && time < Duration::from_secs(31), "{time:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_a_little_is_cut() {
        let (time, ended) = lasts(1024).await;
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(time >= TIME && time < Duration::from_secs(31), "{time:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_enough_gets_it_all() {
        let (time, ended) = lasts(FEWEST).await;
        assert!(ended.is_ok(), "{ended:?}");
        assert!(time > Duration::from_secs(90), "{time:?}: it is no limit of the whole");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_flushed_stops_the_time() {
        let (stream, mut peer) = duplex(4096);
        let mut stream = TimedWrites::new(stream, TIME);
        let mut bytes = vec![0; 5000];
        let (written, read) = tokio::join!(
            async {
                stream.write_all(&[b' '; 5000]).await?;
                stream.flush().await
            },
            async {
                sleep(Duration::from_secs(15)).await;
                peer.read_exact(&mut bytes).await
            }
        );
        assert!(written.is_ok() && read.is_ok());
        // Long after, the next answer has its own time.
        sleep(Duration::from_secs(300)).await;
        let (written, read) = tokio::join!(stream.write_all(&[b' '; 5000]), async {
            sleep(Duration::from_secs(15)).await;
            peer.read_exact(&mut bytes).await
        });
        assert!(written.is_ok() && read.is_ok(), "{written:?}");
    }
}
