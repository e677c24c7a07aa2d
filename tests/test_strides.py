"""A long text is searched piece by piece, and what is found is the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core import strides
from proxy.core.secrets import find_secret
from proxy.core.strides import REACH, STRIDE, matches, occurs

WORD = re.compile(r"(?<![\w.])(?=(ab{1,9}|c)(?!\w))")


@given(st.text(alphabet="abc .", max_size=200))
def test_what_is_found_does_not_depend_on_the_stride(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strides, "STRIDE", 7)
        patch.setattr(strides, "REACH", 12)
        found = [(match.start(), match[1]) for match in matches(WORD, text)]

    assert [(match.start(), match[1]) for match in WORD.finditer(text)] == found


@pytest.mark.parametrize("before", [STRIDE - 30, STRIDE - 1, STRIDE, STRIDE + 1])
def test_a_secret_across_the_seam_is_found(before: int) -> None:
    assert "aws_key" == find_secret("." * before + " AKIA" + "A1B2" * 4 + " and so on" * 10_000)


def test_no_single_search_is_longer_than_a_stride_and_its_reach() -> None:
    """The interpreter is free in between: the event loop waits for one of these at most."""
    lengths = []

    class Watched:
        def finditer(self, _text: str, start: int, end: int) -> list[re.Match[str]]:
            lengths.append(end - start)
            return []

    assert not occurs(Watched(), "a" * 1_000_000)  # type: ignore[arg-type]
    assert STRIDE + REACH == max(lengths)
    assert sum(lengths) < 1.2 * 1_000_000
