"""The commands of accounts."""

import argparse

from app import clock
from app.accounts import service
from app.persistence.database import Database
from app.persistence.schema import require_current_schema
from app.settings import Settings


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer ``admin-link``."""
    parser = subparsers.add_parser(
        "admin-link", help="print a one-time link for the first administrator"
    )
    parser.add_argument(
        "--address",
        default="http://127.0.0.1:8000",
        help="address that browsers reach the server at",
    )
    parser.add_argument(
        "--another",
        action="store_true",
        help="make a link although there is an administrator, who has lost the password",
    )
    parser.set_defaults(func=admin_link)


def admin_link(args: argparse.Namespace, settings: Settings) -> int:
    """Print the link, which works once and for 24 hours; any printed before is dead."""
    database = Database.from_url(settings.database_url)
    require_current_schema(database.engine)
    token = database.run_in_transaction(
        lambda session: service.first_administrator_link(
            session, now=clock.now(), another=args.another
        )
    )
    if token is None:
        print("There is an administrator already. Sign in, or use --another.")
    else:
        print(f"{args.address.rstrip('/')}/first-administrator/{token}")
    return 0
