//! What every world begins with.

use domain::role::builtin;

use crate::store;

on_every_database!(a_new_database_has_stints_own_roles, world, {
    let own = builtin::ALL.map(|(id, ..)| id);
    let roles = store::role::by_id(world.engine.readers(), own).await.unwrap();
    assert_eq!(roles.len(), 3);
    world.engine.close().await;
});
