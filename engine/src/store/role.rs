//! Roles.

use std::collections::HashMap;

use domain::{
    Code, Id, Instant, Problem,
    activation::State,
    assignment::AssignmentKind,
    role::{Role, RoleId, RoleRef},
};
use sea_orm::{Condition, QueryOrder, QuerySelect, Set, entity::prelude::*, sea_query::LikeExpr};

use super::{access::held_at, activation, assignment, at, at_opt, to_word, us, word};
use crate::error::{Error, Result};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "role")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub key: String,
        pub name: String,
        pub name_folded: String,
        pub description: String,
        pub level: String,
        pub link: Option<String>,
        pub template_id: Option<String>,
        pub disabled_at: Option<i64>,
        pub settings_version: i64,
        pub created_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<row::Model> for Role {
    type Error = Error;

    fn try_from(row: row::Model) -> Result<Self> {
        Ok(Self {
            id: Id::new(row.id),
            key: row.key,
            name: row.name,
            description: row.description,
            level: word(&row.level)?,
            link: row.link,
            template_id: row.template_id,
            disabled_at: at_opt(row.disabled_at)?,
            settings_version: row.settings_version,
            created_at: at(row.created_at)?,
            version: row.version,
        })
    }
}

fn active(role: &Role) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(role.id.uuid()),
        key: Set(role.key.clone()),
        name: Set(role.name.clone()),
        name_folded: Set(role.name.to_lowercase()),
        description: Set(role.description.clone()),
        level: Set(to_word(&role.level)),
        link: Set(role.link.clone()),
        template_id: Set(role.template_id.clone()),
        disabled_at: Set(role.disabled_at.map(us)),
        settings_version: Set(role.settings_version),
        created_at: Set(us(role.created_at)),
        version: Set(role.version),
    }
}

/// Adds a role; `name_taken` when the key exists.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, role: &Role) -> Result<()> {
    if find_by_key(db, &role.key).await?.is_some() {
        return Err(Problem::new(Code::NameTaken).field("key").into());
    }
    row::Entity::insert(active(role)).exec_without_returning(db).await?;
    Ok(())
}

/// Saves over the version that was read; `conflict` when somebody else was faster.
pub(crate) async fn save<C: ConnectionTrait>(db: &C, role: &Role) -> Result<()> {
    let mut model = active(role);
    model.version = Set(role.version + 1);
    let saved = row::Entity::update_many()
        .set(model)
        .filter(row::Column::Id.eq(role.id.uuid()))
        .filter(row::Column::Version.eq(role.version))
        .exec(db)
        .await?;
    if saved.rows_affected == 1 { Ok(()) } else { Err(Problem::new(Code::Conflict).into()) }
}

pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: RoleId) -> Result<Option<Role>> {
    row::Entity::find_by_id(id.uuid()).one(db).await?.map(Role::try_from).transpose()
}

pub(crate) async fn find_by_key<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<Role>> {
    // What comes from outside may hold what no text in a database can.
    if !domain::role::may_be_key(key) {
        return Ok(None);
    }
    row::Entity::find().filter(row::Column::Key.eq(key)).one(db).await?.map(Role::try_from).transpose()
}

pub(crate) async fn get<C: ConnectionTrait>(db: &C, id: RoleId) -> Result<Role> {
    find(db, id).await?.ok_or_else(|| Problem::new(Code::NotFound).into())
}

/// These roles, by id.
pub(crate) async fn by_id<C: ConnectionTrait>(
    db: &C,
    roles: impl IntoIterator<Item = RoleId>,
) -> Result<HashMap<RoleId, Role>> {
    let mut ids: Vec<Uuid> = roles.into_iter().map(Id::uuid).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = row::Entity::find().filter(row::Column::Id.is_in(ids)).all(db).await?;
    rows.into_iter().map(|row| Role::try_from(row).map(|role| (role.id, role))).collect()
}

/// A part of the roles by name, those after `after`, whose name or key contains `search`.
pub(crate) async fn list<C: ConnectionTrait>(
    db: &C,
    search: &str,
    after: Option<&Role>,
    most: u64,
) -> Result<Vec<Role>> {
    let mut select = row::Entity::find();
    if !search.is_empty() {
        let contains = containing(search);
        let either = Condition::any()
            .add(row::Column::NameFolded.like(contains.clone()))
            .add(row::Column::Key.like(contains));
        select = select.filter(either);
    }
    if let Some(after) = after {
        let name = after.name.to_lowercase();
        let same = Condition::all()
            .add(row::Column::NameFolded.eq(name.clone()))
            .add(row::Column::Id.gt(after.id.uuid()));
        select = select.filter(Condition::any().add(row::Column::NameFolded.gt(name)).add(same));
    }
    let select = select.order_by_asc(row::Column::NameFolded).order_by_asc(row::Column::Id).limit(most);
    select.all(db).await?.into_iter().map(Role::try_from).collect()
}

/// What contains this text as it stands: signs that mean something in a pattern mean themselves.
fn containing(search: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for sign in search.to_lowercase().chars() {
        if matches!(sign, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('!')
}

/// Those of these keys that are in use.
pub(crate) async fn keys_among<C: ConnectionTrait>(
    db: &C,
    keys: impl IntoIterator<Item = &str>,
) -> Result<Vec<String>> {
    Ok(row::Entity::find()
        .select_only()
        .column(row::Column::Key)
        .filter(row::Column::Key.is_in(keys))
        .into_tuple()
        .all(db)
        .await?)
}

/// How much there is of everything in a role.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// Live and planned eligible assignments.
    pub eligible: u32,
    /// Live and planned active assignments.
    pub standing: u32,
    /// Activations that are held.
    pub active: u32,
    /// Requests that wait for a decision.
    pub waiting: u32,
}

/// How much there is of everything in these roles at `now`.
pub(crate) async fn counts<C: ConnectionTrait>(
    db: &C,
    roles: &[RoleId],
    now: Instant,
) -> Result<HashMap<RoleId, Counts>> {
    let mut counts: HashMap<RoleId, Counts> = HashMap::new();
    for (role, kind, number) in assignment::count_by_role(db, roles, now).await? {
        let counted = counts.entry(role).or_default();
        match kind {
            AssignmentKind::Eligible => counted.eligible = count(number),
            AssignmentKind::Active => counted.standing = count(number),
        }
    }
    for (role, number) in count_activations(db, roles, held_at(now)).await? {
        counts.entry(role).or_default().active = count(number);
    }
    let waiting = Condition::all()
        .add(activation::row::Column::SettledAt.is_null())
        .add(activation::row::Column::State.eq(State::PendingApproval.as_str()))
        .add(activation::row::Column::LapsesAt.gt(us(now)));
    for (role, number) in count_activations(db, roles, waiting).await? {
        counts.entry(role).or_default().waiting = count(number);
    }
    Ok(counts)
}

async fn count_activations<C: ConnectionTrait>(
    db: &C,
    roles: &[RoleId],
    of: Condition,
) -> Result<Vec<(RoleId, i64)>> {
    use activation::row::{Column, Entity};
    let counts: Vec<(Uuid, i64)> = Entity::find()
        .select_only()
        .column(Column::RoleId)
        .column_as(Column::Id.count(), "count")
        .filter(of)
        .filter(Column::RoleId.is_in(roles.iter().map(|id| id.uuid())))
        .group_by(Column::RoleId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().map(|(role, count)| (Id::new(role), count)).collect())
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A role by name.
pub(crate) fn reference(role: &Role) -> RoleRef {
    RoleRef { id: role.id, key: role.key.clone(), name: role.name.clone(), level: role.level }
}
