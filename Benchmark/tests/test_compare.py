import random
import unittest

from announcer_bench import compare
from announcer_bench.rows import Row

TIME = Row("a time", "f", "us", "C")
RATE = Row("a rate", "f", "1/s", "C", more_is_better=True)


class CompareTests(unittest.TestCase):
    def state(self, row, ratios, base, margin=0.10):
        return compare.judge(row, ratios, {"ratio": base, "margin": margin}).state

    def test_more_than_a_tenth_worse_is_a_regression(self):
        self.assertEqual(self.state(TIME, [1.09, 1.09, 1.09], 1.0), "ok")
        self.assertEqual(self.state(TIME, [1.11, 1.11, 1.11], 1.0), "REGRESSED")

    def test_a_rate_regresses_downwards(self):
        self.assertEqual(self.state(RATE, [0.92], 1.0), "ok")
        self.assertEqual(self.state(RATE, [0.90], 1.0), "REGRESSED")
        self.assertEqual(self.state(RATE, [2.0], 1.0), "ok")

    def test_what_became_better_is_no_regression(self):
        verdict = compare.judge(TIME, [0.5], {"ratio": 1.0, "margin": 0.1})
        self.assertEqual(verdict.state, "ok")
        self.assertIn("50.0% better", verdict.line())

    def test_one_bad_round_of_three_decides_nothing(self):
        self.assertEqual(self.state(TIME, [1.0, 3.0, 1.02], 1.0), "ok")

    def test_a_regression_says_which_row_and_by_how_much(self):
        line = compare.judge(TIME, [1.25], {"ratio": 1.0, "margin": 0.1}).line()
        self.assertIn("REGRESSED  a time: 1.250, committed 1.000: 25.0% worse", line)

    def test_a_wider_margin_is_held_as_stated(self):
        self.assertEqual(self.state(TIME, [1.2], 1.0, margin=0.25), "ok")
        self.assertEqual(self.state(TIME, [1.3], 1.0, margin=0.25), "REGRESSED")

    def test_what_was_not_measured_or_not_committed_does_not_pass(self):
        verdicts = [compare.judge(TIME, [], {"ratio": 1.0, "margin": 0.1}),
                    compare.judge(TIME, [1.0], None)]
        self.assertEqual([verdict.state for verdict in verdicts], ["MISSING", "MISSING"])
        self.assertEqual(compare.failed(verdicts), verdicts)

    def test_what_is_left_out_fails_nothing_and_says_why(self):
        verdict = compare.judge(TIME, [9.0], {"ratio": 1.0, "leftOut": "too noisy"})
        self.assertEqual(compare.failed([verdict]), [])
        self.assertIn("left out   a time: too noisy", verdict.line())


class EntryTests(unittest.TestCase):
    def test_a_steady_row_is_held_to_a_tenth(self):
        kept = compare.entry([1.0, 1.01, 0.99, 1.02, 1.0, 0.98])
        self.assertEqual(kept["ratio"], 1.0)
        self.assertEqual(kept["margin"], 0.10)

    def test_a_row_that_varies_gets_the_margin_that_it_needs(self):
        kept = compare.entry([1.0, 1.2, 0.85, 1.05, 1.18, 0.9, 1.0])
        self.assertGreater(kept["spread"], 0.10)
        self.assertGreaterEqual(kept["margin"], kept["spread"])
        self.assertLess(kept["margin"] - kept["spread"], 0.05)

    def test_a_row_of_noise_is_left_out_with_the_reason(self):
        kept = compare.entry([1.0, 3.0, 0.4, 2.0, 0.5, 1.6])
        self.assertNotIn("margin", kept)
        self.assertIn("could not be told from noise", kept["leftOut"])

    def test_one_bad_round_of_nine_widens_nothing(self):
        self.assertEqual(compare.entry([1.0] * 8 + [5.0])["margin"], 0.10)

    def test_noise_within_the_margins_hardly_ever_fails(self):
        rng = random.Random(7)
        alarms = 0
        for _ in range(200):
            kept = compare.entry([rng.gauss(1, 0.06) for _ in range(9)])
            rounds = [rng.gauss(1, 0.06) for _ in range(6)]
            alarms += compare.judge(TIME, rounds, kept).state == "REGRESSED"
        self.assertLessEqual(alarms, 4)
