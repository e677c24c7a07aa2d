"""Two hundred sentences of our own with their float32 vectors: what tests compare the shipped int8 graph with."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from classifier_export.minilm import MiniLM

_ACTS = (
    "reset the alarm on the greenhouse controller",
    "renew a library card that ran out in March",
    "approve the travel request of order 4471",
    "decline the invitation to the design review",
    "move 250 euros from savings to the holiday budget",
    "convert 18 degrees Celsius to Fahrenheit",
    "install the printer driver on Ubuntu 24.04",
    "cancel a subscription before the trial ends",
    "sort a list of tuples by the second item in Python",
    "water a cactus in winter",
    "export the quarterly report as a spreadsheet",
    "replace the battery of a smoke detector",
    "book two seats by the window on the night train",
    "translate a rental contract from Dutch into English",
    "block calls from an unknown number",
    "clean a cast-iron pan without soap",
    "split a bill among five friends",
)
_WRAPS = (
    "How do I {}?",
    "What is the quickest way to {}?",
    "Please {} for me",
    "I forgot how to {}, can you help?",
    "Is it possible to {} without calling support?",
    "Explain in two sentences why someone would want to {}.",
    "Which steps does it take to {} when the first attempt failed with error 0x80070005?",
    "Do not {} until I say so.",
    "My colleague in the Lisbon office asked whether she may {} on behalf of the whole team, and whom to tell.",
    "{}",
)
_ODD = (
    "ok",
    "42",
    "???",
    "Why is the sky blue",
    "WHY IS THE SKY BLUE?!",
    "SELECT name FROM plants WHERE height_cm > 30 ORDER BY name;",
    "rm -r ./build && make -j2",
    "naïve café déjà vu",
    "Wie setze ich mein Passwort zurück?",
    "¿Dónde está la biblioteca?",
    "パスワードを忘れました",
    "Ich habe 3 Äpfel, 2 Birnen & 1 Pflaume; wie viel Obst ist das?",
    "x = [i**2 for i in range(10)]",
    "The 2nd of May, 14:30 UTC+2, room B-117, badge #0093",
    "antidisestablishmentarianism",
    "tell me tell me tell me tell me tell me tell me",
    "e.g. this, i.e. that, etc.",
    "one\ntwo\tthree   four",
    "1/2 cup of sugar = how many grams?",
    "https://example.org/a/b?c=d#e",
    "A fairly long question that wanders: given that the old pump in the cellar runs at 230 V and draws 4.5 A, that "
    "the fuse is rated for 16 A, and that the freezer and the washing machine share the same circuit, is it safe to "
    "let all three run at the same time on a summer afternoon, or should the washing wait until the evening?",
    "Who wrote the letter, the nurse or the teacher?",
    "Who taught the writer, the nurse or the letter?",
    "before",
    "after",
    "Turn the heating on",
    "Turn the heating off",
    "What rhymes with orange",
    "List three rivers in Peru, longest first",
    "List three rivers in Chad, shortest first",
)

SENTENCES = tuple(wrap.format(act) for act in _ACTS for wrap in _WRAPS) + _ODD


def write_reference(model: MiniLM, tokenizer: Tokenizer, path: Path) -> None:
    """Writes `texts` and `vectors` float16[200, 384] of the float32 model as .npz without pickles."""
    with torch.inference_mode():
        rows = [model(torch.tensor([tokenizer.encode(text).ids]))[0].numpy() for text in SENTENCES]
    buffer = io.BytesIO()
    np.savez_compressed(buffer, texts=np.array(SENTENCES), vectors=np.stack(rows).astype(np.float16))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
