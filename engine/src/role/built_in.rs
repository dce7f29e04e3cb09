//! Stint's own roles: there from the first start on.

use domain::{
    event::{Event, EventKind},
    role::{Level, Role, builtin},
    role_settings::RoleSettings,
};

use crate::{Ctx, Engine, error::Result, store};

/// Makes Stint's own roles where they are missing.
pub(crate) async fn ensure(engine: &Engine) -> Result<()> {
    if store::role::find(engine.readers(), builtin::AUDITOR).await?.is_some() {
        return Ok(());
    }
    let act = engine.clone();
    engine
        .act(&Ctx::stint(), Event::new(EventKind::RoleCreated), move |tx| {
            Box::pin(async move {
                let mut events = Vec::new();
                for (id, key, name, description) in builtin::ALL {
                    if store::role::find(tx.conn(), id).await?.is_some() {
                        continue;
                    }
                    let level = if id == builtin::AUDITOR { Level::High } else { Level::Critical };
                    let role = Role {
                        id,
                        key: key.to_owned(),
                        name: name.to_owned(),
                        description: description.to_owned(),
                        level,
                        link: None,
                        template_id: None,
                        disabled_at: None,
                        settings_version: 1,
                        created_at: tx.now,
                        version: 1,
                    };
                    store::role::insert(tx.conn(), &role).await?;
                    let settings = if id == builtin::ADMINISTRATOR {
                        RoleSettings::initial_administrator()
                    } else {
                        RoleSettings::initial()
                    };
                    store::role_settings::insert(tx.conn(), id, 1, &settings, None, tx.now).await?;
                    events.push(Event::new(EventKind::RoleCreated).role(id).reason("built_in"));
                }
                if events.is_empty() {
                    return Ok(tx.unchanged(()));
                }
                tx.commit(&act, (), events).await
            })
        })
        .await
}
