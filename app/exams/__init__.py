"""Exams: forms, attempts, the save protocol and the exam room.

Its door is ``service``; ``assembly.py`` and ``timing.py`` are pure. It must never send a key, a
rationale, a skill code or a pretest mark before an attempt is closed.
"""
