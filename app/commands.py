"""The commands that start the product and keep it running: run, serve, jobs and migrate."""

import argparse
import os
import socket
import sys
import time
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.accounts import service as accounts
from app.bank import service as bank
from app.errors import DomainError
from app.exams import service as exams
from app.persistence.database import Database
from app.persistence.migrations import migrate as migrate_schema
from app.settings import Settings
from app.supervisor import Child, Supervisor

SWEEP_SECONDS = 15
# Dead sessions and links are removed once in so many sweeps: about once an hour.
SWEEPS_PER_TIDYING = 240
SWEEP_LIMIT = 500
BLOCKING_THREADS = 2
# Connections held open, and requests at work or waiting in one worker; with granian's own figures
# a thousand open connections starve without an error.
BACKLOG = 16384
BACKPRESSURE = 8192

logger = structlog.get_logger("dryrun")


class CannotStart(DomainError):  # noqa: N818 - see app.errors
    """The server cannot be started as asked; the message says why and what to do."""


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer run, serve, jobs and migrate."""
    run_parser = subparsers.add_parser("run", help="prepare the database, then serve and do jobs")
    serve_parser = subparsers.add_parser("serve", help="serve pages from a prepared database")
    for parser in (run_parser, serve_parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", default="8000", help="port to listen on (8000)")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    run_parser.set_defaults(func=run)
    serve_parser.set_defaults(func=serve)
    subparsers.add_parser("jobs", help="close overdue attempts, for ever").set_defaults(func=jobs)
    subparsers.add_parser("migrate", help="bring the database's schema up to date").set_defaults(
        func=migrate
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Prepare the database, then serve and do the jobs until stopped."""
    port = free_port(args.host, args.port)
    _prepare(settings, address=f"http://{args.host}:{port}")
    server = Child("server", server_command(args.host, port, args.workers))
    jobs_process = Child("jobs process", [sys.executable, "-m", "app.cli", "jobs"])
    return _supervise(args.host, port, [server, jobs_process])


def serve(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until stopped; migrations, the bank and the jobs are somebody else's."""
    port = free_port(args.host, args.port)
    server = Child("server", server_command(args.host, port, args.workers))
    return _supervise(args.host, port, [server])


def migrate(args: argparse.Namespace, settings: Settings) -> int:
    """Bring the schema up to date; a SQLite file is copied to var/backups before it changes."""
    changed = _migrate(Database.from_url(settings.database_url), settings)
    print("The schema was brought up to date." if changed else "The schema is up to date.")
    return 0


def jobs(args: argparse.Namespace, settings: Settings) -> int:
    """Close overdue attempts every 15 seconds, and remove dead rows every hour, until killed.

    Correctness does not depend on it: each read closes what is overdue. It makes results appear
    for candidates who never come back.
    """
    database = Database.from_url(settings.database_url, pool_size=1)
    sweeps = 0
    while True:
        try:
            sweep(database)
            if sweeps % SWEEPS_PER_TIDYING == 0:
                database.run_in_transaction(
                    lambda session: accounts.remove_expired(session, now=clock.now())
                )
        except SQLAlchemyError as error:
            # The database may be away for a while; the next sweep finds the same attempts.
            logger.warning("jobs failed", exc_info=error)
        sweeps += 1
        time.sleep(SWEEP_SECONDS)


def sweep(database: Database) -> int:
    """Close overdue attempts, each in its own transaction, and return how many were closed.

    One that fails is logged and left for the next sweep; the others are closed all the same.
    """
    with database.reading() as session:
        overdue = exams.everybodys_overdue_attempts(session, now=clock.now(), limit=SWEEP_LIMIT)
    closed = 0
    for key in overdue:
        close = partial(exams.close_if_overdue, key=key, now=clock.now())
        try:
            closed += database.run_in_transaction(close)
        except SQLAlchemyError:
            # The database itself is in trouble, which the caller reports.
            raise
        except Exception as error:
            logger.error("an attempt could not be closed", attempt=key.public_id, exc_info=error)
    return closed


def free_port(host: str, text: str) -> int:
    """Return the port as a number; raises CannotStart when it is none, or is in use.

    Granian shares a port with another server silently, so somebody has to look first.
    """
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT is {text!r}. Set it to a number from 1 to 65535.")
    with socket.socket() as probe:
        # Connections that a server has just closed do not count as use.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(text)))
        except OSError as error:
            raise CannotStart(
                f"Port {text} of {host} cannot be used ({error.strerror}). "
                f"Stop what uses it, or choose another: make run PORT=8001."
            ) from error
    return int(text)


def _prepare(settings: Settings, *, address: str) -> None:
    settings.var_directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database.from_url(settings.database_url)
    if _migrate(database, settings):
        print("The database's schema was brought up to date.", flush=True)
    now = clock.now()
    print(load_or_keep(database, settings.question_bank_directory, now=now), flush=True)
    token = database.run_in_transaction(
        lambda session: accounts.first_administrator_link(session, now=now)
    )
    if token is not None:
        link = f"{address}/first-administrator/{token}"
        print(f"First administrator (once, for 24 hours): {link}", flush=True)
    database.engine.dispose()


def load_or_keep(database: Database, directory: Path, *, now: datetime) -> str:
    """Bring the bank to its files and return what to print about it.

    A slip in one file must not take a running installation down: where a bank was loaded before, it
    stays as it was, and the report says so and why. On an empty database the refusal is raised.
    """
    load = partial(bank.load_bank, directory=directory, now=now, dealt=exams.dealt_versions)
    try:
        return str(database.run_in_transaction(load))
    except DomainError as refusal:
        with database.reading() as session:
            if not bank.list_specifications(session):
                raise
        return f"{refusal}\nThe bank stays as it was loaded before."


def _migrate(database: Database, settings: Settings) -> bool:
    return migrate_schema(
        database.engine, backup_directory=settings.var_directory / "backups", now=clock.now()
    )


def server_command(host: str, port: int, workers: int) -> list[str]:
    """Return the command that serves the product, its last part the application's factory."""
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": port,
        "--workers": workers,
        "--blocking-threads": BLOCKING_THREADS,
        "--backlog": BACKLOG,
        "--backpressure": BACKPRESSURE,
        "--respawn-interval": 0.1,
        "--log-level": "warning",
    }
    flags = [str(part) for option in options.items() for part in option]
    return [
        sys.executable, "-m", "granian", *flags, "--factory", "--respawn-failed-workers",
        "app.factory:create_app",
    ]  # fmt: skip


def _supervise(host: str, port: int, children: list[Child]) -> int:
    def announce() -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            # Compared with, not bound to: a server on every address is probed on loopback.
            if probe.connect_ex((host if host != "0.0.0.0" else "127.0.0.1", port)):  # noqa: S104
                return False
        print(f"Dryrun is at http://{host}:{port} (Ctrl-C stops it)", flush=True)
        return True

    return Supervisor(children, announce=announce).run()
