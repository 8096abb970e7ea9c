"""A small memory of immutable values, shared by the threads of one process."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Keeps the values used last; what is missing is fetched in one call.

    Only for values that never change under their key: nothing is ever invalidated.
    """

    def __init__(self, capacity: int) -> None:
        """Keep at most this many values."""
        self._capacity = capacity
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get_many(
        self, keys: Collection[K], fetch: Callable[[Collection[K]], Mapping[K, V]]
    ) -> dict[K, V]:
        """Return the values of the keys that exist; fetch is called once for missing ones."""
        with self._lock:
            found = {key: self._values[key] for key in keys if key in self._values}
            for key in found:
                self._values.move_to_end(key)
        missing = [key for key in keys if key not in found]
        if missing:
            fetched = fetch(missing)
            with self._lock:
                self._values.update(fetched)
                while len(self._values) > self._capacity:
                    self._values.popitem(last=False)
            found |= fetched
        return found
