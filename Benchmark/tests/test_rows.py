import unittest

from announcer_bench import rows
from announcer_bench.rows import Row
from announcer_bench.samples import Samples


def filled(**values):
    samples = Samples()
    for subject, series in values.items():
        for number, value in enumerate(series):
            samples.add("f", subject, value, (number, 0))
    return samples


class RowTests(unittest.TestCase):
    def test_a_ratio_is_held_against_its_target(self):
        row = Row("text", "f", "us", "C", at_most=1.15)
        self.assertTrue(row.evaluate(filled(announcer=[11, 11], C=[10, 10])).ok)
        missed = row.evaluate(filled(announcer=[12, 12], C=[10, 10]))
        self.assertFalse(missed.ok)
        self.assertEqual(missed.target(), "<= 1.15")

    def test_a_rate_is_to_be_at_least_its_target(self):
        row = Row("text", "f", "1/s", "C", at_least=0.85, more_is_better=True)
        self.assertTrue(row.evaluate(filled(announcer=[90], C=[100])).ok)
        self.assertFalse(row.evaluate(filled(announcer=[80], C=[100])).ok)

    def test_the_worst_is_held_where_the_row_says_so(self):
        row = Row("text", "f", "ms", at_most=100, worst=True)
        self.assertFalse(row.evaluate(filled(announcer=[1, 1, 101])).ok)

    def test_what_is_not_installed_is_said_where_it_would_stand(self):
        row = Row("text", "f", "ms", "keepalived", figures={"keepalived": "k", "ucarp": "u"})
        result = row.evaluate(filled(announcer=[1]), missing=["keepalived"])
        self.assertEqual(result.values["keepalived"], "not installed")
        self.assertIsNone(result.values["ucarp"])
        self.assertIsNone(result.reached)
        self.assertIsNone(Row("text", "f", "ms").evaluate(
            filled(announcer=[1]), missing=["keepalived"]).values["keepalived"])

    def test_without_samples_a_row_is_neither_reached_nor_missed(self):
        result = Row("text", "f", "us", "C", at_most=1).evaluate(Samples())
        self.assertIsNone(result.reached)
        self.assertIsNone(result.ok)
        self.assertFalse(result.measured())

    def test_a_row_is_measured_as_soon_as_one_subject_is(self):
        row = Row("text", "f", "ms", "keepalived", figures={"keepalived": "f"})
        self.assertTrue(row.evaluate(filled(keepalived=[1])).measured())
        self.assertFalse(row.evaluate(Samples(), missing=["keepalived"]).measured())

    def test_no_two_rows_have_one_name(self):
        for table in (rows.all_rows(2), rows.checked_rows()):
            texts = [row.text for row in table]
            self.assertEqual(len(texts), len(set(texts)))

    def test_a_median_of_an_even_number_lies_between_the_middle_two(self):
        self.assertEqual(rows.median([4, 1, 3, 2]), 2.5)
        self.assertEqual(rows.median([3, 1, 2]), 2)
        self.assertIsNone(rows.median([]))
