"""``make bench`` runs, and every answer that it times is right."""

import subprocess
import sys

from app.settings import PROJECT_DIRECTORY


def test_the_benchmark_measures_every_step() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tests.load.bench", "--rounds", "1", "--seconds", "0.2"],
        cwd=PROJECT_DIRECTORY, capture_output=True, text=True, timeout=100,
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    steps = [line.split()[0] for line in result.stdout.splitlines() if line]
    assert steps == ["sqlite,", "step", "save", "page", "end", "result"]
