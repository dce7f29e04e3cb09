//! What sessions promise: they end when they should, tokens are what we signed, refresh tokens are good once.

mod forged;

use domain::{
    Code, Span,
    session::{Act, Session, SessionKind},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::*;
use crate::{
    Client, Ctx, Engine, Env, Signed,
    sign_in::tests::{code_of, facts, wrong_code},
    testing::{World, beginning},
};

async fn ada(world: &World) -> Tokens {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    world.signed_in("ada").await.tokens
}

async fn who(world: &World, access: &str) -> Result<Signed> {
    authenticate(&world.engine, access, &Client::default()).await
}

async fn again(world: &World, tokens: &Tokens) -> Result<Tokens> {
    refresh(&world.engine, tokens.refresh.expose_secret(), &Client::default()).await
}

fn claims_of(token: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap().claims
}

crate::on_every_database!(a_token_says_who_and_never_what_they_may, world, {
    let tokens = ada(&world).await;
    let claims = claims_of(tokens.access.expose_secret());
    let mut names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["amr", "aud", "auth_time", "exp", "iat", "iss", "nbf", "sid", "sub", "typ"]);
    assert_eq!(claims["iss"], "http://127.0.0.1:8080");
    assert_eq!(claims["aud"], "http://127.0.0.1:8080");
    assert_eq!(claims["amr"], json!(["pwd", "otp"]));
    assert_eq!(claims["exp"], beginning().timestamp() + 600);
    let header = jsonwebtoken::decode_header(tokens.access.expose_secret()).unwrap();
    assert_eq!(header.alg, Algorithm::EdDSA);
    assert!(header.kid.is_some());
});

crate::on_every_database!(a_token_is_good_for_ten_minutes_of_the_engines_clock, world, {
    // The engine's clock stands in 2026, whatever the machine's says.
    let tokens = ada(&world).await;
    let access = tokens.access.expose_secret();
    assert!(who(&world, access).await.is_ok());
    world.advance(Span::seconds(599));
    assert!(who(&world, access).await.is_ok());
    world.advance(Span::seconds(1));
    assert_eq!(code_of(who(&world, access).await), Code::SignedOut);
    world.engine.env().set(Span::seconds(1).before(beginning()));
    assert_eq!(code_of(who(&world, access).await), Code::SignedOut);
});

/// Signs claims with the real key of the world, so that nothing but the claim is wrong.
async fn forged(engine: &Engine, claims: &Value, kid: Option<&str>) -> String {
    let stored = store::session::signing_key::all(engine.readers()).await.unwrap().remove(0);
    let private = engine.keys().open(&format!("signing_key/{}", stored.id), &stored.sealed).unwrap();
    let kid = kid.map_or(stored.id, str::to_owned);
    let header = Header { kid: Some(kid), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(&private)).unwrap()
}

crate::on_every_database!(a_token_that_lacks_a_claim_or_is_for_somebody_else_is_refused, world, {
    let tokens = ada(&world).await;
    let claims = claims_of(tokens.access.expose_secret());
    let good = forged(&world.engine, &claims, None).await;
    assert!(who(&world, &good).await.is_ok());
    for name in ["exp", "nbf", "iat", "iss", "aud", "sub", "sid", "typ"] {
        let mut without = claims.clone();
        without.as_object_mut().unwrap().remove(name);
        let token = forged(&world.engine, &without, None).await;
        assert_eq!(code_of(who(&world, &token).await), Code::SignedOut, "{name}");
    }
    let stranger = world.person("Bo").await;
    for (name, value) in [
        ("iss", json!("https://elsewhere.example")),
        ("aud", json!("https://elsewhere.example")),
        ("aud", json!(["http://127.0.0.1:8080", "https://elsewhere.example"])),
        ("typ", json!("refresh")),
        ("sub", json!(stranger)),
        ("sid", json!(stranger)),
        ("exp", json!("never")),
        ("nbf", json!(beginning().timestamp() + 1)),
    ] {
        let mut changed = claims.clone();
        changed[name] = value;
        let token = forged(&world.engine, &changed, None).await;
        assert_eq!(code_of(who(&world, &token).await), Code::SignedOut, "{name}");
    }
    let token = forged(&world.engine, &claims, Some("unknown")).await;
    assert_eq!(code_of(who(&world, &token).await), Code::SignedOut);
});

crate::on_every_database!(nobody_else_can_sign_a_token, world, {
    let tokens = ada(&world).await;
    let access = tokens.access.expose_secret();
    let claims = claims_of(access);
    let kid = jsonwebtoken::decode_header(access).unwrap().kid;
    let stored = store::session::signing_key::all(world.engine.readers()).await.unwrap().remove(0);
    // The public half, taken for a shared secret: the header's algorithm is not asked.
    let header = Header { kid: kid.clone(), ..Header::new(Algorithm::HS256) };
    let hmac = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&stored.public)).unwrap();
    let mut pkcs8 =
        vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    pkcs8.extend([9; 32]);
    let header = Header { kid, ..Header::new(Algorithm::EdDSA) };
    let other = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&pkcs8)).unwrap();
    let (body, signature) = access.rsplit_once('.').unwrap();
    let unsigned = format!("{body}.");
    let cut = format!("{body}.{}", &signature[..signature.len() - 4]);
    for token in [hmac.as_str(), &other, &unsigned, &cut, "", "a.b.c", &"x".repeat(5_000)] {
        assert_eq!(code_of(who(&world, token).await), Code::SignedOut);
    }
});

crate::on_every_database!(instances_share_their_signing_keys, world, {
    let tokens = ada(&world).await;
    let stored = store::session::signing_key::all(world.engine.readers()).await.unwrap();
    assert_eq!(stored.len(), 1);
    let url = world.url().to_owned();
    let other = Engine::open(crate::testing::config(url), Env::fixed(beginning(), 99)).await.unwrap();
    assert!(authenticate(&other, tokens.access.expose_secret(), &Client::default()).await.is_ok());
    let from_other = refresh(&other, tokens.refresh.expose_secret(), &Client::default()).await.unwrap();
    assert!(who(&world, from_other.access.expose_secret()).await.is_ok());
    assert_eq!(store::session::signing_key::all(world.engine.readers()).await.unwrap().len(), 1);
    other.close().await;
});

crate::on_every_database!(names_of_keys_that_somebody_made_up_do_not_ask_the_database_each_time, world, {
    let claims = claims_of(ada(&world).await.access.expose_secret());
    world.advance(Span::days(31));
    let config = crate::testing::config(world.url().to_owned());
    let other = Engine::open(config, world.engine.env().clone()).await.unwrap();
    let made_up = forged(&world.engine, &claims, Some("made-up")).await;
    let asks = async |token: &str| authenticate(&other, token, &Client::default()).await;
    assert_eq!(code_of(asks(&made_up).await), Code::SignedOut);
    // A new key is found with the next question, which has to wait its time.
    let tokens = world.signed_in("ada").await.tokens;
    assert_eq!(code_of(asks(tokens.access.expose_secret()).await), Code::SignedOut);
    world.advance(Span::seconds(1));
    assert!(asks(tokens.access.expose_secret()).await.is_ok());
    assert_eq!(code_of(asks(&made_up).await), Code::SignedOut);
    other.close().await;
});

crate::on_every_database!(a_signing_key_is_followed_by_a_new_one_after_a_month, world, {
    ada(&world).await;
    world.advance(Span::days(31));
    let tokens = world.signed_in("ada").await.tokens;
    assert!(who(&world, tokens.access.expose_secret()).await.is_ok());
    assert_eq!(store::session::signing_key::all(world.engine.readers()).await.unwrap().len(), 2);
    world.advance(Span::days(31));
    world.signed_in("ada").await;
    assert_eq!(store::session::signing_key::all(world.engine.readers()).await.unwrap().len(), 2);
});

crate::on_every_database!(parallel_tabs_and_lost_answers_get_the_same_successor, world, {
    let first = ada(&world).await;
    let (one, other) = tokio::join!(again(&world, &first), again(&world, &first));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.refresh.expose_secret(), other.refresh.expose_secret());
    assert_ne!(one.refresh.expose_secret(), first.refresh.expose_secret());
    // As long as nobody used the successor, its answer may have been lost.
    world.advance(Span::hours(2));
    let late = again(&world, &first).await.unwrap();
    assert_eq!(late.refresh.expose_secret(), one.refresh.expose_secret());
    // Once the successor was used, the one before is good for half a minute more.
    let third = again(&world, &one).await.unwrap();
    world.advance(Span::seconds(29));
    let grace = again(&world, &first).await.unwrap();
    assert_eq!(grace.refresh.expose_secret(), one.refresh.expose_secret());
    assert_eq!(again(&world, &one).await.unwrap().refresh.expose_secret(), third.refresh.expose_secret());
    assert!(who(&world, third.access.expose_secret()).await.is_ok());
});

crate::on_every_database!(a_refresh_token_that_is_used_again_later_ends_the_session, world, {
    let first = ada(&world).await;
    let second = again(&world, &first).await.unwrap();
    let third = again(&world, &second).await.unwrap();
    world.advance(Span::seconds(30));
    assert_eq!(code_of(again(&world, &first).await), Code::SignedOut);
    assert_eq!(code_of(again(&world, &third).await), Code::SignedOut);
    assert_eq!(code_of(who(&world, third.access.expose_secret()).await), Code::SignedOut);
    assert_eq!(facts(&world).await.last().unwrap().0, "session.reused");
});

crate::on_every_database!(a_refresh_token_from_long_ago_ends_the_session_too, world, {
    let first = ada(&world).await;
    let mut newest = again(&world, &first).await.unwrap();
    for _ in 0..4 {
        newest = again(&world, &newest).await.unwrap();
    }
    assert_eq!(code_of(again(&world, &first).await), Code::SignedOut);
    assert_eq!(code_of(again(&world, &newest).await), Code::SignedOut);
});

crate::on_every_database!(a_made_up_refresh_token_ends_nothing, world, {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let tokens = ada(&world).await;
    let real = URL_SAFE_NO_PAD.decode(tokens.refresh.expose_secret()).unwrap();
    let mut made_up = real.clone();
    made_up[20] ^= 1;
    let mut marked = real.clone();
    *marked.last_mut().unwrap() ^= 1;
    for bytes in [made_up, marked, real[..64].to_vec(), Vec::new()] {
        let token = URL_SAFE_NO_PAD.encode(bytes);
        assert_eq!(code_of(refresh(&world.engine, &token, &Client::default()).await), Code::SignedOut);
    }
    assert!(again(&world, &tokens).await.is_ok());
});

crate::on_every_database!(the_database_does_not_tell_refresh_tokens, world, {
    use sea_orm::EntityTrait;
    let tokens = ada(&world).await;
    again(&world, &tokens).await.unwrap();
    let rows = store::session::row::Entity::find().all(world.engine.readers()).await.unwrap();
    assert!(!format!("{rows:?}").contains(tokens.refresh.expose_secret()));
    assert_eq!(rows[0].refresh_hash.len(), 64);
    assert_eq!(rows[0].generation, 2);
});

crate::on_every_database!(a_session_ends_when_idle_and_background_requests_do_not_count, world, {
    let mut tokens = ada(&world).await;
    for _ in 0..7 {
        world.advance(Span::hours(1));
        tokens = again(&world, &tokens).await.unwrap();
    }
    assert!(who(&world, tokens.access.expose_secret()).await.is_ok());
    world.advance(Span::hours(1));
    assert_eq!(code_of(again(&world, &tokens).await), Code::SignedOut);
    assert_eq!(code_of(who(&world, tokens.access.expose_secret()).await), Code::SignedOut);
});

crate::on_every_database!(a_session_ends_after_a_day_however_busy_it_is, world, {
    let mut tokens = ada(&world).await;
    for _ in 0..23 {
        world.advance(Span::hours(1));
        tokens = again(&world, &tokens).await.unwrap();
        let signed = who(&world, tokens.access.expose_secret()).await.unwrap();
        touch(&world.engine, &signed).await.unwrap();
    }
    world.advance(Span::seconds(3_599));
    assert!(again(&world, &tokens).await.is_ok());
    world.advance(Span::seconds(1));
    assert_eq!(code_of(again(&world, &tokens).await), Code::SignedOut);
});

crate::on_every_database!(use_is_noted_once_a_minute, world, {
    let tokens = ada(&world).await;
    let ctx = world.ctx_of(&tokens).await;
    let signed = ctx.signed().unwrap();
    let used_at = async || list(&world.engine, &ctx).await.unwrap()[0].used_at;
    world.advance(Span::seconds(59));
    touch(&world.engine, &signed).await.unwrap();
    assert_eq!(used_at().await, beginning());
    world.advance(Span::seconds(1));
    touch(&world.engine, &signed).await.unwrap();
    assert_eq!(used_at().await, world.engine.now());
});

crate::on_every_database!(ending_a_session_takes_effect_at_the_next_request, world, {
    let first = ada(&world).await;
    world.advance(Span::seconds(30));
    let second = world.signed_in("ada").await.tokens;
    world.advance(Span::seconds(30));
    let third = world.signed_in("ada").await.tokens;
    let ctx = world.ctx_of(&first).await;
    assert_eq!(list(&world.engine, &ctx).await.unwrap().len(), 3);
    end(&world.engine, &ctx, second.session).await.unwrap();
    assert_eq!(code_of(who(&world, second.access.expose_secret()).await), Code::SignedOut);
    assert_eq!(code_of(again(&world, &second).await), Code::SignedOut);
    assert_eq!(code_of(end(&world.engine, &ctx, second.session).await), Code::NotFound);
    end_others(&world.engine, &ctx).await.unwrap();
    assert_eq!(code_of(who(&world, third.access.expose_secret()).await), Code::SignedOut);
    assert!(who(&world, first.access.expose_secret()).await.is_ok());
    sign_out(&world.engine, &ctx).await.unwrap();
    assert_eq!(code_of(who(&world, first.access.expose_secret()).await), Code::SignedOut);
    let ended = facts(&world).await.into_iter().filter(|(kind, _)| kind == "session.ended").count();
    assert_eq!(ended, 3);
});

crate::on_every_database!(nobody_ends_or_sees_the_sessions_of_others, world, {
    let tokens = ada(&world).await;
    let bo = world.person("Bo").await;
    let ctx = world.ctx(bo);
    assert!(list(&world.engine, &ctx).await.unwrap().is_empty());
    assert_eq!(code_of(end(&world.engine, &ctx, tokens.session).await), Code::NotFound);
    assert!(who(&world, tokens.access.expose_secret()).await.is_ok());
    assert_eq!(code_of(list(&world.engine, &world.stranger()).await), Code::SignedOut);
});

crate::on_every_database!(disabling_a_person_takes_effect_at_the_next_request, world, {
    let tokens = ada(&world).await;
    let signed = who(&world, tokens.access.expose_secret()).await.unwrap();
    let mut person = store::person::get(world.engine.readers(), signed.person).await.unwrap();
    person.disabled_at = Some(world.engine.now());
    world
        .engine
        .note(move |tx| Box::pin(async move { store::person::save(tx.conn(), &person).await }))
        .await
        .unwrap();
    assert_eq!(code_of(who(&world, tokens.access.expose_secret()).await), Code::SignedOut);
    assert_eq!(code_of(again(&world, &tokens).await), Code::SignedOut);
});

crate::on_every_database!(a_step_up_renews_the_factor_and_counts_for_its_act_and_object, world, {
    let tokens = ada(&world).await;
    world.advance(Span::minutes(20));
    let tokens = again(&world, &tokens).await.unwrap();
    let ctx = world.ctx_of(&tokens).await;
    let object = Uuid::from_u128(7);
    let stepped = step_up(&world.engine, &ctx, &world.code("ada"), Act::Decide, object).await.unwrap();
    let every_time = SecondFactor::Fresh { minutes: 0 };
    let now = world.engine.now();
    let mfa = stepped.mfa().unwrap();
    assert!(every_time.prove(&mfa, Act::Decide, object, now).is_ok());
    assert!(every_time.prove(&mfa, Act::Activate, object, now).is_err());
    assert!(every_time.prove(&mfa, Act::Decide, Uuid::nil(), now).is_err());
    assert_eq!(world.ctx_of(&tokens).await.signed().unwrap().mfa_at, now);
    let reused = step_up(&world.engine, &ctx, &world.code("ada"), Act::Decide, object).await;
    assert_eq!(code_of(reused.map(|_| ())), Code::MfaReused);
    let empty = step_up(&world.engine, &ctx, " ", Act::Decide, object).await;
    assert_eq!(code_of(empty.map(|_| ())), Code::MfaRequired);
    let last = facts(&world).await;
    assert!(last.contains(&("session.stepped_up".to_owned(), "done".to_owned())));
    assert!(last.contains(&("session.stepped_up".to_owned(), "mfa_reused".to_owned())));
});

crate::on_every_database!(ten_wrong_codes_in_a_session_end_it, world, {
    let tokens = ada(&world).await;
    let ctx = world.ctx_of(&tokens).await;
    let guess = async || {
        let wrong = wrong_code(&world, "ada");
        code_of(step_up(&world.engine, &ctx, &wrong, Act::Activate, Uuid::nil()).await.map(|_| ()))
    };
    for wait in [0, 0, 0, 0, 0, 0, 1, 2, 4] {
        world.advance(Span::seconds(wait));
        assert_eq!(guess().await, Code::MfaInvalid);
    }
    assert_eq!(guess().await, Code::RateLimited);
    world.advance(Span::seconds(8));
    assert_eq!(guess().await, Code::SignedOut);
    assert_eq!(code_of(who(&world, tokens.access.expose_secret()).await), Code::SignedOut);
    // A new sign-in is not hindered.
    world.advance(Span::seconds(30));
    world.signed_in("ada").await;
});

crate::on_every_database!(a_step_up_is_not_repeated_under_an_idempotency_key, world, {
    let tokens = ada(&world).await;
    let key = crate::IdempotencyKey { key: "k".to_owned(), request_hash: "h".to_owned() };
    let ctx = Ctx { idempotency: Some(key.clone()), ..world.ctx_of(&tokens).await };
    world.advance(Span::seconds(30));
    let stepped = step_up(&world.engine, &ctx, &world.code("ada"), Act::Activate, Uuid::nil()).await.unwrap();
    assert_eq!(stepped.idempotency, Some(key));
    let again = step_up(&world.engine, &ctx, &world.code("ada"), Act::Activate, Uuid::nil()).await;
    assert_eq!(code_of(again.map(|_| ())), Code::MfaReused);
});

crate::on_every_database!(what_was_carried_out_is_sent_again_with_the_same_code, world, {
    let root = world.administrator("Root").await;
    world.with_credentials(root, "root").await;
    let tokens = world.signed_in("root").await.tokens;
    world.advance(Span::minutes(20));
    let tokens = again(&world, &tokens).await.unwrap();
    let key = crate::IdempotencyKey { key: "k".to_owned(), request_hash: "h".to_owned() };
    let ctx = Ctx { idempotency: Some(key), ..world.ctx_of(&tokens).await };
    let used = world.code("root");
    let mut made = Vec::new();
    for _ in 0..2 {
        let ctx = step_up(&world.engine, &ctx, &used, Act::Administer, Uuid::nil()).await.unwrap();
        let group = domain::group::NewGroup { name: "Operators".to_owned(), description: String::new() };
        made.push(crate::group::create(&world.engine, &ctx, group).await.unwrap());
    }
    assert_eq!(made[0], made[1]);
    assert_eq!(facts(&world).await.iter().filter(|(kind, _)| kind == "session.stepped_up").count(), 1);
});

crate::on_every_database!(the_last_sign_in_of_people_is_known, world, {
    let tokens = ada(&world).await;
    world.advance(Span::hours(1));
    world.signed_in("ada").await;
    let signed = store::session::find(world.engine.readers(), tokens.session).await.unwrap().unwrap();
    let Session { person, kind: SessionKind::Browser, .. } = signed.session else { panic!("{signed:?}") };
    let bo = world.person("Bo").await;
    let last = store::session::last_started(world.engine.readers(), &[person, bo]).await.unwrap();
    assert_eq!(last.get(&person), Some(&world.engine.now()));
    assert_eq!(last.get(&bo), None);
});

crate::on_every_database!(after_a_start_everybody_who_asks_at_once_is_known, world, {
    let tokens = ada(&world).await;
    let mut world = world;
    let env = world.engine.env().clone();
    world.engine.close().await;
    world.reopen(env).await;
    let asked = (0..32).map(|_| who(&world, tokens.access.expose_secret()));
    for answer in futures::future::join_all(asked).await {
        assert!(answer.is_ok(), "{answer:?}");
    }
    world.engine.close().await;
});
