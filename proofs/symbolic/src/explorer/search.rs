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
    if let Some(witness) = mended(rows, demands, near) {
        return Some(witness);
    }
    let mut left = *rows;
    let found = narrow(&mut left, demands, &mut (0..demands.len()).collect());
    found.then(|| left.map(lowest))
}

/// Changes the guess as little as it can, bit after bit. It may fail to find what there is.
fn mended(rows: &Rows, demands: &[Rows], near: &Witness) -> Option<Witness> {
    let mut witness = *near;
    for place in 0..WIDTH {
        if !has(rows[place], witness[place]) {
            witness[place] = lowest(rows[place]);
        }
    }
    for demand in demands {
        if is_met(demand, &witness) {
            continue;
        }
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
    demands.iter().all(|demand| is_met(demand, &witness)).then_some(witness)
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
