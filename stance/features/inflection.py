"""Inflection: the forms of an English verb, noun or adjective, enough to read word lists with."""

from __future__ import annotations

from functools import cache

_VOWELS = "aeiou"
# Past and past participle where they are not made with -ed.
_IRREGULAR = (
    "arise arose arisen|beat beat beaten|become became|befall befell befallen|begin began "
    "begun|behold beheld|bend bent|bet bet|bid bid|bind bound|bite bit bitten|bleed bled|blow "
    "blew blown|break broke broken|breed bred|bring brought|browbeat browbeat browbeaten|build "
    "built|burst burst|buy bought|cast cast|catch caught|choose chose chosen|cling clung|come "
    "came|cost cost|creep crept|cut cut|deal dealt|do did done|draw drew drawn|drink drank "
    "drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight "
    "fought|find found|flee fled|fling flung|fly flew flown|forbid forbade forbidden|foresee "
    "foresaw foreseen|forget forgot forgotten|forgive forgave forgiven|forsake forsook "
    "forsaken|freeze froze frozen|get got gotten|give gave given|go went gone|grind "
    "ground|grow grew grown|hang hung hanged|have had|hear heard|hide hid hidden|hit hit|hold "
    "held|hurt hurt|keep kept|know knew known|lead led|leap leapt|leave left|lend lent|let "
    "let|lose lost|make made|mean meant|mislead misled|misread misread|misspeak misspoke "
    "misspoken|mistake mistook mistaken|outdo outdid outdone|outshine outshone|overcome "
    "overcame|overtake overtook overtaken|overthrow overthrew overthrown|pay paid|put put|quit "
    "quit|read read|rebuild rebuilt|ride rode ridden|rise rose risen|run ran|say said|see saw "
    "seen|seek sought|sell sold|send sent|shake shook shaken|shed shed|shine shone|shoot "
    "shot|show shown|shrink shrank shrunk|shut shut|sing sang sung|sink sank sunk|slay slew "
    "slain|slide slid|smite smote|speak spoke spoken|spend spent|spin spun|split split|spread "
    "spread|spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung|strike "
    "struck stricken|strive strove striven|swear swore sworn|sweep swept|swing swung|take took "
    "taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|thrust "
    "thrust|undergo underwent undergone|understand understood|undo undid undone|uphold "
    "upheld|upset upset|wake woke woken|wear wore worn|weep wept|win won|withdraw withdrew "
    "withdrawn|withhold withheld|withstand withstood|write wrote written"
)
# Two syllables or more, the last one stressed: its consonant doubles all the same.
_DOUBLING = frozenset(
    (
        "abet acquit admit cancel commit compel concur confer control counsel defer deter dispel "
        "embed equal excel expel forget fuel handicap impel incur infer kidnap label level libel "
        "marvel model occur omit outwit patrol permit prefer propel quarrel rebel rebut refer "
        "regret repel revel scrap signal submit transfer travel upset worship"
    ).split()
)


def verb_forms(lemma: str) -> list[str]:
    """Base form, third person, past, participle and -ing form.

    Examples
    --------
    >>> verb_forms("slam")
    ['slam', 'slams', 'slammed', 'slamming']
    >>> verb_forms("withdraw")
    ['withdraw', 'withdraws', 'withdrew', 'withdrawn', 'withdrawing']
    """
    stem = _doubled(lemma)
    past = _past().get(lemma) or (_with_ending(lemma, stem, "ed"),)
    return list(dict.fromkeys([lemma, plural(lemma), *past, _with_ending(lemma, stem, "ing")]))


def plural(word: str) -> str:
    """Plural of a noun, or third person of a verb.

    Examples
    --------
    >>> plural("crisis"), plural("ally"), plural("clash")
    ('crises', 'allies', 'clashes')
    """
    if word.endswith("sis"):
        return f"{word[:-2]}es"
    if word.endswith("man"):
        return f"{word[:-3]}men"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    if word.endswith(("s", "sh", "ch", "x", "z")) or word in (
        "go",
        "do",
        "veto",
        "hero",
        "undergo",
    ):
        return f"{word}es"
    return f"{word}s"


def adjective_forms(word: str) -> list[str]:
    """The adjective, its adverb in -ly, and comparative and superlative of a short one.

    Examples
    --------
    >>> adjective_forms("happy")
    ['happy', 'happily', 'happier', 'happiest']
    """
    is_y = word.endswith("y") and word[-2:-1] not in _VOWELS
    if word.endswith("le"):
        adverb = f"{word[:-1]}y"
    elif word.endswith("ic"):
        adverb = f"{word}ally"
    else:
        adverb = f"{word[:-1]}ily" if is_y else f"{word}ly"
    forms = [word, adverb]
    if len(word) <= 6:
        stem = f"{word[:-1]}i" if is_y else word.removesuffix("e") if word.endswith("e") else word
        stem = _doubled(stem) if not is_y and not word.endswith("e") else stem
        forms += [f"{stem}er", f"{stem}est"]
    return forms


@cache
def _past() -> dict[str, tuple[str, ...]]:
    rows = (row.split() for row in _IRREGULAR.split("|"))
    return {lemma: tuple(forms) for lemma, *forms in rows}


def _with_ending(lemma: str, stem: str, ending: str) -> str:
    if ending == "ed" and lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return f"{lemma[:-1]}ied"
    if lemma.endswith("ie") and ending == "ing":
        return f"{lemma[:-2]}ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")):
        return f"{lemma[:-1]}{ending}"
    return f"{lemma}d" if ending == "ed" and lemma.endswith("e") else f"{stem}{ending}"


def _doubled(word: str) -> str:
    """The word with its last consonant twice where English writes it so before a vowel."""
    tail = word[-3:]
    is_closed = (
        len(tail) == 3
        and tail[2] not in "aeiouwxyh"
        and tail[1] in _VOWELS
        and tail[0] not in _VOWELS
    )
    n_syllables = sum(
        a in _VOWELS and b not in _VOWELS for a, b in zip(word, word[1:] + "b", strict=True)
    )
    if is_closed and (n_syllables == 1 or word in _DOUBLING):
        return word + word[-1]
    return word
