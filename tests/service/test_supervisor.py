"""The supervisor: starts again what dies, takes leftovers along, and stops everything quickly."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import PROJECT_DIRECTORY

# Two children; the first starts a process of its own, as a server starts its workers.
PROGRAM = """
import sys
from app.supervisor import Child, Supervisor

directory = sys.argv[1]
note = 'echo $$ >> "$0"'
with_worker = f'trap "kill %1" TERM; {note}; sleep 60 & echo $! >> "$0.worker"; wait'
sys.exit(Supervisor([
    Child("first", ["bash", "-c", with_worker, f"{directory}/first"]),
    Child("second", ["bash", "-c", f"{note}; exec sleep 60", f"{directory}/second"]),
]).run())
"""


def wait_for(condition, *, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def process_ids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Return a running supervisor whose children have written their process ids."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=PROJECT_DIRECTORY, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(lambda: process_ids(tmp_path / "first.worker") and process_ids(tmp_path / "second"))
    yield process
    process.terminate()
    process.wait(timeout=5)


def test_a_child_that_dies_is_started_again_within_a_second(
    supervisor: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    (first,) = process_ids(tmp_path / "second")
    os.kill(first, signal.SIGKILL)

    wait_for(lambda: len(process_ids(tmp_path / "second")) == 2, seconds=1)
    assert is_running(process_ids(tmp_path / "second")[1])


def test_what_a_dead_child_had_started_does_not_outlive_it(
    supervisor: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    (worker,) = process_ids(tmp_path / "first.worker")
    os.kill(process_ids(tmp_path / "first")[0], signal.SIGKILL)

    wait_for(lambda: not is_running(worker))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_stops_everything_in_less_than_a_second(
    supervisor: subprocess.Popen[bytes], tmp_path: Path, number: signal.Signals
) -> None:
    everything = [process_id for path in tmp_path.iterdir() for process_id in process_ids(path)]
    supervisor.send_signal(number)

    assert supervisor.wait(timeout=1) == 0
    assert not any(map(is_running, everything))


def test_children_die_with_a_supervisor_that_is_killed(
    supervisor: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    children = process_ids(tmp_path / "first") + process_ids(tmp_path / "second")
    supervisor.kill()

    wait_for(lambda: not any(map(is_running, children)))


def test_a_child_that_cannot_run_at_all_ends_everything_with_an_error() -> None:
    program = (
        "import sys; from app.supervisor import Child, Supervisor;"
        "sys.exit(Supervisor([Child('server', ['false'])]).run())"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT_DIRECTORY, capture_output=True, text=True, timeout=20,
    )  # fmt: skip

    assert result.returncode == 1
    assert "The server ends as soon as it is started; giving up." in result.stderr
