"""A parent of processes: starts them, starts again what dies, and stops them all together.

Granian respawns its workers, but ends when one dies twice in a few seconds, and leaves its workers
behind when it is killed itself; so each child has its own process group, which goes as a whole.
It knows nothing of what it runs.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

TICK_SECONDS = 0.05
# How long children may take to finish their requests before they are killed.
PATIENCE_SECONDS = 0.8
# A child that dies so many times within a second of its start will not come up at all.
HOPELESS_DEATHS = 8
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process that is to run as long as its parent."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0
    quick_deaths: int = 0

    def start(self) -> None:
        """Start the process in a session of its own, which dies with the parent."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - the command is our own
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )

    def has_died(self) -> bool:
        """Say whether the process ended, and count deaths soon after the start."""
        if self.process is None or self.process.poll() is None:
            return False
        lived = time.monotonic() - self.started_at
        self.quick_deaths = self.quick_deaths + 1 if lived < 1 else 0
        return True

    def signal(self, number: signal.Signals, *, whole_group: bool = False) -> None:
        """Send a signal to the process, or to it and everything that it started."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            if whole_group:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)


@dataclass
class Supervisor:
    """Keeps children running until it is told to stop by SIGINT, SIGTERM or SIGHUP."""

    children: list[Child]
    # Called again and again until it returns True; tells people when the server answers.
    announce: Callable[[], bool] = lambda: True
    _is_stopping: bool = field(default=False, init=False)

    def run(self) -> int:
        """Run until stopped, and return 0; 1 when a child cannot be kept running."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        is_announced = False
        try:
            for child in self.children:
                child.start()
            while not self._is_stopping:
                time.sleep(TICK_SECONDS)
                is_announced = is_announced or self.announce()
                for child in self.children:
                    if not self._keep_running(child):
                        return 1
            return 0
        finally:
            self._end_all()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _keep_running(self, child: Child) -> bool:
        if self._is_stopping or not child.has_died():
            return True
        # Workers that outlive their parent would go on taking requests.
        child.signal(signal.SIGKILL, whole_group=True)
        if child.quick_deaths >= HOPELESS_DEATHS:
            _report(f"The {child.name} ends as soon as it is started; giving up.")
            return False
        _report(f"The {child.name} ended; starting it again.")
        # The first death costs no time; one that ends again and again must not keep a core busy.
        time.sleep(min(0.05 * child.quick_deaths, 0.15))
        child.start()
        return True

    def _end_all(self) -> None:
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_SECONDS
        for child in self.children:
            if child.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(timeout=max(0.0, deadline - time.monotonic()))
                child.signal(signal.SIGKILL, whole_group=True)
                child.process.wait()


def _report(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
