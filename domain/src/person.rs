//! People: one person is one human being; whatever separates duties looks at persons.

use serde::{Deserialize, Serialize};

use crate::{
    Id, Instant,
    access::Holds,
    group::GroupRef,
    problem::Problem,
    role::AssignmentRow,
    sign_in::{self, MadeLink},
    text,
};

/// The identifier of a person.
pub type PersonId = Id<Person>;

/// From inside the organisation or from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PersonKind {
    /// Belongs to the organisation.
    Member,
    /// Comes from outside.
    Guest,
}

/// A person as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Member or guest.
    pub kind: PersonKind,
    /// The name that others see.
    pub name: String,
    /// The zone in which times are shown; the organisation's when empty (IANA name).
    pub zone: Option<String>,
    /// Since when the person is disabled.
    pub disabled_at: Option<Instant>,
    /// Since when Stint knows the person.
    pub created_at: Instant,
    /// Counts changes, for compare-and-set.
    pub version: i64,
}

/// A person by name, for lists and sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonRef {
    /// Who.
    pub id: PersonId,
    /// The name that others see.
    pub name: String,
}

/// A principal: a person, or a group of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Principal {
    /// One person.
    Person(PersonId),
    /// Everybody in a group, each for themselves.
    Group(crate::group::GroupId),
}

/// A principal with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrincipalRef {
    /// Which principal.
    pub principal: Principal,
    /// Its name.
    pub name: String,
}

/// Input: a new person, with the sign-in name that the invitation is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPerson {
    /// Member or guest.
    pub kind: PersonKind,
    /// The name that others see, at most 100 characters.
    pub name: String,
    /// The name to sign in with, at most 100 characters.
    pub sign_in_name: String,
    /// Where mail goes to; at most 5.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// IANA time zone, such as `Europe/Oslo`.
    #[serde(default)]
    pub zone: Option<String>,
}

/// Input: what may be changed of a person by an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePerson {
    /// Member or guest.
    pub kind: PersonKind,
    /// The name that others see, at most 100 characters.
    pub name: String,
    /// Where mail goes to; at most 5. Replaces the former ones.
    pub addresses: Vec<String>,
    /// The version that was shown.
    pub version: i64,
}

/// Checks and normalises a list of contact addresses; the same address counts once.
///
/// # Errors
/// The first address that is no address, or `out_of_bounds` when there are too many.
pub fn addresses(field: &str, given: &[String]) -> Result<Vec<String>, Problem> {
    let mut list: Vec<String> = Vec::new();
    for address in given.iter().filter(|address| !address.trim().is_empty()) {
        let address = text::mail_address(field, address)?;
        if !list.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
            list.push(address);
        }
    }
    if list.len() > text::ADDRESSES {
        return Err(Problem::new(crate::Code::OutOfBounds)
            .field(field)
            .limit(format!("at most {}", text::ADDRESSES)));
    }
    Ok(list)
}

impl NewPerson {
    /// The same input, checked and normalised. Whether the zone exists is known to the engine alone.
    ///
    /// # Errors
    /// Every field that needs attention.
    pub fn checked(self) -> Result<Self, Problem> {
        let name = text::line("name", &self.name, text::NAME);
        let sign_in_name = sign_in::name(&self.sign_in_name);
        match (name, sign_in_name, addresses("addresses", &self.addresses)) {
            (Ok(name), Ok(sign_in_name), Ok(addresses)) => Ok(Self { name, sign_in_name, addresses, ..self }),
            (name, sign_in_name, addresses) => {
                Err(Problem::of_fields([name.err(), sign_in_name.err(), addresses.err()]))
            }
        }
    }
}

impl ChangePerson {
    /// The same input, checked and normalised.
    ///
    /// # Errors
    /// Every field that needs attention.
    pub fn checked(self) -> Result<Self, Problem> {
        match (text::line("name", &self.name, text::NAME), addresses("addresses", &self.addresses)) {
            (Ok(name), Ok(addresses)) => Ok(Self { name, addresses, ..self }),
            (name, addresses) => Err(Problem::of_fields([name.err(), addresses.err()])),
        }
    }
}

/// A person who was created, with the link that invites them: shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedPerson {
    /// Who.
    pub id: PersonId,
    /// The invitation.
    pub link: MadeLink,
}

/// A line in the list of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonRow {
    /// Who.
    pub id: PersonId,
    /// The name that others see.
    pub name: String,
    /// Member or guest.
    pub kind: PersonKind,
    /// The names to sign in with.
    pub sign_in_names: Vec<String>,
    /// Whether a second factor is enrolled.
    pub has_second_factor: bool,
    /// Since when the person is disabled.
    pub disabled_at: Option<Instant>,
    /// The last sign-in.
    pub last_signed_in_at: Option<Instant>,
}

/// Everything about one person that administrators and auditors see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonDetail {
    /// The line of the list.
    #[serde(flatten)]
    pub row: PersonRow,
    /// Where mail goes to.
    pub addresses: Vec<String>,
    /// IANA time zone, if the person chose one.
    pub zone: Option<String>,
    /// Since when Stint knows the person.
    pub created_at: Instant,
    /// The groups that the person is in now.
    pub groups: Vec<GroupRef>,
    /// Assignments of the person, live and planned, also through groups.
    pub assignments: Vec<AssignmentRow>,
    /// Whether the person holds, may hold or approves a role, so that only the administrator may change credentials.
    pub privileged: bool,
    /// For compare-and-set.
    pub version: i64,
}

/// The caller: who they are and what is open to them. Nothing secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// Who.
    pub id: PersonId,
    /// The name that others see.
    pub name: String,
    /// The name used to sign in.
    pub sign_in_name: String,
    /// Which of Stint's own roles the caller holds now.
    pub holds: Holds,
    /// The zone in which times are shown (IANA name).
    pub zone: String,
    /// Requests that wait for the caller's decision.
    pub to_decide: u32,
    /// When the second factor was last proved in this session.
    pub mfa_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    fn new(name: &str, sign_in_name: &str, addresses: &[&str]) -> NewPerson {
        NewPerson {
            kind: PersonKind::Member,
            name: name.to_owned(),
            sign_in_name: sign_in_name.to_owned(),
            addresses: addresses.iter().map(|&address| address.to_owned()).collect(),
            zone: None,
        }
    }

    #[test]
    fn a_new_person_is_normalised() {
        let checked =
            new(" Ada ", "ADA", &["ada@halden.example", "", "ADA@halden.example"]).checked().unwrap();
        assert_eq!((checked.name.as_str(), checked.sign_in_name.as_str()), ("Ada", "ada"));
        assert_eq!(checked.addresses, ["ada@halden.example"]);
    }

    #[test]
    fn every_wrong_field_of_a_new_person_is_named() {
        let problem = new("", "a da", &["nowhere"]).checked().unwrap_err();
        for (field, code) in
            [("name", Code::Required), ("sign_in_name", Code::Malformed), ("addresses", Code::Malformed)]
        {
            assert_eq!(problem.of_field(field).unwrap().code, code, "{field}");
        }
        let six: Vec<_> = (0..6).map(|n| format!("ada{n}@halden.example")).collect();
        let six: Vec<_> = six.iter().map(String::as_str).collect();
        assert_eq!(new("Ada", "ada", &six).checked().unwrap_err().code, Code::OutOfBounds);
    }
}
