//! Knobs of how long people may be eligible, or have the role by assignment.

use domain::role::builtin;
use leptos::prelude::*;

use super::edit::{Edit, first, first_on};
use crate::ui::{Card, IconName, Setting, Switch, TextField};

#[component]
pub(super) fn AssignmentCard(edit: Edit) -> impl IntoView {
    let settings = edit.saved();
    // Standing must stay possible there, or nobody could remain to administer Stint.
    let is_administration = edit.role().row.role.id == builtin::ADMINISTRATOR;
    view! {
        <Card title="Assignment" icon=IconName::Group rows=true>
            <Setting name="Eligible without end" plain_switch=true changed=edit.differs(&["Eligible without end"])>
                <Switch name="form[eligible_permanent]" label="Eligible without end" on=first_on("eligible_permanent", settings.eligible.permanent) />
            </Setting>
            <Setting name="Eligible for at most" hint="of those with an end" changed=edit.differs(&["Eligible for at most"])>
                <TextField
                    name="form[eligible_longest]"
                    label="Eligible for at most"
                    label_hidden=true
                    value=first("eligible_longest", settings.eligible.longest.words())
                    error=edit.wrong("eligible_longest")
                />
            </Setting>
            <Setting
                name="Standing assignment"
                hint=if is_administration { "has to stay possible for this role" } else { "on all the time" }
                changed=edit.differs(&["Standing assignment"])
                error=edit.wrong("active_permanent")
            >
                <Switch
                    name="form[active_permanent]"
                    label="Standing assignment"
                    on=first_on("active_permanent", settings.active.permanent)
                    locked=is_administration && settings.active.permanent
                />
            </Setting>
            <Setting name="Active by assignment for at most" hint="of those with an end" changed=edit.differs(&["Active by assignment for at most"])>
                <TextField
                    name="form[active_longest]"
                    label="Active by assignment for at most"
                    label_hidden=true
                    value=first("active_longest", settings.active.longest.words())
                    error=edit.wrong("active_longest")
                />
            </Setting>
            <Setting name="Reason to assign as active" plain_switch=true changed=edit.differs(&["Reason to assign as active"])>
                <Switch name="form[active_reason]" label="Reason to assign as active" on=first_on("active_reason", settings.active_justification) />
            </Setting>
        </Card>
    }
    .into_any()
}
