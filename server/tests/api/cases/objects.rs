//! The objects that requests are about, each made anew.

use domain::{
    activation::ActivationId,
    assignment::{AssignmentId, AssignmentKind},
    group::GroupId,
    person::{NewPerson, PersonId, PersonKind, Principal},
    role::RoleId,
    session::SessionId,
    sign_in::LinkPurpose,
};
use engine::{sign_in::link, testing::activation::approval};

use crate::house::{Caller, House, Sent};

impl House {
    /// A role that the approver has to agree to.
    pub async fn role(&self) -> RoleId {
        self.role_for(&[self.person(Caller::Approver)]).await
    }

    /// A role that one of these has to agree to.
    async fn role_for(&self, approvers: &[PersonId]) -> RoleId {
        let approvers: Vec<_> = approvers.iter().map(|id| Principal::Person(*id)).collect();
        self.world.role_with(&format!("role-{}", self.number()), approval(&approvers, 1)).await
    }

    /// A role that nobody has to agree to.
    pub async fn free_role(&self) -> RoleId {
        self.world.role(&format!("role-{}", self.number())).await
    }

    /// A role that the requester may ask for.
    pub async fn open_role(&self) -> RoleId {
        let role = self.role().await;
        self.world.eligible(self.person(Caller::Requester), role).await;
        role
    }

    /// The key of such a role.
    pub async fn open_key(&self) -> String {
        let key = format!("role-{}", self.number());
        let role = self.world.role(&key).await;
        self.world.eligible(self.person(Caller::Requester), role).await;
        key
    }

    /// The key of a role that the requester holds.
    pub async fn held_key(&self) -> String {
        let key = format!("role-{}", self.number());
        let role = self.world.role(&key).await;
        self.world.eligible(self.person(Caller::Requester), role).await;
        self.world.request(self.person(Caller::Requester), role).await.unwrap();
        key
    }

    /// The requester's request, which waits for the approver; with the digest of what was shown.
    pub async fn pending(&self) -> (ActivationId, String) {
        self.pending_for(&[self.person(Caller::Approver)]).await
    }

    /// The same where these are the approvers.
    pub async fn pending_for(&self, approvers: &[PersonId]) -> (ActivationId, String) {
        let role = self.role_for(approvers).await;
        self.world.eligible(self.person(Caller::Requester), role).await;
        let id = self.world.request(self.person(Caller::Requester), role).await.unwrap();
        (id, self.world.activation(id).await.digest())
    }

    /// The requester's active role.
    pub async fn active(&self) -> ActivationId {
        let role = self.free_role().await;
        self.world.eligible(self.person(Caller::Requester), role).await;
        self.world.request(self.person(Caller::Requester), role).await.unwrap()
    }

    /// The requester's eligibility, and for which role.
    pub async fn assignment(&self) -> (AssignmentId, RoleId) {
        let role = self.role().await;
        (self.world.eligible(self.person(Caller::Requester), role).await, role)
    }

    /// Somebody who has nothing to do with a role, and by which name they sign in.
    pub async fn somebody(&self) -> (PersonId, String) {
        let name = format!("somebody-{}", self.number());
        let person = self.world.person(&name).await;
        self.world.with_credentials(person, &name).await;
        (person, name)
    }

    /// Somebody who may ask for a role.
    pub async fn privileged(&self) -> PersonId {
        let (person, _) = self.somebody().await;
        let role = self.role().await;
        self.world.eligible(person, role).await;
        person
    }

    /// Somebody who was invited and has not used the link.
    pub async fn invited(&self) -> PersonId {
        let name = format!("invited-{}", self.number());
        let kind = PersonKind::Guest;
        let new =
            NewPerson { kind, name: name.clone(), sign_in_name: name, addresses: Vec::new(), zone: None };
        let administrator = self.world.ctx(self.person(Caller::Administrator));
        engine::person::create(&self.world.engine, &administrator, new).await.unwrap().id
    }

    /// Somebody who is disabled.
    pub async fn disabled(&self) -> PersonId {
        let (person, _) = self.somebody().await;
        self.world.disabled(person).await;
        person
    }

    /// A group that has nothing to do with a role, and one of its members.
    pub async fn group(&self) -> (GroupId, PersonId) {
        let (member, _) = self.somebody().await;
        (self.world.group(&format!("group {}", self.number()), &[member]).await, member)
    }

    /// A group that may ask for a role, and one of its members.
    pub async fn privileged_group(&self) -> (GroupId, PersonId) {
        let (group, member) = self.group().await;
        let role = self.role().await;
        self.world.assign(role, Principal::Group(group), AssignmentKind::Eligible, None).await;
        (group, member)
    }

    /// A session of the caller beside the one that asks; of the requester for who is not signed in.
    pub async fn other_session(&self, caller: Caller) -> SessionId {
        let caller = if caller == Caller::Nobody { Caller::Requester } else { caller };
        let ctx = self.world.ctx(self.person(caller));
        let before = engine::session::list(&self.world.engine, &ctx).await.unwrap();
        self.world.was_signed_in(self.person(caller), self.world.engine.now()).await;
        let after = engine::session::list(&self.world.engine, &ctx).await.unwrap();
        let new = after.into_iter().find(|row| before.iter().all(|known| known.id != row.id));
        new.unwrap().id
    }

    /// The token of a link that invites somebody.
    pub async fn link_token(&self) -> String {
        let (person, _) = self.somebody().await;
        let administrator = self.world.ctx(self.person(Caller::Administrator));
        let made = link::make(&self.world.engine, &administrator, person, LinkPurpose::Invitation).await;
        made.unwrap().url.rsplit('/').next().unwrap().to_owned()
    }

    /// The token of a link whose first step was done, and what the browser keeps of that step.
    pub async fn begun_link(&self) -> (String, String) {
        let token = self.link_token().await;
        let given = [("token", token.as_str()), ("password", "a harbour in the evening sun")];
        let begun = self.send(Sent::function("link/begin").form(&given)).await;
        let step = begun.kept("stint_step").unwrap();
        (token, step)
    }

    /// The id of a message in the outbox.
    pub async fn message(&self) -> String {
        self.pending().await;
        let administrator = self.world.ctx(self.person(Caller::Administrator));
        let outbox = engine::notification::outbox(
            &self.world.engine,
            &administrator,
            domain::page::ListQuery::default(),
        );
        outbox.await.unwrap().messages[0].id.to_string()
    }
}
