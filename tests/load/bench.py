"""``make bench``: saves, exam page, end and result of the product against the floor, in one run.

Absolute figures drift with the machine's other work; the ratio of interleaved rounds (floor,
product, floor, product ...) does not, so that is what to read. The product's exam page holds the
whole form of 65 items, the floor's one question.
"""

import argparse
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from tests.load.candidates import (
    Candidate,
    floor_candidates,
    prepare_floor,
    product_candidates,
)
from tests.load.client import Connection, Request, WrongAnswer
from tests.load.servers import cpu_seconds, databases, served

THREADS = 4
ENDS_PER_ROUND = 40
STEPS = ("save", "page", "end", "result")
Step = Callable[[Candidate], Request]


@dataclass(frozen=True)
class System:
    """One of the two: where it listens, whose processor time counts, who sits there."""

    name: str
    port: int
    process_ids: tuple[int | None, ...]
    candidates: Sequence[Candidate]


@dataclass(frozen=True)
class Round:
    """What one round of one step measured."""

    per_second: float
    p95_ms: float
    cpu_ms: float


def main() -> None:
    """Measure on the engines asked for, and print one table for each."""
    parser = argparse.ArgumentParser(prog="make bench BENCH=...", description=__doc__)
    engines = ("sqlite", "postgresql")
    parser.add_argument("--engines", nargs="+", default=["sqlite"], choices=engines)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of a round")
    args = parser.parse_args()
    for engine in args.engines:
        print(f"\n{engine}, {args.rounds} rounds, {THREADS} connections, {os.cpu_count()} cores")
        measure(engine, rounds=args.rounds, seconds=args.seconds)


def measure(engine: str, *, rounds: int, seconds: float) -> None:
    """Start both systems on the engine, measure every step in turn, and print the table."""
    # Those who end are used up; THREADS more stay in their exam for the saves and pages.
    number = THREADS + rounds * ENDS_PER_ROUND
    with databases(engine) as where:
        sitting = product_candidates(where.product_url, number, directory=where.directory)
        prepare_floor(where.floor_url, number)
        product = served(
            "app.factory:create_app",
            directory=where.directory,
            DRYRUN_DATABASE_URL=where.product_url,
        )
        floor = served(
            "tests.load.floor_app:create_app",
            directory=where.directory,
            FLOOR_DATABASE_URL=where.floor_url,
        )
        with product as (product_port, product_id), floor as (floor_port, floor_id):
            wait_for_ports(product_port, floor_port)
            at_floor = list(floor_candidates(floor_port, number))
            systems = (
                System("floor", floor_port, (floor_id, where.process_id), at_floor),
                System("product", product_port, (product_id, where.process_id), sitting),
            )
            print_table({step: interleaved(systems, step, rounds, seconds) for step in STEPS})


def interleaved(
    systems: Sequence[System], step: str, rounds: int, seconds: float
) -> dict[str, list[Round]]:
    """Run the step in rounds, the systems taking turns; the first round only warms up."""
    results: dict[str, list[Round]] = {system.name: [] for system in systems}
    for number in range(rounds):
        for system in systems:
            if step == "end":
                start = THREADS + number * ENDS_PER_ROUND
                takers = system.candidates[start : start + ENDS_PER_ROUND]
                results[system.name].append(run(system, step, takers, once=True))
                continue
            ended = slice(THREADS, 2 * THREADS)
            takers = system.candidates[ended if step == "result" else slice(THREADS)]
            if number == 0:
                run(system, step, takers, seconds=min(0.5, seconds))
            results[system.name].append(run(system, step, takers, seconds=seconds))
    return results


def run(
    system: System,
    step: str,
    takers: Sequence[Candidate],
    *,
    seconds: float = 0,
    once: bool = False,
) -> Round:
    """Let THREADS connections take the step: each candidate once, or again and again for a time."""
    times: list[float] = []
    failures: list[Exception] = []
    deadline = time.perf_counter() + (60 if once else seconds)

    def work(share: Sequence[Candidate]) -> None:
        connection = Connection(system.port)
        try:
            while share and time.perf_counter() < deadline:
                for candidate in share:
                    request = getattr(candidate, step)()
                    started = time.perf_counter()
                    connection.send(request, candidate.cookie)
                    times.append(time.perf_counter() - started)
                if once:
                    return
        except (WrongAnswer, OSError) as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(takers[n::THREADS],)) for n in range(THREADS)]
    cpu, started = cpu_seconds(*system.process_ids), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    if failures:
        raise failures[0]
    cpu_ms = (cpu_seconds(*system.process_ids) - cpu) / len(times) * 1000
    return Round(len(times) / elapsed, quantiles(times, n=20)[-1] * 1000, cpu_ms)


def wait_for_ports(*ports: int) -> None:
    """Wait until every server listens."""
    deadline = time.monotonic() + 30
    for port in ports:
        while True:
            try:
                Connection(port).close()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def print_table(results: dict[str, dict[str, list[Round]]]) -> None:
    """Print, for each step, the medians of both systems and the ratio of their throughputs."""
    print(f"{'step':8}{'floor/s':>10}{'product/s':>11}{'ratio':>8}{'(range)':>14}", end="")
    print(f"{'p95 ms':>16}{'server CPU ms':>18}")
    for step, rounds in results.items():
        floor, product = rounds["floor"], rounds["product"]
        ratios = [
            ours.per_second / theirs.per_second for ours, theirs in zip(product, floor, strict=True)
        ]
        print(
            f"{step:8}{_median(floor, 'per_second'):10.0f}{_median(product, 'per_second'):11.0f}"
            f"{median(ratios):8.2f}{f'({min(ratios):.2f}-{max(ratios):.2f})':>14}"
            f"{_median(floor, 'p95_ms'):8.1f} {_median(product, 'p95_ms'):7.1f}"
            f"{_median(floor, 'cpu_ms'):10.2f} {_median(product, 'cpu_ms'):7.2f}"
        )


def _median(rounds: Sequence[Round], name: str) -> float:
    return median(getattr(each, name) for each in rounds)


if __name__ == "__main__":
    main()
