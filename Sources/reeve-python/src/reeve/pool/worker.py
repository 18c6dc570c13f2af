"""A worker: `python -m reeve.pool.worker` as a task of the cluster.

The main thread runs calls, so that signals reach them, and sends results when no other call waits; one thread listens, and one
sends what must not wait for a call that takes long. Where the executor outlives its process the worker outlives the connection,
for `REEVE_POOL_PATIENCE` seconds.
"""

import os
import pickle
import queue
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from . import frames

_CONNECT_SECONDS_MAX = 10
_RETRY_SECONDS = 0.1
# So many functions are kept ready to be called.
_FUNCTIONS_MAX = 256
# While calls follow each other their results gather, so many and so long (seconds): a frame costs as much as some calls.
_GATHERED_MAX = 256
_GATHERING_SECONDS = 0.005


class Worker:
    """Runs calls until it is sent away or the executor is gone."""

    def __init__(self, address: str, secret: bytes, patience: float) -> None:
        host, _, port = address.rpartition(":")
        self._address = (host.strip("[]"), int(port))
        self._secret = secret
        self._patience = patience
        # Each with the pickle of its function.
        self._calls: queue.SimpleQueue[tuple[frames.Call, bytes] | None] = queue.SimpleQueue()
        self._has_gathered = threading.Event()
        self._pickled: dict[bytes, bytes] = {}
        self._functions: dict[bytes, Callable[..., Any]] = {}
        # Guards what follows: what is stated when a connection begins, and whoever sends on it.
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None
        self._held: dict[bytes, None] = {}
        self._gathered: list[frames.Result] = []
        self._unkept: dict[bytes, frames.Result] = {}

    def run(self) -> None:
        """Returns when the executor has sent it away; its results are sent before."""
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._send_gathered, daemon=True).start()
        while work := self._calls.get():
            result = self._run(*work)
            with self._lock:
                self._gathered.append(result)
            if self._calls.empty() or len(self._gathered) >= _GATHERED_MAX:
                self._send_results()
            else:
                self._has_gathered.set()
        self._send_results()

    # The main thread.

    def _run(self, call: frames.Call, pickled: bytes) -> frames.Result:
        began = time.perf_counter()
        try:
            args, kwargs = pickle.loads(call.arguments)
            outcome = _dumps(self._function(call.function, pickled)(*args, **kwargs))
            succeeded = True
        # Also what ends a program: here it ends the call.
        except BaseException as error:
            outcome, succeeded = _dumps_error(error), False
        return frames.Result(call.key, succeeded, outcome, time.perf_counter() - began)

    def _function(self, digest: bytes, pickled: bytes) -> Callable[..., Any]:
        if digest not in self._functions:
            if len(self._functions) >= _FUNCTIONS_MAX:
                self._functions.clear()
            self._functions[digest] = pickle.loads(pickled)
        return self._functions[digest]

    # Any thread.

    def _send_results(self) -> None:
        with self._lock:
            results, self._gathered = self._gathered, []
            for result in results:
                del self._held[result.key]
                if self._patience:
                    self._unkept[result.key] = result
            if results:
                self._send(frames.Results(results))

    def _send(self, frame: frames.Frame) -> None:
        """With the lock. A connection that breaks is noticed by the thread that listens."""
        if self._connection:
            try:
                self._connection.sendall(frames.encode(frame))
            except OSError:
                self._connection = None

    # The thread that sends what has gathered.

    def _send_gathered(self) -> NoReturn:
        while True:
            self._has_gathered.wait()
            time.sleep(_GATHERING_SECONDS)
            self._has_gathered.clear()
            self._send_results()

    # The thread that listens.

    def _listen(self) -> NoReturn:
        patient_until = time.monotonic() + self._patience
        while True:
            try:
                with self._connect() as connection:
                    self._state(connection)
                    try:
                        self._follow(connection)
                    finally:
                        patient_until = time.monotonic() + self._patience
            except (EOFError, OSError):
                pass
            except Exception:
                # Of another version, perhaps. A worker that does not listen would stay for ever.
                traceback.print_exc()
                os._exit(1)
            with self._lock:
                self._connection = None
            if time.monotonic() >= patient_until:
                # Nobody waits for what runs in the main thread, and no exception would reach it.
                os._exit(1)
            time.sleep(_RETRY_SECONDS)

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(self._address, timeout=_CONNECT_SECONDS_MAX)
        frames.enter(connection, self._secret)
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _state(self, connection: socket.socket) -> None:
        with self._lock:
            self._connection = connection
            self._send(
                frames.Hello(
                    task=os.environ["REEVE_TASK_ID"],
                    attempt=_attempt(os.environ["REEVE_ATTEMPT"]),
                    held=list(self._held),
                    results=list(self._unkept.values()),
                )
            )

    def _follow(self, connection: socket.socket) -> None:
        while True:
            match frames.receive(connection):
                case frames.Welcome(path):
                    sys.path[:] = path
                case frames.Calls(calls, functions, forget):
                    if forget:
                        self._pickled.clear()
                    self._pickled.update(functions)
                    with self._lock:
                        self._held.update((call.key, None) for call in calls)
                    for call in calls:
                        self._calls.put((call, self._pickled[call.function]))
                case frames.GiveBack():
                    self._give_back()
                case frames.Kept(keys):
                    with self._lock:
                        for key in keys:
                            self._unkept.pop(key, None)
                case frames.Leave():
                    self._calls.put(None)

    def _give_back(self) -> None:
        keys = []
        try:
            while work := self._calls.get_nowait():
                keys.append(work[0].key)
        except queue.Empty:
            pass
        with self._lock:
            for key in keys:
                del self._held[key]
            self._send(frames.GivenBack(keys))


def _attempt(text: str) -> int:
    """`TERM.NUMBER` as one number."""
    term, _, number = text.partition(".")
    return int(term) << 40 | int(number)


def _dumps(value: object) -> bytes:
    try:
        return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    except Exception:
        # Of the program's own classes, which are not in a module here. Not at first: it takes ten times as long.
        import cloudpickle

        data: bytes = cloudpickle.dumps(value)
        return data


def _dumps_error(error: BaseException) -> bytes:
    # From the function on: the frame that called it is of no interest.
    frame = error.__traceback__.tb_next if error.__traceback__ else None
    trace = "".join(traceback.format_exception(type(error), error, frame))
    error.add_note(
        f"\nIn the worker, task {os.environ['REEVE_TASK_ID']} on {os.environ.get('REEVE_NODE', '?')}:\n{trace}"
    )
    try:
        data = _dumps(error)
        # Exceptions are often made of other arguments than they keep, and then cannot be read back.
        pickle.loads(data)
        return data
    except Exception:
        stand_in = RuntimeError(f"{type(error).__qualname__}: {error}")
        stand_in.add_note(trace)
        return pickle.dumps(stand_in)


def main() -> None:
    """Reads where the executor is from the environment."""
    environment = os.environ
    worker = Worker(
        environment["REEVE_POOL_ADDRESS"],
        bytes.fromhex(environment["REEVE_POOL_SECRET"]),
        float(environment["REEVE_POOL_PATIENCE"]),
    )
    worker.run()


if __name__ == "__main__":
    main()
