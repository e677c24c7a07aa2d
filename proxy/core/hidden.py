"""Characters that people do not see and models do not get: no meaning is compared under them.

The embedder's vocabulary drops or merges them, so two texts that differ only in them look equal to every model.
"""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    "["
    "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"  # controls but tab and line ends
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width, direction marks and overrides
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"  # fillers, variation selectors, BOM, specials
    "\ue000-\uf8ff"  # private use
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff"  # tags, more selectors, private planes
    "]"
)
_ASCII_CONTROL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]")


def has_hidden(text: str) -> bool:
    """Whether the text holds control, zero-width, direction, tag, selector or private-use characters."""
    return (_ASCII_CONTROL if text.isascii() else _HIDDEN).search(text) is not None
