//! Tokens and sealed cookies that somebody changed or made up, at every door that takes them: none opens it, none is a
//! failure of the server. The functions that judge them are tried by the million in the engine (`session/tests/forged.rs`).

use axum::http::{HeaderValue, Method, StatusCode, header};
use engine::testing::{Forger, number};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::house::{Answer, Caller, House, ORIGIN, Sent};

/// What was typed into the form whose draft is forged.
const TYPED: &str = "typed by somebody else";

/// With this as a header, if a header can hold it at all.
fn with(mut sent: Sent, name: header::HeaderName, value: &str) -> Option<Sent> {
    sent.headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).ok()?);
    Some(sent)
}

/// A door: what is sent there with a forgery, and whether the answer is that of somebody who has none.
struct Door {
    name: &'static str,
    /// Values that are good there.
    good: Vec<String>,
    send: fn(&str, &Doors) -> Option<Sent>,
    is_shut: fn(&Answer) -> bool,
}

/// What the doors are about.
struct Doors {
    /// The page that a refused form leads back to.
    back: String,
}

fn cookie(sent: Sent, name: &str, value: &str) -> Option<Sent> {
    with(sent, header::COOKIE, &format!("{name}={value}"))
}

fn leads_to_sign_in(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.header("location").starts_with("/sign-in")
}

fn is_refused(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 400 | 401 | 403 | 404 | 409 | 422) && !answer.code().is_empty()
}

async fn doors(house: &House) -> (Vec<Door>, Doors) {
    let tokens = house.world.signed_in("administrator").await.tokens;
    let access = tokens.access.expose_secret().to_owned();
    let refresh = tokens.refresh.expose_secret().to_owned();
    // The code of this half minute was used.
    house.world.advance(domain::Span::seconds(31));
    let begun = house.send(
        Sent::function("sign_in/password_step")
            .form(&[("name", "requester"), ("password", engine::testing::sign_in::PASSWORD)]),
    );
    let step = begun.await.kept("stint_step").unwrap();
    let fields = [("name", &*"n".repeat(101)), ("description", TYPED), ("key", "k")];
    let form = Sent::function("group/create")
        .form(&fields)
        .header("accept", "text/html")
        .header("referer", &format!("{ORIGIN}/groups/new"));
    let refused = house.ask(Caller::Administrator, form).await;
    let draft = refused.kept("stint_draft").unwrap();
    let back = refused.header("location").strip_prefix(ORIGIN).unwrap().to_owned();
    let shown = house.ask(Caller::Administrator, Sent::page(&back).cookie("stint_draft", &draft)).await;
    assert!(shown.text().contains(TYPED), "the draft that nobody changed comes back");
    let me = || Sent::new(Method::GET, "/api/v1/me");
    let doors = vec![
        Door {
            name: "bearer",
            good: vec![access.clone(), refresh.clone()],
            send: |value, _| {
                with(Sent::new(Method::GET, "/api/v1/me"), header::AUTHORIZATION, &format!("Bearer {value}"))
            },
            is_shut: is_refused,
        },
        Door {
            name: "cookie of a page",
            good: vec![access.clone(), refresh.clone()],
            send: |value, _| cookie(Sent::page("/people"), "stint_access", value),
            is_shut: leads_to_sign_in,
        },
        Door {
            name: "cookie of an act",
            good: vec![access.clone(), step.clone()],
            send: |value, _| {
                cookie(
                    Sent::function("group/create").form(&[("name", "Forged"), ("key", "f")]),
                    "stint_access",
                    value,
                )
            },
            is_shut: |answer| answer.status == StatusCode::UNAUTHORIZED,
        },
        Door {
            name: "cookie of live events",
            good: vec![access.clone(), refresh.clone()],
            send: |value, _| cookie(Sent::new(Method::GET, "/events"), "stint_access", value),
            is_shut: |answer| answer.status == StatusCode::UNAUTHORIZED,
        },
        Door {
            name: "refresh cookie",
            good: vec![refresh.clone(), access.clone()],
            send: |value, _| cookie(Sent::page("/people"), "stint_refresh", value),
            is_shut: |answer| leads_to_sign_in(answer) && answer.kept("stint_access").is_none(),
        },
        Door {
            name: "refresh in the API",
            good: vec![refresh, access],
            send: |value, _| {
                Some(Sent::new(Method::POST, "/api/v1/session/refresh").json(&json!({ "refresh": value })))
            },
            is_shut: |answer| is_refused(answer) || answer.status == StatusCode::PAYLOAD_TOO_LARGE,
        },
        Door {
            name: "step between password and code",
            good: vec![step, draft.clone()],
            send: |value, _| cookie(Sent::function("sign_in/account").json(&json!({})), "stint_step", value),
            is_shut: |answer| is_refused(answer) || !answer.text().contains("requester"),
        },
        Door {
            name: "draft of a form",
            good: vec![draft],
            send: |value, doors| cookie(Sent::page(&doors.back), "stint_draft", value),
            is_shut: |answer| answer.status == StatusCode::OK && !answer.text().contains(TYPED),
        },
    ];
    // The good ones open, or the rest would prove nothing.
    assert_eq!(house.send(house.signed(me(), &doors[0].good[0])).await.status, StatusCode::OK);
    (doors, Doors { back })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_forged_opens_no_door_and_breaks_none() {
    let house = House::new().await;
    let (all, about) = doors(&house).await;
    let seed = number("STINT_FORGED_SEED", 1);
    let forger = Forger::new(seed);
    let each = usize::try_from(number("STINT_FORGED_AT_THE_DOOR", 40)).unwrap();
    let token = house.token(Caller::Administrator).await;
    let mut sent = 0;
    for door in &all {
        let good = |value: &str| door.good.iter().any(|good| good == value.trim());
        let mut tries = 0;
        while tries < each {
            let forged = forger.changed(&door.good[0], door.good.last().unwrap());
            let Some(request) = (door.send)(&forged, &about).filter(|_| !good(&forged)) else { continue };
            tries += 1;
            // A page with a draft is looked at by somebody who is signed in.
            let is_draft = door.name == "draft of a form";
            let request = if is_draft { request.cookie("stint_access", &token) } else { request };
            let answer = house.send(request).await;
            let what = format!("seed {seed}, {}: {forged}\n{} {}", door.name, answer.status, answer.text());
            assert!(!answer.status.is_server_error(), "{what}");
            assert!((door.is_shut)(&answer), "{what}");
        }
        sent += tries;
    }
    let groups = house.ask(Caller::Administrator, house.call("group.list", &[])).await;
    assert!(!groups.text().contains("Forged"), "nothing was made on the way");
    println!("forged at {} doors, all shut: {sent}", all.len());
    house.world.engine.close().await;
}
