"""Who an article names: people and their roles, bodies, outlets, each by the fullest name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from stance.quotes.cues import cue_classes
from stance.quotes.names import (
    RUN,
    WORD,
    Run,
    last_name,
    phrases_in,
    runs_in,
    without_opener,
    without_titles,
)
from stance.quotes.roles import TITLES, gender_of, role_words

_PAPER = (
    r"(?:newspaper|paper|daily|weekly|monthly|magazine|bulletin|agency|journal|broadcaster|station"
    r"|site|website|tabloid|newswire|gazette)"
)
_VERBS_BEGIN = frozenset("qcwp")  # as those of ``_IS_OUTLET`` do
_PAPERS_END = frozenset(  # as words of ``_PAPER`` do
    "per ily kly hly ine tin ncy nal ter ion ite oid ire tte".split()
)
_OUTLET_BEFORE = re.compile(rf"\b{_PAPER}\s$")
_IS_OUTLET = re.compile(
    rf",\s(?:an?|the)\s(?:[\w’'-]+\s){{0,3}}{_PAPER}\b|(?:,\s)?\s?(?:quotes|cites|writes|prints)\b"
)
_AGE = re.compile(r",\s(?:who|whose|\d\d)\b")
# "the Skelda court of appeal", "the Hale auction house": a name with a common noun behind it.
_LOWER_BODY = re.compile(
    rf"the(?<!\w...)\s({WORD}(?:\s{WORD})*\s(?:[a-z]+\s)?(?:court|ministry|council|office|house|museum"
    r"|company|bank|board|hospital|laboratory|directorate|union|guild|institute)(?:\sof\s[a-z]+)?)"
)
_DETERMINER = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_BEFORE = re.compile(r"((?:\b[\w-]+\s){1,3})$")
_AFTER = re.compile(
    r",(?:\s\d+,)?\s((?:the|a|an|its|his|her|their)\s[^,.;]{3,60}|[a-z][^,.;]{3,60})"
)
_WHOM = re.compile(r"(\w+), whom (?:[\w’']+ ){1,3}calls? $")  # "The cook, whom all call Uncle Ola"
_ROLES_BEFORE = re.compile(r"((?:\b[a-z][\w-]{2,}\s){1,3})$")
_LEAD = re.compile(r"\b(?:the|its|his|her|their|a|an)\s([^,.;]{3,70}),\s$", re.IGNORECASE)
_ORIGIN = re.compile(rf"\sof\s({RUN.pattern})")
_NEXT_NAME = re.compile(r"\s[^\W\d_a-z]\w+\s[^\W\d_a-z]")
_PRONOUN = re.compile(r"\b(he|she|his|her|him)\b")
_GENDER = {"he": "m", "his": "m", "him": "m", "she": "f", "her": "f"}
_BODY_WORDS = frozenset(
    "journal times post herald gazette tribune daily weekly news press observer courier mercury"
    " chronicle telegraph magazine monitor ledger radio television tv agency review dispatch"
    " union ministry department office council board court bank party league federation"
    " association guild university institute college school hospital museum company corporation"
    " group club directorate authority commission committee bureau house houses service society"
    " trust chamber assembly parliament centre center laboratory army guard police coalition"
    " foundation congress force forces island islands river lake street valley port harbour fort"
    " north south east west act bill law cup railways railway rail line power grid research"
    " securities capital fund water watch polytechnic academy inquiry report note project"
    " network airways airlines air steel copper metal metall energy holdings partners brothers sons"
    " quay sound bay general state republic province".split()
)
_BODY = re.compile(rf"\b(?:{'|'.join(sorted(_BODY_WORDS))})\b", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_PLACE = frozenset("in at near from across around outside".split())
_MAX_NAME_WORDS = 5


@dataclass(slots=True)
class Person:
    """Somebody the article names. ``roles``: lower-case words it uses of them ("coach")."""

    name: str
    roles: set[str] = field(default_factory=set)
    gender: str = ""
    n_mentions: int = 0


@dataclass(frozen=True, slots=True)
class Cast:
    """Who an article names.

    Parameters
    ----------
    people : dict of str to Person
        By last name, lower case, the article prefix "al-" left out.
    bodies : tuple of str
        Organisations and other many-worded names, in order of appearance.
    outlets : frozenset of str
        Names that the article calls a newspaper, a station or an agency, or shows writing.
    """

    people: dict[str, Person]
    bodies: tuple[str, ...]
    outlets: frozenset[str] = frozenset()
    _met: dict[str, Person | None] = field(default_factory=dict, repr=False, compare=False)
    _full: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)

    def person(self, name: str) -> Person | None:
        """The person a short or titled name stands for."""
        if name not in self._met:
            self._met[name] = self._person(name)
        return self._met[name]

    def _person(self, name: str) -> Person | None:
        bare = without_titles(without_opener(name))
        if not bare:
            return None
        known = self.people.get(last_name(bare))
        if known is None and " " not in bare:
            # Known by a first name, as children and elders are.
            first = [p for p in self.people.values() if p.name.split()[0] == bare]
            return first[0] if len(first) == 1 else None
        if known is not None and " " in bare and not _are_one_name(bare, known.name):
            return None
        return known

    def body(self, words: str) -> str | None:
        """The fullest body whose name begins or ends as ``words`` do ("the Ministry")."""
        if words not in self._full:
            self._full[words] = self._body(words)
        return self._full[words]

    def _body(self, words: str) -> str | None:
        bare = _DETERMINER.sub("", words)
        first, last, initials = f"{bare} ", f" {bare}", bare if bare.isupper() else None
        word = bare.capitalize() if words.startswith("the ") and " " not in bare else None
        found = [
            body
            for body in self.bodies
            if body.startswith(first)
            or body.endswith(last)
            or (initials is not None and _initials(body) == initials)
            or (word is not None and word in body and word in body.split())
        ]
        if found:
            return max(found, key=len)
        return bare if bare in self.bodies else None


def cast_of(texts: Sequence[str]) -> Cast:
    """Who the paragraphs of an article name.

    Examples
    --------
    >>> cast = cast_of(["Ola al-Berg, the coach of the Harbour Club, left. Berg was ill."])
    >>> cast.person("Berg").name, "coach" in cast.person("Berg").roles
    ('Ola al-Berg', True)
    """
    runs = [run for text in texts for run in runs_in(text)]
    people: dict[str, Person] = {}
    bodies: dict[str, None] = {}
    chances = _chances(runs)
    for run in runs:
        _add_person(people, chances, run)
    for text in texts:
        for phrase in phrases_in(text):
            name = without_opener(phrase)
            bare = without_titles(name)
            if " " in name and (last_name(bare) not in people or _names_body(name)):
                bodies.setdefault(name)
        for match in _LOWER_BODY.finditer(text):
            bodies.setdefault(match.group(1))
    names = {person.name for person in people.values()}
    outlets = frozenset(run.name for run in runs if _is_outlet(run)) - names
    return Cast(people, tuple(bodies), outlets)


def people_in(text: str, cast: Cast) -> list[tuple[int, Person]]:
    """Mentions of the cast's people in a text, each with its offset, in order."""
    found = []
    for run in runs_in(text):
        person = cast.person(run.name)
        if person is not None:
            found.append((run.start, person))
    return found


def _is_outlet(run: Run) -> bool:
    """Whether the text calls a name a newspaper or the like, or shows it quoting."""
    text, start, end = run.text, run.start, run.end
    behind = text[end : end + 2]  # most names end here: neither a comma nor such a verb follows
    if (behind[:1] == "," or not _VERBS_BEGIN.isdisjoint(behind)) and _IS_OUTLET.match(text, end):
        return True
    before = text[start - 4 : start - 1] if start > 3 else ""
    is_near = before in _PAPERS_END or text[start - 1 : start] == "\n"
    return is_near and _OUTLET_BEFORE.search(text[max(0, start - 14) : start]) is not None


def _chances(runs: Sequence[Run]) -> Counter[str]:
    """For every many-worded run of capitals, what speaks for a person less what for a place."""
    chances: Counter[str] = Counter()
    classes = cue_classes()
    single = {run.name for run in runs if " " not in run.name}
    for run in runs:
        if " " not in run.name:
            continue
        before = run.text[max(0, run.start - 20) : run.start].rsplit(None, 1)[-1:]
        following = run.text[run.end : run.end + 14].split(None, 1)
        word = following[0].strip(",") if following else ""
        chances[run.name] += 2 * bool(_AGE.match(run.text, run.end))
        chances[run.name] += 2 * (word in classes or bool(before and before[0] in classes))
        chances[run.name] -= bool(before and before[0].lower() in _PLACE)
        chances[run.name] -= 2 * bool(before and before[0].lower() == "the")
    for name in list(chances):
        words = name.split()
        # People are taken up by their last name, firms and teams by their first.
        chances[name] += 2 * (words[-1] in single) - 2 * (words[0] in single)
    return chances


def _add_person(people: dict[str, Person], chances: Counter[str], found: Run) -> None:
    run, text = found.name, found.text
    bare, words, last, titled = _read(run)
    if not words:
        return
    known = people.get(last)
    if known is None:
        if (len(words) < 2 and not titled) or (not titled and chances[run] < 0):
            return
        known = people.setdefault(last, Person(bare))
    elif len(words) > 1:
        names = known.name.split()
        if len(words) > len(names) and words[-1] == names[-1]:
            known.name = bare
    known.n_mentions += 1
    if " " not in known.name and titled:
        origin = _ORIGIN.match(text[found.end : found.end + 60])
        known.name += f" of {origin.group(1)}" if origin else ""
    if len(words) > 1 or titled:
        known.roles |= titled | _roles_around(text, found.start, found.end)
    if not known.gender:
        known.gender = gender_of(known.roles) or _gender_after(text, found.end)


@lru_cache(maxsize=4096)
def _read(run: str) -> tuple[str, tuple[str, ...], str, frozenset[str]]:
    """A name without titles, its words (none where it is no person's), the last one, the titles."""
    bare = without_titles(run)
    words = tuple(bare.split()) if _may_be_person(bare) else ()
    return bare, words, last_name(bare), _titles_in(run)


@lru_cache(maxsize=4096)
def _may_be_person(bare: str) -> bool:
    """Whether a name without titles can be a person's."""
    words = bare.split()
    return (
        0 < len(words) <= _MAX_NAME_WORDS
        and len(words[-1]) > 1
        and bare.lower().strip(".") not in TITLES
        and not _names_body(bare)
    )


@lru_cache(maxsize=4096)
def _names_body(name: str) -> bool:
    if name.isascii():  # where lower case is all that ignoring case means
        return not _BODY_WORDS.isdisjoint(_WORDS.findall(name.lower()))
    return _BODY.search(name) is not None


@lru_cache(maxsize=4096)
def _titles_in(run: str) -> frozenset[str]:
    return TITLES.intersection([word.lower().strip(".") for word in run.split()])


def _gender_after(text: str, end: int) -> str:
    """Gender by the first pronoun after a name, no other name in between."""
    stretch = text[end : end + 120]
    pronoun = _PRONOUN.search(stretch)
    if pronoun is None or _NEXT_NAME.search(stretch, 0, pronoun.start()):
        return ""
    return _GENDER[pronoun.group(1)]


def _roles_around(text: str, start: int, end: int) -> set[str]:
    """Role words right before a name ("the economist …") and in apposition around it."""
    words: set[str] = set()
    before = None
    if text[start - 2 : start - 1] not in ",.;:":  # not behind a mark, nor where a text begins
        before = _ROLES_BEFORE.search(text[max(0, start - 60) : start])
    if before:
        words |= role_words(before.group(1).strip())
    if text[max(0, start - 2) : start] == ", ":
        lead = _LEAD.search(text[max(0, start - 90) : start])
        words |= role_words(lead.group(1)) if lead else set()
    window = text[max(0, start - 60) : start]
    alias = _WHOM.search(window) if ", whom " in window else None
    words |= {alias.group(1)} if alias else set()
    after = _AFTER.match(text, end)
    if after and not after.group(1).startswith("who"):
        words |= role_words(after.group(1))
    return words - {"the", "and", "said", "told", "who", "that", "for", "with", "its", "his", "her"}


def _are_one_name(first: str, second: str) -> bool:
    """Whether two names with one last name can be one person's: "O. Berg", "Ola Berg"."""
    a, b = first.split(maxsplit=1)[0], second.split(maxsplit=1)[0]
    return " " not in second or a[0] == b[0] or len(first.split()) != len(second.split())


def _initials(body: str) -> str:
    return "".join(word[0] for word in body.split() if word[0].isupper())
