"""A target → the word sequences that mention it, each with how sure it is and how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from stance.quotes.roles import source_kind
from stance.targets.countries import Country, countries, country_of, other_names
from stance.targets.target import Target
from stance.targets.words import folded, is_unspaced, words_of

MentionKind = Literal["name", "demonym", "short", "seat", "overlap", "pronoun"]
CaseRule = Literal["any", "initial", "some", "exact"]

STOP_WORDS = frozenset(
    "the a an of for and or to in on at by with from into over about against as is are be was were"
    " it its his her their our this that these those not no has have had will would should must can"
    " more than all any who which what when where how".split()
)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+(?=\S)", re.IGNORECASE)
_ACRONYM = re.compile(r"(?:[^\W\d_]\.?){2,6}")
_PLAIN = re.compile(r"[\w\s'./&-]*")
# Nouns that begin a target with a capital only because a line begins there.
_COMMON = re.compile(r"(?:tion|sion|ment|ness|ism|ity|ance|ence|ship|ers|ors|ists|ing)$")
# First words that many names share, so that they do not stand for one of them.
_GENERIC = frozenset(
    "new old great north south east west northern southern eastern western upper lower central"
    " federal state national international regional royal united union general public social free"
    " first second city town village county port saint mount lake river house houses ministry"
    " department board bank court council office party museum university institute society"
    " association american british north plant health home foreign justice world global people"
    " common heritage labour labor democratic republican black white green blue red".split()
)
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a target.

    Parameters
    ----------
    words : tuple of str
        As :func:`stance.targets.words.words_of` gives them; one unspaced string where the script
        leaves no blanks.
    kind : MentionKind or None
        None: something else that only contains the name ("Latin America").
    case : CaseRule
        What the text must have: any case, a capital at the start, one somewhere, or all of
        ``exact``.
    literal : str
        Lower-case characters that must stand there, where words alone do not tell ("C++").
    exact : str
        The acronym, its dots left out.
    """

    words: tuple[str, ...]
    kind: MentionKind | None
    case: CaseRule = "any"
    literal: str = ""
    exact: str = ""


def forms_of(target: Target) -> tuple[Form, ...]:
    """Every way to write a target that a text is searched for.

    Examples
    --------
    >>> [form.words for form in forms_of(Target("the Harbour Board"))]
    [('harbour', 'board'), ('hb',), ('board',), ('boards',), ('harbour',)]
    """
    forms: dict[tuple[tuple[str, ...], str], Form] = {}
    for form in _all_forms(target):
        if form.words or form.literal:
            key = form.words, form.literal
            first = forms.setdefault(key, form)
            if first.kind == form.kind == "name" and form.case == "any":
                forms[key] = form  # an alias in lower case: "severn bridge"
    return tuple(forms.values())


def content_words(name: str) -> tuple[str, ...]:
    """Stems of the words of a phrase that carry its meaning, each once.

    Examples
    --------
    >>> content_words("the sale of the ferries")
    ('sale', 'ferr')
    """
    words = (word.lower for word in words_of(folded(name).lower))
    stems = (stem(word) for word in words if len(word) > 2 and word not in STOP_WORDS)
    return tuple(dict.fromkeys(stems))


def stem(word: str) -> str:
    """A word without its most common endings, four letters at least kept."""
    for ending in ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def plain_name(name: str) -> str:
    """A name folded, without its article."""
    return _ARTICLE.sub("", " ".join(folded(name).text.split()))


def _all_forms(target: Target) -> Iterator[Form]:
    names = [plain_name(name) for name in target.names]
    for name in names:
        yield from _given(name)
    for name in names:
        yield from _country_forms(name)
    for name in names:
        yield from _short_forms(name)


def _given(name: str) -> Iterator[Form]:
    form = _form(name, "name")
    if form is None:
        return
    yield form
    is_common = name.rsplit(maxsplit=1)[-1].islower() or (" " not in name and form.case == "any")
    if is_common and form.words and not form.literal:
        for last in _variants(form.words[-1]):
            yield Form((*form.words[:-1], last), "name", form.case)


def _country_forms(name: str) -> Iterator[Form]:
    country = country_of(name)
    if country is None:
        if " " not in name and _is_proper(name) and name.isalpha() and not name.isupper():
            yield from (Form((word,), "demonym", "initial") for word in _people(name.lower()))
        return
    kinds: tuple[tuple[MentionKind | None, Iterable[str]], ...] = (
        ("name", country.names),
        ("demonym", country.people),
        ("seat", country.seats),
        (None, (*other_names(), *_longer(country))),
    )
    for kind, words in kinds:
        for word in words:
            form = _form(word, kind)
            if form is not None:
                yield form


def _longer(country: Country) -> Iterator[str]:
    """Names of other countries that hold one of this: "South Sudan", of Sudan."""
    own = set(country.names + country.people)
    for other in countries():
        for name in other.names + other.people:
            if other is not country and " " in name and not own.isdisjoint(name.split()):
                yield name


def _people(place: str) -> Iterator[str]:
    """What the people of a place that no table knows may be called: "Olmarran", "Oruzhani"."""
    endings = ("n", "ns") if place[-1] in "ae" else ("i", "is", "an", "ans", "ian", "ians")
    yield from (place + ending for ending in endings)


def _short_forms(name: str) -> Iterator[Form]:
    """Initials, and what a name ends in, as later mentions of somebody or something do."""
    pieces = name.split()
    if len(pieces) < 2 or country_of(name) or _form(name, None) is None:
        return
    initials = "".join(piece[0] for piece in pieces if piece[0].isupper())
    if 2 <= len(initials) <= 6 and initials.isalpha() and initials.isascii():
        yield Form((initials.lower(),), "short", "exact", exact=initials)
    for at in range(1, min(len(pieces), 5)):
        yield from _ending(name, pieces[at:])
    head = re.split(r"\s(?:of|for|on)\s", name, maxsplit=1)[0].split()
    if len(head) < len(pieces):
        yield from _ending(name, head[-1:])  # "the ministry", of "Ministry of Schools"
    is_telling = pieces[0].lower() not in _GENERIC and country_of(pieces[0]) is None
    if _is_proper(name) and is_telling and len(pieces[0]) > 3:
        yield Form(tuple(w.lower for w in words_of(pieces[0].lower())), "short", "initial")


def _ending(name: str, pieces: list[str]) -> Iterator[Form]:
    rest = " ".join(pieces)
    words = tuple(word.lower for word in words_of(rest.lower()))
    if not words or pieces[0].lower() in STOP_WORDS or not pieces[0][0].isalpha():
        return
    if len(words[-1]) < 3 or country_of(rest):
        return
    case = _short_case(name, pieces)
    yield Form(words, "short", case)
    if case == "any":
        for last in _variants(words[-1]):
            yield Form((*words[:-1], last), "short", case)


def _short_case(name: str, pieces: list[str]) -> CaseRule:
    """A body may be taken up in lower case ("the board"), a person may not ("Baker")."""
    if not _is_proper(name):
        return "any"
    return "initial" if source_kind(f"the {pieces[-1].lower()}") == "person" else "any"


def _form(name: str, kind: MentionKind | None) -> Form | None:
    lower = name.lower()
    if is_unspaced(name):
        return Form((), kind, literal=lower)
    words = tuple(word.lower for word in words_of(lower))
    if not words:
        return None
    if not _PLAIN.fullmatch(name.strip('"')):
        literal = lower[words_of(lower)[0].start :].rstrip('" ')
        return Form(words[:1], kind, _case_of(name), literal=literal)
    letters = name.replace(".", "")
    if _ACRONYM.fullmatch(name) and letters.isupper():
        return Form((letters.lower(),), kind, "exact", exact=letters)
    return Form(words, kind, _case_of(name))


def _case_of(name: str) -> CaseRule:
    if " " in name:
        return "some" if _is_proper(name) else "any"
    is_common = _COMMON.search(name) is not None and country_of(name) is None
    if "-" in name and _is_proper(name):
        return "some"  # "Al-Tanf", "al-Tanf"
    return "initial" if name[0].isupper() and not is_common else "any"


def _is_proper(name: str) -> bool:
    words = [word for word in name.split() if word.lower() not in STOP_WORDS]
    return bool(words) and all(word[0].isupper() for word in words if word[0].isalpha())


def _variants(word: str) -> Iterator[str]:
    """Singular and plural of a common noun, whichever the word is not."""
    if len(word) < 3:
        return
    if word.endswith("ies") and len(word) > 4:
        yield f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield word[:-1]
        if word.endswith("es") and _SIBILANT.search(word[:-2]):
            yield word[:-2]
    elif _SIBILANT.search(word):
        yield f"{word}es"
    elif word.endswith("y") and word[-2] not in "aeiou":
        yield f"{word[:-1]}ies"
    else:
        yield f"{word}s"
