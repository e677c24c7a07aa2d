"""`python -m classifier_export VERB …`: a thin switchboard. Each verb is a module with a `main` function.

A verb's module is imported only when it is called, so that `embedder` needs no scikit-learn and `--help` no torch.
"""

from __future__ import annotations

import importlib
import sys

from proxy.errors import ProxyError

VERBS = {
    "embedder": "MiniLM from its wheel to the int8 graph in proxy/models/minilm-l6-v2",
    "generate": "contrast pairs of our own, from templates and vocabularies",
    "groups": "whether a file of written groups is in order, and what it holds",
    "mining": "near neighbours of the supplied texts as training pairs",
    "train": "the pair scorer",
    "reopen": "the scorer that ships, as a run folder to begin with",
    "blend": "one run out of several, and more of the cosine",
    "evaluate": "tables by family beside cosine, and the card",
    "calibrate": "temperature and thresholds of a trained scorer",
    "export": "a trained scorer to ONNX with its manifest",
    "gate": "may a new scorer replace the shipped one?",
    "heads": "the small heads that judge one prompt",
}
"""Verb → what it does. `python -m classifier_export VERB` runs `classifier_export.VERB.main()` with typer."""


def main() -> int:
    """Runs one verb; 2 when there is no such verb, 1 with a line of its own for what the verb refuses."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if wanted not in VERBS:
        lines = [f"  {verb:<10} {meaning}" for verb, meaning in VERBS.items()]
        print("\n".join(["usage: python -m classifier_export VERB [OPTIONS]", "", *lines]))
        return 0 if wanted in ("--help", "-h") else 2

    import typer

    module = importlib.import_module(f"classifier_export.{wanted}")
    app = typer.Typer(add_completion=False)
    app.command()(module.main)
    try:
        app(sys.argv[2:], prog_name=f"python -m classifier_export {wanted}")
    except (ValueError, OSError, ProxyError) as error:
        print(f"{wanted}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
