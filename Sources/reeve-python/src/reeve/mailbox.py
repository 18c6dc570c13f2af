"""What has arrived and waits to be taken."""

import asyncio
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Mailbox(Generic[K, V]):
    """At most one value a key, the newest, in the order in which the keys arrived. For one reader."""

    def __init__(self) -> None:
        self._values: dict[K, V] = {}
        self._stirred = asyncio.Event()
        self._closed = False
        self._error: Exception | None = None

    def put(self, key: K, value: V) -> V | None:
        """Returns the value that it takes the place of."""
        old = self._values.get(key)
        self._values[key] = value
        self._stirred.set()
        return old

    def remove(self, key: K) -> None:
        """What is not there is no error."""
        self._values.pop(key, None)

    def close(self, error: Exception | None) -> None:
        """Lets the reader take what there is; then it hears of the error, or of the end."""
        self._closed = True
        self._error = error
        self._stirred.set()

    async def wait(self) -> bool:
        """Waits for a value; `False` once there will be none. Raises what it was closed with."""
        while not self._values:
            if self._error:
                raise self._error
            if self._closed:
                return False
            self._stirred.clear()
            await self._stirred.wait()
        return True

    def first(self) -> tuple[K, V]:
        """The oldest, left where it is."""
        return next(iter(self._values.items()))

    def get(self, key: K) -> V | None:
        """What waits under a key."""
        return self._values.get(key)

    def take(self) -> list[V]:
        """All that there is."""
        values, self._values = list(self._values.values()), {}
        return values

    def __len__(self) -> int:
        return len(self._values)
