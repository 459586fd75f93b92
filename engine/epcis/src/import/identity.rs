//! Which events are the same one.

use packtree::RequestId;

use super::note;
use crate::Event;

/// The request id of an event: two events have the same one exactly if they are the same event.
///
/// That is so if their ids are the same, and both or neither declare an error: a declaration repeats the event that it
/// declares, id and all (EPCIS 2.0 section 7.4.1.2). Without an id the whole content decides.
pub(super) fn request_id(event: &Event) -> RequestId {
    let common = event.common();
    let declares = if common.error_declaration.is_some() { "error declaration" } else { "event" };
    match &common.event_id {
        Some(id) => RequestId::from_name(&format!("epcis {declares} {id}")),
        None => RequestId::from_name(&format!("epcis content {}", note::content(event))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Action;
    use crate::import::testing::object;

    #[test]
    fn the_id_decides_and_else_the_content() {
        let event = object(Action::Add, "commissioning", 1, &["u1"]);
        let other = object(Action::Add, "commissioning", 1, &["u2"]);
        assert_eq!(request_id(&event), request_id(&event.clone()));
        assert_ne!(request_id(&event), request_id(&other));

        let named = |event: &Event, id: &str| {
            let mut event = event.clone();
            event.common_mut().event_id = Some(id.into());
            event
        };
        assert_eq!(request_id(&named(&event, "urn:x:1")), request_id(&named(&other, "urn:x:1")));
        assert_ne!(request_id(&named(&event, "urn:x:1")), request_id(&named(&event, "urn:x:2")));
        let mut declared = named(&event, "urn:x:1");
        declared.common_mut().error_declaration = Some(Box::default());
        assert_ne!(request_id(&declared), request_id(&named(&event, "urn:x:1")));
    }
}
