"""Invented results and articles, with text that tries to break out of a page."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa
import pytest

from stance.experiments.result import (
    Cell,
    Comparison,
    Estimate,
    Headline,
    Mistake,
    Reliability,
    Result,
    SplitCount,
)

HOSTILE = (
    "</script><script>alert(1)</script> {{ 7*7 }} {% raw %} <img src=x onerror=alert(2)> "
    "\"'><svg onload=alert(3)> ]]> </style> \x00 \ud800 [a](javascript:alert(4)) | `b` **c** \u202e"
)


@dataclass(frozen=True)
class Side:
    target: str
    stance: str
    probability: float | None = None
    probabilities: dict[str, float] | None = None


@dataclass(frozen=True)
class LabelledPart:
    index: int
    kind: str
    text: str
    reason: str | None = None
    type: str | None = None
    probability: float | None = None
    probabilities: dict[str, float] | None = None
    voice: str | None = None
    via: tuple[str, ...] = ()
    stances: tuple[Side, ...] = ()


@dataclass(frozen=True)
class Labelled:
    id: str
    source: str
    headline: str
    parts: tuple[LabelledPart, ...] = field(default=())


LABELS = ("disclaimer", "quote", "analysis", "report")
TYPES = ("report", "quote", "analysis", "disclaimer")


def near(value: float, half: float) -> Estimate:
    return Estimate(value, value - half, value + half)


def build_cell(model: str, role: str, *, at: float, against: Comparison | None) -> Cell:
    metrics = {
        "macro_f1": near(at, 0.024),
        "accuracy": near(at + 0.051, 0.018),
        "ece": near(0.0412, 0.0121),
        "log_loss": near(0.5127, 0.033),
        "brier": Estimate(0.2211),
    }
    for place, label in enumerate(LABELS):
        score = at + (0.02, 0.081, -0.112, 0.034)[place]
        metrics[f"precision/{label}"] = near(score + 0.013, 0.04)
        metrics[f"recall/{label}"] = near(score - 0.012, 0.05)
        metrics[f"f1/{label}"] = near(score, 0.03 + 0.01 * place)
    confusion = ((18, 0, 1, 4), (0, 402, 11, 30), (1, 14, 74, 31), (2, 41, 25, 1350))
    bins = Reliability(
        (0.46, 0.58, 0.69, 0.83, 0.97), (0.41, 0.52, 0.61, 0.79, 0.951), (42, 118, 203, 488, 1153)
    )
    return Cell(model, "sample", "test", 0, role, LABELS, metrics, confusion, bins, against)  # type: ignore[arg-type]


def build_result() -> Result:
    def gap(value: float, half: float, p: float) -> Comparison:
        return Comparison("tf-idf + SVM", "macro_f1", near(value, half), p)

    cells = (
        build_cell("ngram-linear", "model", at=0.8124, against=gap(0.0312, 0.0188, 0.0124)),
        build_cell(
            "ngram-linear, no context", "variant", at=0.7919, against=gap(0.0107, 0.0201, 0.412)
        ),
        build_cell("tf-idf + SVM", "baseline", at=0.7812, against=None),
        build_cell("text removed", "control", at=0.4411, against=gap(-0.3401, 0.0312, 0.0002)),
        Cell(
            "majority",
            "sample",
            "test",
            0,
            "control",
            LABELS,
            {"macro_f1": Estimate(0.2073, 0.2041, 0.2099), "accuracy": Estimate(0.7076)},
            ((0, 0, 0, 23), (0, 0, 0, 443), (0, 0, 0, 120), (0, 0, 0, 1418)),
            None,
            gap(-0.5739, 0.0201, 0.0002),
        ),
    )
    head = Headline("macro_f1", 0.8124, 0.7884, 0.8364, "ngram-linear", "sample", "test", 84, 2004)
    splits = (
        SplitCount(
            "sample",
            "train",
            312,
            7418,
            {"report": 5204, "quote": 1702, "analysis": 431, "disclaimer": 81},
        ),
        SplitCount(
            "sample",
            "test",
            84,
            2004,
            {"report": 1418, "quote": 443, "analysis": 120, "disclaimer": 23},
        ),
    )
    mistakes = tuple(
        Mistake(
            f"sample/harbour-{i:02d}#p{i}",
            "analysis",
            "report",
            0.994 - 0.011 * i,
            None
            if i % 3 == 2
            else f"Nobody on the quay expects ferry number {i} to sail "
            "before the ice goes, and the council knows it.",
        )
        for i in range(12)
    )
    return Result(
        "type/context",
        "Does the context of a paragraph help to tell paragraph types apart?",
        "Yes: with neighbouring paragraphs the model reaches macro-F1 0.812, which is 0.031 above "
        "the baseline without them.",
        head,
        cells,
        splits,
        mistakes,
        (
            "Only English text was tested.",
            "One annotator labelled the sample; agreement between annotators was not measured.",
        ),
    )


def build_predictions() -> pa.Table:
    return pa.table(
        {"id": ["a", "b"], "label": ["quote", "report"], "predicted": ["quote", "quote"]}
    )


def odds(label: str, probability: float) -> dict[str, float]:
    rest = (1 - probability) / 3
    return {name: probability if name == label else rest for name in TYPES}


def build_article() -> Labelled:
    def paragraph(
        index: int,
        text: str,
        label: str,
        probability: float,
        *,
        voice: str = "author",
        via: tuple[str, ...] = (),
        stances: tuple[Side, ...] = (),
    ) -> LabelledPart:
        return LabelledPart(
            index,
            "paragraph",
            text,
            type=label,
            probability=probability,
            probabilities=odds(label, probability),
            voice=voice,
            via=via,
            stances=stances,
        )

    parts = (
        LabelledPart(0, "furniture", "Home · Islands · Weather", reason="menu"),
        LabelledPart(1, "headline", "Council puts the Tarn ferry up for sale"),
        LabelledPart(
            2, "standfirst", "Two bidders are named; neither promises the winter sailing."
        ),
        LabelledPart(3, "furniture", "By Orla Venn, 4 March", reason="byline"),
        paragraph(
            4,
            "The island council voted on Tuesday night to sell the Tarn ferry, the only "
            "link that Brackwater has with the mainland between November and April. Nine "
            "members were for the sale, six against.",
            "report",
            0.958,
        ),
        paragraph(
            5,
            "“A council is not a shipping line, and it was never a good one,” said the "
            "council leader, Maud Pellew. “Whoever buys her will run her better than we did.",
            "quote",
            0.991,
            voice="Maud Pellew",
            stances=(Side("the ferry sale", "favor", 0.94),),
        ),
        paragraph(
            6,
            "The dockers' union told Radio Kestrel that the sale would leave the island "
            "cut off within two winters and that it would go to court.",
            "quote",
            0.973,
            voice="the dockers' union",
            via=("Radio Kestrel",),
            stances=(Side("the ferry sale", "against", 0.91), Side("Maud Pellew", "neutral", 0.66)),
        ),
        LabelledPart(
            7, "furniture", "Read also: The winter in which nothing sailed", reason="related link"
        ),
        paragraph(
            8,
            "The vote settles less than it seems to. A buyer without a subsidy has every "
            "reason to lay the ship up when the ice comes, and the council has given away the "
            "one thing that it could have bargained with.",
            "analysis",
            0.612,
            stances=(Side("the ferry sale", "against", 0.58),),
        ),
        paragraph(9, "Bids close on 30 April.", "report", 0.887),
        paragraph(
            10,
            "This article was corrected on 5 March: an earlier version gave the wrong "
            "number of votes.",
            "disclaimer",
            0.969,
        ),
        LabelledPart(11, "furniture", "Share this · 14 comments", reason="sharing prompt"),
    )
    return Labelled(
        "tarn-ferry",
        "brackwater-mercury/tarn-ferry.txt",
        "Council puts the Tarn ferry up for sale",
        parts,
    )


@pytest.fixture(scope="session")
def result() -> Result:
    return build_result()


@pytest.fixture(scope="session")
def predictions() -> pa.Table:
    return build_predictions()


@pytest.fixture(scope="session")
def article() -> Labelled:
    return build_article()


@pytest.fixture(scope="session")
def hostile() -> str:
    return HOSTILE
