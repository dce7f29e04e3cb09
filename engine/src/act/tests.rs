//! Commands that are sent again under their key.

use domain::{
    Code,
    event::EventKind,
    group::NewGroup,
    person::{NewPerson, PersonId, PersonKind},
};
use sea_orm::EntityTrait;

use crate::{
    Ctx, IdempotencyKey, group, on_every_database, person, store,
    testing::{World, activation::code},
};

fn keyed(world: &World, person: PersonId, key: &str, sent: &str) -> Ctx {
    Ctx { idempotency: Some(IdempotencyKey::new(key, sent.as_bytes())), ..world.ctx(person) }
}

fn operators() -> NewGroup {
    NewGroup { name: "Operators".to_owned(), description: String::new() }
}

on_every_database!(a_repeated_command_is_carried_out_once_and_gets_the_same_answer, world, {
    let root = world.administrator("Root").await;
    let made = group::create(&world.engine, &keyed(&world, root, "k", "one"), operators()).await.unwrap();
    let again = group::create(&world.engine, &keyed(&world, root, "k", "one"), operators()).await.unwrap();
    assert_eq!(made, again);
    assert_eq!(world.recorded(EventKind::GroupCreated).await.len(), 1);
    let other = group::create(&world.engine, &keyed(&world, root, "k", "another"), operators()).await;
    assert_eq!(code(other), Code::IdempotencyMismatch);
    // What was removed is gone, and removing it again is answered as before.
    for _ in 0..2 {
        group::remove(&world.engine, &keyed(&world, root, "r", "one"), made).await.unwrap();
    }
    assert_eq!(world.recorded(EventKind::GroupRemoved).await.len(), 1);
});

on_every_database!(a_repeated_command_is_authorised_anew, world, {
    let (root, other) = (world.administrator("Root").await, world.person("Other").await);
    let ctx = keyed(&world, root, "k", "one");
    group::create(&world.engine, &ctx, operators()).await.unwrap();
    // Somebody else's key is another key.
    let foreign = keyed(&world, other, "k", "one");
    assert_eq!(code(group::create(&world.engine, &foreign, operators()).await), Code::Forbidden);
    world.disabled(root).await;
    assert_eq!(code(group::create(&world.engine, &ctx, operators()).await), Code::Forbidden);
    assert_eq!(
        world.recorded(EventKind::GroupCreated).await.iter().filter(|r| r.outcome == "done").count(),
        1
    );
});

on_every_database!(a_kept_answer_does_not_show_the_link_in_it, world, {
    let root = world.administrator("Root").await;
    let ada = NewPerson {
        kind: PersonKind::Member,
        name: "Ada".to_owned(),
        sign_in_name: "ada".to_owned(),
        addresses: Vec::new(),
        zone: None,
    };
    let ctx = keyed(&world, root, "k", "one");
    let made = person::create(&world.engine, &ctx, ada.clone()).await.unwrap();
    let again = person::create(&world.engine, &ctx, ada).await.unwrap();
    assert_eq!(serde_json::to_value(&made).unwrap(), serde_json::to_value(&again).unwrap());
    let url = made.link.url.clone();
    let secret = url.rsplit('/').next().unwrap();
    let kept = store::idempotency::row::Entity::find().all(world.engine.readers()).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(!format!("{kept:?}").contains(secret) && !format!("{kept:?}").contains("http"));
});
