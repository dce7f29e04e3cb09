//! Requests of one's own that wait for others.

use domain::activation::ActivationRow;
use leptos::prelude::*;

use super::{
    end::{CancelForm, Ends},
    words::{any_of, instant, part, tile},
};
use crate::{
    ui::{ButtonKind, time, use_now},
    when::use_zone,
};

/// One card for each.
#[component]
pub(super) fn Waiting(rows: Memo<Vec<ActivationRow>>, ends: Ends) -> impl IntoView {
    view! {
        <div class="stack tight">
            <For each=move || rows.get() key=|row| (row.id, row.lapses_at) let:row>
                <WaitingCard row ends />
            </For>
        </div>
    }
    .into_any()
}

#[component]
fn WaitingCard(row: ActivationRow, ends: Ends) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let (asked_at, lapses_at) = (row.requested_at, row.lapses_at);
    let times = move || {
        let at = instant(now.get());
        let ago = time::relative(asked_at.timestamp(), at.timestamp());
        let asked = format!("asked {}, {ago}.", zone.short(asked_at, at));
        match lapses_at {
            Some(lapse) => {
                let left = time::relative(lapse.timestamp(), at.timestamp());
                format!("{asked} Lapses {}, {left}", zone.short(lapse, at))
            }
            None => asked,
        }
    };
    let what = part(&row.scope).into_iter().chain([row.duration.words()]).collect::<Vec<_>>().join(", ");
    let said = (!row.justification.is_empty()).then(|| format!(", “{}”", row.justification));
    let name = row.role.name.clone();
    let label = name.clone();
    view! {
        <article class="card wait-card" aria-label=label>
            {tile(&row.role, 40)}
            <div class="wait-what two">
                <a class="row-name" href=format!("/requests/{}", row.id)>{name.clone()}</a>
                <span class="clip">{what}{said}</span>
            </div>
            <div class="wait-who two">
                <span>{any_of(&row.approvers)}</span>
                <span>{times}</span>
            </div>
            <div class="actions">
                <CancelForm ends id=row.id label="Withdraw" name kind=ButtonKind::Quiet />
            </div>
        </article>
    }
    .into_any()
}
