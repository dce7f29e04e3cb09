//! Every kind of act fails, and dies, at every place where that could leave half of it: either all of it is there
//! afterwards or nothing, and repeated under its key it is there once.
//!
//! A test program of its own, because the places are the same for the whole process.

#![cfg(feature = "testing")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests may, and say what they did"
)]

mod acts;
mod mail;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, Once},
};

use engine::{
    failpoint,
    testing::{
        Database, World,
        traces::{Traces, difference},
    },
};

use acts::{Act, Scene};
use domain::person::PersonId;

/// How it goes wrong: with an error, or as if the process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Fails,
    Dies,
}

impl Wrong {
    const ALL: [Self; 2] = [Self::Fails, Self::Dies];

    /// Once, when this place was passed so often.
    fn at(self, place: &str, passed: usize) {
        let how = match self {
            Self::Fails => "1*return",
            Self::Dies => "1*panic",
        };
        let before = if passed == 0 { String::new() } else { format!("{passed}*off->") };
        fail::cfg(place, &format!("{before}{how}")).unwrap();
    }
}

/// Which places an act comes by when nothing goes wrong.
struct Passes(Arc<Mutex<BTreeSet<&'static str>>>);

impl Passes {
    fn count() -> Self {
        let passed = Arc::new(Mutex::new(BTreeSet::new()));
        for place in failpoint::ALL {
            let passed = passed.clone();
            let note = move || {
                passed.lock().unwrap().insert(place);
            };
            fail::cfg_callback(place, note).unwrap();
        }
        Self(passed)
    }

    fn over(self) -> BTreeSet<&'static str> {
        for place in failpoint::ALL {
            fail::remove(place);
        }
        self.0.lock().unwrap().clone()
    }
}

/// Deaths on purpose are not worth a line each.
fn die_quietly() {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let on_purpose =
                panic.payload().downcast_ref::<String>().is_some_and(|words| words.starts_with("failpoint"));
            if !on_purpose {
                usual(panic);
            }
        }));
    });
}

/// The same database, as the next start finds it.
async fn reopen(world: &mut World) {
    let env = world.engine.env().clone();
    world.engine.close().await;
    world.reopen(env).await;
}

/// One act that goes wrong at one place. Gives whether it came by there.
async fn goes_wrong(
    (world, administrator): (&mut World, PersonId),
    act: Act,
    place: &str,
    wrong: Wrong,
    whole: &Traces,
) -> bool {
    let scene = Scene::new(world, act, administrator).await;
    let before = world.traces().await;
    wrong.at(place, 0);
    let answer = act.carry_out(world, &scene).await;
    fail::remove(place);
    if wrong == Wrong::Dies && answer.is_err() {
        // Whoever serves hears of it, and ends.
        let ended = tokio::time::timeout(std::time::Duration::from_secs(10), world.engine.ended());
        ended.await.expect("the engine says that it is gone");
        reopen(world).await;
    }
    let what = format!("{act:?}, which {wrong:?} at {place}");
    let left = difference(&before, &world.traces().await);
    assert!(left.is_empty() || left == *whole, "half of {what}: {left:?} of {whole:?}");
    assert!(answer.is_err() || left == *whole, "{what} was acknowledged and is not there");
    act.carry_out(world, &scene).await.unwrap_or_else(|error| panic!("{what} is not finished: {error:?}"));
    let finished = difference(&before, &world.traces().await);
    assert_eq!(finished, *whole, "{what}, and was repeated");
    answer.is_err()
}

async fn every_act_at_every_place(database: Database) {
    die_quietly();
    let mut came_by = BTreeMap::<&str, usize>::new();
    for act in Act::ALL {
        let Some(mut world) = World::on(database).await else { return };
        let administrator = world.usable_administrator("Marta").await;
        let scene = Scene::new(&world, act, administrator).await;
        let before = world.traces().await;
        let passes = Passes::count();
        act.carry_out(&world, &scene).await.unwrap();
        let passed = passes.over();
        let whole = difference(&before, &world.traces().await);
        assert!(whole.keys().any(|kind| kind.starts_with("audit: ")), "{act:?} leaves no record: {whole:?}");
        for place in passed {
            for wrong in Wrong::ALL {
                let reached = goes_wrong((&mut world, administrator), act, place, wrong, &whole).await;
                *came_by.entry(place).or_default() += usize::from(reached);
            }
        }
        world.record().await;
        world.engine.close().await;
    }
    println!("{database:?}: {} acts; how often they went wrong at each place: {came_by:?}", Act::ALL.len());
    for place in failpoint::ALL.into_iter().filter(|place| !place.starts_with("mail.")) {
        assert!(came_by.get(place).is_some_and(|times| *times > 0), "nothing went wrong at {place}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_an_act_that_goes_wrong_all_is_there_or_nothing_and_repeated_it_is_there_once() {
    // One after another: the places are shared.
    for database in [Database::Sqlite, Database::Postgres] {
        every_act_at_every_place(database).await;
        mail::at_every_place(database).await;
    }
}
