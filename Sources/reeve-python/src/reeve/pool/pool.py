"""Workers as tasks of a framework: as many as there are calls for, and none that is idle for long."""

import asyncio
import itertools
import logging
import secrets
import time
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ReeveError, SessionEnded
from ..framework import Framework
from ..model import Demand, Offer, Resources, State, Task, Update
from . import frames
from .calls import Call, settle
from .dispatcher import Dispatcher, Worker
from .reception import Reception
from .record import Record

log = logging.getLogger("reeve")

_TICK_SECONDS = 0.1
# For workers of the process before to find this one, seconds.
_REJOIN_SECONDS_MAX = 15
# So many workers that end before they have said a word, one after the other, are a fault of what they are made of.
_FAILED_STARTS_MAX = 3
# For workers to go, and for the master to hear that all is over, seconds.
_LEAVE_SECONDS_MAX = 1.0
_TEAR_DOWN_SECONDS_MAX = 5.0


@dataclass(frozen=True)
class Settings:
    """What workers are made of, and how many; see `ReeveExecutor`."""

    shape: Resources
    max_workers: int
    idle_timeout: float
    losses_max: int
    python: str
    directory: str
    listen: str
    environment: Mapping[str, str]
    patience: float
    """For so long workers look for an executor that has gone, seconds."""


class Pool:
    """Lives in one event loop, from `start` to `stop`."""

    def __init__(self, settings: Settings, framework: Framework, record: Record | None) -> None:
        self.broken: BrokenExecutor | None = None
        """Why no call can be run any more."""
        self._settings = settings
        self._framework = framework
        self._record = record
        self._dispatcher = Dispatcher(settings.losses_max, self._kill)
        self._reception = Reception(
            self._dispatcher,
            record,
            expected=self._is_expected,
            joined=self._note_joined,
            parted=self._note_parted,
        )
        self._names = map(f"worker-{secrets.token_hex(3)}-{{}}".format, itertools.count())
        # What is accepted and has not ended, and of that what was never heard of.
        self._tasks: set[str] = set()
        self._silent: set[str] = set()
        # Of the process before, and not heard of by this one.
        self._missing: set[str] = set()
        self._missing_until = 0.0
        # Of each task the least attempt that is not over: on a node that was cut off an older one may go on.
        self._attempts: dict[str, int] = {}
        # Slices that the master has been asked for and has not given yet.
        self._asked = 0
        self._failed_starts = 0
        self._stirred = asyncio.Event()
        self._background: set[asyncio.Task[None]] = set()
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Connects to the cluster. Raises `ReeveError` where there is none, or where it refuses."""
        await self._reception.open(self._settings.listen)
        self._stack.push_async_callback(self._reception.close)
        try:
            await self._stack.enter_async_context(self._framework)
        except BaseException:
            await self._stack.aclose()
            raise
        if self._record:
            await self._reunite(self._record)
        for work in (self._follow_offers(), self._follow_updates(), self._follow_demand(), self._tick()):
            self._spawn(work)

    async def stop(self, cancel: bool) -> None:
        """Waits until all calls have ended, or cancels those that have not begun; then ends the framework."""
        if cancel:
            for call in [call for call in self._dispatcher.calls.values() if not call.worker]:
                call.future.cancel()
        while self._dispatcher.calls:
            await asyncio.sleep(_TICK_SECONDS / 10)
        for worker in self._dispatcher.workers.values():
            worker.send(frames.Leave())
        left = time.monotonic() + _LEAVE_SECONDS_MAX
        while not self._reception.is_empty and time.monotonic() < left:
            await asyncio.sleep(_TICK_SECONDS / 10)
        await self._tear_down()
        background = list(self._background)
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await self._stack.aclose()
        if self._record:
            self._record.close()

    async def _tear_down(self) -> None:
        try:
            async with asyncio.timeout(_TEAR_DOWN_SECONDS_MAX):
                await self._framework.tear_down()
        except (ReeveError, TimeoutError) as error:
            log.warning(
                "%s was not torn down, and ends after its fail-over time: %s",
                self._framework.id,
                str(error) or "no answer",
            )
        else:
            if self._record:
                self._record.forget()

    def enqueue(self, calls: Sequence[Call]) -> None:
        """Calls to be run; what is on record has been."""
        now = time.monotonic()
        fresh = []
        for call in calls:
            if self.broken:
                call.future.set_exception(self.broken)
            elif self._record and (result := self._record.result(call.key)):
                settle(call, result)
            else:
                fresh.append(call)
        self._dispatcher.add(fresh, now)
        self._stirred.set()

    def revoke(self, key: bytes) -> None:
        """A call whose future was cancelled."""
        self._dispatcher.revoke(key, time.monotonic())

    def has_begun(self, key: bytes) -> bool:
        """Whether a worker has it. From any thread."""
        call = self._dispatcher.calls.get(key)
        return call is not None and call.worker != ""

    # Offers and tasks.

    def _wanted(self) -> int:
        return max(0, min(self._settings.max_workers, len(self._dispatcher.calls)) - len(self._tasks))

    async def _follow_demand(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            wanted = self._wanted()
            # Less is not said with each call that ends: what is too much is declined.
            if wanted > self._asked or (self._asked and not wanted):
                self._asked = wanted
                await self._demand(wanted)

    async def _demand(self, count: int) -> None:
        try:
            await self._framework.demand([Demand(self._settings.shape, count)] if count else [])
        except ReeveError as error:
            if error.code != "unavailable" or isinstance(error, SessionEnded):
                raise
            # A master that takes nothing new at the moment is asked again with the next tick.
            self._asked = 0

    async def _follow_offers(self) -> None:
        async for offers in self._framework.offers():
            for offer in offers:
                await self._take(offer)

    async def _take(self, offer: Offer) -> None:
        count = min(offer.count, self._wanted())
        if not count:
            return await self._decline(offer)
        names = list(itertools.islice(self._names, count))
        self._tasks.update(names)
        self._silent.update(names)
        self._asked = max(0, self._asked - count)
        if self._record:
            self._record.add_workers(names)
        try:
            await self._framework.accept([offer], [self._task(name) for name in names], addition=names[0])
        except SessionEnded:
            raise
        except ReeveError as error:
            log.info("an offer was not to be had: %s", error)
            self._forget(names)
            await self._decline(offer)

    async def _decline(self, offer: Offer) -> None:
        try:
            await self._framework.decline([offer])
        except SessionEnded:
            raise
        except ReeveError as error:
            # It has lapsed meanwhile.
            log.debug("an offer was not to be declined: %s", error)

    def _task(self, name: str) -> Task:
        package_parent = Path(__file__).parents[2]
        return Task(
            id=name,
            command=[self._settings.python, "-m", "reeve.pool.worker"],
            resources=self._settings.shape,
            directory=self._settings.directory,
            environment={
                "PYTHONPATH": str(package_parent),
                "PYTHONUNBUFFERED": "1",  # what calls print is in the task's log when they print it
                **self._settings.environment,
                "REEVE_POOL_ADDRESS": self._reception.address,
                # Seen by those who have the cluster's token, who may run whatever they like anyway.
                "REEVE_POOL_SECRET": self._reception.secret.hex(),
                "REEVE_POOL_PATIENCE": str(self._settings.patience),
            },
        )

    def _forget(self, tasks: Sequence[str]) -> None:
        for known in (self._tasks, self._silent, self._missing):
            known.difference_update(tasks)
        for task in tasks:
            self._attempts.pop(task, None)
        if self._record:
            self._record.remove_workers(tasks)
        self._stirred.set()

    def _kill(self, worker: Worker) -> None:
        self._spawn(self._kill_tasks([worker.task]))

    async def _kill_tasks(self, tasks: Sequence[str]) -> None:
        try:
            await self._framework.kill(tasks)
        except ReeveError as error:
            log.warning("%s cannot be ended: %s", ", ".join(tasks), error)

    # Updates.

    async def _follow_updates(self) -> None:
        async for update in self._framework.updates():
            if update.task in self._tasks:
                self._take_in(update)

    def _take_in(self, update: Update) -> None:
        task = update.task
        if update.state.ended or update.state is State.UNKNOWN:
            is_failed_start = update.state is State.FAILED and task in self._silent
            self._forget([task])
            self._dispatcher.lose(task, time.monotonic())
            self._failed_starts += is_failed_start
            if is_failed_start and self._failed_starts >= _FAILED_STARTS_MAX:
                self._break(
                    f"Workers do not start: {_describe(update)}. See `reeve logs {self._framework.job}/{task}`."
                )
        elif self._is_over(update):
            # Also where its connection has not noticed. The next attempt will say hello.
            self._reception.dismiss(task)
            self._missing.discard(task)
            self._dispatcher.lose(task, time.monotonic())
        self._resume_when_complete()

    def _is_over(self, update: Update) -> bool:
        """Whether the attempt that was here, or is to be waited for, is not the task's any more."""
        is_queued = update.state is State.QUEUED
        least = max(update.attempt + is_queued, self._attempts.get(update.task, 0))
        self._attempts[update.task] = least
        worker = self._dispatcher.workers.get(update.task)
        return (worker is not None and worker.attempt < least) or (is_queued and not self._reception.has(update.task))

    def _break(self, reason: str) -> None:
        if not self.broken:
            self.broken = BrokenExecutor(reason)
            log.error("%s", reason)
            for call in list(self._dispatcher.calls.values()):
                if call.future.set_running_or_notify_cancel():
                    call.future.set_exception(self.broken)
            self._dispatcher.calls.clear()

    # Workers of the process before.

    async def _reunite(self, record: Record) -> None:
        """Holds all calls until it is known of each worker whether it has some of them."""
        self._missing = record.workers()
        self._tasks.update(self._missing)
        self._missing_until = time.monotonic() + _REJOIN_SECONDS_MAX
        self._dispatcher.held = bool(self._missing)
        if self._missing:
            await self._framework.reconcile(self._missing)

    def _resume_when_complete(self) -> None:
        if self._dispatcher.held and not self._missing:
            self._dispatcher.held = False
            self._dispatcher.dispatch(time.monotonic())

    def _give_up_missing(self) -> None:
        if self._missing and time.monotonic() > self._missing_until:
            log.warning("workers of the process before have not come back: %s", ", ".join(sorted(self._missing)))
            self._spawn(self._kill_tasks(list(self._missing)))
            self._missing.clear()
            self._resume_when_complete()

    # Connections.

    def _is_expected(self, hello: frames.Hello) -> bool:
        return hello.task in self._tasks and hello.attempt >= self._attempts.get(hello.task, 0)

    def _note_joined(self, task: str) -> None:
        self._silent.discard(task)
        self._missing.discard(task)
        self._failed_starts = 0
        self._resume_when_complete()

    def _note_parted(self, task: str) -> None:
        # One that is patient is looking for this process: it comes back, or an update says that it has ended.
        if not self._settings.patience:
            self._dispatcher.lose(task, time.monotonic())

    # What goes on beside.

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            now = time.monotonic()
            self._dispatcher.tick(now)
            self._give_up_missing()
            for worker in self._dispatcher.workers.values():
                if worker.is_idle and now - worker.heard > self._settings.idle_timeout:
                    worker.leaving = True
                    worker.send(frames.Leave())
            self._stirred.set()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._guard(work))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ReeveError as error:
            self._break(str(error))
        except Exception as error:
            log.exception("the pool has failed")
            self._break(f"The pool has failed: {error!r}")


def _describe(update: Update) -> str:
    ended = f"signal {-update.status}" if update.status < 0 else f"exit code {update.status}"
    return f"{update.task} ended with {update.reason} ({ended}) on node {update.node or '?'}"
