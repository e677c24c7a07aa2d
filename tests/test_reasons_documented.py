"""Every word that `Cache-Status` can say stands in `docs/reasons.md`, in the words of `equicache why`."""

from __future__ import annotations

from pathlib import Path

import pytest

from proxy.cli.why import ADVICE, NOT_STORED
from proxy.core.guards import Guard
from proxy.core.reasons import BypassReason, DropReason, ExactOnlyReason, MissReason

DOCUMENT = (Path(__file__).parent.parent / "docs" / "reasons.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("reason", [*BypassReason, *ExactOnlyReason, *MissReason])
def test_the_reason_is_documented_as_why_explains_it(reason: str) -> None:
    assert f"| `{reason}` | {ADVICE[reason]}" in DOCUMENT


@pytest.mark.parametrize("reason", DropReason)
def test_why_an_answer_was_not_stored_is_documented_as_why_explains_it(reason: str) -> None:
    assert f"| `{reason}` | {NOT_STORED[reason]}" in DOCUMENT


@pytest.mark.parametrize("word", ["exact", "semantic", "masked", "shadow_hit", "shadow_miss"])
def test_every_other_detail_is_documented_too(word: str) -> None:
    assert f"`{word}`" in DOCUMENT


@pytest.mark.parametrize("guard", Guard)
def test_every_guard_is_documented(guard: str) -> None:
    words = DOCUMENT.partition("## Which guard")[2]

    assert f"`{guard}`" in words
