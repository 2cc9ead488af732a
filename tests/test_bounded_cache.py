"""A cache of texts: what it remembers, and that it never holds more than it may."""

from __future__ import annotations

from threading import Thread

from stance.bounded_cache import BoundedCache, bounded_cache


def test_a_text_is_read_once() -> None:
    asked: list[str] = []

    @bounded_cache(n_chars=10_000)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length("ferry"), length("ice"), length("ferry")] == [5, 3, 5]
    assert asked == ["ferry", "ice"]


def test_further_arguments_are_told_apart() -> None:
    @bounded_cache(n_chars=10_000)
    def doubled(text: str, *, twice: bool = False) -> str:
        return text * (1 + twice)

    assert doubled("a"), doubled("a", twice=True) == ("a", "aa")
    assert doubled("a", twice=False) == "a"


def test_nothing_found_is_remembered_too() -> None:
    asked: list[str] = []
    cache = BoundedCache[None](asked.append, n_chars=2_000)
    for text in ("a", *map(str, range(20)), "a", "a"):
        assert cache[text] is None
    assert asked.count("a") <= 2


def test_characters_are_bounded_whatever_is_asked() -> None:
    cache = BoundedCache(len, n_chars=4_000)
    for i in range(2_000):
        text = str(i) * (1 + i % 90)
        assert cache[text] == len(text)
        held = sum(map(len, cache)) + sum(map(len, cache._old))
        assert held <= 4_000


def test_what_was_asked_lately_is_still_known() -> None:
    asked: list[str] = []

    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    cache = BoundedCache(length, n_chars=64 * 40)
    for i in range(100):
        cache[str(i)], cache["ferry"]
    assert asked.count("ferry") == 1


def test_a_long_line_asked_about_in_a_row_is_read_once() -> None:
    asked: list[int] = []

    def length(text: str) -> int:
        asked.append(len(text))
        return len(text)

    cache = BoundedCache(length, n_chars=1_000)
    line, other = "ice " * 500, "fog " * 600
    for _ in range(50):
        assert (cache[line], cache[other]) == (2_000, 2_400)
    assert asked == [2_000, 2_400]
    assert not cache  # beside what is bounded


def test_threads_get_what_the_function_gives() -> None:
    cache = BoundedCache(len, n_chars=1_000)
    wrong: list[str] = []

    def ask() -> None:
        texts = ["a" * (i % 17) for i in range(3_000)]
        wrong.extend(text for text in texts if cache[text] != len(text))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_forgetting_begins_anew() -> None:
    asked: list[str] = []
    cache = BoundedCache[None](asked.append, n_chars=1_000)
    cache["a"], cache["a" * 500]
    cache.forget()
    cache["a"], cache["a" * 500]
    assert len(asked) == 4
