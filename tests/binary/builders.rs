//! Bytes and parts by hand.

use crate::snake_case::snake_case;
use sddl_authz::{
    Ace, AceFlags, AceType, Limits, SecurityDescriptor, Sid,
    ace::{AceError, AceParts, ApplicationData, ObjectTypes},
    binary::{self, DecodeErrorKind as Kind},
    condition::{Attribute, AttributeClass, Operator, Token},
};

pub(crate) const EVERYONE: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];

pub(crate) const ADMINISTRATORS: [u8; 16] = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];

/// Where things stand in a descriptor that is a DACL alone, with one entry for Everyone.
pub(crate) const ACL: usize = 20;

pub(crate) const ACE: usize = ACL + 8;

pub(crate) const SID: usize = ACE + 8;

pub(crate) const DATA: usize = SID + 12;

pub(crate) fn header(control: u16, [owner, group, sacl, dacl]: [u32; 4]) -> Vec<u8> {
    let mut bytes = vec![1, 0];
    bytes.extend(control.to_le_bytes());
    bytes.extend([owner, group, sacl, dacl].map(u32::to_le_bytes).concat());
    bytes
}

pub(crate) fn acl(revision: u8, size: usize, count: u16, entries: &[u8]) -> Vec<u8> {
    let mut bytes = vec![revision, 0];
    bytes.extend(u16::try_from(size).unwrap().to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(entries);
    bytes
}

/// A descriptor that is this DACL alone.
pub(crate) fn with_acl(acl: &[u8]) -> Vec<u8> {
    [header(0x8004, [0, 0, 0, 20]).as_slice(), acl].concat()
}

/// A descriptor that is a DACL of these entries, all sizes being right.
pub(crate) fn with_entries(count: u16, entries: &[u8]) -> Vec<u8> {
    with_acl(&acl(2, entries.len() + 8, count, entries))
}

pub(crate) fn ace(code: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![code, 0];
    bytes.extend(u16::try_from(body.len() + 4).unwrap().to_le_bytes());
    bytes.extend(body);
    bytes
}

/// An entry with an empty mask for Everyone, and these bytes after it, made a multiple of 4.
pub(crate) fn ace_with_data(code: u8, data: &[u8]) -> Vec<u8> {
    let mut body = [[0; 4].as_slice(), &EVERYONE, data].concat();
    body.resize(body.len().next_multiple_of(4), 0);
    ace(code, &body)
}

/// A descriptor with one callback entry of this condition, without its signature.
pub(crate) fn with_condition(tokens: &[u8]) -> Vec<u8> {
    with_entries(1, &ace_with_data(0x09, &[b"artx", tokens].concat()))
}

/// A descriptor with one resource attribute of this claim; in a DACL, which does not matter here.
pub(crate) fn with_claim(claim: &[u8]) -> Vec<u8> {
    with_entries(1, &ace_with_data(0x12, claim))
}

/// A claim with these offsets, and `content` after their table.
pub(crate) fn claim(name: u32, code: u16, offsets: &[u32], content: &[u8]) -> Vec<u8> {
    let mut bytes = name.to_le_bytes().to_vec();
    bytes.extend(code.to_le_bytes());
    bytes.extend([0; 6]);
    bytes.extend(u32::try_from(offsets.len()).unwrap().to_le_bytes());
    bytes.extend(offsets.iter().flat_map(|offset| offset.to_le_bytes()));
    bytes.extend(content);
    bytes
}

/// Code, length, payload.
pub(crate) fn counted(code: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![code];
    bytes.extend(u32::try_from(payload.len()).unwrap().to_le_bytes());
    bytes.extend(payload);
    bytes
}

pub(crate) fn refusal(bytes: &[u8]) -> Option<(Kind, usize)> {
    binary::from_bytes(bytes)
        .err()
        .map(|error| (error.kind(), error.offset()))
}

/// The error of the condition in a descriptor that [`with_condition`] made, and where in the descriptor it shows. The descriptor can be read:
/// it keeps the condition as bytes.
pub(crate) fn malformed(bytes: &[u8]) -> Option<(Kind, usize)> {
    let error = binary::condition_from_bytes(bytes.get(DATA..)?, &Limits::DEFAULT).err()?;
    let descriptor = binary::from_bytes(bytes).unwrap();
    let ace = only_ace(&descriptor);
    assert!(ace.has_malformed_condition());
    assert_eq!(ace.data(), &ApplicationData::Opaque(bytes.get(DATA..)?.into()));
    assert_eq!(binary::to_bytes(&descriptor).unwrap(), bytes);
    has_its_code(&error.kind());
    Some((error.kind(), DATA + error.offset()))
}

pub(crate) fn assert_malformed(cases: &[(&str, Vec<u8>, Kind, usize)]) {
    for (name, bytes, kind, offset) in cases {
        assert_eq!(malformed(bytes), Some((*kind, *offset)), "{name}");
    }
}

pub(crate) fn only_ace(descriptor: &SecurityDescriptor) -> &Ace {
    match descriptor.dacl.acl().map(|acl| acl.aces()) {
        Some([ace]) => ace,
        other => panic!("one entry, not {other:?}"),
    }
}

/// The code of an error: the name of the variant in `snake_case`.
pub(crate) fn code_of(kind: &impl core::fmt::Debug) -> String {
    let debug = format!("{kind:?}");
    snake_case(debug.split([' ', '{', '(']).next().unwrap_or_default())
}

pub(crate) fn has_its_code(kind: &Kind) {
    assert_eq!(kind.code(), code_of(kind));
    if let Kind::Condition(inner) = kind {
        assert_eq!(inner.code(), code_of(inner));
    }
}

pub(crate) fn assert_refusals(cases: &[(&str, Vec<u8>, Kind, usize)]) {
    for (name, bytes, kind, offset) in cases {
        assert_eq!(refusal(bytes), Some((*kind, *offset)), "{name}");
        has_its_code(kind);
    }
}

pub(crate) fn callback(data: ApplicationData) -> Result<Ace, AceError> {
    entry(AceType::CallbackAllow, data)
}

pub(crate) fn entry(ace_type: AceType, data: ApplicationData) -> Result<Ace, AceError> {
    Ace::from_parts(AceParts {
        ace_type,
        flags: AceFlags::empty(),
        mask: Default::default(),
        trustee: Sid::EVERYONE,
        objects: ObjectTypes::default(),
        data,
    })
}

pub(crate) fn negated(count: usize) -> Vec<Token> {
    let mut tokens = vec![attribute("a".into())];
    tokens.resize(count + 1, Token::Operator(Operator::Not));
    tokens
}

pub(crate) fn attribute(name: String) -> Token {
    Token::Attribute(Attribute {
        class: AttributeClass::User,
        name,
    })
}
