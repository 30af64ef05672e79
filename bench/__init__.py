"""Benchmarks: the measurements behind the decision records. The service imports nothing from here."""
