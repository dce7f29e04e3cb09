//! One usable administrator always remains.

use domain::{Code, Instant, assignment::AssignmentKind, person::Principal, role::builtin};
use sea_orm::ConnectionTrait;

use crate::{error::Result, store};

/// To be called after a change was written and before it is committed: refuses it when no enabled person with a
/// second factor would be left who holds the administration permanently, directly or through a group. Never called
/// for an end that is due. Assignments with an end do not count: nothing could hold back their end.
///
/// # Errors
/// `last_administrator`.
pub(crate) async fn require_administrator<C: ConnectionTrait>(db: &C, now: Instant) -> Result<()> {
    let permanent: Vec<Principal> = store::assignment::of_role(db, builtin::ADMINISTRATOR, false)
        .await?
        .into_iter()
        .filter(|assignment| assignment.kind == AssignmentKind::Active && assignment.is_permanent(now))
        .map(|assignment| assignment.principal)
        .collect();
    let people = store::access::people_of(db, &permanent).await?;
    let people = store::person::enabled_among(db, &people).await?;
    if store::sign_in::with_second_factor(db, &people).await?.is_empty() {
        return Err(Code::LastAdministrator.into());
    }
    Ok(())
}
