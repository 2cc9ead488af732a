"""Targets: what a stance is about; where a text mentions it; which targets an article has."""
