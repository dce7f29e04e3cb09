//! The disk fills up while people work: nothing new is granted and everybody is told why, what is due ends, what is given
//! back is taken back, nothing acknowledged is lost, and all of that over a restart too (I9, I17).

use std::{io::Write, path::PathBuf, process::Command, time::Duration};

use engine::testing::World;
use serde_json::json;

use crate::{house::House, http::Sent};

/// More than the reserve, twice.
const SIZE: &str = "size=100m";
/// How long it may take until the program has its reserve, or notices that the disk is full.
const SOON: Duration = Duration::from_secs(10);
/// How long until it notices that there is room again: it looks later and later.
const AGAIN: Duration = Duration::from_secs(60);

/// A disk of its own.
struct Disk(PathBuf);

impl Disk {
    /// Only root can have one; otherwise none.
    fn new(name: &str) -> Option<Self> {
        let folder = engine::testing::scratch().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(&folder).status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        assert!(Command::new("mount").args(["-o", &options]).arg(&self.0).status().unwrap().success());
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    /// Leaves no room on it.
    fn fill(&self) {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(self.filler()).unwrap();
        for size in [1 << 20, 1 << 12] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
    }

    /// A house whose database is there. What its program says is kept elsewhere, to have it whole.
    async fn house(&self) -> House {
        let folder = self.0.join("house");
        std::fs::create_dir_all(&folder).unwrap();
        let world = World::at(format!("sqlite://{}/stint.db", folder.display()), folder).await;
        let mut house = House::in_world(world, 1).await;
        house.program.log_to(&engine::testing::scratch());
        house
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_nothing_is_granted_and_everything_is_taken_back() {
    let Some(disk) = Disk::new("full") else { return };
    let house = disk.house().await;
    let running = house.start().await;
    house.sign_in_all().await;
    let began = std::time::Instant::now();
    while !house.world.folder().join("stint.db.reserve").exists() {
        assert!(began.elapsed() < SOON, "no reserve:\n{}", house.program.said());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let given_back = house.granted("rosa", "quick", 300).await;
    let revoked = house.granted("ravi", "quick", 300).await;
    let withdrawn = house.ask("rune", "asked", 60).await;
    assert!(withdrawn.is_done(), "{}", withdrawn.body);
    let short = house.granted("rita", "quick", 6).await;
    disk.fill();
    let granted = house.refused_within("remy", "quick", "storage_full", SOON).await;
    for id in &granted {
        house.seen(id).await;
    }

    // Not even what others agree to, nor rights.
    let wanted = json!({ "role": house.roles[4].id, "principal": { "kind": "person", "id": house.others[0] },
        "kind": "eligible", "justification": "to see" });
    let made = house.answer("anna", &Sent::post("assignments", wanted)).await;
    assert_eq!((made.status, made.code().as_str()), (503, "storage_full"), "{}", made.body);

    // What is taken back is.
    taken_back(&house, &given_back, &revoked).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(!house.holds("rita", "quick").await, "I1: held after its end");
    house.is_ended_soon(&short).await;

    // A restart changes nothing of that.
    let last = house.refused_within("remy", "quick", "storage_full", SOON).await;
    assert!(last.is_empty(), "granted on a full disk: {last:?}");
    running.kill();
    disk.fill();
    let running = house.start().await;
    let granted = house.refused_within("remy", "quick", "storage_full", SOON).await;
    assert!(granted.is_empty(), "granted on a full disk: {granted:?}");

    // Room again: all goes on as before.
    std::fs::remove_file(disk.filler()).unwrap();
    let after = house.granted_within("reza", "quick", 1, AGAIN).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    house.is_ended_soon(&after).await;
    running.stop().await;
    house.program.verify();
}

/// Given back by its holder, and revoked by an administrator.
async fn taken_back(house: &House, given_back: &str, revoked: &str) {
    let answer = house.give_back("rosa", given_back).await;
    assert!(answer.is_done(), "{}\n{}", answer.body, house.program.said());
    assert!(!house.holds("rosa", "quick").await);
    let revoke = Sent::post(format!("activations/{revoked}/revoke"), json!({ "justification": "to see" }));
    let answer = house.answer("anna", &revoke).await;
    assert!(answer.is_done(), "{}\n{}", answer.body, house.program.said());
    assert!(!house.holds("ravi", "quick").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_disk_that_cannot_be_written_to_nobody_holds_what_is_over_and_later_it_is_on_record() {
    let Some(disk) = Disk::new("read-only") else { return };
    let house = disk.house().await;
    let running = house.start().await;
    house.sign_in_all().await;
    let short = house.granted("rosa", "quick", 3).await;
    running.stop().await;

    disk.remount("ro");
    let running = house.start().await;
    let refused = house.ask("ravi", "quick", 3).await;
    assert_eq!((refused.status, refused.code().as_str()), (503, "unavailable"), "{}", refused.body);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(!house.holds("rosa", "quick").await, "I1: held after its end");
    running.kill();
    assert!(house.program.said().contains("readonly"), "does not say why:\n{}", house.program.said());

    disk.remount("rw");
    let running = house.start().await;
    house.is_ended_soon(&short).await;
    house.granted("ravi", "quick", 3).await;
    running.stop().await;
    house.program.verify();
}
