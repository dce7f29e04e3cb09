//! What the clients do all day, each on its own, until they are told to go home. Between two acts they pass a gate,
//! which is closed while the books are read.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::{Instant, person::PersonId};
use serde_json::{Value, json};
use tokio::sync::RwLock;

use crate::{
    dice::Dice,
    house::{House, Part, Worker},
    http::Sent,
    ledger::{Ledger, MARK, Sight, until_answered},
};

/// What the clients share.
pub struct Day {
    pub house: House,
    pub ledger: Ledger,
    /// Held by each client during an act, by whoever reads the books alone.
    pub gate: RwLock<()>,
    pub over: AtomicBool,
}

/// Begins the day of everybody: two clients for each person.
pub fn begin(day: &Arc<Day>) -> Vec<tokio::task::JoinHandle<()>> {
    let mut clients = Vec::new();
    for (index, worker) in day.house.workers.iter().enumerate() {
        for twin in 0..2 {
            let dice = Dice::new(day.house.dice.below(1 << 60));
            let client = Client { day: day.clone(), index, twin, dice, known: Vec::new(), given: Vec::new() };
            let part = worker.part;
            clients.push(tokio::spawn(async move { client.work(part).await }));
        }
    }
    clients
}

/// Ends the day of everybody.
pub async fn end(day: &Day, clients: Vec<tokio::task::JoinHandle<()>>) {
    day.over.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
}

struct Client {
    day: Arc<Day>,
    index: usize,
    /// Two clients of one person: the second gives and takes other things than the first.
    twin: usize,
    dice: Dice,
    /// Requests of its own, newest last.
    known: Vec<String>,
    /// Assignments that it made.
    given: Vec<(PersonId, String)>,
}

impl Client {
    async fn work(mut self, part: Part) {
        let day = self.day.clone();
        while !day.over.load(Ordering::Relaxed) {
            {
                let _open = day.gate.read().await;
                match part {
                    Part::Requester => self.ask().await,
                    Part::Approver => self.decide().await,
                    Part::Administrator => self.administer().await,
                    Part::Auditor => self.look().await,
                }
            }
            self.dice.pause(60).await;
        }
    }

    fn me(&self) -> &Worker {
        &self.day.house.workers[self.index]
    }

    async fn read(&self, path: String) -> Value {
        let (answer, _) =
            until_answered(&self.day.house, self.me(), &self.dice, &Sent::get(path.clone())).await;
        assert_ne!(answer.status, 500, "{path}: {}", self.day.house.program.said());
        answer.json()
    }

    /// An act whose reason carries its number.
    async fn act(&self, path: &str, mut body: Value, leaves: &'static [&'static str]) -> crate::http::Answer {
        let number = self.day.ledger.number();
        body["justification"] = format!("{MARK}{number}").into();
        let sent = Sent::post(path, body);
        self.day.ledger.carry_out((&self.day.house, self.me(), &self.dice), number, sent, leaves).await
    }

    /// An act without a reason: what it leaves is seen by what is there afterwards.
    async fn silent(&self, sent: Sent) -> crate::http::Answer {
        let number = self.day.ledger.number();
        self.day.ledger.carry_out((&self.day.house, self.me(), &self.dice), number, sent, &[]).await
    }

    async fn ask(&mut self) {
        let last = self.known.last().cloned().unwrap_or_default();
        match self.dice.below(12) {
            0 if !last.is_empty() => {
                self.act(&format!("activations/{last}/cancel"), json!({}), &["activation.canceled"]).await;
            }
            1 | 2 if !last.is_empty() => {
                self.act(&format!("activations/{last}/deactivate"), json!({}), &["activation.ended"]).await;
            }
            // Only the first of two, because a token is good once.
            3 if self.twin == 0 => {
                let renewed = self
                    .silent(Sent::post("session/refresh", json!({ "refresh": self.me().refresh_token() })));
                let renewed = renewed.await;
                // A database that is away is no loss: the token is good until its successor was used.
                if renewed.status != 503 {
                    assert_eq!(
                        renewed.status, 200,
                        "I9: the rotation of a session was lost: {}",
                        renewed.body
                    );
                    self.me().renewed(&renewed);
                }
            }
            _ => {
                let Some(role) = self.dice.one_of(&self.day.house.roles[..4]) else { return };
                let seconds = 1 + self.dice.below(3);
                let wanted = json!({ "role": role.id, "duration": format!("PT{seconds}S") });
                let asked = self.act("activations", wanted, &["activation.requested"]).await;
                if asked.is_done() {
                    self.known.push(asked.json()["id"].as_str().unwrap().to_owned());
                }
            }
        }
    }

    async fn decide(&self) {
        let waiting = self.read("me/approvals".to_owned()).await;
        let Some(one) = self.dice.one_of(waiting.as_array().unwrap_or(&Vec::new())).cloned() else { return };
        let id = one["id"].as_str().unwrap();
        let body = json!({ "digest": one["digest"] });
        if self.dice.below(4) == 0 {
            self.act(&format!("activations/{id}/deny"), body, &["activation.denied"]).await;
        } else {
            let leaves = &["activation.approved", "activation.agreed"];
            self.act(&format!("activations/{id}/approve"), body, leaves).await;
        }
    }

    async fn administer(&mut self) {
        match self.dice.below(6) {
            0 | 1 => self.assign().await,
            2 => self.unassign().await,
            3 => self.membership().await,
            _ => {
                let all = self.read("activations".to_owned()).await;
                let none = Vec::new();
                let live = |state| move |row: &&Value| row["state"] == state;
                let items = all["items"].as_array().unwrap_or(&none);
                let waiting: Vec<_> = items.iter().filter(live("pending_approval")).collect();
                let active: Vec<_> = items.iter().filter(live("active")).collect();
                let of = |row: &&Value| row["id"].as_str().unwrap().to_owned();
                if self.dice.below(2) == 0
                    && let Some(id) = self.dice.one_of(&waiting).map(of)
                {
                    let path = format!("activations/{id}/cancel");
                    self.act(&path, json!({}), &["activation.canceled"]).await;
                } else if let Some(id) = self.dice.one_of(&active).map(of) {
                    self.act(&format!("activations/{id}/revoke"), json!({}), &["activation.ended"]).await;
                }
            }
        }
    }

    async fn assign(&mut self) {
        let Some(person) = self.dice.one_of(&self.day.house.others).copied() else { return };
        let role = self.day.house.roles[4].id;
        let wanted =
            json!({ "role": role, "principal": { "kind": "person", "id": person }, "kind": "eligible" });
        let made = self.act("assignments", wanted, &["assignment.made"]).await;
        if made.is_done() {
            self.given.push((person, made.json()["id"].as_str().unwrap().to_owned()));
        }
    }

    async fn unassign(&mut self) {
        let Some((_, id)) = self.given.pop() else { return };
        self.act(&format!("assignments/{id}/remove"), json!({}), &["assignment.removed"]).await;
    }

    /// The last member of each group comes and goes; each administrator minds one group.
    async fn membership(&self) {
        let house = &self.day.house;
        let minds = [house.deciders, house.crew];
        let administrators = house.workers.iter().filter(|worker| worker.part == Part::Administrator);
        let place = administrators.take_while(|worker| worker.id != self.me().id).count();
        let group = minds[place % 2];
        let members: Vec<_> = house.members.iter().filter(|(of, _)| *of == group).collect();
        let (_, person) = members[members.len() - 1 - self.twin];
        if self.dice.below(2) == 0 {
            let sent = Sent::post(format!("groups/{group}/members"), json!({ "person": person }));
            self.silent(sent).await;
        } else {
            let path = format!("groups/{group}/members/{person}");
            self.silent(Sent { method: "DELETE", ..Sent::get(path) }).await;
        }
    }

    /// Asks whether somebody holds a role.
    async fn look(&self) {
        let house = &self.day.house;
        let requesters: Vec<_> =
            house.workers.iter().filter(|worker| worker.part == Part::Requester).collect();
        let person = self.dice.one_of(&requesters).unwrap().id;
        let role = self.dice.one_of(&house.roles).unwrap().key;
        let sent = Sent::get(format!("check?role={role}&person={person}"));
        let asked_at = house.now();
        // Not repeated: what counts is when it was asked.
        let Ok(answer) = house.send(&self.dice, self.me(), &sent).await else { return };
        if answer.status == 503 {
            return;
        }
        let told = answer.json();
        assert_eq!(answer.status, 200, "{}", answer.body);
        let at: Instant = serde_json::from_value(told["at"].clone()).unwrap();
        let answered_at = house.now();
        let sight = Sight { person, role, asked_at, answered_at, at, held: told["held"] == true };
        self.day.ledger.saw(sight);
    }
}
