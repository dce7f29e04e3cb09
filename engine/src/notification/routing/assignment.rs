//! What is told of assignments, of membership in groups that have a role, and of a role's settings.

use domain::{Code, event::Event, person::Principal};

use super::{actor, event_why, name, whoever};
use crate::{
    Tx,
    error::{Error, Result},
    notification::{
        Mails, audience,
        message::{Assigned, Message, one_line},
    },
    store,
};

pub(super) async fn assignment(tx: &Tx, event: &Event, what: &'static str) -> Result<Mails> {
    let Some(id) = event.assignment else { return Ok(Vec::new()) };
    let assignment = store::assignment::get(tx.conn(), id).await?;
    let role = store::role::get(tx.conn(), assignment.role).await?;
    let assigned = Assigned::of(&assignment, &role, tx.now);
    let (who, through) = match assignment.principal {
        Principal::Person(person) => (name(tx, person).await?, None),
        Principal::Group(group) => {
            let group = group_name(tx, group).await?;
            (group.clone(), Some(group))
        }
    };
    let people = audience::people(tx, assignment.principal).await?;
    let by = whoever(tx).await?;
    let message = |you: bool| Message::Assignment {
        you,
        who: who.clone(),
        through: through.clone(),
        what,
        assigned: assigned.clone(),
        by: by.clone(),
        why: event_why(event),
    };
    Ok(vec![(people, message(true)), (audience::administrators(tx).await?, message(false))])
}

/// Only groups that have a role: of the others nothing follows.
pub(super) async fn membership(tx: &Tx, event: &Event, added: bool) -> Result<Mails> {
    let Some((person, group)) = event.person.zip(event.group) else { return Ok(Vec::new()) };
    let assignments = store::assignment::open_of(tx.conn(), &[Principal::Group(group)], None).await?;
    let roles = store::role::by_id(tx.conn(), assignments.iter().map(|assignment| assignment.role)).await?;
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let mut roles: Vec<_> = roles.into_values().map(|role| one_line(&role.name)).collect();
    roles.sort();
    let group = group_name(tx, group).await?;
    let (who, by) = (name(tx, person).await?, actor(tx, person).await?);
    let message = |you| Message::Membership {
        you,
        who: who.clone(),
        group: group.clone(),
        added,
        roles: roles.clone(),
        by: by.clone(),
    };
    Ok(vec![(vec![person], message(true)), (audience::administrators(tx).await?, message(false))])
}

pub(super) async fn settings(tx: &Tx, event: &Event) -> Result<Mails> {
    let role = event.role.ok_or_else(|| Error::from(Code::NotFound))?;
    let role = store::role::get(tx.conn(), role).await?;
    let version = role.settings_version;
    let after = store::role_settings::get(tx.conn(), role.id, version).await?;
    let mut changes = match version {
        ..=1 => Vec::new(),
        _ => after.changes_since(&store::role_settings::get(tx.conn(), role.id, version - 1).await?),
    };
    name_principals(tx, &mut changes).await?;
    let by = whoever(tx).await?;
    let message = |you| Message::SettingsChanged {
        you,
        role: one_line(&role.name),
        path: format!("/roles/{}", role.id),
        version,
        changes: changes.clone(),
        by: by.clone(),
    };
    let administrators = audience::administrators(tx).await?;
    let mut concerned = audience::assigned(tx, role.id).await?;
    concerned.retain(|person| !administrators.contains(person));
    Ok(vec![(concerned, message(true)), (administrators, message(false))])
}

async fn group_name(tx: &Tx, group: domain::group::GroupId) -> Result<String> {
    let names = store::group::names(tx.conn(), [group]).await?;
    Ok(names.get(&group).map(|group| one_line(&group.name)).unwrap_or_default())
}

/// Settings name approvers by id, "person 0198…"; mails name them.
async fn name_principals(tx: &Tx, changes: &mut [(String, String, String)]) -> Result<()> {
    for text in changes.iter_mut().flat_map(|(_, from, to)| [from, to]) {
        let mut named = Vec::new();
        for part in text.split(", ") {
            let name = match part.split_once(' ') {
                Some(("person", id)) => match domain::Id::parse(id) {
                    Ok(id) => name(tx, id).await?,
                    Err(_) => part.to_owned(),
                },
                Some(("group", id)) => match domain::Id::parse(id) {
                    Ok(id) => group_name(tx, id).await?,
                    Err(_) => part.to_owned(),
                },
                _ => part.to_owned(),
            };
            named.push(name);
        }
        *text = named.join(", ");
    }
    Ok(())
}
