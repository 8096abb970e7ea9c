"""The ``dryrun`` command: one subcommand per chore, each offered by the room it belongs to."""

import argparse
import os
import sys

from app import commands
from app.accounts import commands as accounts_commands
from app.bank import commands as bank_commands
from app.errors import DomainError
from app.exams import service as exams
from app.settings import Settings, SettingsError


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; a refusal is one sentence on standard error."""
    parser = argparse.ArgumentParser(prog="dryrun", description="Practice-exam server.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_commands(subparsers)
    bank_commands.add_commands(subparsers, dealt=exams.dealt_versions)
    accounts_commands.add_commands(subparsers)
    args = parser.parse_args(arguments)
    try:
        status: int = args.func(args, Settings.from_environ(os.environ))
    except (DomainError, SettingsError) as error:
        print(f"dryrun: {error}", file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
