"""What a worker runs for a chunk of `map`. By itself, so that no worker imports what only executors need."""

from collections.abc import Callable
from typing import Any


def run(function: Callable[..., Any], rows: list[tuple[Any, ...]]) -> list[Any]:
    """The results in order; the first exception is the chunk's."""
    return [function(*row) for row in rows]
