//! Every way in which the tests of masks in a run can come out.
//!
//! [`each_way`] runs a function again and again. On each run, some test comes out otherwise than before. It is known exactly which ways
//! there are: a way is taken only if some values of the unknown masks lead there, and [`Way::witness`] has such values.
//!
//! No solver is needed. The bits of a mask are independent of each other. A test that came out "no bit is so" forbids rows at each bit, and
//! a test that came out "some bit is so" demands one of its rows at one bit. So a search over bits and rows decides.

mod search;

use search::{Rows, Witness, is_met, search};
use std::cell::RefCell;

/// The number of masks that can be unknown.
pub const UNKNOWNS: usize = 7;

/// The bits of a mask.
pub const WIDTH: usize = 32;

/// A truth table: for each combination of one bit of each unknown mask, whether something is so. Bit n of the number of a row is the bit
/// of the unknown mask n.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Table(pub u128);

/// A truth table for each bit of a mask.
pub type Tables = [Table; WIDTH];

impl Table {
    pub const NEVER: Self = Self(0);
    pub const ALWAYS: Self = Self(u128::MAX);

    /// The bit of the unknown mask of this number.
    #[must_use]
    pub const fn unknown(number: usize) -> Self {
        assert!(number < UNKNOWNS);
        let (mut rows, mut row) = (0, 0);
        while row < u128::BITS {
            rows |= ((row >> number & 1) as u128) << row;
            row += 1;
        }
        Self(rows)
    }
}

/// The assumptions about the unknown masks on a way.
#[derive(Clone)]
struct Way {
    /// The rows that each bit can be in.
    rows: Rows,
    /// How many demands of the run belong to it.
    demands: usize,
    /// Values of the unknown masks that lead here: a row for each bit.
    witness: Witness,
}

/// A test of a mask that was answered.
struct Test {
    outcome: bool,
    /// The way on which it comes out otherwise, if that is still to be looked at.
    other: Option<Way>,
    /// How many of the ways of the run lead to it.
    ways: usize,
}

struct Run {
    tests: Vec<Test>,
    /// The start, and the way after each test that could come out otherwise.
    ways: Vec<Way>,
    /// The demands of the last way: one for each of those tests that came out "some bit is so".
    demands: Vec<Rows>,
    /// The number of the next test.
    next: usize,
    is_running: bool,
}

const ANY: Way = Way {
    rows: [u128::MAX; WIDTH],
    demands: 0,
    witness: [0; WIDTH],
};

thread_local! {
    static RUN: RefCell<Run> = const {
        RefCell::new(Run { tests: Vec::new(), ways: Vec::new(), demands: Vec::new(), next: 0, is_running: false })
    };
}

impl Run {
    /// The way that is being looked at.
    fn way(&self) -> &Way {
        let ways = self.next.checked_sub(1).map_or(1, |last| self.tests[last].ways);
        self.ways.get(ways - 1).unwrap_or(&ANY)
    }

    fn answer(&mut self, tables: &Tables) -> bool {
        if self.next == self.tests.len() {
            let test = self.new_test(tables.map(|table| table.0));
            if !self.is_running {
                return test.outcome;
            }
            self.tests.push(test);
        }
        self.next += 1;
        self.tests[self.next - 1].outcome
    }

    /// A test that was not met before. The witness answers it in one way, and a search says whether it can come out in the other way.
    fn new_test(&mut self, wanted: Rows) -> Test {
        let way = self.way();
        let left: Rows = core::array::from_fn(|place| way.rows[place] & !wanted[place]);
        let is_never = left == way.rows;
        if is_never || left.contains(&0) {
            let (outcome, ways) = (!is_never, self.ways.len());
            return Test {
                outcome,
                other: None,
                ways,
            };
        }
        assert!(self.is_running, "a test of an unknown mask outside of a run");
        let Way { rows, demands, witness } = *way;
        let holds = is_met(&wanted, &witness);
        let without = if holds {
            search(&left, &self.demands, &witness)
        } else {
            Some(witness)
        };
        self.demands.push(wanted);
        let with = if holds {
            Some(witness)
        } else {
            search(&rows, &self.demands, &witness)
        };
        let with = with.map(|witness| Way {
            rows,
            demands: demands + 1,
            witness,
        });
        let without = without.map(|witness| Way {
            rows: left,
            demands,
            witness,
        });
        let ways = self.ways.len() + 1;
        match (with, without) {
            (Some(way), other) => {
                self.ways.push(way);
                Test {
                    outcome: true,
                    other,
                    ways,
                }
            }
            (None, Some(way)) => {
                self.demands.pop();
                self.ways.push(way);
                Test {
                    outcome: false,
                    other: None,
                    ways,
                }
            }
            (None, None) => unreachable!("the witness is on one of both ways"),
        }
    }
}

/// Whether this is so at some bit, on the way that is being looked at.
///
/// # Panics
/// If that is not determined and nothing runs.
#[must_use]
pub fn is_some(tables: &Tables) -> bool {
    RUN.with_borrow_mut(|run| run.answer(tables))
}

/// Whether some values of the unknown masks that lead here make this so at some bit.
#[must_use]
pub fn can_be(tables: &Tables) -> bool {
    RUN.with_borrow(|run| {
        let way = run.way();
        let wanted = tables.map(|table| table.0);
        if (0..WIDTH).all(|place| way.rows[place] & wanted[place] == 0) {
            return false;
        }
        let mut demands = run.demands[..way.demands].to_vec();
        demands.push(wanted);
        search(&way.rows, &demands, &way.witness).is_some()
    })
}

/// A value of this unknown mask that leads here.
#[must_use]
pub fn example(number: usize) -> u32 {
    RUN.with_borrow(|run| {
        let witness = &run.way().witness;
        (0..WIDTH).fold(0, |bits, place| bits | u32::from(witness[place] >> number & 1) << place)
    })
}

/// Runs `run` once for each way, and returns the number of ways.
///
/// # Panics
/// If a run asks other questions than the run before it did.
pub fn each_way(run: impl FnMut()) -> usize {
    each_way_in([u128::MAX; WIDTH], run)
}

/// Does what [`each_way`] does, if each bit can be in these rows alone.
fn each_way_in(rows: Rows, mut run: impl FnMut()) -> usize {
    RUN.with_borrow_mut(|state| {
        let witness = rows.map(search::lowest);
        state.tests.clear();
        state.demands.clear();
        state.ways.clear();
        state.ways.push(Way {
            rows,
            demands: 0,
            witness,
        });
        state.is_running = true;
    });
    let mut ways = 0;
    loop {
        RUN.with_borrow_mut(|state| state.next = 0);
        run();
        ways += 1;
        if !RUN.with_borrow_mut(turn) {
            return ways;
        }
    }
}

/// Goes back to the last test that can come out otherwise. Returns whether there is one.
fn turn(run: &mut Run) -> bool {
    assert_eq!(run.next, run.tests.len(), "two runs asked different questions");
    while let Some(test) = run.tests.pop() {
        if let Some(way) = test.other {
            run.demands.truncate(way.demands);
            run.ways.truncate(test.ways - 1);
            run.ways.push(way);
            run.tests.push(Test {
                outcome: !test.outcome,
                other: None,
                ways: test.ways,
            });
            return true;
        }
    }
    run.is_running = false;
    run.ways.clear();
    run.next = 0;
    false
}

/// Runs `run` with these values of the unknown masks.
pub fn with_values(values: [u32; UNKNOWNS], run: impl FnMut()) {
    let row = |place: usize| (0..UNKNOWNS).fold(0, |row, number| row | (values[number] >> place & 1) << number);
    let ways = each_way_in(core::array::from_fn(|place| 1 << row(place)), run);
    assert_eq!(ways, 1, "one value of each mask leads one way");
}
