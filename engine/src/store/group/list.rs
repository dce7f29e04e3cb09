//! The list of groups, and who has been in one since when.

use std::collections::{HashMap, HashSet};

use domain::{
    Id, Instant, Page,
    group::{Group, GroupId, GroupRow},
    person::{PersonId, Principal},
};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*, sea_query::LikeExpr};

use super::{member, row};
use crate::{
    error::Result,
    store::{
        assignment, at,
        page::{self, Wanted},
        role_settings::approver,
    },
};

/// A part of the list, by name. Removed groups are not in it.
pub(crate) async fn page<C: ConnectionTrait>(db: &C, wanted: &Wanted) -> Result<Page<GroupRow>> {
    let mut select = row::Entity::find()
        .filter(row::Column::RemovedAt.is_null())
        .filter(wanted.behind(row::Column::NameFolded, row::Column::Id));
    if let Some(search) = wanted.search() {
        select = select.filter(row::Column::NameFolded.like(search));
    }
    let found = select
        .order_by_asc(row::Column::NameFolded)
        .order_by_asc(row::Column::Id)
        .limit(Wanted::limit())
        .all(db)
        .await?;
    let Page { items, next } = page::cut(found, |row| (row.name_folded.clone(), row.id));
    let groups = items.into_iter().map(Group::try_from).collect::<Result<_>>()?;
    Ok(Page { items: rows(db, groups).await?, next })
}

/// Groups as lines of the list, in the same order.
pub(crate) async fn rows<C: ConnectionTrait>(db: &C, groups: Vec<Group>) -> Result<Vec<GroupRow>> {
    let ids: Vec<_> = groups.iter().map(|group| group.id).collect();
    let members = counts(db, &ids).await?;
    let privileged = privileged_among(db, &ids).await?;
    Ok(groups
        .into_iter()
        .map(|group| GroupRow {
            id: group.id,
            name: group.name,
            description: group.description,
            members: members.get(&group.id).copied().unwrap_or_default(),
            privileged: privileged.contains(&group.id),
        })
        .collect())
}

async fn counts<C: ConnectionTrait>(db: &C, groups: &[GroupId]) -> Result<HashMap<GroupId, u32>> {
    let counted: Vec<(Uuid, i64)> = member::Entity::find()
        .select_only()
        .column(member::Column::GroupId)
        .column_as(member::Column::Id.count(), "people")
        .filter(member::Column::GroupId.is_in(groups.iter().map(|id| id.uuid())))
        .filter(member::Column::RemovedAt.is_null())
        .group_by(member::Column::GroupId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counted
        .into_iter()
        .map(|(id, count)| (Id::new(id), u32::try_from(count).unwrap_or(u32::MAX)))
        .collect())
}

/// Those of these groups that have an assignment or approve anything.
async fn privileged_among<C: ConnectionTrait>(db: &C, groups: &[GroupId]) -> Result<HashSet<GroupId>> {
    let principals: Vec<_> = groups.iter().copied().map(Principal::Group).collect();
    let assigned = assignment::open_of(db, &principals, None).await?;
    let approving: Vec<Uuid> = approver::Entity::find()
        .select_only()
        .column(approver::Column::PrincipalId)
        .filter(approver::Column::PrincipalKind.eq("group"))
        .filter(approver::Column::PrincipalId.is_in(groups.iter().map(|id| id.uuid())))
        .into_tuple()
        .all(db)
        .await?;
    let assigned = assigned.into_iter().filter_map(|assignment| match assignment.principal {
        Principal::Group(id) => Some(id),
        Principal::Person(_) => None,
    });
    Ok(assigned.chain(approving.into_iter().map(Id::new)).collect())
}

/// Who is in a group, and since when.
pub(crate) async fn memberships<C: ConnectionTrait>(
    db: &C,
    group: GroupId,
) -> Result<Vec<(PersonId, Instant)>> {
    let rows = member::Entity::find()
        .filter(member::Column::GroupId.eq(group.uuid()))
        .filter(member::Column::RemovedAt.is_null())
        .all(db)
        .await?;
    rows.into_iter().map(|row| Ok((Id::new(row.person_id), at(row.added_at)?))).collect()
}

/// The first groups by name that fit: folded name, id and name.
pub(crate) async fn names_like<C: ConnectionTrait>(
    db: &C,
    search: Option<&LikeExpr>,
    most: u64,
) -> Result<Vec<(String, GroupId, String)>> {
    let mut select = row::Entity::find().filter(row::Column::RemovedAt.is_null());
    if let Some(search) = search {
        select = select.filter(row::Column::NameFolded.like(search.clone()));
    }
    let found = select
        .order_by_asc(row::Column::NameFolded)
        .order_by_asc(row::Column::Id)
        .limit(most)
        .all(db)
        .await?;
    Ok(found.into_iter().map(|row| (row.name_folded, Id::new(row.id), row.name)).collect())
}

/// The group that bears this name, without regard to case. Removed groups bear none.
pub(crate) async fn find_by_name<C: ConnectionTrait>(db: &C, name: &str) -> Result<Option<GroupId>> {
    let id: Option<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::NameFolded.eq(name.to_lowercase()))
        .filter(row::Column::RemovedAt.is_null())
        .into_tuple()
        .one(db)
        .await?;
    Ok(id.map(Id::new))
}
