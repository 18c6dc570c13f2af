"""The work: in a module of its own, which workers import by its name."""

from math import isqrt


def count(first: int, last: int, runs: str) -> int:
    """How many primes there are from `first` on and below `last`; notes in the file `runs` that it was asked."""
    with open(runs, "a") as file:
        file.write(f"{first}\n")
    is_prime = bytearray([1]) * (last - first)
    for prime in _primes(isqrt(last) + 1):
        start = max(prime * prime, -(-first // prime) * prime) - first
        is_prime[start::prime] = bytes(len(range(start, len(is_prime), prime)))
    return is_prime.count(1) - is_prime[: max(0, 2 - first)].count(1)


def _primes(below: int) -> list[int]:
    is_prime = bytearray([1]) * below
    for n in range(2, isqrt(below) + 1):
        if is_prime[n]:
            is_prime[n * n :: n] = bytes(len(range(n * n, below, n)))
    return [n for n in range(2, below) if is_prime[n]]
