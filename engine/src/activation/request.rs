//! Asking for a role.

use domain::{
    Code, Instant, Problem,
    activation::{self, Activation, ActivationId, Ask, Circumstances, RequestActivation, State},
    assignment::{Assignment, AssignmentKind, Cover},
    event::{Event, EventKind},
    person::PersonId,
    role::{Role, RoleId},
    role_settings::RoleSettings,
    session::Act,
};
use sea_orm::ConnectionTrait;

use super::known;
use crate::{
    Ctx, Engine, Tx,
    error::{Error, Result},
    role_settings::ticket,
    store::{self, access::Access},
};

/// Asks for a role. What nobody has to approve begins at once, or at its start.
///
/// # Errors
/// `not_found` for who may not know the role; those of [`domain::activation::request`].
pub async fn request(engine: &Engine, ctx: &Ctx, input: RequestActivation) -> Result<ActivationId> {
    let person = ctx.signed()?.person;
    let attempt = Event::new(EventKind::ActivationRequested).person(person).role(input.role);
    let act = engine.clone();
    engine
        .act(ctx, attempt, move |tx| {
            Box::pin(async move {
                let known = Known::read(tx, person, &input).await?;
                tx.require_steady_clock()?;
                let ask = Ask { id: act.env().id(), number: tx.next_number(), person, input };
                let (resting, events) = known.judge(&act, tx, ask)?;
                store::activation::insert(tx.conn(), &resting).await?;
                tx.commit(&act, resting.id, events).await
            })
        })
        .await
}

/// What is known of person and role, read in the transaction.
struct Known {
    role: Role,
    settings: RoleSettings,
    eligible: Vec<Assignment>,
    live: Vec<Activation>,
    holders: u32,
    last_over_at: Option<Instant>,
    somebody_could_approve: bool,
    ticket_fits: bool,
}

impl Known {
    async fn read(tx: &Tx, person: PersonId, input: &RequestActivation) -> Result<Self> {
        let (db, now) = (tx.conn(), tx.now);
        let access = store::access::of(db, person, now).await?;
        if !access.enabled {
            return Err(Code::SignedOut.into());
        }
        let (role, settings, eligible) = eligibility(db, &access, input.role).await?;
        let somebody_could_approve = match settings.stage() {
            Some(stage) if settings.approval.required => {
                known::somebody_could_approve(db, stage, person, now).await?
            }
            _ => !settings.approval.required,
        };
        // What no rule of this role asks for is not looked up.
        let holders = match settings.activation.holders {
            Some(_) => known::holders(db, role.id, person, true, now).await?,
            None => 0,
        };
        let last_over_at = match settings.activation.pause {
            Some(_) => store::activation::last_over_at(db, person, role.id, now).await?,
            None => None,
        };
        Ok(Self {
            eligible,
            live: store::activation::unsettled_of(db, person, Some(role.id)).await?,
            holders,
            last_over_at,
            somebody_could_approve,
            ticket_fits: settings
                .activation
                .ticket
                .as_ref()
                .is_none_or(|rule| ticket::fits(rule, input.ticket.trim())),
            settings,
            role,
        })
    }

    /// Applies the rules, and takes what nobody has to approve as far as it goes: a role without targets is confirmed
    /// at once.
    fn judge(&self, engine: &Engine, tx: &Tx, ask: Ask) -> Result<(Activation, Vec<Event>)> {
        let now = tx.now;
        let known = Circumstances {
            role: &self.role,
            settings: &self.settings,
            eligible: &self.eligible,
            live: &self.live,
            holders: self.holders,
            last_over_at: self.last_over_at,
            somebody_could_approve: self.somebody_could_approve,
            ticket_fits: self.ticket_fits,
            shortest: engine.config().shortest,
        };
        let factor = self.settings.activation.second_factor;
        let proven = factor.prove(&tx.ctx.mfa()?, Act::Activate, self.role.id.uuid(), now);
        let (asked, requested) = activation::request(ask, &known, proven, now)?;
        let cover = known::cover_at_start(&asked, &self.eligible, now);
        if cover == Cover::None {
            // Eligible now, but not when it would begin: it could only fail.
            return Err(Error::from(Problem::new(Code::NotEligible).field("starts_at")));
        }
        match asked.state {
            State::Activating => {}
            // Nobody has to agree, so nothing else would tell that it was accepted.
            State::Scheduled => {
                let scheduled = asked.event(EventKind::ActivationScheduled);
                return Ok((asked, vec![requested, scheduled]));
            }
            _ => return Ok((asked, vec![requested])),
        }
        let (resting, activated) = asked.confirm(cover, now)?;
        Ok((resting, vec![requested, activated]))
    }
}

/// The role with its settings in force and the assignments by which a person is eligible for it, directly or through a
/// group; `not_found` for who may not know the role.
async fn eligibility<C: ConnectionTrait>(
    db: &C,
    access: &Access,
    role: RoleId,
) -> Result<(Role, RoleSettings, Vec<Assignment>)> {
    let mut open = store::assignment::own::open_of(db, access.person, Some(role)).await?;
    open.retain(|open| open.assignment.kind == AssignmentKind::Eligible);
    if let Some(store::assignment::own::Open { role, settings, .. }) = open.first() {
        let (role, settings) = (role.clone(), settings.clone());
        return Ok((role, settings, open.into_iter().map(|open| open.assignment).collect()));
    }
    let role = store::role::get(db, role).await?;
    // Who is eligible knows of the role.
    if !known::may_know(db, access, role.id).await? {
        return Err(Code::NotFound.into());
    }
    let settings = store::role_settings::get(db, role.id, role.settings_version).await?;
    Ok((role, settings, Vec::new()))
}
