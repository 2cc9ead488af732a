"""Probe method: how the numbers of the probes came about, said only of those that a report has."""

from __future__ import annotations

from collections.abc import Iterator

from stance.experiments.result import Result
from stance.experiments.scores.probes import Probes
from stance.reporting.method import METHOD, REFERENCES, Reference

_MCNEMAR = Reference(
    "McNemar, Q. (1947). Note on the sampling error of the difference between correlated "
    "proportions or percentages. Psychometrika 12(2), 153–157.",
    "https://doi.org/10.1007/BF02295996",
)
_POWER = Reference(
    "Card, D. et al. (2020). With little power comes great responsibility. EMNLP.",
    "https://doi.org/10.18653/v1/2020.emnlp-main.745",
)
_AREA = Reference(
    "Geifman, Y., Uziel, G. and El-Yaniv, R. (2019). Bias-reduced uncertainty estimation for deep "
    "neural classifiers. ICLR. arXiv:1805.08206.",
    "https://doi.org/10.48550/arXiv.1805.08206",
)
_SETS = Reference(
    "Sadinle, M., Lei, J. and Wasserman, L. (2019). Least ambiguous set-valued classifiers with "
    "bounded error levels. Journal of the American Statistical Association 114(525), 223–234.",
    "https://doi.org/10.1080/01621459.2017.1395341",
)
_CHECKLIST = Reference(
    "Ribeiro, M. T. et al. (2020). Beyond accuracy: behavioral testing of NLP models with "
    "CheckList. ACL.",
    "https://doi.org/10.18653/v1/2020.acl-main.442",
)


def method_of(result: Result) -> tuple[tuple[str, ...], tuple[Reference, ...]]:
    """Paragraphs on the method, and the works that their numbers in brackets count from one."""
    paragraphs, references = list(METHOD), list(REFERENCES)
    for text, works in _parts(result):
        numbers = range(len(references) + 1, len(references) + len(works) + 1)
        references += works
        paragraphs.append(text.format(*(f"[{n}]" for n in numbers)))
    return tuple(paragraphs), tuple(references)


def _parts(result: Result) -> Iterator[tuple[str, tuple[Reference, ...]]]:
    """Paragraphs with a brace for each of their works."""
    if any(c.comparison and c.comparison.detectable is not None for c in result.cells):
        yield (
            "McNemar's exact test {} compares accuracy passage by passage. The detectable "
            "difference is 2.80 standard errors of the paired bootstrap: a true difference of that "
            "size is found with power 0.8 at level 0.05, before any correction {}.",
            (_MCNEMAR, _POWER),
        )
    probes = result.probes or Probes("", 0)
    if probes.coverage_risk is not None:
        yield (
            "Coverage and risk: thresholds are probabilities of the test set's own predictions, "
            "held fixed while articles are drawn anew; the area is the mean risk over all "
            "coverages {}.",
            (_AREA,),
        )
    if probes.conformal is not None:
        yield (
            "Conformal sets hold every label whose probability reaches a threshold; the threshold "
            "is the quantile of held-out probabilities of true labels that the level asks for {}, "
            "held out by article in cross-validation. The theory takes passages for exchangeable, "
            "which those of one article are not, so the coverage is measured.",
            (_SETS,),
        )
    if probes.slices:
        yield (
            "A slice and all other passages are drawn again together, by article; p is twice the "
            "share of resamples in which their difference changes sign, corrected by Holm's "
            "method for the slices tested.",
            (),
        )
    if probes.perturbations:
        yield (
            "Perturbations are tests of invariance and direction {}: a label counts as changed "
            "where it differs from the model's own label before, right or wrong. One training "
            "answers to all of them.",
            (_CHECKLIST,),
        )
    if probes.learning_curve is not None:
        yield (
            "The learning curve draws whole training articles; the smaller shares of a draw are "
            "contained in its greater ones.",
            (),
        )
