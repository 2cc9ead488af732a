"""Runs: data in, models trained cell by cell, what is done kept, the folder written."""
