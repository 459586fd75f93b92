//! Placeholder head, replaced with the first module.
