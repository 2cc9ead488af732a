"""Libraries of an extra that is not installed."""

from __future__ import annotations

import pytest

from stance.extras import ExtraMissingError, imported


def test_what_is_there_is_imported() -> None:
    assert imported("json", extra="none").dumps(1) == "1"


def test_what_is_missing_names_the_extra() -> None:
    message = r"expected nosuchmodule to be installed: pip install 'stance-lab\[spacy\]'"
    with pytest.raises(ExtraMissingError, match=message):
        imported("nosuchmodule", extra="spacy")
