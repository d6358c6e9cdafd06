//! The axis of a chart: from a round number to a round number, in round steps.

/// Where an axis begins and ends, and how far its lines are apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) step: f64,
}

/// So many lines, or a few more.
const LINES: f64 = 4.0;

impl Scale {
    /// For values between those two; nought is on it. In whole steps, where `is_whole`.
    pub(super) fn of(least: f64, most: f64, is_whole: bool) -> Scale {
        let (least, most) = (least.min(0.0), most.max(0.0));
        let span = if most > least { most - least } else { 1.0 };
        let mut step = round(span / LINES);
        if is_whole {
            step = step.max(1.0);
        }
        // A full step at least: a flat line at nought has an axis too.
        let to = ((most / step).ceil() * step).max(if least < 0.0 { 0.0 } else { step });
        Scale { from: (least / step).floor() * step, to, step }
    }

    /// How far up a value is, of 1.
    pub(super) fn share(self, value: f64) -> f64 {
        (value - self.from) / (self.to - self.from)
    }

    /// The values of its lines.
    pub(super) fn lines(self) -> Vec<f64> {
        let count = ((self.to - self.from) / self.step).round() as i32;
        // Of the number of steps: to add them up would add up what is not exact.
        (0..=count).map(|line| ((self.from / self.step).round() + f64::from(line)) * self.step).collect()
    }
}

/// The next of 1, 2, 5, 10, … at or above it.
fn round(least: f64) -> f64 {
    let mut unit = 1.0;
    while unit > least {
        unit /= 10.0;
    }
    while unit * 10.0 < least {
        unit *= 10.0;
    }
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * unit).find(|step| *step >= least).unwrap_or(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_hold_all_values() {
        for (least, most, is_whole, expected) in [
            (0.0, 87.0, true, Scale { from: 0.0, to: 100.0, step: 50.0 }),
            (0.0, 3.0, true, Scale { from: 0.0, to: 3.0, step: 1.0 }),
            (0.0, 0.0, true, Scale { from: 0.0, to: 1.0, step: 1.0 }),
            (-30.0, 100.0, false, Scale { from: -50.0, to: 100.0, step: 50.0 }),
            (-5.0, -1.0, false, Scale { from: -6.0, to: 0.0, step: 2.0 }),
            (0.0, 1_234_567.0, false, Scale { from: 0.0, to: 1_500_000.0, step: 500_000.0 }),
        ] {
            assert_eq!(Scale::of(least, most, is_whole), expected, "{least} {most}");
        }
        assert_eq!(Scale::of(0.0, 87.0, true).lines(), [0.0, 50.0, 100.0]);
        let small = Scale::of(0.0, 0.31, false);
        assert!(small.to >= 0.31 && small.lines().len() >= 4, "{small:?}");
    }
}
