"""Contrast pairs made from templates and open vocabularies; the `own` and `composed` generators live here.

Nothing in this package reads a clock or the network: the same seed gives the same bytes.
"""

from classifier_export.generate.command import generate as main

__all__ = ["main"]
