//! The policy that decides, and the digest by which the audit names it.

use core::fmt;
use sddl_authz::mim::{PolicyRules, StatusChangePolicy};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A policy, its canonical text and the digest of that text. A clone is cheap.
///
/// The canonical text is the JSON of the [`PolicyRules`] without spaces, with each list sorted and without repetitions. So two files with
/// the same rules have one digest.
///
/// ```
/// use sddl_authz::mim::StatusChangePolicy;
/// use sddl_authz_server::policy::Policy;
/// let one: StatusChangePolicy = "version = 1\nread = ['RC', 'CC']".parse()?;
/// let other: StatusChangePolicy = r#"{"version": 1, "read": ["CC", "RC", "RC"]}"#.parse()?;
/// assert_eq!(Policy::new(one)?.digest(), Policy::new(other)?.digest());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    rules: Arc<StatusChangePolicy>,
    text: Arc<str>,
    digest: PolicyDigest,
}

/// The SHA-256 of a policy's canonical text. `Display` prints 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PolicyDigest([u8; 32]);

impl Policy {
    /// Computes the canonical text and the digest of a policy.
    ///
    /// # Errors
    ///
    /// Fails if the rules can't be written as JSON.
    pub fn new(policy: StatusChangePolicy) -> Result<Self, serde_json::Error> {
        let text = serde_json::to_string(&canonical(policy.rules().clone()))?;
        Ok(Self {
            digest: PolicyDigest(Sha256::digest(text.as_bytes()).into()),
            text: text.into(),
            rules: Arc::new(policy),
        })
    }

    /// Returns the rules.
    #[must_use]
    pub const fn rules(&self) -> &Arc<StatusChangePolicy> {
        &self.rules
    }

    /// Returns the canonical text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the SHA-256 of the canonical text.
    #[must_use]
    pub const fn digest(&self) -> PolicyDigest {
        self.digest
    }
}

/// Sorts the lists, whose order changes no decision.
fn canonical(mut rules: PolicyRules) -> PolicyRules {
    let sorted = |masks: &mut Vec<sddl_authz::mask::AccessMask>| {
        masks.sort_by_key(|mask| mask.bits());
        masks.dedup();
    };
    sorted(&mut rules.read);
    for rule in [&mut rules.completed, &mut rules.canceled, &mut rules.abandoned] {
        sorted(&mut rule.masks);
        rule.start.sort();
        rule.start.dedup();
    }
    rules
}

impl PolicyDigest {
    /// Returns the bytes of the digest.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PolicyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PolicyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Policy;
    use sddl_authz::mim::StatusChangePolicy;

    fn policy(text: &str) -> Policy {
        Policy::new(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn each_rule_is_in_the_digest() {
        let base = "version = 1\nread = ['RC']\n[completed]\nmasks = ['CC']\nstart = ['Approved']\n";
        let mut digests = std::collections::HashSet::from([policy(base).digest()]);
        for (old, new) in [
            ("['RC']", "['CC']"),
            ("['RC']", "[]"),
            ("['RC']", "['RC']\nunprotected = 'grant'"),
            ("'CC'", "'DC'"),
            ("'CC'", "'CC', 'DC'"),
            ("'Approved'", "'Pending'"),
            ("[completed]", "[canceled]"),
            ("[completed]", "[abandoned]"),
            (
                "[completed]",
                "[mapping]\nread = 'RC'\nwrite = 'WD'\nexecute = 'CC'\nall = 'CCRCWD'\n[completed]",
            ),
        ] {
            assert!(digests.insert(policy(&base.replace(old, new)).digest()), "{new}");
        }
    }

    #[test]
    fn the_text_is_a_policy_that_has_its_digest() {
        let inferred = Policy::new(StatusChangePolicy::inferred()).unwrap();
        let again = policy(inferred.text());
        assert_eq!(again.text(), inferred.text());
        assert_eq!(again.digest(), inferred.digest());
    }
}
