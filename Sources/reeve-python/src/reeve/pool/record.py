"""What of a pool outlives its process, in a directory that it is given."""

import secrets
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from ..errors import ReeveError
from . import frames

_SCHEMA = """
create table if not exists pool (name text primary key, value text not null);
create table if not exists workers (task text primary key);
create table if not exists results (key blob primary key, succeeded integer not null, outcome blob not null);
"""


def new_identity() -> str:
    """An id that no framework has had."""
    return f"executor-{secrets.token_hex(5)}"


class Record:
    """The pool's names, its workers' tasks and the results of its calls.

    Written, not synced: it outlives the process, and after the machine's death some calls are run again.
    """

    def __init__(self, directory: Path) -> None:
        # It holds the pool's secret, and pickles that are believed.
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database = sqlite3.connect(directory / "pool.db", check_same_thread=False, timeout=0)
        try:
            self._database.execute("pragma locking_mode = exclusive")
            self._database.execute("pragma journal_mode = wal")
            self._database.execute("pragma synchronous = off")
            self._database.executescript(_SCHEMA)
        except sqlite3.OperationalError as error:
            raise ReeveError(
                "conflict", f'"{directory}" cannot be used: {error}. Is it another executor\'s?', "state"
            ) from error

    def name(self, name: str, default: str) -> str:
        """What has been written down under a name; at first the default, which then is."""
        row = self._database.execute("select value from pool where name = ?", [name]).fetchone()
        if row:
            return str(row[0])
        self.set_name(name, default)
        return default

    def set_name(self, name: str, value: str) -> None:
        """Writes another value down."""
        with self._database:
            self._database.execute("insert or replace into pool values (?, ?)", [name, value])

    def identity(self, id: str | None) -> str:
        """The framework's id: the one given, else the one of before, else a new one. Another than before has other workers."""
        known = self.name("id", id or new_identity())
        if id and id != known:
            self.forget()
            self.set_name("id", id)
        return id or known

    def secret(self) -> bytes:
        """Made at first."""
        return bytes.fromhex(self.name("secret", secrets.token_hex(32)))

    def workers(self) -> set[str]:
        """Tasks that may be there."""
        return {task for (task,) in self._database.execute("select task from workers")}

    def add_workers(self, tasks: Iterable[str]) -> None:
        """Before they are asked for, so that none is forgotten."""
        with self._database:
            self._database.executemany("insert into workers values (?)", [[task] for task in tasks])

    def remove_workers(self, tasks: Iterable[str]) -> None:
        """They have ended."""
        with self._database:
            self._database.executemany("delete from workers where task = ?", [[task] for task in tasks])

    def result(self, key: bytes) -> frames.Result | None:
        """How a call ended, if it has."""
        row = self._database.execute("select succeeded, outcome from results where key = ?", [key]).fetchone()
        return frames.Result(key, bool(row[0]), row[1], 0) if row else None

    def add_results(self, results: Iterable[frames.Result]) -> None:
        """The same result twice is no error."""
        with self._database:
            self._database.executemany(
                "insert or ignore into results values (?, ?, ?)",
                [(result.key, result.succeeded, result.outcome) for result in results],
            )

    def forget(self) -> None:
        """The framework is torn down. The next one in this directory finds what was returned, and tries again what failed."""
        with self._database:
            self._database.execute("delete from pool")
            self._database.execute("delete from workers")
            self._database.execute("delete from results where not succeeded")

    def close(self) -> None:
        """Lets another executor have the directory."""
        self._database.close()
