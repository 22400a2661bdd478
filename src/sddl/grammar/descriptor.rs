use super::{Fault, Grammar, Input, Parsed, Watch, after_spaces};
use crate::{
    acl::AclState,
    descriptor::{Control, SecurityDescriptor},
    mask::AccessMask,
    sddl::{List, ParseErrorKind, ViolationKind},
    sid::Sid,
};
use nom::{Parser, branch::alt, bytes::complete::tag, sequence::preceded};

/// A part of a descriptor.
enum Section {
    Owner(Sid),
    Group(Sid),
    List(List, AclState, Control),
}

impl Section {
    /// Its place in the documented order.
    const fn rank(&self) -> u8 {
        match self {
            Self::Owner(_) => 1,
            Self::Group(_) => 2,
            Self::List(List::Dacl, ..) => 3,
            Self::List(List::Sacl, ..) => 4,
        }
    }
}

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// A whole text as a descriptor.
    pub(in crate::sddl) fn descriptor(&self) -> Result<SecurityDescriptor, Fault> {
        self.whole(|input| self.sections(input))
    }

    /// A whole text as a SID.
    pub(in crate::sddl) fn sid_alone(&self) -> Result<Sid, Fault> {
        self.whole(|input| self.sid(input))
    }

    /// A whole text as rights.
    pub(in crate::sddl) fn rights_alone(&self) -> Result<AccessMask, Fault> {
        self.whole(|input| match after_spaces(input) {
            [] => self.refuse_at(ParseErrorKind::MaskMalformed, input),
            _ => self.rights(None, input),
        })
    }

    /// The parts, in any order, each at most once, blanks round them.
    fn sections(&self, input: Input<'t>) -> Parsed<'t, SecurityDescriptor> {
        let mut descriptor = SecurityDescriptor::default();
        let mut control = Control::empty();
        let (mut seen, mut last) = ([false; 5], 0);
        let (mut input, ()) = self.blanks(input)?;
        while !input.is_empty() {
            let (rest, section) = self.section(input)?;
            let rank = section.rank();
            if let Some(seen) = seen.get_mut(usize::from(rank))
                && core::mem::replace(seen, true)
            {
                return self.refuse(ParseErrorKind::SectionDuplicate, input, rest);
            }
            if rank < last {
                self.tolerate(ViolationKind::SectionOrder, input, rest)?;
            }
            last = last.max(rank);
            match section {
                Section::Owner(sid) => descriptor.owner = Some(sid),
                Section::Group(sid) => descriptor.group = Some(sid),
                Section::List(list, state, flags) => {
                    control |= flags;
                    match list {
                        List::Dacl => descriptor.dacl = state,
                        List::Sacl => descriptor.sacl = state,
                    }
                }
            }
            (input, ()) = self.blanks(rest)?;
        }
        Ok((input, descriptor.with_control(control)))
    }

    fn section(&self, input: Input<'t>) -> Parsed<'t, Section> {
        let sid = |input| self.blanks(input).and_then(|(input, ())| self.sid(input));
        alt((
            preceded(tag("O:"), sid).map(Section::Owner),
            preceded(tag("G:"), sid).map(Section::Group),
            preceded(tag("D:"), |input| self.list(List::Dacl, input)),
            preceded(tag("S:"), |input| self.list(List::Sacl, input)),
            |input| self.refuse_at(ParseErrorKind::SectionUnknown, input),
        ))
        .parse(input)
    }

    fn list(&self, list: List, input: Input<'t>) -> Parsed<'t, Section> {
        let (input, (state, flags)) = self.acl(list, input)?;
        Ok((input, Section::List(list, state, flags)))
    }
}
