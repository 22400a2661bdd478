//! A server that asks the check: `PUT /requests/{id}` with the word of a status as its body, for one stored request.
//!
//! The header `X-Dev-Caller: SID[,SID…]` stands for authentication, which is not this crate's work; so it listens on loopback alone.
//!
//! ```text
//! cargo run --example server
//! curl -X PUT -H 'X-Dev-Caller: S-1-5-21-2127521184-1604012920-1887927527-14995557' -d Completed http://127.0.0.1:8080/
//! ```

use core::error::Error;
use sddl_authz::{
    Caller,
    mim::{CertificateRequest, Outcome, StatusChangePolicy},
};
use std::io::Read;
use tiny_http::{Request, Response, Server};

/// Who asks, from the header.
fn caller(request: &Request) -> Result<Caller, Box<dyn Error>> {
    let header = request
        .headers()
        .iter()
        .find(|header| header.field.equiv("X-Dev-Caller"));
    let mut sids = header.ok_or("no caller")?.value.as_str().split(',').map(str::parse);
    let user = sids.next().ok_or("no user")??;
    Ok(Caller::authenticated(user)?.with_groups(sids.collect::<Result<Vec<_>, _>>()?))
}

/// The HTTP status to answer with; the request is changed where that is 200.
fn answer(stored: &mut CertificateRequest, request: &mut Request) -> Result<u16, Box<dyn Error>> {
    let caller = caller(request)?;
    let mut word = String::new();
    request.as_reader().take(16).read_to_string(&mut word)?;
    let outcome = StatusChangePolicy::inferred().decide(&*stored, &caller, word.parse()?);
    let status = outcome.http_status();
    match outcome {
        Outcome::Permitted(permit) => permit.apply(stored, "2015-07-07T23:37:37.767Z")?,
        Outcome::Unchanged(_) => {}
        Outcome::Forbidden(why) => println!("refused: {why:?}"),
        Outcome::Failed(error) => println!("undecided: {error}"),
    }
    Ok(status)
}

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let row = include_str!("../tests/data/enroll-approved.json");
    let mut stored: CertificateRequest = serde_json::from_str(row)?;
    for mut request in Server::http("127.0.0.1:8080")?.incoming_requests() {
        let status = answer(&mut stored, &mut request).unwrap_or(400);
        request.respond(Response::empty(status))?;
    }
    Ok(())
}
