//! Versions of a role's settings, and who approves each role now.

use std::collections::HashMap;

use domain::{
    Instant,
    person::{PersonId, Principal},
    role::{Role, RoleId},
    role_settings::RoleSettings,
};
use sea_orm::{Condition, QueryOrder, QuerySelect, Set, entity::prelude::*};

use super::us;
use crate::error::{Error, Result};

pub(crate) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "role_settings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub role_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub settings: String,
        pub saved_at: i64,
        pub saved_by: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Follows from the settings in force, for the question *what does this principal approve?*
pub(crate) mod approver {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "approver_of")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub role_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub principal_kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub principal_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A principal as two columns.
pub(crate) fn principal_columns(principal: Principal) -> (&'static str, Uuid) {
    match principal {
        Principal::Person(id) => ("person", id.uuid()),
        Principal::Group(id) => ("group", id.uuid()),
    }
}

/// Two columns as a principal.
pub(crate) fn principal(kind: &str, id: Uuid) -> Result<Principal> {
    match kind {
        "person" => Ok(Principal::Person(domain::Id::new(id))),
        "group" => Ok(Principal::Group(domain::Id::new(id))),
        other => Err(Error::broken("store.principal", format!("an unknown kind of principal: {other}"))),
    }
}

/// Adds a version, and makes its approvers the present ones.
pub(crate) async fn insert<C: ConnectionTrait>(
    db: &C,
    role: RoleId,
    version: i64,
    settings: &RoleSettings,
    by: Option<PersonId>,
    now: Instant,
) -> Result<()> {
    let model = row::ActiveModel {
        role_id: Set(role.uuid()),
        version: Set(version),
        settings: Set(serde_json::to_string(settings).map_err(Error::of("role_settings.write"))?),
        saved_at: Set(us(now)),
        saved_by: Set(by.map(|id| id.uuid())),
    };
    row::Entity::insert(model).exec_without_returning(db).await?;
    approver::Entity::delete_many().filter(approver::Column::RoleId.eq(role.uuid())).exec(db).await?;
    for named in settings.approval.stages.iter().flat_map(|stage| &stage.approvers) {
        let (kind, id) = principal_columns(*named);
        let model = approver::ActiveModel {
            role_id: Set(role.uuid()),
            principal_kind: Set(kind.to_owned()),
            principal_id: Set(id),
        };
        approver::Entity::insert(model).exec_without_returning(db).await?;
    }
    Ok(())
}

/// One version of a role's settings.
pub(crate) async fn get<C: ConnectionTrait>(db: &C, role: RoleId, version: i64) -> Result<RoleSettings> {
    let row = row::Entity::find_by_id((role.uuid(), version)).one(db).await?;
    let row = row.ok_or_else(|| Error::broken("role_settings.read", "a version of settings is missing"))?;
    parse(&row)
}

/// The version that judges a request and all since, in order.
pub(crate) async fn since<C: ConnectionTrait>(
    db: &C,
    role: RoleId,
    version: i64,
) -> Result<Vec<RoleSettings>> {
    let rows = row::Entity::find()
        .filter(row::Column::RoleId.eq(role.uuid()))
        .filter(row::Column::Version.gte(version))
        .order_by_asc(row::Column::Version)
        .all(db)
        .await?;
    rows.iter().map(parse).collect()
}

/// All versions with when and by whom, newest first.
pub(crate) async fn history<C: ConnectionTrait>(db: &C, role: RoleId) -> Result<Vec<row::Model>> {
    Ok(row::Entity::find()
        .filter(row::Column::RoleId.eq(role.uuid()))
        .order_by_desc(row::Column::Version)
        .all(db)
        .await?)
}

/// The settings in a row.
pub(crate) fn parse(row: &row::Model) -> Result<RoleSettings> {
    serde_json::from_str(&row.settings).map_err(Error::of("role_settings.read"))
}

/// The condition that two columns name one of these principals. An id alone does not say of what kind it is.
pub(crate) fn one_of<C: ColumnTrait>(kind: C, id: C, principals: &[Principal]) -> Condition {
    let ids = |wanted: &str| -> Vec<Uuid> {
        principals
            .iter()
            .map(|p| principal_columns(*p))
            .filter(|(kind, _)| *kind == wanted)
            .map(|(_, id)| id)
            .collect()
    };
    Condition::any()
        .add(Condition::all().add(kind.eq("person")).add(id.is_in(ids("person"))))
        .add(Condition::all().add(kind.eq("group")).add(id.is_in(ids("group"))))
}

/// The roles that any of these principals approves now.
pub(crate) async fn approved_by<C: ConnectionTrait>(db: &C, principals: &[Principal]) -> Result<Vec<RoleId>> {
    let ids: Vec<Uuid> = approver::Entity::find()
        .select_only()
        .column(approver::Column::RoleId)
        .distinct()
        .filter(one_of(approver::Column::PrincipalKind, approver::Column::PrincipalId, principals))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(domain::Id::new).collect())
}

/// Those of these principals that approve any role now.
pub(crate) async fn approving_among<C: ConnectionTrait>(
    db: &C,
    principals: &[Principal],
) -> Result<Vec<Principal>> {
    let mut approving = Vec::new();
    for chunk in principals.chunks(500) {
        let found: Vec<(String, Uuid)> = approver::Entity::find()
            .select_only()
            .columns([approver::Column::PrincipalKind, approver::Column::PrincipalId])
            .distinct()
            .filter(one_of(approver::Column::PrincipalKind, approver::Column::PrincipalId, chunk))
            .into_tuple()
            .all(db)
            .await?;
        for (kind, id) in found {
            approving.push(principal(&kind, id)?);
        }
    }
    Ok(approving)
}

/// The settings in force of each of these roles.
pub(crate) async fn in_force<C: ConnectionTrait>(
    db: &C,
    roles: impl IntoIterator<Item = &Role>,
) -> Result<HashMap<RoleId, RoleSettings>> {
    let wanted: Vec<(Uuid, i64)> =
        roles.into_iter().map(|role| (role.id.uuid(), role.settings_version)).collect();
    let mut settings = HashMap::new();
    for chunk in wanted.chunks(200) {
        let version = |(role, version): &(Uuid, i64)| {
            Condition::all().add(row::Column::RoleId.eq(*role)).add(row::Column::Version.eq(*version))
        };
        let any = chunk.iter().map(version).fold(Condition::any(), Condition::add);
        for row in row::Entity::find().filter(any).all(db).await? {
            settings.insert(domain::Id::new(row.role_id), parse(&row)?);
        }
    }
    Ok(settings)
}

/// Consecutive versions of one role's settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Versions {
    first: i64,
    settings: Vec<RoleSettings>,
}

impl Versions {
    /// A version and all that followed it.
    pub(crate) fn since(&self, version: i64) -> &[RoleSettings] {
        let skipped = usize::try_from(version - self.first).unwrap_or(usize::MAX);
        self.settings.get(skipped..).unwrap_or_default()
    }
}

/// For each of these roles the named version and all since: for lists of requests.
pub(crate) async fn since_each<C: ConnectionTrait>(
    db: &C,
    roles: impl IntoIterator<Item = (RoleId, i64)>,
) -> Result<HashMap<RoleId, Versions>> {
    let mut first: HashMap<RoleId, i64> = HashMap::new();
    for (role, version) in roles {
        first.entry(role).and_modify(|first| *first = version.min(*first)).or_insert(version);
    }
    let mut versions: HashMap<RoleId, Versions> = HashMap::new();
    let wanted: Vec<_> = first.into_iter().collect();
    for chunk in wanted.chunks(200) {
        let any = chunk.iter().fold(Condition::any(), |any, (role, first)| {
            let of_role = row::Column::RoleId.eq(role.uuid());
            any.add(Condition::all().add(of_role).add(row::Column::Version.gte(*first)))
        });
        let rows = row::Entity::find().filter(any).order_by_asc(row::Column::Version).all(db).await?;
        for row in rows {
            let of_role = versions.entry(domain::Id::new(row.role_id)).or_default();
            if of_role.settings.is_empty() {
                of_role.first = row.version;
            }
            of_role.settings.push(parse(&row)?);
        }
    }
    Ok(versions)
}
