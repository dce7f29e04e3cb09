//! What is told of one activation, and its records.

use domain::{
    activation::{Activation, ActivationId},
    event::Outcome,
    role::Role,
};
use sea_orm::{
    ExprTrait, FromQueryResult, Iterable, QueryOrder,
    entity::prelude::*,
    sea_query::{Expr, Query},
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
pub(crate) async fn told<C: ConnectionTrait>(
    db: &C,
    id: ActivationId,
) -> Result<Option<(Activation, Role, String)>> {
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
        .and_where(activation::Column::Id.eq(id.uuid()));
    let Some(row) = db.query_one(&select).await? else { return Ok(None) };
    let model = activation::Model::from_query_result(&row, ACTIVATION)?;
    let found = if row.try_get::<i64>("", "decided")? == 0 {
        super::from_row(model, Vec::new()).map(Some)?
    } else {
        with_decisions(db, vec![model]).await?.pop()
    };
    let role = Role::try_from(role::Model::from_query_result(&row, ROLE)?)?;
    let name = row.try_get("", "person_name")?;
    Ok(found.map(|activation| (activation, role, name)))
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
