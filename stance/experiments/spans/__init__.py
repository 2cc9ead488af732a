"""Spans: experiments in finding who says what by which words, scored by offsets."""
