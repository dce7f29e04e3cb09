//! The record: appended in the transaction of the act, read for the audit page. Nothing updates or deletes here.

use domain::{
    Instant,
    audit::{self, Record},
    event::Event,
};
use sea_orm::{Set, entity::prelude::*};

use super::{head::Head, us};
use crate::{
    ctx::{Caller, Ctx},
    error::Result,
};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: i64,
        pub kind: String,
        pub outcome: String,
        pub actor_id: Option<Uuid>,
        pub person_id: Option<Uuid>,
        pub role_id: Option<Uuid>,
        pub activation_id: Option<Uuid>,
        pub number: Option<i64>,
        pub body: String,
        pub hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Appends one record to the chain. Gives the new head.
pub(crate) async fn append<C: ConnectionTrait>(
    db: &C,
    head: &Head,
    ctx: &Ctx,
    event: &Event,
    now: Instant,
) -> Result<Head> {
    let record = record(head.seq + 1, ctx, event, now);
    let body = record.canonical();
    let hash = audit::link(&head.hash, &body);
    let actor = match ctx.caller {
        Caller::Person(signed) => Some(signed.person.uuid()),
        Caller::Nobody | Caller::Stint | Caller::Host => None,
    };
    let model = row::ActiveModel {
        seq: Set(record.seq),
        at: Set(record.at),
        kind: Set(record.kind.clone()),
        outcome: Set(record.outcome.clone()),
        actor_id: Set(actor),
        person_id: Set(event.person.map(|id| id.uuid())),
        role_id: Set(event.role.map(|id| id.uuid())),
        activation_id: Set(event.activation.map(|(id, _)| id.uuid())),
        number: Set(event.activation.map(|(_, number)| number)),
        body: Set(body),
        hash: Set(audit::hex(&hash)),
    };
    row::Entity::insert(model).exec_without_returning(db).await?;
    Ok(Head { seq: record.seq, hash, ..head.clone() })
}

fn record(seq: i64, ctx: &Ctx, event: &Event, now: Instant) -> Record {
    let (actor_kind, signed) = match ctx.caller {
        Caller::Person(signed) => ("person", Some(signed)),
        Caller::Nobody => ("nobody", None),
        Caller::Stint => ("stint", None),
        Caller::Host => ("host", None),
    };
    let filled = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
    Record {
        v: audit::VERSION,
        seq,
        at: us(now),
        kind: event.kind.as_str().to_owned(),
        outcome: event.outcome.as_str().to_owned(),
        actor: signed.map(|signed| signed.person.to_string()),
        actor_kind: actor_kind.to_owned(),
        session: signed.map(|signed| signed.session.to_string()),
        address: filled(&ctx.client.address),
        mfa_at: signed.map(|signed| us(signed.mfa_at)),
        request: filled(&ctx.request_id),
        person: event.person.map(|id| id.to_string()),
        group: event.group.map(|id| id.to_string()),
        role: event.role.map(|id| id.to_string()),
        scope: event.scope.as_ref().map(ToString::to_string),
        assignment: event.assignment.map(|id| id.to_string()),
        activation: event.activation.map(|(id, _)| id.to_string()),
        number: event.activation.map(|(_, number)| number),
        before: event.before.clone(),
        after: event.after.clone(),
        reason: event.reason.clone(),
    }
}
