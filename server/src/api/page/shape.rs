//! The shapes of the document in words, as HTML.

use serde_json::Value;

/// A field of an object.
pub struct Field<'d> {
    pub name: &'d str,
    pub needed: bool,
    /// Its type, as HTML.
    pub shape: String,
    /// What it is, with its bounds.
    pub about: String,
}

/// Text for the inside of a page.
pub fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

static NOTHING: Value = Value::Null;

/// What stands there, or null.
pub fn at<'d>(value: &'d Value, path: &[&str]) -> &'d Value {
    path.iter().fold(value, |value, key| value.get(key).unwrap_or(&NOTHING))
}

/// Words of the document for the inside of a page; what stands in backticks is code.
pub fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| {
            let part = plain(part);
            if at % 2 == 0 { part } else { format!("<code>{part}</code>") }
        })
        .collect()
}

/// A text that may be missing.
pub fn text<'d>(value: &'d Value, key: &str) -> &'d str {
    at(value, &[key]).as_str().unwrap_or_default()
}

/// A list that may be missing.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The schema itself, or the one that it refers to.
pub fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match name_of(schema) {
        Some(name) => at(document, &["components", "schemas", name]),
        None => schema,
    }
}

fn name_of(schema: &Value) -> Option<&str> {
    at(schema, &["$ref"]).as_str()?.strip_prefix("#/components/schemas/")
}

/// The fields of an object, with those of what it includes.
pub fn fields(schema: &Value) -> Vec<Field<'_>> {
    let parts = list(at(schema, &["allOf"]));
    if parts.is_empty() {
        return own_fields(schema);
    }
    let part = |part| match name_of(part) {
        Some(_) => vec![Field {
            name: "…",
            needed: true,
            shape: words(part),
            about: "All of its fields.".to_owned(),
        }],
        None => own_fields(part),
    };
    parts.iter().flat_map(part).collect()
}

fn own_fields(schema: &Value) -> Vec<Field<'_>> {
    let needed = list(at(schema, &["required"]));
    let all = at(schema, &["properties"]).as_object().into_iter().flatten();
    all.map(|(name, field)| Field {
        name,
        needed: needed.iter().any(|needed| needed == name.as_str()),
        shape: words(field),
        about: about(field),
    })
    .collect()
}

/// A type in words: links to named shapes, and what a value of any other kind looks like.
pub fn words(schema: &Value) -> String {
    if let Some(name) = name_of(schema) {
        return format!("<a href=\"#{0}\">{0}</a>", plain(name));
    }
    for (key, glue) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " with ")] {
        let parts = list(at(schema, &[key]));
        if !parts.is_empty() {
            return parts.iter().map(words).collect::<Vec<_>>().join(glue);
        }
    }
    let values = list(at(schema, &["enum"])).iter().chain(schema.get("const"));
    let values: Vec<_> = values.map(|value| format!("<code>{}</code>", plain(&literal(value)))).collect();
    if !values.is_empty() {
        return values.join(" or ");
    }
    let kinds = match at(schema, &["type"]) {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec!["anything"],
    };
    kinds.into_iter().map(|kind| of_kind(kind, schema)).collect::<Vec<_>>().join(" or ")
}

fn literal(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn of_kind(kind: &str, schema: &Value) -> String {
    match (kind, text(schema, "format")) {
        ("array", _) if !list(at(schema, &["prefixItems"])).is_empty() => {
            let items: Vec<_> = list(at(schema, &["prefixItems"])).iter().map(words).collect();
            format!("list of {}", items.join(", "))
        }
        ("array", _) => format!("list of {}", words(at(schema, &["items"]))),
        ("object", _) => {
            let inside: Vec<_> = fields(schema)
                .iter()
                .map(|field| format!("<code>{}</code>: {}", plain(field.name), field.shape))
                .collect();
            if inside.is_empty() { "object".to_owned() } else { format!("{{ {} }}", inside.join(", ")) }
        }
        ("string", "uuid") => "id".to_owned(),
        ("string", "date-time") => "instant".to_owned(),
        (kind, "") | (kind @ "null", _) => plain(kind),
        (kind, format) => format!("{} ({})", plain(kind), plain(format)),
    }
}

/// What a field is, in the words of the document, and the bounds that it states.
fn about(field: &Value) -> String {
    let bounds = [
        ("minimum", "at least"),
        ("maximum", "at most"),
        ("minLength", "characters, at least"),
        ("maxLength", "characters, at most"),
    ];
    let said = bounds.iter().filter_map(|(key, word)| {
        let bound = field.get(*key)?;
        Some(format!(" {word} {bound}."))
    });
    described(field).to_owned() + &said.collect::<String>()
}

/// A field that may be null has its words beside the shape that it has otherwise.
fn described(field: &Value) -> &str {
    let parts = list(at(field, &["oneOf"]));
    let may_be_null = parts.iter().any(|part| text(part, "type") == "null");
    let others = parts.iter().filter(|_| may_be_null);
    let all = std::iter::once(field).chain(others);
    all.map(|part| text(part, "description")).find(|text| !text.is_empty()).unwrap_or_default()
}
