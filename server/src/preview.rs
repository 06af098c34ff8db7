//! Pages within the branding page: the mail and the enrollment page as they would be.

use std::sync::Arc;

use app::shell::{self, ShellOptions};
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Form};
use domain::branding::Branding;
use domain::permission::Permission;
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode, header};
use leptos::prelude::provide_context;
use leptos_axum::render_app_async_with_context;
use serde::Deserialize;
use service::Context;

use crate::Edge;
use crate::http::refusal::Refusal;

/// Mail programs take styles that our pages do not; nothing else may happen in it, and only our own page may show it.
const MAIL: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
frame-ancestors 'self'";

/// Our own page, but without anything that it could do.
const PAGE: &str = "sandbox allow-same-origin; default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; \
form-action 'none'; frame-ancestors 'self'";

/// What is typed, as JSON.
#[derive(Deserialize)]
pub(crate) struct Typed {
    branding: String,
}

impl Typed {
    fn read(form: Result<Form<Self>, FormRejection>) -> Result<Branding, Refusal> {
        let wrong = || Refusal::new(StatusCode::BAD_REQUEST, "bad_request", "This request was not understood. Load the page again.");
        let Form(typed) = form.map_err(|_| wrong())?;
        serde_json::from_str(&typed.branding).map_err(|_| wrong())
    }
}

/// Reads nothing from whoever may not see it, and waits for nobody for long.
pub(crate) async fn admit(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let context = request.extensions().get::<Context>();
    if !context.is_some_and(|context| context.permissions().contains(Permission::BrandingRead)) {
        let signed_out = context.is_none_or(|context| context.realm().is_none());
        return Refusal::from(if signed_out { service::Error::SignedOut } else { service::Error::Forbidden }).into_response();
    }
    tokio::time::timeout(edge.limits.body, next.run(request)).await.unwrap_or_else(|_| {
        let words = "The request took too long to arrive. Nothing has been saved; try again.";
        Refusal::new(StatusCode::REQUEST_TIMEOUT, "timeout", words).into_response()
    })
}

/// `POST /settings/branding/mail`: the invitation with sample values, as mail programs show it.
pub(crate) async fn mail(Extension(context): Extension<Context>, form: Result<Form<Typed>, FormRejection>) -> Response {
    let branding = match Typed::read(form) {
        Ok(branding) => branding,
        Err(refusal) => return refusal.into_response(),
    };
    match context.branding_mail(branding).await {
        Ok(html) => framed(([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html).into_response(), MAIL),
        Err(error) => Refusal::from(error).into_response(),
    }
}

/// `POST /settings/branding/enrollment`: the enrollment page with sample values.
pub(crate) async fn enrollment(
    State(edge): State<Arc<Edge>>,
    Extension(context): Extension<Context>,
    parts: Parts,
    form: Result<Form<Typed>, FormRejection>,
) -> Response {
    let branding = match Typed::read(form) {
        Ok(branding) => branding,
        Err(refusal) => return refusal.into_response(),
    };
    let sample = match context.branding_enrollment(branding) {
        Ok(sample) => sample,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let options = ShellOptions { build_id: edge.site.build_id().to_owned(), live_since: String::new() };
    let render = render_app_async_with_context(move || provide_context(sample.clone()), move || shell::enrollment_sample(&options));
    framed(render(Request::from_parts(parts, Body::empty())).await, PAGE)
}

fn framed(mut response: Response, policy: &'static str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}
