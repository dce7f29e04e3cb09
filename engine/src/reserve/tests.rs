//! What goes on while the disk is full, and what waits.

use domain::{Code, Span, activation::State, person::Principal, role_settings::RoleSettings};

use super::keep;
use crate::{
    testing::{
        Database, World,
        activation::{approval, code},
    },
    worker,
};

#[tokio::test]
async fn on_a_full_disk_what_gives_waits_and_what_takes_back_goes_on() {
    let world = World::on(Database::Sqlite).await.unwrap();
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let role = world.role_with("exchange", approval(&[Principal::Person(bo)], 1)).await;
    let free = world.role_with("reader", RoleSettings::initial()).await;
    for role in [role, free] {
        world.eligible(ada, role).await;
    }
    world.eligible(bo, free).await;
    let held = world.request(ada, free).await.unwrap();
    let asked = world.request(ada, role).await.unwrap();
    let planned = world.request_later(bo, free, Span::minutes(10)).await.unwrap();

    world.engine.reserve().free();
    assert!(world.engine.measure().await.unwrap().storage_full);
    assert_eq!(code(world.approve(bo, asked).await), Code::StorageFull);
    assert_eq!(world.activation(asked).await.state, State::PendingApproval);
    world.deactivate(ada, held).await.unwrap();
    assert_eq!(world.held(ada, "reader").await, None);
    world.advance(Span::minutes(10));
    worker::run_due(&world.engine).await.unwrap();
    assert_eq!(world.activation(planned).await.state, State::Scheduled);
    world.cancel(ada, asked).await.unwrap();
    assert_eq!(code(world.request(ada, free).await), Code::StorageFull);

    // There is room, as a test's disk has.
    keep(&world.engine).await.unwrap();
    assert!(!world.engine.measure().await.unwrap().storage_full);
    worker::run_due(&world.engine).await.unwrap();
    assert_eq!(world.activation(planned).await.state, State::Active);
    world.request(ada, free).await.unwrap();
}

#[tokio::test]
async fn a_reserve_that_somebody_removed_is_written_again() {
    let world = World::on(Database::Sqlite).await.unwrap();
    let file = world.folder().join("stint.db.reserve");
    for _ in 0..2 {
        keep(&world.engine).await.unwrap();
        assert_eq!(file.metadata().unwrap().len(), super::SIZE);
        std::fs::remove_file(&file).unwrap();
    }
}

#[tokio::test]
async fn the_disk_of_a_server_is_not_kept_room_on() {
    let Some(world) = World::on(Database::Postgres).await else { return };
    world.engine.reserve().free();
    keep(&world.engine).await.unwrap();
    assert!(!world.engine.measure().await.unwrap().storage_full);
}
