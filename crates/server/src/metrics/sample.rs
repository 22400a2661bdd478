//! Metrics that are read when they are asked for.

use core::fmt;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};

/// A metric that a function reads.
pub(super) struct Sample {
    name: String,
    help: String,
    read: Read,
}

type Function<T> = Box<dyn Fn() -> T + Send + Sync>;

enum Read {
    Counter(Function<u64>),
    Gauge(Function<Option<f64>>),
    Info(&'static str, Function<String>),
}

impl Sample {
    pub(super) fn counter(name: String, help: &str, read: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self::new(name, help, Read::Counter(Box::new(read)))
    }

    pub(super) fn gauge(name: String, help: &str, read: impl Fn() -> Option<f64> + Send + Sync + 'static) -> Self {
        Self::new(name, help, Read::Gauge(Box::new(read)))
    }

    pub(super) fn info(
        name: String,
        help: &str,
        label: &'static str,
        read: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        Self::new(name, help, Read::Info(label, Box::new(read)))
    }

    fn new(name: String, help: &str, read: Read) -> Self {
        // The registry ends help texts with a full stop, and what is collected has none.
        let help = format!("{help}.");
        Self { name, help, read }
    }
}

impl Collector for Sample {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        match &self.read {
            Read::Counter(read) => {
                let counter = ConstCounter::new(read());
                counter.encode(encoder.encode_descriptor(&self.name, &self.help, None, counter.metric_type())?)
            }
            Read::Gauge(read) => {
                let Some(value) = read() else {
                    return Ok(());
                };
                let gauge = ConstGauge::new(value);
                gauge.encode(encoder.encode_descriptor(&self.name, &self.help, None, gauge.metric_type())?)
            }
            Read::Info(label, read) => {
                let gauge = ConstGauge::new(1_u32);
                let labels = [(*label, read())];
                let mut metric = encoder.encode_descriptor(&self.name, &self.help, None, gauge.metric_type())?;
                gauge.encode(metric.encode_family(&labels)?)
            }
        }
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
