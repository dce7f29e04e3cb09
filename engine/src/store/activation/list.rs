//! Activations as lists show them.

use domain::{activation::Activation, person::PersonId};
use sea_orm::{
    Condition, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, Query},
};

use super::{all, decision, row};
use crate::{
    error::Result,
    store::{person::row as person, role::row as role},
};

/// Those that a person decided, newest decision first.
pub(crate) async fn decided_by<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    most: u64,
) -> Result<Vec<Activation>> {
    let ids: Vec<Uuid> = decision::Entity::find()
        .select_only()
        .column(decision::Column::ActivationId)
        .filter(decision::Column::PersonId.eq(person.uuid()))
        .order_by_desc(decision::Column::DecidedAt)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    let mut found = all(db, row::Entity::find().filter(row::Column::Id.is_in(ids.iter().copied()))).await?;
    found.sort_by_key(|activation| ids.iter().position(|id| *id == activation.id.uuid()));
    Ok(found)
}

/// Which activations a list shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Only those of this person.
    pub person: Option<PersonId>,
    /// Only those with this in the names, reason, ticket or number.
    pub text: Option<String>,
    /// Only those with a lower number.
    pub before: Option<i64>,
}

/// Activations that are wanted, newest first.
pub(crate) async fn list<C: ConnectionTrait>(db: &C, wanted: &Wanted, most: u64) -> Result<Vec<Activation>> {
    let mut select = row::Entity::find();
    if let Some(person) = wanted.person {
        select = select.filter(row::Column::PersonId.eq(person.uuid()));
    }
    if let Some(text) = &wanted.text {
        select = select.filter(says(text));
    }
    if let Some(before) = wanted.before {
        select = select.filter(row::Column::Number.lt(before));
    }
    all(db, select.order_by_desc(row::Column::Number).limit(most)).await
}

/// The condition of an activation that has this text somewhere.
fn says(text: &str) -> Condition {
    let text = text.to_lowercase();
    let escaped: String = text
        .chars()
        .flat_map(|c| ['\\'].into_iter().filter(move |_| matches!(c, '%' | '_' | '\\')).chain([c]))
        .collect();
    let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
    let folded = |column: row::Column| Expr::expr(Func::lower(Expr::col((row::Entity, column)))).like(like());
    let roles = Query::select()
        .column(role::Column::Id)
        .from(role::Entity)
        .and_where(Expr::col((role::Entity, role::Column::NameFolded)).like(like()))
        .to_owned();
    let people = Query::select()
        .column(person::Column::Id)
        .from(person::Entity)
        .and_where(Expr::col((person::Entity, person::Column::NameFolded)).like(like()))
        .to_owned();
    let mut any = Condition::any()
        .add(folded(row::Column::Justification))
        .add(folded(row::Column::TicketNumber))
        .add(row::Column::RoleId.in_subquery(roles))
        .add(row::Column::PersonId.in_subquery(people));
    if let Ok(number) = text.trim().trim_start_matches("r-").parse::<i64>() {
        any = any.add(row::Column::Number.eq(number));
    }
    any
}
