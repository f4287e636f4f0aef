"""Experiments: the code that trains networks and measures them. Nothing here writes on its own."""
