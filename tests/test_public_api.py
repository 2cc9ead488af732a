"""What ``import stance`` gives, and what it leaves alone."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import stance

HEAVY = ("sklearn", "scipy", "matplotlib", "datasets", "pandas", "pyarrow", "pydantic", "jinja2")


def loaded_by(code: str, *names: str) -> list[str]:
    """Which of these modules a fresh interpreter has loaded after running ``code``."""
    probe = f"{code}\nimport sys\nprint(*[name for name in {names} if name in sys.modules])"
    run = [sys.executable, "-W", "error", "-c", probe]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].split()


@pytest.mark.parametrize("name", stance.__all__)
def test_every_public_name_is_there_with_its_docstring(name: str) -> None:
    value = getattr(stance, name)
    assert name in dir(stance)
    if name != "__version__":
        assert value.__name__ == name
        assert inspect.getdoc(value), f"{name} has no docstring"


def test_version_is_that_of_the_distribution() -> None:
    from importlib.metadata import version

    assert stance.__version__ == version("stance-lab")


def test_unknown_name_is_told_with_the_closest() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'label_articel'.*label_article"):
        _ = stance.label_articel
    assert not hasattr(stance, "nothing_like_it")


def test_import_is_light() -> None:
    assert loaded_by("import stance", *HEAVY, "numpy", "cyclopts", "rich") == []


def test_labelling_a_page_needs_numpy_alone() -> None:
    page = "Storm closes port\\n\\nThe port shut.\\n\\n“It will reopen,” said Ida Lund."
    code = f'import stance, stance.models\nprint(len(stance.label_article("{page}").to_json()))'
    assert loaded_by(code, *HEAVY, "safetensors", "numpy") == ["numpy"]


def test_labelling_an_html_page_needs_no_scikit_learn() -> None:
    page = "<html><body><h1>Storm</h1><p>The port shut on Monday, and stayed so.</p></body></html>"
    code = f'import stance\nprint(len(stance.label_article("{page}").parts))'
    assert not {"sklearn", "scipy", "matplotlib", "datasets"} & set(loaded_by(code, *HEAVY))
