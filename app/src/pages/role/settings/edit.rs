//! The form as it stands at this moment, read as settings, beside what is saved.

use domain::{
    person::{Principal, PrincipalRef},
    role::RoleDetail,
    role_settings::RoleSettings,
};
use leptos::{form::FromFormData, html, prelude::*, web_sys::FormData};

use crate::{
    api::role_settings::RoleSettingsChange,
    form::{Refusal, typed},
};

/// What is saved, what would be saved, and why it was refused.
#[derive(Clone, Copy)]
pub(super) struct Edit {
    role: StoredValue<RoleDetail>,
    wanted: RwSignal<RoleSettings>,
    /// Names of those who can be chosen as approvers.
    names: RwSignal<Vec<PrincipalRef>>,
    pub refusal: Refusal,
    form: NodeRef<html::Form>,
}

impl Edit {
    pub fn of(role: &RoleDetail, refusal: Refusal, form: NodeRef<html::Form>) -> Self {
        Self {
            role: StoredValue::new(role.clone()),
            wanted: RwSignal::new(role.settings.clone()),
            names: RwSignal::new(role.approvers.clone()),
            refusal,
            form,
        }
    }

    /// Says whether something typed would be lost. What was typed before the browser's half arrived counts.
    pub fn watch(self, is_touched: RwSignal<bool>) {
        Effect::new(move |_| {
            if self.form.get().is_some() {
                self.read();
            }
        });
        Effect::new(move |_| is_touched.set(self.is_changed()));
    }

    /// Reads the form. What cannot be read stays as it was; the server says so when it is sent.
    pub fn read(self) {
        let Some(form) = self.form.get_untracked() else { return };
        let settings = FormData::new_with_form(&form)
            .ok()
            .and_then(|data| RoleSettingsChange::from_form_data(&data).ok())
            .and_then(|sent| sent.settings().ok());
        if let Some(settings) =
            settings.filter(|settings| self.wanted.with_untracked(|wanted| wanted != settings))
        {
            self.wanted.set(settings);
        }
    }

    /// Reads the form once the page has followed a change of the list of approvers.
    pub fn read_soon(self) {
        set_timeout(move || self.read(), std::time::Duration::ZERO);
    }

    pub fn role(self) -> RoleDetail {
        self.role.get_value()
    }

    pub fn saved(self) -> RoleSettings {
        self.role.with_value(|role| role.settings.clone())
    }

    pub fn wanted(self) -> RoleSettings {
        self.wanted.get()
    }

    pub fn is_changed(self) -> bool {
        self.role.with_value(|role| self.wanted.with(|wanted| *wanted != role.settings))
    }

    /// What differs: what, from, to. Approvers by their names.
    pub fn changes(self) -> Vec<(String, String, String)> {
        let (saved, wanted) = (self.saved(), self.wanted());
        let mut changes = wanted.changes_since(&saved);
        for (what, from, to) in &mut changes {
            if what == "Approvers" {
                (*from, *to) = (self.spoken(&saved), self.spoken(&wanted));
            }
        }
        changes
    }

    fn spoken(self, settings: &RoleSettings) -> String {
        let named = settings.stage().map(|stage| stage.approvers.clone()).unwrap_or_default();
        let names: Vec<_> = named.into_iter().map(|principal| self.name(principal)).collect();
        if names.is_empty() { "the administrators".to_owned() } else { names.join(", ") }
    }

    pub fn name(self, principal: Principal) -> String {
        let found = self.names.with(|names| names.iter().find(|named| named.principal == principal).cloned());
        found.map_or_else(|| "somebody".to_owned(), |named| named.name)
    }

    /// Remembers names, so that the difference can be said.
    pub fn learn(self, found: &[PrincipalRef]) {
        self.names.update(|names| {
            for named in found {
                if !names.iter().any(|known| known.principal == named.principal) {
                    names.push(named.clone());
                }
            }
        });
    }

    /// The changes in one line: "Longest activation: 8 h to 4 h."
    pub fn difference(self) -> String {
        let changes = self.changes().into_iter().map(|(what, from, to)| format!("{what}: {from} to {to}."));
        changes.collect::<Vec<_>>().join(" ")
    }

    /// Whether one of these facts differs from what is saved.
    pub fn differs(self, facts: &'static [&'static str]) -> Signal<bool> {
        Memo::new(move |_| self.changes().iter().any(|(what, ..)| facts.contains(&what.as_str()))).into()
    }

    /// What is wrong with a field.
    pub fn wrong(self, field: &'static str) -> MaybeProp<String> {
        self.refusal.field(field)
    }
}

/// What a knob holds at first: what was typed into a refused form, else what is saved.
pub(super) fn first(name: &str, saved: impl Into<String>) -> String {
    typed::<RoleSettingsChange>(name, saved)
}

/// The same for a switch.
pub(super) fn first_on(name: &str, saved: bool) -> bool {
    first(name, saved.to_string()) == "true"
}
