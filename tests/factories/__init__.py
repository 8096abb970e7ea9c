"""Deterministic makers of what tests start from."""
