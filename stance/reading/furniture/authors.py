"""Authors: who wrote it, and where."""

from __future__ import annotations

from stance.reading.furniture.rule import Rule

AUTHORS = (
    Rule(
        reason="byline",
        max_words=18,
        whole=r"""
            interview ?: <names>
            ((words|text|story|report|interview|written|reported|compiled|translated|photographs?\
                |pictures?) )?(and \w+ )?by:? ((the|our|a) )?<names>(( ?[,&|/·•–—-] ?| and | in \
                | for | at | of | the )++(<names>|<moment>|(\w+ )?<role>|our))*+[^.!?;]{0,30}
            from <names>(,? in <names>|, <names>)?
            with (additional )?reporting (by|from) <names>
            (words|text|author|reporter|pictures?|story) ?: ((the|our|a) )?<names>( .{1,40})?
            <person> ?[,|·•–—] ?(\w+ ){0,3}<role>( .{1,20})?
            <person>( and <person>)?,? (?-i:in|at the|at) <names>(, <names>)?
            (<cap> )?(<cap> |\w+ )?desk
            (source|editor|reporting) ?:.{2,60}[|;].*\d.*
        """,
    ),
    Rule(
        reason="dateline",
        max_words=10,
        whole=r"""
            (?-i:[A-Z][A-Z .'’-]{2,30})(, ?<cap>( <cap>)*)? ?([,–—-]+ ?(<moment>[ ,.–—-]*+\
                |\d{1,2} <cap> ?)++)?\([^()]{2,40}\)( ?[–—-]+)?
            (?-i:[A-Z][A-Z .'’-]{2,30})(, ?<cap>( <cap>)*+)? ?[,–—-]+ ?(<moment>[\W_]*+)++
            <names>, (?-i:[^\W\d_a-z]\w*), (<moment>[\W_]*+)++
            <names>, (?!<day>)(<moment>[\W_]*+)++(\([^()]*\))?[\W_]*
            <names> ?[–—-]+
        """,
    ),
    Rule(
        reason="author box",
        max_words=50,
        opens=r"""
            about the (author|writer|reporter|contributor)s?
            meet the (author|writer|reporter|contributor|team)s?
            <person>,? is (an?|the|our|[\w’']+s) ([^.]{0,90} )?<role>
            <person> (writes|covers|edits|chairs|teaches|lectures|runs) [^.]{0,90}\b(for (the\
                |this)|about|from|on|the author|at the)
            <person> is (the author|based) .{0,90}\b(of|in|for|at)
        """,
    ),
)
