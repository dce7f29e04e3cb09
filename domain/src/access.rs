//! Who may do what: one table. Rights come from holding Stint's own roles *now*, never from a flag or a token.

use serde::{Deserialize, Serialize};

use crate::{
    Instant, Scope, Span,
    problem::{Code, Problem},
};

/// Which of Stint's own roles a person holds at this moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Holds {
    /// Stint Privileged Role Administrator.
    pub administrator: bool,
    /// Stint User Administrator.
    pub user_administrator: bool,
    /// Stint Auditor.
    pub auditor: bool,
}

/// What gives a role for a time: an active assignment that was not ended, or an activation that was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// For which part.
    pub scope: Scope,
    /// From when.
    pub from: Instant,
    /// Until when; without an end when absent.
    pub until: Option<Instant>,
}

impl Grant {
    /// Whether it gives the role for this part at `now`.
    pub fn gives(&self, scope: &Scope, now: Instant) -> bool {
        Span::holds(self.from, self.until, now) && self.scope.covers(scope)
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal: $administrator:literal $user_administrator:literal $auditor:literal;)*) => {
        /// What somebody may be allowed to do beyond their own things.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Permission { $($(#[$doc])* $name,)* }

        impl Permission {
            /// All of them, for the printed table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in the printed table.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            const fn row(self) -> [bool; 3] {
                match self { $(Self::$name => [$administrator, $user_administrator, $auditor],)* }
            }
        }
    };
}

permissions! {
    // permission                                      administrator, user administrator, auditor
    /// See roles, their settings and assignments.
    ReadRoles = "roles.read": true true true;
    /// Create and change roles, settings and assignments.
    ManageRoles = "roles.manage": true false false;
    /// See all people and groups.
    ReadPeople = "people.read": true true true;
    /// Create and change people and groups that have nothing to do with a role.
    ManagePeople = "people.manage": true true false;
    /// Change the credentials, addresses and memberships of those who hold, may hold or approve a role.
    ManagePrivilegedPeople = "people.manage_privileged": true false false;
    /// See the requests of others.
    ReadRequests = "requests.read": true false true;
    /// Cancel and revoke the requests of others.
    EndRequests = "requests.end": true false false;
    /// Ask whether somebody else holds a role.
    CheckOthers = "check.others": true false true;
    /// Read the whole record.
    ReadRecord = "record.read": true false true;
    /// Read messages that wait for delivery.
    ReadOutbox = "outbox.read": true false false;
}

impl Permission {
    /// What it takes to change a person or a group, which has to do with a role or not.
    pub const fn to_change(privileged: bool) -> Self {
        if privileged { Self::ManagePrivilegedPeople } else { Self::ManagePeople }
    }
}

impl Holds {
    /// Whether these roles allow it.
    pub const fn allow(self, permission: Permission) -> bool {
        let [administrator, user_administrator, auditor] = permission.row();
        (self.administrator && administrator)
            || (self.user_administrator && user_administrator)
            || (self.auditor && auditor)
    }

    /// Refuses what these roles do not allow.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn require(self, permission: Permission) -> Result<(), Problem> {
        if self.allow(permission) { Ok(()) } else { Err(Problem::new(Code::Forbidden)) }
    }

    /// Whether anything of the administration is open to these roles.
    pub const fn any(self) -> bool {
        self.administrator || self.user_administrator || self.auditor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_gives_from_its_beginning_and_no_longer_at_its_end() {
        let at = |second| Instant::from_timestamp(second, 0).unwrap();
        let grant = |until| Grant { scope: "/emea".parse().unwrap(), from: at(10), until };
        let part: Scope = "/emea/oslo".parse().unwrap();
        for (now, bounded, endless) in
            [(9, false, false), (10, true, true), (19, true, true), (20, false, true), (21, false, true)]
        {
            assert_eq!(grant(Some(at(20))).gives(&part, at(now)), bounded, "{now}");
            assert_eq!(grant(None).gives(&part, at(now)), endless, "{now}");
        }
        assert!(!grant(None).gives(&Scope::everything(), at(15)), "a part is not the whole");
    }

    /// The table that a reviewer who reads no Rust can read; `docs/permissions.md` holds the same lines.
    fn printed() -> String {
        let mut text = String::from(
            "| permission | nobody | administrator | user administrator | auditor |\n|---|---|---|---|---|\n",
        );
        let callers = [
            Holds::default(),
            Holds { administrator: true, ..Holds::default() },
            Holds { user_administrator: true, ..Holds::default() },
            Holds { auditor: true, ..Holds::default() },
        ];
        for permission in Permission::ALL {
            let cells: Vec<_> =
                callers.iter().map(|holds| if holds.allow(*permission) { "yes" } else { "–" }).collect();
            text += &format!("| {} | {} |\n", permission.as_str(), cells.join(" | "));
        }
        text
    }

    #[test]
    fn the_printed_permission_table_is_up_to_date() {
        let printed = printed();
        let kept = include_str!("../../docs/permissions.md");
        assert!(kept.contains(&printed), "docs/permissions.md should contain:\n{printed}");
    }

    #[test]
    fn who_holds_nothing_may_nothing() {
        assert!(Permission::ALL.iter().all(|permission| !Holds::default().allow(*permission)));
    }
}
