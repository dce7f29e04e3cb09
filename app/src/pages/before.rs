//! The frame around the pages of people who are not signed in: form at the left, dial at the right.

use leptos::prelude::*;
use leptos_router::components::Outlet;
use serde::{Deserialize, Serialize};

use crate::{
    app::use_about,
    ui::{SignFrame, use_now},
    when::{provide_zone, use_zone},
};

const DEMO: &str = "Demo. Nothing here is real, nothing stays.";

/// Where this is, for people who have no zone of their own yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Place {
    host: String,
    zone: String,
}

/// Mark, page and dial.
#[component]
pub fn Before() -> impl IntoView {
    let about = use_about();
    let place = SharedValue::new(here).into_inner();
    provide_zone(Signal::stored(place.zone));
    let now = chrono::DateTime::from_timestamp(use_now().get_untracked(), 0).unwrap_or_default();
    let hour = use_zone().hour(now);
    let run_by =
        if about.organisation.is_empty() { String::new() } else { format!("Run by {}", about.organisation) };
    view! {
        <SignFrame run_by host=place.host hour demo=if about.demo { DEMO } else { "" }>
            <Outlet />
        </SignFrame>
    }
}

#[cfg(feature = "ssr")]
fn here() -> Place {
    let found = crate::api::server::context().map(|(engine, _)| {
        let config = engine.config();
        let host = config.public_url.split_once("://").map_or("", |(_, host)| host).to_owned();
        Place { host, zone: config.zone.name().to_owned() }
    });
    found.unwrap_or_else(|_| Place { host: String::new(), zone: "UTC".to_owned() })
}

/// Signing out leads here by a new page, so that this is hardly ever asked in the browser.
#[cfg(not(feature = "ssr"))]
fn here() -> Place {
    Place { host: location().host().unwrap_or_default(), zone: "UTC".to_owned() }
}
