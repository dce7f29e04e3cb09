//! A group with its members, and what it stands for.

use domain::{
    Instant,
    assignment::Standing,
    group::{GroupDetail, GroupId, Member},
    person::{PersonRef, Principal},
    role::RoleRef,
};
use sea_orm::ConnectionTrait;

use crate::{
    Ctx, Engine, assignment,
    error::{Error, Result},
    person::require_knowing,
    store,
};

/// One group.
///
/// # Errors
/// `signed_out`, `not_found`.
pub async fn get(engine: &Engine, ctx: &Ctx, id: GroupId) -> Result<GroupDetail> {
    let (db, now) = (engine.readers(), engine.now());
    require_knowing(store::access::of(db, ctx.signed()?.person, now).await?.holds)?;
    let group = store::group::get(db, id).await?;
    let version = group.version;
    let mut open = store::assignment::open_of(db, &[Principal::Group(id)], None).await?;
    open.retain(|assignment| assignment.standing(now) != Standing::Ended);
    let row = store::group::list::rows(db, vec![group]).await?.pop();
    Ok(GroupDetail {
        row: row.ok_or_else(|| Error::broken("group.get", "a group without a line"))?,
        people: members(db, id).await?,
        assignments: assignment::rows(db, open, now).await?,
        approves: approves(db, id).await?,
        version,
    })
}

/// Who is in it, by name.
async fn members<C: ConnectionTrait>(db: &C, id: GroupId) -> Result<Vec<Member>> {
    let memberships = store::group::list::memberships(db, id).await?;
    let ids: Vec<_> = memberships.iter().map(|(person, _)| *person).collect();
    let mut people = store::person::list::by_id(db, &ids).await?;
    let member = |(id, since): (_, Instant)| {
        let person = people.remove(&id)?;
        Some(Member {
            person: PersonRef { id, name: person.name },
            since,
            disabled: person.disabled_at.is_some(),
        })
    };
    let mut members: Vec<_> = memberships.into_iter().filter_map(member).collect();
    members.sort_by_key(|member| (member.person.name.to_lowercase(), member.person.id));
    Ok(members)
}

/// The roles whose requests it approves, by name.
pub(super) async fn approves<C: ConnectionTrait>(db: &C, id: GroupId) -> Result<Vec<RoleRef>> {
    let roles = store::role_settings::approved_by(db, &[Principal::Group(id)]).await?;
    let mut roles: Vec<_> =
        store::role::by_id(db, roles).await?.values().map(store::role::reference).collect();
    roles.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(roles)
}
