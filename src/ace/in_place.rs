//! How the parsers build an entry: each part is written into the entry in its vector.
//!
//! An entry has 136 bytes. Building one on the stack and moving it into the vector costs more than parsing it does, so the
//! parsers append an entry of a plain type and then fill in the parts that it has besides. `benches/instructions` counts what
//! this saves.

use super::{Ace, AceFlags, AceType, ApplicationData, Layout, ObjectTypes};
use crate::{
    mask::AccessMask,
    sid::{Sid, SidView},
};
use alloc::vec::Vec;

impl Ace {
    /// An entry of a plain type, without flags.
    pub(crate) const fn plain(ace_type: AceType, trustee: Sid, mask: AccessMask) -> Self {
        Self {
            trustee,
            mask,
            ace_type,
            flags: AceFlags::empty(),
            objects: ObjectTypes::NONE,
            data: ApplicationData::None,
        }
    }

    /// The replacement for an entry that can't be read. Its type is unknown, so a check denies.
    pub(crate) fn unknown() -> Self {
        Self::plain(AceType::from_code(u8::MAX), Sid::NOBODY, AccessMask::empty())
    }

    /// Appends an entry of a plain type, or one whose GUIDs or condition are set afterwards.
    ///
    /// Not inlined, so that the compiler constructs the entry in the vector instead of on the stack.
    #[inline(never)]
    pub(crate) fn add<'a>(
        aces: &'a mut Vec<Self>,
        ace_type: AceType,
        flags: AceFlags,
        mask: AccessMask,
        trustee: &Sid,
    ) -> Option<&'a mut Self> {
        if aces.len() == aces.capacity() {
            return Self::add_to_full(aces, ace_type, flags, mask, trustee);
        }
        Self::push_plain(aces, ace_type, flags, mask, *trustee)
    }

    /// Appends an entry as [`add`](Self::add) does, whose type has this code and whose trustee is decoded in its place.
    #[expect(
        clippy::inline_always,
        reason = "a call would take a third of the work on an entry in bytes"
    )]
    #[inline(always)]
    pub(crate) fn add_decoded<'a>(
        aces: &'a mut Vec<Self>,
        code: u8,
        flags: AceFlags,
        mask: AccessMask,
        trustee: SidView<'_>,
    ) -> Option<&'a mut Self> {
        if aces.len() < aces.capacity()
            && let Some(trustee) = trustee.to_sid_at_once()
        {
            return Self::push_plain(aces, AceType::from_code(code), flags, mask, trustee);
        }
        Self::add_decoded_apart(aces, code, flags, mask, trustee)
    }

    /// Does what [`add_decoded`](Self::add_decoded) does where there is no room, or where the trustee is near the end of the bytes.
    #[inline(never)]
    fn add_decoded_apart<'a>(
        aces: &'a mut Vec<Self>,
        code: u8,
        flags: AceFlags,
        mask: AccessMask,
        trustee: SidView<'_>,
    ) -> Option<&'a mut Self> {
        if aces.len() == aces.capacity() {
            return Self::add_to_full(aces, AceType::from_code(code), flags, mask, &trustee.to_sid());
        }
        let ace = Self::push_plain(aces, AceType::from_code(code), flags, mask, Sid::NOBODY)?;
        trustee.copy_to(&mut ace.trustee);
        Some(ace)
    }

    /// Appends an entry that has these parts alone. The vector should have room: otherwise this allocates.
    #[expect(clippy::inline_always, reason = "the entry is then made in its place")]
    #[inline(always)]
    fn push_plain(
        aces: &mut Vec<Self>,
        ace_type: AceType,
        flags: AceFlags,
        mask: AccessMask,
        trustee: Sid,
    ) -> Option<&mut Self> {
        aces.push(Self {
            trustee,
            mask,
            ace_type,
            flags,
            // Written out: the constant `ObjectTypes::NONE` would be copied with its unused bytes.
            objects: ObjectTypes {
                object: None,
                inherited: None,
            },
            data: ApplicationData::None,
        });
        aces.last_mut()
    }

    /// Makes room in a full vector, then appends. Separate from [`add`](Self::add), which so contains no call that may allocate.
    #[cold]
    #[inline(never)]
    fn add_to_full<'a>(
        aces: &'a mut Vec<Self>,
        ace_type: AceType,
        flags: AceFlags,
        mask: AccessMask,
        trustee: &Sid,
    ) -> Option<&'a mut Self> {
        aces.reserve(1);
        Self::add(aces, ace_type, flags, mask, trustee)
    }

    /// The trustee of an appended entry, to be overwritten.
    pub(crate) const fn trustee_mut(&mut self) -> &mut Sid {
        &mut self.trustee
    }

    /// The GUIDs of an appended entry. An absent GUID is not to be written: that would wait for the store of [`add`](Self::add) to finish.
    pub(crate) const fn objects_mut(&mut self) -> &mut ObjectTypes {
        &mut self.objects
    }

    /// Makes an appended object entry without GUIDs an entry of the plain type, as Windows does when it reads SDDL. `layout` is that of its
    /// type. Returns the layout that it has then.
    #[inline]
    pub(crate) fn layout_without_objects(&mut self, layout: Layout) -> Layout {
        if layout == Layout::Object && self.objects.object.is_none() && self.objects.inherited.is_none() {
            self.ace_type = self.ace_type.without_objects();
            return Layout::Plain;
        }
        layout
    }

    /// Sets the application data of an appended entry. The caller knows that the type has room for it.
    #[inline]
    pub(crate) fn set_data(&mut self, data: ApplicationData) {
        self.data = data;
    }
}
