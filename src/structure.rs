//! The stable structure of descriptors in serde's human-readable formats. In other formats a descriptor is its self-relative bytes.
//!
//! ```json
//! {"owner": "S-1-5-32-544", "group": null, "control": ["DACL_PROTECTED"],
//!  "dacl": {"present": [{"type": "A", "flags": ["OI", "CI"], "mask": "0x1f01ff", "trustee": "S-1-5-18"}]},
//!  "sacl": "absent"}
//! ```
//!
//! `dacl` and `sacl` are `"absent"`, `"null"` or `{"present": [entries]}`. They are required, so that the three states are never confused.
//!
//! An entry always has a `type`: the token of SDDL, or the code (`"0x1b"`) if there is no token. The following fields are there only if
//! the entry has such a part:
//! - `object_type` and `inherited_object_type`: GUIDs.
//! - `condition`: its text in SDDL, or its bytes in hexadecimal if the text would lose something.
//! - `claim`: a claim.
//! - `data`: opaque application data, or everything after the header of an opaque entry, in hexadecimal.

use crate::{
    ace::{ACE_FLAGS, Ace, AceFlags, AceParts, AceType, ApplicationData, Layout, ObjectTypes},
    acl::{Acl, AclState},
    binary,
    claim::{Claim, ClaimFlags, ClaimValues},
    condition::Condition,
    descriptor::{Control, SecurityDescriptor},
    limits::Limits,
    mask::AccessMask,
    sddl, serde_map,
    sid::Sid,
};
use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DescriptorForm<'a> {
    #[serde(default)]
    owner: Option<Sid>,
    #[serde(default)]
    group: Option<Sid>,
    #[serde(default)]
    control: Control,
    dacl: Cow<'a, AclState>,
    sacl: Cow<'a, AclState>,
    #[serde(default, skip_serializing_if = "is_zero")]
    resource_manager_control: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(byte: &u8) -> bool {
    *byte == 0
}

/// Writes the structure in human-readable formats, and self-relative bytes in others.
impl Serialize for SecurityDescriptor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            let bytes = binary::to_bytes(self).map_err(serde::ser::Error::custom)?;
            return serializer.serialize_bytes(&bytes);
        }
        DescriptorForm {
            owner: self.owner,
            group: self.group,
            control: self.control().difference(Control::DERIVED),
            dacl: Cow::Borrowed(&self.dacl),
            sacl: Cow::Borrowed(&self.sacl),
            resource_manager_control: self.resource_manager_control,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SecurityDescriptor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return deserializer.deserialize_bytes(SelfRelative);
        }
        let form: DescriptorForm<'de> = serde_map::map_only(deserializer)?;
        let mut descriptor = Self::new(form.owner, form.group, form.dacl.into_owned(), form.sacl.into_owned());
        descriptor.resource_manager_control = form.resource_manager_control;
        Ok(descriptor.with_control(form.control))
    }
}

/// Reads a descriptor from self-relative bytes.
struct SelfRelative;

impl serde::de::Visitor<'_> for SelfRelative {
    type Value = SecurityDescriptor;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of a self-relative security descriptor")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<SecurityDescriptor, E> {
        binary::from_bytes(bytes).map_err(E::custom)
    }
}

/// Writes the names of the bits that do not follow from the other parts of a descriptor.
impl Serialize for Control {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.difference(Self::DERIVED).iter_names().map(|(name, _)| name))
    }
}

impl<'de> Deserialize<'de> for Control {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut control = Self::empty();
        for name in Vec::<Cow<'de, str>>::deserialize(deserializer)? {
            let bit = Self::from_name(&name).filter(|bit| !Self::DERIVED.contains(*bit));
            control |= bit.ok_or_else(|| unknown::<D>("control bit", &name))?;
        }
        Ok(control)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AclForm<'a> {
    Absent,
    Null,
    Present(Cow<'a, [Ace]>),
}

impl Serialize for AclState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => AclForm::Absent,
            Self::Null => AclForm::Null,
            Self::Present(acl) => AclForm::Present(Cow::Borrowed(acl.aces())),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AclState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match AclForm::deserialize(deserializer)? {
            AclForm::Absent => Self::Absent,
            AclForm::Null => Self::Null,
            AclForm::Present(aces) => Self::Present(Acl::from(aces.into_owned())),
        })
    }
}

/// A sequence of entries.
impl Serialize for Acl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.aces().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Acl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Ace>::deserialize(deserializer).map(Self::from)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AceForm {
    #[serde(rename = "type")]
    ace_type: AceType,
    #[serde(default)]
    flags: AceFlags,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mask: Option<AccessMask>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trustee: Option<Sid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    object_type: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inherited_object_type: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    condition: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claim: Option<Claim>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<HexForm>,
}

impl Serialize for Ace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        AceForm {
            ace_type: self.ace_type(),
            flags: self.flags(),
            mask: self.trustee().map(|_| self.mask()),
            trustee: self.trustee().copied(),
            object_type: self.objects().object,
            inherited_object_type: self.objects().inherited,
            condition: self.condition().cloned(),
            claim: self.claim().cloned(),
            data: match self.data() {
                ApplicationData::Opaque(bytes) => Some(HexForm(bytes.to_vec())),
                ApplicationData::None | ApplicationData::Condition(_) | ApplicationData::Claim(_) => None,
            },
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Ace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form: AceForm = serde_map::map_only(deserializer)?;
        let (ace_type, flags) = (form.ace_type, form.flags);
        let data = match (form.condition, form.claim, form.data) {
            (None, None, None) => ApplicationData::None,
            (Some(condition), None, None) => ApplicationData::Condition(condition),
            (None, Some(claim), None) => ApplicationData::Claim(claim.into()),
            (None, None, Some(HexForm(bytes))) => ApplicationData::Opaque(bytes.into()),
            _ => return Err(D::Error::custom("an entry has one of `condition`, `claim` and `data`")),
        };
        let objects = ObjectTypes {
            object: form.object_type,
            inherited: form.inherited_object_type,
        };
        let ace = match (ace_type.layout(), form.mask, form.trustee) {
            (Layout::Opaque, None, None) if objects == ObjectTypes::default() => match data {
                ApplicationData::None => Self::opaque(ace_type, flags, Vec::new()),
                ApplicationData::Opaque(bytes) => Self::opaque(ace_type, flags, bytes.into()),
                ApplicationData::Condition(_) | ApplicationData::Claim(_) => return Err(D::Error::custom(OPAQUE)),
            },
            (Layout::Opaque, ..) => return Err(D::Error::custom(OPAQUE)),
            (_, Some(mask), Some(trustee)) => Self::from_parts(AceParts {
                ace_type,
                flags,
                mask,
                trustee,
                objects,
                data,
            }),
            (_, None, _) => return Err(D::Error::missing_field("mask")),
            (_, _, None) => return Err(D::Error::missing_field("trustee")),
        };
        ace.map_err(D::Error::custom)
    }
}

const OPAQUE: &str = "an opaque entry has only a type, flags and data";

/// Writes the text in SDDL, or the bytes in hexadecimal if the text would lose something.
impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match sddl::condition_to_text(self, &sddl::Options::default()) {
            Some(text) if text.parse().as_ref() == Ok(self) => serializer.serialize_str(&text),
            _ => HexForm(binary::condition_to_bytes(self)).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        if text.starts_with('(') {
            return text.parse().map_err(D::Error::custom);
        }
        let HexForm(bytes) = HexForm::from_digits(&text)?;
        binary::condition_from_bytes(&bytes, &Limits::DEFAULT).map_err(D::Error::custom)
    }
}

/// A string, as for an access mask: `"0x2"`.
impl Serialize for ClaimFlags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        AccessMask::from_bits_retain(self.bits()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ClaimFlags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AccessMask::deserialize(deserializer).map(|mask| Self::from_bits_retain(mask.bits()))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimForm {
    name: String,
    flags: ClaimFlags,
    #[serde(flatten)]
    values: ValuesForm,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", content = "values")]
enum ValuesForm {
    #[serde(rename = "TI")]
    Int(Vec<i64>),
    #[serde(rename = "TU")]
    Uint(Vec<u64>),
    #[serde(rename = "TS")]
    String(Vec<String>),
    #[serde(rename = "TD")]
    Sid(Vec<Sid>),
    #[serde(rename = "TB")]
    Bool(Vec<bool>),
    #[serde(rename = "TX")]
    Octets(Vec<HexForm>),
}

/// `{"name": "colour", "flags": "0x0", "type": "TS", "values": ["blue"]}`.
impl Serialize for Claim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ClaimForm {
            name: String::from(self.name()),
            flags: self.flags(),
            values: match self.values() {
                ClaimValues::Int(values) => ValuesForm::Int(values.clone()),
                ClaimValues::Uint(values) => ValuesForm::Uint(values.clone()),
                ClaimValues::String(values) => ValuesForm::String(values.clone()),
                ClaimValues::Sid(values) => ValuesForm::Sid(values.clone()),
                ClaimValues::Bool(values) => ValuesForm::Bool(values.clone()),
                ClaimValues::Octets(values) => ValuesForm::Octets(values.iter().cloned().map(HexForm).collect()),
            },
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Claim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = ClaimForm::deserialize(deserializer)?;
        let values = match form.values {
            ValuesForm::Int(values) => ClaimValues::Int(values),
            ValuesForm::Uint(values) => ClaimValues::Uint(values),
            ValuesForm::String(values) => ClaimValues::String(values),
            ValuesForm::Sid(values) => ClaimValues::Sid(values),
            ValuesForm::Bool(values) => ClaimValues::Bool(values),
            ValuesForm::Octets(values) => ClaimValues::Octets(values.into_iter().map(|HexForm(bytes)| bytes).collect()),
        };
        Self::new(form.name, form.flags, values).map_err(D::Error::custom)
    }
}

/// `{"kind": "ace_type_unknown", "start": 3, "end": 4, "message": "…"}`.
impl Serialize for sddl::ParseError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ErrorForm {
            kind: self.kind().code(),
            start: self.span().start,
            end: Some(self.span().end),
            message: self.to_string(),
        }
        .serialize(serializer)
    }
}

/// `{"kind": "acl_truncated", "start": 20, "message": "…"}`: `start` is the offset of a byte, and there is no `end`.
impl Serialize for binary::DecodeError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ErrorForm {
            kind: self.kind().code(),
            start: self.offset(),
            end: None,
            message: self.to_string(),
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
struct ErrorForm {
    kind: &'static str,
    start: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
    message: String,
}

/// A string: the token of SDDL, or the code.
impl Serialize for AceType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AceType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        let code = || u8::from_str_radix(text.strip_prefix("0x")?, 16).ok();
        let ace_type = Self::from_token(&text).or_else(|| code().map(Self::from_code));
        ace_type.ok_or_else(|| unknown::<D>("type of entry", &text))
    }
}

/// The tokens of SDDL. The bit of `TP` is called `SA`.
impl Serialize for AceFlags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let set = ACE_FLAGS.iter().filter(|(_, flag)| self.contains(*flag));
        serializer.collect_seq(set.map(|(token, _)| token))
    }
}

impl<'de> Deserialize<'de> for AceFlags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut flags = Self::empty();
        for token in Vec::<Cow<'de, str>>::deserialize(deserializer)? {
            let known = ACE_FLAGS.iter().find(|(own, _)| *own == token);
            flags |= known.ok_or_else(|| unknown::<D>("flag of entries", &token))?.1;
        }
        Ok(flags)
    }
}

/// Bytes, written as hexadecimal digits.
struct HexForm(Vec<u8>);

impl Serialize for HexForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits: String = self.0.iter().map(|byte| alloc::format!("{byte:02x}")).collect();
        serializer.serialize_str(&digits)
    }
}

impl<'de> Deserialize<'de> for HexForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        Self::from_digits(&text)
    }
}

impl HexForm {
    fn from_digits<E: Error>(text: &str) -> Result<Self, E> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
        match pairs.iter().map(byte).collect() {
            Some(bytes) if rest.is_empty() => Ok(Self(bytes)),
            _ => Err(E::custom("expected an even number of hexadecimal digits")),
        }
    }
}

fn unknown<'de, D: Deserializer<'de>>(what: &str, found: &str) -> D::Error {
    D::Error::custom(alloc::format!("no {what} is called `{}`", found.escape_debug()))
}
