"""Executors with real workers, on a cluster that is none."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, as_completed
from pathlib import Path

import pytest
from fake_cluster import FakeCluster, fake_cluster

from reeve import Cluster, FrameworkGone, ReeveError, ReeveExecutor, WorkerLost
from reeve.pool.record import Record


@pytest.fixture
def cluster() -> Iterator[tuple[FakeCluster, Cluster]]:
    with fake_cluster(slots=2) as both:
        yield both


@pytest.fixture
def fake(cluster: tuple[FakeCluster, Cluster]) -> FakeCluster:
    return cluster[0]


@pytest.fixture
def pool(cluster: tuple[FakeCluster, Cluster]) -> Iterator[ReeveExecutor]:
    with ReeveExecutor(max_workers=4, cluster=cluster[1]) as pool:
        yield pool


def wait_until(what: object, seconds: float = 10) -> None:
    assert callable(what)
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


def test_map_gives_results_in_order(pool: ReeveExecutor) -> None:
    assert list(pool.map(pow, range(100), [2] * 100)) == [n * n for n in range(100)]
    assert list(pool.map(pow, range(101), [2] * 101, chunksize=10)) == [n * n for n in range(101)]
    assert list(pool.map(pow, [], [])) == []


def test_lambdas_closures_and_own_classes_travel(pool: ReeveExecutor) -> None:
    class Own:
        def __init__(self, n: int) -> None:
            self.n = n

    base = 40
    result = pool.submit(lambda own: Own(own.n + base), Own(2)).result()
    assert isinstance(result, Own)
    assert result.n == 42


def test_each_of_many_functions_is_called(pool: ReeveExecutor) -> None:
    def multiple(factor: int) -> Callable[[int], int]:
        return lambda n: factor * n

    futures = [pool.submit(multiple(n), n) for n in range(1_000)]
    assert [future.result() for future in futures] == [n * n for n in range(1_000)]


def test_an_exception_comes_back_with_the_workers_traceback(pool: ReeveExecutor) -> None:
    def divide() -> float:
        return 1 / 0

    with pytest.raises(ZeroDivisionError) as error:
        pool.submit(divide).result()
    assert "in divide" in "".join(error.value.__notes__)


def test_an_exception_that_cannot_be_pickled_is_told_all_the_same(pool: ReeveExecutor) -> None:
    class OddError(Exception):
        def __init__(self, one: int, two: int) -> None:
            super().__init__(f"{one} and {two}")

    def fail() -> None:
        raise OddError(1, 2)

    with pytest.raises(RuntimeError, match="OddError: 1 and 2"):
        pool.submit(fail).result()


def test_what_cannot_be_pickled_is_refused_at_once(pool: ReeveExecutor) -> None:
    with pytest.raises(TypeError, match="pickle"):
        pool.submit(id, sys.stdout.buffer)
    with pytest.raises(TypeError, match="pickle"):
        pool.submit(lambda: sys._getframe()).result()


def test_a_call_that_exits_fails_and_nothing_else(pool: ReeveExecutor) -> None:
    with pytest.raises(SystemExit):
        pool.submit(sys.exit, 3).result()
    assert pool.submit(pow, 2, 5).result() == 32


def test_a_call_that_kills_its_workers_fails_and_others_do_not(pool: ReeveExecutor) -> None:
    def die(n: int) -> int:
        if n == 10:
            os.kill(os.getpid(), signal.SIGKILL)
        return n

    futures = [pool.submit(die, n) for n in range(20)]
    with pytest.raises(WorkerLost):
        futures[10].result()
    assert [future.result() for future in futures[:10] + futures[11:]] == [n for n in range(20) if n != 10]


def test_calls_of_a_worker_that_dies_are_run_again(pool: ReeveExecutor, fake: FakeCluster) -> None:
    futures = [pool.submit(time.sleep, 0.5) for _ in range(4)]
    wait_until(lambda: futures[0].running())
    fake.kill(fake.launched[0])
    assert [future.result() for future in futures] == [None] * 4
    assert len(fake.launched) > 2


def test_calls_of_a_node_that_is_cut_off_are_run_again_elsewhere(pool: ReeveExecutor, fake: FakeCluster) -> None:
    futures = [pool.submit(time.sleep, 0.5) for _ in range(2)]
    wait_until(lambda: futures[0].running() and futures[1].running())
    fake.cut_off(fake.launched[0])
    assert [future.result(timeout=10) for future in futures] == [None] * 2


def test_pending_and_running_calls_can_be_cancelled(pool: ReeveExecutor) -> None:
    futures = [pool.submit(time.sleep, 60) for _ in range(4)]
    wait_until(lambda: futures[0].running() and futures[1].running())
    assert all(future.cancel() for future in futures)
    assert all(future.cancelled() and future.cancel() for future in as_completed(futures, timeout=5))
    with pytest.raises(CancelledError):
        futures[0].result()
    assert pool.submit(pow, 2, 5).result(timeout=10) == 32


def test_there_are_no_more_workers_than_asked_for(cluster: tuple[FakeCluster, Cluster]) -> None:
    with ReeveExecutor(max_workers=1, cluster=cluster[1]) as pool:
        list(pool.map(time.sleep, [0.05] * 6))
    assert cluster[0].most == 1
    assert cluster[0].torn_down


def test_idle_workers_go_and_new_ones_come(cluster: tuple[FakeCluster, Cluster]) -> None:
    fake = cluster[0]
    with ReeveExecutor(max_workers=2, idle_timeout=0.2, cluster=cluster[1]) as pool:
        assert pool.submit(pow, 2, 5).result() == 32
        wait_until(lambda: not fake.processes)
        assert pool.submit(pow, 2, 6).result() == 64


def test_after_shutdown_nothing_is_taken(pool: ReeveExecutor) -> None:
    future = pool.submit(pow, 2, 5)
    pool.shutdown()
    pool.shutdown()
    assert future.result() == 32
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(pow, 2, 5)


def test_shutdown_can_cancel_what_has_not_begun(cluster: tuple[FakeCluster, Cluster]) -> None:
    pool = ReeveExecutor(max_workers=1, cluster=cluster[1])
    futures = [pool.submit(time.sleep, 0.3) for _ in range(10)]
    wait_until(lambda: futures[0].running())
    pool.shutdown(cancel_futures=True)
    assert futures[0].result() is None
    assert futures[9].cancelled()


def test_workers_that_do_not_start_are_told_with_their_reason(cluster: tuple[FakeCluster, Cluster]) -> None:
    with (
        ReeveExecutor(max_workers=1, python="/bin/false", cluster=cluster[1]) as pool,
        pytest.raises(BrokenExecutor, match="exit code 1"),
    ):
        pool.submit(pow, 2, 5).result(timeout=20)
    with pytest.raises(BrokenExecutor):
        pool.submit(pow, 2, 5)


PROGRAM = """
import os, sys, time
from reeve import Cluster, ReeveExecutor

def work(n):
    with open(sys.argv[2], "a") as runs:
        print(n, file=runs)
    time.sleep(0.3)
    return n * n

work.__module__ = "__main__"
with ReeveExecutor(max_workers=2, state=sys.argv[1], failover=20, cluster=Cluster([sys.argv[3]], sys.argv[4])) as pool:
    print(sum(pool.map(work, range(int(sys.argv[5])))), flush=True)
"""


def test_a_program_that_is_killed_goes_on_where_it_was(cluster: tuple[FakeCluster, Cluster], tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.replace("sys.argv[2]", repr(str(tmp_path / "runs"))))
    runs = tmp_path / "runs"
    arguments = [str(tmp_path / "state"), str(runs), cluster[1].addresses[0], cluster[1].token, "12"]

    def start() -> "subprocess.Popen[str]":
        return subprocess.Popen([sys.executable, str(program), *arguments], stdout=subprocess.PIPE, text=True)

    for count in (2, 5, 8):
        process = start()
        wait_until(lambda: runs.exists() and len(runs.read_text().split()) >= count)  # noqa: B023
        process.kill()
        process.communicate()
    output, _ = start().communicate(timeout=30)
    assert output == f"{sum(n * n for n in range(12))}\n"
    assert sorted(map(int, runs.read_text().split())) == list(range(12))


def count_runs(runs: str) -> int:
    with open(runs, "a") as file:
        file.write("run\n")
    return 7


def test_results_outlive_the_framework(cluster: tuple[FakeCluster, Cluster], tmp_path: Path) -> None:
    address = cluster[1]
    runs = str(tmp_path / "runs")
    for _time in range(2):
        with ReeveExecutor(state=tmp_path, cluster=address) as pool:
            assert pool.submit(count_runs, runs).result() == 7
    assert Path(runs).read_text() == "run\n"


def test_a_framework_that_was_away_for_too_long_is_followed_by_another(
    cluster: tuple[FakeCluster, Cluster], tmp_path: Path
) -> None:
    fake, address = cluster
    record = Record(tmp_path)
    record.identity("old")
    record.add_workers(["worker-of-old"])
    record.close()
    fake.gone.add("old")
    with pytest.raises(FrameworkGone, match="it was removed"):
        ReeveExecutor(state=tmp_path, id="old", cluster=address)
    with ReeveExecutor(state=tmp_path, cluster=address) as pool:
        assert pool.submit(pow, 2, 5).result() == 32
        assert fake.framework != "old"


def test_a_state_directory_is_one_executors_at_a_time(cluster: tuple[FakeCluster, Cluster], tmp_path: Path) -> None:
    with (
        ReeveExecutor(state=tmp_path, cluster=cluster[1]),
        pytest.raises(ReeveError, match="another executor"),
    ):
        ReeveExecutor(state=tmp_path, cluster=cluster[1])
