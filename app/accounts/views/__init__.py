"""Pages of accounts; each module registers its routes on the one blueprint."""

from app.accounts.views.blueprint import bp

from app.accounts.views import account, entering, links, people  # isort: skip

__all__ = ["account", "bp", "entering", "links", "people"]
