import unittest

from announcer_bench.samples import Samples


class SamplesTests(unittest.TestCase):
    def test_a_ratio_divides_what_was_measured_in_one_turn(self):
        samples = Samples()
        # The machine was three times slower in the second turn, for both: no ratio shows it.
        for turn, pace in enumerate((1, 3, 1)):
            samples.add("latency", "announcer", 11 * pace, (0, turn))
            samples.add("latency", "C", 10 * pace, (0, turn))
        self.assertEqual(samples.round_ratios(("latency", "announcer"), ("latency", "C")), [1.1])

    def test_every_round_has_its_ratio(self):
        samples = Samples()
        for number, mine in enumerate((10, 20, 30)):
            samples.add("latency", "announcer", mine, (number, 0))
            samples.add("latency", "C", 10, (number, 0))
        self.assertEqual(samples.round_ratios(("latency", "announcer"), ("latency", "C")), [1, 2, 3])

    def test_turns_that_are_not_shared_are_divided_by_their_medians(self):
        samples = Samples()
        for turn, value in enumerate((8, 9, 100)):
            samples.add("many", "announcer", value, (0, f"m{turn}"))
            samples.add("one", "announcer", 3, (0, turn))
        self.assertEqual(samples.round_ratios(("many", "announcer"), ("one", "announcer")), [3])

    def test_a_round_without_the_other_subject_has_none(self):
        samples = Samples()
        samples.add("start", "announcer", 10, (0, 0))
        samples.add("start", "keepalived", 400, (1, 0))
        self.assertEqual(samples.round_ratios(("start", "announcer"), ("start", "keepalived")), [])

    def test_nothing_is_divided_by_nothing(self):
        samples = Samples()
        samples.add("noise", "announcer", 0.1, (0, 0))
        samples.add("noise", "C", 0, (0, 0))
        self.assertEqual(samples.round_ratios(("noise", "announcer"), ("noise", "C")), [])

    def test_absent_values_are_no_samples(self):
        samples = Samples()
        samples.add("start", "announcer", None, (0, 0))
        self.assertIsNone(samples.median("start", "announcer"))
        self.assertIsNone(samples.worst("start", "announcer"))
        self.assertEqual(samples.document(), [])

    def test_the_document_has_every_sample_with_its_round(self):
        samples = Samples()
        samples.add("start", "C", 4, (2, 1))
        self.assertEqual(samples.document(), [
            {"figure": "start", "subject": "C", "samples": [{"round": 2, "turn": 1, "value": 4}]}])
