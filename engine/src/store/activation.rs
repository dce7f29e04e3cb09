//! Activations and the decisions on them.

use std::collections::HashMap;

use domain::{
    Code, Id, Problem, Span,
    activation::{Activation, ActivationId, Decision, State, Ticket, Verdict},
    person::PersonId,
    role::RoleId,
};
use sea_orm::{Condition, QueryOrder, Select, Set, entity::prelude::*};

use super::{at, at_opt, to_word, us, word};
use crate::error::Result;

mod due;
mod held;
mod list;
mod steps;

pub(crate) use due::{Work, due_for, ids_due_for, next_end, next_other};
pub(crate) use held::{accepted_people, gives_all, held_until, last_over_at, own_of};
pub(crate) use list::{Wanted, decided_by, list};
pub(crate) use steps::{Told, records, told};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "activation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: i64,
        pub person_id: Uuid,
        pub role_id: Uuid,
        pub scope: String,
        pub settings_version: i64,
        pub requested_at: i64,
        pub requested_start: Option<i64>,
        pub duration_s: i64,
        pub justification: String,
        pub ticket_system: Option<String>,
        pub ticket_number: Option<String>,
        pub state: String,
        pub lapses_at: Option<i64>,
        pub accepted_at: Option<i64>,
        pub effective_at: Option<i64>,
        pub ends_at: Option<i64>,
        pub end_announced: bool,
        pub settled_at: Option<i64>,
        pub cause: Option<String>,
        pub due_at: Option<i64>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod decision {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "decision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub activation_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ordinal: i64,
        pub person_id: Uuid,
        pub verdict: String,
        pub justification: String,
        pub decided_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

fn from_row(row: row::Model, decisions: Vec<Decision>) -> Result<Activation> {
    Ok(Activation {
        id: Id::new(row.id),
        number: row.number,
        person: Id::new(row.person_id),
        role: Id::new(row.role_id),
        scope: row.scope.parse()?,
        settings_version: row.settings_version,
        requested_at: at(row.requested_at)?,
        requested_start: at_opt(row.requested_start)?,
        duration: Span::seconds(row.duration_s),
        justification: row.justification,
        ticket: row.ticket_system.zip(row.ticket_number).map(|(system, number)| Ticket { system, number }),
        state: word(&row.state)?,
        lapses_at: at_opt(row.lapses_at)?,
        accepted_at: at_opt(row.accepted_at)?,
        effective_at: at_opt(row.effective_at)?,
        ends_at: at_opt(row.ends_at)?,
        end_announced: row.end_announced,
        settled_at: at_opt(row.settled_at)?,
        cause: row.cause.as_deref().map(word).transpose()?,
        decisions,
        version: row.version,
    })
}

/// An activation as a row.
pub(crate) fn active(activation: &Activation) -> row::ActiveModel {
    let ticket = activation.ticket.clone();
    row::ActiveModel {
        id: Set(activation.id.uuid()),
        number: Set(activation.number),
        person_id: Set(activation.person.uuid()),
        role_id: Set(activation.role.uuid()),
        scope: Set(activation.scope.to_string()),
        settings_version: Set(activation.settings_version),
        requested_at: Set(us(activation.requested_at)),
        requested_start: Set(activation.requested_start.map(us)),
        duration_s: Set(activation.duration.as_seconds()),
        justification: Set(activation.justification.clone()),
        ticket_system: Set(ticket.as_ref().map(|ticket| ticket.system.clone())),
        ticket_number: Set(ticket.map(|ticket| ticket.number)),
        state: Set(activation.state.as_str().to_owned()),
        lapses_at: Set(activation.lapses_at.map(us)),
        accepted_at: Set(activation.accepted_at.map(us)),
        effective_at: Set(activation.effective_at.map(us)),
        ends_at: Set(activation.ends_at.map(us)),
        end_announced: Set(activation.end_announced),
        settled_at: Set(activation.settled_at.map(us)),
        cause: Set(activation.cause.map(|cause| cause.as_str().to_owned())),
        due_at: Set(activation.due_at().map(us)),
        version: Set(activation.version),
    }
}

pub(crate) async fn insert<C: ConnectionTrait>(db: &C, activation: &Activation) -> Result<()> {
    row::Entity::insert(active(activation)).exec_without_returning(db).await?;
    Ok(())
}

/// Saves over the state and version that were read (`before`), with the decisions that are new; `conflict` when
/// somebody else was faster. The stored version is one higher than that of `before`.
pub(crate) async fn save<C: ConnectionTrait>(db: &C, before: &Activation, after: &Activation) -> Result<()> {
    let mut model = active(after);
    model.version = Set(before.version + 1);
    let saved = row::Entity::update_many()
        .set(model)
        .filter(row::Column::Id.eq(before.id.uuid()))
        .filter(row::Column::State.eq(before.state.as_str()))
        .filter(row::Column::Version.eq(before.version))
        .exec(db)
        .await?;
    if saved.rows_affected != 1 {
        return Err(Problem::new(Code::Conflict).into());
    }
    for (ordinal, new) in after.decisions.iter().enumerate().skip(before.decisions.len()) {
        let model = decision::ActiveModel {
            activation_id: Set(after.id.uuid()),
            ordinal: Set(i64::try_from(ordinal).unwrap_or(i64::MAX)),
            person_id: Set(new.by.uuid()),
            verdict: Set(to_word(&new.verdict)),
            justification: Set(new.justification.clone()),
            decided_at: Set(us(new.at)),
        };
        decision::Entity::insert(model).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Rows with their decisions, in the order of the rows.
async fn with_decisions<C: ConnectionTrait>(db: &C, rows: Vec<row::Model>) -> Result<Vec<Activation>> {
    // A decision is written where a row is saved again; what was never saved again has none.
    let ids: Vec<Uuid> = rows.iter().filter(|row| row.version > 1).map(|row| row.id).collect();
    let mut decisions: HashMap<Uuid, Vec<Decision>> = HashMap::new();
    for chunk in ids.chunks(500) {
        let found = decision::Entity::find()
            .filter(decision::Column::ActivationId.is_in(chunk.iter().copied()))
            .order_by_asc(decision::Column::Ordinal)
            .all(db)
            .await?;
        for row in found {
            let verdict: Verdict = word(&row.verdict)?;
            let decision = Decision {
                by: Id::new(row.person_id),
                verdict,
                justification: row.justification,
                at: at(row.decided_at)?,
            };
            decisions.entry(row.activation_id).or_default().push(decision);
        }
    }
    rows.into_iter()
        .map(|row| {
            let decisions = decisions.remove(&row.id).unwrap_or_default();
            from_row(row, decisions)
        })
        .collect()
}

async fn all<C: ConnectionTrait>(db: &C, select: Select<row::Entity>) -> Result<Vec<Activation>> {
    with_decisions(db, select.all(db).await?).await
}

pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: ActivationId) -> Result<Option<Activation>> {
    let rows: Vec<_> = row::Entity::find_by_id(id.uuid()).one(db).await?.into_iter().collect();
    Ok(with_decisions(db, rows).await?.pop())
}

/// The condition of an activation that is not settled.
fn unsettled() -> Condition {
    Condition::all().add(row::Column::SettledAt.is_null())
}

/// A person's activations that are not settled, in one role or all.
pub(crate) async fn unsettled_of<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    role: Option<RoleId>,
) -> Result<Vec<Activation>> {
    let mut select = row::Entity::find().filter(unsettled()).filter(row::Column::PersonId.eq(person.uuid()));
    if let Some(role) = role {
        select = select.filter(row::Column::RoleId.eq(role.uuid()));
    }
    all(db, select.order_by_asc(row::Column::Number)).await
}

/// Activations of these people that are not settled, in one role or all.
pub(crate) async fn unsettled_of_people<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
    role: Option<RoleId>,
) -> Result<Vec<Activation>> {
    let mut found = Vec::new();
    for chunk in people.chunks(500) {
        let of_people = row::Column::PersonId.is_in(chunk.iter().map(|id| id.uuid()));
        let mut select = row::Entity::find().filter(unsettled()).filter(of_people);
        if let Some(role) = role {
            select = select.filter(row::Column::RoleId.eq(role.uuid()));
        }
        found.extend(all(db, select.order_by_asc(row::Column::Number)).await?);
    }
    Ok(found)
}

/// Activations of a role that are not settled.
pub(crate) async fn unsettled_in<C: ConnectionTrait>(db: &C, role: RoleId) -> Result<Vec<Activation>> {
    let select = row::Entity::find().filter(unsettled()).filter(row::Column::RoleId.eq(role.uuid()));
    all(db, select.order_by_asc(row::Column::Number)).await
}

/// All requests that wait for a decision, in these roles or all.
pub(crate) async fn pending<C: ConnectionTrait>(db: &C, roles: Option<&[RoleId]>) -> Result<Vec<Activation>> {
    let mut select = row::Entity::find()
        .filter(row::Column::State.eq(State::PendingApproval.as_str()))
        // What waits is not settled and lapses some time: said again for the sake of the indexes.
        .filter(unsettled())
        .filter(row::Column::LapsesAt.is_not_null());
    if let Some(roles) = roles {
        select = select.filter(row::Column::RoleId.is_in(roles.iter().map(|id| id.uuid())));
    }
    all(db, select.order_by_asc(row::Column::LapsesAt)).await
}

/// All activations that are not settled.
pub(crate) async fn unsettled_all<C: ConnectionTrait>(db: &C) -> Result<Vec<Activation>> {
    all(db, row::Entity::find().filter(unsettled()).order_by_asc(row::Column::Number)).await
}

/// Makes a row unreadable, for tests of what one broken row may hold up.
#[cfg(any(test, feature = "testing"))]
pub(crate) async fn spoil<C: ConnectionTrait>(db: &C, id: ActivationId) -> Result<()> {
    row::Entity::update_many()
        .set(row::ActiveModel { scope: Set("broken".to_owned()), ..Default::default() })
        .filter(row::Column::Id.eq(id.uuid()))
        .exec(db)
        .await?;
    Ok(())
}
