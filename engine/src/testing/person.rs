//! People with a part in the administration, and what went on record.

use domain::{
    Instant,
    assignment::AssignmentKind,
    audit::Record,
    event::EventKind,
    person::{PersonId, Principal},
    role::{RoleId, builtin},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Query, SimpleExpr},
};

use super::World;
use crate::store::audit::row;

impl World {
    /// A person who holds the role Stint User Administrator.
    pub async fn user_administrator(&self, name: &str) -> PersonId {
        self.holder(name, builtin::USER_ADMINISTRATOR).await
    }

    /// A person who holds the role Stint Auditor.
    pub async fn auditor(&self, name: &str) -> PersonId {
        self.holder(name, builtin::AUDITOR).await
    }

    async fn holder(&self, name: &str, role: RoleId) -> PersonId {
        let person = self.person(name).await;
        self.assign(role, Principal::Person(person), AssignmentKind::Active, None).await;
        person
    }

    /// Lets this person sign in by this name, with a second factor.
    pub async fn enrolled(&self, person: PersonId, name: &str) {
        let id = self.engine.env().id::<()>().uuid();
        let now = crate::store::us(self.engine.now());
        let sign_in = Query::insert()
            .into_table("sign_in")
            .columns(["id", "person_id", "name", "totp_enrolled_at", "created_at", "version"])
            .values_panic([
                id.into(),
                person.uuid().into(),
                name.into(),
                now.into(),
                now.into(),
                1_i64.into(),
            ])
            .to_owned();
        self.engine
            .note(move |tx| Box::pin(async move { Ok(tx.conn().execute(&sign_in).await.map(|_| ())?) }))
            .await
            .unwrap();
    }

    /// A session that this person began then, by whichever sign-in they have.
    pub async fn was_signed_in(&self, person: PersonId, at: Instant) {
        let (id, us) = (self.engine.env().id::<()>().uuid(), crate::store::us(at));
        let sign_in = Query::select()
            .column("id")
            .from("sign_in")
            .and_where(Expr::col("person_id").eq(person.uuid()))
            .limit(1)
            .to_owned();
        let columns =
            ["id", "person_id", "sign_in_id", "kind", "client", "address", "started_at", "used_at", "mfa_at"];
        let session = Query::insert()
            .into_table("session")
            .columns(columns.into_iter().chain(["refresh_hash", "generation"]))
            .values_panic([
                id.into(),
                person.uuid().into(),
                SimpleExpr::SubQuery(None, Box::new(sign_in.into())),
                "browser".into(),
                "".into(),
                "".into(),
                us.into(),
                us.into(),
                us.into(),
                id.to_string().into(),
                1_i64.into(),
            ])
            .to_owned();
        self.engine
            .note(move |tx| Box::pin(async move { Ok(tx.conn().execute(&session).await.map(|_| ())?) }))
            .await
            .unwrap();
    }

    /// All records of this kind, in order.
    pub async fn recorded(&self, kind: EventKind) -> Vec<Record> {
        row::Entity::find()
            .filter(row::Column::Kind.eq(kind.as_str()))
            .order_by_asc(row::Column::Seq)
            .all(self.engine.readers())
            .await
            .unwrap()
            .iter()
            .map(|row| serde_json::from_str(&row.body).unwrap())
            .collect()
    }
}
