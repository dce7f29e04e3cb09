//! Throttling: every attempt is counted in its own transaction before it is checked, so that nothing that happens after
//! can forget it. Counted per sign-in and per address; a browser that signed in before is counted apart. Five are free,
//! then the next one has to wait; nobody is ever locked out.

use std::net::IpAddr;

use domain::{
    Code, Instant, Problem, Span,
    session::SessionId,
    sign_in::{CODES_IN_A_ROW, SignInId, delay_after},
};
use uuid::Uuid;

use super::device::Device;
use crate::{Ctx, Engine, Tx, error::Result, store::sign_in::attempt};

/// What one attempt is counted under.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// The sign-in, or the browser that is known for it.
    own: String,
    /// The address, for browsers that are not known.
    address: Option<String>,
    /// The step or session whose wrong codes in a row are counted.
    row: Option<String>,
}

impl Attempt {
    /// An attempt at the password of a name, whether or not somebody has that name.
    pub(crate) fn password(engine: &Engine, ctx: &Ctx, name: &str, device: Option<&Device>) -> Self {
        Self::of(engine, ctx, "password", name, device, None)
    }

    /// An attempt at the code of a sign-in, in a step or a session.
    pub(crate) fn code(
        engine: &Engine,
        ctx: &Ctx,
        sign_in: SignInId,
        device: Option<&Device>,
        row: Uuid,
    ) -> Self {
        Self::of(
            engine,
            ctx,
            "code",
            &sign_in.to_string(),
            device,
            Some(key(engine, "row", &row.to_string())),
        )
    }

    /// An attempt at one's own password within a session.
    pub(crate) fn password_in_session(engine: &Engine, session: SessionId) -> Self {
        Self { own: key(engine, "password/session", &session.to_string()), address: None, row: None }
    }

    /// An attempt at a code within a session, whose holder is known: nobody else can delay it.
    pub(crate) fn in_session(engine: &Engine, session: SessionId) -> Self {
        let session = session.to_string();
        Self {
            own: key(engine, "code/session", &session),
            address: None,
            row: Some(key(engine, "row", &session)),
        }
    }

    fn of(
        engine: &Engine,
        ctx: &Ctx,
        what: &str,
        whose: &str,
        device: Option<&Device>,
        row: Option<String>,
    ) -> Self {
        match device {
            Some(device) => {
                Self { own: key(engine, &format!("{what}/device"), &device.id), address: None, row }
            }
            None => Self {
                own: key(engine, &format!("{what}/sign_in"), whose),
                address: network(&ctx.client.address)
                    .map(|from| key(engine, &format!("{what}/address"), &from)),
                row,
            },
        }
    }

    /// Counts the attempt. Gives whether it is the last one that its step or session allows.
    ///
    /// # Errors
    /// `rate_limited` with the time to wait; such an attempt does not count. `step_expired` after too many wrong codes.
    pub(crate) async fn count(&self, engine: &Engine) -> Result<Last> {
        let attempt = self.clone();
        engine.note(move |tx| Box::pin(async move { attempt.count_in(tx).await })).await
    }

    /// The same for somebody who is known, before an act: what is taken back must not wait behind strangers.
    ///
    /// # Errors
    /// As for [`Attempt::count`].
    pub(crate) async fn count_ahead(&self, engine: &Engine) -> Result<Last> {
        let attempt = self.clone();
        engine.note_ahead(move |tx| Box::pin(async move { attempt.count_in(tx).await })).await
    }

    async fn count_in(&self, tx: &Tx) -> Result<Last> {
        let mut counts = Vec::new();
        let mut free_at = tx.now;
        for key in std::iter::once(&self.own).chain(&self.address) {
            let (failures, last_at) =
                attempt::read(tx.conn(), key, tx.now).await?.unwrap_or((0, Instant::MIN_UTC));
            free_at = free_at.max(delay_after(failures).after(last_at));
            counts.push((key, failures));
        }
        let mut in_a_row = 0;
        if let Some(row) = &self.row {
            in_a_row = attempt::read(tx.conn(), row, tx.now).await?.map_or(0, |(failures, _)| failures);
            if in_a_row >= CODES_IN_A_ROW {
                return Err(Problem::new(Code::StepExpired).into());
            }
            counts.push((row, in_a_row));
        }
        if free_at > tx.now {
            // Whole seconds, upwards: who waits as long as they were told gets in.
            let wait = Span::between(tx.now, free_at + chrono::TimeDelta::milliseconds(999));
            return Err(Problem::new(Code::RateLimited).limit(wait.to_string()).into());
        }
        for (key, failures) in counts {
            attempt::write(tx.conn(), key, failures.saturating_add(1), tx.now).await?;
        }
        Ok(Last(in_a_row + 1 >= CODES_IN_A_ROW))
    }

    /// It was right: the sign-in starts anew. Of the address only this attempt is taken back: one account of one's own
    /// must not buy attempts at those of others.
    pub(crate) async fn succeeded(&self, tx: &Tx) -> Result<()> {
        let own: Vec<String> = std::iter::once(&self.own).chain(&self.row).cloned().collect();
        attempt::forget(tx.conn(), &own).await?;
        if let Some(address) = &self.address {
            attempt::take_back(tx.conn(), address).await?;
        }
        Ok(())
    }
}

/// Whether an attempt was the last one: a wrong code now leads back to the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Last(pub(crate) bool);

/// Keyed, because what is typed as a name is a password now and then.
fn key(engine: &Engine, what: &str, whose: &str) -> String {
    domain::audit::hex(&engine.keys().mac("attempt", format!("{what}/{whose}").as_bytes()))
}

/// The address, or the network that one customer gets in the newer protocol.
fn network(address: &str) -> Option<String> {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => Some(v4.to_string()),
            None => Some(format!("{:x}", v6.to_bits() >> 64)),
        },
        Ok(IpAddr::V4(v4)) => Some(v4.to_string()),
        Err(_) if address.is_empty() => None,
        Err(_) => Some(address.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customers_network_counts_as_one_address() {
        assert_eq!(network("10.0.0.1").as_deref(), Some("10.0.0.1"));
        assert_eq!(network("::ffff:10.0.0.1").as_deref(), Some("10.0.0.1"));
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::4"), network("2001:db8:1:3::4"));
        assert_eq!(network(""), None);
    }
}
