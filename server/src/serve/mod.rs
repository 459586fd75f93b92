//! From settings to a server that runs: TLS, listening, logs, health, metrics, and an end in order.

pub mod settings;

pub use settings::Settings;
