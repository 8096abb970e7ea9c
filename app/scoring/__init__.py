"""Scoring: marking, apportionment, the scale and domain results, as pure functions.

Standard library only. It never knows a table, a request or the time. The formulas and their
sources are in ``docs/scoring.md``.
"""
