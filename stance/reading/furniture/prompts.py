"""Prompts: what the page wants the reader to do or to allow, and what it sells."""

from __future__ import annotations

from stance.reading.furniture.rule import Rule

PROMPTS = (
    Rule(
        reason="logo",
        max_words=6,
        holds=r"""
            logo
            masthead
            svg
            image: .*
        """,
    ),
    Rule(
        reason="cookie notice",
        max_words=40,
        opens=r"""
            your privacy, your
            we (value|respect|care about) your privacy
        """,
        holds=r"""
            cookies?(?!\w).*\b(use|uses|using|accept|reject|consent|settings|policy|preferences\
                |visit)
            (uses?|using|accept|reject|sets?|consent)(?!\w).*\bcookies?
            manage / accept
        """,
    ),
    Rule(
        reason="app prompt",
        max_words=26,
        opens=r"(download|get|install|open|read|try|tap|use)\b.*\bapp",
        holds=r"""
            app store
            push (alerts|notifications)
            turn on (alerts|notifications)
            download (our|the) app
            (on|in|with|via) (our|the) (\w+ ){0,2}app
        """,
    ),
    Rule(
        reason="newsletter prompt",
        max_words=32,
        opens=r"""
            (sign up|subscribe|get|join|receive|enter|want|don.t miss)\b.*\b(newsletters?\
                |mailing list|digest|bulletin)
            (sign up|subscribe|get|join|receive|enter)\b.*\b(inbox|e-?mail|briefing|alerts by \w+)
        """,
        holds=r"""
            (?<!in )your inbox
            your e-?mail address
            sign up\b.*\bnewsletter
            newsletter\b.*\b(sign up|subscribe)
            join [\d,.]+ (thousand |million )?(readers|subscribers|others)
            by e-?mail\W+subscribe\W*$
            [.!?:,–—] sign up( (here|now|today|free))?\W*$
        """,
        whole=r"""
            (our |the )?([\w'’-]+ ){0,3}newsletters?
            sign up( (here|now|today|free|for .{3,40}))?
        """,
    ),
    Rule(
        reason="subscription prompt",
        max_words=30,
        opens=r"""
            already an? (subscriber|member)
            log ?in
            sign in
            subscribe
            register (to|for|now|free)
            become an? (\w+ )?(member|subscriber|supporter|friend)
            support (our|independent|local|us)
            you have (read|used|reached|\d+|one|two|three)
            start your
            unlock
            donate
            continue reading (with|for|from|by)
            enjoying
        """,
        holds=r"""
            free articles?
            articles? (left|remaining)
            (subscriber|member)s?[- ]only
            (for|to) subscribers
            subscribe (now|today|from|for)
            a month\b.*\bcancel
        """,
    ),
    Rule(
        reason="advertisement",
        max_words=30,
        holds=r"""
            continues? (below|after)\b.*\bad(vert\w*)?
            ad(vert\w*)?\b.*\bcontinues? (below|after)
            report (this )?ad
            why this ad
            your ad here
            capital (is )?at risk
            (terms|t&cs|conditions) apply\W*$
        """,
        whole=r"""
            (advertisement|advertorial|ads?|sponsored( content| link| post| message)?\
                |promoted( content)?|partner content|anzeige)(\W.*)?
            (?-i:ADVERTISEMENT|SPONSORED|PROMOTED) .*
            paid (content|post|partnership|notice)
            promotion
            commercial
        """,
    ),
)
