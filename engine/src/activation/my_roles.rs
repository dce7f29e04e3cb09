//! The page *My roles*: what is held, planned, waited for and possible, true at one moment.

use std::collections::HashMap;

use domain::{
    Instant, Scope,
    activation::{Activation, EligibleRole, HeldRole, MyRoles, State},
    assignment::{Assignment, AssignmentKind},
    person::{PersonId, Principal},
    role::{Role, RoleId},
};
use sea_orm::ConnectionTrait;

use super::rows::{Names, last, live, rows};
use crate::{
    Ctx, Engine,
    error::Result,
    store::{self, access::principals, role_settings::Versions},
};

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
pub(super) struct Own {
    /// Assignments in force, of roles that are switched on.
    assignments: Vec<Assignment>,
    live: Vec<Activation>,
    roles: HashMap<RoleId, Role>,
    settings: HashMap<RoleId, Versions>,
    last: HashMap<RoleId, Activation>,
    names: Names,
}

impl Own {
    pub async fn read<C: ConnectionTrait>(
        db: &C,
        me: PersonId,
        role: Option<RoleId>,
        now: Instant,
    ) -> Result<Self> {
        let groups = store::group::of_person(db, me).await?;
        let mut assignments = store::assignment::open_of(db, &principals(me, &groups), role).await?;
        assignments.retain(|assignment| assignment.is_live(now));
        let live = store::activation::unsettled_of(db, me, role).await?;
        let concerned = assignments.iter().map(|a| a.role).chain(live.iter().map(|a| a.role));
        let mut roles = store::role::by_id(db, concerned).await?;
        roles.retain(|_, role| role.disabled_at.is_none());
        assignments.retain(|assignment| roles.contains_key(&assignment.role));
        let eligible: Vec<_> = assignments
            .iter()
            .filter(|a| a.kind == AssignmentKind::Eligible)
            .filter_map(|a| roles.get(&a.role))
            .collect();
        let ids: Vec<_> = eligible.iter().map(|role| role.id).collect();
        let in_force = eligible.iter().map(|role| (role.id, role.settings_version));
        Ok(Self {
            settings: store::role_settings::since_each(db, in_force).await?,
            last: store::activation::last_effective_in(db, me, &ids).await?,
            names: Names::of(db, [], assignments.iter().map(|assignment| assignment.principal)).await?,
            assignments,
            live,
            roles,
        })
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
                through: self.names.through(assignment.principal),
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

    fn eligible_role(&self, assignment: &Assignment, now: Instant) -> Option<EligibleRole> {
        let role = self.roles.get(&assignment.role)?;
        let settings = self.settings.get(&role.id)?.since(role.settings_version).first()?;
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
            through: self.names.through(assignment.principal),
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
