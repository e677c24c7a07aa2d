"""Training pairs that readers judged: neighbours among the supplied texts, as a search brings them back (R27).

Labels of request corpora say another thing than "the answer may be reused": an intent covers every city, a cluster of
duplicates is incomplete. Readers (language models, blind to corpus, class and scorer, one reading each) were asked just
that of pairs about which a scorer was least sure. The file holds digests of the texts, never the texts; whoever has the
supplied texts gets the pairs back.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from classifier_export.pairs import Pair, normalised

FILE = Path(__file__).parent / "suite" / "training_verdicts.tsv.gz"
PREFIX = "read"
"""What the sources of these pairs begin with: `read:banking`."""


def reading_digest(text: str) -> str:
    """Of one normalised text: 12 hexadecimal digits."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()[:12]


def readings(texts: Iterable[str], path: Path = FILE) -> list[Pair]:
    """The judged pairs whose two texts are both among `texts`.

    Lines `digest<TAB>digest<TAB>1|0<TAB>corpus`; raises ValueError with file and line for anything else.
    """
    known: Mapping[str, str] = {reading_digest(text): text for text in texts}
    found: list[Pair] = []
    with gzip.open(path, "rt", encoding="ascii", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t"), start=1):
            if len(row) != 4 or len(row[0]) != 12 or len(row[1]) != 12 or row[2] not in ("0", "1"):
                raise ValueError(f"{path}:{number}: expected two digests of 12 digits, 1 or 0, and a corpus")
            first, second, label, corpus = row
            if first in known and second in known:
                found.append(Pair(known[first], known[second], int(label), f"{PREFIX}:{corpus}"))
    return found
