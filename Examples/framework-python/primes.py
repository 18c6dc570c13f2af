"""Counts primes on a cluster, and checks the sum by another way."""

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from itertools import accumulate
from math import isqrt
from pathlib import Path

from segments import count

from reeve import ReeveError, ReeveExecutor


def primes_below(n: int) -> int:
    """After Legendre: takes from all numbers those with a least prime factor of 2, of 3, of 5 … No sieve, and serial."""
    n -= 1
    root = isqrt(n)
    values = [n // i for i in range(1, root + 1)]
    values += range(values[-1] - 1, 0, -1)
    left = {value: value - 1 for value in values}
    for p in range(2, root + 1):
        if left[p] == left[p - 1]:
            continue
        for value in values:
            if value < p * p:
                break
            left[value] -= left[value // p] - left[p - 1]
    return left[n]


def parse() -> argparse.Namespace:
    """What was asked for; ends the program where that makes no sense."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--below", type=int, default=300_000_000)
    parser.add_argument("--segment", type=int, default=500_000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--id")
    parser.add_argument("--role", default="")
    options = parser.parse_args()
    if options.below < 10 or options.segment < 1 or options.workers < 1:
        parser.error("--below wants at least 10, --segment and --workers at least 1")
    return options


def count_on_cluster(options: argparse.Namespace, state: Path) -> list[tuple[int, int]]:
    """For each segment its end and how many primes it has."""
    firsts = range(0, options.below, options.segment)
    lasts = [min(first + options.segment, options.below) for first in firsts]
    runs = [str(state / "runs")] * len(lasts)
    pool = ReeveExecutor(
        options.workers, name="primes", role=options.role, cpus=1, memory="64MiB", id=options.id, state=state
    )
    with pool:
        return list(zip(lasts, pool.map(count, firsts, lasts, runs), strict=True))


def main() -> int:
    """The exit code: 0 where the checks hold."""
    logging.basicConfig(format="%(message)s")
    options = parse()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        state = (options.state or Path(temporary)).absolute()
        try:
            counted = count_on_cluster(options, state)
        except ReeveError as error:
            print(f"run: {error}", file=sys.stderr)
            return 1
        runs = Counter((state / "runs").read_text().split())
    sums = list(accumulate(primes for _, primes in counted))
    print(f"{'below':>12}  {'primes':>10}")
    step = max(1, len(counted) // 10)
    for place in [*range(step - 1, len(counted) - 1, step), len(counted) - 1]:
        print(f"{counted[place][0]:>12}  {sums[place]:>10}")
    repeated = sum(runs.values()) - len(runs)
    print(f"{len(counted)} segments in {time.monotonic() - began:.1f} s, {repeated} of them counted again")
    expected = primes_below(options.below)
    if sums[-1] != expected:
        print(f"run: there are {expected} primes, not {sums[-1]}", file=sys.stderr)
        return 1
    if len(runs) != len(counted):
        print(f"run: {len(runs)} segments were counted, not {len(counted)}", file=sys.stderr)
        return 1
    print("an independent count agrees")
    return 0


if __name__ == "__main__":
    sys.exit(main())
