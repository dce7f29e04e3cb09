//! Assignments. Never deleted: what has ended stays.

use domain::{
    Code, Id, Instant, Problem,
    assignment::{Assignment, AssignmentId, AssignmentKind},
    person::{PersonId, Principal},
    role::RoleId,
};
use sea_orm::{
    Condition, ExprTrait, QueryOrder, QuerySelect, Select, Set,
    entity::prelude::*,
    sea_query::{Expr, SelectStatement},
};

use super::{
    at, at_opt,
    role_settings::{one_of, principal, principal_columns},
    to_word, us, word,
};
use crate::error::{Error, Result};

pub(crate) mod own;
pub(crate) mod uses;

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "assignment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub role_id: Uuid,
        pub principal_kind: String,
        pub principal_id: Uuid,
        pub kind: String,
        pub scope: String,
        pub starts_at: i64,
        pub ends_at: Option<i64>,
        pub justification: String,
        pub made_by: Option<Uuid>,
        pub made_at: i64,
        pub ended_at: Option<i64>,
        pub end_cause: Option<String>,
        /// How many announcements of its end were made: 1 after that of 14 days, 2 after that of 1 day.
        pub announced: i64,
        pub version: i64,
        /// The next instant that matters: an announcement or the end.
        pub due_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<row::Model> for Assignment {
    type Error = Error;

    fn try_from(row: row::Model) -> Result<Self> {
        Ok(Self {
            id: Id::new(row.id),
            role: Id::new(row.role_id),
            principal: principal(&row.principal_kind, row.principal_id)?,
            kind: word(&row.kind)?,
            scope: row.scope.parse()?,
            starts_at: at(row.starts_at)?,
            ends_at: at_opt(row.ends_at)?,
            justification: row.justification,
            made_by: row.made_by.map(Id::new),
            made_at: at(row.made_at)?,
            ended_at: at_opt(row.ended_at)?,
            version: row.version,
        })
    }
}

/// What the worker keeps beside an assignment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Due {
    /// Announcements made so far.
    pub announced: i64,
    /// The next instant that matters.
    pub at: Option<Instant>,
}

/// An assignment as a row.
pub(crate) fn active(assignment: &Assignment, due: Due) -> row::ActiveModel {
    let (kind, id) = principal_columns(assignment.principal);
    row::ActiveModel {
        id: Set(assignment.id.uuid()),
        role_id: Set(assignment.role.uuid()),
        principal_kind: Set(kind.to_owned()),
        principal_id: Set(id),
        kind: Set(to_word(&assignment.kind)),
        scope: Set(assignment.scope.to_string()),
        starts_at: Set(us(assignment.starts_at)),
        ends_at: Set(assignment.ends_at.map(us)),
        justification: Set(assignment.justification.clone()),
        made_by: Set(assignment.made_by.map(|id| id.uuid())),
        made_at: Set(us(assignment.made_at)),
        ended_at: Set(assignment.ended_at.map(us)),
        end_cause: Set(None),
        announced: Set(due.announced),
        version: Set(assignment.version),
        due_at: Set(due.at.map(us)),
    }
}

pub(crate) async fn insert<C: ConnectionTrait>(db: &C, assignment: &Assignment, due: Due) -> Result<()> {
    row::Entity::insert(active(assignment, due)).exec_without_returning(db).await?;
    Ok(())
}

/// Saves over the version that was read, while it had not ended; `conflict` when somebody else was faster.
pub(crate) async fn save<C: ConnectionTrait>(
    db: &C,
    assignment: &Assignment,
    due: Due,
    cause: Option<&str>,
) -> Result<()> {
    let mut model = active(assignment, due);
    model.version = Set(assignment.version + 1);
    model.end_cause = Set(cause.map(str::to_owned));
    let saved = row::Entity::update_many()
        .set(model)
        .filter(row::Column::Id.eq(assignment.id.uuid()))
        .filter(row::Column::Version.eq(assignment.version))
        .filter(row::Column::EndedAt.is_null())
        .exec(db)
        .await?;
    if saved.rows_affected == 1 { Ok(()) } else { Err(Problem::new(Code::Conflict).into()) }
}

pub(crate) async fn get<C: ConnectionTrait>(db: &C, id: AssignmentId) -> Result<Assignment> {
    let row = row::Entity::find_by_id(id.uuid()).one(db).await?;
    row.map(Assignment::try_from).transpose()?.ok_or_else(|| Problem::new(Code::NotFound).into())
}

async fn all<C: ConnectionTrait>(db: &C, select: Select<row::Entity>) -> Result<Vec<Assignment>> {
    select.order_by_asc(row::Column::StartsAt).all(db).await?.into_iter().map(Assignment::try_from).collect()
}

/// Not recorded as ended: live, planned, or due to be ended.
pub(crate) fn open() -> Condition {
    Condition::all().add(row::Column::EndedAt.is_null())
}

/// The condition of an assignment in force at `now`.
fn live(now: Instant) -> Condition {
    open()
        .add(row::Column::StartsAt.lte(us(now)))
        .add(Condition::any().add(row::Column::EndsAt.is_null()).add(row::Column::EndsAt.gt(us(now))))
}

/// The condition of an assignment that gives its role at `now`.
pub(crate) fn active_at(now: Instant) -> Condition {
    live(now).add(row::Column::Kind.eq(to_word(&AssignmentKind::Active)))
}

/// The condition of one that gives its role as a whole: a part does not count.
pub(crate) fn gives_all(now: Instant) -> Condition {
    active_at(now).add(row::Column::Scope.eq(domain::Scope::everything().as_str()))
}

/// The condition of one that is a person's own.
pub(crate) fn of_person(person: PersonId) -> Condition {
    Condition::all()
        .add(row::Column::PrincipalKind.eq("person"))
        .add(row::Column::PrincipalId.eq(person.uuid()))
}

/// The assignments among those that are selected which a person has through a group that they are in now.
pub(crate) fn through_groups(mut assignments: SelectStatement, person: PersonId) -> SelectStatement {
    use super::group::member;
    let of_group = Expr::col((member::Entity, member::Column::GroupId));
    assignments
        .inner_join(member::Entity, of_group.equals((row::Entity, row::Column::PrincipalId)))
        .and_where(member::Column::PersonId.eq(person.uuid()))
        .and_where(member::Column::RemovedAt.is_null())
        .and_where(row::Column::PrincipalKind.eq("group"));
    assignments
}

fn of_principals(principals: &[Principal]) -> Condition {
    one_of(row::Column::PrincipalKind, row::Column::PrincipalId, principals)
}

/// Open assignments of these principals, of any kind, in one role or all.
pub(crate) async fn open_of<C: ConnectionTrait>(
    db: &C,
    principals: &[Principal],
    role: Option<RoleId>,
) -> Result<Vec<Assignment>> {
    let mut select = row::Entity::find().filter(open()).filter(of_principals(principals));
    if let Some(role) = role {
        select = select.filter(row::Column::RoleId.eq(role.uuid()));
    }
    all(db, select).await
}

/// Those of these principals that have an open assignment in any role.
pub(crate) async fn assigned_among<C: ConnectionTrait>(
    db: &C,
    principals: &[Principal],
) -> Result<Vec<Principal>> {
    let mut assigned = Vec::new();
    for chunk in principals.chunks(500) {
        let found: Vec<(String, Uuid)> = row::Entity::find()
            .select_only()
            .columns([row::Column::PrincipalKind, row::Column::PrincipalId])
            .distinct()
            .filter(open())
            .filter(of_principals(chunk))
            .into_tuple()
            .all(db)
            .await?;
        for (kind, id) in found {
            assigned.push(principal(&kind, id)?);
        }
    }
    Ok(assigned)
}

/// How many assignments of each kind each of these roles has at `now`, planned ones too.
pub(crate) async fn count_by_role<C: ConnectionTrait>(
    db: &C,
    roles: &[RoleId],
    now: Instant,
) -> Result<Vec<(RoleId, AssignmentKind, i64)>> {
    let counts: Vec<(Uuid, String, i64)> = row::Entity::find()
        .select_only()
        .columns([row::Column::RoleId, row::Column::Kind])
        .column_as(row::Column::Id.count(), "count")
        .filter(open())
        .filter(Condition::any().add(row::Column::EndsAt.is_null()).add(row::Column::EndsAt.gt(us(now))))
        .filter(row::Column::RoleId.is_in(roles.iter().map(|id| id.uuid())))
        .group_by(row::Column::RoleId)
        .group_by(row::Column::Kind)
        .into_tuple()
        .all(db)
        .await?;
    counts.into_iter().map(|(role, kind, count)| Ok((Id::new(role), word(&kind)?, count))).collect()
}

/// Keeps what was announced. No act of anybody: the version stays, so that it is no conflict for an administrator.
pub(crate) async fn keep_due<C: ConnectionTrait>(db: &C, assignment: &Assignment, due: Due) -> Result<()> {
    let saved = row::Entity::update_many()
        .set(row::ActiveModel {
            announced: Set(due.announced),
            due_at: Set(due.at.map(us)),
            ..Default::default()
        })
        .filter(row::Column::Id.eq(assignment.id.uuid()))
        .filter(row::Column::Version.eq(assignment.version))
        .filter(row::Column::EndedAt.is_null())
        .exec(db)
        .await?;
    if saved.rows_affected == 1 { Ok(()) } else { Err(Problem::new(Code::Conflict).into()) }
}

/// Assignments of these principals that ended at or after `since`: for those who were eligible not long ago.
pub(crate) async fn ended_of<C: ConnectionTrait>(
    db: &C,
    principals: &[Principal],
    role: RoleId,
) -> Result<Vec<Assignment>> {
    let select = row::Entity::find()
        .filter(row::Column::EndedAt.is_not_null())
        .filter(row::Column::RoleId.eq(role.uuid()))
        .filter(of_principals(principals));
    all(db, select).await
}

/// Assignments of a role: open ones, or ended ones (newest first, at most 200).
pub(crate) async fn of_role<C: ConnectionTrait>(
    db: &C,
    role: RoleId,
    ended: bool,
) -> Result<Vec<Assignment>> {
    let select = row::Entity::find().filter(row::Column::RoleId.eq(role.uuid()));
    if ended {
        let rows = select
            .filter(row::Column::EndedAt.is_not_null())
            .order_by_desc(row::Column::EndedAt)
            .limit(200)
            .all(db)
            .await?;
        return rows.into_iter().map(Assignment::try_from).collect();
    }
    all(db, select.filter(open())).await
}

/// The active assignments that give a role at `now`.
pub(crate) async fn active_in<C: ConnectionTrait>(
    db: &C,
    role: RoleId,
    now: Instant,
) -> Result<Vec<Assignment>> {
    let active = row::Entity::find().filter(active_at(now)).filter(row::Column::RoleId.eq(role.uuid()));
    all(db, active).await
}

/// The principals that hold a role by an active assignment at `now`.
pub(crate) async fn active_principals<C: ConnectionTrait>(
    db: &C,
    role: RoleId,
    now: Instant,
) -> Result<Vec<Principal>> {
    Ok(active_in(db, role, now).await?.into_iter().map(|assignment| assignment.principal).collect())
}

/// Open assignments whose next instant has come, earliest first, with what the worker keeps beside them.
pub(crate) async fn due<C: ConnectionTrait>(
    db: &C,
    now: Instant,
    most: u64,
) -> Result<Vec<(Assignment, Due)>> {
    let rows = row::Entity::find()
        .filter(open())
        .filter(row::Column::DueAt.lte(us(now)))
        .order_by_asc(row::Column::DueAt)
        .limit(most)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let due = Due { announced: row.announced, at: at_opt(row.due_at)? };
            Ok((Assignment::try_from(row)?, due))
        })
        .collect()
}

/// The next instant at which an assignment needs the worker.
pub(crate) async fn next_due<C: ConnectionTrait>(db: &C) -> Result<Option<Instant>> {
    let next: Option<Option<i64>> = row::Entity::find()
        .select_only()
        .column(row::Column::DueAt)
        .filter(open())
        .filter(row::Column::DueAt.is_not_null())
        .order_by_asc(row::Column::DueAt)
        .into_tuple()
        .one(db)
        .await?;
    at_opt(next.flatten())
}

/// Open active assignments, planned ones too.
pub(crate) async fn open_active<C: ConnectionTrait>(db: &C) -> Result<Vec<Assignment>> {
    let active = row::Column::Kind.eq(to_word(&AssignmentKind::Active));
    all(db, row::Entity::find().filter(open()).filter(active)).await
}

/// Open assignments that were made after `since`.
pub(crate) async fn made_after<C: ConnectionTrait>(db: &C, since: Instant) -> Result<Vec<Assignment>> {
    all(db, row::Entity::find().filter(open()).filter(row::Column::MadeAt.gt(us(since)))).await
}
