"""An entry as bytes, for every store: a small JSON head, raw blobs, and a checksum over all of it.

Never guesses: bytes that are cut, foreign or damaged are refused, so a store can delete them. Vectors
are kept as float16 (768 bytes instead of 1,536; cosine moves by less than 1e-3), token vectors as int8.

    magic 4 | version u16 | flags u16 | id 16 | head length u32 | head | blob … | blake2b-128 of everything before
"""

from __future__ import annotations

import hashlib
import struct
from typing import Any

import numpy as np
import orjson

from proxy.core.embedding import Embedding
from proxy.core.entry import ID_BYTES, Entry, Form, Record
from proxy.errors import BackendError

MAGIC = b"EqC\x01"
SCHEMA_VERSION = 1
_FIXED = struct.Struct("<4sHH16sI")
_CHECKSUM_BYTES = 16
_FIELD_DIGEST_BYTES = 8
_USAGE_UNASKED = 1
"""A flag: releases that do not know it read the record all the same."""


def encode(entry: Entry) -> bytes:
    """The bytes of an entry. Raises BackendError for one that cannot be written (bad id, a model with surrogates)."""
    try:
        return _encoded(entry)
    except (TypeError, ValueError) as error:
        raise BackendError(f"an entry that cannot be stored: {error}") from error


def _encoded(entry: Entry) -> bytes:
    if len(entry.id) != ID_BYTES:
        raise ValueError("an entry id has 16 bytes")
    blobs = _blobs(entry)
    head = orjson.dumps(_head(entry, [-1 if blob is None else len(blob) for blob in blobs]))
    flags = _USAGE_UNASKED if entry.record.is_usage_unasked else 0
    fixed = _FIXED.pack(MAGIC, SCHEMA_VERSION, flags, entry.id, len(head))
    value = b"".join((fixed, head, *(blob for blob in blobs if blob)))
    return value + _checksum(value)


def decode(entry_id: bytes, value: bytes, *, is_to_compare: bool = True) -> Entry | None:
    """The entry, or None for a whole record of another release (leave it alone: two releases may share one store).

    is_to_compare: False for one that is served as it is, and needs no embedding. Raises ValueError for what is cut,
    foreign, damaged or another entry's.
    """
    if len(value) < _FIXED.size + _CHECKSUM_BYTES:
        raise ValueError("a record that is cut")
    magic, version, flags, own_id, head_length = _FIXED.unpack_from(value)
    if magic != MAGIC:
        raise ValueError("not a record of ours")
    body = memoryview(value)[:-_CHECKSUM_BYTES]
    if _checksum(body) != value[-_CHECKSUM_BYTES:]:
        raise ValueError("a record whose checksum is wrong")
    if version != SCHEMA_VERSION:
        return None
    if own_id != entry_id:
        raise ValueError("the record of another entry")
    try:
        head = orjson.loads(body[_FIXED.size : _FIXED.size + head_length])
        blobs = _cut(value, _FIXED.size + head_length, head["blobs"])
        return _entry(entry_id, flags, head, blobs, is_to_compare=is_to_compare)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ValueError(f"a record that does not fit its own head: {error}") from error


def _checksum(value: bytes | memoryview) -> bytes:
    return hashlib.blake2b(value, digest_size=_CHECKSUM_BYTES).digest()


def _head(entry: Entry, lengths: list[int]) -> dict[str, Any]:
    record, embedding = entry.record, entry.embedding
    cors = {"cors": list(record.cors)} if record.cors else {}  # releases that do not know it pass it over
    return cors | {
        "blobs": lengths,
        "fields": list(entry.scope_fields),
        "route": entry.route,
        "domain": entry.domain,
        "generation": entry.generation,
        "model": entry.model,
        "embedder": entry.embedder_digest,
        "plan": entry.plan_version,
        "created": entry.created_at,
        "expires": entry.expires_at,
        "tags": list(entry.tags),
        "response_id": entry.upstream_response_id,
        "record": [record.endpoint, record.form, record.has_usage, record.content_type, record.openai_version],
        "tokens": None if embedding is None else list(embedding.token_vectors.shape),
    }


def _blobs(entry: Entry) -> list[bytes | None]:
    embedding = entry.embedding
    return [
        entry.exact_key,
        entry.scope,
        entry.tenant,
        entry.prompt_digest,
        None if entry.prompt is None else entry.prompt.encode("utf-8", "surrogatepass"),
        _field_digests(entry),
        entry.record.body,
        entry.record.completion,
        None if embedding is None else embedding.vector.astype("<f2").tobytes(),
        None if embedding is None else embedding.token_ids.astype("<u2").tobytes(),
        None if embedding is None else embedding.token_vectors.astype(np.int8).tobytes(),
    ]


def _field_digests(entry: Entry) -> bytes:
    if any(len(digest) != _FIELD_DIGEST_BYTES for digest in entry.scope_fields.values()):
        raise ValueError("a scope field digest has 8 bytes")
    return b"".join(entry.scope_fields.values())


def _cut(value: bytes, start: int, lengths: list[int]) -> list[bytes | None]:
    blobs: list[bytes | None] = []
    for length in lengths:
        if length < 0:
            blobs.append(None)
            continue
        blobs.append(value[start : start + length])
        start += length
    if start != len(value) - _CHECKSUM_BYTES:
        raise ValueError("lengths that do not add up")
    return blobs


def _entry(
    entry_id: bytes, flags: int, head: dict[str, Any], blobs: list[bytes | None], *, is_to_compare: bool
) -> Entry:
    exact_key, scope, tenant, prompt_digest, prompt, digests, body, completion, *vectors = blobs
    if exact_key is None or scope is None or tenant is None or prompt_digest is None or digests is None:
        raise ValueError("a key that is missing")
    names = head["fields"]
    places = range(0, len(digests), _FIELD_DIGEST_BYTES)
    if len(digests) != len(names) * _FIELD_DIGEST_BYTES or body is None:
        raise ValueError("a part that is missing")
    endpoint, form, has_usage, content_type, openai_version = head["record"]
    is_usage_unasked = bool(flags & _USAGE_UNASKED)
    return Entry(
        id=entry_id,
        exact_key=exact_key,
        scope=scope,
        scope_fields={name: digests[i : i + _FIELD_DIGEST_BYTES] for i, name in zip(places, names, strict=True)},
        tenant=tenant,
        route=head["route"],
        domain=head["domain"],
        generation=head["generation"],
        model=head["model"],
        prompt=None if prompt is None else prompt.decode("utf-8", "surrogatepass"),
        prompt_digest=prompt_digest,
        embedding=_embedding(vectors, head["tokens"]) if is_to_compare else None,
        embedder_digest=head["embedder"],
        plan_version=head["plan"],
        record=Record(
            endpoint,
            Form(form),
            body,
            completion,
            has_usage,
            content_type,
            openai_version,
            is_usage_unasked,
            tuple((name, value) for name, value in head.get("cors", ())),
        ),
        created_at=head["created"],
        expires_at=head["expires"],
        tags=tuple(head["tags"]),
        upstream_response_id=head["response_id"],
    )


def _embedding(blobs: list[bytes | None], shape: list[int] | None) -> Embedding | None:
    vector, token_ids, token_vectors = blobs
    if shape is None or vector is None or token_ids is None or token_vectors is None:
        return None
    return Embedding(
        vector=np.frombuffer(vector, dtype="<f2").astype(np.float32),
        token_ids=np.frombuffer(token_ids, dtype="<u2").astype(np.uint16),
        token_vectors=np.frombuffer(token_vectors, dtype=np.int8).reshape(shape),
    )
