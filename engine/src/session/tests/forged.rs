//! Tokens that somebody made up who has good ones, knows the public key and all of this code, and lacks the private key:
//! none is taken for good, none breaks anything. In the long form by the million (`STINT_FORGED`).

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Code;
use hmac::{Hmac, Mac};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use sha2::{Sha256, Sha384, Sha512};

use super::{ada, again, claims_of, forged, who};
use crate::{
    Client,
    error::{Error, Result},
    session::{Tokens, refresh, signing},
    store,
    testing::{Forger, World, number},
};

/// What a forger has.
struct Hand {
    forger: Forger,
    tokens: Vec<String>,
    header: Map<String, Value>,
    claims: Vec<Value>,
    /// The public half of the key: no secret.
    public: Vec<u8>,
    other_key: jsonwebtoken::EncodingKey,
}

/// How a forgery is signed.
const SIGNED: [&str; 14] = [
    "as another token was",
    "by another key",
    "not at all",
    "by nothing",
    "HS256, public key",
    "HS384, public key",
    "HS512, public key",
    "HS256, public key in base 64",
    "HS256, public key in PEM",
    "HS256, name of the key",
    "HS256, empty secret",
    "zeros",
    "noise",
    "one period further",
];

/// The order of the curve, little-endian: adding it to the second half of a signature gives one that a lax verifier takes.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

impl Hand {
    async fn on(world: &World, tokens: &[&Tokens], seed: u64) -> Self {
        let tokens: Vec<_> = tokens.iter().map(|tokens| tokens.access.expose_secret().to_owned()).collect();
        let header = URL_SAFE_NO_PAD.decode(tokens[0].split('.').next().unwrap()).unwrap();
        let stored = store::session::signing_key::all(world.engine.readers()).await.unwrap().remove(0);
        let pkcs8 = [signing::PKCS8.as_slice(), &[9; 32]].concat();
        Self {
            forger: Forger::new(seed),
            header: serde_json::from_slice(&header).unwrap(),
            claims: tokens.iter().map(|token| claims_of(token)).collect(),
            tokens,
            public: stored.public,
            other_key: jsonwebtoken::EncodingKey::from_ed_der(&pkcs8),
        }
    }

    /// A token built from parts of which at least the signature is wrong.
    fn built(&self) -> (&'static str, String) {
        let forger = &self.forger;
        let signed = *forger.one_of(&SIGNED);
        let (mut header, mut claims) = (self.header.clone(), forger.one_of(&self.claims).clone());
        for _ in 0..forger.below(3) {
            self.change_header(&mut header);
        }
        for _ in 0..forger.below(3) {
            self.wrong_claim(&mut claims);
        }
        if let Some(algorithm) = signed.get(..5).filter(|start| start.starts_with("HS")) {
            header.insert("alg".to_owned(), json!(algorithm));
        }
        let coded = |value: &[u8]| URL_SAFE_NO_PAD.encode(value);
        let head = coded(&serde_json::to_vec(&header).unwrap());
        let message = format!("{head}.{}", coded(&serde_json::to_vec(&claims).unwrap()));
        let signature = self.signature(signed, &message);
        let token = match signed {
            "not at all" => message,
            _ => format!("{message}.{signature}"),
        };
        if self.tokens.contains(&token) { (signed, forger.changed(&token, "")) } else { (signed, token) }
    }

    fn signature(&self, signed: &str, message: &str) -> String {
        let coded = |value: &[u8]| URL_SAFE_NO_PAD.encode(value);
        let of = |token: &str| token.rsplit('.').next().unwrap_or_default().to_owned();
        let pem = || {
            let der = [
                &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00],
                self.public.as_slice(),
            ]
            .concat();
            let text = base64::engine::general_purpose::STANDARD.encode(der);
            format!("-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n").into_bytes()
        };
        let kid = self.header["kid"].as_str().unwrap_or_default().as_bytes().to_vec();
        match signed {
            "as another token was" => of(self.forger.one_of::<String>(&self.tokens)),
            "by another key" => jsonwebtoken::crypto::sign(
                message.as_bytes(),
                &self.other_key,
                jsonwebtoken::Algorithm::EdDSA,
            )
            .unwrap(),
            "HS256, public key" => coded(&mac::<Hmac<Sha256>>(&self.public, message)),
            "HS384, public key" => coded(&mac::<Hmac<Sha384>>(&self.public, message)),
            "HS512, public key" => coded(&mac::<Hmac<Sha512>>(&self.public, message)),
            "HS256, public key in base 64" => {
                coded(&mac::<Hmac<Sha256>>(coded(&self.public).as_bytes(), message))
            }
            "HS256, public key in PEM" => coded(&mac::<Hmac<Sha256>>(&pem(), message)),
            "HS256, name of the key" => coded(&mac::<Hmac<Sha256>>(&kid, message)),
            "HS256, empty secret" => coded(&mac::<Hmac<Sha256>>(b"", message)),
            "zeros" => coded(&[0; 64]),
            "noise" => coded(&self.forger.noise(64)),
            "one period further" => {
                let real = URL_SAFE_NO_PAD
                    .decode(of(self.forger.one_of::<String>(&self.tokens)))
                    .unwrap_or_default();
                let (half, scalar) = real.split_at(32.min(real.len()));
                let mut carry = 0;
                let moved = scalar.iter().zip(ORDER).map(|(byte, add)| {
                    let sum = u16::from(*byte) + u16::from(add) + carry;
                    carry = sum >> 8;
                    sum.to_le_bytes()[0]
                });
                coded(&[half, moved.collect::<Vec<_>>().as_slice()].concat())
            }
            _ => String::new(),
        }
    }

    fn change_header(&self, header: &mut Map<String, Value>) {
        let url = || json!("https://evil.example/keys.json");
        let key = || json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(&self.public), "kid": "evil" });
        let (name, value) = match self.forger.below(20) {
            0 => ("alg", json!("none")),
            1 => ("alg", json!("None")),
            2 => ("alg", json!("NONE")),
            3 => ("alg", json!("")),
            4 => ("alg", json!("ES256")),
            5 => ("alg", json!("RS256")),
            6 => ("alg", json!("Ed25519")),
            7 => ("alg", json!(["EdDSA", "none"])),
            8 => ("kid", json!("")),
            9 => ("kid", json!("../../dev/null")),
            10 => ("kid", json!("' OR '1'='1")),
            11 => ("kid", json!("k".repeat(1 + self.forger.below(3_000)))),
            12 => ("kid", json!(null)),
            13 => ("jwk", key()),
            14 => ("jku", url()),
            15 => ("x5u", url()),
            16 => ("x5c", json!(["MIIB"])),
            17 => ("crit", json!(["b64"])),
            18 => ("b64", json!(false)),
            _ => ("typ", json!("at+jwt")),
        };
        header.insert(name.to_owned(), value);
    }

    /// Makes one claim such that nothing may be taken for good that says so, whoever signed it.
    fn wrong_claim(&self, claims: &mut Value) {
        let own = claims["iss"].clone();
        let somebody_else = self.claims.iter().find(|other| other["sub"] != claims["sub"]).cloned();
        let others = |name: &str| somebody_else.clone().unwrap_or_default()[name].clone();
        let now = claims["iat"].as_i64().unwrap_or_default();
        let (name, value) = match self.forger.below(22) {
            0 => ("typ", json!("refresh")),
            1 => ("typ", json!("ACCESS")),
            2 => ("typ", json!(null)),
            3 => ("aud", json!("https://evil.example")),
            4 => ("aud", json!([own, "https://evil.example"])),
            5 => ("aud", json!([])),
            6 => ("aud", json!("http://127.0.0.1:8080/")),
            7 => ("iss", json!("https://evil.example")),
            8 => ("iss", json!(["http://127.0.0.1:8080"])),
            9 => ("iss", json!("")),
            10 => ("exp", json!(now - 1)),
            11 => ("exp", json!(now)),
            12 => ("exp", json!("9999999999")),
            13 => ("exp", json!(-1)),
            14 => ("exp", json!(1e300)),
            15 => ("nbf", json!(now + 601)),
            16 => ("nbf", json!(i64::MAX)),
            17 => ("sub", others("sub")),
            18 => ("sid", others("sid")),
            19 => ("sub", json!("00000000-0000-0000-0000-000000000000")),
            20 => ("sid", json!("no-id")),
            _ => ("sub", json!({ "id": claims["sub"] })),
        };
        claims[name] = value;
    }
}

fn mac<M: Mac + hmac::KeyInit>(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = <M as hmac::KeyInit>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Refused as nobody's, and in no other way.
fn is_refused<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Problem(problem)) if problem.code == Code::SignedOut)
}

fn count() -> usize {
    usize::try_from(number("STINT_FORGED", 3_000)).unwrap()
}

crate::on_every_database!(no_forged_access_token_is_taken_for_good, world, {
    let mine = ada(&world).await;
    world.advance(domain::Span::seconds(30));
    let second = world.signed_in("ada").await.tokens;
    let bo = world.person("Bo").await;
    world.with_credentials(bo, "bo").await;
    let others = world.signed_in("bo").await.tokens;
    let seed = number("STINT_FORGED_SEED", 1);
    let hand = Hand::on(&world, &[&mine, &second, &others], seed).await;
    let mut tried = BTreeMap::<&str, usize>::new();
    for number in 0..count() {
        let (what, token) = match number % 4 {
            0 => (
                "changed",
                hand.forger.changed(
                    hand.forger.one_of::<String>(&hand.tokens),
                    hand.forger.one_of::<String>(&hand.tokens),
                ),
            ),
            // What only the private key can sign, with a claim that must not count: a few, because each asks the database.
            1 if number % 64 == 1 => {
                let mut claims = hand.claims[0].clone();
                hand.wrong_claim(&mut claims);
                ("well signed, but with a wrong claim", forged(&world.engine, &claims, None).await)
            }
            _ => hand.built(),
        };
        if hand.tokens.contains(&token) {
            continue;
        }
        *tried.entry(what).or_default() += 1;
        let result = who(&world, &token).await;
        assert!(is_refused(&result), "seed {seed}, number {number}, {what}: {result:?}\n{token}");
    }
    for tokens in [&mine, &second, &others] {
        assert!(who(&world, tokens.access.expose_secret()).await.is_ok(), "the real ones still count");
    }
    assert!(SIGNED.iter().all(|signed| tried.contains_key(signed)), "{tried:?}");
    println!("access tokens, all refused: {} {tried:?}", tried.values().sum::<usize>());
    world.engine.close().await;
});

crate::on_every_database!(no_forged_refresh_token_is_taken_for_good_or_ends_a_session, world, {
    let mine = ada(&world).await;
    let bo = world.person("Bo").await;
    world.with_credentials(bo, "bo").await;
    let others = world.signed_in("bo").await.tokens;
    let texts = [mine.refresh.expose_secret().to_owned(), others.refresh.expose_secret().to_owned()];
    let seed = number("STINT_FORGED_SEED", 1);
    let forger = Forger::new(seed);
    for number in 0..count() {
        let token = match number % 8 {
            // The access token in its place, and the other way round.
            0 => forger.changed(mine.access.expose_secret(), &texts[0]),
            _ => forger.changed(forger.one_of::<String>(&texts), forger.one_of::<String>(&texts)),
        };
        if texts.contains(&token) {
            continue;
        }
        let result = refresh(&world.engine, &token, &Client::default()).await;
        assert!(is_refused(&result), "seed {seed}, number {number}: {result:?}\n{token}");
        if number % 16 == 0 {
            assert!(is_refused(&who(&world, &token).await), "{token}");
        }
    }
    let kinds: Vec<_> = super::facts(&world).await.into_iter().map(|(kind, _)| kind).collect();
    assert!(
        !kinds.iter().any(|kind| kind == "session.reused"),
        "nobody's session ends by what was made up: {kinds:?}"
    );
    for tokens in [&mine, &others] {
        assert!(again(&world, tokens).await.is_ok(), "the real ones still count");
    }
    println!("refresh tokens, all refused: {}", count());
    world.engine.close().await;
});
