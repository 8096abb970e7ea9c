"""The bank: exams' outlines and specifications, items, their frozen versions and their editions.

Its door is ``service``. ``content.py`` is pure. It never knows who sat an exam.
"""
