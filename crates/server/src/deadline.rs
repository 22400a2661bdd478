//! One deadline for deciding on a request and storing its change.
//!
//! At the deadline the work is dropped, so a job of the store that has not begun never begins.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use core::time::Duration;
use http_body_util::BodyExt;
use sddl_authz::http::{Reason, Rejection, ResponseContext};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::{Instant, sleep_until};

/// 503: the answer took too long.
pub const TIMED_OUT: Reason = Reason::new(
    axum::http::StatusCode::SERVICE_UNAVAILABLE,
    "timed_out",
    "The service is too slow at the moment. If this was a change, it may have been made.",
);

/// The time by which a request must be answered. The rest of its body moves it on: bodies have a time limit of their own.
#[derive(Clone, Debug)]
struct Deadline {
    time: Duration,
    at: Arc<Mutex<Instant>>,
}

impl Deadline {
    fn new(time: Duration) -> Self {
        Self {
            time,
            at: Arc::new(Mutex::new(after(time))),
        }
    }

    fn get(&self) -> Instant {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn move_on(&self) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = after(self.time);
    }

    async fn passed(&self) {
        loop {
            let at = self.get();
            sleep_until(at).await;
            if self.get() == at {
                return;
            }
        }
    }
}

fn after(time: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(86_400 * 365);
    let now = Instant::now();
    now.checked_add(time.min(FAR)).unwrap_or(now)
}

/// Adds the deadline to each route: an answer that takes longer is 503, and its work is dropped.
pub fn with_deadline<S: Clone + Send + Sync + 'static>(router: Router<S>, time: Duration) -> Router<S> {
    router.layer(from_fn_with_state(time, in_time))
}

async fn in_time(State(time): State<Duration>, request: Request, next: Next) -> Response {
    let deadline = Deadline::new(time);
    let (head, body) = request.into_parts();
    let context = ResponseContext::new(&head);
    let moving = deadline.clone();
    let body = Body::new(body.map_frame(move |frame| {
        moving.move_on();
        frame
    }));
    tokio::select! {
        biased;
        answer = next.run(Request::from_parts(head, body)) => answer,
        () = deadline.passed() => {
            let rejection = Rejection::new(TIMED_OUT, context);
            tracing::warn!(target: "sddl_authz::serve", refusal = %rejection, "an answer took too long");
            rejection.into_response()
        }
    }
}
