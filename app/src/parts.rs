//! The parts of the browser's half. A page is loaded with the parts that it is in, when it is asked for; what all pages stand
//! on is loaded at once. A page has one line here and one in `app.rs`.
//!
//! Only bundles with the feature `split` come in parts (`scripts/bundle.sh release`); in others everything is there.

use leptos::prelude::*;
#[cfg(feature = "split")]
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::{ChooseView, location::Url};

use crate::pages::{
    account, activation, assignment, audit, before, group, link, notification, person, recovery_codes, role,
    sign_in,
};

/// A part of the browser's half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Before anybody is signed in.
    Before,
    /// My roles.
    Home,
    /// The sheet over it, in which a role is asked for.
    Activate,
    /// What people do about requests and about themselves.
    Own,
    /// What administrators and auditors look after.
    Administer,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Before, Self::Home, Self::Activate, Self::Own, Self::Administer];

    /// Where the page at this path is, for who knows the path only: the server before it draws, the browser before it takes over.
    /// What leads nowhere needs none, and is given one. A page that is in another part cannot be taken over, which the browser
    /// tests of all pages find.
    pub fn of(path: &str) -> &'static [Self] {
        match path.split('/').nth(1).unwrap_or_default() {
            "sign-in" | "set-up" | "link" => &[Self::Before],
            "activate" => &[Self::Home, Self::Activate],
            "requests" | "approvals" | "account" | "record" => &[Self::Own],
            "people" | "groups" | "roles" | "assignments" | "audit" | "outbox" => &[Self::Administer],
            _ => &[Self::Home],
        }
    }

    /// What is most often asked for after the page at this path.
    pub fn next(path: &str) -> Option<Self> {
        (path == "/").then_some(Self::Activate)
    }

    /// The word that the files of a bundle know it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Home => "home",
            Self::Activate => "activate",
            Self::Own => "own",
            Self::Administer => "administer",
        }
    }

    /// Loads it. Gives whether it is there: not when Stint was updated since this page was loaded, or the connection is gone.
    pub async fn load(self) -> bool {
        #[cfg(feature = "split")]
        return match self {
            Self::Before => load_before().await,
            Self::Home => load_home().await,
            Self::Activate => load_activate().await,
            Self::Own => load_own().await,
            Self::Administer => load_administer().await,
        }
        .is_ok();
        #[cfg(not(feature = "split"))]
        true
    }
}

/// Loads a part for the router. When it cannot be had the browser goes to the page by itself, and this never ends.
async fn load_on_the_way(part: Part) {
    if !part.load().await {
        let _ = window().location().set_href(&going_to());
        std::future::pending::<()>().await;
    }
}

/// Where the browser is going, as the router tells whoever loads what is there.
fn going_to() -> String {
    let url = use_context::<ArcRwSignal<Url>>().map(|url| url.get_untracked());
    url.map_or_else(
        || "/".to_owned(),
        |url| match url.search().trim_start_matches('?') {
            "" => url.path().to_owned(),
            search => format!("{}?{search}", url.path()),
        },
    )
}

/// The pages of a part, and the one function through which they are reached: where a bundle is cut.
macro_rules! part {
    ($(#[$doc:meta])* $part:ident: $Pages:ident, $load:ident, $drawn:ident { $($Page:ident => $page:path,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum $Pages {
            $($Page,)*
        }

        #[cfg(feature = "split")]
        #[wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload($load), fallible)]
        fn $drawn(page: $Pages) -> Result<AnyView, SplitLoaderError> {
            Ok(match page {
                $($Pages::$Page => $page().into_any(),)*
            })
        }

        impl ChooseView for $Pages {
            async fn choose(self) -> AnyView {
                #[cfg(feature = "split")]
                return $drawn(self).await.unwrap_or_else(|_| ().into_any());
                #[cfg(not(feature = "split"))]
                match self {
                    $(Self::$Page => $page().into_any(),)*
                }
            }

            async fn preload(&self) {
                load_on_the_way(Part::$Pages).await;
            }
        }
    };
}

part! {
    /// Before anybody is signed in.
    before: Before, load_before, drawn_before {
        Frame => before::Before,
        SignIn => sign_in::SignInPage,
        Code => sign_in::CodePage,
        FirstCodes => recovery_codes::FirstCodesPage,
        Link => link::LinkPage,
        LinkApp => link::LinkAppPage,
    }
}

part! {
    /// My roles.
    home: Home, load_home, drawn_home {
        MyRoles => activation::MyRolesPage,
    }
}

part! {
    /// The sheet over it, in which a role is asked for.
    activate: Activate, load_activate, drawn_activate {
        Sheet => activation::ActivateSheet,
    }
}

part! {
    /// What people do about requests and about themselves.
    own: Own, load_own, drawn_own {
        Requests => activation::RequestsPage,
        Request => activation::RequestPage,
        Approvals => activation::ApprovalsPage,
        NoApproval => activation::NoApprovalPage,
        Approval => activation::ApprovalPage,
        Account => account::AccountPage,
        NewCodes => recovery_codes::NewCodesPage,
        Record => audit::OwnRecordPage,
    }
}

part! {
    /// What administrators and auditors look after.
    administer: Administer, load_administer, drawn_administer {
        People => person::PeoplePage,
        NewPerson => person::NewPersonPage,
        Person => person::PersonPage,
        Groups => group::GroupsPage,
        NewGroup => group::NewGroupPage,
        Group => group::GroupPage,
        Roles => role::RolesPage,
        NewRole => role::RoleCreatePage,
        Import => role::RoleImportPage,
        Role => role::RolePage,
        Settings => role::RoleSettingsPage,
        History => role::RoleHistoryPage,
        ChangeRole => role::RoleChangePage,
        RoleOff => role::RoleOffPage,
        Assign => assignment::AssignPage,
        Assignment => assignment::AssignmentPage,
        RemoveAssignment => assignment::AssignmentRemovePage,
        Audit => audit::AuditPage,
        Outbox => notification::OutboxPage,
        Message => notification::MessagePage,
    }
}
