"""Method: how the numbers of a report came about, in words, with references."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A work that defines what a report computes."""

    text: str
    url: str


METHOD = (
    "Macro-F1 is the unweighted mean of the labels' F1 scores [1]. Precision, recall and F1 of a "
    "label are those of the label against all others; a failed prediction counts as wrong.",
    "Splits and resamples are of whole articles, never of paragraphs, because paragraphs of one "
    "article are alike. A 95 % interval is a percentile interval: it holds the middle 95 % of the "
    "values that the metric takes when the test set's articles are drawn anew with replacement "
    "[2, 3]. No model is fitted again, so intervals speak of the test set, not of the training.",
    "A difference is between two models on the same test set; its interval comes from drawing the "
    "same articles for both. Its p-value is two-sided, from a paired randomisation test that swaps "
    "the two models' answers article by article [4, 5], corrected by Holm's method for the number "
    "of comparisons in the report [6].",
    "Confidence is the probability of the predicted label. ECE is the distance between confidence "
    "and accuracy, averaged over bins of equal width by their size [7].",
)
"""Paragraphs; the numbers in brackets count ``REFERENCES`` from one."""

REFERENCES = (
    Reference(
        "Opitz, J. and Burst, S. (2019). Macro F1 and Macro F1. arXiv:1911.03347.",
        "https://doi.org/10.48550/arXiv.1911.03347",
    ),
    Reference(
        "Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap. Chapman & Hall.",
        "https://doi.org/10.1201/9780429246593",
    ),
    Reference(
        "Field, C. A. and Welsh, A. H. (2007). Bootstrapping clustered data. Journal of the Royal "
        "Statistical Society B 69(3), 369–390.",
        "https://doi.org/10.1111/j.1467-9868.2007.00593.x",
    ),
    Reference(
        "Yeh, A. (2000). More accurate tests for the statistical significance of result "
        "differences. COLING, 947–953.",
        "https://doi.org/10.3115/992730.992783",
    ),
    Reference(
        "Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero. "
        "Statistical Applications in Genetics and Molecular Biology 9(1).",
        "https://doi.org/10.2202/1544-6115.1585",
    ),
    Reference(
        "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian "
        "Journal of Statistics 6(2), 65–70.",
        "https://www.jstor.org/stable/4615733",
    ),
    Reference(
        "Naeini, M. P., Cooper, G. F. and Hauskrecht, M. (2015). Obtaining well calibrated "
        "probabilities using Bayesian binning. AAAI.",
        "https://doi.org/10.1609/aaai.v29i1.9602",
    ),
)
