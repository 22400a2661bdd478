//! The time, as the API writes it.

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

/// A source of the time.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The clock of the system.
    System,
    /// Always this time.
    Fixed(Timestamp),
}

impl Clock {
    /// Returns the time, cut to the millisecond. `Display` prints it as the API does, in UTC: `2015-07-07T23:37:37.767Z`, with a fraction
    /// that does not end in zeros.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Fixed(time) => in_milliseconds(*time),
            Self::System => in_milliseconds(Timestamp::now()),
        }
    }
}

fn in_milliseconds(time: Timestamp) -> Timestamp {
    let round = TimestampRound::new().smallest(Unit::Millisecond).mode(RoundMode::Trunc);
    time.round(round).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::in_milliseconds;
    use jiff::Timestamp;

    #[test]
    fn times_are_written_as_the_api_writes_them() {
        for (seconds, nanoseconds, time) in [
            (0, 0, "1970-01-01T00:00:00Z"),
            (1_436_312_257, 767_000_000, "2015-07-07T23:37:37.767Z"),
            (1_436_312_257, 767_999_999, "2015-07-07T23:37:37.767Z"),
            (1_436_312_181, 930_000_000, "2015-07-07T23:36:21.93Z"),
            (951_827_696, 7_000_000, "2000-02-29T12:34:56.007Z"),
            (1_740_787_199, 100_000_000, "2025-02-28T23:59:59.1Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(
                in_milliseconds(Timestamp::new(seconds, nanoseconds).unwrap()).to_string(),
                time
            );
        }
    }
}
