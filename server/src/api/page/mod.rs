//! The document as a page for people: every operation by noun, with what it takes and what it answers. Drawn once, when
//! the process starts, from the same document that tools read. Plain HTML: it needs no script and nothing from elsewhere.

mod shape;

use std::collections::BTreeMap;

use serde_json::Value;

use shape::{at, fields, list, plain, prose, text, words};

/// How somebody signs in with a tool, and what they do then.
const SIGN_IN: &str = include_str!("sign_in.txt");

/// The whole page.
pub fn drawn(document: &Value, css: Option<&str>, origin: &str) -> String {
    let style = css.map(|href| format!("<link rel=\"stylesheet\" href=\"{}\">", plain(href)));
    let groups = by_tag(document);
    let contents: String = groups
        .keys()
        .chain([&"types"])
        .map(|tag| format!("<li><a href=\"#{0}\">{0}</a></li>", plain(tag)))
        .collect();
    let operations: String =
        groups.iter().map(|(tag, operations)| group(document, tag, operations)).collect();
    format!(
        "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>API, Stint</title>\
         <link rel=\"icon\" type=\"image/svg+xml\" href=\"/icon.svg\">{style}</head>\
         <body><main class=\"content narrow api\"><header><h1 class=\"title\">The API of Stint</h1><p>{about}</p>\
         <p><a href=\"/api/openapi.json\">The same for tools</a> (OpenAPI 3.1) · <a href=\"/\">The pages</a></p></header>\
         <nav aria-label=\"Contents\"><ul>{contents}</ul></nav>\
         <section><h2>An example</h2><pre><code>{example}</code></pre></section>\
         {operations}{types}</main></body></html>",
        style = style.unwrap_or_default(),
        about = prose(text(at(document, &["info"]), "description")),
        example = plain(&SIGN_IN.replace("ORIGIN", origin)),
        types = types(document),
    )
}

/// An operation with its method and path.
struct Operation<'d> {
    method: String,
    path: &'d str,
    value: &'d Value,
}

/// The operations of each noun.
fn by_tag(document: &Value) -> BTreeMap<&str, Vec<Operation<'_>>> {
    let mut groups: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (path, methods) in at(document, &["paths"]).as_object().into_iter().flatten() {
        for (method, value) in methods.as_object().into_iter().flatten() {
            let tag = list(at(value, &["tags"])).first().and_then(Value::as_str).unwrap_or("others");
            groups.entry(tag).or_default().push(Operation { method: method.to_uppercase(), path, value });
        }
    }
    groups
}

fn group(document: &Value, tag: &str, operations: &[Operation<'_>]) -> String {
    let operations: String =
        operations.iter().map(|operation| drawn_operation(document, operation)).collect();
    format!("<section><h2 id=\"{0}\">{0}</h2>{operations}</section>", plain(tag))
}

fn drawn_operation(document: &Value, operation: &Operation<'_>) -> String {
    let Operation { method, path, value } = operation;
    let name = text(value, "operationId");
    format!(
        "<article id=\"{name}\"><h3><code>{method} /api/v1{path}</code></h3><p>{summary}</p>{parameters}{request}{answers}</article>",
        name = plain(name),
        path = plain(path),
        summary = prose(text(value, "summary")),
        parameters = parameters(value),
        request = request(document, value),
        answers = answers(value),
    )
}

/// What stands in the path and in the query.
fn parameters(operation: &Value) -> String {
    let row = |parameter: &Value| {
        let needed = at(parameter, &["required"]).as_bool().unwrap_or_default();
        let about = format!("In the {}. {}", text(parameter, "in"), text(parameter, "description"));
        row(text(parameter, "name"), needed, &words(at(parameter, &["schema"])), &about)
    };
    table("Parameters", &list(at(operation, &["parameters"])).iter().map(row).collect::<String>())
}

/// The fields of the body.
fn request(document: &Value, operation: &Value) -> String {
    let schema = at(operation, &["requestBody", "content", "application/json", "schema"]);
    table("Fields", &rows(shape::resolved(document, schema)))
}

fn rows(schema: &Value) -> String {
    fields(schema).iter().map(|field| row(field.name, field.needed, &field.shape, &field.about)).collect()
}

/// What is answered when nothing stands against it.
fn answers(operation: &Value) -> String {
    let one = |(status, answer): (&String, &Value)| {
        let of_kind = |(kind, content): (&String, &Value)| {
            let named =
                if kind == "application/json" { String::new() } else { format!(" ({})", plain(kind)) };
            format!("{}{named}", words(at(content, &["schema"])))
        };
        let body: Vec<_> = at(answer, &["content"]).as_object().into_iter().flatten().map(of_kind).collect();
        if body.is_empty() { status.clone() } else { format!("{status}: {}", body.join(", ")) }
    };
    let all = at(operation, &["responses"]).as_object().into_iter().flatten();
    let good: Vec<_> = all.filter(|(status, _)| *status != "default").map(one).collect();
    format!(
        "<p class=\"note\">Answers {}. Refused with a <a href=\"#Problem\">Problem</a>.</p>",
        good.join(" or ")
    )
}

/// Every shape that has a name.
fn types(document: &Value) -> String {
    let one = |(name, schema): (&String, &Value)| {
        let fields = table("Fields", &rows(schema));
        let shape = if fields.is_empty() { format!("<p>{}</p>", words(schema)) } else { fields };
        format!(
            "<article id=\"{0}\"><h3>{0}</h3><p>{about}</p>{shape}</article>",
            plain(name),
            about = prose(text(schema, "description")),
        )
    };
    let all: String =
        at(document, &["components", "schemas"]).as_object().into_iter().flatten().map(one).collect();
    format!("<section><h2 id=\"types\">types</h2>{all}</section>")
}

/// A table, or nothing without rows.
fn table(caption: &str, rows: &str) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<table class=\"table\"><caption>{caption}</caption><thead><tr><th scope=\"col\">Name</th>\
         <th scope=\"col\">Type</th><th scope=\"col\">Given</th><th scope=\"col\">What it is</th></tr></thead>\
         <tbody>{rows}</tbody></table>"
    )
}

/// `shape` is HTML already.
fn row(name: &str, needed: bool, shape: &str, about: &str) -> String {
    format!(
        "<tr><th scope=\"row\"><code>{}</code></th><td>{shape}</td><td>{}</td><td>{}</td></tr>",
        plain(name),
        if needed { "needed" } else { "optional" },
        prose(about.trim()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> String {
        let document = serde_json::to_value(super::super::document()).unwrap();
        drawn(&document, Some("/pkg/stint.css?v=1"), "https://stint.halden.example")
    }

    #[test]
    fn every_operation_and_every_shape_is_on_the_page() {
        let (page, document) = (page(), serde_json::to_value(super::super::document()).unwrap());
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                assert!(page.contains(&format!("<code>{} /api/v1{path}</code>", method.to_uppercase())));
                assert!(page.contains(&prose(operation["summary"].as_str().unwrap())));
            }
        }
        for name in document["components"]["schemas"].as_object().unwrap().keys() {
            assert!(page.contains(&format!("<article id=\"{name}\">")), "{name}");
        }
        assert!(page.contains("https://stint.halden.example/api/v1/session"));
    }

    #[test]
    fn links_within_the_page_lead_somewhere() {
        let page = page();
        let links = page.match_indices("href=\"#").map(|(at, found)| &page[at + found.len()..]);
        for target in links.filter_map(|rest| rest.split_once('"').map(|(target, _)| target)) {
            assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
        }
    }

    #[test]
    fn nothing_on_the_page_is_refused_by_the_policy_or_left_blank() {
        let page = page();
        for word in ["<script", "style=", " onclick", "http://", "src="] {
            assert!(!page.contains(word), "{word}");
        }
        assert!(!page.contains("<td></td><td>"), "a type is missing");
    }
}
