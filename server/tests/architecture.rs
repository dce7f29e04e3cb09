//! The house as a test: which crate may know which, and the habits that a reviewer would otherwise have to watch for.
//! Each list is literal, so that a change of it is seen in a review; lists of exceptions may only shrink.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Which of our crates knows which. `?`: only with a feature. `dev`: only in its tests.
const EDGES: [&str; 9] = [
    "app -> domain",
    "app -> engine ?",
    "engine -> domain",
    "engine -> migrations",
    "frontend -> app",
    "server -> app",
    "server -> domain",
    "server -> engine",
    "server -> engine dev",
];

/// Who may use what would carry a transport, a page or a database to where it does not belong.
const USERS: [(&str, &[&str]); 10] = [
    ("axum", &["app ?", "server"]),
    ("chrono", &["app", "domain", "engine"]),
    // Makes the engine fail on purpose: never in a program that is given away.
    ("fail", &["engine ?"]),
    ("hyper", &["server"]),
    ("leptos", &["app", "frontend", "server"]),
    ("lettre", &["engine"]),
    ("sea-orm", &["engine"]),
    ("sea-orm-migration", &["migrations"]),
    ("sqlx", &["engine"]),
    ("tokio", &["engine", "server"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// What a package says that it depends on.
struct Dependency {
    name: String,
    /// `dev` or `build`.
    kind: Option<String>,
    /// Only with a feature.
    optional: bool,
    /// A crate of this workspace.
    ours: bool,
}

/// Every package of the workspace with what it depends on.
fn dependencies() -> BTreeMap<String, Vec<Dependency>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let dependency = |one: &Value| Dependency {
        name: text(one.get("name").unwrap()).unwrap(),
        kind: one.get("kind").and_then(text),
        optional: one.get("optional").and_then(Value::as_bool).unwrap(),
        ours: one.get("path").is_some_and(Value::is_string),
    };
    list(metadata.get("packages").unwrap())
        .iter()
        .map(|package| {
            let known = list(package.get("dependencies").unwrap());
            (text(package.get("name").unwrap()).unwrap(), known.iter().map(dependency).collect())
        })
        .collect()
}

#[test]
fn arrows_between_our_crates_are_those_of_the_picture() {
    let mut edges = BTreeSet::new();
    for (from, known) in dependencies() {
        for Dependency { name, kind, optional, .. } in known.into_iter().filter(|known| known.ours) {
            let kind = kind.map(|kind| format!(" {kind}")).unwrap_or_default();
            edges.insert(format!("{from} -> {name}{}{kind}", if optional { " ?" } else { "" }));
        }
    }
    assert_eq!(edges, EDGES.map(str::to_owned).into());
}

#[test]
fn transports_pages_and_databases_stay_where_they_belong() {
    let all = dependencies();
    for (library, may) in USERS {
        let mut users = BTreeSet::new();
        for (package, known) in &all {
            for one in known.iter().filter(|one| one.name == library && one.kind.is_none()) {
                users.insert(format!("{package}{}", if one.optional { " ?" } else { "" }));
            }
        }
        assert_eq!(users, may.iter().map(|name| (*name).to_owned()).collect(), "who uses {library}");
    }
}

/// All Rust files under some folders, by their path in the repository.
fn sources(folders: &[&str]) -> BTreeMap<String, String> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut found = BTreeMap::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// Lines of code: no comments, and nothing from where the tests of a file begin.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| line.trim() != "mod tests {")
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// The files whose code holds one of these words, which a list must name.
fn files_with(sources: &BTreeMap<String, String>, word: impl Fn(&str) -> bool) -> BTreeSet<&str> {
    let hits = sources.iter().filter(|(_, text)| code(text).any(&word));
    hits.map(|(name, _)| name.as_str()).collect()
}

#[test]
fn every_file_says_what_it_is() {
    let folders = [
        "domain/src",
        "migrations/src",
        "engine/src",
        "engine/benches",
        "engine/tests",
        "app/src",
        "app/tests",
        "frontend/src",
        "server/src",
        "server/tests",
    ];
    let silent = sources(&folders).into_iter().filter(|(_, text)| !text.starts_with("//! "));
    let silent: Vec<_> = silent.map(|(name, _)| name).collect();
    assert!(silent.is_empty(), "without //! at the top: {silent:?}");
}

#[test]
fn nothing_is_written_into_a_page_unescaped() {
    let sources = sources(&["app/src"]);
    assert_eq!(files_with(&sources, |line| line.contains("inner_html")), BTreeSet::new());
    // Children of these are emitted raw when the server renders.
    for (element, may) in [
        // The address of our own files, with their hash.
        ("<script", ["app/src/app.rs"].as_slice()),
        // The one place that escapes what it holds.
        ("<textarea", &["app/src/ui/text_area.rs"]),
        ("<style", &[]),
        ("<noscript", &[]),
    ] {
        assert_eq!(files_with(&sources, |line| line.contains(element)), may.iter().copied().collect());
    }
}

/// Whether a line of markup has a `style` attribute or a handler such as `onclick` in words.
fn is_refused_by_the_policy(line: &str) -> bool {
    line.split_whitespace().any(|word| {
        let name = word.split('=').next().unwrap_or_default();
        let handler = name.strip_prefix("on").is_some_and(|rest| {
            rest.len() > 2 && rest.bytes().all(|byte| byte.is_ascii_lowercase()) && word.contains("=\"")
        });
        handler || word.starts_with("style=") || word.starts_with("style:") || word.starts_with("attr:style")
    })
}

#[test]
fn pages_have_no_style_attributes_and_no_handlers_in_words() {
    assert!(is_refused_by_the_policy(r#"<a onclick="x()">"#) && is_refused_by_the_policy(r"<p style=bar>"));
    assert!(!is_refused_by_the_policy(r#"<Switch name="a" on=first_on("b") />"#));
    assert_eq!(files_with(&sources(&["app/src"]), is_refused_by_the_policy), BTreeSet::new());
}

#[test]
fn the_environment_is_read_where_the_configuration_is() {
    let sources =
        sources(&["domain/src", "migrations/src", "engine/src", "app/src", "frontend/src", "server/src"]);
    // The lint names the functions; this also sees who silences it.
    let may = ["engine/src/model/mod.rs", "engine/src/testing.rs", "server/src/cli/mod.rs"];
    assert_eq!(files_with(&sources, |line| line.contains("env::var")), may.into());
}

/// What knows SeaORM outside of the store, and what of it. Everything else may name a connection and nothing more.
const KNOW_THE_DATABASE: [&str; 4] = [
    // Turns its errors into ours.
    "engine/src/error.rs",
    // Begins and ends transactions.
    "engine/src/lane/runner.rs",
    // Keeps the connections.
    "engine/src/lib.rs",
    // Looks more often where other instances may write too.
    "engine/src/worker/pace.rs",
];

#[test]
fn only_the_store_knows_the_database() {
    let is_database = |line: &str| ["sea_orm", "sea_query", "sqlx::"].iter().any(|word| line.contains(word));
    let elsewhere = sources(&["domain/src", "app/src", "frontend/src", "server/src"]);
    assert_eq!(files_with(&elsewhere, is_database), BTreeSet::new());
    let mut engine = sources(&["engine/src"]);
    engine.retain(|name, _| {
        let is_store = name.starts_with("engine/src/store/");
        let is_test = ["/testing", "/tests/", "/model/"].iter().any(|part| name.contains(part))
            || name.ends_with("/tests.rs");
        !is_store && !is_test
    });
    let knows_more = |line: &str| is_database(line) && line.trim() != "use sea_orm::ConnectionTrait;";
    assert_eq!(files_with(&engine, knows_more), KNOW_THE_DATABASE.into());
}
