"""Stamp: what tells one run from another before anything is parsed."""

from __future__ import annotations

from pathlib import Path

from stance.experiments.runs.stamp import foundations, packages_of


def test_weights_in_a_folder_count_wherever_a_config_names_them(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    encoder = {"kind": "encoder", "encoder": str(tmp_path)}
    members = [{"kind": "majority"}, encoder]
    model = {"name": "mixed", "classifier": {"kind": "stacked", "members": members}}

    def told() -> list[str]:
        return list(packages_of({"models": [model]}))

    before = told()
    assert len(before) == 2, "its packages and its one file"
    (tmp_path / "config.json").write_text('{"hidden_size": 8}')
    changed = told()
    assert before[0] == changed[0] and before[1] != changed[1]
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    assert told()[:2] == changed and len(told()) == 3


def test_what_stands_on_this_package_alone_has_no_foundations() -> None:
    section = {"kind": "stacked", "members": [{"kind": "ngrams"}, {"kind": "paragraph_type"}]}
    assert not list(foundations(section, section="classifier"))
    distilled = {"kind": "distilled", "student": {"kind": "stance"}, "teacher": {"kind": "llm"}}
    (told,) = foundations(distilled, section="classifier")
    assert "httpx" in told
