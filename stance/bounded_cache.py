"""A cache of what was read of texts, bounded by the characters that it holds.

``functools.lru_cache`` counts entries, whatever they weigh: a few thousand pages of half a megabyte
fill any machine. Here, entries are counted by the length of their text. What a function returns is
taken to be some multiple of it: up to 111 bytes a character for the heaviest, an index of a text's
words and stems (``stance.features.sentence_index``), up to 4 for the text itself. A cache of
2**20 characters holds 120 MB at most, then, and one of a function that returns a word 4 MB.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

_PART = 16  # a text that would take more than this part of a cache is long
_N_LONG = 2
_ENTRY = 64  # characters that an entry counts beside its text


def bounded_cache(n_chars: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A decorator for functions of a text: what they returned is remembered.

    The first argument is the text, or has it as ``text``; all arguments can be hashed. Half of the
    characters belong to what was asked for lately: where they are used up, the other half is
    forgotten. Threads may call the function at once; at worst, one of them asks once more.

    Parameters
    ----------
    n_chars : int
        Characters of all texts held together, 64 counted for each entry besides. Of texts of more
        than a sixteenth of it the last two are held besides: a page's longest line may be asked
        about a thousand times in a row.

    Examples
    --------
    >>> @bounded_cache(n_chars=4096)
    ... def words_in(text):
    ...     print("asked")
    ...     return len(text.split())
    >>> words_in("It rained."), words_in("It rained.")
    asked
    (2, 2)
    >>> words_in("rain " * 1000), words_in("rain " * 1000)
    asked
    (1000, 1000)
    """

    def decorated(function: Callable[P, T]) -> Callable[P, T]:
        find: Callable[..., T] = function
        code = function.__code__
        if code.co_argcount + code.co_kwonlyargcount == 1:
            one: BoundedCache[T] = BoundedCache(find, n_chars)

            @wraps(function)
            def of_one(text: Any) -> T:
                return one[text]

            cached: Any = of_one
            cached.cache_clear = one.forget
        else:
            many: BoundedCache[T] = BoundedCache(lambda key: find(*key[0], **dict(key[1])), n_chars)

            @wraps(function)
            def of_many(*args: Any, **kwargs: Any) -> T:
                return many[args, tuple(kwargs.items()) if kwargs else ()]

            cached = of_many
            cached.cache_clear = many.forget
        return cast("Callable[P, T]", cached)

    return decorated


class BoundedCache(dict[Any, T]):
    """What a function returns, by its argument: ``bounded_cache`` as a table.

    For the innermost loops: ``cache[word]`` costs half of what a call does.

    Parameters
    ----------
    find : callable
        Asked where nothing is remembered.
    n_chars : int
        As in ``bounded_cache``.

    Examples
    --------
    >>> lengths = BoundedCache(len, n_chars=1000)
    >>> lengths["ferry"], list(map(lengths.__getitem__, ["ferry", "ice"]))
    (5, [5, 3])
    """

    __slots__ = ("_find", "_half", "_held", "_long", "_longest", "_old")

    def __init__(self, find: Callable[[Any], T], n_chars: int) -> None:
        super().__init__()
        self._find = find
        self._half = n_chars // 2
        self._longest = n_chars // _PART
        self._held = 0
        self._old: dict[Any, T] = {}
        self._long: tuple[tuple[Any, T], ...] = ()

    def __missing__(self, key: Any) -> T:
        # None may be what was found: the key tells whether anything was.
        size = _ENTRY + len(key if type(key) is str else _text(key))
        if size > self._longest:
            return self._of_long(key)
        old = self._old  # which another thread may replace
        value = old[key] if key in old else self._find(key)
        held = self._held + size
        if held > self._half:
            self._old, held = dict(self), size
            self.clear()
        self[key] = value
        self._held = held
        return value

    def _of_long(self, key: Any) -> T:
        for known, value in self._long:
            if known == key:
                return value
        value = self._find(key)
        self._long = (*self._long[1 - _N_LONG :], (key, value))
        return value

    def forget(self) -> None:
        """Begin anew."""
        self.clear()
        self._old, self._held, self._long = {}, 0, ()


def _text(key: Any) -> str:
    first = key[0][0] if type(key) is tuple else key
    return first if type(first) is str else str(first.text)
