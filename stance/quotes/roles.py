"""What kind of source a description names, and which descriptions can mean the same one."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache

TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady president vice-president premier prime"
    " minister deputy chancellor senator secretary governor mayor councillor councilwoman"
    " councilman ambassador spokesman spokeswoman spokesperson journalist reporter editor analyst"
    " captain major colonel general lieutenant sergeant commander admiral corporal brigadier"
    " officer inspector superintendent constable detective judge justice chief director chairman"
    " chairwoman chair coach manager striker goalkeeper midfielder skipper attorney lawyer"
    " prosecutor bishop father brother sister rabbi imam pastor reverend rev king queen prince"
    " princess economist historian engineer activist mp msgr uncle auntie aunt counsel head"
    " headteacher nurse archbishop ombudsman speaker commissioner magistrate farmer author"
    " columnist secretary-general referee goalie vet poet pilot sheikh shaykh emir akim sultan"
    " elder hydrologist playwright physicist chemist biologist geologist oceanographer"
    " meteorologist epidemiologist psychologist sociologist linguist architect surgeon doctor"
    " teacher headmaster champion winger fullback wing-half owner founder trader broker strategist"
    " novelist composer singer vice-chancellor rector dean provost rapporteur envoy marshal sheriff"
    " warden ranger".split()
)
_OUTLET = re.compile(
    r"\b(?:journal|times|post|herald|gazette|tribune|daily|weekly|monthly|news(?:paper|wire)?|press"
    r"|observer|courier|mercury|chronicle|telegraph|magazine|monitor|radio|television|tv|agency"
    r"|broadcaster|paper|bulletin|periodical)\b",
    re.IGNORECASE,
)
_KINDS = {
    "outlet": "newspaper paper magazine weekly daily monthly outlet website site broadcaster"
    " station journal channel bulletin newswire tabloid gazette periodical",
    "document": "report study survey poll document letter statement filing memo indictment judgment"
    " judgement ruling audit brief prospectus note inquiry trial petition paper log records notice"
    " analysis census questionnaire review text transcript minutes lawsuit complaint verdict",
    "body": "ministry company council board government party union court committee department bank"
    " commission army police authority group firm association federation league institute club team"
    " university office bureau directorate regulator operator trust chamber parliament assembly"
    " cabinet coalition administration guild laboratory force embassy hospital museum school"
    " college chain airline brokerage fund treasury jury staff service society agency foundation"
    " charity hotel shop house line utility railway manufacturer maker insurer lender retailer"
    " network",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_PEOPLE = frozenset("people children women men police locals clergy staff crew parents".split())
_SINGULAR_S = frozenset("boss witness actress hostess mistress press headmistress princess".split())
_SAME_ROLE = (
    frozenset("spokesman spokeswoman spokesperson officer media press spokesmen".split()),
    frozenset("minister secretary politician".split()),
    frozenset("coach manager trainer".split()),
    frozenset("lawyer attorney counsel barrister advocate prosecutor defender".split()),
    frozenset("professor researcher scientist academic geologist historian author".split()),
    frozenset("chief director head boss executive chairman chairwoman chair president".split()),
    frozenset("policeman officer detective inspector superintendent commander".split()),
    frozenset("goalkeeper goalie keeper".split()),
    frozenset("skipper captain master".split()),
    frozenset("company firm chain operator manufacturer maker group airline".split()),
    frozenset("judge justice magistrate".split()),
)
_MALE = frozenset(
    "mr sir lord king prince father brother uncle son husband spokesman chairman policeman"
    " fisherman boy man widower grandfather nephew bishop sheikh imam salesman councilman"
    " fireman".split()
)
_FEMALE = frozenset(
    "mrs ms miss dame lady queen princess mother sister auntie aunt daughter wife spokeswoman"
    " chairwoman policewoman girl woman widow grandmother niece midwife nun councilwoman".split()
)
_ANIMATE = re.compile(
    r"(?:er|or|ist|ian|ant|man|woman|person|eer|ee|wright|monger|smith|ate|eon|ess)$"
)
_ANIMATE_WORDS = frozenset(
    "source aide official guest expert neighbour neighbor eldest elder youngest adult pupil student"
    " patient agent resident president client friend colleague relative cousin child parent hand"
    " critic cook guide guard host pilot monk nun chief head boss tenant defendant claimant".split()
)
_THINGS = frozenset(
    "water river winter summer number order matter letter paper weather tower computer border"
    " answer offer centre center corner floor door harbour sector factor error power summer danger"
    " plan man plant state date rate climate debate estimate list".split()
) - {"man"}
_NOBODY = frozenset("nothing nobody none everything something anything no-one everyone".split())
_WORD = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*")
_DETERMINER = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_TAIL = re.compile(
    r"\s(?:of|for|at|from|in|who|whom|which|that|with|by|on|to|near|close|behind|called|led|drawn"
    r"|commissioned|sent|made)\s.*$"
)


@lru_cache(maxsize=4096)
def head_of(words: str) -> str:
    """A noun phrase without what follows its head ("a guest", of "a guest at the wedding")."""
    return _TAIL.sub("", words)


@lru_cache(maxsize=4096)
def role_words(words: str) -> frozenset[str]:
    """Lower-case words of a description's head.

    Examples
    --------
    >>> sorted(role_words("the media officer for the port"))
    ['media', 'officer']
    """
    found = _WORD.findall(_DETERMINER.sub("", head_of(words)))
    return frozenset(word.lower() for word in found if word[0].islower() or word.lower() in TITLES)


@lru_cache(maxsize=4096)
def source_kind(words: str) -> str:
    """Kind of a source by its words: "outlet", "document", "body", "people" or "person".

    Examples
    --------
    >>> source_kind("the newspaper"), source_kind("two port officials"), source_kind("the owner")
    ('outlet', 'people', 'person')
    >>> source_kind("a survey by the council"), source_kind("the Harbour Board")
    ('document', 'body')
    """
    head = head_of(words)
    found = _WORD.findall(head)
    last = found[-1].lower() if found else ""
    if last == "paper":
        return "outlet" if len(found) == 2 and words[:1] in "Tt" else "document"
    if last in _KIND_OF:
        kind = _KIND_OF[last]
        is_press = kind in ("body", "document") and words[:1].isupper() and _OUTLET.search(head)
        return "outlet" if is_press and " " in head else kind
    if _OUTLET.search(head) and any(word[0].isupper() for word in found):
        return "outlet"
    if last in _PEOPLE or (
        last.endswith("s") and last not in _SINGULAR_S and found[-1][0].islower()
    ):
        return "people"
    named = [word for word in found if word.lower() in _KIND_OF]
    return _KIND_OF[named[0].lower()] if named and last and found[-1][0].isupper() else "person"


@lru_cache(maxsize=4096)
def can_speak(words: str) -> bool:
    """Whether a description names people, a body or a document and not a thing or an event.

    Examples
    --------
    >>> can_speak("the skipper"), can_speak("the funeral"), can_speak("the Harbour Board")
    (True, False, True)
    """
    found = [word.lower() for word in _WORD.findall(head_of(words))]
    if not found or found[0] in _NOBODY:
        return False
    if source_kind(words) in ("body", "document", "outlet"):
        return True
    last = found[-1]
    if source_kind(words) == "people":
        last = last.removesuffix("s")
    return (
        last in TITLES | _ANIMATE_WORDS | _MALE | _FEMALE | _PEOPLE or bool(_ANIMATE.search(last))
    ) and last not in _THINGS


def _groups(roles: AbstractSet[str]) -> set[int]:
    """Which groups of synonyms a set of role words has a part in."""
    known = _groups_of_words()
    return {group for word in roles if word in known for group in known[word]}


@cache
def _groups_of_words() -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for i, words in enumerate(_SAME_ROLE):
        for word in words:
            groups.setdefault(word, []).append(i)
    return groups


def are_one_role(first: AbstractSet[str], second: AbstractSet[str]) -> bool:
    """Whether two sets of role words overlap, synonyms counted ("spokesman", "media officer")."""
    if not first.isdisjoint(second):
        return True
    groups = _groups(first)
    return bool(groups) and not groups.isdisjoint(_groups(second))


def gender_of(roles: AbstractSet[str]) -> str:
    """Sex, "m" or "f", where a role tells; empty where none does."""
    if roles & _FEMALE:
        return "f"
    return "m" if roles & _MALE else ""
