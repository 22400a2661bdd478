//! The metrics of the process and of the program, which Linux tells in `/proc`.

use super::sample::Sample;
use prometheus_client::registry::Registry;
use std::{
    fs,
    time::{SystemTime, UNIX_EPOCH},
};

pub(super) fn register(registry: &mut Registry) {
    let start = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map(|start| start.as_secs_f64())
        .ok();
    for sample in [
        Sample::gauge(
            "process_resident_memory_bytes".to_owned(),
            "Resident memory of the process",
            || resident(&fs::read_to_string("/proc/self/status").ok()?),
        ),
        Sample::gauge(
            "process_open_fds".to_owned(),
            "Open file descriptors of the process",
            || count(fs::read_dir("/proc/self/fd").ok()?.count()),
        ),
        Sample::gauge(
            "process_start_time_seconds".to_owned(),
            "Start of the process, in seconds since 1970",
            move || start,
        ),
        Sample::info(
            "sddl_authz_build_info".to_owned(),
            "Version of the program",
            "version",
            || env!("CARGO_PKG_VERSION").to_owned(),
        ),
    ] {
        registry.register_collector(Box::new(sample));
    }
}

/// Returns the bytes of resident memory in a text of `/proc/self/status`.
fn resident(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(f64::from(kibibytes) * 1024.0)
}

fn count(count: usize) -> Option<f64> {
    u32::try_from(count).ok().map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::resident;

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(
            resident("VmPeak:\t   20 kB\nVmRSS:\t     3 kB\nThreads: 1\n"),
            Some(3072.0)
        );
        assert_eq!(resident("VmPeak:\t   20 kB\n"), None);
    }
}
