"""What an article names that a stance can be toward: countries, people, bodies and places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from stance.quotes.cast import Cast, cast_of
from stance.quotes.names import runs_in, without_titles
from stance.quotes.roles import TITLES, source_kind
from stance.quotes.tokens import TIMES
from stance.targets.candidate import Candidate, Kind
from stance.targets.countries import Country, countries, country_of
from stance.targets.words import folded

_LED = re.compile(
    r"\b([^\W\d_a-z][\w.]{0,30})-(?:led|backed)\s((?:[^\W\d_][\w’'-]*\s){0,3}?"
    r"(?:[Cc]oalition|[Ff]orces|[Aa]lliance|[Tt]roops|[Mm]ission|[Cc]ampaign)(?:\s[Ff]orces)?)\b"
)
_SIDE = re.compile(r"\s(forces|troops|army|military|side|government|officials|administration)\b")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|from|to|across|outside|around)\s(?:the\s)?$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:“”\"‘]\s*)$")
_PEOPLE_PLURAL = re.compile(r"(?:ans|ists|ers|ors|ites|ese)$")
_MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
_MAX_WORDS = 8
_MAX_RUNS = 4_000
_JOINT = re.compile(r"\s(?:and|&|on|for)\s.*$")
_TITLED = re.compile(r"(?:Mr|Mrs|Ms|Dr|Prof|Sir|Lady|Dame)\.?\s")


def named_in(texts: Sequence[str], *, headline: str = "") -> list[Candidate]:
    """Everything the texts of an article name, each once, under its fullest name.

    Parameters
    ----------
    texts : sequence of str
        The paragraphs. A headline may capitalise every word, so it only adds to what they name.
    headline : str

    Returns
    -------
    list of Candidate

    Examples
    --------
    >>> texts = ["Ola Berg runs the Harbour Board.", "Russian ships left, Berg said."]
    >>> [(c.name, c.kind) for c in named_in(texts)]
    [('Russia', 'place'), ('Ola Berg', 'person'), ('Harbour Board', 'group')]
    """
    cast = cast_of(list(texts))
    whole = "\n".join([headline, *texts])
    found = [*_countries(whole), *_people(cast)]
    return [*found, *_others(texts, cast, {c.name for c in found})]


def _countries(whole: str) -> Iterator[Candidate]:
    text = folded(whole).text
    plain = text.replace(".", "")
    led = [(m[1], m[2].strip(), m[0].strip()) for m in _LED.finditer(whole)]
    for country in countries():
        if not _may_name(country, plain):
            continue
        groups: dict[str, None] = {}
        for who, group, full in led:
            if country_of(who) is country:
                groups.setdefault(full)
                if group.split()[0][0].isupper() and " " in group:
                    groups.update(dict.fromkeys(_cores(group)))
        for word in (*country.names, *country.people):
            for match in re.finditer(rf"\b{_dotted(word)}{_SIDE.pattern}", text):
                groups.setdefault(match.group())
        yield Candidate(country.names[0], tuple(groups), "group" if led and groups else "place")


def _may_name(country: Country, plain: str) -> bool:
    return any(word in plain for word in (*country.names, *country.people))


def _cores(group: str) -> list[str]:
    """A group's name, and the same without a common noun at its end."""
    words = group.split()
    return [group, " ".join(words[:-1])] if words[-1].islower() and len(words) > 2 else [group]


def _dotted(word: str) -> str:
    if word.isupper() and len(word) <= 3:
        return r"\.?".join(word) + r"\.?"
    return re.escape(word)


def _people(cast: Cast) -> Iterator[Candidate]:
    for person in cast.people.values():
        name = without_titles(person.name)
        if country_of(name) is None and name not in cast.outlets and not _is_body(name):
            yield Candidate(name, (), "person")


def _is_body(name: str) -> bool:
    last = name.rsplit(maxsplit=1)[-1].lower()
    return " " in name and source_kind(f"the {last}") in ("body", "outlet")


def _others(texts: Sequence[str], cast: Cast, taken: set[str]) -> Iterator[Candidate]:
    counts: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for text in texts:
        for run in runs_in(text)[:_MAX_RUNS]:
            name = without_titles(run.name).rstrip(".,’'")
            before = text[max(0, run.start - 12) : run.start]
            counts[name] += 1
            inside[name] += not _SENTENCE_START.search(before)
            places[name] += bool(_PLACE_BEFORE.search(before))
    counts.update(dict.fromkeys(map(_cut, cast.bodies), 0))
    lowered = {word for text in texts for word in text.split() if word.islower()}
    kept = [
        name
        for name in counts
        if _is_name(name, cast, taken)
        and (" " in name or (inside[name] and name.lower() not in lowered))
    ]
    for name, aliases in _merged(kept).items():
        kind = _kind(name, n_places=places[name], n=counts[name])
        is_outlet = name in cast.outlets or source_kind(name) == "outlet"
        yield Candidate(name, aliases, kind, is_outlet=is_outlet)


def _cut(body: str) -> str:
    """A body's name without what else the sentence joins to it: "Berg on Tuesday"."""
    cut = _JOINT.sub("", body)
    return cut if " of " in body or not _is_body(body) else body


def _is_name(name: str, cast: Cast, taken: set[str]) -> bool:
    words = name.lower().replace(".", "").split()
    if not words or len(name) < 3 or name in taken or country_of(name) is not None:
        return False
    if all(word in TITLES or word in TIMES for word in words) or _TITLED.match(name):
        return False
    if not any(letter.isupper() for letter in name) or len(words) > _MAX_WORDS or len(name) > 80:
        return False  # in scripts without capitals a run is a whole sentence
    if words[0] in TIMES | _MONTHS or country_of(words[0]) is not None:
        return _is_body(name) and words[0] not in TIMES
    if len(words) == 1 and source_kind(f"the {words[0]}") != "person":
        return False  # "the Bank" of several
    return not (cast.person(name) or cast.person(name.split(" of ", maxsplit=1)[0]))


def _merged(names: list[str]) -> dict[str, tuple[str, ...]]:
    """Names without those that only shorten one other, which take them as aliases."""
    aliases: dict[str, list[str]] = {name: [] for name in names}
    ends: dict[str, set[str]] = {}
    for name in names:
        words = name.split()
        for at in range(1, len(words)):
            ends.setdefault(" ".join(words[at:]), set()).add(name)
            ends.setdefault(" ".join(words[:at]), set()).add(name)
    for name in sorted(names, key=len):
        longer = ends.get(name, set())
        if len(longer) == 1 and (full := next(iter(longer))) in aliases:
            aliases[full] += [name, *aliases.pop(name)]
    return {name: tuple(dict.fromkeys(shorter)) for name, shorter in aliases.items()}


def _kind(name: str, *, n_places: int, n: int) -> Kind:
    last = name.rsplit(maxsplit=1)[-1].lower()
    if last in ("act", "bill", "law", "ordinance", "agreement", "treaty", "accord", "plan", "pact"):
        return "policy"
    if _is_body(name) or _PEOPLE_PLURAL.search(last) or name.isupper():
        return "group"
    return "place" if 2 * n_places >= n else "group"
