//! What is told of activations, and their records.

use std::collections::HashMap;

use domain::{
    activation::{Activation, ActivationId},
    event::Outcome,
    role::Role,
};
use sea_orm::{
    ExprTrait, FromQueryResult, Iterable, QueryOrder,
    entity::prelude::*,
    sea_query::{Expr, Query, SelectStatement},
};

use super::{decision, row as activation, with_decisions};
use crate::{
    error::Result,
    store::{audit::row, person::row as person, role::row as role},
};

/// What the columns of the activation and of its role are called by.
const ACTIVATION: &str = "a_";
const ROLE: &str = "r_";

/// An activation with its role and the name of its person: what messages tell of.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub activation: Activation,
    pub role: Role,
    pub person: String,
}

/// So many are asked for at once; both databases bound the values of a statement.
const ROWS: usize = 500;

/// What messages tell of these activations, by id.
pub(crate) async fn told<C: ConnectionTrait>(
    db: &C,
    ids: &[ActivationId],
) -> Result<HashMap<ActivationId, Told>> {
    let mut told = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(ROWS) {
        let (mut undecided, mut decided) = (Vec::new(), Vec::new());
        let mut about = HashMap::with_capacity(chunk.len());
        for row in db.query_all(&with_role_and_name(chunk)).await? {
            let model = activation::Model::from_query_result(&row, ACTIVATION)?;
            let role = Role::try_from(role::Model::from_query_result(&row, ROLE)?)?;
            about.insert(model.id, (role, row.try_get::<String>("", "person_name")?));
            if row.try_get::<i64>("", "decided")? == 0 { undecided.push(model) } else { decided.push(model) }
        }
        let mut found = with_decisions(db, decided).await?;
        for model in undecided {
            found.push(super::from_row(model, Vec::new())?);
        }
        for activation in found {
            if let Some((role, person)) = about.remove(&activation.id.uuid()) {
                told.insert(activation.id, Told { activation, role, person });
            }
        }
    }
    Ok(told)
}

/// Activations with their roles, the names of their people, and how often somebody decided.
fn with_role_and_name(ids: &[ActivationId]) -> SelectStatement {
    let mut select = Query::select();
    for column in activation::Column::iter() {
        select.expr_as(Expr::col((activation::Entity, column)), format!("{ACTIVATION}{}", column.as_str()));
    }
    for column in role::Column::iter() {
        select.expr_as(Expr::col((role::Entity, column)), format!("{ROLE}{}", column.as_str()));
    }
    let decided = Query::select()
        .expr(decision::Column::Ordinal.count())
        .from(decision::Entity)
        .and_where(
            Expr::col((decision::Entity, decision::Column::ActivationId))
                .equals((activation::Entity, activation::Column::Id)),
        )
        .to_owned();
    select
        .expr_as(Expr::SubQuery(None, Box::new(decided.into())), "decided")
        .expr_as(Expr::col((person::Entity, person::Column::Name)), "person_name")
        .from(activation::Entity)
        .inner_join(
            role::Entity,
            Expr::col((role::Entity, role::Column::Id))
                .equals((activation::Entity, activation::Column::RoleId)),
        )
        .inner_join(
            person::Entity,
            Expr::col((person::Entity, person::Column::Id))
                .equals((activation::Entity, activation::Column::PersonId)),
        )
        .and_where(activation::Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .to_owned()
}

/// Records of what was done to an activation, in order; not of what was refused.
pub(crate) async fn records<C: ConnectionTrait>(db: &C, id: ActivationId) -> Result<Vec<row::Model>> {
    Ok(row::Entity::find()
        .filter(row::Column::ActivationId.eq(id.uuid()))
        .filter(row::Column::Outcome.eq(Outcome::Done.as_str()))
        .order_by_asc(row::Column::Seq)
        .all(db)
        .await?)
}
