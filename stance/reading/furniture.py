"""What the page carries around the article: one line of a page → the reason it is furniture.

A line is judged on its own words; what only its place can tell (a repeated headline, a
sub-heading) is judged in ``layout``. The rules are written here, from what news pages print. Each
names what the line opens with, holds or is, and how long such a line may be: a paragraph of the
article that happens to begin "Watch" or "Register" is longer and ends like a sentence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:(?:mon|tue|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thu|fri|sat|sun)"
_CLOCK = r"\d{1,2}(?:[:.h]\d{2}){1,2}(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\.?|\d{4}\s?(?=gmt|utc)"
_DATE = (
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?:\sof)?\s{_MONTH}\.?|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|{_MONTH}(?=\s\d{{4}})"
)
_ZONE = r"(?:gmt|utc|local(?: time)?|[a-z]{2,4}t)(?:\s?[+-]\d+)?"
_MOMENT = rf"(?:{_DATE}|{_CLOCK}|{_DAY}|{_ZONE}|\d{{4}}|today|yesterday|\d+ \w+ ago)"
_CAP = r"(?-i:[^\W\d_a-z][\w'’.-]*)"
_NAMES = rf"{_CAP}(?:\s(?:(?:van|von|de|al|bin|of|the|del|la|ibn|ben|dos|da|di)\s)?{_CAP}){{0,4}}"
_ROLES = (
    r"(?:correspondent|reporter|editor|columnist|writer|contributor|journalist|critic|fellow"
    r"|lecturer|professor|freelance\w*|bureau chief|analyst|author|presenter|producer)"
)
_SHARE = (
    r"(?:share|tweet|print|e-?mail|copy(?: link)?|save|bookmark|whatsapp|telegram|facebook|like|x"
    r"|linkedin|reddit|follow|pin(?:terest)?|link|flipboard|mastodon|messenger|post|send|sms|more)"
)


class _Rule(NamedTuple):
    """A reason and the lines it covers: patterns for the opening, any place, or the whole line."""

    reason: str
    opens: str = ""
    holds: str = ""
    whole: str = ""
    max_words: int = 14


# Order matters: the first rule that fits names the reason.
_RULES = (
    _Rule("logo", holds=r"\blogo\b|\bmasthead\b", max_words=6),
    _Rule("cookie notice", holds=r"\bcookies?\b.*\b(?:use|uses|using|accept|reject|consent|settings"
          r"|policy|preferences|visit)\b|\b(?:uses?|using|accept|reject|set|sets|consent)\b.*\bcookies?\b",
          max_words=60),
    _Rule("app prompt", opens=r"(?:download|get|install|open|read|try|tap|use)\b.*\bapp\b",
          holds=r"\bapp store\b|\bpush (?:alerts|notifications)\b|\b(?:on|in|with|via) (?:our|the) "
          r"(?:\w+ ){0,2}app\b|\bturn on (?:alerts|notifications)\b", max_words=26),
    _Rule("newsletter prompt",
          opens=r"(?:sign up|subscribe|get|join|receive|enter|want|don.t miss|delivered)\b.*"
          r"\b(?:newsletters?|inbox|e-?mail|briefing|mailing list|digest|bulletin)\b",
          holds=r"\byour inbox\b|\bsign up\b.*\bnewsletter|\bnewsletter\b.*\b(?:sign up|subscribe)\b",
          whole=r"(?:our |the )?(?:[\w'’-]+ ){0,3}newsletters?\W*", max_words=32),
    _Rule("subscription prompt",
          opens=r"already an? (?:subscriber|member)|log ?in\b|sign in\b|subscribe\b|register (?:to|for|now|free)"
          r"|become an? (?:\w+ )?(?:member|subscriber|supporter|friend)\b|support (?:our|independent|local|us)\b"
          r"|you have (?:read|used|reached|\d+|one|two|three)\b|start your\b|unlock\b|donate\b"
          r"|continue reading (?:with|for|from|by)\b|enjoying\b",
          holds=r"\bfree articles?\b|\barticles? (?:left|remaining)\b|\b(?:subscriber|member)s?[- ]only\b"
          r"|\b(?:for|to) subscribers\b|\bsubscribe (?:now|today|from|for)\b|\ba month\b.*\bcancel\b",
          max_words=34),
    _Rule("video player",
          opens=r"video player\b|video\s?[:|(–—-]|play video\b|(?:watch|video)\b.*\d:\d\d|now playing\b|watch (?:live|again|now)\b"
          r"|media playback\b|your browser (?:does|cannot)|loading (?:video|player)|[▶►]️?\s*(?:watch|video|play)\b"
          r"|click to (?:play|unmute)|video unavailable|this video\b",
          holds=r"\bvideo player\b|\b0?0:00\s*/\s*\d+:\d\d", whole=r"(?:watch|video|unmute|(?:play|pause|mute|full ?screen|replay|[\d:/]+)(?:\W+(?:play|pause|mute|full ?screen|replay|[\d:/]+))*)\W*",
          max_words=22),
    _Rule("audio player",
          opens=r"listen\b.*(?:\d:\d\d|\bmin|\bepisode\b|\bpodcast\b|\bto this\b|\bto the (?:article|story|report|interview|full)\b)|audio player\b|audio\s?[:|(–—-]|podcast\s?[:|]|hear (?:this|the)\b|[♪🎧🔊🎙]"
          r"|[▶►]️?\s*listen", whole=r"listen(?: now| live| again)?\W*", max_words=20),
    _Rule("slideshow", opens=r"slideshow\b|(?:photo )?gallery\b\s?[:|(–—-]?|in pictures\b|(?:slide|image|photo|picture) \d+ (?:of|/)",
          holds=r"\(\d+ (?:images|photos|pictures|slides)\)|\b(?:image|photo|picture|slide) \d+ of \d+|\bview gallery\b|\b\d+ (?:photos|pictures|images)\W*$",
          whole=r"\d+\s?/\s?\d+.*|(?:previous|next)(?:\W+(?:previous|next|slide|image|photo))+\W*", max_words=24),
    _Rule("photo credit",
          opens=r"(?:(?:lead|file|main|header|top|cover|archive|stock) )?(?:photo(?:graph|s|graphs|graphy)?|images?|pictures?|pics?|illustration|graphics?|infographic|map|chart|credit)"
          r"(?: (?:credits?|courtesy|by))?\s?(?:[:/|©]|(?<=by)\s|\bcourtesy\b)|(?:©|\(c\))\s?.*(?:photo|image|picture|handout|via\b|/)|photo(?:graph)?s? (?:by|courtesy)\b|courtesy (?:of|photo)\b",
          whole=r"[\[(](?:photo|image|picture|file|handout|illustration|courtesy|credit)\b.*[\])]\.?|.*[/|]\s?(?:pool|handout|file|archive|staff)\W*", max_words=18),
    _Rule("caption", opens=r"(?:caption|pictured|file photo|in this (?:file )?(?:photo|image|picture)|(?:file|archive|handout|stock) (?:photo|image|picture))\b"
          r"|(?:above|below|left|right|top|bottom|inset)\s?[:,(–—]",
          holds=r"[\[(|/–—.:]\s*(?:(?:file|handout|archive|library|courtesy|staff)? ?(?:photo|picture|image|handout|photograph|credit|illustration)s?\b[^.]{0,50})[\])]?\.?$"
          r"|\((?:file|archive|handout|library)\)\W*$|\s(?-i:[A-Z]{2,})/[^\W\d_][\w -]{2,40}\W*$|\bis (?:pictured|seen|shown) (?:in|on|at|during|with)\b.*\b(?:file|photo|picture)\b", max_words=60),
    _Rule("related link",
          opens=r"(?:read|see) (?:also|too|more|next|now|our|the full|it)\b|also (?:read|in|on|see)\b|(?:read|related|see also|more|earlier|explainer|in depth|background|next up|up next|now read|must read)\s?[:|»→►–—]"
          r"|related (?:articles?|stories|story|coverage|content|links?|reading)|more (?:from|in|on|stories|news|about)\b|recommended\b|you (?:may|might) (?:also )?(?:like|enjoy|be interested)"
          r"|don.t miss\b|further reading\b|see also\b|editor.?s.? (?:pick|choice)|trending\b|most (?:read|popular|viewed|shared)\b|from (?:the|our) archives?\b|what to read next|in case you missed"
          r"|elsewhere (?:on|in)\b|[»►→▸]\s?|(?:opinion|analysis|interview|feature|profile|quiz|timeline|comment)\s?[:|»→►]\s?|in this (?:series|issue|package)\b|previously\s?[:|–—]|full (?:story|coverage)\b",
          max_words=30),
    _Rule("live-blog key", opens=r"key (?:events|moments|points|posts|updates|developments|entry)\b|what we know\b|pinned\b|(?:newest|oldest|latest|most recent) (?:first|posts?|updates?)\b|auto-?(?:refresh|update)|show key events|live (?:updates?|feed|blog|coverage|text|reporting)\b"
          r"|this (?:live )?(?:blog|page|feed) (?:is|has|refreshes|updates|will)\b|refresh\b|[○●◉]\s",
          whole=r"live|summary|updates?|[^.]*\b(?:blue|red|green|grey|gray|bold|star|key|dot|flag)\s?=.*", max_words=26),
    _Rule("data widget", holds=r"[▲▼]|\s[\d.,]+\s+[+−-]\s?[\d.,]+\d%?\s*(?:\W|$)|(?:[^|]{1,40}\|){3,}.*\d",
          opens=r"(?:weather|forecast|tides?|odds|score(?:board)?|exchange rates?|markets?|standings|table|full[- ]time|half[- ]time|line-?ups?|at a glance|by the numbers|results?|box score|share price|water level|index)\b\s?[^.:|]{0,30}[:|]",
          whole=r"(?-i:[A-Z]{3,6}(?:[.:][A-Z]+)?\s+\d[\d.,]*)(?:\s.*)?", max_words=60),
    _Rule("embedded post signature", holds=r"\(@\w+\)", opens=r"@\w{2,}\s*(?:[·|,–—-]|$)|view (?:this )?(?:post|thread) on\b|(?:post|thread) by\b", max_words=22),
    _Rule("timestamp",
          whole=rf"(?:(?:first |last |originally )?(?:published|updated|posted|filed|modified|issued|released|created|date|edited|printed|added|time)?(?: on| at)?\s?[:|]?\s*)?(?:{_MOMENT}(?:\s*(?:[|,·•()–—@/-]|\bat\b|\bon\b|\b(?:first |last )?(?:published|updated|posted|modified|edited)(?: on| at)?:?)\s*|\s+|$)\s*)+\W*",
          opens=r"(?:first |last )?(?:published|updated|posted|last (?:updated|modified))\b\s?(?:on |at )?[:|]?\s?.*(?:\d{1,4}|ago|yesterday|today|hours?|minutes?)\b[^.]*$", max_words=16),
    _Rule("reading time", whole=r"(?:estimated )?(?:(?:reading|read)(?: time)?\s?[:–—-]?\s?)?(?:about |approx\.? |~)?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen)[ -]?min(?:ute)?s?\.?(?:[ -](?:read(?:ing)?|long)(?: time)?)?\W*"
          r"|(?:estimated )?(?:reading|read) time\b.*", max_words=10),
    _Rule("byline",
          whole=rf"(?:(?:(?:words|text|story|report|reporting|interview|written|reported|edited|compiled|translated|photographs?|pictures?)\s)?(?:and \w+ )?(?:by|from|with)\s?:?|words:|author:|reporter:|text:)\s+(?:(?:the|our|a)\s)?{_NAMES}"
          rf"(?:(?:\s?(?:,|and|&|\||/|·|•|–|—|-|in|for|at|of|the)\s?)+(?:{_NAMES}|{_MOMENT}|(?:\w+ )?{_ROLES}|our))*.{{0,30}}"
          rf"|(?:by|words by)\s+{_NAMES}\b.{{0,60}}|{_NAMES}\s?[,|·•–—]\s?(?:(?:\w+ ){{0,3}}{_ROLES}|.*\b{_ROLES}\b).{{0,30}}|{_CAP} {_CAP}(?: and {_CAP} {_CAP})? in {_CAP}(?: {_CAP})?|(?:source|editor|reporting)\s?:.{{2,60}}[|;].*\d.*", max_words=18),
    _Rule("dateline", whole=rf"(?-i:[A-Z][A-Z .'’-]{{2,30}})(?:,\s?{_CAP}(?:\s{_CAP})*)?\s?(?:[,–—-]+\s?(?:{_MOMENT}\W*)+|\([^)]*\)\s?[–—-]*)\W*|{_NAMES},\s(?:{_MOMENT}\W*)+(?:\([^)]*\))?\W*[–—-]*|{_NAMES}\s?[–—-]+", max_words=10),
    _Rule("comment count", whole=r"(?:\(?\d[\d,.]*\)?|no|one|view|show|read|add|post|leave|join|open|hide|all)\s?(?:an? |all |the |your |\d+ )*(?:comments?|replies|responses|conversation|discussion|reactions)\b.{0,40}"
          r"|(?:comments?|replies|discussion)\b\s?[\d(:|•·–—-].*|comments?|be the first to comment.*|.*\b\d+ comments?\W*", max_words=12),
    _Rule("share buttons", whole=rf"(?:{_SHARE}(?: (?:this|us|on|via|by|to|it|the|a|article|story|page|post|link|with|friends?|link))*)(?:[\s|,/·•:+–—-]+(?:{_SHARE}|on|this|via|friends?|a|to|and|or|us|article|story|page))*\W*"
          r"|\d+ shares?\b.*", opens=r"(?:share|follow|send|forward)\b.*\b(?:share|facebook|whatsapp|telegram|copy link|e-?mail|tweet|@\w+)\b", max_words=16),
    _Rule("advertisement", whole=r"[\[(]?(?:advertisement|advertorial|ads?|sponsored(?: content| link| post| message)?|promoted(?: content)?|paid (?:content|post|partnership|notice)|promotion|commercial|partner content|anzeige)\b[\])]?(?:\W.*)?",
          holds=r"\bcontinues? (?:below|after)\b.*\bad(?:vert\w*)?\b|\bad(?:vert\w*)?\b.*\bcontinues? (?:below|after)\b|\breport (?:this )?ad\b|\bwhy this ad\b", max_words=34),
    _Rule("keywords", opens=r"(?:helpful |related |article )?(?:key ?words?|tags?|topics?|filed (?:under|in)|tagged|subjects?|labels?|posted in|categor(?:y|ies)|in this article)\b\s?(?:[:|–—-]|$|\b(?:in|as|with)\b)",
          whole=r"(?:helpful|related) (?:key ?words?|tags?|topics?)|(?:#\w+[\s,|]*)+", max_words=30),
    _Rule("jump link", opens=r"(?:jump|skip|scroll|back|return|go) (?:to|down|up|back)\b|(?:read|show|view|load|expand) (?:more|less|all|full)\b|(?:article |story )?continues? (?:below|on|next)\b|(?:next|previous) (?:page|article|story|post)\b|[↑↓←⤴⇧⤓]",
          whole=r"page \d+(?: of \d+)?|.*[↓↑⇩⇧←]|(?:in this (?:article|story|report)|contents|on this page)\b.*|top of (?:the )?page", max_words=14),
    _Rule("breadcrumb", whole=r"(?:you are here\W+)?[\w &'’.-]{2,40}(?:\s*(?:[>›»→]|::|\s/\s)\s*[\w &'’,.:-]{2,90})+\W*", max_words=22),
    _Rule("menu", whole=r"menu|skip to (?:main )?content|search(?: \w+)?|home|navigation|toggle (?:menu|navigation)|main menu|sections|site ?map|contact(?: us)?|about(?: us)?|close|top stories|latest(?: news)?|today.s paper|e-?paper"
          r"|[\w &'’.-]{2,30}(?:\s+[|·•∙]\s+[\w &'’.,-]{2,40}){2,}|(?-i:(?:Home|Menu|News|Search|Front Page)\b(?:\s+(?:[A-Z&][\w&'’-]*)){2,12})|(?:☰|≡|🔍).*", max_words=22),
    _Rule("pull quote", opens=r"pull ?quote\b", max_words=40),
    _Rule("event listing", opens=r"(?:what.?s on|upcoming(?: events?)?|event|tickets?|doors|venue|admission|diary|listings?|events? calendar|if you go)\s?[:|–—-]|what.?s on\b", max_words=60),
    _Rule("author box", opens=rf"(?:about the (?:author|writer|reporter|contributor)s?|meet the \w+)\b|{_NAMES},? (?:is|was) (?:an?|the|our|\w+.s) .{{0,120}}\b{_ROLES}\b|{_NAMES} (?:writes|covers|reports|edits|chairs|teaches|lectures|runs|is the author|is based)\b.{{0,90}}\b(?:for (?:the|this)|about|from|on|the author|at the)\b", max_words=60),
    _Rule("footer", opens=r"(?:terms (?:of|and|&)|privacy|advertise with|contact (?:us|the)|about us|careers|accessibility|imprint|corporate|newsroom)\b",
          holds=r"\bterms (?:of (?:use|service)|and conditions|& conditions)\b|\bprivacy (?:policy|notice)\b|\badvertise with us\b|\bcontact us\b.*[|·•]|\bimprint\b.*[|·•]", max_words=34),
)


def _compiled(rule: _Rule) -> re.Pattern[str]:
    forms = [
        rf"(?:{rule.opens})" if rule.opens else "",
        rf".*(?:{rule.holds})" if rule.holds else "",
        rf"(?:{rule.whole})\Z" if rule.whole else "",
    ]
    return re.compile("|".join(form for form in forms if form), re.IGNORECASE)


_COMPILED = tuple((rule.reason, rule.max_words, _compiled(rule)) for rule in _RULES)


def furniture_reason(line: str) -> str | None:
    """Why a line of a page is furniture, judged by its words alone; None where it is not.

    Parameters
    ----------
    line : str
        One block of a page, cleaned.

    Examples
    --------
    >>> furniture_reason("Read Also: Port reopens after storm")
    'related link'
    >>> furniture_reason("Updated 14 March 2024, 16:05 GMT")
    'timestamp'
    >>> furniture_reason("The port reopened on Monday.") is None
    True
    """
    n_words = line.count(" ") + 1
    for reason, max_words, pattern in _COMPILED:
        if n_words <= max_words and pattern.match(line):
            return reason
    return None
