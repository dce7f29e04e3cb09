//! What single people do and see, for the tests that look at one thing at a time.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    house::{House, Worker},
    http::{Answer, Sent},
    program::Running,
};

/// After so long an end must be on record (I2).
const ENDED: Duration = Duration::from_secs(5);

impl House {
    /// Starts the one instance, and sends everybody there.
    pub async fn start(&self) -> Running {
        let (running, _) = self.program.start().await;
        self.serve_at(vec![running.port]);
        running
    }

    pub fn worker(&self, name: &str) -> &Worker {
        self.workers.iter().find(|worker| worker.name == name).unwrap()
    }

    /// Sends what somebody sends, once; it must be answered.
    pub async fn answer(&self, name: &str, sent: &Sent) -> Answer {
        self.send(&self.dice, self.worker(name), sent).await.unwrap()
    }

    /// Somebody asks for a role, for so many seconds.
    pub async fn ask(&self, name: &str, role: &str, seconds: u64) -> Answer {
        let role = self.roles.iter().find(|known| known.key == role).unwrap().id;
        let wanted = json!({ "role": role, "duration": format!("PT{seconds}S"), "justification": "to see" });
        self.answer(name, &Sent::post("activations", wanted)).await
    }

    /// The same, and it is granted. Gives the request.
    pub async fn granted(&self, name: &str, role: &str, seconds: u64) -> String {
        let answer = self.ask(name, role, seconds).await;
        assert!(answer.is_done(), "{name} is refused {role}: {}\n{}", answer.body, self.program.said());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(self.seen(&id).await["state"], "active");
        id
    }

    /// Somebody gives a role back.
    pub async fn give_back(&self, name: &str, id: &str) -> Answer {
        let sent = Sent::post(format!("activations/{id}/deactivate"), json!({ "justification": "done" }));
        self.answer(name, &sent).await
    }

    /// Whether somebody holds a role, as the auditor is told.
    pub async fn holds(&self, name: &str, role: &str) -> bool {
        let person = self.worker(name).id;
        let answer = self.answer("otto", &Sent::get(format!("check?role={role}&person={person}"))).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["held"] == true
    }

    /// A request, as the auditor sees it.
    pub async fn seen(&self, id: &str) -> Value {
        let answer = self.answer("otto", &Sent::get(format!("activations/{id}"))).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// Waits until a request is on record as ended; it must be soon.
    pub async fn is_ended_soon(&self, id: &str) {
        let began = std::time::Instant::now();
        loop {
            let seen = self.seen(id).await;
            if seen["state"] == "ended" {
                return;
            }
            assert!(began.elapsed() < ENDED, "I2: not ended: {seen}\n{}", self.program.said());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Asks until it is granted, which must come within this time. Gives the request.
    pub async fn granted_within(&self, name: &str, role: &str, seconds: u64, patience: Duration) -> String {
        let began = std::time::Instant::now();
        loop {
            let answer = self.ask(name, role, seconds).await;
            if answer.is_done() {
                return answer.json()["id"].as_str().unwrap().to_owned();
            }
            assert_eq!(answer.status, 503, "{}", answer.body);
            assert!(began.elapsed() < patience, "{}\n{}", answer.body, self.program.said());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Asks until it is refused with this code, which must come within this time. Gives what was granted before.
    pub async fn refused_within(
        &self,
        name: &str,
        role: &str,
        code: &str,
        patience: Duration,
    ) -> Vec<String> {
        let (began, mut granted) = (std::time::Instant::now(), Vec::new());
        loop {
            let answer = self.ask(name, role, 1).await;
            if answer.code() == code {
                return granted;
            }
            if answer.is_done() {
                granted.push(answer.json()["id"].as_str().unwrap().to_owned());
            } else {
                let known = answer.status == 503 || answer.code() == "already_active";
                assert!(known, "{}\n{}", answer.body, self.program.said());
            }
            assert!(began.elapsed() < patience, "not {code}: {}\n{}", answer.body, self.program.said());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
