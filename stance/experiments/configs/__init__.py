"""Configs in YAML: read, extended, swept, overridden, and checked whole."""
