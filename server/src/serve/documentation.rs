//! The pages that explain the API: one to browse and try it, and one that explains every problem. They need nothing from elsewhere.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use packtree::Reason;
use utoipa::openapi::info::{InfoBuilder, LicenseBuilder};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, ResponseBuilder};
use utoipa_swagger_ui::Config;

use crate::access::COOKIE;
use crate::http::{Code, PROBLEMS, Problem};

const PROBLEM: &str = "application/problem+json";

const DESCRIPTION: &str = "/openapi.json";

/// The parts of the API, in the order in which they are shown.
const TAGS: &[(&str, &str)] = &[
    ("operations", "What changes the hierarchy"),
    ("objects", "What was scanned, where it is, what is in it, and what happened to it"),
    ("stock", "Lots, containers, and what is in none"),
    ("facts", "What is on record, as it comes and afterwards"),
    ("documents", "EPCIS documents of partners"),
    ("labels", "Labels and symbols, as pictures and on paper"),
    ("access", "Who is who, and who may do what"),
];

/// Swagger UI writes styles and small pictures into its page, and no scripts.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; \
                      base-uri 'none'; form-action 'none'";

static BROWSER: LazyLock<Arc<Config<'static>>> =
    LazyLock::new(|| Arc::new(Config::from(DESCRIPTION).validator_url("none").display_request_duration(true)));

/// Whether a path leads to what describes the API. It is the same for every site and holds nothing of this one, so everybody may read it.
pub(super) fn describes(path: &str) -> bool {
    path == DESCRIPTION || path == "/docs" || path.starts_with("/docs/")
}

/// The pages, and the description that they show.
pub(super) fn routes(description: OpenApi) -> Router {
    let description = completed(description);
    Router::new()
        .route(DESCRIPTION, get(async move || Json(description)))
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route("/docs/", get(async || browser("")))
        .route(PROBLEMS, get(async || Html(PROBLEMS_PAGE.as_str())))
        .route("/docs/{*file}", get(async |Path(file): Path<String>| browser(&file)))
}

/// Adds what no single route says: how a request shows who sends it, and the problems that every route of its kind may answer.
fn completed(mut description: OpenApi) -> OpenApi {
    description.info = InfoBuilder::new()
        .title("Packtree")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Which unit is in which case on which pallet, now and at any earlier moment. Machines send an API key as a bearer token; \
             people sign in with `POST /v1/session`, and send `X-Packtree-Csrf` with every change. Problems are explained at \
             [/docs/problems](/docs/problems).",
        ))
        .license(Some(LicenseBuilder::new().name(env!("CARGO_PKG_LICENSE")).build()))
        .build();
    let tag = |(name, says): &(&str, &str)| TagBuilder::new().name(*name).description(Some(*says)).build();
    description.tags = Some(TAGS.iter().map(tag).collect());
    let components = description.components.get_or_insert_default();
    components.add_security_scheme("key", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    let session = ApiKey::Cookie(ApiKeyValue::new(COOKIE));
    components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    let either = ["key", "session"].map(|scheme| SecurityRequirement::new(scheme, Vec::<String>::new()));
    description.security = Some(either.to_vec());
    for item in description.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten() {
            complete(operation);
        }
        for change in [&mut item.post, &mut item.put, &mut item.delete].into_iter().flatten() {
            // A browser may be told that the request comes from another site, or lacks its token.
            add(change, Code::Csrf.status());
        }
    }
    description
}

/// Adds the problems that this kind of request may be answered with.
fn complete(operation: &mut Operation) {
    let (has_body, has_parameters) = (operation.request_body.is_some(), operation.parameters.is_some());
    // A key that is wrong is not overlooked where none is needed.
    let mut all = vec![Code::Defect, Code::Busy, Code::CredentialsRequired];
    if has_body || has_parameters {
        all.push(Code::Malformed);
    }
    if has_body {
        all.extend([Code::BodyTooLarge, Code::MediaType]);
    }
    let own = operation.responses.responses.keys().filter_map(|status| status.parse::<StatusCode>().ok());
    let own: Vec<StatusCode> = own.filter(|status| StatusCode::BAD_REQUEST <= *status).collect();
    for status in own.into_iter().chain(all.iter().map(|code| code.status())) {
        add(operation, status);
    }
}

fn add(operation: &mut Operation, status: StatusCode) {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let reason = status.canonical_reason().unwrap_or_default();
    let problem = ResponseBuilder::new().description(reason).content(PROBLEM, content);
    operation.responses.responses.insert(status.as_str().to_owned(), problem.build().into());
}

/// A file of Swagger UI.
fn browser(file: &str) -> Response {
    let Ok(Some(found)) = utoipa_swagger_ui::serve(file, Arc::clone(&BROWSER)) else {
        let detail = format!("there is nothing at /docs/{file}");
        return Problem::new(Code::NotFound, detail, "the API is browsed at /docs/").into_response();
    };
    let Ok(kind) = HeaderValue::from_str(&found.content_type) else {
        return Problem::from(packtree::Error::Defect).into_response();
    };
    let mut response = found.bytes.into_owned().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// Every problem with its code, so that the link in its `type` leads somewhere.
static PROBLEMS_PAGE: LazyLock<String> = LazyLock::new(|| {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Problems - Packtree</title><link rel=\"icon\" href=\"/icon.svg\"><link rel=\"stylesheet\" href=\"/docs.css\"></head>\n<body>\n<h1>Problems</h1>\n\
         <p>Every answer that is not the one asked for is a problem detail (RFC 9457) with a <code>code</code> that stays the same, what \
         happened, and what to do.</p>\n<h2>The request is not answered as asked</h2>\n<table>\n\
         <tr><th>status</th><th>code</th><th>when</th></tr>\n",
    );
    for code in Code::ALL {
        let (word, status, meaning) = (code.word(), code.status().as_u16(), escaped(code.meaning()));
        let _ =
            writeln!(page, "<tr id=\"{word}\"><td>{status}</td><td><code>{word}</code></td><td>{meaning}</td></tr>");
    }
    page.push_str(
        "</table>\n<h2>The rules say no</h2>\n<p>Status 409. <code>number</code> says the same as the code, and <code>faults</code> names \
         every object that stands in the way.</p>\n<table>\n\
         <tr><th>number</th><th>code</th><th>what stands in the way</th><th>what to do</th></tr>\n",
    );
    for reason in Reason::ALL {
        let (number, word) = (reason.number(), reason.code());
        let (sentence, remedy) = (escaped(reason.sentence()), escaped(reason.remedy()));
        // A code that stands above too is led to there.
        let is_above = Code::ALL.iter().any(|code| code.word() == word);
        let place = if is_above { String::new() } else { format!(" id=\"{word}\"") };
        let _ = writeln!(
            page,
            "<tr{place}><td>{number}</td><td><code>{word}</code></td><td>{sentence}</td><td>{remedy}</td></tr>"
        );
    }
    page.push_str("</table>\n<p><a href=\"/docs/\">The whole API</a></p>\n</body>\n</html>\n");
    page
});

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
