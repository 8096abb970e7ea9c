"""Dryrun: a practice-exam server for the AWS Certified Developer - Associate exam.

The map of rooms, outermost first; a room may know the rooms below it, never one above:

factory      assembles the Flask application; the only module that knows every room
cli          the ``dryrun`` command
commands     run, serve, jobs and migrate: starting the product and keeping it running
reports      home, results and reviews: the read side
exams        forms, attempts, the save protocol and the exam room
bank         items, versions, outlines and the loader of ``question_bank/``
accounts     users, sessions, sign-in, roles and the audit log
web          the page kit: templates, static files, error pages, access rules
persistence  engine, sessions, transactions and column types
scoring      pure: marking, apportionment, scale and domain results
clock, settings, errors, supervisor

This module imports nothing, so that importing a pure room never loads Flask.
"""
