//! The places for connections: how many there may be in all, and for one peer.

use super::{counts::Counts, limits::Limits};
use core::{net::IpAddr, time::Duration};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

/// Whose connections are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Peer {
    /// An address of IPv4.
    V4([u8; 4]),
    /// The network of an address of IPv6: a client has 64 bits of it for itself.
    V6([u16; 4]),
    /// A user of the system, if it is known.
    User(Option<u32>),
}

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.octets()),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self::V6([a, b, c, d])
            }
        }
    }
}

/// The open connections of each peer.
type Open = Arc<Mutex<HashMap<Peer, usize>>>;

/// How often the log says that every place is taken.
const SAID_EACH: Duration = Duration::from_secs(60);

/// The places for connections.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    most: usize,
    most_per_peer: Option<usize>,
    peers: Open,
    said: Option<Instant>,
}

/// A place in all. It is free again on drop.
#[derive(Debug)]
pub(super) struct Place(#[expect(dead_code, reason = "it is held")] OwnedSemaphorePermit);

/// One of a peer's places. It is free again on drop.
#[derive(Debug)]
pub(super) struct PeerPlace(Option<(Open, Peer)>);

impl Places {
    pub(super) fn new(limits: &Limits) -> Self {
        let most = limits.connections.min(Semaphore::MAX_PERMITS);
        Self {
            all: Arc::new(Semaphore::new(most)),
            most,
            most_per_peer: limits.connections_per_peer,
            peers: Arc::default(),
            said: None,
        }
    }

    /// Waits until a place is free. Counts each wait, and says some in the log.
    pub(super) async fn free(&mut self, counts: &Counts) -> Place {
        if let Ok(place) = Arc::clone(&self.all).try_acquire_owned() {
            return Place(place);
        }
        counts.note_full();
        if self.said.is_none_or(|said| said.elapsed() >= SAID_EACH) {
            self.said = Some(Instant::now());
            let most = self.most;
            tracing::warn!(target: "sddl_authz::serve", most, "every connection is in use; others wait");
        }
        match Arc::clone(&self.all).acquire_owned().await {
            Ok(place) => Place(place),
            // The semaphore is never closed.
            Err(_) => core::future::pending().await,
        }
    }

    /// Takes a place for this peer, unless it has the most already.
    pub(super) fn of_peer(&self, peer: Peer) -> Option<PeerPlace> {
        let Some(most) = self.most_per_peer else {
            return Some(PeerPlace(None));
        };
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let open = peers.entry(peer).or_default();
        if *open >= most {
            return None;
        }
        *open = open.saturating_add(1);
        drop(peers);
        Some(PeerPlace(Some((Arc::clone(&self.peers), peer))))
    }

    /// Waits until every place is free, and returns whether it was in time.
    pub(super) async fn all_free(&self, time: Duration) -> bool {
        let all = u32::try_from(self.most).unwrap_or(u32::MAX);
        timeout(time, self.all.acquire_many(all)).await.is_ok()
    }
}

impl Drop for PeerPlace {
    fn drop(&mut self) {
        let Some((peers, peer)) = &self.0 else {
            return;
        };
        let mut peers = peers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = peers.get_mut(peer) {
            *open = open.saturating_sub(1);
            if *open == 0 {
                peers.remove(peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Peer, Places};
    use crate::listen::limits::tests::LIMITS;
    use core::net::IpAddr;

    #[test]
    fn a_peer_has_its_bound_and_gets_its_places_back() {
        let places = Places::new(&super::Limits {
            connections_per_peer: Some(2),
            ..LIMITS
        });
        let peer = |text: &str| Peer::from(text.parse::<IpAddr>().unwrap());
        let [one, two] = [peer("2001:db8::1"), peer("2001:db8::2:3")].map(|peer| places.of_peer(peer).unwrap());
        assert!(places.of_peer(peer("2001:db8::7")).is_none(), "one network");
        let other = places.of_peer(peer("2001:db8:0:1::1")).unwrap();
        drop(one);
        let again = places.of_peer(peer("2001:db8::7")).unwrap();
        drop((two, again, other));
        assert!(places.peers.lock().unwrap().is_empty());
        assert_eq!(peer("::ffff:192.0.2.1"), peer("192.0.2.1"));
        assert_ne!(peer("192.0.2.1"), peer("192.0.2.2"));
    }

    #[test]
    fn without_a_bound_nobody_is_counted() {
        let places = Places::new(&LIMITS);
        let held: Vec<_> = (0..100).map(|_| places.of_peer(Peer::User(Some(33)))).collect();
        assert!(held.iter().all(Option::is_some) && places.peers.lock().unwrap().is_empty());
    }
}
