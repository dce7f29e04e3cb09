//! What is on, for the panel and the bar of the frame.

use domain::{activation::MyRoles, role::RoleRef};
use leptos::prelude::*;

use super::{
    end::{DeactivateForm, ends},
    words::instant,
};
use crate::{
    ui::{ButtonLink, Duty, DutyActions},
    when::Zone,
};

/// Roles that are held by an activation, as the frame shows them.
pub fn on_duty(roles: &MyRoles, zone: Zone) -> Vec<Duty> {
    let now = instant(roles.now.timestamp());
    let held = roles.active.iter().filter_map(|held| {
        let (activation, ends_at) = (held.activation.as_ref()?, held.ends_at?);
        let RoleRef { name, .. } = held.role.clone();
        Some(Duty {
            id: activation.id.to_string(),
            name,
            href: format!("/requests/{}", activation.id),
            starts_at: held.since.timestamp(),
            ends_at: ends_at.timestamp(),
            clock: zone.short(ends_at, now),
        })
    });
    held.collect()
}

/// What can be done with something that is on, in the sheet of the frame.
pub fn duty_actions() -> DutyActions {
    let ends = ends();
    Callback::new(move |duty: Duty| {
        let deactivate =
            duty.id.parse().ok().map(|id| view! { <DeactivateForm ends id name=duty.name.clone() /> });
        view! {
            <ButtonLink href=duty.href>"Details"</ButtonLink>
            {deactivate}
        }
        .into_any()
    })
}
