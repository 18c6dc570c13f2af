"""What the master is told of updates that have been acted on."""

from collections import OrderedDict
from collections.abc import Iterable

from .model import State, Update

# So many tasks whose end was acknowledged are known when it comes again.
_ENDS_KEPT = 65_536


class Acknowledgements:
    """Those to be sent, and the ends that were acknowledged lately: one whose acknowledgement was lost comes again."""

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._ends: OrderedDict[str, tuple[int, State]] = OrderedDict()

    def add(self, update: Update) -> bool:
        """Returns whether it is the first to be sent."""
        if update.state.ended:
            self._ends[update.task] = (update.attempt, update.state)
            self._ends.move_to_end(update.task)
            if len(self._ends) > _ENDS_KEPT:
                self._ends.popitem(last=False)
        if update.id:
            self._ids.append(update.id)
        return update.id != 0 and len(self._ids) == 1

    def has(self, update: Update) -> bool:
        """Whether it is an end that was acknowledged."""
        return self._ends.get(update.task) == (update.attempt, update.state)

    def forget(self, tasks: Iterable[str]) -> None:
        """What is told of these is an answer, and no repetition."""
        for task in tasks:
            self._ends.pop(task, None)

    def take(self) -> list[int]:
        """Ids of updates, to be sent now or not at all: without their acknowledgement the updates come again."""
        ids, self._ids = self._ids, []
        return ids
