"""Links: ways to other pages, other places of this page, and other people."""

from __future__ import annotations

from stance.reading.furniture.rule import Rule

LINKS = (
    Rule(
        reason="live-blog key",
        max_words=26,
        opens=r"""
            key (events|moments|points|posts|updates|developments|entry) ?([:|–—]|$)
            what we know( so far)? ?([:|–—]|$)
            pinned
            (newest|oldest|latest|most recent) (first|posts?|updates?)
            auto-?(refresh|update)
            show key events
            live (updates?|feed|blog|text|reporting) ?([:|–—]|$)
            this (live )?(blog|page|feed) (is|has|refreshes|updates|will)
            refresh
            [○●◉]
        """,
        whole=r"""
            live
            summary
            updates?
            .*\b(blue|red|green|grey|gray|bold|star|key|dot|flag) ?=.*
            .*● ?=.*
        """,
    ),
    Rule(
        reason="related link",
        max_words=30,
        opens=r"""
            (read|see) (also|too|more|next|now|our|the full)
            also (read|in|on|see|translated)( [^,.]{2,40})? ?[:|>»→►]
            also (read|see) the
            see also
            (read|related|more|earlier|explainer|in depth|background|next up|up next|must read\
                |previously) ?[:|»→►–—]
            related (articles?|stories|story|coverage|content|links?|reading)
            more (from|in|on|stories|news|about)\b[^.]*[^.”"]$
            recommended ?([:|–—]|$|for you|reading|stories)
            you (may|might) (also )?(like|enjoy|be interested)
            don.t miss
            further reading
            editor.?s.? (pick|choice)
            trending
            most (read|popular|viewed|shared) ?([:|–—]|$|in|on|stories)
            from (the|our) archives?
            what to read next
            in case you missed
            elsewhere (on|in) (the|our|this) (site|web|paper|issue|page)
            [»►→▸]
            (opinion|analysis|interview|feature|profile|quiz|timeline|comment|factbox) ?[:|»→►]
            in this (series|issue|package)
            full (story|coverage) ?([:|»→►–—]|$)
            letters on this
        """,
        whole="read it (all )?here",
    ),
    Rule(
        reason="embedded post signature",
        max_words=22,
        opens=r"""
            @\w{2,} *([·|,–—-]|$)
            view (this )?(post|thread) on
            (post|thread) by <cap>
        """,
        holds=r"\(@\w+\)",
    ),
    Rule(
        reason="comment count",
        max_words=12,
        whole=r"""
            (\(?\d[\d,.]*\)?|no|one|view|show|read|add|post|leave|join|open|hide|all) ?(an? |all \
                |the |your |\d+ )*+(comments?|replies|responses|conversation|discussion\
                |reactions)\b[^.]{0,40}
            (comments?|replies|discussion) ?[\d(:|•·–—-].*
            comments?( are)? (closed|open|off|disabled).*
            comments?
            be the first to comment.*
            .*\b\d+ (comments?|messages so far)
        """,
    ),
    Rule(
        reason="share buttons",
        max_words=16,
        opens=r"""
            (share|follow|send|forward)\b.*\b(facebook|whatsapp|telegram|copy link|e-?mail|tweet\
                |@\w+)
        """,
        whole=r"""
            <sharing>([\s|,/·•:+–—!-]++(on|and|or|this )?:?<sharing>)*+
            \d+ shares?( .*)?
            f( (t|x|in|g|p|w|✉|🖂))++
        """,
    ),
    Rule(
        reason="keywords",
        max_words=30,
        opens=r"""
            (related |article )?(key ?words?|tags?|topics?|filed (under|in)|tagged|subjects?\
                |labels?|posted in|categor(y|ies)|in this article) ?([:|–—-]|$)
            (tagged|filed|posted) (in|as|with|under)
            helpful key ?words?
        """,
        whole=r"""
            (helpful|related) (tags?|topics?)
            (#\w++[\s,|]*+)++
        """,
    ),
    Rule(
        reason="jump link",
        max_words=14,
        opens=r"""
            (jump|skip|scroll|back|return|go) (to|down|up|back) (<clock>|the (top|next|main|end\
                |latest|comments)|top|main|latest|content|comments)
            (jump|skip|scroll|go) to ?:
            (read|show|view|load|expand) (more|less|all|full)
            (article |story )?continues? (below|on page|on next)
            continue reading
            (next|previous) (page|article|story|post)
            scroll to continue
            [↑↓←⤴⇧⤓]
        """,
        whole=r"""
            page \d+( of \d+)?
            .*[↓↑⇩⇧←]
            in this (article|story|report)\b.*
            (contents|on this page)([:|].*)?
            top of (the )?page
        """,
    ),
    Rule(
        reason="breadcrumb",
        max_words=22,
        whole=r"""
            (you are here\W+)?<crumb>(( ?[>›»→]+ ?| ?:: ?| / )<crumb>)++
        """,
    ),
    Rule(
        reason="footer",
        max_words=26,
        opens=r"""
            (terms (of|and|&) (use|service|conditions)|privacy (policy|notice)|about us|careers\
                |imprint)
            (terms|privacy|contact|accessibility|corporate|newsroom) ?[|·•]
        """,
        holds=r"""
            terms (of (use|service)|and conditions|& conditions)\W*$
            privacy (policy|notice)\W*$
            advertise with us
            <footing>( ?[|·•/.–—-] ?<footing>)++\W*$
            <footing>( ?[|·•/.–—-]| <footing>)+ back to top\W*$
            (all |market )?(data|prices|quotes) (is |are )?delayed
            registered (association|charity|company)
        """,
        whole=r"""
            <footing>( (?-i:[A-Z]\w+)){0,5} back to top
        """,
    ),
    Rule(
        reason="menu",
        max_words=22,
        opens="(☰|≡|🔍)",
        whole=r"""
            menu
            skip to (main )?content
            search( \w+)?
            home
            navigation
            toggle (menu|navigation)
            main menu
            sections
            site ?map
            contact( us)?
            about( us)?
            close
            top stories
            latest( news)?
            today.s paper
            e-?paper
            [\w &'’.-]{2,30}( [|·•∙] [\w &'’.,-]{2,40}){2,}
            (?-i:(Home|Menu|News|Search|Front Page)( [A-Z&][\w&'’-]*){2,12})
            <section>( <section>(?!\w)){2,}( <cap>)*+
        """,
    ),
    Rule(
        reason="section label",
        max_words=5,
        whole=r"""
            (the )?<cap>.s view
            the <cap> view
            <section>( ?[|&/·] ?<section>| [|›] <cap>)?
            from the <cap> press
            (our|the) (view|leader|editorial)
        """,
    ),
    Rule(reason="pull quote", max_words=40, opens="pull ?quote"),
    Rule(
        reason="event listing",
        max_words=30,
        opens=r"""
            (what.?s on|upcoming( events?)?|event|tickets?|doors|venue|admission|diary|listings?\
                |events? calendar|if you go) ?[:|–—-]
            what.?s on (this|in|at|today|tonight)
        """,
        holds=r"calendar: .{0,80}\b(<date>|<clock>)",
    ),
)
