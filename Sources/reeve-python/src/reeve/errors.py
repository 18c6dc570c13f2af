"""What a cluster refuses, and what a session ends with."""

from concurrent.futures import BrokenExecutor

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

# Of a status that bears no code of Reeve's own; the same as the manual's table.
_CODES = {
    grpc.StatusCode.UNAUTHENTICATED: "denied",
    grpc.StatusCode.PERMISSION_DENIED: "denied",
    grpc.StatusCode.NOT_FOUND: "not-found",
    grpc.StatusCode.INVALID_ARGUMENT: "invalid",
    grpc.StatusCode.OUT_OF_RANGE: "invalid",
    grpc.StatusCode.ALREADY_EXISTS: "conflict",
    grpc.StatusCode.FAILED_PRECONDITION: "conflict",
    grpc.StatusCode.ABORTED: "conflict",
    grpc.StatusCode.UNIMPLEMENTED: "conflict",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "too-large",
}


class ReeveError(Exception):
    """A refusal that people can act on, or a cluster that cannot be reached.

    `code` is one of the manual's refusals, such as `invalid`, `not-found`, `conflict`, `denied` and `unavailable`;
    `field` is a path such as `tasks[4].memory`, empty where it is about the whole; `message` is a sentence with
    the value and what would be right.
    """

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(code, message, field)
        self.code = code
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class SessionEnded(ReeveError):
    """The master will have no more of this session, and there is nothing to be gained by another try."""


class FrameworkGone(SessionEnded):
    """A newer session has the framework's id, or it was removed, and its id is not taken again."""


class WorkerLost(BrokenExecutor):
    """The workers that ran a call died, as often as one may."""


def from_status(error: grpc.RpcError) -> ReeveError:
    """What a call failed with: a `SessionEnded` where another try would fail likewise."""
    assert isinstance(error, grpc.Call), "what a call fails with is the call"
    code, field = _CODES.get(error.code(), "unavailable"), ""
    info = error_details_pb2.ErrorInfo()
    try:
        status = rpc_status.from_call(error)
    except ValueError:
        # A channel that is closed while the master's last word is on its way has that word and a code of its own.
        status = None
    for detail in status.details if status else ():
        if detail.Unpack(info) and info.domain == "reeve":
            code, field = info.reason, info.metadata.get("field", "")
    message = error.details() or error.code().name
    if error.code() is grpc.StatusCode.UNAVAILABLE and not status:
        message = f"The master cannot be reached: {message}"
    return _kind(error.code())(code, message, field)


def _kind(status: grpc.StatusCode) -> type[ReeveError]:
    if status is grpc.StatusCode.ABORTED:
        return FrameworkGone
    # A master that is out of something has it again in a while.
    is_final = status in _CODES and status is not grpc.StatusCode.RESOURCE_EXHAUSTED
    return SessionEnded if is_final else ReeveError
