"""Mentions of sources → one canonical name each: the fullest mention in the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_CAP = r"[^\W\d_a-z][\w’'.&-]*(?<![.'’])"
_LINK = r"(?:of|the|for|and|&|de|del|della|la|le|van|von|der|den|bin|bint|ibn|ben|abu|al|el|da|di|dos|du|af|av|ter)"
_NAME = re.compile(rf"(?:al-|el-)?{_CAP}(?:\.?\s(?:{_LINK}\s){{0,2}}(?:al-|el-)?{_CAP})*")
_INITIALS = re.compile(r"^(?:[A-Z]\.)+")
_PREFIX = re.compile(r"^(?:al|el)-", re.IGNORECASE)
_DETERMINER = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s$")

TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady sheikh president vice-president premier"
    " prime minister deputy chancellor senator secretary governor mayor councillor councilwoman"
    " councilman ambassador spokesman spokeswoman spokesperson journalist reporter editor analyst"
    " captain major colonel general lieutenant sergeant commander admiral corporal brigadier officer"
    " inspector superintendent constable detective judge justice chief director chairman chairwoman"
    " chair coach manager striker goalkeeper midfielder skipper attorney lawyer prosecutor bishop"
    " father brother sister rabbi imam pastor reverend rev king queen prince princess economist"
    " historian engineer activist foreign interior defence defense finance justice energy health"
    " education former acting mp msgr hon uncle auntie aunt king's counsel head headteacher nurse"
    " archbishop ombudsman speaker commissioner magistrate counsel farmer author columnist".split()
)
# Words that begin sentences with a capital but name nobody.
_NOT_NAMES = frozenset(
    "the a an and but or if in on at by for from to of as it its he she they we i you his her their our"
    " this that these those there here when while after before since until because although though"
    " yet so then now not no yes even still only also just both each every most many some several"
    " few all one two three four five six seven eight nine ten last next first second third monday"
    " tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december what who why how where which whether asked according"
    " with without under over between during despite instead however meanwhile again once never".split()
)
_OUTLET = re.compile(
    r"\b(?:journal|times|post|herald|gazette|tribune|daily|weekly|news(?:paper|wire)?|press|observer"
    r"|courier|mercury|chronicle|mail|telegraph|magazine|monitor|ledger|radio|television|tv|agency"
    r"|broadcaster|review|dispatch|standard|star|echo|voice|examiner|paper|channel|site)\b",
    re.IGNORECASE,
)
# What a role noun may stand for: a person, an outlet, a body, several people.
ROLES = {
    "outlet": "newspaper paper magazine weekly daily outlet website site broadcaster agency station"
    " channel journal programme publication",
    "body": "ministry company council board government party union court committee department"
    " agency commission bank army police authority group firm association federation league"
    " institute university club team office bureau directorate regulator operator trust chamber"
    " parliament assembly cabinet coalition administration report study survey poll paper document"
    " letter statement filing memo indictment judgment ruling audit brief",
    "people": "officials officers residents villagers witnesses experts analysts scientists"
    " researchers doctors workers farmers activists lawyers prosecutors ministers critics"
    " supporters opponents authors authorities police sources fishermen herders traders",
}
_ROLE_KIND = {word: kind for kind, words in ROLES.items() for word in words.split()}


@dataclass(slots=True)
class Source:
    """Somebody who speaks in the article.

    Parameters
    ----------
    name : str
        Canonical: the fullest mention met so far.
    kind : {"person", "outlet", "body", "people"}
    roles : set of str
        Lower-case words the article has used of the source ("officer", "journalist").
    """

    name: str
    kind: str
    roles: set[str] = field(default_factory=set)


def names_in(texts: Iterable[str]) -> list[str]:
    """Proper names in an article, each once, in order of appearance.

    Examples
    --------
    >>> names_in(["In May, Ola al-Berg of the Harbour Board left. Berg was ill."])
    ['Ola al-Berg of the Harbour Board', 'Berg']
    """
    seen: dict[str, None] = {}
    for text in texts:
        for match in _NAME.finditer(text):
            words = match.group().split()
            while words and words[0].lower() in _NOT_NAMES:
                words.pop(0)
            if words:
                seen.setdefault(_POSSESSIVE.sub("", " ".join(words)))
    return list(seen)


def person_names(names: Sequence[str]) -> dict[str, str]:
    """Last names → the fullest name of that person, titles left out.

    Examples
    --------
    >>> person_names(["Journalist Ola al-Berg", "Berg"])
    {'berg': 'Ola al-Berg'}
    """
    fullest: dict[str, str] = {}
    for name in names:
        for piece in re.split(r"\s(?:of|for|and|&|the)\s", name)[:1]:
            bare = without_titles(piece)
            words = bare.split()
            if not words or len(words) > 4:
                continue
            key = last_name(bare)
            if len(words) > len(fullest.get(key, "").split()):
                fullest[key] = bare
    return fullest


def without_titles(name: str) -> str:
    """A name without the titles before it.

    Examples
    --------
    >>> without_titles("Deputy Energy Minister Ola Berg"), without_titles("Dr. Berg")
    ('Ola Berg', 'Berg')
    """
    words = name.split()
    while len(words) > 1 and words[0].lower().strip(".,") in TITLES:
        words.pop(0)
    return " ".join(words)


def last_name(name: str) -> str:
    """What later mentions of a person share: the last word, its article prefix left out."""
    return _PREFIX.sub("", name.split()[-1].strip(".,’'")).casefold()


def same_voice(first: str, second: str) -> bool:
    """Whether two names of a voice are one: case, article and titles aside.

    Examples
    --------
    >>> same_voice("the Harbour Board", "Harbour Board"), same_voice("Dr. Ola Berg", "Ola Berg")
    (True, True)
    """
    return _comparable(first) == _comparable(second)


def role_kind(words: str) -> str:
    """Which kind of source a description without a name stands for."""
    for word in reversed(re.findall(r"[a-z]+", words.lower().split(" of ")[0].split(" for ")[0])):
        if word in _ROLE_KIND:
            return _ROLE_KIND[word]
    return "person"


def is_outlet(name: str) -> bool:
    """Whether a name is a newspaper's, a broadcaster's or an agency's, by its words."""
    return bool(_OUTLET.search(name))


def _comparable(name: str) -> str:
    name = _DETERMINER.sub("", name.replace("’", "'").strip())
    return without_titles(name).casefold()
