"""Media: players, slideshows, and the words under pictures."""

from __future__ import annotations

from stance.reading.furniture.rule import Rule

MEDIA = (
    Rule(
        reason="video player",
        max_words=22,
        opens=r"""
            video (player|unavailable)
            video ?[:|(–—-]
            (watch|video)\b.*\d:\d\d
            play video
            now playing
            watch (live|again|now)
            media playback
            your browser (does|cannot)
            loading (video|player)
            [▶►]\ufe0f? *(watch|video|play)
            click to (play|unmute)
            this video (is|was|has|can|cannot|may|will)
        """,
        holds=r"""
            video player
            0?0:00 ?/ ?\d+:\d\d
        """,
        whole=r"""
            watch
            video
            <player>([\W_]++<player>)*+
        """,
    ),
    Rule(
        reason="audio player",
        max_words=20,
        opens=r"""
            listen\b.*(\d:\d\d|\bmin|\bminutes|\bepisode|\bpodcast|\bto this)
            listen to the (article|story|report|interview|full)
            audio player
            audio ?[:|(–—-]
            podcast ?[:|]
            hear (this|the) (article|story|report|interview|episode)
            [♪🎧🔊🎙]
            [▶►]\ufe0f? *listen
        """,
        whole="listen( now| live| again)?",
    ),
    Rule(
        reason="slideshow",
        max_words=24,
        opens=r"""
            slideshow
            photo gallery
            gallery ?[:|(–—-]
            in pictures ?[:|(–—-]
            (slide|image|photo|picture) \d+ (of|/)
        """,
        holds=r"""
            \(\d+ (images|photos|pictures|slides)\)
            (image|photo|picture|slide) \d+ of \d+
            view gallery
        """,
        whole=r"""
            \d+ ?/ ?\d+
            (view )?\d+ (photos|pictures|images)
            (previous|next)(\W+(previous|next|slide|image|photo))++
            in pictures
            gallery
        """,
    ),
    Rule(
        reason="photo credit",
        max_words=30,
        opens=r"""
            ((lead|main|header|top|cover|archive|stock) )?(<picture>|credit)( (credits?\
                |courtesy))? ?[:/|©]
            (<picture>|credit) by <cap>
            (©|c\)) ?.*(photo|image|picture|handout|via\b|/)
            photo(graph)?s? courtesy
            courtesy (of <names>$|photo)
        """,
        holds=r"[\[(|/–—.:] *(<picture>|credit)( (credit|by|courtesy))? ?[:/|©–—-] ?[^:]{2,50}$",
        whole=r"""
            (?<=[\[(])(<picture>|file|handout|courtesy|credit)\b.*[\])]
            .*[/|] ?(pool|handout|file|archive|staff)
            <names> ?/ ?<cap>( <cap>)?
        """,
    ),
    Rule(
        reason="caption",
        max_words=40,
        opens=r"""
            caption
            pictured ?[:,(–—]
            in this (file |undated )?(photo|image|picture|photograph)
            (file|archive|handout|stock) (photo|image|picture|photograph)
            (above|below|left|right|top|bottom|inset) ?[:,(–—]
        """,
        holds=r"""
            [\[(] *((file|handout|archive|library|courtesy|staff) )?(<picture>\
                |credit)( by [^.]{2,40})?[\])]\W*$
            \((file|archive|handout|library)\)\W*$
            (?<=\w\w)[.)] (?-i:[A-Z]{2,})/<cap>( <cap>){0,3}\W*$
            (?<=\w\w)[.)] <cap>( <cap>){0,2}/<cap>( <cap>){0,2}\W*$
            (?<=\w\w)\. (?-i:[A-Z]{3,}( [A-Z]{3,}){2,4})\W*$
            in an? (undated|file|archive|handout) (photo|picture|image|photograph)\b
            (is|are|was|were) (pictured|seen|shown) (in|on|at|during|with)\b.*\b(file|handout\
                |undated) (photo|picture|image|photograph)
        """,
    ),
)
