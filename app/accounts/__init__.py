"""Accounts: who somebody is, how they signed in, and what they may do.

Its door is ``service``. It never knows what an exam is.
"""
