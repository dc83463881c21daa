import unittest
import xml.etree.ElementTree as xml

from announcer_bench import svg
from announcer_bench.rows import SUBJECTS, Result, Row

SVG = "{http://www.w3.org/2000/svg}"


def result(ratios, more_is_better=False, text="a & b", against="C"):
    row = Row(text, "f", "us", against, more_is_better=more_is_better)
    return Result(row, {s: None for s in SUBJECTS}, sorted(ratios)[len(ratios) // 2], ratios, None)


def rectangles(drawn):
    root = xml.fromstring(svg.draw([svg.Panel("P", drawn)], "T & t", "s"))
    return [r for r in root.iter(SVG + "rect") if r.get("rx") and r.get("height") != "12"]


class PictureTests(unittest.TestCase):
    def test_a_rate_is_drawn_as_time_per_answer(self):
        bar = svg.bars([result([0.5, 0.8, 1.0], more_is_better=True)])[0]
        self.assertEqual((bar.low, bar.ratio, bar.high), (1, 1.25, 2))

    def test_what_has_no_ratio_is_not_drawn(self):
        plain = Result(Row("memory", "f", "MiB"), {}, 3.0, [], None)
        self.assertEqual(svg.bars([plain, result([0.0, 1.0, 1.0])]), [])

    def test_bars_begin_at_one_and_end_at_the_ratio(self):
        less, more = rectangles([svg.Bar("l", "C", 0.5, 0.4, 0.6), svg.Bar("m", "C", 2, 2, 2)])
        one = float(more.get("x"))
        self.assertAlmostEqual(float(less.get("x")) + float(less.get("width")), one, places=1)
        # The scale is logarithmic: half and twice are equally long.
        self.assertAlmostEqual(float(less.get("width")), float(more.get("width")), places=0)

    def test_the_axis_reaches_around_every_whisker_and_around_one(self):
        self.assertEqual(svg.scale([svg.Bar("l", "C", 0.004, 0.003, 0.0045)]), (0.002, 2))
        self.assertEqual(svg.scale([]), (0.5, 2))

    def test_nothing_leaves_the_picture(self):
        drawn = [svg.Bar("l", "C", 1e-6, 1e-7, 1e-5), svg.Bar("m", "kernel", 1e4, 1e3, 1e5)]
        for bar in rectangles(drawn):
            self.assertGreaterEqual(float(bar.get("x")), svg.LABEL)
            self.assertLessEqual(float(bar.get("x")) + float(bar.get("width")),
                                 svg.LABEL + svg.PLOT + 2)

    def test_it_is_well_formed_and_follows_the_reader_into_the_dark(self):
        drawn = svg.panels([result([1, 1, 1]), result([2, 2, 2], against="kernel")])
        text = svg.draw(drawn, "T", "s")
        xml.fromstring(text)
        self.assertIn("prefers-color-scheme: dark", text)
        self.assertIn("against kernel", text)
        self.assertEqual(text, svg.draw(drawn, "T", "s"))

    def test_takeovers_have_a_scale_of_their_own(self):
        slow = Result(Row("takeover", "f", "ms", "keepalived"), {}, 0.001, [0.001], None)
        answers, takeovers = svg.panels([result([1, 1, 1]), slow])
        self.assertEqual([bar.label for bar in answers.bars], ["a & b"])
        self.assertEqual([bar.label for bar in takeovers.bars], ["takeover"])
        self.assertEqual([panel.title for panel in svg.panels([slow])], ["Takeover and start"])
