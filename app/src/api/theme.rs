//! Light or dark, fixed by a person for this browser. A cookie and nothing else: not a secret, not on record.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::AppResult;

/// How the pages look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system does.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The word in the cookie and in the attribute `data-theme`; none for the system's.
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// Reads the cookie; whatever it holds else counts as the system's.
    pub fn read(word: Option<&str>) -> Self {
        match word {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }
}

/// What the form sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThemeForm {
    /// The theme to keep.
    pub theme: Theme,
}

/// Keeps the theme.
#[server(prefix = "/fn", endpoint = "theme/choose")]
pub async fn theme_choose(form: ThemeForm) -> AppResult<()> {
    super::server::set_cookie(&super::cookies::Cookies::plain("stint_theme", form.theme.word()));
    Ok(())
}
