"""The table beside other caches: what it says where one of them cannot run."""

from __future__ import annotations

import numpy as np
import pytest

from bench import decision_peers


def test_without_torch_nothing_is_fetched_and_the_row_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decision_peers, "find_spec", lambda _: None)
    monkeypatch.setattr(decision_peers.subprocess, "run", lambda *_, **__: pytest.fail("something was started"))
    vectors = np.zeros((1, 384), dtype=np.float32)

    with pytest.raises(OSError, match=r"it needs torch; .* pip install -e '\.\[train\]'"):
        decision_peers.smartmemo(vectors, vectors)
