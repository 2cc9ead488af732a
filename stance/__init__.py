r"""What kind of thing each paragraph of a news article says, who says it, on which side.

Examples
--------
>>> from stance import read_article
>>> article = read_article("Storm closes port\n\nThe port closed on Monday.\n")
>>> [part.kind for part in article.parts]
['headline', 'paragraph']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.analysis import AnalysedArticle, label_article
    from stance.article import Article, Part, Span
    from stance.classifiers.llm import LLMClassifier
    from stance.classifiers.paragraph_type import ParagraphTypeClassifier
    from stance.classifiers.stance import StanceClassifier
    from stance.labelling import Labeller, label_corpus, label_dataset
    from stance.labels import ParagraphType, Stance
    from stance.map import StanceMap, stance_map
    from stance.passage import Passage
    from stance.reading import read_article
    from stance.targets import Target

__version__ = "0.1.0"

# Loaded on first use: scikit-learn alone takes a second to import, and labelling a page needs none
# of it.
_HOME = {
    "AnalysedArticle": "stance.analysis",
    "Article": "stance.article",
    "LLMClassifier": "stance.classifiers.llm",
    "Labeller": "stance.labelling",
    "ParagraphType": "stance.labels",
    "ParagraphTypeClassifier": "stance.classifiers.paragraph_type",
    "Part": "stance.article",
    "Passage": "stance.passage",
    "Span": "stance.article",
    "Stance": "stance.labels",
    "StanceClassifier": "stance.classifiers.stance",
    "StanceMap": "stance.map",
    "Target": "stance.targets",
    "label_article": "stance.analysis",
    "label_corpus": "stance.labelling",
    "label_dataset": "stance.labelling",
    "read_article": "stance.reading",
    "stance_map": "stance.map",
}

__all__ = [
    "AnalysedArticle",
    "Article",
    "LLMClassifier",
    "Labeller",
    "ParagraphType",
    "ParagraphTypeClassifier",
    "Part",
    "Passage",
    "Span",
    "Stance",
    "StanceClassifier",
    "StanceMap",
    "Target",
    "__version__",
    "label_article",
    "label_corpus",
    "label_dataset",
    "read_article",
    "stance_map",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'stance' has no attribute {name!r}; it has {sorted(_HOME)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
