use super::{Authorized, Guard, StoredRequest};
use crate::http::{Authorizer, CallerSource, Rejection, Report, ResourceSource};
use http::request::Parts;
use uuid::Uuid;

/// For an [`AuthorizeLayer`](crate::http::AuthorizeLayer): the guarded service finds an [`Authorized`] in the extensions of the request.
impl<C, S> Authorizer for Guard<C, S>
where
    C: CallerSource,
    S: ResourceSource<Id = Uuid>,
    S::Resource: StoredRequest,
{
    type Granted = Authorized<S::Resource>;

    async fn authorize(&self, parts: &Parts) -> Result<Self::Granted, Rejection> {
        self.change(parts).await
    }

    fn report(granted: &Authorized<S::Resource>) -> Option<Report> {
        Some(granted.report().clone())
    }
}
