//! What a page reads: one kind of resource for all answers. An answer stays the text that the server wrote into the page
//! until somebody looks at it, so that what waits, keeps and hands over is compiled once and not for each type.

use std::{
    any::Any,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    sync::{Arc, OnceLock},
};

use leptos::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{AppError, AppResult, exchange::understood};

/// What somebody reads: an answer of type `T`, read again whenever its source changes. Copies are the same.
pub struct Loading<T> {
    resource: Resource<Answer>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Loading<T> {}

/// Reads: `loading(move || (id.get(), changes.get()), |(id, _)| async move { role_get(id?).await })`. The server reads before it
/// draws the page, and the browser takes that over.
pub fn loading<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> F + Send + Sync + 'static,
) -> Loading<T>
where
    S: Clone + PartialEq + Send + Sync + 'static,
    F: Future<Output = AppResult<T>> + Send + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let source = Box::new(move || Asked(Arc::new(source())));
    let fetch = Box::new(move |Asked(asked): Asked| {
        let fetched = (&*asked as &dyn Any).downcast_ref::<S>().map(|source| fetch(source.clone()));
        let answer = async move {
            match fetched {
                Some(fetched) => Answer::of(fetched.await),
                None => Answer::of::<T>(Err(AppError::Unreachable)),
            }
        };
        Box::pin(answer) as Fetched
    });
    Loading { resource: resource(source, fetch), answer: PhantomData }
}

type Fetched = Pin<Box<dyn Future<Output = Answer> + Send>>;

fn resource(
    source: Box<dyn Fn() -> Asked + Send + Sync>,
    fetch: Box<dyn Fn(Asked) -> Fetched + Send + Sync>,
) -> Resource<Answer> {
    Resource::new(source, fetch)
}

impl<T: DeserializeOwned + Send + Sync + 'static> Loading<T> {
    /// The answer, once it is there.
    pub fn with<V>(self, look: impl FnOnce(Option<&AppResult<T>>) -> V) -> V {
        self.resource.with(|answer| look(answer.as_ref().and_then(Answer::get)))
    }

    /// A copy of the answer, once it is there.
    pub fn get(self) -> Option<AppResult<T>>
    where
        T: Clone,
    {
        self.with(|answer| answer.cloned())
    }
}

/// What is read anew when it changes, whatever type it has.
trait Source: Any + Send + Sync {
    fn is(&self, other: &dyn Any) -> bool;
}

impl<S: PartialEq + Send + Sync + 'static> Source for S {
    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<S>().is_some_and(|other| other == self)
    }
}

#[derive(Clone)]
struct Asked(Arc<dyn Source>);

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(&*other.0 as &dyn Any)
    }
}

/// An answer of any type: as it was given on this side, or as text from the other.
#[derive(Clone)]
struct Answer(Arc<Kept>);

struct Kept {
    text: Option<Box<RawValue>>,
    value: OnceLock<Box<dyn Any + Send + Sync>>,
    written: fn(&(dyn Any + Send + Sync)) -> Option<Box<RawValue>>,
}

impl Answer {
    fn of<T: Serialize + Send + Sync + 'static>(answer: AppResult<T>) -> Self {
        let value: Box<dyn Any + Send + Sync> = Box::new(answer);
        Self(Arc::new(Kept { text: None, value: value.into(), written: written::<T> }))
    }

    /// As what it is. Only ever asked for as one type.
    fn get<T: DeserializeOwned + Send + Sync + 'static>(&self) -> Option<&AppResult<T>> {
        let text = self.0.text.as_ref();
        let value = self.0.value.get_or_init(|| {
            let read = text.ok_or(AppError::Unreachable).and_then(|text| understood(text.get()));
            Box::new(read.unwrap_or_else(|error| AppResult::<T>::Err(error)))
        });
        value.downcast_ref()
    }
}

/// Only the server writes for the other side.
fn written<T: Serialize + Send + Sync + 'static>(value: &(dyn Any + Send + Sync)) -> Option<Box<RawValue>> {
    let answer = value.downcast_ref::<AppResult<T>>().filter(|_| cfg!(feature = "ssr"))?;
    serde_json::value::to_raw_value(answer).ok()
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = self.0.value.get().and_then(|value| (self.0.written)(&**value));
        let text = written.as_ref().or(self.0.text.as_ref());
        text.ok_or_else(|| serde::ser::Error::custom("an answer that cannot be written"))?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Some(Box::<RawValue>::deserialize(deserializer)?);
        Ok(Self(Arc::new(Kept { text, value: OnceLock::new(), written: |_| None })))
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_answer_crosses_to_the_browser_as_the_same_text() {
        let given = AppResult::Ok(vec![(1, "a \"b\" </script>".to_owned())]);
        let text = serde_json::to_string(&Answer::of(given.clone())).unwrap();
        assert_eq!(text, serde_json::to_string(&given).unwrap());
        let read: Answer = serde_json::from_str(&text).unwrap();
        assert_eq!(read.get::<Vec<(i32, String)>>(), Some(&given));
        assert_eq!(serde_json::to_string(&read).unwrap(), text, "and stays what it was");
    }

    #[test]
    fn what_is_not_what_was_to_come_counts_as_not_reached() {
        let read: Answer = serde_json::from_str(r#"{"Ok":"text"}"#).unwrap();
        assert_eq!(read.get::<u32>(), Some(&Err(AppError::Unreachable)));
    }

    #[test]
    fn it_is_read_again_only_when_its_source_is_another() {
        let asked = |source: (u32, &'static str)| Asked(Arc::new(source));
        assert!(asked((1, "a")) == asked((1, "a")));
        assert!(asked((1, "a")) != asked((2, "a")));
        assert!(asked((1, "a")) != Asked(Arc::new(1)));
    }
}
