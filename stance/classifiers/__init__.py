"""Estimators on passages, in scikit-learn's manner."""
