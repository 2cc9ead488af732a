"""Passages to numbers: one extractor a file."""
