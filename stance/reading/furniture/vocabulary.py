"""Words that stand for each other in the patterns of the furniture rules."""

from __future__ import annotations

VOCABULARY = {
    # Times
    "month": r"(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?"
    r"|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)\.?",
    "day": r"((mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thu(rs)?|fri|sat|sun)"
    r"(?!\w)\.?",
    "clock": r"(\d{1,2}([:.h]\d{2}){1,2}(?!\d)( ?[ap]\.?m(?!\w)\.?)?|\d{1,2} ?[ap]\.?m(?!\w)\.?)",
    "ordinal": r"\d{1,2}(st|nd|rd|th)?(?!\w)",
    "date": r"(<ordinal>( of)? <month>(?!\w)|<month> <ordinal>|<month>(?= \d{4})"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})",
    "zone": r"(gmt|utc|local( time)?|hours|[a-z]{1,3}[sd]t|[cew]e?t)(?!\w)( ?[+-]\d+)?",
    "published": r"((first |last )?(published|updated?|posted|filed|modified|changed?|issued|sent"
    r"|released|created|edited|printed|added|date|time)( on| at)?:?)(?!\w)",
    "ago": r"(\d+|an?|one|two|three|a few) (second|minute|min|hour|hr|day|week|month|year)s? ago",
    "moment": r"(<ago>|<date>|<clock>|<day>|<zone>|\d{4}|today|yesterday)",
    # Names
    "cap": r"(?-i:(St|Mt|Dr)\.|[^\W\d_a-zß-öø-ÿ](\.(-?[A-Z]\.)*+|[\w'’-]*+))",
    "particle": r"(van|von|de|al|bin|ibn|ben|del|della|da|dos|di|la|le|of|the)",
    "names": r"<cap>( (<particle> )?<cap>){0,4}",
    "person": r"<cap>( <particle>)? <cap>( <cap>)?",
    "role": r"(correspondent|reporter|editor|columnist|writer|contributor|journalist|critic|fellow"
    r"|lecturer|professor|freelance\w*|bureau chief|analyst|author|presenter|producer)",
    # Things of the page
    "picture": r"(photo(graph|graphy|s|graphs)?|images?|pictures?|pics?|illustration|graphics?"
    r"|infographic|map|chart)",
    "section": r"(home|news|politics|business|markets?|money|companies|commodities|economy|finance"
    r"|world|international|national|local|regions?|europe|asia|africa|americas?|opinions?|views?"
    r"|comment(ary)?|editorials?|letters|columns?|analysis|courts?|crime|law|science|health|body"
    r"|mind|environment|climate|earth|sky|nature|technology|tech|digital|media|education|schools?"
    r"|sports?|football|culture|arts?|books|film|music|stage|theatre|style|fashion|food|travel"
    r"|places|people|life(style)?|family|society|religion|history|past|weekend|long ?reads?"
    r"|features?|interviews?|conversations?|explainers?|fact[- ]?check|investigations?|podcasts?"
    r"|video|audio|sounds?|photos|live|weather|roads|traffic|tides|deaths|obituaries|notices"
    r"|jobs|property|shop|archive|digest|wires?|magazine|about( us)?|donate|subscribe|search"
    r"|sign in|log ?in|contact( us)?)",
    "footing": r"(contact( us)?|careers|jobs|terms( of (use|service))?|privacy( policy)?|imprint"
    r"|accessibility|advertise( with us)?|about( us)?|subscribe|subscriber services|donate"
    r"|cookies?( policy)?|site ?map|tip us off|corrections|help|complaints|newsroom)",
    "network": r"(whatsapp|telegram|facebook|linkedin|reddit|pinterest|flipboard|mastodon"
    r"|messenger|twitter|bluesky|threads|x|[a-z]?mail|e-mail|sms|chat)",
    "share": r"(share|tweet|print|copy|copied|save|bookmark|like|follow|pin|post|send|forward|gift"
    r"|link|more|<network>)",
    "sharing": r"(<share>( (this|it|us|a|to a|with a|via|by|on|to|with|the|friends?|article|story"
    r"|page|post|link|conversation|<network>|(?<=(on|to) )<cap>)(?!\w))*+)",
    "player": r"(play|pause|mute|unmute|full ?screen|replay|captions?|settings|\d{1,2}:\d\d)",
    "crumb": r"([\w&'’,.:-]++( [\w&'’,.:-]++)*+)",
    "min": r"(\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
    r"[ -]?min(ute)?s?",
}
"""Name → pattern; a pattern may name others. In the rules a name stands as ``<name>``."""
