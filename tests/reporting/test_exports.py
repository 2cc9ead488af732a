from __future__ import annotations

from dataclasses import replace

import pytest

from stance.experiments.result import Result
from stance.reporting.exports import FILES, exports_of

from .test_methods import CONFIG, ENVIRONMENT


def test_exports_are_the_files_that_are_promised(result: Result) -> None:
    exports = exports_of(result, CONFIG, ENVIRONMENT)
    assert tuple(sorted(exports.files)) == tuple(sorted(FILES))
    assert all(content.endswith(b"\n") for content in exports.files.values())


def test_bytes_are_the_same_each_time(result: Result) -> None:
    again = exports_of(result, dict(CONFIG), dict(ENVIRONMENT))
    assert again == exports_of(result, CONFIG, ENVIRONMENT)


def test_bibliography_has_what_the_paragraph_cites_and_no_more(result: Result) -> None:
    exports = exports_of(result, CONFIG, ENVIRONMENT)
    cited = {
        key for part in exports.methods.split("[@")[1:] for key in part.split("]")[0].split("; @")
    }
    assert {
        line[line.index("{") + 1 : -1] for line in exports.bibtex.splitlines() if line[:1] == "@"
    } == cited
    assert exports.files["references.bib"].decode() == exports.bibtex


def test_tables_hold_the_headline(result: Result) -> None:
    files = exports_of(result, CONFIG, ENVIRONMENT).files
    assert rb"\textbf{0.812} {\footnotesize (0.788--0.836)}" in files["tables/models.tex"]
    assert b"ngram-linear,model,sample,test,0,0.8124" in files["tables/models.csv"]


def test_hostile_names_stay_text(result: Result, hostile: str) -> None:
    cell = replace(result.cells[0], model=f"={hostile}")
    evil = replace(
        result, headline=replace(result.headline, model=cell.model), cells=(cell, *result.cells[1:])
    )
    files = exports_of(evil, CONFIG, ENVIRONMENT).files
    assert (
        b"\n'=</script>" in files["tables/models.csv"]
        or b"\n\"'=</script>" in files["tables/models.csv"]
    )
    assert b"</script>" not in files["tables/models.tex"]
    assert b"\x00" not in b"".join(files.values())


def test_headline_without_a_cell_is_told(result: Result) -> None:
    lost = replace(result, headline=replace(result.headline, model="nobody"))
    with pytest.raises(ValueError, match="the headline must name one of the cells"):
        exports_of(lost, CONFIG, ENVIRONMENT)
