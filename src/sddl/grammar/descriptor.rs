use super::{Fault, Grammar, Input, Parsed, Watch, after_spaces};
use crate::{
    descriptor::{Control, SecurityDescriptor},
    mask::AccessMask,
    sddl::{AclKind, ParseErrorKind, ViolationKind},
    sid::Sid,
};

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// Reads a whole text into an empty descriptor.
    pub(in crate::sddl) fn descriptor(&mut self, descriptor: &mut SecurityDescriptor) -> Result<(), Fault> {
        self.whole(|grammar, input| grammar.sections(descriptor, input))
    }

    /// Reads a whole text as a SID.
    pub(in crate::sddl) fn sid_alone(&mut self) -> Result<Sid, Fault> {
        self.whole(|grammar, input| grammar.sid(input))
    }

    /// Reads a whole text as rights.
    pub(in crate::sddl) fn rights_alone(&mut self) -> Result<AccessMask, Fault> {
        self.whole(|grammar, input| match after_spaces(input) {
            [] => grammar.refuse_at(ParseErrorKind::MaskMalformed, input),
            _ => grammar.tolerant_rights(None, input),
        })
    }

    /// The parts, in any order, each at most once, with spaces around them.
    fn sections(&mut self, descriptor: &mut SecurityDescriptor, input: Input<'t>) -> Parsed<'t, ()> {
        let mut control = Control::empty();
        let (mut seen, mut last) = ([false; 4], 0);
        let (mut input, ()) = self.spaces(input)?;
        while !input.is_empty() {
            let rest;
            let rank = match input {
                [b'O', b':', after @ ..] => {
                    (rest, ()) = self.section_sid(&mut descriptor.owner, after)?;
                    0
                }
                [b'G', b':', after @ ..] => {
                    (rest, ()) = self.section_sid(&mut descriptor.group, after)?;
                    1
                }
                [b'D', b':', after @ ..] => {
                    (rest, ()) = self.acl(AclKind::Dacl, &mut control, &mut descriptor.dacl, after)?;
                    2
                }
                [b'S', b':', after @ ..] => {
                    (rest, ()) = self.acl(AclKind::Sacl, &mut control, &mut descriptor.sacl, after)?;
                    3
                }
                _ => return self.refuse_at(ParseErrorKind::SectionUnknown, input),
            };
            if let Some(seen) = seen.get_mut(rank)
                && core::mem::replace(seen, true)
            {
                return self.refuse(ParseErrorKind::SectionDuplicate, input, rest);
            }
            if rank < last {
                self.tolerate(ViolationKind::SectionOrder, input, rest)?;
            }
            last = last.max(rank);
            (input, ()) = self.spaces(rest)?;
        }
        if self.options.refuse_empty && !seen.contains(&true) {
            return self.refuse_at(ParseErrorKind::DescriptorEmpty, input);
        }
        descriptor.set_control(control);
        Ok((input, ()))
    }

    fn section_sid(&mut self, place: &mut Option<Sid>, input: Input<'t>) -> Parsed<'t, ()> {
        let (input, ()) = self.spaces(input)?;
        let (rest, found) = self.find_sid(input)?;
        *place = Some(self.sid_of(found));
        Ok((rest, ()))
    }
}
