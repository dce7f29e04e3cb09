//! Groups of people. Groups do not nest; membership is looked up when it matters.

use serde::{Deserialize, Serialize};

use crate::{
    Id, Instant,
    person::{PersonId, PersonRef},
    problem::Problem,
    role::{AssignmentRow, RoleRef},
    text,
};

/// The identifier of a group.
pub type GroupId = Id<Group>;

/// A group as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Which group.
    pub id: GroupId,
    /// Its name, unique among groups.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Since when it is gone; history keeps it.
    pub removed_at: Option<Instant>,
    /// Since when it exists.
    pub created_at: Instant,
    /// Counts changes, for compare-and-set.
    pub version: i64,
}

/// A group by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupRef {
    /// Which group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

/// Input: a group's name and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewGroup {
    /// Its name, at most 100 characters.
    pub name: String,
    /// What it is for, at most 500 characters.
    #[serde(default)]
    pub description: String,
}

/// Input: a changed name or description of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeGroup {
    /// Its name, at most 100 characters.
    pub name: String,
    /// What it is for, at most 500 characters.
    pub description: String,
    /// The version that was shown.
    pub version: i64,
}

impl NewGroup {
    /// The same input, checked and normalised.
    ///
    /// # Errors
    /// Every field that needs attention.
    pub fn checked(self) -> Result<Self, Problem> {
        let name = text::line("name", &self.name, text::NAME);
        match (name, text::optional("description", &self.description, text::DESCRIPTION)) {
            (Ok(name), Ok(description)) => Ok(Self { name, description }),
            (name, description) => Err(Problem::of_fields([name.err(), description.err()])),
        }
    }
}

impl ChangeGroup {
    /// The same input, checked and normalised.
    ///
    /// # Errors
    /// Every field that needs attention.
    pub fn checked(self) -> Result<Self, Problem> {
        let NewGroup { name, description } =
            NewGroup { name: self.name, description: self.description }.checked()?;
        Ok(Self { name, description, version: self.version })
    }
}

/// A line in the list of groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupRow {
    /// Which group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How many people are in it.
    pub members: u32,
    /// Whether it has an assignment or approves anything, so that only the administrator changes its members.
    pub privileged: bool,
}

/// A group with its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupDetail {
    /// The line of the list.
    #[serde(flatten)]
    pub row: GroupRow,
    /// Who is in it now.
    pub people: Vec<Member>,
    /// Its assignments, live and planned.
    pub assignments: Vec<AssignmentRow>,
    /// The roles whose requests it approves.
    pub approves: Vec<RoleRef>,
    /// For compare-and-set.
    pub version: i64,
}

/// A person in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Who.
    pub person: PersonRef,
    /// Since when.
    pub since: Instant,
    /// Whether the person is disabled.
    pub disabled: bool,
}

/// Input: a person to put into a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMember {
    /// Who.
    pub person: PersonId,
}

/// What putting somebody into a group brought about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberAdded {
    /// Who had nothing to do with a role before and has now.
    pub made_privileged: Vec<PersonRef>,
}
