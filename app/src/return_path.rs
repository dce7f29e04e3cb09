//! Where to go after signing in: a path of this site and nothing else.

use std::fmt;

/// A path on this site, checked once. Made from what stands in an address, which anybody may have written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnPath(String);

/// The longest path that is kept.
const LONGEST: usize = 500;

/// Where returning makes no sense: what is no page, and the pages before sign-in.
const NOWHERE: [&str; 7] = ["/fn", "/api/", "/events", "/sign-in", "/set-up", "/link", "/pkg"];

impl ReturnPath {
    /// Takes the path, or the home page when it is anything else.
    pub fn or_home(given: Option<&str>) -> Self {
        given.and_then(Self::parse).unwrap_or_else(|| Self("/".to_owned()))
    }

    /// Takes a path that begins with exactly one slash, without anything that a browser reads as another place.
    pub fn parse(given: &str) -> Option<Self> {
        let plain = given.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let local = given.starts_with('/') && !given.starts_with("//") && given.len() <= LONGEST;
        let somewhere = !NOWHERE.iter().any(|place| given.starts_with(place));
        (plain && local && somewhere).then(|| Self(given.to_owned()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of the sign-in page that leads back here.
    pub fn sign_in(&self) -> String {
        if self.0 == "/" {
            return "/sign-in".to_owned();
        }
        format!("/sign-in?to={}", escaped(&self.0))
    }
}

impl fmt::Display for ReturnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Percent-encodes what has a meaning in a query.
fn escaped(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_taken() {
        for good in ["/", "/activate/exchange-administrator", "/audit?kind=role.created&before=7", "/api"] {
            assert_eq!(ReturnPath::parse(good).map(|path| path.0).as_deref(), Some(good));
        }
        for bad in [
            "",
            "roles",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/a\r\nLocation: x",
            "https://evil.example",
            "javascript:alert(1)",
            "/é",
            "/fn/session/end",
            "/sign-in?to=/sign-in",
            &format!("/{}", "a".repeat(500)),
        ] {
            assert_eq!(ReturnPath::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_way_back_is_carried_whole() {
        assert_eq!(ReturnPath::or_home(None).sign_in(), "/sign-in");
        assert_eq!(
            ReturnPath::or_home(Some("/audit?a=b&c=d")).sign_in(),
            "/sign-in?to=/audit%3Fa%3Db%26c%3Dd"
        );
    }
}
