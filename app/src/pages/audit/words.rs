//! Records in plain words: who did what. One exhaustive match over the kinds says the sentence, its heads name the
//! kinds in the filter.

use domain::{
    Code, Problem, activation::Cause, audit::RecordRow, event::EventKind, person::PersonId,
    role_settings::RoleSettings,
};
use serde_json::Value;

/// A record as a sentence without its subject: **asked for** Global Administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What was done: "asked for", or "could not ask for".
    pub verb: String,
    /// To what or whom: " Global Administrator". Begins with a blank if there is anything.
    pub rest: String,
    /// More of it, shorter: "2 h, OPS-4821".
    pub detail: String,
    /// A word for what went wrong, if anything did.
    pub alarm: Option<&'static str>,
}

/// Who did it, as the first cell of a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A person, with the identifier that colours are chosen from.
    Person(PersonId, String),
    /// Stint by itself.
    Stint,
    /// An operator on the host.
    Host,
    /// Nobody who is known.
    Somebody,
}

impl Who {
    /// Who did this.
    pub fn of(row: &RecordRow, me: Option<PersonId>) -> Self {
        match (&row.actor, row.actor_kind.as_str()) {
            (Some(person), _) if Some(person.id) == me => Self::Person(person.id, "You".to_owned()),
            (Some(person), _) => Self::Person(person.id, person.name.clone()),
            (None, "stint") => Self::Stint,
            (None, "host") => Self::Host,
            (None, _) => Self::Somebody,
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        match self {
            Self::Person(_, name) => name,
            Self::Stint => "Stint",
            Self::Host => "An operator on the host",
            Self::Somebody => "Somebody",
        }
    }
}

/// What a record says. `me` is called "you".
pub fn said(row: &RecordRow, me: Option<PersonId>) -> Said {
    let about = About { row: Some(row), me };
    let (did, do_, rest) = sentence(row.kind, &about);
    let detail = detail(row.kind, &about);
    if is_done(row) {
        return Said { verb: did.to_owned(), rest, detail, alarm: alarm(row.kind) };
    }
    let detail = if row.kind == EventKind::SignInFailed { detail } else { String::new() };
    Said { verb: format!("could not {do_}"), rest, detail, alarm: Some("Refused") }
}

/// What deserves a look even though it happened.
const fn alarm(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::ActivationFailed => Some("Failed"),
        EventKind::SessionReused | EventKind::Recovered | EventKind::ClockStepped => Some("Alert"),
        _ => None,
    }
}

/// Whether it happened.
pub fn is_done(row: &RecordRow) -> bool {
    row.outcome == domain::event::Outcome::Done.as_str()
}

/// The whole sentence: "Kenji Watanabe asked for Global Administrator."
pub fn whole(row: &RecordRow, me: Option<PersonId>) -> String {
    let said = said(row, me);
    format!("{} {}{}.", Who::of(row, me).name(), said.verb, said.rest)
}

/// A kind without anybody in it, for filters: "Asked for a role".
pub fn label(kind: EventKind) -> String {
    let (did, _, rest) = sentence(kind, &About { row: None, me: None });
    capital(&format!("{did}{rest}"))
}

/// With a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Why it was refused. What was said about limits on the spot is not on record.
pub fn refusal(row: &RecordRow) -> Option<String> {
    const OPEN: &str = "\u{1}";
    let code = *Code::ALL.iter().find(|code| code.as_str() == row.outcome && **code != Code::Internal)?;
    let sentence = Problem::new(code).limit(OPEN).sentence();
    if sentence.contains(OPEN) { Some(capital(&row.outcome.replace('_', " "))) } else { Some(sentence) }
}

/// What was done, what it is called when it could not be done, and to what or whom.
#[rustfmt::skip]
fn sentence(kind: EventKind, about: &About<'_>) -> (&'static str, &'static str, String) {
    use EventKind as K;
    let (role, person, whose, group) = (about.role(), about.person(), about.whose(), about.group());
    let link = about.link();
    match kind {
        K::SetUpCompleted => ("completed", "complete", " the set-up of Stint".to_owned()),
        K::LinkMade => ("made", "make", format!(" {link}{}", about.of_person(" for "))),
        K::LinkUsed => ("used", "use", format!(" {link}")),
        K::LinkVoided => ("made", "make", format!(" open links{} void", about.of_person(" of "))),
        K::PersonCreated => ("created", "create", format!(" {person}")),
        K::PersonChanged if about.is_own() => ("changed", "change", format!(" {} own account", about.their())),
        K::PersonChanged => ("changed", "change", format!(" {person}")),
        K::PersonDisabled => ("disabled", "disable", format!(" {person}")),
        K::PersonEnabled => ("enabled", "enable", format!(" {person} again")),
        K::GroupCreated => ("created", "create", format!(" {group}")),
        K::GroupChanged => ("changed", "change", format!(" {group}")),
        K::GroupRemoved => ("removed", "remove", format!(" {group}")),
        K::MemberAdded => ("put", "put", format!(" {person} into {group}")),
        K::MemberRemoved => ("took", "take", format!(" {person} out of {group}")),
        K::RoleCreated => ("added", "add", format!(" {role}")),
        K::RoleChanged => ("changed", "change", format!(" the description of {role}")),
        K::RoleDisabled => ("switched off", "switch off", format!(" {role}")),
        K::RoleEnabled => ("switched on", "switch on", format!(" {role} again")),
        K::SettingsChanged => ("changed", "change", about.settings_words()),
        K::AssignmentMade if about.is_standing() => ("gave", "give", format!(" {role} to {person} by assignment")),
        K::AssignmentMade => ("made", "make", format!(" {person} eligible for {role}")),
        K::AssignmentChanged => ("changed", "change", format!(" {whose} assignment of {role}")),
        K::AssignmentRemoved => ("removed", "remove", format!(" {whose} assignment of {role}")),
        K::AssignmentEnded => ("ended", "end", format!(" {whose} assignment of {role}")),
        K::AssignmentEndAnnounced => ("announced", "announce", format!(" the end of {whose} assignment of {role}")),
        K::ActivationRequested => ("asked for", "ask for", format!(" {role}")),
        K::ActivationAgreed => ("agreed to", "agree to", format!(" {role} for {person}")),
        K::ActivationApproved => ("approved", "approve", format!(" {role} for {person}")),
        K::ActivationScheduled => ("planned", "plan", format!(" {role} for {person}")),
        K::ActivationActivated if about.is_own() => ("activated", "activate", format!(" {role}")),
        K::ActivationActivated => ("activated", "activate", format!(" {role} for {person}")),
        K::ActivationDenied => ("denied", "deny", format!(" {role} to {person}")),
        K::ActivationCanceled if about.is_own() => ("took back", "take back", format!(" the request for {role}")),
        K::ActivationCanceled => ("canceled", "cancel", format!(" {whose} request for {role}")),
        K::ActivationTimedOut => ("closed", "close", format!(" {whose} request for {role}, which had lapsed")),
        K::ActivationFailed => ("could not begin", "begin", format!(" {role} for {person}")),
        K::ActivationEndAnnounced => ("announced", "announce", format!(" the end of {role} to {person}")),
        K::ActivationEnded if about.is_own() => ("deactivated", "deactivate", format!(" {role}")),
        K::ActivationEnded => ("ended", "end", format!(" {role} of {person}")),
        K::SessionStarted => ("signed in", "sign in", String::new()),
        K::SessionEnded => about.session_ended(),
        K::SessionReused => ("sent", "send", format!(" an old key of {whose} session, which ended it")),
        K::SignInFailed => ("failed to sign in", "sign in", about.of_person(" as ")),
        K::SteppedUp => ("entered", "enter", " a code".to_owned()),
        K::PasswordSet => ("set", "set", " a new password".to_owned()),
        K::FactorEnrolled => ("set up", "set up", " an authenticator app".to_owned()),
        K::RecoveryCodesMade => ("made", "make", " new recovery codes".to_owned()),
        K::RecoveryCodeUsed => ("used", "use", " a recovery code".to_owned()),
        K::Recovered => ("recovered", "recover", format!(" the account of {person}")),
        K::ClockStepped => ("noticed", "notice", " that the clock went backwards".to_owned()),
        K::ClockAccepted => ("accepted", "accept", " the corrected clock".to_owned()),
        K::BackedUp => ("made", "make", " a backup".to_owned()),
        K::Restored => ("put back", "put back", " an older state of everything".to_owned()),
        K::RecordExported => ("exported", "export", " the record".to_owned()),
    }
}

/// The few words that tell this record from others of its kind.
fn detail(kind: EventKind, about: &About<'_>) -> String {
    use EventKind as K;
    let parts: Vec<String> = match kind {
        K::ActivationRequested => {
            let ticket =
                about.after("ticket").and_then(|ticket| Some(ticket.get("number")?.as_str()?.to_owned()));
            [about.span("duration"), ticket].into_iter().flatten().collect()
        }
        K::SettingsChanged => {
            about.settings().iter().take(2).map(|(what, was, is)| format!("{what} {was} to {is}")).collect()
        }
        K::PersonChanged => about.changed_fields(),
        K::ActivationFailed | K::ActivationCanceled | K::ActivationEnded => {
            about.cause().map(|cause| cause.words().to_owned()).into_iter().collect()
        }
        K::AssignmentEndAnnounced => {
            about.reason().map(|word| format!("{} before", word.replace('_', " "))).into_iter().collect()
        }
        K::LinkVoided => about.reason().map(void_words).into_iter().collect(),
        K::MemberRemoved if about.reason().as_deref() == Some("group_removed") => {
            vec!["the group was removed".to_owned()]
        }
        K::SignInFailed => {
            about.reason().map(|what| format!("wrong {}", what.replace('_', " "))).into_iter().collect()
        }
        K::SessionStarted => about
            .text("with")
            .filter(|with| with == "recovery_code")
            .map(|_| "with a recovery code".to_owned())
            .into_iter()
            .collect(),
        K::SteppedUp => about.text("act").map(|act| act_words(&act)).into_iter().collect(),
        K::RecoveryCodeUsed => about.number("left").map(|left| format!("{left} left")).into_iter().collect(),
        K::RecordExported => about
            .text("format")
            .map(|format| if format == "csv" { "CSV" } else { "JSON lines" }.to_owned())
            .into_iter()
            .collect(),
        _ => Vec::new(),
    };
    parts.join(", ")
}

fn void_words(reason: String) -> String {
    match reason.as_str() {
        "newer" => "a newer one was made".to_owned(),
        "privileged" => "the person became privileged".to_owned(),
        "used" => "one was used".to_owned(),
        _ => reason,
    }
}

fn act_words(act: &str) -> String {
    match act {
        "activate" => "to activate a role",
        "decide" => "to decide a request",
        "administer" => "to administer",
        "credentials" => "to change credentials",
        _ => act,
    }
    .to_owned()
}

/// What a record is about, in words; of no record at all, in general words.
struct About<'r> {
    row: Option<&'r RecordRow>,
    me: Option<PersonId>,
}

impl About<'_> {
    /// Whether somebody did it to themselves.
    fn is_own(&self) -> bool {
        self.row.is_some_and(|row| row.actor.is_some() && row.actor == row.person)
    }

    fn role(&self) -> String {
        let Some(row) = self.row else { return "a role".to_owned() };
        let role = row.role.clone().unwrap_or_else(|| "a role".to_owned());
        match row.scope.as_deref() {
            None | Some("/") => role,
            Some(scope) => format!("{role} in {scope}"),
        }
    }

    /// Whom it is about: a person, or everybody in a group.
    fn person(&self) -> String {
        let Some(row) = self.row else { return "somebody".to_owned() };
        match (&row.person, &row.group) {
            (Some(person), _) if Some(person.id) == self.me => "you".to_owned(),
            (Some(person), _) => person.name.clone(),
            (None, Some(group)) => group.clone(),
            (None, None) => "somebody".to_owned(),
        }
    }

    fn of_person(&self, before: &str) -> String {
        match self.row.map(|row| row.person.is_some()) {
            Some(false) => String::new(),
            Some(true) | None => format!("{before}{}", self.person()),
        }
    }

    fn whose(&self) -> String {
        match self.person().as_str() {
            "you" => "your".to_owned(),
            name => format!("{name}’s"),
        }
    }

    fn their(&self) -> &'static str {
        if self.me.is_some()
            && self.row.is_some_and(|row| row.person.as_ref().map(|person| person.id) == self.me)
        {
            "your"
        } else {
            "their"
        }
    }

    fn group(&self) -> String {
        let Some(row) = self.row else { return "a group".to_owned() };
        let named =
            || self.text("name").or_else(|| Some(row.before.as_ref()?.get("name")?.as_str()?.to_owned()));
        match row.group.clone().or_else(named) {
            Some(name) => format!("the group {name}"),
            None => "a group".to_owned(),
        }
    }

    fn link(&self) -> &'static str {
        match self.text("purpose").as_deref() {
            Some("set_up") => "the link for the set-up",
            Some("invitation") => "an invitation",
            Some("lost_password") => "a link for a new password",
            Some("lost_factor") => "a link for a new authenticator app",
            Some("recover") => "a link to recover the account",
            Some(_) | None => "a one-time link",
        }
    }

    fn session_ended(&self) -> (&'static str, &'static str, String) {
        match self.reason().as_deref() {
            Some("signed_out") | None if self.row.is_some() => ("signed out", "sign out", String::new()),
            Some("wrong_codes") => ("was signed out", "sign out", " after ten wrong codes".to_owned()),
            Some("ended" | "others_ended") => ("signed out", "sign out", " on another device".to_owned()),
            Some(_) | None => ("ended", "end", " a session".to_owned()),
        }
    }

    fn is_standing(&self) -> bool {
        self.text("kind").as_deref() == Some("active")
    }

    fn after(&self, field: &str) -> Option<&Value> {
        self.row?.after.as_ref()?.get(field).filter(|value| !value.is_null())
    }

    fn text(&self, field: &str) -> Option<String> {
        Some(self.after(field)?.as_str()?.to_owned())
    }

    fn number(&self, field: &str) -> Option<i64> {
        self.after(field)?.as_i64()
    }

    fn span(&self, field: &str) -> Option<String> {
        Some(self.text(field)?.parse::<domain::Span>().ok()?.words())
    }

    fn reason(&self) -> Option<String> {
        self.row?.reason.clone()
    }

    fn cause(&self) -> Option<Cause> {
        cause(self.row?.reason.as_deref()?).map(|(cause, _)| cause)
    }

    fn settings(&self) -> Vec<(String, String, String)> {
        self.row.map(settings).unwrap_or_default()
    }

    fn settings_words(&self) -> String {
        match (self.role(), self.settings().len()) {
            (role, 0) => format!(" the settings of {role}"),
            (role, 1) => format!(" {role}, 1 setting"),
            (role, count) => format!(" {role}, {count} settings"),
        }
    }

    fn changed_fields(&self) -> Vec<String> {
        let fields =
            self.row.and_then(|row| row.after.as_ref()?.as_object()).map(|fields| fields.keys().cloned());
        fields.into_iter().flatten().collect()
    }
}

/// What differs between two versions of a role's settings: what, from, to.
pub fn settings(row: &RecordRow) -> Vec<(String, String, String)> {
    let read = |value: Option<&Value>| serde_json::from_value::<RoleSettings>(value?.clone()).ok();
    let both = read(row.before.as_ref()).zip(read(row.after.as_ref()));
    both.map(|(was, is)| is.changes_since(&was)).unwrap_or_default()
}

/// The cause that a reason begins with, and what was said beside it.
fn cause(reason: &str) -> Option<(Cause, &str)> {
    let (word, why) = reason.split_once(": ").unwrap_or((reason, ""));
    let causes = [
        Cause::TimeUp,
        Cause::Deactivated,
        Cause::Withdrawn,
        Cause::Revoked,
        Cause::EligibilityEnded,
        Cause::PersonDisabled,
        Cause::RoleDisabled,
        Cause::TooManyHolders,
    ];
    causes.into_iter().find(|cause| cause.as_str() == word).map(|cause| (cause, why))
}

/// What somebody wrote as the reason; nothing when Stint acted by itself.
pub fn reason(row: &RecordRow) -> Option<String> {
    use EventKind as K;
    let reason = row.reason.as_deref()?;
    let why = match row.kind {
        K::ActivationRequested
        | K::ActivationAgreed
        | K::ActivationApproved
        | K::ActivationDenied
        | K::AssignmentMade => reason,
        K::ActivationCanceled | K::ActivationEnded | K::ActivationFailed => cause(reason)?.1,
        K::AssignmentRemoved | K::AssignmentChanged if !is_word(reason) => reason,
        _ => "",
    };
    Some(why.to_owned()).filter(|why| !why.is_empty())
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

#[cfg(test)]
mod tests;
