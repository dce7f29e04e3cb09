//! A bounded part of a long list.

use serde::{Deserialize, Serialize};

/// Some items of a list, and where the next part begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, at most [`PAGE_SIZE`].
    pub items: Vec<T>,
    /// The cursor of the next part; absent at the end.
    pub next: Option<String>,
}

/// How many items one answer holds at most.
pub const PAGE_SIZE: u64 = 50;

/// Input: which part of a list, and what to search for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ListQuery {
    /// Where to begin: the `next` of the part before.
    pub cursor: Option<String>,
    /// Only what contains this, at most 100 characters.
    pub search: Option<String>,
}
