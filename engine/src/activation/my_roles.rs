//! The page *My roles*: what is held, planned, waited for and possible, true at one moment.

use std::collections::HashMap;

use domain::{
    Instant, Scope,
    activation::{Activation, EligibleRole, HeldRole, MyRoles, State},
    assignment::{Assignment, AssignmentKind},
    group::GroupId,
    person::{PersonId, Principal},
    role::{Role, RoleId},
    role_settings::RoleSettings,
};
use sea_orm::ConnectionTrait;

use super::rows::{last, live, rows};
use crate::{Ctx, Engine, error::Result, store};

/// Everything on the page *My roles*.
///
/// # Errors
/// When nobody is signed in.
pub async fn my_roles(engine: &Engine, ctx: &Ctx) -> Result<MyRoles> {
    let me = ctx.signed()?.person;
    let (db, now) = (engine.readers(), engine.now());
    let own = Own::read(db, me, None, now).await?;
    let in_state =
        |state: State| own.live.iter().filter(move |a| a.state_at(now) == state).cloned().collect();
    let (planned, waiting): (Vec<_>, Vec<_>) = (in_state(State::Scheduled), in_state(State::PendingApproval));
    Ok(MyRoles {
        now,
        active: own.held(now),
        planned: rows(db, planned, now).await?,
        waiting: rows(db, waiting, now).await?,
        eligible: own.eligible(now),
    })
}

/// What is known of a person's own roles, read for all roles at once.
#[derive(Default)]
pub(super) struct Own {
    /// Assignments in force, of roles that are switched on.
    assignments: Vec<Assignment>,
    live: Vec<Activation>,
    roles: HashMap<RoleId, Role>,
    /// The settings in force of roles that are assigned.
    settings: HashMap<RoleId, RoleSettings>,
    last: HashMap<RoleId, Activation>,
    /// The names of the groups that assignments come through.
    groups: HashMap<GroupId, String>,
}

impl Own {
    pub async fn read<C: ConnectionTrait>(
        db: &C,
        me: PersonId,
        role: Option<RoleId>,
        now: Instant,
    ) -> Result<Self> {
        let (mut live, last) = store::activation::own_of(db, me).await?;
        live.retain(|activation| role.is_none_or(|role| activation.role == role));
        let mut own = Self { live, last, ..Self::default() };
        for open in store::assignment::own::open_of(db, me, role).await? {
            if !open.assignment.is_live(now) || open.role.disabled_at.is_some() {
                continue;
            }
            if let (Principal::Group(group), Some(name)) = (open.assignment.principal, open.group) {
                own.groups.insert(group, name);
            }
            own.settings.insert(open.role.id, open.settings);
            own.roles.insert(open.role.id, open.role);
            own.assignments.push(open.assignment);
        }
        let missing = own.live.iter().map(|activation| activation.role);
        let missing: Vec<_> = missing.filter(|role| !own.roles.contains_key(role)).collect();
        if !missing.is_empty() {
            let more = store::role::by_id(db, missing).await?;
            own.roles.extend(more.into_iter().filter(|(_, role)| role.disabled_at.is_none()));
        }
        Ok(own)
    }

    /// What is held, each source once; ends soonest first, those without an end last.
    fn held(&self, now: Instant) -> Vec<HeldRole> {
        let mut held: Vec<HeldRole> = Vec::new();
        for activation in self.live.iter().filter(|activation| activation.is_held(now)) {
            let Some(role) = self.roles.get(&activation.role) else { continue };
            held.push(HeldRole {
                role: store::role::reference(role),
                scope: activation.scope.clone(),
                activation: Some(live(activation, now)),
                since: activation.effective_at.unwrap_or(now),
                ends_at: activation.ends_at,
                through: None,
                link: role.link.clone(),
            });
        }
        for assignment in self.widest(AssignmentKind::Active, |a| a.principal) {
            let Some(role) = self.roles.get(&assignment.role) else { continue };
            held.push(HeldRole {
                role: store::role::reference(role),
                scope: assignment.scope.clone(),
                activation: None,
                since: assignment.starts_at,
                ends_at: assignment.ends_at,
                through: self.through(assignment),
                link: role.link.clone(),
            });
        }
        held.sort_by(|a, b| {
            (a.ends_at.is_none(), a.ends_at, &a.role.name).cmp(&(
                b.ends_at.is_none(),
                b.ends_at,
                &b.role.name,
            ))
        });
        held
    }

    /// What may be activated, each part of each role once; last used first, then by name.
    pub fn eligible(&self, now: Instant) -> Vec<EligibleRole> {
        let mut eligible: Vec<_> = self
            .widest(AssignmentKind::Eligible, |_| ())
            .into_iter()
            .filter_map(|assignment| self.eligible_role(assignment, now))
            .collect();
        eligible.sort_by(|a, b| {
            let used = |role: &EligibleRole| std::cmp::Reverse(role.last.as_ref().map(|last| last.at));
            (used(a), &a.role.name, &a.scope).cmp(&(used(b), &b.role.name, &b.scope))
        });
        eligible
    }

    /// The name of the group that an assignment comes through; nothing when it is the person's own.
    fn through(&self, assignment: &Assignment) -> Option<String> {
        match assignment.principal {
            Principal::Person(_) => None,
            Principal::Group(group) => self.groups.get(&group).cloned(),
        }
    }

    fn eligible_role(&self, assignment: &Assignment, now: Instant) -> Option<EligibleRole> {
        let role = self.roles.get(&assignment.role)?;
        let settings = self.settings.get(&role.id)?;
        let in_the_way = self.live.iter().find(|other| {
            other.role == role.id
                && other.scope.covers(&assignment.scope)
                && !other.state_at(now).is_settled()
        });
        Some(EligibleRole {
            assignment: assignment.id,
            role: store::role::reference(role),
            description: role.description.clone(),
            scope: assignment.scope.clone(),
            until: assignment.ends_at,
            through: self.through(assignment),
            rules: settings.activation.clone(),
            approval: settings.approval.required,
            last: self.last.get(&role.id).and_then(last),
            live: in_the_way.map(|activation| live(activation, now)),
        })
    }

    /// The assignments of one kind, of those that give the same the one that lasts longest; a direct one before one
    /// through a group.
    fn widest<K: Eq + std::hash::Hash>(
        &self,
        kind: AssignmentKind,
        source: fn(&Assignment) -> K,
    ) -> Vec<&Assignment> {
        let mut kept: HashMap<(RoleId, &Scope, K), &Assignment> = HashMap::new();
        let lasts =
            |a: &Assignment| (a.ends_at.is_none(), a.ends_at, matches!(a.principal, Principal::Person(_)));
        for assignment in self.assignments.iter().filter(|assignment| assignment.kind == kind) {
            kept.entry((assignment.role, &assignment.scope, source(assignment)))
                .and_modify(|best| {
                    if lasts(assignment) > lasts(best) {
                        *best = assignment;
                    }
                })
                .or_insert(assignment);
        }
        kept.into_values().collect()
    }
}
