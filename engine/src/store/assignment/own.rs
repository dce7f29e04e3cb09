//! A person's own assignments with the roles that they are of: the page that everybody opens, in one query.

use domain::{
    assignment::Assignment,
    person::PersonId,
    role::{Role, RoleId},
    role_settings::RoleSettings,
};
use sea_orm::{
    ExprTrait, FromQueryResult, Iterable,
    entity::prelude::*,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};

use super::{of_person, open, row, through_groups};
use crate::{
    error::{Error, Result},
    store::{group::row as group, role::row as role, role_settings::row as settings},
};

/// An open assignment that a person has, directly or through a group.
pub(crate) struct Open {
    pub assignment: Assignment,
    pub role: Role,
    /// The settings of the role that are in force.
    pub settings: RoleSettings,
    /// The name of the group that it comes through.
    pub group: Option<String>,
}

/// The open assignments of a person, in one role or all, in the order in which they begin.
pub(crate) async fn open_of<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    role: Option<RoleId>,
) -> Result<Vec<Open>> {
    let mut found = Vec::new();
    for row in db.query_all(&everything(person, role)).await? {
        let settings: String = row.try_get("", SETTINGS)?;
        found.push(Open {
            assignment: row::Model::from_query_result(&row, ASSIGNMENT)?.try_into()?,
            role: role::Model::from_query_result(&row, ROLE)?.try_into()?,
            settings: serde_json::from_str(&settings).map_err(Error::of("role_settings.read"))?,
            group: row.try_get("", GROUP)?,
        });
    }
    found.sort_by_key(|open| open.assignment.starts_at);
    Ok(found)
}

/// The open assignments of one role that a person has, directly or through a group, in the order in which they begin.
pub(crate) async fn in_role<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    role: RoleId,
) -> Result<Vec<Assignment>> {
    let of_role = || {
        Query::select()
            .columns(row::Column::iter().map(|column| (row::Entity, column)))
            .from(row::Entity)
            .cond_where(open())
            .and_where(row::Column::RoleId.eq(role.uuid()))
            .to_owned()
    };
    let mut all = of_role().cond_where(of_person(person)).to_owned();
    all.union(UnionType::All, through_groups(of_role(), person));
    let mut found = Vec::new();
    for row in db.query_all(&all).await? {
        found.push(Assignment::try_from(row::Model::from_query_result(&row, "")?)?);
    }
    found.sort_by_key(|assignment| assignment.starts_at);
    Ok(found)
}

/// What the columns of a part are called by.
const ASSIGNMENT: &str = "a_";
const ROLE: &str = "r_";
const SETTINGS: &str = "settings";
const GROUP: &str = "group_name";

fn everything(person: PersonId, role: Option<RoleId>) -> SelectStatement {
    let group_name = Expr::col((group::Entity, group::Column::Name));
    let mut through = through_groups(with_roles(role), person);
    through.expr_as(group_name, GROUP).inner_join(
        group::Entity,
        Expr::col((group::Entity, group::Column::Id)).equals((row::Entity, row::Column::PrincipalId)),
    );
    // The first part says what types there are, and a name is missing only in the second.
    through.union(
        UnionType::All,
        with_roles(role).expr_as(Expr::cust("NULL"), GROUP).cond_where(of_person(person)).to_owned(),
    );
    through
}

/// Open assignments with their roles and the settings in force.
fn with_roles(role: Option<RoleId>) -> SelectStatement {
    let mut select = Query::select();
    for column in row::Column::iter() {
        select.expr_as(Expr::col((row::Entity, column)), format!("{ASSIGNMENT}{}", column.as_str()));
    }
    for column in role::Column::iter() {
        select.expr_as(Expr::col((role::Entity, column)), format!("{ROLE}{}", column.as_str()));
    }
    select
        .expr_as(Expr::col((settings::Entity, settings::Column::Settings)), SETTINGS)
        .from(row::Entity)
        .inner_join(
            role::Entity,
            Expr::col((role::Entity, role::Column::Id)).equals((row::Entity, row::Column::RoleId)),
        )
        .inner_join(
            settings::Entity,
            Expr::col((settings::Entity, settings::Column::RoleId))
                .equals((role::Entity, role::Column::Id))
                .and(
                    Expr::col((settings::Entity, settings::Column::Version))
                        .equals((role::Entity, role::Column::SettingsVersion)),
                ),
        )
        .cond_where(open());
    if let Some(role) = role {
        select.and_where(row::Column::RoleId.eq(role.uuid()));
    }
    select.to_owned()
}
