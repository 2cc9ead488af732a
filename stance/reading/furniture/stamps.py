"""Stamps: figures, days and hours standing alone."""

from __future__ import annotations

from stance.reading.furniture.rule import Rule

STAMPS = (
    Rule(
        reason="data widget",
        max_words=36,
        opens=r"""
            (weather|forecast|tides?|odds|score(board)?|exchange rates?|markets?|standings|table\
                |full[- ]time|half[- ]time)(?!\w)[^.:|]{0,30}[:|]
            (line-?ups?|at a glance|by the numbers|results?|box score|share price|water level\
                |index)(?!\w)[^.:|]{0,30}[:|]
        """,
        holds=r"""
            [▲▼]
            [\d.,]+ +[+−-] ?[\d.,]*\d%?(?= ?(\W|$))
            \|[^|]{1,40}\|[^|]{1,40}\|[^|]*\d
        """,
        whole=r"""
            \d[\d.,]*( \| \d[\d.,]*){2,}
            (?-i:[A-Z]{3,6}([.:][A-Z]+)? +\d+[.,]\d[\d.,]*)( .*)?
        """,
    ),
    Rule(
        reason="timestamp",
        max_words=16,
        opens=r"""
            (published|updated|posted|(first|last) (published|updated|posted\
                |modified)) ?[:|]? ?(on |at )?(<moment>|\d).*\d[^.]*$
            last (updated|modified)\b.*\b(\d+|ago|yesterday|today|hours?|minutes?)\b[^.]*$
        """,
        whole=r"""
            (<published>( \w+)? ?[:|]? ?)?(issue \d+\W+)?(<moment>[\W_]*+(at \
                |on )?(<published>(?!\w)[\W_]*+)?)++(<min>( read)?)?●?
            \d{1,2} <cap>,? <clock>
        """,
    ),
    Rule(
        reason="reading time",
        max_words=10,
        whole=r"""
            (estimated )?((reading|read)( time)? ?[:–—-]? ?)?(about |approx\. ?\
                |~)?<min>\.?([ -](read(ing)?|long)( time)?)?
            (estimated )?(reading|read) time\b.*
        """,
    ),
    # What is left of a table: figures alone, which no paragraph of an article is.
    Rule(
        reason="data widget",
        max_words=12,
        whole=r"""
            ([$€£¥+−] ?)?\d[\d.,'’ ]*+
        """,
    ),
)
