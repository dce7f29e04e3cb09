//! The places at which a test makes the engine fail or die: between any two things that must happen both or neither.
//! Without the feature `testing`, as in every program that is given away, they are nothing.

use crate::error::Result;

/// All of them, in the order in which a command comes by.
#[cfg(any(test, feature = "testing"))]
pub const ALL: [&str; 15] = [
    "lane.begin",
    "lane.locked",
    "command.changed",
    "record.appended",
    "outbox.written",
    "due.moved",
    "command.done",
    "answer.kept",
    "lane.kept",
    "lane.commit",
    "lane.committed",
    "mail.leased",
    "mail.sending",
    "mail.taken",
    "mail.noted",
];

/// A place of this name: here a test may want an error, or the end.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn at(name: &'static str) -> Result<()> {
    fail::fail_point!(name, |_| Err(crate::Error::broken("failpoint", name)));
    Ok(())
}

/// Nothing.
#[cfg(not(any(test, feature = "testing")))]
pub(crate) const fn at(_: &'static str) -> Result<()> {
    Ok(())
}

/// A command panicked: one that was to die takes the whole lane with it, as the end of the process would.
pub(crate) fn died(panic: Box<dyn std::any::Any + Send>) {
    #[cfg(any(test, feature = "testing"))]
    if panic.downcast_ref::<String>().is_some_and(|words| words.starts_with("failpoint")) {
        std::panic::resume_unwind(panic);
    }
    drop(panic);
}
