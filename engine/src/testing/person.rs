//! People with a part in the administration, and what went on record.

use domain::{
    assignment::AssignmentKind,
    audit::Record,
    event::EventKind,
    person::{PersonId, Principal},
    role::{RoleId, builtin},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

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
