//! The installation's one row: the head of the record's chain, the highest instant seen and the next number.
//! Locking it is the right to write; it is read anew in each transaction and never cached.

use domain::{Instant, audit};
use sea_orm::{DatabaseConnection, DatabaseTransaction, QuerySelect, Set, entity::prelude::*};

use super::{at, db::Opening, us};
use crate::{
    env::Env,
    error::{Error, Result},
};

mod installation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "installation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub made_at: i64,
        pub is_demo: bool,
        pub clock_accepted_at: Option<i64>,
        pub clock_stepped_at: Option<i64>,
        pub head_seq: i64,
        pub head_hash: String,
        pub highest_at: i64,
        pub next_number: i64,
        /// Only in a backup: when it was made.
        pub copied_at: Option<i64>,
        /// Only on PostgreSQL: which server and table hold this row.
        pub home: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Where the record stands within a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// The number of the newest record.
    pub seq: i64,
    /// Its hash.
    pub hash: audit::Hash,
    /// The highest instant that was seen.
    pub highest_at: Instant,
    /// The number of the next activation.
    pub next_number: i64,
    /// When an operator last accepted a corrected clock.
    pub accepted_at: Option<Instant>,
    /// When it was found that the clock went back, by the clock as it was then: what is stored of later instants is of the
    /// wrong time. Until it is right again or accepted.
    pub stepped_at: Option<Instant>,
}

impl Head {
    /// Reads the row under its lock: on PostgreSQL this orders all writers.
    pub(crate) async fn locked(tx: &DatabaseTransaction) -> Result<Self> {
        let row = installation::Entity::find_by_id(1)
            .lock_exclusive()
            .one(tx)
            .await?
            .ok_or_else(|| Error::broken("head", "the installation's row is missing"))?;
        Self::of(&row)
    }

    fn of(row: &installation::Model) -> Result<Self> {
        Ok(Self {
            seq: row.head_seq,
            hash: unhex(&row.head_hash)?,
            highest_at: at(row.highest_at)?,
            next_number: row.next_number,
            accepted_at: row.clock_accepted_at.map(at).transpose()?,
            stepped_at: row.clock_stepped_at.map(at).transpose()?,
        })
    }

    pub(crate) async fn save(&self, tx: &DatabaseTransaction, now: Instant) -> Result<()> {
        installation::Entity::update_many()
            .set(installation::ActiveModel {
                head_seq: Set(self.seq),
                head_hash: Set(audit::hex(&self.hash)),
                highest_at: Set(us(self.highest_at.max(now))),
                next_number: Set(self.next_number),
                clock_accepted_at: Set(self.accepted_at.map(us)),
                clock_stepped_at: Set(self.stepped_at.map(us)),
                ..Default::default()
            })
            .filter(installation::Column::Id.eq(1))
            .exec(tx)
            .await?;
        Ok(())
    }
}

/// The head as a reader sees it.
pub(crate) async fn read<C: ConnectionTrait>(db: &C) -> Result<Head> {
    let row = installation::Entity::find_by_id(1).one(db).await?;
    Head::of(&row.ok_or_else(|| Error::broken("head", "the installation's row is missing"))?)
}

/// Makes the row on the first start, refuses a database of the other kind or one that was brought here from elsewhere, and
/// tells the clock what was seen. Gives when an operator last accepted a corrected clock.
pub(crate) async fn ensure(
    db: &DatabaseConnection,
    demo: bool,
    opening: Opening,
    env: &Env,
) -> Result<Option<Instant>> {
    let home = super::backup::home(db).await?;
    if let Some(row) = installation::Entity::find_by_id(1).one(db).await? {
        if row.is_demo != demo {
            let what = if row.is_demo {
                "this is the database of the demo organisation; `stint serve` needs one of its own"
            } else {
                "this is a real database; demo commands do not touch it"
            };
            return Err(Error::broken("database.open", what));
        }
        if opening == Opening::Working {
            require_original(&row, home.as_deref())?;
            if row.home != home {
                // From before homes were kept.
                settled(db, home).await?;
            }
        }
        env.not_before(at(row.highest_at)?);
        return row.clock_accepted_at.map(at).transpose();
    }
    let now = us(env.now());
    let row = installation::ActiveModel {
        id: Set(1),
        made_at: Set(now),
        is_demo: Set(demo),
        clock_accepted_at: Set(None),
        clock_stepped_at: Set(None),
        head_seq: Set(0),
        head_hash: Set(audit::hex(&audit::GENESIS)),
        highest_at: Set(now),
        next_number: Set(20_000),
        copied_at: Set(None),
        home: Set(home),
    };
    // Two instances may start at once: the second finds the row made.
    installation::Entity::insert(row)
        .on_conflict(sea_orm::sea_query::OnConflict::column(installation::Column::Id).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(None)
}

/// Refuses what may say that somebody has what was taken from them since.
fn require_original(row: &installation::Model, home: Option<&str>) -> Result<()> {
    let what = if let Some(at) = super::at_opt(row.copied_at)? {
        format!("this is a backup from {}", at.format("%Y-%m-%d %H:%M UTC"))
    } else if row.home.is_some() && row.home.as_deref() != home {
        "this database was made from a dump of another one".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::broken("database.open", format!("{what}: {}", super::backup::HOW)))
}

/// From now on this is an original, at home here.
pub(crate) async fn settled<C: ConnectionTrait>(db: &C, home: Option<String>) -> Result<()> {
    let original = installation::ActiveModel { copied_at: Set(None), home: Set(home), ..Default::default() };
    installation::Entity::update_many().set(original).filter(installation::Column::Id.eq(1)).exec(db).await?;
    Ok(())
}

/// Marks a copy as one.
pub(crate) async fn mark_copy<C: ConnectionTrait>(db: &C, at: Instant) -> Result<()> {
    let copy = installation::ActiveModel { copied_at: Set(Some(us(at))), ..Default::default() };
    installation::Entity::update_many().set(copy).filter(installation::Column::Id.eq(1)).exec(db).await?;
    Ok(())
}

/// When this copy was made; nothing when it is none.
pub(crate) async fn copied_at<C: ConnectionTrait>(db: &C) -> Result<Option<Instant>> {
    let row = installation::Entity::find_by_id(1).one(db).await?;
    super::at_opt(row.and_then(|row| row.copied_at))
}

fn unhex(text: &str) -> Result<audit::Hash> {
    let broken = || Error::broken("head", "the hash in the installation's row is malformed");
    let mut hash = audit::GENESIS;
    if text.len() != 64 {
        return Err(broken());
    }
    for (index, byte) in hash.iter_mut().enumerate() {
        let digits = text.get(index * 2..index * 2 + 2).ok_or_else(broken)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| broken())?;
    }
    Ok(hash)
}
