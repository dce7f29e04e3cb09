//! What somebody makes of a token or sealed value who has one and lacks the key: the same text in another shape. Chance
//! follows from a seed, so that a failure can be repeated.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::beginning;
use crate::Env;

/// The letters of URL-safe base 64.
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// What does not belong into a token.
const STRANGE: [&str; 12] = [" ", "\t", "\n", "\0", "=", ".", "%", "+", "/", "é", "\u{202e}", "\u{7f}"];

/// As long as what is huge may get, in bytes.
const HUGE: usize = 200_000;

/// Makes forgeries.
#[derive(Clone)]
pub struct Forger(Env);

impl std::fmt::Debug for Forger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Forger")
    }
}

impl Forger {
    /// Whose chance begins there.
    pub fn new(seed: u64) -> Self {
        Self(Env::fixed(beginning(), seed))
    }

    /// A number below this one.
    pub fn below(&self, bound: usize) -> usize {
        usize::try_from(u64::from_le_bytes(self.0.bytes()) % bound.max(1) as u64).unwrap()
    }

    /// One of several.
    pub fn one_of<'a, T>(&self, all: &'a [T]) -> &'a T {
        all.get(self.below(all.len())).unwrap()
    }

    /// `text` changed in one way, or in a few; never `text` itself. `other` is one of the same kind that is good as well.
    pub fn changed(&self, text: &str, other: &str) -> String {
        let mut changed = text.to_owned();
        for _ in 0..=self.below(8) / 5 {
            changed = self.once(&changed, other);
        }
        while changed == text || changed == other {
            changed = self.once(&changed, other);
        }
        changed
    }

    fn once(&self, text: &str, other: &str) -> String {
        let letters: Vec<char> = text.chars().collect();
        let at = self.below(letters.len() + 1);
        let joined = |parts: &[&[char]]| parts.concat().into_iter().collect::<String>();
        let (before, after) = letters.split_at(at);
        let rest = after.get(1..).unwrap_or_default();
        match self.below(14) {
            0 => {
                let bit = 1 << self.below(7);
                let turned = after
                    .first()
                    .map_or('A', |letter| char::from_u32(u32::from(*letter) ^ bit).unwrap_or('A'));
                joined(&[before, &[turned], rest])
            }
            1 => joined(&[before, &[char::from(*self.one_of(LETTERS))], rest]),
            2 => joined(&[before]),
            3 => joined(&[after]),
            4 => format!("{text}{text}"),
            5 => joined(&[before, &self.one_of(&STRANGE).chars().collect::<Vec<_>>(), after]),
            6 => joined(&[before, rest]),
            7 => joined(&[before, after.get(..1).unwrap_or_default(), after]),
            8 => joined(&[before]) + &other.chars().skip(at).collect::<String>(),
            9 | 10 => self.segments(text, other),
            11 => match self.below(4) {
                0 => text.replace('-', "+").replace('_', "/"),
                1 => text.to_lowercase(),
                2 => text.to_uppercase(),
                _ => format!("{text}{}", "=".repeat(1 + self.below(3))),
            },
            12 => text.repeat(1 + self.below((HUGE / text.len().max(1)).max(1))),
            _ => URL_SAFE_NO_PAD
                .encode(self.noise(URL_SAFE_NO_PAD.decode(text).map_or(64, |bytes| bytes.len()))),
        }
    }

    /// The parts between full stops: one of them exchanged, emptied, or changed in what it holds.
    fn segments(&self, text: &str, other: &str) -> String {
        let mut parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        let at = self.below(parts.len());
        let there = parts.get(at).cloned().unwrap_or_default();
        let changed = match self.below(5) {
            0 => String::new(),
            1 => other.split('.').nth(at).unwrap_or_default().to_owned(),
            2 => self.one_of(&parts).clone(),
            _ => match URL_SAFE_NO_PAD.decode(&there) {
                Ok(mut bytes) if !bytes.is_empty() => {
                    let byte = self.below(bytes.len());
                    if let Some(byte) = bytes.get_mut(byte) {
                        *byte ^= 1 << self.below(8);
                    }
                    match self.below(4) {
                        0 => bytes.truncate(byte),
                        1 => bytes.extend(self.noise(1 + self.below(40))),
                        _ => {}
                    }
                    URL_SAFE_NO_PAD.encode(bytes)
                }
                _ => "AA".to_owned(),
            },
        };
        if let Some(part) = parts.get_mut(at) {
            *part = changed;
        }
        parts.join(".")
    }

    /// So many bytes of nothing.
    pub fn noise(&self, length: usize) -> Vec<u8> {
        (0..length.div_ceil(64)).flat_map(|_| self.0.bytes::<64>()).take(length).collect()
    }
}
