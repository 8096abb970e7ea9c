"""Persistence: the declarative base, column types, the engine and the one transaction wrapper.

Its door is :class:`Database` in ``database.py``. It never knows a table of the product.
"""
