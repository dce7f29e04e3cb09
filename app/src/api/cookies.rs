//! The cookies of Stint: names, attributes, reading. On plain http, which is for loopback only, the names have no prefix.

use http::{HeaderMap, HeaderValue, header::COOKIE};

/// What is kept in a browser. Everything but the theme is for the server's eyes only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The access token.
    Access,
    /// The refresh token.
    Refresh,
    /// What lies between password and code, or is being enrolled: sealed, five minutes.
    Step,
    /// That somebody signed in here before: sealed.
    Device,
    /// What a refused plain form held: sealed, five minutes.
    Draft,
    /// A one-time link that was just made, until it is shown: sealed, five minutes.
    Link,
}

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Access => "stint_access",
            Self::Refresh => "stint_refresh",
            Self::Step => "stint_step",
            Self::Device => "stint_device",
            Self::Draft => "stint_draft",
            Self::Link => "stint_link",
        }
    }

    /// How long a browser keeps it; the server decides what it is worth.
    const fn seconds(self) -> u32 {
        match self {
            Self::Access | Self::Refresh => 24 * 3600,
            Self::Step | Self::Draft | Self::Link => 300,
            Self::Device => 365 * 24 * 3600,
        }
    }
}

/// How cookies are written under this address.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    /// For pages that people reach at this address.
    pub fn of(public_url: &str) -> Self {
        Self { secure: public_url.starts_with("https://") }
    }

    /// A `Set-Cookie` that keeps a value. `value` is URL-safe base 64 or a token.
    pub fn keep(self, cookie: Cookie, value: &str) -> HeaderValue {
        self.written(cookie, value, cookie.seconds())
    }

    /// A `Set-Cookie` that removes it.
    pub fn forget(self, cookie: Cookie) -> HeaderValue {
        self.written(cookie, "", 0)
    }

    /// A `Set-Cookie` for what is no secret; none removes it.
    pub fn plain(name: &str, value: Option<&str>) -> HeaderValue {
        let life = if value.is_some() { 365 * 24 * 3600 } else { 0 };
        let value = value.unwrap_or_default();
        header(&format!("{name}={value}; Path=/; Max-Age={life}; SameSite=Lax; HttpOnly"))
    }

    /// The value that the browser sent.
    pub fn read(self, headers: &HeaderMap, cookie: Cookie) -> Option<String> {
        read(headers, &self.full_name(cookie))
    }

    fn full_name(self, cookie: Cookie) -> String {
        let prefix = if self.secure { "__Host-" } else { "" };
        format!("{prefix}{}", cookie.name())
    }

    fn written(self, cookie: Cookie, value: &str, life: u32) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        header(&format!(
            "{}={value}; Path=/; Max-Age={life}; HttpOnly; SameSite=Lax{secure}",
            self.full_name(cookie)
        ))
    }
}

/// The value of a cookie by its whole name.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        // Pair by pair: other sites of the domain may set cookies that are no text, which must hide none of ours.
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| str::from_utf8(pair).ok()?.trim().split_once('='))
        .find(|(found, value)| *found == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// A value that is no header is none: it cannot have come from us.
fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookies).unwrap())])
    }

    #[test]
    fn behind_tls_cookies_belong_to_this_host_alone() {
        let cookies = Cookies::of("https://stint.halden.example");
        assert_eq!(
            cookies.keep(Cookie::Access, "abc"),
            "__Host-stint_access=abc; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            cookies.read(&headers("a=b; __Host-stint_access=abc"), Cookie::Access).as_deref(),
            Some("abc")
        );
        assert_eq!(cookies.read(&headers("stint_access=abc"), Cookie::Access), None);
    }

    #[test]
    fn a_cookie_of_others_that_is_no_text_hides_none_of_ours() {
        let all = HeaderValue::from_bytes(b"a=\xff\xe9; stint_access=abc; b=\xc3").unwrap();
        assert_eq!(read(&HeaderMap::from_iter([(COOKIE, all)]), "stint_access").as_deref(), Some("abc"));
    }

    #[test]
    fn on_loopback_they_have_plain_names() {
        let cookies = Cookies::of("http://127.0.0.1:8080");
        assert_eq!(
            cookies.forget(Cookie::Refresh),
            "stint_refresh=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
        assert_eq!(cookies.read(&headers("stint_refresh=x.y"), Cookie::Refresh).as_deref(), Some("x.y"));
        assert_eq!(cookies.read(&headers("stint_refresh="), Cookie::Refresh), None);
    }
}
