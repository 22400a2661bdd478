//! The end of the server, in stages.

use tokio::sync::watch;

/// How far the server is on its way to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It serves.
    #[default]
    Serving,
    /// It still serves, and says that it is not ready.
    Draining,
    /// It takes no new connection, closes those without a request, and finishes the answers under way.
    Closing,
    /// It closes every connection.
    Cut,
}

/// Moves the server to its end. If it is dropped, the server serves on.
#[derive(Debug)]
pub struct End(watch::Sender<Stage>);

/// Sees how far the server is on its way to its end.
#[derive(Clone, Debug)]
pub struct Ending(watch::Receiver<Stage>);

impl End {
    /// Returns both ends of a channel.
    #[must_use]
    pub fn new() -> (Self, Ending) {
        let (sender, receiver) = watch::channel(Stage::Serving);
        (Self(sender), Ending(receiver))
    }

    /// Moves on to this stage, if it is a later one.
    pub fn reach(&self, stage: Stage) {
        self.0.send_if_modified(|now| {
            let later = stage > *now;
            *now = stage.max(*now);
            later
        });
    }
}

impl Default for Ending {
    /// Returns one that never sees an end.
    fn default() -> Self {
        End::new().1
    }
}

impl Ending {
    /// Returns the stage.
    #[must_use]
    pub fn stage(&self) -> Stage {
        *self.0.borrow()
    }

    /// Waits for this stage, or a later one.
    pub async fn reached(&mut self, stage: Stage) {
        if self.0.wait_for(|now| *now >= stage).await.is_err() {
            core::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{End, Ending, Stage};
    use core::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn the_end_never_turns_back() {
        let (end, mut ending) = End::new();
        end.reach(Stage::Closing);
        end.reach(Stage::Draining);
        assert_eq!(ending.stage(), Stage::Closing);
        ending.reached(Stage::Draining).await;
        ending.reached(Stage::Closing).await;
        end.reach(Stage::Cut);
        ending.reached(Stage::Cut).await;
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_sender_there_is_no_end() {
        let mut ending = Ending::default();
        let seen = timeout(Duration::from_secs(3600), ending.reached(Stage::Draining)).await;
        assert!(seen.is_err());
        assert_eq!(ending.stage(), Stage::Serving);
    }
}
