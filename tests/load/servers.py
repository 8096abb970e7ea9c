"""The two servers under measurement, started alike: same flags, same engine, loopback only."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.commands import server_command
from app.settings import PROJECT_DIRECTORY
from tests.fixtures.postgresql import DURABLE, Server, administer
from tests.fixtures.served import free_port

SECRET = "a secret for measurements alone, forty letters"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Databases:
    """Where product and floor keep their rows, and the database server's process, if any."""

    product_url: str
    floor_url: str
    directory: Path
    process_id: int | None = None


@contextmanager
def databases(engine: str) -> Iterator[Databases]:
    """Make a database for each of the two, durable as in production."""
    with tempfile.TemporaryDirectory(prefix="dryrun-bench-") as name:
        directory = Path(name)
        if engine == "sqlite":
            urls = (f"sqlite:///{directory}/{each}.db" for each in ("product", "floor"))
            yield Databases(*urls, directory=directory)
            return
        server = Server(Path(tempfile.mkdtemp(prefix="dryrun-bench-pg-")), durability=DURABLE)
        try:
            for each in ("product", "floor"):
                administer(str(server.directory), f"CREATE DATABASE {each}")
            yield Databases(
                server.url("product"), server.url("floor"), directory, server.process_id
            )
        finally:
            server.stop()


@contextmanager
def served(target: str, *, directory: Path, **environ: str) -> Iterator[tuple[int, int]]:
    """Serve an application factory with the product's own flags; yield port and process id."""
    port = free_port()
    command = server_command("127.0.0.1", port, os.cpu_count() or 1)
    process = subprocess.Popen(
        [*command[:-1], target],
        cwd=PROJECT_DIRECTORY,
        # The request log is part of the product; writing it to a terminal is not.
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={
            **os.environ,
            "DRYRUN_SECRET_KEY": SECRET,
            "DRYRUN_VAR": str(directory / "var"),
            "PYTHONPATH": str(PROJECT_DIRECTORY),
            **environ,
        },
    )
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def cpu_seconds(*roots: int | None) -> float:
    """Return the processor time used so far by these processes and all below them."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            # The process ended while we looked.
            continue
        process_id = int(path.parent.name)
        parents[process_id] = int(fields[1])
        used[process_id] = (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND
    wanted = {root for root in roots if root is not None}
    while below := {each for each, parent in parents.items() if parent in wanted} - wanted:
        wanted |= below
    return sum(used.get(each, 0.0) for each in wanted)


if sys.platform != "linux":
    raise SystemExit("The measurement reads /proc, so it needs Linux.")
