//! The time, as the API writes it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time comes from.
#[derive(Clone, Debug)]
pub(crate) enum Clock {
    /// The system.
    System,
    /// It stands still.
    Fixed(String),
}

impl Clock {
    /// Now in UTC, to the millisecond; zeros at the end of the fraction are left out, as the API leaves them out.
    pub(crate) fn now(&self) -> String {
        match self {
            Self::Fixed(time) => time.clone(),
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                written(since.as_secs(), since.subsec_millis())
            }
        }
    }
}

/// A number of seconds since 1970 as date and time.
fn written(seconds: u64, millis: u32) -> String {
    let (minutes, second) = split(seconds, 60);
    let (hours, minute) = split(minutes, 60);
    let (days, hour) = split(hours, 24);
    let (year, month, day) = date(days);
    let fraction = format!(".{millis:03}");
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// Quotient and rest.
fn split(number: u64, by: u64) -> (u64, u64) {
    (number.checked_div(by).unwrap_or(0), number.checked_rem(by).unwrap_or(0))
}

/// The date so many days after 1970-01-01, year by year and month by month.
fn date(mut days: u64) -> (u64, u64, u64) {
    let mut year = 1970_u64;
    loop {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let february = if leap { 29 } else { 28 };
        for (month, length) in (1..).zip([31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
            match days.checked_sub(length) {
                Some(rest) => days = rest,
                None => return (year, month, days.saturating_add(1)),
            }
        }
        year = year.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn times_are_written_as_the_api_writes_them() {
        for (seconds, millis, time) in [
            (0, 0, "1970-01-01T00:00:00Z"),
            (1_436_312_257, 767, "2015-07-07T23:37:37.767Z"),
            (1_436_312_181, 930, "2015-07-07T23:36:21.93Z"),
            (951_827_696, 7, "2000-02-29T12:34:56.007Z"),
            (1_740_787_199, 100, "2025-02-28T23:59:59.1Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(written(seconds, millis), time);
        }
    }
}
