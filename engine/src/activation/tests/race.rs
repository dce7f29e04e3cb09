//! Many hands on one request at the same moment, through two instances: one has its way, one record says so, and
//! everybody else is told that it is settled.

use std::sync::Arc;

use domain::{
    Code, Span,
    activation::{ActivationId, Decide, End, State},
    event::EventKind,
    person::{PersonId, Principal},
    role::RoleId,
};
use tokio::sync::Barrier;

use crate::{
    Engine, Result, activation, on_every_database,
    testing::{World, activation::approval, config, number},
    worker::run_due,
};

/// What a hand does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hand {
    Approve(PersonId),
    Deny(PersonId),
    Cancel(PersonId),
    /// The worker, when the time to decide may be over.
    Clock,
}

/// Who is there.
struct Scene {
    requester: PersonId,
    role: RoleId,
    hands: Vec<Hand>,
}

impl Scene {
    async fn new(world: &World) -> Self {
        let requester = world.person("Ada").await;
        let mut hands = Vec::new();
        let mut approvers = Vec::new();
        for number in 0..44 {
            let approver = world.person(&format!("Approver {number}")).await;
            // Nobody reads what they would all be told.
            world.without_address(approver).await;
            hands.push(if number % 2 == 0 { Hand::Approve(approver) } else { Hand::Deny(approver) });
            approvers.push(approver);
        }
        for number in 0..6 {
            let administrator = world.administrator(&format!("Administrator {number}")).await;
            world.without_address(administrator).await;
            hands.push(Hand::Cancel(administrator));
            hands.push(Hand::Cancel(requester));
        }
        hands.extend([Hand::Clock; 8]);
        let group = world.group("Approvers", &approvers).await;
        let role = world.role_with("exchange", approval(&[Principal::Group(group)], 1)).await;
        world.eligible(requester, role).await;
        Self { requester, role, hands }
    }
}

async fn act(engine: &Engine, ctx: crate::Ctx, hand: Hand, id: ActivationId, digest: String) -> Result<()> {
    let decide = Decide { digest, justification: "seen".to_owned() };
    match hand {
        Hand::Approve(_) => activation::approve(engine, &ctx, id, decide).await,
        Hand::Deny(_) => activation::deny(engine, &ctx, id, decide).await,
        Hand::Cancel(_) => activation::cancel(engine, &ctx, id, End::default()).await,
        Hand::Clock => run_due(engine).await.map(drop),
    }
}

/// One request, and all hands on it at once; at some moment among them the time to decide is over, in every second
/// round. Gives who had their way.
async fn round(world: &World, engines: &[Engine; 2], scene: &Scene, round: usize) -> Option<Hand> {
    let id = world.request(scene.requester, scene.role).await.unwrap();
    let digest = world.activation(id).await.digest();
    let start = Arc::new(Barrier::new(scene.hands.len() + 1));
    let mut acts = Vec::new();
    for index in 0..scene.hands.len() {
        // Another order in each round, and another instance.
        let hand = scene.hands[(index * 37 + round * 11) % scene.hands.len()];
        let engine = engines[(index + round) % 2].clone();
        let ctx = match hand {
            Hand::Approve(person) | Hand::Deny(person) | Hand::Cancel(person) => world.ctx(person),
            Hand::Clock => crate::Ctx::stint(),
        };
        let (start, digest) = (start.clone(), digest.clone());
        acts.push(tokio::spawn(async move {
            start.wait().await;
            (hand, act(&engine, ctx, hand, id, digest).await)
        }));
    }
    start.wait().await;
    if round % 2 == 1 {
        for _ in 0..round * 7 % 50 {
            tokio::task::yield_now().await;
        }
        world.advance(Span::hours(24));
    }
    let mut winners = Vec::new();
    for act in acts {
        match act.await.unwrap() {
            (Hand::Clock, done) => done.unwrap(),
            (hand, Ok(())) => winners.push(hand),
            (hand, Err(refused)) => {
                let code = refused.problem().map(|problem| problem.code);
                assert_eq!(code, Some(Code::NoLongerPending), "{hand:?} was told {refused:?}");
            }
        }
    }
    assert!(winners.len() <= 1, "several had their way: {winners:?}");
    let winner = winners.first().copied();
    assert!(winner.is_some() || round % 2 == 1, "nobody had their way, and it was in time");
    // Refused because it is too late, whether or not the lapse was recorded by then.
    run_due(&world.engine).await.unwrap();
    settled(world, id, winner).await;
    winner
}

/// State and record say what the winner did, and nothing else.
async fn settled(world: &World, id: ActivationId, winner: Option<Hand>) {
    use EventKind as K;
    let (state, kinds) = match winner {
        Some(Hand::Approve(_)) => (State::Active, vec![K::ActivationApproved, K::ActivationActivated]),
        Some(Hand::Deny(_)) => (State::Denied, vec![K::ActivationDenied]),
        Some(Hand::Cancel(_)) => (State::Canceled, vec![K::ActivationCanceled]),
        Some(Hand::Clock) | None => (State::TimedOut, vec![K::ActivationTimedOut]),
    };
    let stored = world.activation(id).await;
    // What began may be over by its time.
    assert!(stored.state == state || (state, stored.state) == (State::Active, State::Ended), "{winner:?}");
    let decisions = usize::from(matches!(winner, Some(Hand::Approve(_) | Hand::Deny(_))));
    assert_eq!(stored.decisions.len(), decisions, "{winner:?}");
    let mut recorded = world.recorded_of(id).await;
    recorded.retain(|kind| *kind != K::ActivationEnded && *kind != K::ActivationEndAnnounced);
    let expected: Vec<_> = std::iter::once(K::ActivationRequested).chain(kinds).collect();
    assert_eq!(recorded, expected, "{winner:?}");
    if stored.state == State::Active {
        world.deactivate(stored.person, id).await.unwrap();
    }
}

on_every_database!(of_many_hands_on_one_request_through_two_instances_one_has_its_way, world, {
    let scene = Scene::new(&world).await;
    // A file belongs to one instance.
    let other = if world.url().starts_with("postgres") {
        Engine::open(config(world.url().to_owned()), world.engine.env().clone()).await.unwrap()
    } else {
        world.engine.clone()
    };
    let engines = [world.engine.clone(), other];
    let rounds = usize::try_from(number("STINT_RACE_ROUNDS", 100)).unwrap();
    let mut won = [0; 4];
    for number in 0..rounds {
        let winner = round(&world, &engines, &scene, number).await;
        won[match winner {
            Some(Hand::Approve(_)) => 0,
            Some(Hand::Deny(_)) => 1,
            Some(Hand::Cancel(_)) => 2,
            Some(Hand::Clock) | None => 3,
        }] += 1;
    }
    let [approved, denied, canceled, lapsed] = won;
    println!(
        "{rounds} requests, {} hands each: {approved} approved, {denied} denied, {canceled} canceled, {lapsed} lapsed",
        scene.hands.len()
    );
    // Each of them was in the race.
    assert!(won.iter().all(|won| *won > 0), "{won:?}");
    world.record().await;
    for engine in &engines {
        engine.close().await;
    }
});
