//! What tests of roles and assignments need beside the seed.

use domain::{
    audit::Record,
    event::EventKind,
    group::{Group, GroupId},
    person::{Person, PersonId},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
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

    /// Disables this person past the use case.
    pub async fn disabled(&self, person: PersonId) {
        self.engine
            .note(move |tx| {
                Box::pin(async move {
                    let found = store::person::get(tx.conn(), person).await?;
                    store::person::save(tx.conn(), &Person { disabled_at: Some(tx.now), ..found }).await
                })
            })
            .await
            .unwrap();
    }

    /// Removes this group past the use case.
    pub async fn removed_group(&self, group: GroupId) {
        self.engine
            .note(move |tx| {
                Box::pin(async move {
                    let found = store::group::get(tx.conn(), group).await?;
                    store::group::save(tx.conn(), &Group { removed_at: Some(tx.now), ..found }).await
                })
            })
            .await
            .unwrap();
    }

    /// Takes the addresses of this person away.
    pub async fn without_address(&self, person: PersonId) {
        let env = self.engine.env().clone();
        self.engine
            .note(move |tx| {
                Box::pin(
                    async move { store::person::set_addresses(tx.conn(), &env, person, &[], tx.now).await },
                )
            })
            .await
            .unwrap();
    }

    /// All records of this kind, in order.
    pub async fn facts(&self, kind: EventKind) -> Vec<Record> {
        let rows = store::audit::row::Entity::find()
            .filter(store::audit::row::Column::Kind.eq(kind.as_str()))
            .order_by_asc(store::audit::row::Column::Seq)
            .all(self.engine.readers())
            .await
            .unwrap();
        rows.iter().map(|row| serde_json::from_str(&row.body).unwrap()).collect()
    }
}
