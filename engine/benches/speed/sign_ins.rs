//! Sign-ins as fast as passwords may be hashed, while others ask.

use domain::person::PersonId;
use engine::testing::{Database, World, number, sign_in::PASSWORD};
use serde_json::json;

use crate::{
    calls::{CONNECTIONS, seconds, words},
    house::House,
    program::Program,
    table::Table,
    wrk::{Load, Requests, load, request},
};

/// How many people may sign in: each can do so once with a code.
fn people() -> usize {
    usize::try_from(number("STINT_BENCH_SIGN_INS", 1_500)).unwrap()
}

pub async fn measure(table: &mut Table, database: Database) {
    let house = House::on(database).await;
    let people = house.world.people(people()).await;
    let names = named(&house.world, &people).await;
    let alone = house.world.password_takes().await;
    let calls = house.requests().await;
    let stint = Program::start(&house.world);
    let port = stint.port;
    let ask = || load(Load { port, connections: 1, seconds: seconds(), requests: &calls.check, from: None });
    let quiet = ask().await;
    let sign_ins = requests(&house.world, &names);
    let signing_in =
        load(Load { port, connections: CONNECTIONS, seconds: seconds(), requests: &sign_ins, from: Some(0) });
    let (signed_in, meanwhile) = tokio::join!(signing_in, ask());
    table.found("one password takes", format!("{alone:.0} ms of one processor"));
    table.found(&format!("sign-ins, {CONNECTIONS} clients"), words(signed_in));
    table.found("`GET /api/v1/check` by one client, with nobody else", words(quiet));
    table.found("the same while they sign in", words(meanwhile));
    stint.stop();
    house.world.remove().await;
}

async fn named(world: &World, people: &[PersonId]) -> Vec<String> {
    let mut names = Vec::new();
    for (number, person) in people.iter().enumerate() {
        let name = format!("person{number}");
        world.with_credentials(*person, &name).await;
        names.push(name);
    }
    names
}

/// Each signs in from an address of their own, with the code of this moment.
fn requests(world: &World, names: &[String]) -> Requests {
    let sent = names.iter().enumerate().map(|(number, name)| {
        let given = json!({ "name": name, "password": PASSWORD, "code": world.code(name) });
        let from = format!("10.{}.{}.{}", number / 62_500, number / 250 % 250, number % 250);
        request("POST", "/api/v1/session", &[("X-Forwarded-For", &from)], &given.to_string())
    });
    Requests::new(world.folder(), "sign-ins", sent)
}
