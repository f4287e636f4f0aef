"""Timings side by side with the peers, as ratios within one run: ``python -m benchmarks.NAME``."""
