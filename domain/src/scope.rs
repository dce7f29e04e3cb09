//! The part of the organisation that an assignment covers: a path, compared segment by segment.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    problem::{Code, Problem},
    text::is_deceptive,
};

/// A path such as `/finance/payroll`; `/` is everything. Covers everything below it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(String);

/// The longest path, in characters.
pub const LONGEST_SCOPE: usize = 200;

impl Scope {
    /// Everything.
    pub fn everything() -> Self {
        Self("/".to_owned())
    }

    /// Whether this is the whole organisation.
    pub fn is_everything(&self) -> bool {
        self.0 == "/"
    }

    /// Whether what `self` covers includes all of `other`: whole segments, never a prefix of a name.
    pub fn covers(&self, other: &Self) -> bool {
        self.is_everything()
            || other.0 == self.0
            || other.0.strip_prefix(self.0.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Scope {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let malformed = || {
            Problem::new(Code::Malformed)
                .field("scope")
                .limit("a path such as /finance/payroll of at most 200 characters")
        };
        let text = text.trim();
        if text == "/" || text.is_empty() {
            return Ok(Self::everything());
        }
        let segments = text.strip_prefix('/').ok_or_else(malformed)?;
        let well_formed = |segment: &str| {
            !segment.is_empty()
                && segment != "."
                && segment != ".."
                && segment.trim() == segment
                && !segment.chars().any(|c| c.is_control() || c == '\\' || is_deceptive(c))
        };
        if text.chars().count() > LONGEST_SCOPE || !segments.split('/').all(well_formed) {
            return Err(malformed());
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom("not a scope such as /finance/payroll"))
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    //! A scope is a string.
    use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

    impl utoipa::PartialSchema for super::Scope {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .max_length(Some(super::LONGEST_SCOPE))
                .description(Some("A path; `/` is everything"))
                .examples([serde_json::json!("/finance/payroll")])
                .into()
        }
    }
    impl utoipa::ToSchema for super::Scope {
        fn name() -> std::borrow::Cow<'static, str> {
            "Scope".into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_covers_whole_segments_only() {
        for (wide, narrow, covers) in [
            ("/", "/finance", true),
            ("/finance", "/finance", true),
            ("/finance", "/finance/payroll", true),
            ("/finance", "/finance2", false),
            ("/finance/payroll", "/finance", false),
            ("/finance", "/", false),
        ] {
            let (wide, narrow): (Scope, Scope) = (wide.parse().unwrap(), narrow.parse().unwrap());
            assert_eq!(wide.covers(&narrow), covers, "{wide} {narrow}");
        }
    }

    #[test]
    fn odd_paths_are_refused() {
        for text in ["finance", "//", "/finance/", "/a//b", "/a/../b", "/a/./b", "/a\n", "/ a", "/a\\b"] {
            let parsed = text.parse::<Scope>();
            assert!(parsed.is_err() || parsed.unwrap().as_str() == text.trim(), "{text:?}");
        }
        assert!("/a/../b".parse::<Scope>().is_err());
        for text in ["/fin\u{202e}ance", "/finance\u{200b}", "/finance/\u{3164}", "/a\0b"] {
            assert!(text.parse::<Scope>().is_err(), "{text:?} reads as something else than it says");
        }
        assert!(format!("/{}", "x".repeat(200)).parse::<Scope>().is_err());
    }
}
