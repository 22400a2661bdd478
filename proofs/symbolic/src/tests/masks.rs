//! The mask that represents every mask, against the library's own, which is compiled here from its file: all operations, with random
//! numbers in place of the unknown masks.

#[path = "../../../../src/mask/access_mask.rs"]
#[allow(dead_code, reason = "the library's file")]
mod library;

use crate::{
    AccessMask,
    explorer::{UNKNOWNS, with_values},
};

/// Numbers that look random, the same on each run (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as u32
    }

    /// A mask of few bits, of many bits, or a special one.
    fn mask(&mut self) -> u32 {
        match self.next() % 6 {
            0 => 0,
            1 => u32::MAX,
            2 => 1 << (self.next() % 32),
            3 => self.next() & self.next() & self.next(),
            4 => self.next() | self.next(),
            _ => self.next(),
        }
    }
}

/// Both masks, of one value.
type Pair = (AccessMask, library::AccessMask);

fn assert_equal((here, there): Pair, operation: &str) {
    let bits = there.bits();
    for place in 0..32 {
        let right = AccessMask::from_bits_retain(1 << place);
        assert_eq!(
            here.contains(right),
            bits >> place & 1 == 1,
            "{operation}: bit {place} of {bits:#x}"
        );
    }
}

#[test]
fn all_operations_are_those_of_the_library() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..2_000 {
        let values: [u32; UNKNOWNS] = core::array::from_fn(|_| random.mask());
        let constant = random.mask();
        let mut tests = 0;
        with_values(values, || {
            let mut pairs: Vec<Pair> = (0..UNKNOWNS)
                .map(|number| {
                    (
                        AccessMask::unknown(number),
                        library::AccessMask::from_bits_retain(values[number]),
                    )
                })
                .collect();
            pairs.push((
                AccessMask::from_bits_retain(constant),
                library::AccessMask::from_bits_retain(constant),
            ));
            pairs.push((AccessMask::from(constant), library::AccessMask::from(constant)));
            pairs.push((AccessMask::empty(), library::AccessMask::empty()));
            pairs.push((AccessMask::all(), library::AccessMask::all()));
            pairs.push((AccessMask::default(), library::AccessMask::default()));
            let mut operands = Random(u64::from(constant) + 1);
            for _ in 0..20 {
                let count = pairs.len() as u32;
                let mut pick = || pairs[(operands.next() % count) as usize];
                let ((a, x), (b, y)) = (pick(), pick());
                assert_eq!(a.is_empty(), x.is_empty());
                assert_eq!(a.intersects(b), x.intersects(y));
                assert_eq!(a.contains(b), x.contains(y));
                assert_eq!(a == b, x == y);
                assert!(
                    a.single_rights()
                        .map(|right| right.bits())
                        .eq(x.single_rights().map(|right| right.bits()))
                );
                let (mut c, mut z) = (a, x);
                c |= b;
                z |= y;
                let results = [
                    ((a.union(b), x.union(y)), "union"),
                    ((a | b, x | y), "|"),
                    ((c, z), "|="),
                    ((a.intersection(b), x.intersection(y)), "intersection"),
                    ((a.difference(b), x.difference(y)), "difference"),
                    ((a.complement(), x.complement()), "complement"),
                ];
                for (pair, operation) in results {
                    assert_equal(pair, operation);
                    pairs.push(pair);
                }
                tests += 1;
            }
        });
        assert_eq!(tests, 20);
    }
}

#[test]
fn the_constants_are_those_of_the_library() {
    let constants = [
        (AccessMask::DELETE, library::AccessMask::DELETE),
        (AccessMask::READ_CONTROL, library::AccessMask::READ_CONTROL),
        (AccessMask::WRITE_DAC, library::AccessMask::WRITE_DAC),
        (AccessMask::WRITE_OWNER, library::AccessMask::WRITE_OWNER),
        (AccessMask::SYNCHRONIZE, library::AccessMask::SYNCHRONIZE),
        (
            AccessMask::ACCESS_SYSTEM_SECURITY,
            library::AccessMask::ACCESS_SYSTEM_SECURITY,
        ),
        (AccessMask::MAXIMUM_ALLOWED, library::AccessMask::MAXIMUM_ALLOWED),
        (AccessMask::GENERIC_ALL, library::AccessMask::GENERIC_ALL),
        (AccessMask::GENERIC_EXECUTE, library::AccessMask::GENERIC_EXECUTE),
        (AccessMask::GENERIC_WRITE, library::AccessMask::GENERIC_WRITE),
        (AccessMask::GENERIC_READ, library::AccessMask::GENERIC_READ),
        (AccessMask::GENERIC, library::AccessMask::GENERIC),
        (
            AccessMask::SPECIFIC_AND_STANDARD,
            library::AccessMask::SPECIFIC_AND_STANDARD,
        ),
    ];
    for (here, there) in constants {
        assert_eq!(here.bits(), there.bits());
    }
}

/// In bytes, a number represents each unknown mask, and no number represents another mask.
#[test]
fn an_unknown_mask_has_a_number_that_reads_as_the_mask() {
    for number in 0..UNKNOWNS {
        for mask in [
            AccessMask::unknown(number),
            AccessMask::unknown(number).difference(AccessMask::GENERIC),
        ] {
            let read = AccessMask::from_bits_retain(mask.bits());
            assert_eq!(read.tables(), mask.tables());
        }
    }
}
