"""What readers said of pairs that a cache served on the request streams: the noise of the streams' labels (R27, R28).

A stream calls a hit right when both requests have one class. Classes are coarse (two cities, one intent) and incomplete
(two wordings, two classes). Readers judged served pairs blind to class and judge: may the stored answer of one be sent
to the other? The file holds digests of the texts, never the texts.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier_export.pairs import normalised
from classifier_export.streams import Stream

FILE = Path(__file__).parent / "suite" / "stream_verdicts.tsv"
UNSURE = 0.5

Verdicts = Mapping[str, float]
"""pair digest → how wrong the hit is: 0 right, 1 wrong, UNSURE where a reader could not tell."""


def pair_digest(a: str, b: str) -> str:
    """Of the normalised texts, in either order: 16 hexadecimal digits."""
    return hashlib.sha256("\0".join(sorted((normalised(a), normalised(b)))).encode()).hexdigest()[:16]


def read_verdicts(path: Path = FILE) -> dict[str, float]:
    """Lines `digest<TAB>1|0|u`; 1: the answer may be served. Raises ValueError with file and line for anything else."""
    wrong = {"1": 0.0, "0": 1.0, "u": UNSURE}
    found: dict[str, float] = {}
    with path.open(encoding="ascii", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
            if len(row) != 2 or len(row[0]) != 16 or row[1] not in wrong:
                raise ValueError(f"{path}:{number}: expected a digest of 16 digits, a tab, and 1, 0 or u")
            found[row[0]] = wrong[row[1]]
    return found


def wrongness(stream: Stream, verdicts: Verdicts) -> NDArray[np.float32]:
    """float32[n, KEEP], how wrong serving each candidate is: as judged, and for a pair that nobody judged, the mean of
    the judged pairs of this stream whose classes agree (or disagree) as its own do.

    A stream none of whose pairs was judged keeps its labels.
    """
    wrong = stream.wrong.copy()
    judged = np.full(wrong.shape, np.nan, dtype=np.float32)
    for i, row in enumerate(stream.earlier):
        for place, j in enumerate(row):
            if j >= 0:
                judged[i, place] = verdicts.get(pair_digest(stream.prompts[i], stream.prompts[j]), np.nan)
    known = ~np.isnan(judged)
    for label in (0.0, 1.0):
        alike = stream.wrong == label
        if (known & alike).any():
            wrong[alike] = judged[known & alike].mean()
    wrong[known] = judged[known]
    return wrong
