"""Methods: a paragraph for a paper's section of that name, made from a report's config and data.

The paragraph says what was run and nothing of how it came out. It is read from the resolved config
as plain values, so that a section which is newer than this module costs a sentence and no report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stance.experiments.configs.registry import SECTIONS
from stance.experiments.result import Result, SplitCount
from stance.reporting.bibliography import corpus_entries, package_entry, works
from stance.reporting.cited import Citation, Piece
from stance.reporting.classifier_words import classifier_words, has_settings
from stance.reporting.number import count, metric_name

_PACKAGE = "stance-lab"


_CONFORMAL = "sadinle-etal-2019-least"
_CHECKLIST = "ribeiro-etal-2020-beyond"
_CURVE = "viering-loog-2023-shape"
_SHUFFLED = "ojala-garriga-2010-permutation"

_ROLES = {"model": "model", "baseline": "baseline", "control": "control", "variant": "variant"}

_SPLITS = {
    "leave_one_group_out": "Every value of the column that the config names was held out in turn",
    "transfer": "Models learned from the one corpus and were tested on the other",
}

_CALIBRATION = {
    "ece": ("the expected calibration error", "naeini-etal-2015-calibrated"),
    "brier": ("the Brier score", "brier-1950-verification"),
}


def methods_pieces(
    result: Result, config: Mapping[str, Any], environment: Mapping[str, Any]
) -> tuple[Piece, ...]:
    """What was run, as words and citations in their order.

    Parameters
    ----------
    result : Result
    config : mapping
        Resolved, as ``config.yaml`` has it; sections that are missing are passed over.
    environment : mapping
        ``versions`` maps a library to its version.

    Returns
    -------
    tuple of str and Citation
        A citation belongs to the word before it. Every key stands in ``entries_for``.
    """
    return tuple(
        piece
        for part in (
            _data(result, config),
            _split(result, config),
            _models(result, config),
            _evaluation(result, config),
            _probes(config),
            _versions(result, environment),
        )
        for piece in part
    )


def entries_for(result: Result, environment: Mapping[str, Any]) -> dict[str, str]:
    """BibTeX of every work that ``methods_pieces`` may cite, by key."""
    entries = dict(works())
    for name in _corpora(result):
        entries |= corpus_entries(name)
    return entries | package_entry(str(_versions_of(environment).get(_PACKAGE, "unknown")))


def _data(result: Result, config: Mapping[str, Any]) -> Iterator[Piece]:
    names = _corpora(result)
    labels = _listed(result.cells[0].labels) if result.cells else ""
    section = _map(config, "corpus")
    for i, name in enumerate(names):
        title, about = _about(name, section if section.get("name") == name else {})
        yield f"{'We used' if i == 0 else ' We also used'} {title}"
        if keys := tuple(corpus_entries(name)):
            yield Citation(keys)
        yield f"{about}."
    if labels:
        yield f" Every {_unit(names, section)} has one of the labels {labels}."
    hidden = section.get("hide")
    if isinstance(hidden, list) and hidden and "kind" not in config:
        yield f" Of what the corpus knows, no model saw the {_listed(map(str, hidden))}."


def _about(name: str, section: Mapping[str, Any]) -> tuple[str, str]:
    """A corpus's title, and what to say of it after the citation."""
    from stance.corpora import card, corpus_names

    if name not in corpus_names():
        return f"the table {name}", ""
    facts = card(name)
    tasks = {task.name: task for task in facts.tasks}
    task = tasks.get(str(section.get("task")), facts.tasks[0])
    made = {
        "mapped": ", whose labels are mapped from another label set",
        "derived": ", whose labels are derived from other annotations",
        "machine-made": ", whose labels are machine-made",
    }.get(task.faithfulness, "")
    title = facts.title
    if facts.access.kind == "packaged":  # "Sample corpus" is a description, other titles are names
        title = f"the {title[:1].lower()}{title[1:]}"
    return title, f" (task {task.name}, language {task.language}){made}"


def _unit(names: Sequence[str], section: Mapping[str, Any]) -> str:
    from stance.corpora import card, corpus_names

    if not names or names[0] not in corpus_names():
        return "passage"
    facts = card(names[0])
    task = next((t for t in facts.tasks if t.name == section.get("task")), facts.tasks[0])
    return str(task.unit)


def _split(result: Result, config: Mapping[str, Any]) -> Iterator[Piece]:
    split, head = _map(config, "split"), result.headline
    unit = _unit(_corpora(result), _map(config, "corpus"))
    sizes = {count_.split: _size(count_, unit) for count_ in result.data}
    if split.get("kind") == "group_kfold":
        yield (
            f" Scores come from {split.get('n_splits', 5)}-fold cross-validation over "
            f"{_size_of(head.n_groups, head.n_passages, unit)}; articles were kept whole, and "
            f"folds stratified by label (seed {split.get('seed', 0)})."
        )
        return
    others = [f"the {name} split ({size})" for name, size in sizes.items() if name != head.split]
    aside = split.get("validation")
    learned = [one for one in others if not one.startswith(f"the {aside} split")]
    if split.get("kind") == "official" and learned:
        yield f" Models learned from {_listed(learned)} and were tested on the {head.split} split "
        yield f"({_size_of(head.n_groups, head.n_passages, unit)})"
        yield f"; the {aside} split ({sizes[aside]}) was left aside." if aside in sizes else "."
        return
    told = "; ".join(f"{name} {size}" for name, size in sizes.items())
    yield f" {_SPLITS.get(str(split.get('kind')), 'The data were divided as the config says')}"
    yield f" ({told})." if told else "."


def _models(result: Result, config: Mapping[str, Any]) -> Iterator[Piece]:
    listed = config.get("models")
    models = [m for m in listed if isinstance(m, Mapping)] if isinstance(listed, list) else []
    for model in models:
        name = next((name for name in SECTIONS if name in model), SECTIONS[0])
        if "namer" in model:  # its classifier tells types, and the namer is what is asked about
            name = "namer"
        section = _map(model, name)
        kind = str(section.get("kind", ""))
        words, keys = classifier_words(kind, section=name)
        role = _ROLES.get(str(model.get("role", "model")), "model")
        if model.get("control"):
            yield f" The control {model.get('name')} is the first model "
            if model["control"] == "labels-shuffled":
                yield "after learning from the training labels in random order"
                yield Citation((_SHUFFLED,))
                yield ", a new order for each seed."
            else:
                yield f"with its input changed ({model['control']})."
            continue
        yield f" The {role} {model.get('name')} {words}"
        if keys:
            yield Citation(keys)
        given = [f"{key} = {_value(value)}" for key, value in section.items() if key != "kind"]
        default = ", with its default settings." if has_settings(kind, section=name) else "."
        types = ", given predicted types" if model.get("types") == "predicted" else ""
        yield types + (f", with {', '.join(given)}." if given else default)
    seeds = config.get("seeds")
    if isinstance(seeds, list) and seeds:
        plural = "s" if len(seeds) > 1 else ""
        yield f" Models that draw random numbers were trained with the seed{plural} "
        yield f"{_listed(map(str, seeds))}."


def _evaluation(result: Result, config: Mapping[str, Any]) -> Iterator[Piece]:
    metric = result.headline.metric
    yield f" The metric is {metric_name(metric)}"
    if metric == "macro_f1":
        yield ", the unweighted mean of the labels' F1"
        yield Citation(("opitz-burst-2019-macro",))
    if metric == "content_f1":
        yield ", where two contents are one if they overlap by more than 0.3, the characters that "
        yield "both hold over those of both together"
        yield Citation(("pareti-etal-2013-quotations", "asr-etal-2021-tracker"))
    if metric == "weighted_score":
        yield ", that of the Fake News Challenge: a quarter point for telling related pairs from "
        yield "unrelated ones, three quarters more for the right side, over the most there is"
    if metric == "f_avg":
        yield ", the mean of the F1 of favor and of against, over all targets pooled"
    yield "; missing predictions count as wrong."
    found = {name for cell in result.cells for name in cell.metrics}
    judged = [pair for name, pair in _CALIBRATION.items() if name in found]
    for i, (words, key) in enumerate(judged):
        yield f" and by {words}" if i else f" Probabilities are judged by {words}"
        yield Citation((key,))
    yield "." if judged else ""
    n = _map(config, "bootstrap").get("n_resamples")
    times = f"{count(n)} " if isinstance(n, int) else ""
    if result.headline.low is not None:
        yield f" Intervals are the middle 95 % of {times}bootstrap resamples of articles"
        yield Citation(("efron-tibshirani-1993-bootstrap", "field-welsh-2007-clustered"))
        yield "; no model was fitted again."
    compared = [cell.comparison for cell in result.cells if cell.comparison is not None]
    if compared:
        against = _listed(dict.fromkeys(one.against for one in compared))
        yield f" Differences to the baseline {against} were tested two-sided by a paired "
        yield f"permutation test that swaps two models' answers article by article ({times}"
        yield "permutations, or all there are)"
        yield Citation(("yeh-2000-accurate", "phipson-smyth-2010-permutation"))
        yield ", and p-values were corrected by Holm's method"
        yield Citation(("holm-1979-multiple",))
        yield f" for {len(compared)} comparison{'s' if len(compared) > 1 else ''}."
        if any(one.mcnemar_p is not None for one in compared):
            yield " McNemar's exact test of accuracy gives a second opinion"
            yield Citation(("mcnemar-1947-note",))
            yield "."
        if any(one.detectable is not None for one in compared):
            yield " The least difference that such a test would find with a power of 0.8 is given"
            yield Citation(("card-etal-2020-power",))
            yield "."
    if any("/without_duplicates" in name for name in found):
        yield " Scores without test passages that stand, equal or nearly equal, among those "
        yield "learned from are given beside."


def _probes(config: Mapping[str, Any]) -> Iterator[Piece]:
    """What the config asks of the headline model beside its scores."""
    asked: tuple[tuple[str, str, str], ...] = (
        ("slices", "It is scored by {}", ""),
        ("coverage", "Conformal sets aim to hold the true label with probability {}", _CONFORMAL),
        ("perturbations", "Its test passages were changed ({})", _CHECKLIST),
        ("learning_curve", "It was trained on shares of the training articles ({})", _CURVE),
    )
    is_first = True
    for key, words, work in asked:
        if not config.get(key):
            continue
        if is_first:
            yield " Further, the headline model was probed."
            is_first = False
        yield f" {words.format(_value(config[key]))}"
        if work:
            yield Citation((work,))
        yield "."


def _versions(result: Result, environment: Mapping[str, Any]) -> Iterator[Piece]:
    versions = dict(_versions_of(environment))
    own = versions.pop(_PACKAGE, None)
    yield f" All was computed with {_PACKAGE}{f' {own}' if own else ''}"
    yield Citation((_PACKAGE,))
    named = [f"{'Python' if name == 'python' else name} {v}" for name, v in versions.items()]
    yield f", on {_listed(named)}." if named else "."


def _versions_of(environment: Mapping[str, Any]) -> Mapping[str, Any]:
    return _map(environment, "versions")


def _corpora(result: Result) -> list[str]:
    of_data = [split.corpus for split in result.data]
    if result.encoder is not None:  # its headline is a mean over corpora
        return list(dict.fromkeys(of_data))
    return list(dict.fromkeys((result.headline.corpus, *of_data)))


def _size(split: SplitCount, unit: str) -> str:
    return _size_of(split.n_groups, split.n_passages, unit)


def _size_of(n_groups: int, n: int, unit: str) -> str:
    passages = f"{count(n)} {unit}s"
    return passages if n == n_groups else f"{count(n_groups)} articles, {passages}"


def _listed(words: Iterable[str]) -> str:
    """Words with commas and, before the last, "and"."""
    *head, last = list(words) or [""]
    return f"{', '.join(head)} and {last}" if head else last


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return str(value)


def _map(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = values.get(key)
    return value if isinstance(value, Mapping) else {}
