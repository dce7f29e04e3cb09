//! What a live page may hear of.

use domain::{
    Span,
    event::{Event, EventKind},
    live::{LiveChange, LiveKind},
};

use super::{newest, visible};
use crate::{Ctx, testing::World};

async fn kinds(world: &World, person: domain::person::PersonId, from: i64) -> Vec<LiveKind> {
    let to = newest(&world.engine).await.unwrap();
    visible(&world.engine, person, from, to).await.unwrap().into_iter().map(|change| change.kind).collect()
}

crate::on_every_database!(people_hear_of_their_own_things_and_administrators_of_everything, world, {
    let (ada, grace) = (world.person("Ada").await, world.person("Grace").await);
    let marta = world.administrator("Marta").await;
    let role = world.role("exchange").await;
    let from = newest(&world.engine).await.unwrap();
    let assigned = || Event::new(EventKind::AssignmentChanged).person(ada).role(role);
    world.engine.record(&world.ctx(marta), assigned()).await.unwrap();
    world.engine.record(&world.ctx(marta), assigned()).await.unwrap();
    assert_eq!(kinds(&world, ada, from).await, [LiveKind::Assignment]);
    assert_eq!(kinds(&world, marta, from).await, [LiveKind::Assignment]);
    assert!(kinds(&world, grace, from).await.is_empty());
    assert!(kinds(&world, ada, from + 2).await.is_empty());
    let to = newest(&world.engine).await.unwrap();
    let heard = visible(&world.engine, ada, from, to).await.unwrap();
    assert_eq!(heard, [LiveChange { kind: LiveKind::Assignment, activation: None, role: Some(role) }]);
});

crate::on_every_database!(too_many_changes_are_one, world, {
    let ada = world.person("Ada").await;
    let heard = visible(&world.engine, ada, 0, 201).await.unwrap();
    assert_eq!(heard, [LiveChange::EVERYTHING]);
});

crate::on_every_database!(records_of_another_instance_are_noticed, world, {
    let ada = world.person("Ada").await;
    let mut listening = world.engine.live().listen();
    let other = {
        use secrecy::ExposeSecret;
        let url = world.engine.config().database_url.expose_secret().to_owned();
        crate::Engine::open(crate::testing::config(url), world.engine.env().clone()).await.unwrap()
    };
    let following = tokio::spawn(crate::live::follow(world.engine.clone()));
    world.advance(Span::seconds(1));
    other.record(&Ctx::host(), Event::new(EventKind::Recovered).person(ada)).await.unwrap();
    let newest = newest(&world.engine).await.unwrap();
    listening.wait_for(|seq| *seq == newest).await.unwrap();
    following.abort();
    other.close().await;
});
