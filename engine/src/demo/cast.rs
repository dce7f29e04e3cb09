//! Who plays in the sample organisation.

use domain::person::PersonKind;

/// Somebody in the sample organisation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// The name that others see.
    pub name: &'static str,
    /// The name to sign in with.
    pub sign_in: &'static str,
    /// Member or guest.
    pub kind: PersonKind,
    /// What this person shows.
    pub part: &'static str,
}

const fn part(name: &'static str, sign_in: &'static str, kind: PersonKind, part: &'static str) -> Part {
    Part { name, sign_in, kind, part }
}

use PersonKind::{Guest, Member};

/// Everybody; the first one sets Stint up.
pub(super) const EVERYBODY: [Part; 7] = [
    part("Marta Lindqvist", "marta", Member, "administers Stint, activates roles, approves"),
    part("Priya Raman", "priya", Member, "approves, eligible for Global Administrator"),
    part("Tomasz Wieczorek", "tomasz", Member, "approves"),
    part("Kenji Watanabe", "kenji", Member, "waits for an approval"),
    part("Sofia Marchetti", "sofia", Guest, "a guest with one role for some weeks"),
    part("Daniel Okafor", "daniel", Member, "service desk, eligible through a group"),
    part("Jonas Ekberg", "jonas", Member, "audits: reads everything, changes nothing"),
];
