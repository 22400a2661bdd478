//! The search for values of the unknown masks.

use super::WIDTH;

/// Some rows at each bit.
pub(super) type Rows = [u128; WIDTH];

/// One row at each bit: a value of each unknown mask.
pub(super) type Witness = [u8; WIDTH];

/// The lowest of these rows.
pub(super) fn lowest(rows: u128) -> u8 {
    rows.trailing_zeros() as u8
}

fn has(rows: u128, row: u8) -> bool {
    rows >> row & 1 == 1
}

/// Whether a demand is met: at some bit, the row is one of those that it names.
pub(super) fn is_met(demand: &Rows, witness: &Witness) -> bool {
    (0..WIDTH).any(|place| has(demand[place], witness[place]))
}

/// Searches for one of `rows` at each bit so that every demand is met. `near` is a good guess. At least one row is left at each bit.
pub(super) fn search(rows: &Rows, demands: &[Rows], near: &Witness) -> Option<Witness> {
    let can_be_met = |demand: &Rows| (0..WIDTH).any(|place| rows[place] & demand[place] != 0);
    if !demands.iter().all(can_be_met) {
        return None;
    }
    if let Some(witness) = mended(rows, demands, near) {
        return Some(witness);
    }
    let mut left = *rows;
    let found = narrow(&mut left, demands, &mut (0..demands.len()).collect());
    found.then(|| left.map(lowest))
}

/// Changes the guess at the bits where it must, and then at one bit for each demand that is not met. It may fail to find what there is.
fn mended(rows: &Rows, demands: &[Rows], near: &Witness) -> Option<Witness> {
    let mut witness = *near;
    let is_kept: [bool; WIDTH] = core::array::from_fn(|place| has(rows[place], near[place]));
    let kept = |demand: &Rows| (0..WIDTH).any(|place| is_kept[place] && has(demand[place], near[place]));
    let mut open: Vec<&Rows> = demands.iter().filter(|demand| !kept(demand)).collect();
    for place in (0..WIDTH).filter(|&place| !is_kept[place]) {
        let mut fit = rows[place];
        open.retain(|demand| {
            let meets = fit & demand[place];
            if meets != 0 {
                fit = meets;
            }
            meets == 0
        });
        witness[place] = lowest(fit);
    }
    for demand in open {
        let place = (0..WIDTH).find(|&place| {
            let mut fit = rows[place] & demand[place];
            for other in demands.iter().filter(|other| has(other[place], witness[place])) {
                let elsewhere = (0..WIDTH).any(|at| at != place && has(other[at], witness[at]));
                if !elsewhere {
                    fit &= other[place];
                }
            }
            if fit != 0 {
                witness[place] = lowest(fit);
            }
            fit != 0
        });
        place?;
    }
    Some(witness)
}

/// Leaves rows so that whichever is taken at each bit, every demand in `open` is met. Returns whether that can be. It is exact: it takes
/// the demand that can be met at the fewest bits, and tries each of these.
fn narrow(rows: &mut Rows, demands: &[Rows], open: &mut Vec<usize>) -> bool {
    open.retain(|&number| !(0..WIDTH).any(|place| rows[place] & !demands[number][place] == 0));
    let places = |number: usize| {
        (0..WIDTH)
            .filter(|&place| rows[place] & demands[number][place] != 0)
            .count()
    };
    let Some(next) = (0..open.len()).min_by_key(|&next| places(open[next])) else {
        return true;
    };
    let number = open.swap_remove(next);
    let mut tried: Vec<usize> = Vec::new();
    for place in 0..WIDTH {
        let here = rows[place] & demands[number][place];
        // One of two bits at which everything is equal is enough.
        let is_like = |&other: &usize| {
            rows[other] == rows[place]
                && demands[number][other] == demands[number][place]
                && open
                    .iter()
                    .all(|&number| demands[number][other] == demands[number][place])
        };
        if here == 0 || tried.iter().any(is_like) {
            continue;
        }
        tried.push(place);
        let before = core::mem::replace(&mut rows[place], here);
        if narrow(rows, demands, &mut open.clone()) {
            return true;
        }
        rows[place] = before;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Rows, WIDTH, Witness, has, is_met, search};

    const BITS: usize = 4;
    const ROWS: u8 = 4;

    /// Each choice of a row at the first bits; the other bits have one row.
    fn every_witness() -> impl Iterator<Item = Witness> {
        (0..u32::from(ROWS).pow(BITS as u32)).map(|number| {
            let row = |place: usize| (number / u32::from(ROWS).pow(place as u32) % u32::from(ROWS)) as u8;
            core::array::from_fn(|place| if place < BITS { row(place) } else { 0 })
        })
    }

    /// The search finds values if and only if there are some, and those that it finds are right.
    #[test]
    fn the_search_is_exact() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |bound: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % bound
        };
        let (mut possible, mut impossible) = (0, 0);
        for _ in 0..4_000 {
            let mut rows = |empty: bool| -> Rows {
                core::array::from_fn(|place| match place {
                    0..BITS if empty => u128::from(random(16) & random(16)),
                    0..BITS => u128::from(random(15) + 1),
                    _ => u128::from(!empty),
                })
            };
            let allowed = rows(false);
            let demands: Vec<Rows> = (0..5).map(|_| rows(true)).collect();
            let near = core::array::from_fn(|_| random(4) as u8);
            let fits = |witness: &Witness| {
                (0..WIDTH).all(|place| has(allowed[place], witness[place]))
                    && demands.iter().all(|demand| is_met(demand, witness))
            };
            let found = search(&allowed, &demands, &near);
            assert_eq!(found.is_some(), every_witness().any(|witness| fits(&witness)));
            assert!(found.is_none_or(|witness| fits(&witness)));
            *(if found.is_some() {
                &mut possible
            } else {
                &mut impossible
            }) += 1;
        }
        assert!(possible > 500 && impossible > 500, "{possible} {impossible}");
    }
}
