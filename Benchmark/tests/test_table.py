import unittest

from announcer_bench import table
from announcer_bench.rows import SUBJECTS, Result, Row


def result(ok=True, reached=1.1, ratios=(1.0, 1.1, 1.3), text="a <b>", ratio_to="C", values=None):
    row = Row(text, "f", "us", ratio_to, at_most=1.15)
    values = {subject: None for subject in SUBJECTS} | (values or {"announcer": 1234.5, "C": 0.512})
    return Result(row, values, reached, list(ratios), ok)


class TableTests(unittest.TestCase):
    def test_a_line_has_values_ratio_range_target_and_verdict(self):
        self.assertEqual(table.cells(result(ok=False)), (
            "a <b>", "us", "1,234", "0.512", "-", "-", "-", "1.10 x C", "1.00 .. 1.30", "<= 1.15",
            "MISS"))

    def test_small_ratios_keep_two_digits(self):
        self.assertIn("0.0012 x C", table.cells(result(reached=0.00123)))

    def test_a_value_without_target_or_ratio_is_not_repeated(self):
        plain = Result(Row("memory", "f", "MiB"), {s: 3.0 for s in SUBJECTS}, 3.0, [], None)
        self.assertEqual(table.cells(plain)[-4:], ("", "", "", ""))

    def test_words_stand_where_a_subject_is_not_installed(self):
        line = table.cells(result(values={"announcer": 1.0, "keepalived": "not installed"}))
        self.assertIn("not installed", line)

    def test_columns_are_aligned(self):
        lines = table.text([result(), result(text="a much longer text")]).splitlines()
        self.assertEqual(len({line.index("1,234") for line in lines[2:]}), 1)
        self.assertEqual(set(lines[1]), {"-"})

    def test_markdown_has_as_many_cells_in_each_line(self):
        lines = table.markdown([result(), result(ok=None)]).splitlines()
        self.assertEqual({line.count("|") for line in lines}, {len(table.HEAD) + 1})

    def test_html_is_escaped_and_marks_misses(self):
        page = table.page([result(ok=False)])
        self.assertIn("a &lt;b&gt;", page)
        self.assertIn("class=miss", page)
