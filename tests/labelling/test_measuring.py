from __future__ import annotations

from pathlib import Path

import pytest

from stance.labelling.measuring import measured


@pytest.mark.slow
def test_run_in_a_process_of_its_own_is_measured(corpus: Path, tmp_path: Path) -> None:
    found = measured(corpus, tmp_path / "x.parquet", model="paragraph-type-fast", voices=False)
    assert found.rows == 300
    assert found.cpu_seconds > 0
    assert found.per_second == 300 / found.wall_seconds


def test_run_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"LabellingError: .*there is no such file or folder"):
        measured(tmp_path / "none.parquet", tmp_path / "x.parquet", model="paragraph-type")
