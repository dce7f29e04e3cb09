//! Sign-ins, recovery codes, one-time links and counters of attempts.
