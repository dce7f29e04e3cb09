//! Activations as lists show them: names, roles and settings are read for all of them at once.

use std::collections::HashMap;

use domain::{
    Instant,
    activation::{Activation, ActivationRow, State},
    group::{GroupId, GroupRef},
    person::{PersonId, PersonRef, Principal, PrincipalRef},
    role::{LastActivation, LiveActivation, RoleId},
    role_settings::RoleSettings,
};
use sea_orm::ConnectionTrait;

use crate::{
    error::{Error, Result},
    store::{self, role_settings::Versions},
};

/// The rows of these activations at `now`, in the same order.
pub(super) async fn rows<C: ConnectionTrait>(
    db: &C,
    activations: Vec<Activation>,
    now: Instant,
) -> Result<Vec<ActivationRow>> {
    if activations.is_empty() {
        return Ok(Vec::new());
    }
    let judged_by = activations.iter().map(|activation| (activation.role, activation.settings_version));
    let versions = store::role_settings::since_each(db, judged_by).await?;
    let approvers: Vec<Vec<Principal>> =
        activations.iter().map(|activation| named(&versions, activation)).collect();
    let roles = store::role::by_id(db, activations.iter().map(|activation| activation.role)).await?;
    let requesters = activations.iter().map(|activation| activation.person);
    let names = Names::of(db, requesters, approvers.iter().flatten().copied()).await?;
    activations
        .into_iter()
        .zip(approvers)
        .map(|(activation, approvers)| {
            let role = roles
                .get(&activation.role)
                .ok_or_else(|| Error::broken("activation.rows", "a role is missing"))?;
            Ok(row(activation, store::role::reference(role), &names, &approvers, now))
        })
        .collect()
}

/// The principals that the settings name which judge a request; none when nobody has to agree.
fn named(versions: &HashMap<RoleId, Versions>, activation: &Activation) -> Vec<Principal> {
    let settings =
        versions.get(&activation.role).and_then(|all| all.since(activation.settings_version).first());
    settings.map(|settings| approvers(settings, activation.person)).unwrap_or_default()
}

/// Who is named to decide on a request of this person, who never counts; none when nobody has to agree.
pub(super) fn approvers(settings: &RoleSettings, requester: PersonId) -> Vec<Principal> {
    let stage = settings.stage().filter(|_| settings.approval.required);
    let named = stage.map(|stage| stage.approvers.as_slice()).unwrap_or_default();
    let others: Vec<_> =
        named.iter().copied().filter(|approver| *approver != Principal::Person(requester)).collect();
    // Nobody at all would mean the administrators.
    if others.is_empty() { named.to_vec() } else { others }
}

fn row(
    activation: Activation,
    role: domain::role::RoleRef,
    names: &Names,
    approvers: &[Principal],
    now: Instant,
) -> ActivationRow {
    let state = activation.state_at(now);
    // What is over by the clock is shown as over, whether or not it was recorded.
    let (settled_at, cause) = match (activation.settled_at, state) {
        (None, State::Ended) => (activation.ends_at, Some(super::due::natural_cause(&activation))),
        (None, State::TimedOut) => (activation.lapses_at, None),
        (settled_at, _) => (settled_at, activation.cause),
    };
    ActivationRow {
        digest: activation.digest(),
        id: activation.id,
        number: activation.number,
        person: names.person(activation.person),
        role,
        scope: activation.scope,
        state,
        requested_at: activation.requested_at,
        requested_start: activation.requested_start,
        duration: activation.duration,
        justification: activation.justification,
        ticket: activation.ticket,
        lapses_at: activation.lapses_at,
        effective_at: activation.effective_at,
        ends_at: activation.ends_at,
        settled_at,
        cause,
        approvers: names.principals(approvers),
    }
}

/// A live activation, shortly.
pub(super) fn live(activation: &Activation, now: Instant) -> LiveActivation {
    LiveActivation {
        id: activation.id,
        number: activation.number,
        state: activation.state_at(now),
        ends_at: activation.ends_at,
    }
}

/// The last activation, shortly.
pub(super) fn last(activation: &Activation) -> Option<LastActivation> {
    Some(LastActivation {
        at: activation.effective_at?,
        duration: activation.duration,
        justification: activation.justification.clone(),
    })
}

/// The names of people and groups that one answer speaks of.
pub(super) struct Names {
    people: HashMap<PersonId, PersonRef>,
    groups: HashMap<GroupId, GroupRef>,
}

impl Names {
    pub async fn of<C: ConnectionTrait>(
        db: &C,
        people: impl IntoIterator<Item = PersonId>,
        principals: impl IntoIterator<Item = Principal>,
    ) -> Result<Self> {
        let (mut persons, mut groups): (Vec<_>, Vec<_>) = (people.into_iter().collect(), Vec::new());
        for principal in principals {
            match principal {
                Principal::Person(person) => persons.push(person),
                Principal::Group(group) => groups.push(group),
            }
        }
        Ok(Self {
            people: store::person::names(db, persons).await?,
            groups: if groups.is_empty() { HashMap::new() } else { store::group::names(db, groups).await? },
        })
    }

    pub fn person(&self, id: PersonId) -> PersonRef {
        self.people.get(&id).cloned().unwrap_or(PersonRef { id, name: String::new() })
    }

    /// The name of the group that something comes through; nothing when it comes directly.
    pub fn through(&self, principal: Principal) -> Option<String> {
        match principal {
            Principal::Person(_) => None,
            Principal::Group(group) => self.groups.get(&group).map(|group| group.name.clone()),
        }
    }

    pub fn principals(&self, principals: &[Principal]) -> Vec<PrincipalRef> {
        let name = |principal: &Principal| match principal {
            Principal::Person(person) => self.person(*person).name,
            Principal::Group(_) => self.through(*principal).unwrap_or_default(),
        };
        principals
            .iter()
            .map(|principal| PrincipalRef { principal: *principal, name: name(principal) })
            .collect()
    }
}
