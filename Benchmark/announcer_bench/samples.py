"""Every sample of a run, and what is made of them. Pure."""

import statistics


class Samples:
    """Values by figure and subject. Each has a turn, `(round, number)`: what subjects measured in
    one turn was measured side by side, and only that is divided by each other where it can be."""

    def __init__(self):
        self.values = {}

    def add(self, figure, subject, value, turn):
        if value is not None:
            self.values.setdefault((figure, subject), []).append((turn, value))

    def all(self, figure, subject):
        return [value for _, value in self.values.get((figure, subject), [])]

    def median(self, figure, subject):
        values = self.all(figure, subject)
        return statistics.median(values) if values else None

    def worst(self, figure, subject):
        return max(self.all(figure, subject), default=None)

    def round_ratios(self, over, under):
        """The ratio of two series, `(figure, subject)` each, in every round that has both: the
        median over the pairs of a turn, or of the round's medians where turns are not shared."""
        ratios = []
        mine, other = self.by_round(over), self.by_round(under)
        for number in sorted(mine.keys() & other.keys()):
            shared = mine[number].keys() & other[number].keys()
            if shared:
                pairs = [mine[number][turn] / other[number][turn] for turn in shared
                         if other[number][turn]]
                if pairs:
                    ratios.append(statistics.median(pairs))
            elif base := statistics.median(other[number].values()):
                ratios.append(statistics.median(mine[number].values()) / base)
        return ratios

    def by_round(self, series):
        rounds = {}
        for (number, turn), value in self.values.get(series, []):
            rounds.setdefault(number, {})[turn] = value
        return rounds

    def document(self):
        """For JSON: figure, subject, and every sample with its round."""
        return [{"figure": figure, "subject": subject,
                 "samples": [{"round": turn[0], "turn": turn[1], "value": value}
                             for turn, value in values]}
                for (figure, subject), values in self.values.items()]
