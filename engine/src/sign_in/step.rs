//! What lies between two steps and is kept by the browser: sealed for one purpose, with its end inside. There is no
//! session before the second factor.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Span;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    Engine,
    env::STEP,
    error::{Error, Result},
    store::us,
};

/// More than any value that was ever sealed here.
const LONGEST: usize = 4_096;

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    #[serde(default)]
    from: i64,
    until: i64,
    holds: T,
}

/// Seals `holds` for `place`, for so long from now on.
pub(crate) fn seal<T: Serialize>(engine: &Engine, place: &str, life: Span, holds: &T) -> Result<String> {
    let now = engine.now();
    let envelope = Envelope { from: us(now), until: us(life.after(now)), holds };
    let plain = Zeroizing::new(serde_json::to_vec(&envelope).map_err(Error::of("step.seal"))?);
    Ok(URL_SAFE_NO_PAD.encode(engine.keys().seal(engine.env(), place, &plain)))
}

/// Opens what was sealed for this place; nothing when it was not, was changed, or its time is over. Nor when its time
/// is to come: it was sealed while the clock was wrong, and would be good for longer than it was to be.
pub(crate) fn open<T: DeserializeOwned>(engine: &Engine, place: &str, sealed: &str) -> Option<T> {
    if sealed.len() > LONGEST {
        return None;
    }
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let plain = Zeroizing::new(engine.keys().open(place, &sealed)?);
    let envelope: Envelope<T> = serde_json::from_slice(&plain).ok()?;
    let now = engine.now();
    (us(now) < envelope.until && envelope.from <= us(now + STEP)).then_some(envelope.holds)
}
