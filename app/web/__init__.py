"""Web: the page kit that every room renders with.

Its door is ``kit.install``. It knows nothing of any room: who somebody is arrives through
Flask-Login's ``current_user``, and what a view demands is only written down here (``access``) and
enforced by accounts.
"""
