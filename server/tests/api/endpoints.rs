//! The printed table: every operation and every server function, and what each kind of caller is answered.
//! `docs/endpoints.md` holds the same lines, so that a reviewer sees every change of who may do what.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use crate::{
    cases,
    house::{Caller, House},
};

/// Everything that must have a row: operations by name, server functions by path.
fn offered(house: &House) -> BTreeSet<String> {
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned());
    functions.chain(house.operations().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_and_every_server_function_has_a_row() {
    let house = House::new().await;
    let rows: BTreeSet<String> = cases::all().map(|case| case.operation.to_owned()).collect();
    let offered = offered(&house);
    assert!(offered.len() > 120, "{offered:?}");
    let missing: Vec<_> = offered.difference(&rows).collect();
    assert!(missing.is_empty(), "add a case under server/tests/api/cases for {missing:?}");
    let stale: Vec<_> = rows.difference(&offered).collect();
    assert!(stale.is_empty(), "these are offered no longer: {stale:?}");
    house.world.engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_printed_table_of_endpoints_is_up_to_date() {
    let house = House::new().await;
    let mut printed = format!("| what | {} |\n", Caller::ALL.map(Caller::word).join(" | "));
    printed += &format!("|---|{}\n", "---|".repeat(Caller::ALL.len()));
    for case in cases::all() {
        let mut cells = Vec::new();
        for caller in Caller::ALL {
            cells.push(house.try_case(&case, caller).await.word());
        }
        writeln!(printed, "| {} | {} |", case.name(), cells.join(" | ")).unwrap();
    }
    house.world.engine.close().await;
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("endpoints.md");
    std::fs::write(&fresh, &printed).unwrap();
    let kept = include_str!("../../../docs/endpoints.md");
    let new: Vec<_> = printed.lines().filter(|line| !kept.contains(line)).collect();
    assert!(
        kept.contains(&printed),
        "docs/endpoints.md is not what {} says; new lines:\n{}",
        fresh.display(),
        new.join("\n")
    );
}
