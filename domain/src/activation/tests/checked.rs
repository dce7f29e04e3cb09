//! The life of one request in every order, by a model checker: several workers each read the row, judge by the rules of
//! this crate, and write it later, if it is still as they read it; messages come late and again, answers get lost, workers
//! crash between reading and writing, and the clock goes on in between. What is checked are the moves themselves, not a
//! description of them; said again is only how the store saves.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{Hash, Hasher},
};

use stateright::{Checker, Model, Property};

use super::*;

/// What somebody sends under one key. Under way until its answer is heard: it may be late, and come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Message {
    Approve(u128),
    Deny(u128),
    Cancel,
}

/// What a worker takes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Message(Message),
    Confirm,
    Start,
    TimeOut,
    End,
}

/// One step of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Time goes by.
    Tick,
    /// A worker reads the row and judges.
    Take(Task),
    /// A worker writes what it came to. The answer is heard or lost.
    Write { worker: usize, heard: bool },
    /// A worker is gone before it wrote.
    Crash(usize),
}

/// The row, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row(Activation);

/// Everything of it that ever changes.
impl Hash for Row {
    fn hash<H: Hasher>(&self, into: &mut H) {
        let Activation { state, lapses_at, accepted_at, effective_at, ends_at, settled_at, version, .. } =
            &self.0;
        (state, lapses_at, accepted_at, effective_at, ends_at, settled_at, version).hash(into);
        self.0.cause.map(Cause::as_str).hash(into);
        for decision in &self.0.decisions {
            (decision.by, decision.verdict == Verdict::Approved, decision.at).hash(into);
        }
    }
}

/// What a worker has in hand: what it read, and what it is about to write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Job {
    message: Option<Message>,
    read: Row,
    write: Row,
    facts: Vec<EventKind>,
}

/// How everything stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Now {
    tick: usize,
    row: Row,
    jobs: Vec<Job>,
    /// How often a message may still arrive.
    under_way: BTreeMap<Message, u8>,
    /// What was carried out, in order: kept in the transaction that does it.
    carried_out: Vec<Message>,
    record: Vec<EventKind>,
}

/// Workers at once.
const WORKERS: usize = 2;
/// How often a message arrives at most.
const ARRIVALS: u8 = 2;
/// The minutes that matter: approved at 0 or 14 it ends at 60 or 74; at 15 it has lapsed, or its planned start has come.
const MINUTES: [i64; 5] = [0, 14, 15, 60, 75];

/// What is checked.
struct Stint {
    request: Activation,
    settings: RoleSettings,
    /// Whether being granted takes a step of its own, as with a target.
    confirms_later: bool,
    /// Whether a row is written only while it is as it was read.
    compares: bool,
    messages: Vec<Message>,
}

impl Stint {
    fn new(needed: u8, starts_at: Option<Instant>, messages: &[Message]) -> Self {
        let mut scene = Scene::new();
        scene.settings.approval.required = true;
        let stage = &mut scene.settings.approval.stages[0];
        stage.needed = needed;
        stage.timeout = Span::minutes(15);
        stage.approvers = [ADA, BO, CY].map(|person| Principal::Person(id(person))).to_vec();
        scene.input.starts_at = starts_at;
        let settings = scene.settings.clone();
        let request = scene.request(at(0)).unwrap().0;
        Self { request, settings, confirms_later: false, compares: true, messages: messages.to_vec() }
    }

    /// The one task that the clock, or a target, may have for a row in this state.
    fn task_of(&self, row: &Activation, now: Instant) -> Option<Task> {
        let task = match row.state {
            State::PendingApproval => Task::TimeOut,
            State::Scheduled => Task::Start,
            State::Activating => Task::Confirm,
            State::Active => Task::End,
            _ => return None,
        };
        self.judge(row, task, now).ok().map(|_| task)
    }

    /// What a task comes to by the rules, judged by the row as it was read.
    fn judge(
        &self,
        row: &Activation,
        task: Task,
        now: Instant,
    ) -> Result<(Activation, Vec<EventKind>), Problem> {
        let one = |(row, fact): (Activation, Event)| (row, vec![fact.kind]);
        let stage = &self.settings.approval.stages[0];
        let by = |person| row.approver(candidate(person), std::slice::from_ref(&self.settings));
        match task {
            Task::Message(Message::Approve(person)) => {
                let counted: Vec<_> = row.decisions.iter().map(|decision| decision.by).collect();
                let approved = row.clone().approve(&by(person)?, "", proven(), &counted, stage, now)?;
                let (row, mut facts) = one(approved);
                if row.state != State::Activating || self.confirms_later {
                    return Ok((row, facts));
                }
                let (row, activated) = row.confirm(Cover::Forever, now)?;
                facts.push(activated.kind);
                Ok((row, facts))
            }
            Task::Message(Message::Deny(person)) => {
                row.clone().deny(&by(person)?, "No", proven(), stage, now).map(one)
            }
            Task::Message(Message::Cancel) => row.clone().cancel(Cause::Withdrawn, "", now).map(one),
            Task::Confirm => row.clone().confirm(Cover::Forever, now).map(one),
            Task::Start => row.clone().start(now)?.confirm(Cover::Forever, now).map(one),
            Task::TimeOut => row.clone().time_out(now).map(one),
            Task::End if row.state_at(now) == State::Ended => {
                row.clone().end(Cause::TimeUp, "", now).map(one)
            }
            Task::End => Err(Problem::new(Code::Conflict)),
        }
    }
}

impl Now {
    fn minute(&self) -> Instant {
        at(MINUTES[self.tick])
    }

    fn take(mut self, stint: &Stint, task: Task) -> Option<Self> {
        let mut message = None;
        if let Task::Message(taken) = task {
            let left = self.under_way.remove(&taken)?;
            if left > 1 {
                self.under_way.insert(taken, left - 1);
            }
            if self.carried_out.contains(&taken) {
                // It is answered once more, and nothing changes.
                return Some(self);
            }
            message = Some(taken);
        }
        match stint.judge(&self.row.0, task, self.minute()) {
            Ok((write, facts)) => {
                let job = Job { message, read: self.row.clone(), write: Row(write), facts };
                self.jobs.push(job);
                Some(self)
            }
            // Refused: whoever asked is told.
            Err(_) => message.map(|_| self),
        }
    }

    /// One transaction: the row, the record and the key, or nothing of it.
    fn write(mut self, stint: &Stint, worker: usize, heard: bool) -> Self {
        let job = self.jobs.remove(worker);
        let as_read = |row: &Activation| (row.state, row.version);
        let is_as_read = as_read(&self.row.0) == as_read(&job.read.0);
        let is_new = job.message.is_none_or(|message| !self.carried_out.contains(&message));
        if is_new && (is_as_read || !stint.compares) {
            self.row = job.write;
            self.row.0.version = job.read.0.version + 1;
            self.record.extend(job.facts);
            self.carried_out.extend(job.message);
        }
        if let Some(message) = job.message.filter(|_| heard) {
            self.under_way.remove(&message);
        }
        self
    }

    /// The state that the record tells of; none when it tells of what cannot be.
    fn told(&self) -> Option<State> {
        use EventKind as K;
        let mut state = State::PendingApproval;
        for fact in &self.record {
            state = match (state, fact) {
                (State::PendingApproval, K::ActivationAgreed) => State::PendingApproval,
                // Accepted, and not yet held: scheduled or activating.
                (State::PendingApproval, K::ActivationApproved) => State::Scheduled,
                (State::PendingApproval, K::ActivationDenied) => State::Denied,
                (State::PendingApproval, K::ActivationTimedOut) => State::TimedOut,
                (State::PendingApproval | State::Scheduled, K::ActivationCanceled) => State::Canceled,
                (State::Scheduled, K::ActivationActivated) => State::Active,
                (State::Active, K::ActivationEnded) => State::Ended,
                _ => return None,
            };
        }
        Some(state)
    }

    fn agreed(&self) -> BTreeSet<PersonId> {
        let agreed = self.row.0.decisions.iter().filter(|decision| decision.verdict == Verdict::Approved);
        agreed.map(|decision| decision.by).collect()
    }
}

impl Model for Stint {
    type State = Now;
    type Action = Step;

    fn init_states(&self) -> Vec<Now> {
        vec![Now {
            tick: 0,
            row: Row(self.request.clone()),
            jobs: Vec::new(),
            under_way: self.messages.iter().map(|message| (*message, ARRIVALS)).collect(),
            carried_out: Vec::new(),
            record: Vec::new(),
        }]
    }

    fn actions(&self, now: &Now, steps: &mut Vec<Step>) {
        if now.tick + 1 < MINUTES.len() {
            steps.push(Step::Tick);
        }
        if now.jobs.len() < WORKERS {
            steps.extend(now.under_way.keys().map(|message| Step::Take(Task::Message(*message))));
            let due = self.task_of(&now.row.0, now.minute());
            steps.extend(due.map(Step::Take));
        }
        for (worker, job) in now.jobs.iter().enumerate() {
            steps.push(Step::Write { worker, heard: true });
            if job.message.is_some_and(|message| now.under_way.contains_key(&message)) {
                steps.push(Step::Write { worker, heard: false });
            }
            steps.push(Step::Crash(worker));
        }
    }

    fn next_state(&self, now: &Now, step: Step) -> Option<Now> {
        let mut next = now.clone();
        match step {
            Step::Tick => next.tick += 1,
            Step::Take(task) => return next.take(self, task),
            Step::Write { worker, heard } => next = next.write(self, worker, heard),
            Step::Crash(worker) => drop(next.jobs.remove(worker)),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(
                "the record tells how it stands, each move once, and none after the last",
                |_, now: &Now| {
                    let stands = match now.row.0.state {
                        State::Activating => State::Scheduled,
                        state => state,
                    };
                    now.told() == Some(stands)
                },
            ),
            Property::always("nobody decides their own, and nobody twice", |_, now: &Now| {
                let deciders: BTreeSet<_> = now.row.0.decisions.iter().map(|decision| decision.by).collect();
                !deciders.contains(&id(ADA)) && deciders.len() == now.row.0.decisions.len()
            }),
            Property::always("accepted only by as many others as must agree", |stint: &Self, now: &Now| {
                let needed = usize::from(stint.settings.approval.stages[0].needed);
                now.row.0.accepted_at.is_none() || now.agreed().len() >= needed
            }),
            Property::always("held from when it became effective, until its end", |_, now: &Now| {
                let row = &now.row.0;
                let (from, end) = (row.effective_at, row.ends_at);
                let within = from.zip(end).is_some_and(|(from, end)| {
                    from <= now.minute() && now.minute() < end && end <= row.duration.after(from)
                });
                !row.is_held(now.minute()) || within
            }),
            Property::always("denied, canceled or lapsed is never held", |_, now: &Now| {
                let refused = matches!(now.row.0.state, State::Denied | State::Canceled | State::TimedOut);
                !refused || now.row.0.effective_at.is_none()
            }),
            Property::always("a message is carried out once", |_, now: &Now| {
                now.carried_out.iter().collect::<BTreeSet<_>>().len() == now.carried_out.len()
            }),
            Property::always("what is due is done in the end", |stint: &Self, now: &Now| {
                let mut steps = Vec::new();
                stint.actions(now, &mut steps);
                !steps.is_empty() || now.row.0.state.is_settled() || now.row.0.is_held(now.minute())
            }),
            Property::sometimes("it is held", |_, now: &Now| now.row.0.is_held(now.minute())),
            Property::sometimes("it ends", |_, now: &Now| now.row.0.state == State::Ended),
            Property::sometimes("it lapses", |_, now: &Now| now.row.0.state == State::TimedOut),
        ];
        for message in &self.messages {
            match message {
                Message::Deny(_) => properties.push(Property::sometimes("it is denied", |_, now: &Now| {
                    now.row.0.state == State::Denied
                })),
                Message::Cancel => properties.push(Property::sometimes("it is canceled", |_, now: &Now| {
                    now.row.0.state == State::Canceled
                })),
                Message::Approve(_) => {}
            }
        }
        properties
    }
}

/// Checks every order, and gives how many states there are.
fn check(stint: Stint) -> usize {
    let checker = stint.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    // What is left out by mistake must not look like a proof.
    assert!(checker.unique_state_count() > 1_000);
    checker.unique_state_count()
}

#[test]
fn no_order_of_approvals_and_a_cancellation_breaks_a_request_that_two_must_agree_to() {
    let messages = [Message::Approve(BO), Message::Approve(CY), Message::Cancel];
    println!("{} states", check(Stint::new(2, None, &messages)));
}

#[test]
fn no_order_of_an_approval_a_denial_and_ones_own_breaks_a_request_that_starts_later() {
    let messages = [Message::Approve(BO), Message::Deny(CY), Message::Approve(ADA)];
    println!("{} states", check(Stint::new(1, Some(at(15)), &messages)));
}

#[test]
fn no_order_of_a_late_confirmation_and_a_cancellation_breaks_a_request_with_a_target() {
    let messages = [Message::Approve(BO), Message::Deny(CY), Message::Cancel];
    let stint = Stint::new(1, None, &messages);
    println!("{} states", check(Stint { confirms_later: true, ..stint }));
}

/// The comparison is what it rests on: without it two workers undo each other's work.
#[test]
fn writing_a_row_without_looking_whether_it_changed_breaks_it() {
    let messages = [Message::Approve(BO), Message::Approve(CY), Message::Cancel];
    let blind = Stint { compares: false, ..Stint::new(2, None, &messages) };
    let checker = blind.checker().threads(2).spawn_bfs().join();
    let broken = "the record tells how it stands, each move once, and none after the last";
    assert!(checker.discovery(broken).is_some());
}
