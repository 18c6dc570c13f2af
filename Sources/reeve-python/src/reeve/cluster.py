"""Where a cluster's masters are, and its secret."""

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .errors import ReeveError


@dataclass(frozen=True, slots=True)
class Cluster:
    """The masters' addresses, `HOST:PORT`, tried in turn, and the token that every call carries."""

    addresses: Sequence[str]
    token: str = field(repr=False)

    @classmethod
    def find(cls, environment: Mapping[str, str] = os.environ) -> "Cluster":
        """The cluster that `REEVE_ADDRESS` and `REEVE_TOKEN_FILE` name.

        What they leave open is read from the files `address` and `token` of the data directory: `REEVE_DATA`, else
        `reeve` where the user's programs keep their state. An empty variable counts as unset.

        Raises `ReeveError`: `unavailable` where no cluster is found, `denied` where its token cannot be read.
        """
        data = _data_directory(environment)
        text = environment.get("REEVE_ADDRESS")
        source = "REEVE_ADDRESS" if text else str(data / "address")
        addresses = _parse(text or _read_address(data / "address"), source)
        return cls(addresses, _read_token(Path(environment.get("REEVE_TOKEN_FILE") or data / "token")))


def _data_directory(environment: Mapping[str, str]) -> Path:
    if data := environment.get("REEVE_DATA"):
        return Path(data)
    if state := environment.get("XDG_STATE_HOME"):
        return Path(state, "reeve")
    return Path(environment.get("HOME", ""), ".local/state/reeve")


def _parse(text: str, source: str) -> list[str]:
    addresses = [part.strip() for part in text.split(",") if part.strip()]
    if not addresses:
        raise ReeveError("invalid", "No address in it: write HOST:PORT, or several with commas.", source)
    for address in addresses:
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65_535:
            raise ReeveError("invalid", f'"{address}" is not HOST:PORT, such as 127.0.0.1:7070.', source)
    return addresses


def _read_address(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        raise ReeveError(
            "unavailable",
            f'No cluster was found: REEVE_ADDRESS is not set, and there is no "{path}". '
            "Start one with `reeve up`, or set REEVE_ADDRESS and REEVE_TOKEN_FILE.",
        ) from None


def _read_token(path: Path) -> str:
    try:
        mode, token = stat.S_IMODE(path.stat().st_mode), path.read_text().strip()
    except OSError as error:
        raise ReeveError(
            "denied",
            f'The token file "{path}" cannot be read ({error.strerror}). '
            "Set REEVE_TOKEN_FILE to the file `token` in the data directory of the cluster.",
            "token",
        ) from None
    if mode & 0o077:
        raise ReeveError("denied", f'The token file "{path}" can be read by others. Run: chmod 600 {path}', "token")
    if len(token) < 16:
        raise ReeveError("denied", f'The token file "{path}" holds no token.', "token")
    return token
