use http::request::Parts;

/// The segment of a path that names the resource, as a router says it.
pub(crate) enum Segment<'a> {
    /// A route has a parameter for it. `None` if it is not certain which one.
    OfRoute(Option<&'a str>),
    /// No router says it.
    Unknown,
}

/// Returns the segment of the path that names the resource.
///
/// It is the parameter after the segment `collection`, else the parameter `id`, else the only parameter of the route.
pub(crate) fn resource_segment<'a>(parts: &'a Parts, collection: Option<&str>) -> Segment<'a> {
    match pattern(parts) {
        Some(pattern) => {
            let place = place(pattern, collection);
            Segment::OfRoute(place.and_then(|place| parts.uri.path().rsplit('/').nth(place)))
        }
        None => Segment::Unknown,
    }
}

/// Returns the route that axum matched.
#[cfg(feature = "axum")]
fn pattern(parts: &Parts) -> Option<&str> {
    let matched = parts.extensions.get::<axum::extract::MatchedPath>();
    matched.map(axum::extract::MatchedPath::as_str)
}

#[cfg(not(feature = "axum"))]
const fn pattern(_: &Parts) -> Option<&str> {
    None
}

/// Returns the place of the parameter, counted from the end: a router that is nested in another one sees the end of the path alone.
fn place(pattern: &str, collection: Option<&str>) -> Option<usize> {
    let segments = || pattern.rsplit('/').enumerate();
    // A wildcard matches any number of segments, so places before it are not certain.
    if segments().any(|(_, segment)| parameter(segment).is_some_and(|name| name.starts_with('*'))) {
        return None;
    }
    let parameters = || segments().filter_map(|(place, segment)| Some((place, parameter(segment)?)));
    let before = || pattern.rsplit('/').skip(1);
    let in_collection = |segment: &str| collection.is_some_and(|name| name.eq_ignore_ascii_case(segment));
    let mut of_collection = segments()
        .zip(before())
        .filter(|((_, segment), before)| parameter(segment).is_some() && in_collection(before));
    match (of_collection.next(), of_collection.next()) {
        (Some(((place, _), _)), None) => return Some(place),
        (Some(_), Some(_)) => return None,
        (None, _) => {}
    }
    if let Some((place, _)) = parameters().find(|(_, name)| *name == "id") {
        return Some(place);
    }
    let mut parameters = parameters();
    match (parameters.next(), parameters.next()) {
        (Some((place, _)), None) => Some(place),
        _ => None,
    }
}

/// Returns the name of a parameter in a route, such as `id` of `{id}`.
fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}
