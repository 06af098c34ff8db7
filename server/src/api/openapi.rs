//! The description of the API (OpenAPI 3.1), made of [`OPERATIONS`] and of the schemas.

mod schemas;

use axum::response::Response;
use serde_json::{Value, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::extensions::{Extensions, ExtensionsBuilder};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Ref, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr, Required, ResponseBuilder};

use super::operations::{Answers, OPERATIONS, Operation, Takes};
use super::sample::sample;

const ABOUT: &str = "Keyroll’s management API. Every answer carries x-request-id; the log line and the event of what was done \
carry it too. A realm that a token does not reach is refused with 403; an id of another realm reads as one that does not exist.";
const BEARER: &str = "token";
const BASIC: &str = "client";
const JSON: &str = "application/json";

/// `GET /v1/openapi.json`
pub(super) fn document() -> Response {
    super::call::json(text())
}

/// As it is served and checked in: JSON with two spaces, and a line's end.
pub(crate) fn text() -> String {
    let document = serde_json::to_value(description()).unwrap_or_default();
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

pub(super) fn description() -> OpenApi {
    let mut paths = PathsBuilder::new().build();
    for operation in OPERATIONS {
        paths.add_path_operation(operation.path(), vec![method(operation)], described(operation));
    }
    let licence = LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build();
    let info = InfoBuilder::new().title("Keyroll management API").version("1").description(Some(ABOUT)).license(Some(licence)).build();
    let bearer =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A token of Settings → API tokens, or of createToken.")).build();
    let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some("The application’s client id and secret.")).build();
    let components =
        schemas::all().into_iter().fold(ComponentsBuilder::new(), |components, (name, schema)| components.schema(name, schema));
    let components =
        components.security_scheme(BEARER, SecurityScheme::Http(bearer)).security_scheme(BASIC, SecurityScheme::Http(basic)).build();
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components)).build()
}

fn method(operation: &Operation) -> HttpMethod {
    match operation.method {
        "POST" => HttpMethod::Post,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn described(operation: &Operation) -> utoipa::openapi::path::Operation {
    let parameters = path_parameters(operation).into_iter().chain(query_parameters(operation)).chain(headers(operation));
    let scheme = if let Takes::Form = operation.takes { BASIC } else { BEARER };
    let scopes: Vec<_> = operation.scopes.iter().map(|scope| scope.as_str()).collect();
    let built = OperationBuilder::new()
        .operation_id(Some(operation.id))
        .tag(operation.tag)
        .summary(Some(operation.summary))
        .parameters(Some(parameters))
        .security(SecurityRequirement::new(scheme, scopes.clone()))
        .extensions(Some(sampled(operation)))
        .response("200", answered(&operation.answers));
    let built = refusals(operation)
        .into_iter()
        .fold(built, |built, (status, words)| built.response(status.to_string(), refused(operation, status, words)));
    let built = if scopes.is_empty() { built } else { built.description(Some(format!("Needs {}.", scopes.join(" and ")))) };
    built.request_body(body(operation)).build()
}

fn path_parameters(operation: &Operation) -> Vec<Parameter> {
    let path = operation.path();
    let names = path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned()));
    names.map(|name| parameter(&name, ParameterIn::Path, "", path_schema(operation, &name))).collect()
}

fn path_schema(operation: &Operation, name: &str) -> Schema {
    let lists_all = name == "identity_id" && matches!(operation.id, "listCredentials" | "listCredentialBindingJobs");
    match name {
        "application_id" | "token_id" | "theme_id" | "batch_id" => schemas::uuid(),
        _ if lists_all => schemas::pattern("^([0-7][0-9a-f]{15}|-)$"),
        _ => schemas::id(),
    }
}

fn query_parameters(operation: &Operation) -> Vec<Parameter> {
    let Takes::Page(attributes) = &operation.takes else { return Vec::new() };
    let number = |minimum: i64| ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(minimum)).build().into();
    let query = |name: &str, words: &str, schema: Schema| parameter(name, ParameterIn::Query, words, schema);
    let most = if operation.tag == "Tokens" { 100 } else { 200 };
    let mut all = vec![
        query("page_size", &format!("Rows of a page: 20 where nothing is said; more than {most} is taken as {most}."), number(1)),
        query(
            "page_token",
            "The next_page_token of the page before. It carries the page’s size and filter, and is good for a week.",
            schemas::text(),
        ),
        query("skip", "So many rows are passed over; the token does not carry it.", number(0)),
    ];
    if !attributes.is_empty() {
        let words = format!("RFC 7644, §3.4.2.2, on {}; with eq, ne, co, sw, ew, pr, and, or, not and ( ).", attributes.join(", "));
        all.push(query("filter", &words, schemas::text()));
    }
    all
}

fn headers(operation: &Operation) -> Vec<Parameter> {
    let header = |name: &str, words: &str, schema: Schema| parameter(name, ParameterIn::Header, words, schema);
    let mut all = Vec::new();
    if operation.is_conditional() {
        all.push(header("If-Match", "The ETag of what was read: nothing is done where it has changed since (412).", schemas::text()));
    }
    if operation.method == "POST" && !matches!(operation.takes, Takes::Form) {
        let words = "A key of the client’s own, such as a UUID: the same request with it is done once, and answered alike for a day.";
        all.push(header("Idempotency-Key", words, schemas::pattern("^[!-~]{1,255}$")));
    }
    all
}

fn parameter(name: &str, place: ParameterIn, words: &str, schema: Schema) -> Parameter {
    let required = if let ParameterIn::Path = place { Required::True } else { Required::False };
    let built = ParameterBuilder::new().name(name).parameter_in(place).required(required).schema(Some(schema));
    if words.is_empty() { built.build() } else { built.description(Some(words)).build() }
}

fn body(operation: &Operation) -> Option<utoipa::openapi::request_body::RequestBody> {
    let (kind, content) = match &operation.takes {
        Takes::Nothing | Takes::Page(_) => return None,
        Takes::Body(schema, example) => {
            let example: Value = serde_json::from_str(&example.replace("IDENTITY", schemas::EXAMPLE_ID)).unwrap_or_default();
            (JSON, ContentBuilder::new().schema(Some(named(schema))).example(Some(example)).build())
        }
        Takes::Form => ("application/x-www-form-urlencoded", ContentBuilder::new().schema(Some(schemas::grant())).build()),
    };
    Some(RequestBodyBuilder::new().required(Some(Required::True)).content(kind, content).build())
}

fn answered(answers: &Answers) -> utoipa::openapi::Response {
    let content = |schema: RefOr<Schema>| ContentBuilder::new().schema(Some(schema)).build();
    let request_id = HeaderBuilder::new()
        .schema(Some(schemas::pattern("^[0-9a-f]{16}$")))
        .description(Some("The name of this request in the log."))
        .build();
    let built = match answers {
        Answers::Done => ResponseBuilder::new().description("It is done."),
        Answers::One(schema) => ResponseBuilder::new().description("The resource.").content(JSON, content(named(schema))),
        Answers::Many(name, schema) => {
            ResponseBuilder::new().description("A page.").content(JSON, content(schemas::list(name, schema).into()))
        }
    };
    built.header("x-request-id", request_id).build()
}

/// How it may be refused: the status and what it means here.
fn refusals(operation: &Operation) -> Vec<(u16, &'static str)> {
    let is_form = matches!(operation.takes, Takes::Form);
    let has_body = is_form || matches!(operation.takes, Takes::Body(..));
    let changes = operation.method != "GET" && !is_form;
    let all = [
        (true, 400, "The request does not hold."),
        (true, 401, if is_form { "The client is unknown, or its secret is wrong." } else { "There is no token, or none that is good." }),
        (!is_form, 403, "The token’s tenant, realm, scopes or addresses do not cover this."),
        (!is_form, 404, "It is not there, or it is another realm’s."),
        (changes, 409, "Not as things stand."),
        (operation.is_conditional(), 412, "It has changed since it was read."),
        (has_body, 413, "The body is too large."),
        (has_body && !is_form, 415, "The body is of another type."),
        (operation.method == "POST" && !is_form, 422, "It cannot be done for this one, or the key was used for another request."),
        (true, 429, "There were too many requests."),
    ];
    all.into_iter().filter(|(may, ..)| *may).map(|(_, status, words)| (status, words)).collect()
}

fn refused(operation: &Operation, status: u16, words: &str) -> utoipa::openapi::Response {
    // What RFC 6749 (§5.2) has words for is said in them.
    let is_oauth = matches!(operation.takes, Takes::Form) && matches!(status, 400 | 401);
    let schema = if is_oauth { "OAuthError" } else { "Error" };
    let content = ContentBuilder::new().schema(Some(named(schema))).build();
    ResponseBuilder::new().description(words).content(JSON, content).build()
}

/// The operation as it is typed, under the name that programs which show descriptions look for.
fn sampled(operation: &Operation) -> Extensions {
    let source = sample("$KEYROLL_URL", operation);
    ExtensionsBuilder::new().add("x-codeSamples", json!([{ "lang": "Shell", "label": "curl", "source": source }])).build()
}

fn named(schema: &str) -> RefOr<Schema> {
    Ref::from_schema_name(schema).into()
}

/// What is in the description that the page shows, as plain values.
pub(super) fn values() -> Value {
    serde_json::to_value(description()).unwrap_or_else(|_| json!({}))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn what_is_checked_in_is_what_is_served() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
        let wanted = text();
        if std::env::var_os("KEYROLL_WRITE_OPENAPI").is_some() {
            std::fs::write(&file, &wanted).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(kept == wanted, "docs/openapi.json is stale: run scripts/openapi");
    }

    #[test]
    fn every_name_leads_to_a_schema_and_every_schema_is_used() {
        let values = values();
        let text = values.to_string();
        let used: BTreeSet<_> = text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let known: BTreeSet<_> = values["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(used, known);
    }

    #[test]
    fn operations_have_names_of_their_own() {
        let names: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
        let places: BTreeSet<_> = OPERATIONS.iter().map(|operation| (operation.method, operation.path())).collect();
        assert_eq!((names.len(), places.len()), (OPERATIONS.len(), OPERATIONS.len()));
    }
}
