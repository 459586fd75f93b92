// What the examples of events begin with. Each of them includes this file, hidden, so that it shows only what it is about.

/// Reads the one event of a document.
fn read_event(event: &str) -> Result<packtree_epcis::Event, Box<dyn std::error::Error>> {
    use packtree_epcis::{Item, Limits, Reader};

    let document = format!("[{event}]");
    for item in Reader::new("events.json", document.as_bytes(), Limits::default()) {
        match item? {
            Item::Event(event, ..) => return Ok(*event),
            Item::Invalid(_, faults) => return Err(format!("{faults:?}").into()),
            _ => {}
        }
    }
    Err("the document has no event".into())
}
