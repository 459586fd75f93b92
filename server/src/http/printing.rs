//! Labels that go to a printer of the settings: ZPL over its port.

use std::io::Write as _;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::{Extension, Json as Answered};
use packtree_wire::{Print, Printed, Printers};

use super::asking::identifier;
use super::body::{Json, malformed};
use super::labels::{label_of, resolution, size};
use super::part::Path;
use super::{Code, Problem, Site};
use crate::access::{Permission, Principal};
use crate::label::LogisticLabel;
use crate::serve::settings::Printer;

/// A printer that does not take a connection by then is off.
const CONNECT_MAX: Duration = Duration::from_secs(3);

/// A printer that takes nothing for so long is out of paper, and its memory is full.
const WRITE_MAX: Duration = Duration::from_secs(5);

/// Labels at a time: one for each side of a pallet, twice.
const COPIES_MAX: u8 = 8;

/// The label printers that the settings name.
#[utoipa::path(get, path = "/v1/printers", tag = "labels",
    responses((status = 200, body = Printers)))]
pub(super) async fn printers(State(site): State<Site>) -> Answered<Printers> {
    Answered(Printers { printers: site.printers().iter().map(|printer| printer.as_str().to_owned()).collect() })
}

/// Print the logistic label of an SSCC. The printer has the whole of it when this answers.
#[utoipa::path(post, path = "/v1/labels/{label}/print", tag = "labels",
    params(("label" = String, Path, description = "an identifier", example = "(00)095212345000000018")), request_body = Print, responses(
    (status = 200, body = Printed), (status = 403),
    (status = 404), (status = 502)))]
pub(super) async fn print(
    State(site): State<Site>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    Json(asked): Json<Print>,
) -> Result<Answered<Printed>, Problem> {
    principal.may(Permission::Print)?;
    let id = identifier(&id)?;
    let printer = chosen(site.printers(), asked.printer.as_deref())?.clone();
    let (format, dots) = (size(asked.size.as_deref())?, resolution(asked.dpi)?);
    let (copy, copies) = (asked.copy.unwrap_or(0), asked.copies.unwrap_or(1));
    if copies == 0 || COPIES_MAX < copies {
        return Err(malformed(&format!("print 1 to {COPIES_MAX} copies at a time")));
    }
    site.work(move |engine| {
        let label = LogisticLabel { copy, ..label_of(engine, &id)? }.zpl(format, dots);
        let labels = label.repeat(usize::from(copies));
        send(&printer, labels.as_bytes()).map_err(|error| {
            let detail = format!("the printer {} did not take the label: {error}", printer.as_str());
            Problem::new(
                Code::PrinterFailed,
                detail,
                "see whether it is on, reachable, and has labels; then print again",
            )
        })?;
        tracing::info!(label = %id, printer = printer.as_str(), copies, "printed");
        Ok(Answered(Printed { printer: printer.as_str().to_owned(), copies }))
    })
    .await
}

/// The printer with this name, or the only one. Nothing is sent to what the settings do not name.
fn chosen<'p>(printers: &'p [Printer], named: Option<&str>) -> Result<&'p Printer, Problem> {
    let not_found = |detail: String| {
        let known: Vec<&str> = printers.iter().map(Printer::as_str).collect();
        let remedy = match known.as_slice() {
            [] => "name one in the settings as `printers`, or print the page".to_owned(),
            known => format!("choose one of {}", known.join(", ")),
        };
        Problem::new(Code::PrinterNotFound, detail, remedy)
    };
    match (named, printers) {
        (Some(named), _) => printers
            .iter()
            .find(|printer| printer.as_str() == named)
            .ok_or_else(|| not_found(format!("the settings name no printer {named}"))),
        (None, [only]) => Ok(only),
        (None, _) => Err(not_found("no printer was named".to_owned())),
    }
}

fn send(printer: &Printer, bytes: &[u8]) -> std::io::Result<()> {
    let begun = Instant::now();
    let mut last = std::io::Error::other("its name leads nowhere");
    for address in printer.as_str().to_socket_addrs()? {
        let left = CONNECT_MAX.saturating_sub(begun.elapsed()).max(Duration::from_millis(1));
        match TcpStream::connect_timeout(&address, left) {
            Ok(mut stream) => {
                stream.set_write_timeout(Some(WRITE_MAX))?;
                stream.write_all(bytes)?;
                return stream.shutdown(std::net::Shutdown::Write);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}
