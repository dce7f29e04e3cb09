//! What bears on the question whether a person holds a role: one query, because other tools ask it all the time.

use domain::{Id, access::Grant, assignment::AssignmentKind, person::PersonId, role::RoleId};
use sea_orm::{
    QueryResult,
    entity::prelude::*,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};

use super::{access, activation, assignment, at, at_opt, person, role, word};
use crate::error::Result;

/// A person and a role, and what there is between them.
#[derive(Debug)]
pub(crate) struct Between {
    pub role: RoleId,
    /// The role is switched on.
    pub role_enabled: bool,
    /// The person exists and is enabled; nothing when they do not exist.
    pub person_enabled: Option<bool>,
    /// The person has an open assignment of the role, of whichever kind, also through a group that they are in now.
    pub assigned: bool,
    /// What may give the role to the person.
    pub grants: Vec<Grant>,
}

/// What there is between this person and the role with this key; nothing when there is no such role.
pub(crate) async fn between<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    key: &str,
) -> Result<Option<Between>> {
    // What comes from outside may hold what no text in a database can.
    if !domain::role::may_be_key(key) {
        return Ok(None);
    }
    let (mut known, mut grants) = (None, Vec::new());
    let (mut assigned, mut person_enabled) = (false, None);
    for row in db.query_all(&everything(person, key)).await? {
        match row.try_get_by_index(0)? {
            ASSIGNMENT => {
                assigned = true;
                let kind: AssignmentKind = word(&row.try_get_by_index::<String>(2)?)?;
                if kind == AssignmentKind::Active {
                    grants.push(grant(&row)?);
                }
            }
            ACTIVATION => grants.push(grant(&row)?),
            PERSON => person_enabled = Some(row.try_get_by_index::<Option<i64>>(5)?.is_none()),
            _ => {
                let id = Id::new(row.try_get_by_index(1)?);
                known = Some((id, row.try_get_by_index::<Option<i64>>(5)?.is_none()));
            }
        }
    }
    Ok(known.map(|(role, role_enabled)| Between { role, role_enabled, person_enabled, assigned, grants }))
}

fn grant(row: &QueryResult) -> Result<Grant> {
    Ok(Grant {
        scope: row.try_get_by_index::<String>(3)?.parse()?,
        from: at(row.try_get_by_index(4)?)?,
        until: at_opt(row.try_get_by_index(5)?)?,
    })
}

/// What a row is about.
const ASSIGNMENT: i32 = 0;
const ACTIVATION: i32 = 1;
const PERSON: i32 = 2;
const ROLE: i32 = 3;

/// Rows of: what it is about, an id, a word, a scope, from when, until when. The first part says what types they have.
fn everything(person: PersonId, key: &str) -> SelectStatement {
    let nothing = || Expr::cust("NULL");
    let of_role = |role: Expr| {
        let named = Query::select()
            .column(role::row::Column::Id)
            .from(role::row::Entity)
            .and_where(role::row::Column::Key.eq(key))
            .to_owned();
        sea_orm::sea_query::ExprTrait::in_subquery(role, named)
    };
    let assigned = || {
        use assignment::row::{Column, Entity};
        Query::select()
            .expr(Expr::cust(ASSIGNMENT.to_string()))
            .columns(
                [Column::RoleId, Column::Kind, Column::Scope, Column::StartsAt, Column::EndsAt]
                    .map(|column| (Entity, column)),
            )
            .from(Entity)
            .cond_where(assignment::open())
            .and_where(of_role(Expr::col((Entity, Column::RoleId))))
            .to_owned()
    };
    let through_groups = assignment::through_groups(assigned(), person);
    let activated = {
        use activation::row::{Column, Entity};
        Query::select()
            .expr(Expr::cust(ACTIVATION.to_string()))
            .columns(
                [Column::RoleId, Column::State, Column::Scope, Column::EffectiveAt, Column::EndsAt]
                    .map(|column| (Entity, column)),
            )
            .from(Entity)
            .cond_where(access::is_active())
            // An activation without an end would be a fault, and no endless one.
            .and_where(Column::EffectiveAt.is_not_null())
            .and_where(Column::EndsAt.is_not_null())
            .and_where(Column::PersonId.eq(person.uuid()))
            .and_where(of_role(Expr::col((Entity, Column::RoleId))))
            .to_owned()
    };
    let whom = Query::select()
        .expr(Expr::cust(PERSON.to_string()))
        .column((person::row::Entity, person::row::Column::Id))
        .exprs([nothing(), nothing(), nothing()])
        .column((person::row::Entity, person::row::Column::DisabledAt))
        .from(person::row::Entity)
        .and_where(person::row::Column::Id.eq(person.uuid()))
        .to_owned();
    let what = Query::select()
        .expr(Expr::cust(ROLE.to_string()))
        .column((role::row::Entity, role::row::Column::Id))
        .exprs([nothing(), nothing(), nothing()])
        .column((role::row::Entity, role::row::Column::DisabledAt))
        .from(role::row::Entity)
        .and_where(role::row::Column::Key.eq(key))
        .to_owned();
    let mut all = assigned().cond_where(assignment::of_person(person)).to_owned();
    all.union(UnionType::All, through_groups)
        .union(UnionType::All, activated)
        .union(UnionType::All, whom)
        .union(UnionType::All, what);
    all
}
