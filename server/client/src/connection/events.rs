//! Server-sent events: a stream of lines, in which an empty line ends an event.
//!
//! HTML Living Standard, 9.2.6. Only what the feed sends is kept: the id, the name and the data of an event.

use std::io::{self, BufRead, BufReader, Read};

/// The longest line that is read. A fact of the largest operation names 25,000 objects.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) data: String,
}

/// The events of a stream, until it ends or fails. Comments keep the connection alive and are passed over.
pub(crate) struct Events<R> {
    lines: BufReader<R>,
}

impl<R: Read> Events<R> {
    pub(crate) fn new(stream: R) -> Self {
        Self { lines: BufReader::new(stream) }
    }

    /// The next event; `None` at the end of the stream. An event that the stream ends in the middle of was not sent.
    pub(crate) fn next(&mut self) -> io::Result<Option<Event>> {
        let mut event = Event::default();
        let mut line = Vec::new();
        loop {
            line.clear();
            if (&mut self.lines).take(LINE_BYTES_MAX).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            if line.pop() != Some(b'\n') {
                let is_long = LINE_BYTES_MAX <= line.len() as u64 + 1;
                return if is_long { Err(io::Error::other("a line of the feed has no end")) } else { Ok(None) };
            }
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            if line.is_empty() {
                if event == Event::default() {
                    continue;
                }
                return Ok(Some(event));
            }
            let text = str::from_utf8(&line).map_err(io::Error::other)?;
            let (name, value) = text.split_once(':').unwrap_or((text, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match name {
                "id" => event.id = Some(value.to_owned()),
                "event" => value.clone_into(&mut event.name),
                "data" if event.data.is_empty() => value.clone_into(&mut event.data),
                "data" => {
                    event.data.push('\n');
                    event.data.push_str(value);
                }
                // Comments begin with the colon; other fields are for browsers.
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Event> {
        let mut events = Events::new(text.as_bytes());
        std::iter::from_fn(|| events.next().expect("the stream is right")).collect()
    }

    fn event(id: Option<&str>, name: &str, data: &str) -> Event {
        Event { id: id.map(str::to_owned), name: name.to_owned(), data: data.to_owned() }
    }

    #[test]
    fn events_are_read_and_comments_are_not() {
        let text =
            ": hello\n\nid: 17\nevent: fact\ndata: {\"a\":1}\n\n:\n\nretry: 5\nid:18\r\ndata:x\r\ndata: y\r\n\r\n";
        assert_eq!(all(text), [event(Some("17"), "fact", "{\"a\":1}"), event(Some("18"), "", "x\ny")]);
    }

    #[test]
    fn a_cut_event_was_not_sent() {
        assert_eq!(all("id: 1\ndata: a\n\nid: 2\ndata: b\n"), [event(Some("1"), "", "a")]);
        assert_eq!(all("id: 1\ndata: a\n\nid: 2\nda"), [event(Some("1"), "", "a")]);
    }

    #[test]
    fn a_line_without_end_is_no_reason_to_run_out_of_memory() {
        let mut events = Events::new(io::repeat(b'x'));
        assert!(events.next().is_err());
        assert!(Events::new(&b"data: \xff\n\n"[..]).next().is_err());
    }
}
