//! Whoever is not signed in, and whoever is signed in and has no rights, is refused everywhere. The exceptions stand in
//! two literal lists that may only shrink.

use crate::{
    cases,
    house::{Caller, House},
};

/// What must be open to somebody who is not signed in: the way in, and how pages look.
const OPEN: [&str; 15] = [
    "/fn/link/begin",
    "/fn/link/enrolment",
    "/fn/link/finish",
    "/fn/link/view",
    "/fn/session/sign_out",
    "/fn/sign_in/account",
    "/fn/sign_in/code_step",
    "/fn/sign_in/demo",
    "/fn/sign_in/password_step",
    "/fn/theme/choose",
    "link.begin",
    "link.finish",
    "link.view",
    "session.refresh",
    "session.start",
];

/// What everybody who is signed in may do, with their own things only.
const OWN: [&str; 30] = [
    "/fn/activation/decided",
    "/fn/activation/mine",
    "/fn/activation/my_roles",
    "/fn/activation/to_decide",
    "/fn/audit/own",
    "/fn/credential/begin_factor",
    "/fn/credential/change_password",
    "/fn/credential/new_recovery_codes",
    "/fn/credential/security",
    "/fn/person/made_link",
    "/fn/person/me",
    "/fn/session/end",
    "/fn/session/end_others",
    "/fn/zone/choose",
    "/fn/zone/list",
    "activation.decided",
    "activation.mine",
    "activation.my_roles",
    "activation.to_decide",
    "audit.own",
    "credential.begin_factor",
    "credential.change_password",
    "credential.new_recovery_codes",
    "credential.security",
    "person.me",
    "person.set_zone",
    "session.end",
    "session.end_others",
    "session.list",
    "session.sign_out",
];

/// Asks everything as this caller. Refused is 401, 403 or 404, in the form that the place answers in.
async fn refused_but(house: &House, caller: Caller, exceptions: &[&str]) {
    let mut used = std::collections::BTreeSet::new();
    let mut through = Vec::new();
    for case in cases::all() {
        let answer = house.try_case(&case, caller).await;
        let is_refused = matches!(answer.status.as_u16(), 401 | 403 | 404) && !answer.code().is_empty();
        if is_refused {
            continue;
        }
        if exceptions.contains(&case.operation) {
            used.insert(case.operation);
        } else {
            through.push(format!("{}: {}", case.name(), answer.word()));
        }
    }
    assert!(through.is_empty(), "{} is not refused: {through:#?}", caller.word());
    let idle: Vec<_> = exceptions.iter().filter(|name| !used.contains(*name)).collect();
    assert!(idle.is_empty(), "no exception any more, strike them out: {idle:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_signed_in_is_refused() {
    let house = House::new().await;
    refused_but(&house, Caller::Nobody, &OPEN).await;
    house.world.engine.close().await;
}

/// What goes on record and needs no fresh code: taking back what was asked for, and reading.
const WITHOUT_A_FRESH_FACTOR: [&str; 3] = ["/fn/activation/cancel", "activation.cancel", "audit.export"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_whose_last_code_is_old_changes_nothing() {
    let house = House::new().await;
    let token = house.with_an_old_factor(Caller::Administrator).await;
    let mut through = Vec::new();
    for case in cases::all().filter(|case| !OPEN.contains(&case.operation) && !OWN.contains(&case.operation))
    {
        let sent = (case.make)(&house, Caller::Administrator).await;
        let before = house.world.engine.measure().await.unwrap().records;
        let answer = house.send(house.signed(sent, &token)).await;
        let changed = house.world.engine.measure().await.unwrap().records != before;
        if answer.status.is_success() && changed && !WITHOUT_A_FRESH_FACTOR.contains(&case.operation) {
            through.push(case.name());
        }
    }
    assert!(through.is_empty(), "done without a fresh code: {through:#?}");
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_rights_is_refused_but_for_their_own_things() {
    let house = House::new().await;
    let exceptions: Vec<&str> = OPEN.iter().chain(&OWN).copied().collect();
    refused_but(&house, Caller::Member, &exceptions).await;
    house.world.engine.close().await;
}
