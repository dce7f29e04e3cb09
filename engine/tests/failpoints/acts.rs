//! The acts that go wrong, each with what has to be there before it.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::{
    Span,
    activation::{ActivationId, Decide, End},
    assignment::{AssignmentId, AssignmentKind, ChangeAssignment, NewAssignment},
    group::GroupId,
    person::{PersonId, Principal},
    role::RoleId,
};
use engine::{
    Ctx, IdempotencyKey, Result, activation, assignment, group, person, role,
    testing::{
        World,
        activation::{approval, ask},
    },
    worker,
};

/// What people and the clock do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Request,
    RequestOfWhatNeedsApproval,
    Approve,
    Agree,
    Deny,
    Cancel,
    Deactivate,
    Revoke,
    AssignmentMake,
    AssignmentChange,
    AssignmentRemove,
    MemberAdd,
    MemberRemove,
    PersonDisable,
    PersonEnable,
    RoleDisable,
    DueEnd,
    DueEnds,
    Lapse,
    Start,
    Announcement,
    AssignmentEnd,
}

impl Act {
    pub const ALL: [Self; 22] = [
        Self::Request,
        Self::RequestOfWhatNeedsApproval,
        Self::Approve,
        Self::Agree,
        Self::Deny,
        Self::Cancel,
        Self::Deactivate,
        Self::Revoke,
        Self::AssignmentMake,
        Self::AssignmentChange,
        Self::AssignmentRemove,
        Self::MemberAdd,
        Self::MemberRemove,
        Self::PersonDisable,
        Self::PersonEnable,
        Self::RoleDisable,
        Self::DueEnd,
        Self::DueEnds,
        Self::Lapse,
        Self::Start,
        Self::Announcement,
        Self::AssignmentEnd,
    ];
}

static NEXT: AtomicU32 = AtomicU32::new(0);

/// What an act is about, made for it alone.
pub struct Scene {
    key: String,
    requester: PersonId,
    approver: PersonId,
    administrator: PersonId,
    role: RoleId,
    group: GroupId,
    assignment: AssignmentId,
    activation: Option<ActivationId>,
    digest: String,
}

impl Scene {
    pub async fn new(world: &World, act: Act, administrator: PersonId) -> Self {
        // Nothing of another scene is due any more.
        world.advance(Span::hours(3));
        worker::run_due(&world.engine).await.unwrap();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let person = async |part: &str| world.person(&format!("{part} {number}")).await;
        let (requester, approver) = (person("Requester").await, person("Approver").await);
        let needed = if act == Act::Agree { 2 } else { 1 };
        let mut settings = approval(&[Principal::Person(approver), Principal::Person(administrator)], needed);
        settings.approval.required = matches!(
            act,
            Act::RequestOfWhatNeedsApproval
                | Act::Approve
                | Act::Agree
                | Act::Deny
                | Act::Cancel
                | Act::Lapse
        );
        let role = world.role_with(&format!("role{number}"), settings).await;
        let members = if act == Act::MemberAdd { Vec::new() } else { vec![requester] };
        let group = world.group(&format!("Group {number}"), &members).await;
        // By group where membership is what the act is about.
        let to = if matches!(act, Act::MemberAdd | Act::MemberRemove) {
            Principal::Group(group)
        } else {
            Principal::Person(requester)
        };
        let end = (act == Act::AssignmentEnd).then(|| Span::hours(2).after(world.engine.now()));
        let assignment = world.assign(role, to, AssignmentKind::Eligible, end).await;
        let mut scene = Self {
            key: format!("key {number}"),
            requester,
            approver,
            administrator,
            role,
            group,
            assignment,
            activation: None,
            digest: String::new(),
        };
        scene.begin(world, act).await;
        scene
    }

    /// The request, as far as it must have come.
    async fn begin(&mut self, world: &World, act: Act) {
        match act {
            Act::Request | Act::RequestOfWhatNeedsApproval | Act::AssignmentMake | Act::MemberAdd => return,
            Act::Start => {
                let id = world.request_later(self.requester, self.role, Span::hours(2)).await.unwrap();
                self.activation = Some(id);
            }
            Act::AssignmentEnd => {
                // What it covers ends with it, so it is asked for where its end is near.
                self.activation = Some(world.request(self.requester, self.role).await.unwrap());
            }
            Act::DueEnds => {
                for number in 0..3 {
                    let other = world.person(&format!("Other {number} {}", self.key)).await;
                    world.eligible(other, self.role).await;
                    world.request(other, self.role).await.unwrap();
                }
                self.activation = Some(world.request(self.requester, self.role).await.unwrap());
            }
            _ => self.activation = Some(world.request(self.requester, self.role).await.unwrap()),
        }
        let id = self.activation.unwrap();
        self.digest = world.activation(id).await.digest();
        match act {
            Act::PersonEnable => {
                let ctx = world.ctx(self.administrator);
                person::disable(&world.engine, &ctx, self.requester).await.unwrap();
            }
            Act::DueEnd | Act::DueEnds => world.advance(Span::hours(1)),
            Act::Announcement => world.advance(Span::minutes(45)),
            Act::Lapse => world.advance(Span::hours(24)),
            Act::Start => world.advance(Span::hours(2)),
            Act::AssignmentEnd => {
                world.advance(Span::hours(1));
                worker::run_due(&world.engine).await.unwrap();
                world.advance(Span::hours(1));
            }
            _ => {}
        }
    }

    fn id(&self) -> ActivationId {
        self.activation.unwrap()
    }

    /// This person, under the key of the act.
    fn by(&self, world: &World, person: PersonId) -> Ctx {
        let key = IdempotencyKey::new(self.key.clone(), b"the same");
        Ctx { idempotency: Some(key), ..world.ctx(person) }
    }
}

impl Act {
    /// Once; again it is the same act under the same key.
    pub async fn carry_out(self, world: &World, scene: &Scene) -> Result<()> {
        let engine = &world.engine;
        let decide = Decide { digest: scene.digest.clone(), justification: "seen".to_owned() };
        let end = End { justification: "no longer needed".to_owned() };
        let requester = scene.by(world, scene.requester);
        let approver = scene.by(world, scene.approver);
        let administrator = scene.by(world, scene.administrator);
        match self {
            Self::Request | Self::RequestOfWhatNeedsApproval => {
                activation::request(engine, &requester, ask(scene.role)).await.map(drop)
            }
            Self::Approve | Self::Agree => activation::approve(engine, &approver, scene.id(), decide).await,
            Self::Deny => activation::deny(engine, &approver, scene.id(), decide).await,
            Self::Cancel => activation::cancel(engine, &requester, scene.id(), end).await,
            Self::Deactivate => activation::deactivate(engine, &requester, scene.id(), end).await,
            Self::Revoke => activation::revoke(engine, &administrator, scene.id(), end).await,
            Self::AssignmentMake => {
                let new = NewAssignment {
                    role: scene.role,
                    principal: Principal::Person(scene.approver),
                    kind: AssignmentKind::Eligible,
                    scope: None,
                    starts_at: None,
                    ends_at: None,
                    justification: String::new(),
                };
                assignment::make(engine, &administrator, new).await.map(drop)
            }
            Self::AssignmentChange => {
                let ends_at = Some(Span::days(30).after(world.engine.now()));
                let change = ChangeAssignment { ends_at, justification: String::new(), version: 1 };
                assignment::change(engine, &administrator, scene.assignment, change).await
            }
            Self::AssignmentRemove => assignment::remove(engine, &administrator, scene.assignment, end).await,
            Self::MemberAdd => {
                let added = group::add_member(engine, &administrator, scene.group, scene.requester).await;
                added.map(drop)
            }
            Self::MemberRemove => {
                group::remove_member(engine, &administrator, scene.group, scene.requester).await
            }
            Self::PersonDisable => person::disable(engine, &administrator, scene.requester).await,
            Self::PersonEnable => person::enable(engine, &administrator, scene.requester).await,
            Self::RoleDisable => role::disable(engine, &administrator, scene.role).await,
            Self::DueEnd
            | Self::DueEnds
            | Self::Lapse
            | Self::Start
            | Self::Announcement
            | Self::AssignmentEnd => worker::run_due(engine).await.map(drop),
        }
    }
}
