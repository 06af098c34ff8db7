//! Every address, and what answers it.

use std::sync::Arc;

use anyhow::Result;
use app::routes::App;
use app::shell::{self, ShellOptions};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use leptos::IntoView;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{ResponseOptions, generate_route_list, handle_server_fns_with_context, render_app_async_with_context};
use service::Context;
use tokio::sync::watch;
use tower_http::services::ServeDir;

use crate::http::refusal::Refusal;
use crate::http::{body, gate, headers, host, origin, refusal, request, session};
use crate::live::{Stopping, live};
use crate::{Edge, Site, api, brand, export, preview};

/// What is named by its content's hash never changes.
pub(crate) const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
pub(crate) const FOR_A_WHILE: HeaderValue = HeaderValue::from_static("public, max-age=300");

pub(crate) fn router(edge: Arc<Edge>, stopping: watch::Receiver<bool>) -> Result<Router> {
    let known = pages(&edge)
        .layer(from_fn(gate::guard))
        .merge(enrollment(&edge))
        .merge(server_functions(&edge))
        .route("/events/export.csv", get(export::csv))
        .route("/events/export.jsonl", get(export::json_lines))
        .merge(previews(&edge))
        .route("/brand/logos/{id}", get(brand::logo))
        .route("/brand/colors/{name}", get(brand::colors))
        .route("/live", get(live))
        .layer(Extension(Stopping(stopping)))
        .layer(from_fn_with_state(edge.clone(), session::recognize));
    let all = known
        .merge(api::router(&edge))
        .merge(files(&edge.site)?)
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .fallback(async || Refusal::not_found())
        .method_not_allowed_fallback(async || Refusal::method_not_allowed());
    let router = all
        .layer(from_fn_with_state(edge.clone(), origin::check))
        .layer(from_fn_with_state(edge.clone(), host::check))
        .layer(refusal::panics())
        .layer(from_fn_with_state(edge.clone(), headers::secure))
        .layer(from_fn(request::accompany));
    Ok(router.with_state(edge))
}

/// The console. Which addresses it has, its own routes say.
fn pages(edge: &Arc<Edge>) -> Router<Arc<Edge>> {
    let (keyroll, build_id) = (edge.keyroll.clone(), edge.site.build_id().to_owned());
    let page = page(move || shell::console(&ShellOptions { build_id: build_id.clone(), live_since: keyroll.heard().to_string() }));
    let routes = generate_route_list(App);
    routes.iter().fold(Router::new(), |router, listed| router.route(listed.path(), get(page.clone())))
}

/// The enrollment page. Whatever follows `/enroll/` is a secret, or half of one: nothing else may get to see it.
fn enrollment(edge: &Arc<Edge>) -> Router<Arc<Edge>> {
    let options = ShellOptions { build_id: edge.site.build_id().to_owned(), live_since: String::new() };
    Router::new().route("/enroll/{*token}", get(page(move || shell::enrollment(&options))))
}

/// What the branding page shows within itself, of what is typed there and not kept.
fn previews(edge: &Arc<Edge>) -> Router<Arc<Edge>> {
    Router::new()
        .route("/settings/branding/mail", post(preview::mail))
        .route("/settings/branding/enrollment", post(preview::enrollment))
        .layer(DefaultBodyLimit::max(edge.limits.body_size * 2))
        .layer(from_fn_with_state(edge.clone(), preview::admit))
}

/// Renders a document whole before its first byte is sent, because what it shows decides its status.
fn page<Document>(
    document: impl Fn() -> Document + Clone + Send + Sync + 'static,
) -> impl Fn(Request) -> std::pin::Pin<Box<dyn Future<Output = Response> + Send>> + Clone + Send + Sync + 'static
where
    Document: IntoView + 'static,
{
    let context = || {
        provide_request();
        if let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::try_from(headers::page_policy(&nonce))
        {
            options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    };
    render_app_async_with_context(context, document)
}

/// What pages and server functions find in their context: whoever asks.
fn provide_request() {
    if let Some(parts) = use_context::<Parts>()
        && let Some(context) = parts.extensions.get::<Context>()
    {
        provide_context(context.clone());
    }
}

/// Server functions, each under its own address; they all change something or may, so none is asked by `GET`.
fn server_functions(edge: &Arc<Edge>) -> Router<Arc<Edge>> {
    let answer = async |request: Request| handle_server_fns_with_context(provide_request, request).await;
    let functions = server_fn::axum::server_fn_paths().filter(|(_, method)| *method == Method::POST);
    functions
        .fold(Router::new(), |router, (path, _)| router.route(path, post(answer)))
        .layer(map_response(as_json))
        .layer(from_fn_with_state(edge.clone(), body::take))
        .route("/api/{*unknown}", any(async || Refusal::not_found()))
}

/// The framework leaves out what an error is written in.
async fn as_json(mut response: Response) -> Response {
    response.headers_mut().entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    response
}

/// Scripts, styles, fonts and icons, compressed where the build has done so.
fn files(site: &Site) -> Result<Router<Arc<Edge>>> {
    let files = ServeDir::new(site.folder()).append_index_html_on_directories(false).precompressed_br();
    let addresses = site.routes()?;
    let router = addresses.iter().fold(Router::new(), |router, address| router.route_service(address, files.clone()));
    Ok(router.layer(from_fn(keep)))
}

/// Says how long a file may be kept; what is no file is refused as everywhere.
async fn keep(request: Request, next: axum::middleware::Next) -> Response {
    let for_ever = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let allow = response.headers_mut().remove(header::ALLOW);
    match response.status() {
        status if status.is_success() || status == StatusCode::NOT_MODIFIED => {
            response.headers_mut().insert(header::CACHE_CONTROL, if for_ever { FOR_EVER } else { FOR_A_WHILE });
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
            response
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            let allow: HeaderMap = allow.into_iter().map(|allow| (header::ALLOW, allow)).collect();
            (allow, Refusal::method_not_allowed()).into_response()
        }
        StatusCode::RANGE_NOT_SATISFIABLE => response,
        status if status.is_server_error() => Refusal::internal().into_response(),
        _ => Refusal::not_found().into_response(),
    }
}

/// Whether requests can be served: the database answers and has the schema that this program needs.
async fn ready(State(edge): State<Arc<Edge>>) -> Response {
    match edge.keyroll.store().pending_migrations().await {
        Ok(0) => "ready\n".into_response(),
        Ok(_) => not_ready("The database's schema is older than this program."),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the database cannot be asked");
            not_ready("The database does not answer.")
        }
    }
}

fn not_ready(words: &str) -> Response {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", words).into_response()
}
