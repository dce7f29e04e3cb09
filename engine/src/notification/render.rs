//! The words: templates embedded in the program, filled with a message's data in the reader's zone. What is missing in
//! the data is an error, found at the start by filling every template with samples.

use std::sync::LazyLock;

use chrono::DateTime;
use chrono_tz::Tz;
use domain::Instant;
use minijinja::{Environment, Error as TemplateError, ErrorKind, State, UndefinedBehavior, value::Serde};
use serde_json::{Value, json};

use super::samples;
use crate::{
    Config,
    error::{Error, Result},
};

/// A message as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The longest subject, in characters.
const SUBJECT: usize = 200;

macro_rules! folders {
    ($($folder:literal)*) => {
        &[
            ("layout.txt", include_str!("../templates/layout.txt")),
            ("layout.html", include_str!("../templates/layout.html")),
            ("parts.html", include_str!("../templates/parts.html")),
            ("request.txt", include_str!("../templates/request.txt")),
            ("request.html", include_str!("../templates/request.html")),
            $(
                (concat!($folder, "/subject.txt"), include_str!(concat!("../templates/", $folder, "/subject.txt"))),
                (concat!($folder, "/body.txt"), include_str!(concat!("../templates/", $folder, "/body.txt"))),
                (concat!($folder, "/body.html"), include_str!(concat!("../templates/", $folder, "/body.html"))),
            )*
        ]
    };
}

const TEMPLATES: &[(&str, &str)] = folders! {
    "account_changed" "activation_accepted" "activation_active" "activation_agreed" "activation_asked"
    "activation_ended" "activation_ends_soon" "activation_receipt" "activation_refused" "activation_settled"
    "assignment" "clock" "invitation" "membership" "restored" "settings_changed"
};

static ENVIRONMENT: LazyLock<std::result::Result<Environment<'static>, TemplateError>> =
    LazyLock::new(|| {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(
            minijinja::syntax::SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?,
        );
        environment.add_filter("clock", clock);
        environment.add_filter("moment", moment);
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        Ok(environment)
    });

fn environment() -> Result<&'static Environment<'static>> {
    ENVIRONMENT.as_ref().map_err(|error| Error::broken("notification.templates", format!("{error:#}")))
}

/// Writes a message. `link` is its one-time link, or the words that stand in its place.
pub(super) fn write(config: &Config, template: &str, params: &str, link: Option<&str>) -> Result<Written> {
    let mut params: Value = serde_json::from_str(params).map_err(Error::of("notification.write"))?;
    if let Value::Object(fields) = &mut params {
        let zone = fields.get("zone").and_then(Value::as_str).and_then(|zone| zone.parse::<Tz>().ok());
        let zone = zone.unwrap_or(config.zone);
        fields.insert("zone".to_owned(), json!(zone.name()));
        fields.insert("zone_name".to_owned(), json!(zone_name(zone)));
        fields.insert("organisation".to_owned(), json!(super::one_line(&config.organisation)));
        fields.insert("public_url".to_owned(), json!(config.public_url));
        fields.insert("service_desk".to_owned(), json!(config.service_desk));
        fields.insert("link".to_owned(), json!(link.unwrap_or_default()));
    }
    let environment = environment()?;
    let fill = |part: &str| {
        let template = environment.get_template(&format!("{template}/{part}"));
        template
            .and_then(|template| template.render(Serde(&params)))
            .map_err(|error| Error::broken("notification.write", format!("{error:#}")))
    };
    let subject: String = super::one_line(&fill("subject.txt")?).chars().take(SUBJECT).collect();
    Ok(Written { subject, text: tidied(&fill("body.txt")?), html: fill("body.html")? })
}

/// Plain text without blanks at the ends of lines, and one empty line where templates leave several.
fn tidied(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for line in text.trim().lines().map(str::trim_end) {
        if line.is_empty() && tidy.ends_with("\n\n") {
            continue;
        }
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy
}

/// Fills every template with samples, so that what is missing is found before the first reader.
///
/// # Errors
/// When a template cannot be filled.
pub fn check_templates() -> Result<()> {
    let config = samples::config();
    for message in samples::all() {
        let params = samples::params(&message)?;
        write(&config, message.template(), &params, Some("https://stint.example/link/sample"))?;
    }
    Ok(())
}

/// "Oslo time" for Europe/Oslo; zones that are no place by their own name.
fn zone_name(zone: Tz) -> String {
    match zone.name().rsplit_once('/') {
        Some((area, place)) if area != "Etc" => format!("{} time", place.replace('_', " ")),
        _ => zone.name().trim_start_matches("Etc/").to_owned(),
    }
}

fn local(
    state: &State<'_, '_>,
    value: &str,
) -> std::result::Result<(DateTime<Tz>, DateTime<Tz>), TemplateError> {
    let wrong = |what: &str| TemplateError::new(ErrorKind::InvalidOperation, format!("{what} is no instant"));
    let text = |name: &str| state.lookup(name).and_then(|value| value.as_str().map(str::to_owned));
    let zone: Tz = text("zone").and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC);
    let sent: Instant = text("sent_at").and_then(|sent| sent.parse().ok()).ok_or_else(|| wrong("sent_at"))?;
    let instant: Instant = value.parse().map_err(|_| wrong(value))?;
    Ok((instant.with_timezone(&zone), sent.with_timezone(&zone)))
}

/// "15:12" on the day of the mail; "Wed 25 Nov, 15:12" on another; with the year when it is more than half a year away.
fn clock(state: &State<'_, '_>, value: String) -> std::result::Result<String, TemplateError> {
    let (instant, sent) = local(state, &value)?;
    let format = if instant.date_naive() == sent.date_naive() {
        "%H:%M"
    } else if (instant - sent).num_days().abs() > 183 {
        "%-d %b %Y, %H:%M"
    } else {
        "%a %-d %b, %H:%M"
    };
    Ok(instant.format(format).to_string())
}

/// "Tuesday 24 November 2026, 14:12".
fn moment(state: &State<'_, '_>, value: String) -> std::result::Result<String, TemplateError> {
    let (instant, _) = local(state, &value)?;
    Ok(instant.format("%A %-d %B %Y, %H:%M").to_string())
}
