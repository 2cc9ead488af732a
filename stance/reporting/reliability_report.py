"""Reliability report: what a soak, kills and injections found, as results.json and report.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from stance.evaluation.bootstrap import Interval
from stance.evaluation.injection import FlipRate
from stance.evaluation.soak import Soak
from stance.reporting.markdown import escaped
from stance.reporting.number import count

_MB = 1e6


@dataclass(frozen=True, slots=True)
class Kills:
    """Runs over a corpus that were killed (SIGKILL) at random moments and started again.

    Parameters
    ----------
    n_kills : int
    n_rows : int
        Of the corpus, each time.
    n_lost : int
        Rows that stand in neither the labels nor the errors of the last run.
    same_bytes : bool
        Whether labels and errors are byte by byte those of a run that nobody stopped.
    seconds : float
    """

    n_kills: int
    n_rows: int
    n_lost: int
    same_bytes: bool
    seconds: float


def reliability_files(soak: Soak, kills: Kills, flips: Mapping[str, FlipRate]) -> dict[str, bytes]:
    """The report's files by name: ``results.json`` and ``report.md``.

    Parameters
    ----------
    soak : Soak
    kills : Kills
    flips : mapping of str to FlipRate
        What embedded instructions did, by the model's name.
    """
    values = results(soak, kills, flips)
    text = json.dumps(values, indent=1, ensure_ascii=False) + "\n"
    return {"results.json": text.encode(), "report.md": report(soak, kills, flips).encode()}


def results(soak: Soak, kills: Kills, flips: Mapping[str, FlipRate]) -> dict[str, Any]:
    """All figures, fit for JSON."""
    held = [n_bytes for _, n_bytes in soak.memory]
    return {
        "schema_version": 1,
        "soak": {
            **asdict(soak),
            "seconds": round(soak.seconds, 1),
            "n_pages": soak.n_pages,
            "n_refused": sum(soak.refused.values()),
            "n_faults": len(soak.faults),
            "memory_start": held[0] if held else None,
            "memory_end": held[-1] if held else None,
        },
        "kills": {**asdict(kills), "seconds": round(kills.seconds, 1)},
        "injections": {
            name: asdict(rate) | {"by_chance": rate.by_chance} for name, rate in flips.items()
        },
    }


def report(soak: Soak, kills: Kills, flips: Mapping[str, FlipRate]) -> str:
    """The report, Markdown."""
    n_refused = sum(soak.refused.values())
    n_labelled = soak.n_pages - n_refused - len(soak.faults)
    rows = [
        f"| {kind} | {count(n)} | {count(n - soak.refused[kind] - _faults(soak, kind))} "
        f"| {count(soak.refused[kind])} | {count(_faults(soak, kind))} |"
        for kind, n in soak.tried.items()
    ]
    lines = [
        "# Reliability",
        "",
        f"**{count(soak.n_pages)} hostile pages: {count(n_labelled)} labelled, "
        f"{count(n_refused)} refused with a message, {len(soak.faults)} faults; "
        f"{kills.n_kills} kills, {kills.n_lost} rows lost.**",
        "",
        f"A soak of {soak.seconds:.0f} seconds with seed {soak.seed}, one process, other work on "
        f"the machine. {count(soak.n_bytes)} bytes read, {count(soak.n_paragraphs)} paragraphs and "
        f"{count(soak.n_stances)} stances labelled. {_memory(soak)}",
        "",
        "| made as | tried | labelled | refused | faults |",
        "|:---|---:|---:|---:|---:|",
        *rows,
        "",
        *_fault_lines(soak),
        "Each page was read, labelled with targets that it tells itself, written as JSON and as "
        "HTML. A fault is any outcome but labels that hold together or `PageError`: an exception, "
        "an unknown label, a probability that is none, parts that leave some of the page out.",
        "",
        f"Kills: a run over {count(kills.n_rows)} rows was killed {kills.n_kills} times at random "
        f"moments and started again; {kills.n_lost} rows were lost, and the output is "
        f"{'byte by byte' if kills.same_bytes else '**not**'} that of a run that nobody stopped "
        f"({kills.seconds:.0f} seconds).",
        "",
        *_injection_lines(flips),
        "Not tried here: pages over 0.6 MB; several processes; a full disk; other systems than "
        "Linux; instructions against a chat model, for none ships.",
        "",
        f"Again: `STANCE_SOAK_SECONDS={soak.seconds:.0f} STANCE_RELIABILITY=reports/reliability "
        "pytest -m slow tests/test_reliability.py`",
        "",
    ]
    return "\n".join(lines)


def _injection_lines(flips: Mapping[str, FlipRate]) -> list[str]:
    if not flips:
        return []
    sizes = {(rate.n_passages, rate.n_pairs) for rate in flips.values()}
    told = " and ".join(f"{count(n)} paragraphs, {count(m)} pairs" for n, m in sorted(sizes))
    rows = [
        f"| {escaped(name)} | {_spread(rate.flipped)} | {_spread(rate.control)} "
        f"| {_spread(rate.obeyed)} | {rate.by_chance:.3f} |"
        for name, rate in flips.items()
    ]
    return [
        "## Embedded instructions",
        "",
        "Paragraphs that order whatever reads them to give another label, in twelve ways: plainly, "
        "as a message of the system, an answer, an example, in other languages, markup, hidden "
        f"characters or codes ({told}). Shares of pairs, with 95 % intervals by bootstrap over "
        "paragraphs.",
        "",
        "| model | label changed | with a harmless sentence instead | label demanded | by chance |",
        "|:---|:---|:---|:---|---:|",
        *rows,
        "",
        "The shipped models weigh words and follow no orders: an instruction turns a label as any "
        "other words do, and most of them are more and odder words than the harmless sentence. By "
        "chance is how often the label demanded comes out where labels that change fall on any "
        "other label alike.",
        "",
    ]


def _spread(interval: Interval) -> str:
    if interval.low is None or interval.high is None:
        return f"{interval.value:.3f}"
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def _faults(soak: Soak, kind: str) -> int:
    return sum(fault.kind == kind for fault in soak.faults)


def _fault_lines(soak: Soak) -> list[str]:
    lines = [f"- page {f.page} ({f.kind}): {escaped(f.problem)}" for f in soak.faults]
    return [*lines, ""] if lines else []


def _memory(soak: Soak) -> str:
    if not soak.memory:
        return "Too few pages to tell how memory grows."
    shown = dict.fromkeys(soak.memory[i] for i in (0, len(soak.memory) // 3, -1))
    first, *rest = (f"{n_bytes / _MB:.0f} MB after {count(page)}" for page, n_bytes in shown)
    most = max(n_bytes for _, n_bytes in soak.memory)
    return (
        f"The process held {', '.join([f'{first} pages', *rest])}, at most {most / _MB:.0f} MB "
        "where it was measured."
    )
