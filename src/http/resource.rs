use super::route::{Segment, resource_segment};
use crate::{binary, descriptor::SecurityDescriptor, sddl::ParseError, sid::Sid};
use alloc::{borrow::Cow, string::String, sync::Arc, vec::Vec};
use core::{
    fmt::{self, Display},
    marker::PhantomData,
    str::FromStr,
};
use http::request::Parts;

/// A resource that a security descriptor protects.
///
/// Implemented for a descriptor alone, as a model, as SDDL text in a `String`, and as self-relative bytes in a `Vec<u8>`.
///
/// ```
/// use sddl_authz::http::{Protected, StoredDescriptor};
/// struct Document { sddl: String }
/// impl Protected for Document {
///     fn descriptor(&self) -> StoredDescriptor<'_> {
///         self.sddl.as_str().into()
///     }
/// }
/// let document = Document { sddl: "D:(A;;FR;;;AU)".to_owned() };
/// assert_eq!(document.descriptor(), StoredDescriptor::Text("D:(A;;FR;;;AU)"));
/// ```
pub trait Protected {
    /// Returns the security descriptor of the resource, in the form in which it is stored.
    fn descriptor(&self) -> StoredDescriptor<'_>;

    /// Returns the principal that the resource represents, if it represents one. Entries for Principal Self (`PS`) are for it.
    fn principal_self(&self) -> Option<Sid> {
        None
    }
}

impl Protected for SecurityDescriptor {
    fn descriptor(&self) -> StoredDescriptor<'_> {
        self.into()
    }
}

/// For SDDL text.
impl Protected for String {
    fn descriptor(&self) -> StoredDescriptor<'_> {
        self.into()
    }
}

/// For self-relative bytes.
impl Protected for Vec<u8> {
    fn descriptor(&self) -> StoredDescriptor<'_> {
        self.into()
    }
}

/// A security descriptor in any of its forms: the model, SDDL text, or self-relative bytes.
///
/// ```
/// use sddl_authz::{SecurityDescriptor, http::StoredDescriptor};
/// assert_eq!(StoredDescriptor::from("O:BA"), StoredDescriptor::Text("O:BA"));
/// assert_eq!(StoredDescriptor::from(&[1_u8, 0][..]), StoredDescriptor::Bytes(&[1, 0]));
/// assert_eq!(StoredDescriptor::from(None::<&str>), StoredDescriptor::Missing);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredDescriptor<'a> {
    /// A parsed descriptor.
    Model(Cow<'a, SecurityDescriptor>),
    /// SDDL text.
    Text(&'a str),
    /// Self-relative bytes.
    Bytes(&'a [u8]),
    /// The resource has no descriptor. The guard grants nothing and answers 500.
    Missing,
}

impl<'a> StoredDescriptor<'a> {
    /// Returns the parsed descriptor.
    pub(super) fn parsed(self) -> Result<Cow<'a, SecurityDescriptor>, StoredDescriptorError> {
        match self {
            Self::Model(descriptor) => Ok(descriptor),
            // An empty text would parse as a descriptor without a DACL, which grants everything to everybody.
            Self::Text(text) if text.trim_end_matches('\0').trim_matches(' ').is_empty() => {
                Err(StoredDescriptorError::Missing)
            }
            Self::Text(text) => Ok(Cow::Owned(text.parse()?)),
            Self::Bytes(bytes) => Ok(Cow::Owned(binary::from_bytes(bytes)?)),
            Self::Missing => Err(StoredDescriptorError::Missing),
        }
    }
}

/// The reason why a stored descriptor can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum StoredDescriptorError {
    #[error("the resource has no security descriptor")]
    Missing,
    #[error("the security descriptor is unreadable: {0}")]
    Text(#[from] ParseError),
    #[error("the security descriptor is unreadable: {0}")]
    Bytes(#[from] binary::DecodeError),
}

impl<'a> From<&'a SecurityDescriptor> for StoredDescriptor<'a> {
    fn from(descriptor: &'a SecurityDescriptor) -> Self {
        Self::Model(Cow::Borrowed(descriptor))
    }
}

impl From<SecurityDescriptor> for StoredDescriptor<'_> {
    fn from(descriptor: SecurityDescriptor) -> Self {
        Self::Model(Cow::Owned(descriptor))
    }
}

impl<'a> From<&'a str> for StoredDescriptor<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for StoredDescriptor<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for StoredDescriptor<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for StoredDescriptor<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// `None` becomes [`StoredDescriptor::Missing`].
impl<'a, T: Into<Self>> From<Option<T>> for StoredDescriptor<'a> {
    fn from(descriptor: Option<T>) -> Self {
        descriptor.map_or(Self::Missing, Into::into)
    }
}

/// Loads the resources that a [`Guard`](super::Guard) protects.
///
/// ```
/// use sddl_authz::http::ResourceSource;
/// use std::{collections::BTreeMap, convert::Infallible};
/// struct Descriptors(BTreeMap<u64, String>);
/// impl ResourceSource for Descriptors {
///     type Id = u64;
///     type Resource = String;
///     type Error = Infallible;
///     async fn load(&self, id: u64) -> Result<Option<String>, Infallible> {
///         Ok(self.0.get(&id).cloned())
///     }
/// }
/// let (parts, ()) = http::Request::get("/documents/7").body(())?.into_parts();
/// assert_eq!(Descriptors(BTreeMap::new()).id(&parts), Some(7));
/// # Ok::<(), http::Error>(())
/// ```
pub trait ResourceSource: Send + Sync + 'static {
    /// The identifier of a resource, as a path contains it.
    type Id: FromStr + Display + Send;
    /// A resource.
    type Resource: Send + Sync + 'static;
    /// An error of the store. Its text goes to the log, never to the client.
    type Error: Display + Send;

    /// Returns the identifier of the resource that a request is about, or `None` if the request is about no resource.
    ///
    /// This implementation parses one segment of the path. With the feature `axum`, and behind a router of axum, it is the parameter
    /// `{id}` of the route, or else the only parameter. If the route has several and none is `{id}`, or if it has a wildcard, there is no
    /// resource. Behind any other router it is the last segment: a service whose routes go on after the id must implement this method.
    fn id(&self, parts: &Parts) -> Option<Self::Id> {
        let segment = match resource_segment(parts, None) {
            Segment::OfRoute(segment) => segment,
            Segment::Unknown => last_segment(parts.uri.path()),
        };
        segment?.parse().ok()
    }

    /// Returns the resource with this identifier, or `None` if there is no such resource.
    ///
    /// # Errors
    /// Fails if the store can't answer. The client is then answered 500.
    fn load(&self, id: Self::Id) -> impl Future<Output = Result<Option<Self::Resource>, Self::Error>> + Send;
}

impl<S: ResourceSource> ResourceSource for Arc<S> {
    type Id = S::Id;
    type Resource = S::Resource;
    type Error = S::Error;

    fn id(&self, parts: &Parts) -> Option<Self::Id> {
        S::id(self, parts)
    }

    fn load(&self, id: Self::Id) -> impl Future<Output = Result<Option<Self::Resource>, Self::Error>> + Send {
        S::load(self, id)
    }
}

/// Returns a source of resources that calls this function.
///
/// ```
/// use sddl_authz::http::{ResourceSource, from_fn};
/// async fn load(id: u64) -> Result<Option<String>, std::convert::Infallible> {
///     Ok((id == 7).then(|| "D:(A;;FR;;;AU)".to_owned()))
/// }
/// fn accepts(_: impl ResourceSource<Id = u64, Resource = String>) {}
/// accepts(from_fn(load));
/// ```
pub const fn from_fn<I, F, L>(load: F) -> FromFn<I, F>
where
    F: Fn(I) -> L,
{
    FromFn { load, id: PhantomData }
}

/// A source of resources that calls a function; see [`from_fn`].
pub struct FromFn<I, F> {
    load: F,
    id: PhantomData<fn(I)>,
}

impl<I, F, L, R, E> ResourceSource for FromFn<I, F>
where
    I: FromStr + Display + Send + 'static,
    F: Fn(I) -> L + Send + Sync + 'static,
    L: Future<Output = Result<Option<R>, E>> + Send,
    R: Send + Sync + 'static,
    E: Display + Send,
{
    type Id = I;
    type Resource = R;
    type Error = E;

    fn load(&self, id: I) -> impl Future<Output = Result<Option<R>, E>> + Send {
        (self.load)(id)
    }
}

impl<I, F> fmt::Debug for FromFn<I, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn").finish_non_exhaustive()
    }
}

/// Returns the last segment of a path, with its percent signs as they are, or `None` if it is empty.
///
/// ```
/// use sddl_authz::http::last_segment;
/// assert_eq!(last_segment("/documents/7"), Some("7"));
/// assert_eq!(last_segment("/documents/"), None);
/// ```
#[must_use]
pub fn last_segment(path: &str) -> Option<&str> {
    let (_, segment) = path.rsplit_once('/')?;
    (!segment.is_empty()).then_some(segment)
}
