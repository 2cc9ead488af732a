"""Encoders: one encoder trained on many tasks, scored before and after it is made small."""
