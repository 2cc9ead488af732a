"""Names in an article: who is mentioned, by which fullest name, and in which role."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_PARTICLE = r"(?:bin|bint|ibn|ben|abu|al|el|de|del|della|la|le|van|von|der|den|da|di|dos|du|af|av|ter)"
_WORD = r"(?:[A-Z]\.|(?:Dr|Mr|Mrs|Ms|Prof|St)\.|(?:al-|el-|d['’])?[^\W\d_a-z](?:[\w-]|['’](?!s\b)(?=\w)|['’](?=\s[A-Z]))*)"
_RUN = re.compile(rf"{_WORD}(?:\s(?:{_PARTICLE}\s)?{_WORD})*")
_BODY = re.compile(rf"{_WORD}(?:\s(?:(?:of|for|and|&|on|the|de|des|du)\s){{0,2}}{_WORD})+")
_PREFIX = re.compile(r"^(?:al|el)-", re.IGNORECASE)
_DETERMINER = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_ROLE_WORD = re.compile(r"[a-z]{3,}")

TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady president vice-president premier prime"
    " minister deputy chancellor senator secretary governor mayor councillor councilwoman councilman"
    " ambassador spokesman spokeswoman spokesperson journalist reporter editor analyst captain major"
    " colonel general lieutenant sergeant commander admiral corporal brigadier officer inspector"
    " superintendent constable detective judge justice chief director chairman chairwoman chair"
    " coach manager striker goalkeeper midfielder skipper attorney lawyer prosecutor bishop father"
    " brother sister rabbi imam pastor reverend rev king queen prince princess economist historian"
    " engineer activist mp msgr uncle auntie aunt counsel head headteacher nurse archbishop"
    " ombudsman speaker commissioner magistrate farmer author columnist secretary-general referee goalie vet poet pilot sheikh shaykh emir akim pastor"
    " playwright physicist chemist biologist geologist oceanographer meteorologist epidemiologist"
    " psychologist sociologist linguist architect surgeon doctor teacher headmaster champion"
    " winger fullback wing-half owner founder trader broker strategist novelist composer singer"
    " vice-chancellor rector dean provost rapporteur envoy marshal sheriff warden ranger".split()
)
_OPENERS = frozenset(  # begin sentences with a capital but name nobody
    "the a an and but or if in on at by for from to of as it its he she they we i you his her their our"
    " this that these those there here when while after before since until because although though"
    " yet so then now not no yes even still only also just both each every most many some several"
    " few all one two three four five six seven eight nine ten last next first second third monday"
    " tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december what who why how where which whether asked according"
    " with without under over between during despite instead however meanwhile again once never".split()
)
_BODY_WORDS = re.compile(
    r"\b(?:journal|times|post|herald|gazette|tribune|daily|weekly|news|press|observer|courier|mercury"
    r"|chronicle|telegraph|magazine|monitor|ledger|radio|television|tv|agency|review|dispatch|union"
    r"|ministry|department|office|council|board|court|bank|party|league|federation|association|guild"
    r"|university|institute|college|school|hospital|museum|company|corporation|group|club|directorate"
    r"|authority|commission|committee|bureau|house|service|society|trust|chamber|assembly|parliament"
    r"|centre|center|laboratory|army|guard|police|coalition|foundation|congress|force|forces|island"
    r"|islands|river|lake|street|valley|port|harbour|fort|north|south|east|west|act|bill|law)\b",
    re.IGNORECASE,
)
_OUTLET = re.compile(
    r"\b(?:journal|times|post|herald|gazette|tribune|daily|weekly|news(?:paper|wire)?|press|observer"
    r"|courier|mercury|chronicle|telegraph|magazine|monitor|ledger|radio|television|tv|news agency"
    r"|broadcaster|review|dispatch|paper)\b",
    re.IGNORECASE,
)
# What a role noun may stand for besides a person.
_KINDS = {
    "outlet": "newspaper paper magazine weekly daily outlet website site broadcaster station journal"
    " channel agency",
    "body": "ministry company council board government party union court committee department bank"
    " commission army police authority group firm association federation league institute club team"
    " university office bureau directorate regulator operator trust chamber parliament assembly"
    " cabinet coalition administration report study survey poll document letter statement filing"
    " memo indictment judgment ruling audit brief guild laboratory force embassy",
    "people": "officials officers residents villagers witnesses experts analysts scientists workers"
    " researchers doctors farmers activists lawyers prosecutors ministers critics supporters"
    " opponents authors authorities sources fishermen herders traders engineers inspectors",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_SAME_ROLE = (
    frozenset("spokesman spokeswoman spokesperson officer media press spokesmen".split()),
    frozenset("minister secretary politician".split()),
    frozenset("coach manager trainer".split()),
    frozenset("lawyer attorney counsel barrister advocate prosecutor".split()),
    frozenset("professor researcher scientist academic geologist historian author".split()),
    frozenset("chief director head boss executive chairman chairwoman chair president".split()),
    frozenset("policeman officer detective inspector superintendent commander".split()),
)


@dataclass(slots=True)
class Person:
    """Somebody the article names. ``roles``: lower-case words it uses of them ("coach")."""

    name: str
    roles: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who an article names.

    Parameters
    ----------
    people : dict of str to Person
        By last name, lower case, the article prefix "al-" left out.
    bodies : tuple of str
        Organisations and other many-worded names, in order of appearance.
    """

    people: dict[str, Person]
    bodies: tuple[str, ...]

    def person(self, name: str) -> Person | None:
        """The person a short or titled name stands for."""
        bare = without_titles(name)
        return self.people.get(last_name(bare)) if bare else None

    def body(self, words: str) -> str | None:
        """The fullest body whose name begins or ends as ``words`` do ("the Ministry")."""
        bare = _DETERMINER.sub("", words)
        if " " in bare and bare in self.bodies:
            return words
        found = [b for b in self.bodies if b.startswith(f"{bare} ") or b.endswith(f" {bare}")]
        return max(found, key=len) if found else None


def cast_of(texts: Iterable[str]) -> Cast:
    """Who the paragraphs of an article name.

    Examples
    --------
    >>> cast = cast_of(["Ola al-Berg, the coach of the Harbour Club, left. Berg was ill."])
    >>> cast.person("Berg").name, "coach" in cast.person("Berg").roles
    ('Ola al-Berg', True)
    """
    people: dict[str, Person] = {}
    bodies: dict[str, None] = {}
    for text in texts:
        for match in _BODY.finditer(text):
            name = _without_opener(match.group())
            if _BODY_WORDS.search(name):
                bodies.setdefault(name)
        for match in _RUN.finditer(text):
            _add_person(people, text, match)
    return Cast(people, tuple(bodies))


def people_in(text: str, cast: Cast) -> list[tuple[int, Person]]:
    """Mentions of the cast's people in a text, each with its offset, in order."""
    found = []
    for match in _RUN.finditer(text):
        person = cast.person(_without_opener(match.group()))
        if person is not None and len(match.group().split()) <= 6:
            found.append((match.start(), person))
    return found


def without_titles(name: str) -> str:
    """A name without the titles before it.

    Examples
    --------
    >>> without_titles("Deputy Energy Minister Ola Berg"), without_titles("Dr. Berg")
    ('Ola Berg', 'Berg')
    """
    words = name.split()
    titled = [i for i, word in enumerate(words[:-1]) if word.lower().strip(".,") in TITLES]
    return " ".join(words[titled[-1] + 1 :] if titled else words)


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


def source_kind(words: str) -> str:
    """Kind of a source by its words: "outlet", "body", "people" or "person".

    Examples
    --------
    >>> source_kind("the newspaper"), source_kind("two port officials"), source_kind("the owner")
    ('outlet', 'people', 'person')
    """
    if _OUTLET.search(words) and words[:1].isupper():
        return "outlet"
    head = re.split(r"\s(?:of|for|at|by|in|from)\s", words.lower())[0]
    for word in reversed(_ROLE_WORD.findall(head)):
        if word in _KIND_OF:
            return _KIND_OF[word]
    return "person"


def are_one_role(first: set[str], second: set[str]) -> bool:
    """Whether two sets of role words overlap, synonyms counted ("spokesman", "media officer")."""
    return bool(first & second) or any(first & group and second & group for group in _SAME_ROLE)


def _add_person(people: dict[str, Person], text: str, match: re.Match[str]) -> None:
    run = _without_opener(match.group())
    titled = {word.lower().strip(".") for word in run.split() if word.lower().strip(".") in TITLES}
    bare = without_titles(run)
    words = bare.split()
    if not words or bare.lower() in TITLES or len(words) > 4 or _BODY_WORDS.search(bare) or len(words[-1]) < 2:
        return
    known = people.get(last_name(bare))
    if known is None and len(words) < 2 and not titled:
        return
    if known is None:
        known = people.setdefault(last_name(bare), Person(bare))
    elif len(words) > len(known.name.split()) and words[-1] == known.name.split()[-1]:
        known.name = bare
    if len(words) > 1 or titled:
        known.roles |= titled | _roles_around(text, match.start(), match.end())


def _roles_around(text: str, start: int, end: int) -> set[str]:
    """Role words right before a name ("the economist …") and in apposition after it."""
    before = re.search(r"((?:\b[a-z]{3,}\s){1,3})$", text[:start])
    after = re.match(r",(?:\s\d+,)?\s((?:the|a|an|its|his|her|their)\s[^,.;]{3,60}|[a-z][^,.;]{3,60})", text[end:])
    words = set(_ROLE_WORD.findall(before.group(1))) if before else set()
    if after:
        head = re.split(r"\s(?:of|for|at|in|from|who|whose)\s", after.group(1))[0]
        words |= set(_ROLE_WORD.findall(head))
    return words - {"the", "and", "said", "told", "who", "that", "for", "with"}


def _without_opener(name: str) -> str:
    words = name.split()
    while words and words[0].lower().strip(".") in _OPENERS:
        words.pop(0)
    return " ".join(words)


def _comparable(name: str) -> str:
    name = _DETERMINER.sub("", name.replace("’", "'").strip())
    return without_titles(name).casefold()
