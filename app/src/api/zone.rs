//! The zone in which somebody sees times.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::server::{context, go_to, told};
use crate::{AppResult, exchange::JsonCall};

/// What the form sends; an empty zone is the organisation's.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneForm {
    zone: String,
}

/// The zones to choose from: those named after places, and UTC.
#[server(prefix = "/fn", endpoint = "zone/list", protocol = JsonCall)]
pub async fn zone_list() -> AppResult<Vec<String>> {
    const PARTS: [&str; 9] = [
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    context()?.1.signed().map_err(told)?;
    let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    Ok(names
        .filter(|name| *name == "UTC" || PARTS.iter().any(|part| name.starts_with(part)))
        .map(str::to_owned)
        .collect())
}

/// Keeps the zone.
#[server(prefix = "/fn", endpoint = "zone/choose")]
pub async fn zone_choose(form: ZoneForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let zone = Some(form.zone).filter(|zone| !zone.is_empty());
    engine::person::set_zone(&engine, &ctx, zone).await.map_err(told)?;
    go_to("/account?done=zone");
    Ok(())
}
