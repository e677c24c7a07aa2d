"""`python -m classifier_export groups`: is a file of written groups in order, and what does it hold?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from classifier_export.generate.pairs import normal
from classifier_export.generate.written import read_groups


def main(files: Annotated[list[Path], typer.Argument(help="Files of groups, packed or not.")]) -> None:
    """Counts groups, pairs and families. Raises ValueError with file and line for what is no group."""
    count = {"groups": 0, "label 1": 0, "label 0": 0, "repeated texts": 0}
    families: Counter[str] = Counter()
    group_of: dict[str, str] = {}
    for group in (group for path in files for group in read_groups(path)):
        sizes = [len(wordings) for wordings in group.meanings]
        count["groups"] += 1
        count["label 1"] += sum(n * (n - 1) // 2 for n in sizes)
        count["label 0"] += (sum(sizes) ** 2 - sum(n * n for n in sizes)) // 2
        families[group.family] += 1
        for text in (text for wordings in group.meanings for text in wordings):
            count["repeated texts"] += group_of.setdefault(normal(text), group.name) != group.name
    print(", ".join(f"{number} {what}" for what, number in count.items()))
    print(", ".join(f"{family} {number}" for family, number in families.most_common()))
