//! `/docs/api`: the description of the API as a page to read. It is written whole on the server and needs nothing from
//! anywhere else.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderValue, header};
use serde_json::Value;

use super::openapi::values;
use super::operations::{OPERATIONS, Operation};
use super::sample::sample;
use crate::Edge;

/// No scripts: the page is text.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) fn page(edge: &Edge) -> Response {
    let origin = edge.keyroll.public_url().origin().ascii_serialization();
    let html = written(&origin, edge.site.build_id());
    let mut response = Html(html).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// Text that is text in HTML, in an attribute too.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn written(origin: &str, build_id: &str) -> String {
    let description = values();
    let mut tags: Vec<&str> = Vec::new();
    for operation in OPERATIONS {
        if !tags.contains(&operation.tag) {
            tags.push(operation.tag);
        }
    }
    let mut html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Management API · Keyroll</title>\
         <link rel=\"stylesheet\" href=\"/pkg/{build_id}/app.css\"></head><body class=\"reference\">\
         <header><h1>Management API</h1><p>{}</p><p>The same as <a href=\"/v1/openapi.json\">OpenAPI 3.1</a>. \
         Tokens are made in the console, under <a href=\"/settings/tokens\">Settings → API tokens</a>.</p></header><nav aria-label=\"Resources\"><ul>",
        escaped(description["info"]["description"].as_str().unwrap_or_default())
    );
    for tag in &tags {
        let _ = write!(html, "<li><a href=\"#{}\">{}</a></li>", anchor(tag), escaped(tag));
    }
    html.push_str("</ul></nav><main>");
    for tag in tags {
        let _ = write!(html, "<section id=\"{0}\" aria-labelledby=\"{0}-title\"><h2 id=\"{0}-title\">{1}</h2>", anchor(tag), escaped(tag));
        for operation in OPERATIONS.iter().filter(|operation| operation.tag == tag) {
            html.push_str(&article(origin, &description, operation));
        }
        html.push_str("</section>");
    }
    html.push_str("</main></body></html>");
    html
}

fn anchor(tag: &str) -> String {
    tag.to_lowercase().replace(' ', "-")
}

fn article(origin: &str, description: &Value, operation: &Operation) -> String {
    let path = operation.path();
    let told = &description["paths"][path.as_str()][operation.method.to_lowercase()];
    let scopes: Vec<_> = operation.scopes.iter().map(|scope| format!("<code>{scope}</code>")).collect();
    let mut html = format!(
        "<article id=\"{0}\"><h3><a href=\"#{0}\"><code>{1}</code> {2}</a></h3><p class=\"path\"><code>{3}</code></p>",
        operation.id,
        operation.method,
        escaped(operation.summary),
        escaped(&path)
    );
    if !scopes.is_empty() {
        let _ = write!(html, "<p>Scope: {}</p>", scopes.join(" and "));
    }
    html.push_str(&parameters(&told["parameters"]));
    let content = &told["requestBody"]["content"];
    if let Some((_, content)) = content.as_object().and_then(|content| content.iter().next()) {
        html.push_str("<h4>Body</h4>");
        html.push_str(&fields(description, &content["schema"], 0));
        if let Some(example) = content.get("example") {
            let _ = write!(
                html,
                "<pre tabindex=\"0\"><code>{}</code></pre>",
                escaped(&serde_json::to_string_pretty(example).unwrap_or_default())
            );
        }
    }
    let answer = &told["responses"]["200"]["content"]["application/json"]["schema"];
    html.push_str("<h4>Answer</h4>");
    html.push_str(&if answer.is_null() { "<p>200, without a body.</p>".to_owned() } else { fields(description, answer, 0) });
    let _ = write!(html, "<h4>With curl</h4><pre tabindex=\"0\"><code>{}</code></pre></article>", escaped(&sample(origin, operation)));
    html
}

fn parameters(told: &Value) -> String {
    let Some(told) = told.as_array().filter(|told| !told.is_empty()) else { return String::new() };
    let rows: Vec<_> = told
        .iter()
        .map(|parameter| {
            let text = |name: &str| escaped(parameter[name].as_str().unwrap_or_default());
            format!("<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>", text("name"), text("in"), text("description"))
        })
        .collect();
    format!(
        "<h4>Parameters</h4><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Parameters\"><table><thead><tr><th scope=\"col\">Name</th>\
         <th scope=\"col\">In</th><th scope=\"col\">Meaning</th></tr></thead><tbody>{}</tbody></table></div>",
        rows.concat()
    )
}

/// The fields of a schema, those within it below them.
fn fields(description: &Value, schema: &Value, depth: usize) -> String {
    let schema = resolved(description, schema);
    if schema["type"] == "array" {
        return fields(description, &schema["items"], depth);
    }
    let Some(properties) = schema["properties"].as_object().filter(|_| depth < 4) else { return String::new() };
    let always = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|known| known == name));
    let items: Vec<_> = properties
        .iter()
        .map(|(name, inner)| {
            let inner = resolved(description, inner);
            let optional = if always(name) { "" } else { ", optional" };
            format!(
                "<li><code>{}</code> {}{optional}{}</li>",
                escaped(name),
                escaped(&kind(description, inner)),
                fields(description, inner, depth + 1)
            )
        })
        .collect();
    format!("<ul>{}</ul>", items.concat())
}

fn resolved<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|place| place.rsplit('/').next());
    name.map_or(schema, |name| &description["components"]["schemas"][name])
}

/// What a value is, in a few words.
fn kind(description: &Value, schema: &Value) -> String {
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ");
    }
    if schema["type"] == "array" {
        return format!("list of {}", kind(description, resolved(description, &schema["items"])));
    }
    let text = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        kind => kind.as_str().unwrap_or("value").to_owned(),
    };
    match (schema["format"].as_str(), schema["maxLength"].as_u64()) {
        (Some(format), _) => format!("{text} ({format})"),
        (None, Some(most)) => format!("{text} of at most {most} characters"),
        (None, None) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_tells_of_every_operation_and_escapes_what_it_tells() {
        let html = written("https://id.example.com", "0123");
        for operation in OPERATIONS {
            assert!(html.contains(&format!("id=\"{}\"", operation.id)), "{}", operation.id);
        }
        assert_eq!(escaped("<a href='x'>&\""), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
        assert!(!html.contains("<script") && !html.contains("style=") && !html.contains("http://"));
    }
}
