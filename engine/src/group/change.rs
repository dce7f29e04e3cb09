//! Another name or description for a group.

use domain::{
    Code, Problem,
    event::{Event, EventKind},
    group::{ChangeGroup, Group, GroupId},
};
use serde_json::json;

use super::{Subject, require_free_name, subject};
use crate::{Ctx, Engine, error::Result, session, store};

/// Changes the words of a group.
///
/// # Errors
/// `signed_out`, `not_found`, `forbidden`, every field that needs attention, `conflict`, `name_taken`, `mfa_stale`.
pub async fn change(engine: &Engine, ctx: &Ctx, id: GroupId, input: ChangeGroup) -> Result<()> {
    ctx.signed()?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::GroupChanged).group(id), move |tx| {
            Box::pin(async move {
                let Subject { group, .. } = subject(tx, id).await?;
                let input = input.checked()?;
                if input.version != group.version {
                    return Err(Problem::new(Code::Conflict).into());
                }
                require_free_name(tx, &input.name, Some(id)).await?;
                session::require_administrator_factor(tx, id.uuid())?;
                if (&group.name, &group.description) == (&input.name, &input.description) {
                    return Ok(tx.unchanged(()));
                }
                let event = Event::new(EventKind::GroupChanged)
                    .group(id)
                    .before(json!({ "name": group.name, "description": group.description }))
                    .after(json!({ "name": input.name, "description": input.description }));
                let after = Group { name: input.name, description: input.description, ..group };
                store::group::save(tx.conn(), &after).await?;
                tx.commit(&act, (), vec![event]).await
            })
        })
        .await
}
