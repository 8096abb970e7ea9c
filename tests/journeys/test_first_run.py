"""The first minutes of an installation: `dryrun run` on an empty directory, and again."""

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.settings import PROJECT_DIRECTORY
from tests.fixtures.databases import GOLDEN_BANK
from tests.fixtures.served import LOOPBACK, free_port, wait_until_ready

pytestmark = pytest.mark.allow_hosts(LOOPBACK)

Start = Callable[[int], subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts ``dryrun run`` over the test's own directory."""
    started = []

    def start_on(port: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "run", "--port", str(port), "--workers", "1"],
            cwd=PROJECT_DIRECTORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={
                **os.environ,
                "DRYRUN_VAR": str(tmp_path / "var"),
                "DRYRUN_SECRET_KEY": "a secret for tests alone, forty letters or more",
                "DRYRUN_QUESTION_BANK": str(GOLDEN_BANK),
            },
        )  # fmt: skip
        started.append(process)
        return process

    yield start_on
    for process in started:
        process.kill()
        process.communicate()


def stop(process: subprocess.Popen[str]) -> str:
    """Press Ctrl-C and return what was printed."""
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=2)
    assert process.returncode == 0
    return output


def test_it_prepares_everything_serves_and_keeps_its_data(start: Start, tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = start(port)
    wait_until_ready(address, server)
    (link,) = [
        line.split()[-1]
        for line in iter(server.stdout.readline, f"Dryrun is at {address} (Ctrl-C stops it)\n")
        if "/first-administrator/" in line
    ]
    with urllib.request.urlopen(link) as page:
        assert page.status == 200
    stop(server)
    with closing(sqlite3.connect(tmp_path / "var" / "dryrun.db")) as connection:
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (65,)
        connection.execute("CREATE TABLE keepsake (word TEXT)")

    again = start(port)
    wait_until_ready(address, again)
    assert "65 unchanged" in stop(again)
    with closing(sqlite3.connect(tmp_path / "var" / "dryrun.db")) as connection:
        assert connection.execute("SELECT count(*) FROM keepsake").fetchone() == (0,)
    assert not (tmp_path / "var" / "backups").exists(), "nothing was migrated the second time"


def test_a_port_in_use_is_a_clear_error(start: Start) -> None:
    port = free_port()
    first = start(port)
    wait_until_ready(f"http://127.0.0.1:{port}", first)

    second = start(port)
    _, errors = second.communicate(timeout=20)

    assert second.returncode == 1
    assert errors.startswith(f"dryrun: Port {port} of 127.0.0.1 cannot be used")
    stop(first)
