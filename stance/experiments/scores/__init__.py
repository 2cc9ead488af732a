"""Scores: predictions → numbers with intervals, comparisons, probes, the answer."""
