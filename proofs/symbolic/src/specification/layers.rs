//! Several descriptors that must all grant the access.
//!
//! 1. Each layer is asked for the rights, but not for those that it is exempt from; if that leaves nothing to ask for, the access is
//!    refused.
//! 2. If a layer refuses for certain, the access is refused for the reason of the first such layer.
//! 3. Otherwise, if a layer is undetermined, the access is undetermined.
//! 4. Otherwise the rights are granted that each layer grants or is exempt from, if at least one layer was asked for them.
//! 5. If the maximum that this leaves is nothing, it is undetermined if some single right is undetermined in all layers together.

use super::{
    Answer, Request, answer_from,
    rights::{EVERY, and, less, or, rights},
};
use crate::{
    check::DenialReason,
    explorer::{Tables, is_some},
    setting::{Setting, Shape},
};

/// A descriptor that must grant the access.
#[derive(Clone, Debug)]
pub struct Layer {
    pub setting: Setting,
    pub shapes: Vec<Shape>,
    /// The rights that it is not asked for.
    pub exempt: u32,
}

/// The rights that are granted, or the reason for the refusal.
pub fn answer_of_all(layers: &[Layer], desired: &Tables) -> Result<Tables, DenialReason> {
    let granted = granted_by_all(layers, desired)?;
    let request = layers
        .first()
        .map(|layer| Request::of(&layer.setting, desired))
        .ok_or(DenialReason::ObjectRule)?;
    if is_some(&granted) && !is_some(&less(&request.explicit, &granted)) {
        return Ok(granted);
    }
    let mut single = (0..32)
        .map(|place| 1_u32 << place)
        .filter(|right| right & 0xf300_0000 == 0);
    let may_be = single
        .any(|right| granted_by_all(layers, &rights(right)).is_err_and(|reason| reason == DenialReason::Undetermined));
    Err(if may_be {
        DenialReason::Undetermined
    } else {
        DenialReason::NotGranted
    })
}

fn granted_by_all(layers: &[Layer], desired: &Tables) -> Result<Tables, DenialReason> {
    let (mut granted, mut asked, mut first) = (rights(EVERY), rights(0), 1);
    let mut doubtful = false;
    for layer in layers {
        let asked_here = less(desired, &rights(layer.exempt));
        if !is_some(&asked_here) {
            return Err(DenialReason::NothingAsked);
        }
        let Answer {
            reason, granted: here, ..
        } = answer_from(&layer.setting, &layer.shapes, first, &asked_here);
        first += layer.shapes.len();
        match reason {
            None => granted = and(&granted, &or(&here, &rights(layer.exempt))),
            Some(DenialReason::Undetermined) => doubtful = true,
            Some(reason) => return Err(reason),
        }
        asked = or(&asked, &rights(!layer.exempt));
    }
    if doubtful {
        Err(DenialReason::Undetermined)
    } else {
        Ok(and(&granted, &asked))
    }
}
