"""Cues: the words that attribute speech and thought, by class.

The lists are written here. A cue's class is evidence of its own: who *claims* is believed less
than who *says*, who *denies* takes a side.
"""

from __future__ import annotations

import re
from functools import cache

# Classes of cue verbs, by lemma. A verb of the classes in WEAK attributes only where a clause
# ("that …", "whether …") or a quotation follows or precedes it.
VERBS: dict[str, str] = {
    "say": "say tell speak assure object submit protest add state remark comment reply answer"
    " respond recall recount relate quip whisper shout murmur mutter joke continue reiterate repeat"
    " narrate confide volunteer tweet retort interject chip sigh laugh conclude begin",
    "claim": "claim allege assert maintain contend insist argue charge boast",
    "deny": "deny dispute reject rebut refute dismiss disagree counter",
    "concede": "concede admit acknowledge confess grant",
    "urge": "urge call demand plead appeal advise recommend suggest propose caution warn order"
    " instruct request beg",
    "announce": "announce declare report disclose reveal confirm inform notify brief specify"
    " clarify explain stress emphasise emphasize underline underscore highlight indicate note"
    " observe mention describe outline elaborate testify swear certify rule hold",
    "predict": "predict forecast expect anticipate estimate project foresee",
    "believe": "believe think feel hope fear worry doubt suspect consider assume reckon see know"
    " understand wish guess realise realize agree imagine",
    "find": "find show conclude discover determine calculate establish prove demonstrate",
    "accuse": "accuse blame criticise criticize condemn denounce complain lament accost mock"
    " lambast slam deplore",
    "praise": "praise welcome hail laud commend applaud defend thank",
    "ask": "ask wonder question inquire enquire",
    "promise": "promise vow pledge threaten swear",
    "write": "write quote cite point read",
}
WEAK = frozenset(("believe", "find", "urge", "praise", "accuse", "promise", "write", "predict"))
_WEAK_LEMMAS = frozenset(
    "continue begin answer respond relate laugh sigh chip charge hold rule report describe order"
    " outline mention call highlight counter grant project note observe show reveal confirm reject"
    " object submit protest speak dismiss dispute deny underline underscore ask question indicate"
    " announce declare disclose claim brief inform notify request appeal".split()
)
# What the rules for paragraphs leave out: verbs that attribute only where more speaks for it (a
# quotation, "that", a trained finder), and nouns. They are apart from VERBS because trained
# models have the attributions that VERBS gives among their features.
FURTHER_VERBS: dict[str, str] = {
    "say": "utter blurt mumble mutter mouth intone opine muse tweet retweet post blog text email"
    " drawl growl snap bark yell scream cry exclaim gasp groan grumble chuckle smile nod shrug"
    " chime volunteer venture offer relay paraphrase summarise summarize echo reflect reminisce"
    " testify list detail describe characterise characterize portray term dub label refer allude"
    " converse talk",
    "claim": "purport profess posit postulate aver avow attest vouch suppose hypothesise"
    " hypothesize theorise theorize",
    "deny": "disavow disown repudiate contradict decry rubbish scoff downplay discount",
    "concede": "own allow",
    "urge": "exhort implore entreat beseech encourage press prod lobby petition advocate direct"
    " command enjoin remind counsel",
    "announce": "proclaim state publicise publicize unveil divulge impart reassert reaffirm"
    " acknowledge certify pronounce decree point signal flag cite",
    "predict": "prophesy envisage envision bet wager",
    "believe": "deem regard view perceive sense conceive dream trust contemplate judge dread"
    " presume conjecture surmise infer speculate expect",
    "find": "deduce gather learn estimate reason uncover detect",
    "accuse": "lambaste castigate chastise chide rebuke reproach berate bemoan deride ridicule"
    " taunt scold rail fume fault attack assail excoriate",
    "praise": "extol celebrate endorse congratulate compliment",
    "ask": "query demand quiz press",
    "promise": "undertake guarantee commit vow",
    "write": "pen scribble jot headline editorialise editorialize print publish reprint",
}
NOMINAL: dict[str, str] = {
    "say": "statement remark comment word words answer reply response speech saying quote"
    " quotation line message tweet post testimony interview",
    "claim": "claim assertion allegation argument contention insistence charge thesis",
    "deny": "denial rejection rebuttal refutation dismissal",
    "concede": "admission confession concession acknowledgement acknowledgment",
    "urge": "call appeal demand plea warning advice recommendation suggestion proposal request"
    " order instruction",
    "announce": "announcement declaration report disclosure revelation confirmation explanation"
    " account observation note",
    "predict": "prediction forecast expectation estimate projection prophecy",
    "believe": "belief view opinion feeling hope fear worry doubt suspicion assumption"
    " understanding wish conviction idea notion theory impression judgement judgment verdict",
    "find": "finding conclusion discovery",
    "accuse": "accusation criticism complaint condemnation denunciation",
    "praise": "praise tribute",
    "ask": "question query",
    "promise": "promise vow pledge threat assurance guarantee commitment",
    "write": "letter article column editorial book report headline",
}
PHRASES: dict[str, str] = {
    "according to": "according",
    "in the words of": "according",
    "in the view of": "according",
    "in the opinion of": "according",
    "in the eyes of": "according",
    "as told by": "according",
    "as reported by": "according",
    "quoted as": "say",
    "quoted by": "say",
    "points out": "announce",
    "pointed out": "announce",
    "pointing out": "announce",
    "makes clear": "announce",
    "made clear": "announce",
}
_IRREGULAR = {
    "say": "says said saying",
    "tell": "tells told telling",
    "begin": "begins began begun beginning",
    "swear": "swears swore sworn swearing",
    "hold": "holds held holding",
    "think": "thinks thought thinking",
    "feel": "feels felt feeling",
    "see": "sees saw seen seeing",
    "foresee": "foresees foresaw foreseen",
    "know": "knows knew known knowing",
    "understand": "understands understood",
    "find": "finds found finding",
    "read": "reads",
    "show": "shows showed shown showing",
    "write": "writes wrote written writing",
    "forecast": "forecasts forecast forecasting",
    "prove": "proves proved proven proving",
    "admit": "admits admitted admitting",
    "rebut": "rebuts rebutted rebutting",
    "slam": "slams slammed slamming",
    "quip": "quips quipped quipping",
    "submit": "submits submitted submitting",
    "speak": "speaks spoke spoken speaking",
    "beg": "begs begged begging",
    "chip": "chips chipped chipping",
    "refer": "refers referred referring",
    "snap": "snaps snapped snapping",
    "nod": "nods nodded nodding",
    "jot": "jots jotted jotting",
    "bet": "bets bet betting",
    "blog": "blogs blogged blogging",
    "prod": "prods prodded prodding",
    "shrug": "shrugs shrugged shrugging",
    "dub": "dubs dubbed dubbing",
    "infer": "infers inferred inferring",
    "aver": "avers averred averring",
    "quiz": "quizzes quizzed quizzing",
    "commit": "commits committed committing",
    "undertake": "undertakes undertook undertaken undertaking",
    "dream": "dreams dreamed dreamt dreaming",
}


@cache
def cue_classes() -> dict[str, str]:
    """Class of every inflected cue verb: ``{"said": "say", "denies": "deny", …}``.

    Examples
    --------
    >>> cue_classes()["denied"], cue_classes()["insists"]
    ('deny', 'claim')
    """
    classes: dict[str, str] = {}
    for name, lemmas in VERBS.items():
        for lemma in lemmas.split():
            for form in inflections(lemma):
                classes.setdefault(form, name)
    return classes


@cache
def further_classes() -> dict[str, str]:
    """Class of every inflected verb of ``FURTHER_VERBS``.

    Examples
    --------
    >>> further_classes()["scoffed"], further_classes()["opined"]
    ('deny', 'say')
    """
    classes: dict[str, str] = {}
    for name, lemmas in FURTHER_VERBS.items():
        for lemma in lemmas.split():
            for form in inflections(lemma):
                classes.setdefault(form, name)
    return classes


@cache
def nominal_classes() -> dict[str, str]:
    """Class of every noun of ``NOMINAL``, singular and plural.

    Examples
    --------
    >>> nominal_classes()["warnings"], nominal_classes()["reply"]
    ('urge', 'say')
    """
    classes: dict[str, str] = {}
    for name, nouns in NOMINAL.items():
        for noun in nouns.split():
            classes.setdefault(noun, name)
            is_y = noun.endswith("y") and noun[-2] not in "aeiou"
            classes.setdefault(f"{noun[:-1]}ies" if is_y else f"{noun}s", name)
    return classes


@cache
def base_forms() -> frozenset[str]:
    """Cue verbs as they follow a plural: "officials say"; after a singular they are nouns."""
    lemmas = {lemma for group in VERBS.values() for lemma in group.split()}
    return frozenset(lemmas - {"read", "forecast"})


@cache
def strong_cues() -> frozenset[str]:
    """Inflected verbs that attribute what stands beside them even without "that" or marks."""
    return frozenset(
        form
        for name, lemmas in VERBS.items()
        if name not in WEAK
        for lemma in lemmas.split()
        if lemma not in _WEAK_LEMMAS
        for form in inflections(lemma)
    )


@cache
def cue_pattern() -> re.Pattern[str]:
    """Matches any inflected cue verb as a whole word."""
    forms = sorted(cue_classes(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)


def inflections(lemma: str) -> list[str]:
    """Base form, third person, past and -ing form of an English verb.

    Examples
    --------
    >>> inflections("deny")
    ['deny', 'denies', 'denied', 'denying']
    """
    if lemma in _IRREGULAR:
        return [lemma, *_IRREGULAR[lemma].split()]
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return [lemma, f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"]
    if lemma.endswith("e"):
        return [lemma, f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"]
    third = f"{lemma}es" if lemma.endswith(("s", "sh", "ch", "x")) else f"{lemma}s"
    return [lemma, third, f"{lemma}ed", f"{lemma}ing"]
