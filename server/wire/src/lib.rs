//! The JSON of the HTTP API: what goes over the wire, and how it becomes the engine's types and back.
