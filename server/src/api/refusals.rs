//! How operations refuse, in the document: alike for all of them, so that it is said once. A status that is not here, such as
//! that of a failure inside, is a defect.

use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    path::{Operation, PathItem},
};

/// The statuses of refusals.
const REFUSALS: [(&str, &str); 9] = [
    ("400", "The request cannot be understood."),
    ("401", "Nobody is signed in, or no longer."),
    ("403", "Not allowed, or only with a fresh second factor."),
    ("404", "There is nothing of this id that the caller may know of."),
    ("409", "It does not fit how things are by now."),
    ("413", "The body is too large."),
    ("422", "Fields need attention."),
    ("429", "Too many of these. Wait a little."),
    ("503", "The database cannot be reached. Nothing was changed."),
];

/// Adds them to each operation, and words where an answer has none.
pub(super) fn describe(document: &mut OpenApi) {
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        let responses = &mut operation.responses.responses;
        for response in responses.values_mut() {
            if let RefOr::T(Response { description, .. }) = response
                && description.is_empty()
            {
                "Done.".clone_into(description);
            }
        }
        responses.extend(REFUSALS.map(|(status, words)| (status.to_owned(), refusal(words))));
    }
}

fn refusal(words: &str) -> RefOr<Response> {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description(words).content("application/problem+json", content).build().into()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
}
