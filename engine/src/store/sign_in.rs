//! Sign-ins, recovery codes, one-time links and counters of attempts.

use domain::{Id, person::PersonId};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use crate::error::Result;

/// Those of these people who have a second factor, in the same order.
pub(crate) async fn with_second_factor<C: ConnectionTrait>(db: &C, people: &[PersonId]) -> Result<Vec<PersonId>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let select = Query::select()
        .column("person_id")
        .from("sign_in")
        .and_where(Expr::col("totp_enrolled_at").is_not_null())
        .and_where(Expr::col("person_id").is_in(people.iter().map(|id| id.uuid())))
        .to_owned();
    let mut enrolled: Vec<PersonId> = Vec::new();
    for row in db.query_all(&select).await? {
        enrolled.push(Id::new(row.try_get::<Uuid>("", "person_id")?));
    }
    Ok(people.iter().copied().filter(|id| enrolled.contains(id)).collect())
}
