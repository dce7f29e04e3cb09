//! Signing in: passwords, codes, one-time links.

pub mod link;
pub mod password;

use domain::{Code, Problem, person::PersonId, sign_in::SignInId};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{Engine, Tx, error::Result};

/// Adds a sign-in without credentials for a person. The name is normalised already.
///
/// # Errors
/// `name_taken`.
pub(crate) async fn create_for(engine: &Engine, tx: &Tx, person: PersonId, name: &str) -> Result<SignInId> {
    let same = Query::select().column("id").from("sign_in").and_where(Expr::col("name").eq(name)).to_owned();
    if tx.conn().query_one(&same).await?.is_some() {
        return Err(Problem::new(Code::NameTaken).field("sign_in_name").into());
    }
    let id: SignInId = engine.env().id();
    let insert = Query::insert()
        .into_table("sign_in")
        .columns(["id", "person_id", "name", "created_at", "version"])
        .values_panic([
            id.uuid().into(),
            person.uuid().into(),
            name.into(),
            tx.now.timestamp_micros().into(),
            1_i64.into(),
        ])
        .to_owned();
    tx.conn().execute(&insert).await?;
    Ok(id)
}
