"""Which worker runs which call. No I/O, no clock: times are given, frames are handed to the worker's `send`."""

import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ..errors import WorkerLost
from . import frames
from .calls import Call, settle

# So much work, in seconds, is sent to a worker ahead: enough to hide the way there and back, little enough to wait behind.
_AHEAD_SECONDS = 0.02
# What a call costs beyond what the worker counts as its own, seconds.
_OVERHEAD_SECONDS = 10e-6
# How much the newest results count in what a function is expected to take.
_NEWEST_WEIGHT = 0.3
# Digests whose cost is known. Functions made in a loop have a digest each.
_COSTS_MAX = 1_000
# So many functions a worker keeps, beside those of one batch more.
_FUNCTIONS_MAX = 256
# When calls wait behind one that takes longer than expected, and other workers are idle, they are asked back after so long.
_STUCK_SECONDS = 0.1
# A worker that does not answer that for so long holds the interpreter: a call there is cancelled by ending the worker.
_DEAF_SECONDS = 1.0


@dataclass(eq=False)
class Worker:
    """The executor's end of one. `task` is its id in the cluster."""

    task: str
    attempt: int
    send: Callable[[frames.Frame], None]
    calls: dict[bytes, Call] = field(default_factory=dict)
    """Sent and without a result, in order: the first is the one that runs."""
    functions: set[bytes] = field(default_factory=set)
    """Digests of those that it has been sent."""
    load: float = 0
    """Seconds that `calls` are expected to take."""
    heard: float = 0
    """When it last ended a call, or was given one while idle."""
    asked_back: float | None = None
    """Since when it is to give back what has not begun."""
    to_stop: set[bytes] = field(default_factory=set)
    """Keys of cancelled calls, of which one may run."""
    leaving: bool = False

    @property
    def is_idle(self) -> bool:
        """Whether it waits for calls."""
        return not self.calls and not self.leaving


class Dispatcher:
    """Calls that have not ended, and the workers that there are.

    A call that was lost with its worker goes first again, and alone, so that it takes no other with it; after `losses_max`
    losses its future fails. `stop` ends a worker whose call was cancelled.
    """

    def __init__(self, losses_max: int, stop: Callable[[Worker], None]) -> None:
        self.calls: dict[bytes, Call] = {}
        self.workers: dict[str, Worker] = {}
        self.held = False
        """Nothing is sent while it is not known what workers have already."""
        self._queue: deque[Call] = deque()
        self._elsewhere: dict[bytes, Worker] = {}
        self._losses_max = losses_max
        self._stop = stop
        self._costs: dict[bytes, float] = {}

    def add(self, calls: Iterable[Call], now: float) -> None:
        """Takes calls in. One that a worker has already, from before this process, is not sent again."""
        for call in calls:
            self.calls[call.key] = call
            if worker := self._elsewhere.pop(call.key, None):
                self._give(worker, call, now)
            else:
                self._queue.append(call)
        self.dispatch(now)

    def revoke(self, key: bytes, now: float) -> None:
        """Forgets a call whose future was cancelled, and ends it if it runs."""
        call = self.calls.pop(key, None)
        if not call:
            return
        call.future.set_running_or_notify_cancel()
        if worker := self.workers.get(call.worker):
            worker.to_stop.add(key)
            self._ask_back(worker, now)

    # Workers come and go.

    def join(self, worker: Worker, hello: frames.Hello, now: float) -> None:
        """A worker is there. What it held before, if its connection broke, it has or has not, as it says."""
        before = self.workers.pop(worker.task, None)
        self.workers[worker.task] = worker
        worker.heard = now
        for key in hello.held:
            if call := self.calls.get(key):
                self._give(worker, call, now)
            else:
                self._elsewhere[key] = worker
        self.results(worker, hello.results, now)
        if before:
            self._requeue(call for key, call in before.calls.items() if key not in worker.calls)
        self.dispatch(now)

    def lose(self, task: str, now: float) -> None:
        """A worker has died, or will not be heard of again."""
        worker = self.workers.pop(task, None)
        if not worker:
            return
        self._elsewhere = {key: other for key, other in self._elsewhere.items() if other is not worker}
        if not worker.to_stop:
            for call in worker.calls.values():
                call.losses += 1
        self._requeue(worker.calls.values())
        self.dispatch(now)

    def _requeue(self, calls: Iterable[Call]) -> None:
        again = []
        for call in calls:
            if call.key not in self.calls:
                continue
            call.worker = ""
            if call.losses < self._losses_max:
                again.append(call)
                continue
            del self.calls[call.key]
            if call.future.set_running_or_notify_cancel():
                call.future.set_exception(WorkerLost(f"{call.losses} workers died while they ran it."))
        self._queue.extendleft(reversed(again))

    # What workers say.

    def results(self, worker: Worker, results: Sequence[frames.Result], now: float) -> None:
        """Calls have ended: their futures are told."""
        for result in results:
            worker.to_stop.discard(result.key)
            self._elsewhere.pop(result.key, None)
            if call := worker.calls.pop(result.key, None):
                worker.load -= call.cost
                self._learn(call.function.digest, result.seconds)
            if call := self.calls.pop(result.key, None):
                settle(call, result)
        if not worker.calls:
            worker.load = 0
        worker.heard = now
        self.dispatch(now)

    def given_back(self, worker: Worker, keys: Sequence[bytes], now: float) -> None:
        """Calls that have not begun. What was to be stopped and is not among them runs, or has just ended."""
        worker.asked_back = None
        back = [worker.calls.pop(key) for key in keys if key in worker.calls]
        for call in back:
            worker.load -= call.cost
        worker.to_stop.difference_update(keys)
        self._requeue(back)
        if worker.to_stop:
            self._end(worker)
        self.dispatch(now)

    def tick(self, now: float) -> None:
        """To be called a few times a second."""
        idle = any(worker.is_idle for worker in self.workers.values()) and not self._queue
        for worker in list(self.workers.values()):
            if worker.to_stop and worker.asked_back is not None and now - worker.asked_back > _DEAF_SECONDS:
                self._end(worker)
            elif idle and len(worker.calls) > 1 and now - worker.heard > _STUCK_SECONDS:
                self._ask_back(worker, now)

    def _ask_back(self, worker: Worker, now: float) -> None:
        if worker.asked_back is None:
            worker.asked_back = now
            worker.send(frames.GiveBack())

    def _end(self, worker: Worker) -> None:
        if not worker.leaving:
            worker.leaving = True
            self._stop(worker)

    # Dispatch.

    def dispatch(self, now: float) -> None:
        """Sends what waits to workers that have room, the least laden first."""
        if self.held or not self._queue:
            return
        ready = [worker for worker in self.workers.values() if self._has_room(worker)]
        share = math.ceil(len(self._queue) / max(1, len(ready)))
        for worker in sorted(ready, key=lambda worker: worker.load):
            if batch := self._batch(worker, share):
                self._send(worker, batch, now)

    def _has_room(self, worker: Worker) -> bool:
        if worker.leaving or worker.asked_back is not None:
            return False
        return worker.load < _AHEAD_SECONDS and not any(call.losses for call in worker.calls.values())

    def _batch(self, worker: Worker, share: int) -> list[Call]:
        batch: list[Call] = []
        room = _AHEAD_SECONDS - worker.load
        while len(batch) < share and room > 0 and (call := self._next()):
            cost = self._costs.get(call.function.digest)
            # What has killed a worker, and what may take for ever, keeps no other waiting.
            is_alone = call.losses > 0 or cost is None
            if is_alone and (batch or worker.calls):
                break
            self._queue.popleft()
            call.cost = _AHEAD_SECONDS if cost is None else cost + _OVERHEAD_SECONDS
            room -= call.cost
            batch.append(call)
            if is_alone:
                break
        return batch

    def _next(self) -> Call | None:
        """The first that waits. Those that were cancelled, or that a worker turned out to have, leave the queue here."""
        while self._queue:
            call = self._queue[0]
            if self.calls.get(call.key) is call and not call.worker:
                return call
            self._queue.popleft()
        return None

    def _send(self, worker: Worker, batch: list[Call], now: float) -> None:
        if not worker.calls:
            worker.heard = now
        functions = {}
        forget = len(worker.functions) >= _FUNCTIONS_MAX
        if forget:
            worker.functions.clear()
        for call in batch:
            self._give(worker, call, now)
            if call.function.digest not in worker.functions:
                worker.functions.add(call.function.digest)
                functions[call.function.digest] = call.function.pickled
        wire = [frames.Call(call.key, call.function.digest, call.arguments) for call in batch]
        worker.send(frames.Calls(wire, functions, forget))

    def _give(self, worker: Worker, call: Call, now: float) -> None:
        call.worker = worker.task
        worker.calls[call.key] = call
        worker.load += call.cost

    def _learn(self, digest: bytes, seconds: float) -> None:
        if digest not in self._costs and len(self._costs) >= _COSTS_MAX:
            self._costs.clear()
        known = self._costs.get(digest, seconds)
        self._costs[digest] = known + _NEWEST_WEIGHT * (seconds - known)
