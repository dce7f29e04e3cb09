//! A delivery that goes wrong at every place: each message arrives, and a second time only after a death between the
//! answer of the mail server and the note of it, under the same Message-ID.

use domain::{Span, person::Principal};
use engine::{
    failpoint, notification,
    testing::{Database, MailServer, World, activation::approval},
};

use crate::{Wrong, die_quietly, reopen};

pub async fn at_every_place(database: Database) {
    die_quietly();
    let Some(mut world) = World::on(database).await else { return };
    let mut number = 0;
    for place in
        failpoint::ALL.into_iter().filter(|place| place.starts_with("mail.") || place.starts_with("lane."))
    {
        for wrong in Wrong::ALL {
            // The lane is passed by the lease first, then by the notes.
            for passed in 0..3 {
                number += 1;
                one(&mut world, number, place, wrong, passed).await;
            }
        }
    }
    world.engine.close().await;
}

/// A receipt and a question are on their way when it goes wrong.
async fn one(world: &mut World, number: u32, place: &'static str, wrong: Wrong, passed: usize) {
    let ada = world.person(&format!("Ada {number}")).await;
    let bo = world.person(&format!("Bo {number}")).await;
    let role = world.role_with(&format!("exchange{number}"), approval(&[Principal::Person(bo)], 1)).await;
    world.eligible(ada, role).await;
    world.request(ada, role).await.unwrap();
    let server = MailServer::start().await;
    let mut engine = world.instance_with_mail(&server).await;
    wrong.at(place, passed);
    // In a task of its own, as in the worker, because it may die.
    let delivering = engine.clone();
    let _ = tokio::spawn(async move { notification::deliver(&delivering).await }).await;
    fail::remove(place);
    if wrong == Wrong::Dies {
        engine.close().await;
        drop(engine);
        reopen(world).await;
        engine = world.instance_with_mail(&server).await;
    }
    // Whoever leased them is gone by now.
    world.advance(Span::minutes(16));
    while notification::deliver(&engine).await.unwrap() > 0 {}
    engine.close().await;
    let what = format!("{wrong:?} at {place} after {passed}");
    assert!(world.posted().await.iter().all(|one| one.delivered_at.is_some()), "{what}: not delivered");
    let mut ids: Vec<_> = server.taken().iter().map(|mail| message_id(mail)).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2, "{what}: not everybody got their message");
    // Taken, and dead before the note of it: both, because both were on their way.
    let may_double =
        wrong == Wrong::Dies && (place == "mail.taken" || place.starts_with("lane.") && passed > 0);
    let doubled = all - ids.len();
    assert!(doubled <= if may_double { 2 } else { 0 }, "{what}: {doubled} messages came twice");
}

fn message_id(mail: &str) -> String {
    mail.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned()
}
