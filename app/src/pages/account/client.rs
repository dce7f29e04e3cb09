//! What a browser says of itself, in words: "Firefox on Linux". A guess for recognising one's own devices, nothing more.

use domain::session::SessionKind;

/// Looked for in this order: browsers name their ancestors too.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// The most characters of what nobody knows.
const LONGEST: usize = 40;

/// A name for it.
pub fn name(agent: &str, kind: SessionKind) -> String {
    let found = |list: &[(&str, &'static str)]| {
        list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (found(&BROWSERS), found(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) if agent.is_empty() && kind == SessionKind::Browser => "A browser".to_owned(),
        (None, _) if agent.is_empty() => "A tool".to_owned(),
        (None, _) => agent.chars().take(LONGEST).collect(),
    }
}

/// Whether it is held in the hand.
pub fn is_phone(agent: &str) -> bool {
    ["iPhone", "Android", "Mobile"].iter().any(|sign| agent.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_told_by_browser_and_system() {
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.14.1", "curl/8.14.1"),
            ("", "A browser"),
        ] {
            assert_eq!(name(agent, SessionKind::Browser), expected, "{agent}");
        }
        assert_eq!(name("", SessionKind::Tool), "A tool");
    }
}
