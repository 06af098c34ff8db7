//! The audit log, carried away as a file.

use app::events::query;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse as _, Response};
use domain::record::Event;
use futures::{Stream, stream};
use http::{HeaderValue, Method, Uri, header};
use serde_json::{Value, json};
use service::{Context, Export, ExportFormat, Result};

use crate::http::refusal::Refusal;

/// `GET /events/export.csv`, RFC 4180, with the query of the console's page.
pub(crate) async fn csv(Extension(context): Extension<Context>, method: Method, uri: Uri) -> Response {
    export(&context, &method, &uri, ExportFormat::Csv).await
}

/// `GET /events/export.jsonl`: a JSON object a line.
pub(crate) async fn json_lines(Extension(context): Extension<Context>, method: Method, uri: Uri) -> Response {
    export(&context, &method, &uri, ExportFormat::JsonLines).await
}

async fn export(context: &Context, method: &Method, uri: &Uri, format: ExportFormat) -> Response {
    // Asking for the head alone carries nothing away, but would be written down as if it did.
    if method != Method::GET {
        return Refusal::method_not_allowed().into_response();
    }
    let asked = query::parse(uri.query().unwrap_or_default());
    let export = match context.begin_export(&asked, format).await {
        Ok(export) => export,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let (kind, name) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8; header=present", "attachment; filename=\"events.csv\""),
        ExportFormat::JsonLines => ("application/jsonl", "attachment; filename=\"events.jsonl\""),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(name)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Body::from_stream(parts(export, format))).into_response()
}

/// The file in parts, so that its length costs no memory. Where reading fails, the download breaks off: half a log must
/// not look like a whole one.
fn parts(export: Export, format: ExportFormat) -> impl Stream<Item = Result<Bytes>> {
    stream::unfold((Some(export), true), move |(export, head)| async move {
        let mut export = export?;
        match export.next().await {
            Ok(events) => {
                let more = !events.is_empty();
                Some((Ok(written(&events, format, head)), (more.then_some(export), false)))
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "an export broke off");
                Some((Err(error), (None, false)))
            }
        }
    })
}

fn written(events: &[Event], format: ExportFormat, head: bool) -> Bytes {
    match format {
        ExportFormat::Csv => table(events, head),
        ExportFormat::JsonLines => events.iter().flat_map(|event| [object(event).to_string(), "\n".to_owned()]).collect::<String>().into(),
    }
}

/// RFC 3339, in UTC.
fn time(event: &Event) -> String {
    jiff::Timestamp::from_microsecond(event.at.micros()).map(|at| at.to_string()).unwrap_or_default()
}

fn object(event: &Event) -> Value {
    let Event { id, kind, outcome, by, actor, about, target, detail, address, request_id, seal, .. } = event;
    json!({
        "id": id, "time": time(event), "type": kind.as_str(), "outcome": outcome.as_str(), "actor": by, "actor_name": actor,
        "target": about, "target_name": target, "detail": detail, "address": address, "request_id": request_id,
        "position": seal.as_ref().map(|seal| seal.position), "hash": seal.as_ref().map(|seal| &seal.hash),
    })
}

const COLUMNS: [&str; 13] = [
    "time",
    "type",
    "outcome",
    "actor_name",
    "target_name",
    "detail",
    "address",
    "request_id",
    "id",
    "actor",
    "target",
    "position",
    "hash",
];

fn table(events: &[Event], head: bool) -> Bytes {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let rows = events.iter().map(row);
    let written = head.then(|| COLUMNS.map(str::to_owned)).into_iter().chain(rows).try_for_each(|row| table.write_record(row));
    // Writing to memory does not fail.
    written.ok().and_then(|()| table.into_inner().ok()).unwrap_or_default().into()
}

fn row(event: &Event) -> [String; 13] {
    let detail: Vec<_> = event.detail.iter().map(|(name, detail)| format!("{name}: {detail}")).collect();
    let seal = event.seal.as_ref();
    [
        time(event),
        event.kind.to_string(),
        event.outcome.to_string(),
        harmless(&event.actor),
        harmless(&event.target),
        harmless(&detail.join("; ")),
        event.address.clone(),
        event.request_id.clone(),
        event.id.to_string(),
        event.by.to_string(),
        event.about.to_string(),
        seal.map(|seal| seal.position.to_string()).unwrap_or_default(),
        seal.map(|seal| seal.hash.clone()).unwrap_or_default(),
    ]
}

/// A text that a spreadsheet would take for a formula stands behind an apostrophe.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_made_harmless_and_a_name_stays() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for name in ["Ana", "", "'Ana", "a=b", "田中"] {
            assert_eq!(harmless(name), name);
        }
    }
}
