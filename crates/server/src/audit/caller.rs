use sddl_authz::{Caller, Sid};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The SIDs of a caller as the audit keeps them: once for all entries of this caller. A clone is cheap.
///
/// ```
/// use sddl_authz::Caller;
/// use sddl_authz_server::audit::AuditedCaller;
/// let caller = Caller::bare("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let expected = r#"{"user":"S-1-5-21-1-2-3-1104","user_deny_only":false,"groups":[],"deny_only_groups":[],"groups_complete":true}"#;
/// assert_eq!(AuditedCaller::new(&caller).json(), expected);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AuditedCaller {
    user: String,
    json: Arc<str>,
    digest: [u8; 32],
}

impl AuditedCaller {
    /// Writes down the user, the groups, and what is not known of them.
    #[must_use]
    pub fn new(caller: &Caller) -> Self {
        let user_deny_only = caller.is_user_deny_only_known().then(|| caller.is_user_deny_only());
        let groups = |deny_only| {
            let chosen = caller.groups().filter(move |group| group.deny_only == deny_only);
            chosen.map(|group| group.sid.to_string()).collect::<Value>()
        };
        let fields = [
            ("user", caller.user().to_string().into()),
            ("user_deny_only", json!(user_deny_only)),
            ("groups", groups(false)),
            ("deny_only_groups", groups(true)),
            ("groups_complete", caller.groups_complete().into()),
        ];
        Self::of(caller.user(), &fields)
    }

    /// Writes down the user alone.
    #[must_use]
    pub fn user_alone(user: &Sid) -> Self {
        Self::of(user, &[("user", user.to_string().into())])
    }

    fn of(user: &Sid, fields: &[(&str, Value)]) -> Self {
        let members: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        let json = format!("{{{}}}", members.join(","));
        Self {
            user: user.to_string(),
            digest: Sha256::digest(json.as_bytes()).into(),
            json: json.into(),
        }
    }

    /// Returns the SID of the user.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Returns the caller as JSON, an object with these fields:
    ///
    /// | field | value |
    /// | --- | --- |
    /// | `user` | the SID of the user |
    /// | `user_deny_only` | whether the user counts for Deny entries only; `null` if this is unknown |
    /// | `groups` | the SIDs of the groups that count for all entries |
    /// | `deny_only_groups` | the SIDs of the groups that count for Deny entries only |
    /// | `groups_complete` | whether these are all groups of the user |
    ///
    /// After [`user_alone`](Self::user_alone) it has the first alone.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Returns the SHA-256 of the JSON.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}
