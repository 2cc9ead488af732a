"""Voices: experiments in naming whose words each paragraph gives."""
