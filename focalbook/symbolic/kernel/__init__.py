"""The steps that a program can verify, and how it does: the trusted part of every derivation."""
