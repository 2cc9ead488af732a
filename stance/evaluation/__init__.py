"""Metrics, intervals, significance, calibration and agreement. Nothing here fits a model."""
