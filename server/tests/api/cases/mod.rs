//! What is sent to each operation and each server function: one realistic request, about an object made for it, so that
//! no answer depends on the one before. The tables of this folder serve the strangers' test and the printed table alike.

mod functions;
mod objects;
mod operations;

use axum::http::Method;
use domain::audit::RecordFilter;
use futures::future::BoxFuture;

use crate::house::{Answer, Caller, House, Sent};

/// One request that a kind of caller can make.
#[derive(Clone, Copy)]
pub struct Case {
    /// The name of the operation, or the path of the server function.
    pub operation: &'static str,
    /// What it is about, where the answer depends on it.
    pub about: &'static str,
    /// Makes the object and the request.
    pub make: for<'h> fn(&'h House, Caller) -> BoxFuture<'h, Sent>,
}

impl Case {
    /// As a row of the printed table.
    pub fn name(&self) -> String {
        if self.about.is_empty() {
            self.operation.to_owned()
        } else {
            format!("{}, {}", self.operation, self.about)
        }
    }
}

/// Writes a table of cases: operation, what it is about, and the request.
macro_rules! cases {
    ($($operation:literal $(, $about:literal)? => |$house:ident, $caller:pat_param| $sent:expr;)*) => {
        pub const ALL: &[super::Case] = &[$(
            super::Case {
                operation: $operation,
                about: concat!($($about)?),
                make: |$house, $caller| Box::pin(async move { $sent }),
            },
        )*];
    };
}
use cases;

/// All cases: the API, then server functions.
pub fn all() -> impl Iterator<Item = Case> {
    operations::ALL.iter().chain(functions::ALL).copied()
}

impl House {
    /// What a caller is answered in a case. A refusal changes nothing but the record of refusals, and neither does
    /// reading; nothing that anybody can send is a failure of the server.
    pub async fn try_case(&self, case: &Case, caller: Caller) -> Answer {
        let sent = (case.make)(self, caller).await;
        if caller != Caller::Nobody {
            self.token(caller).await;
        }
        let is_read = sent.method == Method::GET;
        let before = self.world.engine.measure().await.unwrap();
        let answer = self.ask(caller, sent).await;
        let what = format!("{} as {}: {}", case.name(), caller.word(), answer.word());
        assert!(!answer.status.is_server_error(), "{what}");
        if is_read || !answer.status.is_success() {
            let after = self.world.engine.measure().await.unwrap();
            assert_eq!(after.outbox_waiting, before.outbox_waiting, "{what}, and caused a message");
            let newest = self.newest_records(after.records - before.records).await;
            assert!(
                newest.iter().all(|outcome| outcome != "done"),
                "{what}, and changed something: {newest:?}"
            );
        }
        answer
    }

    /// How the newest acts on record came out.
    async fn newest_records(&self, count: u64) -> Vec<String> {
        let administrator = self.world.ctx(self.person(Caller::Administrator));
        let page = engine::audit::list(&self.world.engine, &administrator, RecordFilter::default()).await;
        let rows = page.unwrap().items.into_iter();
        rows.take(usize::try_from(count).unwrap()).map(|row| row.outcome).collect()
    }
}
