//! What lists of people say about signing in: names, whether a second factor is enrolled, the last time. Nothing secret
//! is read here.

use std::collections::HashMap;

use domain::{Id, Instant, person::PersonId, sign_in::SignInId};
use sea_orm::{
    entity::prelude::*,
    sea_query::{Expr, ExprTrait, Func, Query},
};

use crate::{error::Result, store::at};

/// The names that each of these people signs in with, and whether a second factor is enrolled.
pub(crate) async fn of<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
) -> Result<HashMap<PersonId, (Vec<String>, bool)>> {
    let mut found: HashMap<PersonId, (Vec<String>, bool)> = HashMap::new();
    let query = Query::select()
        .columns(["person_id", "name", "totp_enrolled_at"])
        .from("sign_in")
        .and_where(Expr::col("person_id").is_in(people.iter().map(|id| id.uuid())))
        .order_by("name", sea_orm::Order::Asc)
        .to_owned();
    for row in db.query_all(&query).await? {
        let person: Uuid = row.try_get("", "person_id")?;
        let enrolled_at: Option<i64> = row.try_get("", "totp_enrolled_at")?;
        let (names, enrolled) = found.entry(Id::new(person)).or_default();
        names.push(row.try_get("", "name")?);
        *enrolled |= enrolled_at.is_some();
    }
    Ok(found)
}

/// When each of these people last signed in.
pub(crate) async fn last_used<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Instant>> {
    let query = Query::select()
        .column("person_id")
        .expr_as(Func::max(Expr::col("started_at")), "last_at")
        .from("session")
        .and_where(Expr::col("person_id").is_in(people.iter().map(|id| id.uuid())))
        .group_by_col("person_id")
        .to_owned();
    let mut found = HashMap::new();
    for row in db.query_all(&query).await? {
        let person: Uuid = row.try_get("", "person_id")?;
        found.insert(Id::new(person), at(row.try_get("", "last_at")?)?);
    }
    Ok(found)
}

/// The name of one sign-in.
pub(crate) async fn name<C: ConnectionTrait>(db: &C, sign_in: SignInId) -> Result<Option<String>> {
    let query = Query::select()
        .column("name")
        .from("sign_in")
        .and_where(Expr::col("id").eq(sign_in.uuid()))
        .to_owned();
    let row = db.query_one(&query).await?;
    Ok(row.map(|row| row.try_get("", "name")).transpose()?)
}
