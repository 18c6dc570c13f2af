"""Which worker gets which call, with workers that only note what they are sent."""

from concurrent.futures import Future
from typing import Any

import pytest

from reeve import WorkerLost
from reeve.pool import frames
from reeve.pool.calls import Call, Function
from reeve.pool.dispatcher import Dispatcher, Worker

F = Function(b"f", b"pickled f")
SLOW = 10.0


class World:
    def __init__(self, workers: int = 0) -> None:
        self.stopped: list[str] = []
        self.sent: dict[str, list[frames.Frame]] = {}
        self.dispatcher = Dispatcher(3, lambda worker: self.stopped.append(worker.task))
        for n in range(workers):
            self.join(f"w{n}")

    def join(self, task: str, held: tuple[bytes, ...] = (), results: tuple[bytes, ...] = ()) -> Worker:
        self.sent[task] = []
        worker = Worker(task, 1, self.sent[task].append)
        ended = [frames.Result(key, True, b"N.", 0) for key in results]
        self.dispatcher.join(worker, frames.Hello(task, 1, list(held), ended), 0)
        return worker

    def submit(self, *keys: bytes, function: Function = F) -> list[Call]:
        calls = [Call(key, function, b"", Future()) for key in keys]
        self.dispatcher.add(calls, 0)
        return calls

    def end(self, task: str, *keys: bytes, seconds: float = 0.001, now: float = 0) -> None:
        results = [frames.Result(key, True, b"N.", seconds) for key in keys]
        self.dispatcher.results(self.dispatcher.workers[task], results, now)

    def keys(self, task: str) -> list[bytes]:
        """Of the calls that a worker was sent since it was last asked."""
        keys = [call.key for frame in self.sent[task] if isinstance(frame, frames.Calls) for call in frame.calls]
        self.sent[task].clear()
        return keys


def test_each_worker_gets_one_call_of_an_unknown_function() -> None:
    world = World(workers=2)
    world.submit(b"1", b"2", b"3")
    assert [world.keys("w0"), world.keys("w1")] == [[b"1"], [b"2"]]


def test_short_calls_are_sent_ahead_and_shared_out() -> None:
    world = World(workers=2)
    world.submit(b"1")
    world.end("w0", b"1", seconds=0.001)
    world.keys("w0")
    world.submit(*(bytes([n]) for n in range(200)))
    sent = [world.keys("w0"), world.keys("w1")]
    assert all(10 <= len(keys) <= 25 for keys in sent)


def test_long_calls_are_not_sent_ahead() -> None:
    world = World(workers=1)
    world.submit(b"1")
    world.end("w0", b"1", seconds=SLOW)
    world.submit(b"2", b"3")
    assert world.keys("w0") == [b"1", b"2"]


def test_a_function_travels_once() -> None:
    world = World(workers=1)
    world.submit(b"1")
    world.end("w0", b"1")
    world.submit(b"2")
    functions = [frame.functions for frame in world.sent["w0"] if isinstance(frame, frames.Calls)]
    assert functions == [{b"f": b"pickled f"}, {}]


def test_a_worker_is_not_to_keep_every_function() -> None:
    world = World(workers=1)
    for n in range(600):
        key = n.to_bytes(2)
        world.submit(key, function=Function(key, b"pickled"))
        world.end("w0", key)
    sent = [frame for frame in world.sent["w0"] if isinstance(frame, frames.Calls)]
    assert [n for n, frame in enumerate(sent) if frame.forget] == [256, 512]
    assert all(len(frame.functions) == 1 for frame in sent)


def test_calls_of_a_lost_worker_go_first_and_alone() -> None:
    world = World(workers=1)
    world.submit(b"0")
    world.end("w0", b"0")
    world.keys("w0")
    world.submit(b"1", b"2", b"3")
    assert world.keys("w0") == [b"1", b"2", b"3"]
    world.dispatcher.lose("w0", 0)
    world.submit(b"4")
    world.join("w1")
    for key in (b"1", b"2", b"3"):
        assert world.keys("w1") == [key]
        world.end("w1", key)
    assert world.keys("w1") == [b"4"]


def test_a_call_that_loses_too_many_workers_fails() -> None:
    world = World()
    (call,) = world.submit(b"1")
    for n in range(3):
        assert not call.future.done()
        world.join(f"w{n}")
        world.dispatcher.lose(f"w{n}", 0)
    with pytest.raises(WorkerLost, match="3 workers died"):
        call.future.result()
    assert not world.dispatcher.calls


def test_calls_that_wait_behind_a_long_one_are_asked_back_for_an_idle_worker() -> None:
    world = World(workers=2)
    world.submit(b"0")
    world.end("w0", b"0", seconds=0.001)
    world.submit(b"1", b"2", b"3", b"4")
    assert [world.keys("w0"), world.keys("w1")] == [[b"0", b"1", b"2"], [b"3", b"4"]]
    world.end("w1", b"3", b"4", now=0.01)
    world.dispatcher.tick(0.05)
    assert world.sent["w0"] == []
    world.dispatcher.tick(0.2)
    assert world.sent["w0"] == [frames.GiveBack()]
    world.dispatcher.given_back(world.dispatcher.workers["w0"], [b"2"], 0.2)
    assert world.keys("w1") == [b"2"]


def test_a_running_call_is_cancelled_by_ending_its_worker_and_no_other_is_blamed() -> None:
    world = World(workers=1)
    world.submit(b"0")
    world.end("w0", b"0")
    first, second = world.submit(b"1", b"2")
    assert first.future.cancel()
    world.dispatcher.revoke(first.key, 0)
    world.dispatcher.given_back(world.dispatcher.workers["w0"], [b"2"], 0)
    assert world.stopped == ["w0"]
    world.dispatcher.lose("w0", 0)
    assert second.losses == 0
    assert not second.worker
    world.join("w1")
    assert world.keys("w1") == [b"2"]


def test_a_cancelled_call_that_has_not_begun_costs_no_worker() -> None:
    world = World(workers=1)
    world.submit(b"0")
    world.end("w0", b"0")
    _first, second = world.submit(b"1", b"2")
    second.future.cancel()
    world.dispatcher.revoke(second.key, 0)
    world.dispatcher.given_back(world.dispatcher.workers["w0"], [b"2"], 0)
    assert world.stopped == []


def test_a_deaf_worker_is_ended_for_a_cancelled_call() -> None:
    world = World(workers=1)
    (call,) = world.submit(b"1")
    call.future.cancel()
    world.dispatcher.revoke(call.key, 0)
    world.dispatcher.tick(0.5)
    assert world.stopped == []
    world.dispatcher.tick(1.5)
    assert world.stopped == ["w0"]


def test_what_a_worker_says_it_has_is_not_sent_again() -> None:
    world = World()
    world.dispatcher.held = True
    calls = world.submit(b"1", b"2", b"3")
    world.join("w0", held=(b"1", b"9"), results=(b"2",))
    world.dispatcher.held = False
    world.join("w1")
    assert calls[1].future.done()
    assert world.keys("w1") == [b"3"]
    (late,) = world.submit(b"9")
    assert late.worker
    world.end("w0", b"1", b"9")
    assert late.future.done()
    assert set(world.dispatcher.calls) == {b"3"}


def test_what_a_worker_lacks_when_it_comes_back_is_sent_again() -> None:
    world = World(workers=1)
    world.submit(b"0")
    world.end("w0", b"0")
    calls = world.submit(b"1", b"2")
    world.join("w0", held=(b"1",))
    assert [call.losses for call in calls] == [0, 0]
    assert world.keys("w0") == [b"2"]


def test_results_of_calls_that_nobody_knows_are_no_error() -> None:
    world = World(workers=1)
    world.end("w0", b"nothing")
    world.dispatcher.given_back(world.dispatcher.workers["w0"], [b"nothing"], 0)
    world.dispatcher.lose("nobody", 0)


def test_a_result_that_cannot_be_read_is_the_calls_error() -> None:
    world = World(workers=1)
    (call,) = world.submit(b"1")
    nonsense: Any = frames.Result(b"1", True, b"nonsense", 0)
    world.dispatcher.results(world.dispatcher.workers["w0"], [nonsense], 0)
    assert "cannot be read" in str(call.future.exception().__notes__)  # type: ignore[union-attr]
