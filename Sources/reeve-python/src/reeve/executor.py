"""`concurrent.futures` on a cluster."""

import asyncio
import atexit
import hashlib
import itertools
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from . import quantity
from .cluster import Cluster
from .errors import FrameworkGone
from .framework import Framework
from .model import Resources
from .pool import calls, chunk
from .pool.pool import Pool, Settings
from .pool.record import Record, new_identity

P = ParamSpec("P")
T = TypeVar("T")


class ReeveFuture(Future[T]):
    """A future that can also be cancelled while its call runs, which ends the worker that runs it."""

    # Not the call: the two in a circle would keep a large result until the collector comes round.
    _key: bytes
    _executor: "ReeveExecutor"

    def cancel(self) -> bool:
        """`False` only where the call has ended."""
        # The base class has it pending until its result is there.
        if not super().cancel():
            return False
        self._executor._revoke(self._key)
        return True

    def running(self) -> bool:
        """Whether a worker has it: it runs, or is next there."""
        return not self.done() and self._executor._pool.has_begun(self._key)


class ReeveExecutor(Executor):
    """Runs calls in worker processes on a Reeve cluster.

        with ReeveExecutor(cpus=1, memory="512MiB", max_workers=64) as pool:
            for result in pool.map(simulate, seeds):
                ...

    Workers are tasks of one framework: while calls wait there are up to `max_workers`, each with `cpus`, `memory` and
    `disk`; one that has been idle for `idle_timeout` seconds goes. A call whose worker dies is run again, and fails with
    `WorkerLost` once `losses_max` workers have died with it.

    Calls and results are pickled (functions of the program itself, lambdas and closures by value) and travel on a socket from
    each worker to `listen`, whose port 0 is any. Workers run `python`, by default this one, and import from where this
    program does; they begin in an empty directory of their own, or in `directory`. On several machines `listen` must be an
    address that they reach, in a network that is trusted, for the calls are authenticated and not encrypted; and `python` and
    the modules must be at the same place everywhere.

    With a directory `state` the executor outlives its process: started again there, within `failover`, it finds its workers,
    and what is submitted again, with the same function and arguments, is not run again: the result is there, or is waited
    for. Of equal calls the first submitted is the first of before, and so on. Once its calls have ended, or it was away for
    longer, the results are still there, and those calls that failed are run anew. `id` names the framework for people and for
    logs; it is used up when the executor is shut down.

    Raises `ReeveError` where there is no cluster, or where it refuses.
    """

    def __init__(
        self,
        max_workers: int = 16,
        *,
        cpus: float | str = 1,
        memory: int | str = "256MiB",
        disk: int | str = 0,
        name: str = "",
        role: str = "",
        id: str | None = None,
        state: str | Path | None = None,
        failover: float | str = 60,
        idle_timeout: float = 10,
        losses_max: int = 3,
        python: str = sys.executable,
        directory: str = "",
        environment: Mapping[str, str] | None = None,
        listen: str = "127.0.0.1:0",
        cluster: Cluster | None = None,
    ) -> None:
        if max_workers < 1:
            raise ValueError(f"max_workers: {max_workers} workers run nothing. Ask for at least 1.")
        record = Record(Path(state)) if state else None
        settings = Settings(
            shape=Resources(cpus, memory, disk),
            max_workers=max_workers,
            idle_timeout=idle_timeout,
            losses_max=losses_max,
            python=python,
            directory=directory,
            listen=listen,
            environment=environment or {},
            patience=quantity.micros(failover, "failover") / 1e6 if record else 0,
        )
        self._lock = threading.Lock()
        self._submitted: list[calls.Call] = []
        self._is_shut = False
        # Calls that are to be recognised are named by what they are, others are counted.
        self._is_durable = record is not None
        self._count = itertools.count()
        self._occurrences: Counter[bytes] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run_loop, name="reeve-executor", daemon=True)
        self._thread.start()

        def start() -> Pool:
            known = record.identity(id) if record else id or new_identity()
            framework = Framework(known, name=name or "executor", role=role, failover=failover, cluster=cluster)
            pool = Pool(settings, framework, record)
            asyncio.run_coroutine_threadsafe(pool.start(), self._loop).result()
            return pool

        try:
            try:
                self._pool = start()
            except FrameworkGone:
                if not record or id:
                    raise
                # It was away for longer than its fail-over time: its workers have ended, the results are here.
                record.forget()
                self._pool = start()
        except BaseException:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            if record:
                record.close()
            raise
        # As the executors of the library do, a program that ends waits for what it has submitted.
        atexit.register(self.shutdown)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> ReeveFuture[T]:
        """Raises `BrokenExecutor` where no call can be run any more, with the reason."""
        function = fn if isinstance(fn, calls.Function) else calls.Function.pack(fn)
        arguments = calls.pack_arguments(args, kwargs)
        future: ReeveFuture[T] = ReeveFuture()
        future._executor = self
        with self._lock:
            if self._pool.broken:
                raise self._pool.broken
            if self._is_shut:
                raise RuntimeError("cannot schedule new futures after shutdown")
            future._key = self._key(function, arguments)
            self._submitted.append(calls.Call(future._key, function, arguments, future))
            is_first = len(self._submitted) == 1
        if is_first:
            self._loop.call_soon_threadsafe(self._hand_over)
        return future

    def map(
        self,
        fn: Callable[..., T],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
    ) -> Iterator[T]:
        """Results in order. `chunksize` calls travel as one, which pays where a call takes less than some 100 µs."""
        if chunksize < 1:
            raise ValueError(f"chunksize: {chunksize} calls are no chunk. Give at least 1.")
        if chunksize == 1:
            return super().map(_as_callable(calls.Function.pack(fn)), *iterables, timeout=timeout)
        run: Callable[..., list[T]] = _as_callable(calls.Function.pack(partial(chunk.run, fn)))
        lists = super().map(run, calls.chunks(iterables, chunksize), timeout=timeout)
        return itertools.chain.from_iterable(lists)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Lets what was submitted end, or with `cancel_futures` what has begun, and then ends workers and framework."""
        with self._lock:
            is_first, self._is_shut = not self._is_shut, True
        if is_first:
            self._stopping = asyncio.run_coroutine_threadsafe(self._stop(cancel_futures), self._loop)
            self._stopping.add_done_callback(lambda _: self._loop.call_soon_threadsafe(self._loop.stop))
        if wait:
            self._stopping.result()
            self._thread.join()
            atexit.unregister(self.shutdown)

    # In the loop's thread.

    def _run_loop(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    async def _stop(self, cancel: bool) -> None:
        self._hand_over()
        await self._pool.stop(cancel)

    def _hand_over(self) -> None:
        with self._lock:
            submitted, self._submitted = self._submitted, []
        self._pool.enqueue(submitted)

    # In any thread.

    def _revoke(self, key: bytes) -> None:
        # Once the loop is closed there is nothing left to revoke.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._pool.revoke, key)

    def _key(self, function: calls.Function, arguments: bytes) -> bytes:
        if not self._is_durable:
            return next(self._count).to_bytes(8)
        digest = hashlib.blake2b(function.digest + arguments, digest_size=16).digest()
        self._occurrences[digest] += 1
        return digest + self._occurrences[digest].to_bytes(4)


def _as_callable(function: calls.Function) -> Callable[..., Any]:
    """What `submit` takes in place of a callable, so that `map` packs it once."""
    return function  # type: ignore[return-value]
