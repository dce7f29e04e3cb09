//! What tests of roles and assignments need beside the seed.

use domain::person::PersonId;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, Query},
};

use super::World;
use crate::store;

impl World {
    /// Enrols a second factor for this person, so that they count as somebody who can sign in.
    pub async fn factor(&self, person: PersonId) {
        let insert = Query::insert()
            .into_table("sign_in")
            .columns(["id", "person_id", "name", "totp_enrolled_at", "created_at", "version"])
            .values_panic([
                Expr::val(person.uuid()),
                Expr::val(person.uuid()),
                Expr::val(person.to_string()),
                Expr::val(store::us(self.engine.now())),
                Expr::val(store::us(self.engine.now())),
                Expr::val(1_i64),
            ])
            .to_owned();
        self.engine
            .note(move |tx| {
                Box::pin(async move {
                    tx.conn().execute(&insert).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
    }

    /// An administrator who is usable: with a second factor.
    pub async fn usable_administrator(&self, name: &str) -> PersonId {
        let person = self.administrator(name).await;
        self.factor(person).await;
        person
    }
}
