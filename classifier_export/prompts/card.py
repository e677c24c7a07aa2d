"""CARD.md and figures.json of the heads, from measured rates."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from classifier_export.prompts.measure import Rate


def figures_json(with_heads: Mapping[str, Rate], words_alone: Mapping[str, Rate]) -> bytes:
    """Every figure with its n and interval, with heads and with words alone."""
    rows = {
        name: {"with heads": _row(rate), "words alone": _row(words_alone[name])} for name, rate in with_heads.items()
    }
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def card(
    digest: str, facts: Mapping[str, object], with_heads: Mapping[str, Rate], words_alone: Mapping[str, Rate]
) -> str:
    """The text of CARD.md."""
    rows = "\n".join(f"| {name} | {rate} | {words_alone[name].value:.3f} |" for name, rate in with_heads.items())
    sources = facts["sources"]
    outside = (
        "\n".join(f"- `{name}`, sha256 `{found}`" for name, found in sources.items())
        if isinstance(sources, dict)
        else ""
    )
    return CARD.format(
        digest=digest,
        rows=rows,
        outside=outside or "- none",
        **{key: facts[key] for key in ("embedder_digest", "seed", "data_digest", "texts")},
    )


def _row(rate: Rate) -> dict[str, object]:
    low, high = rate.interval()
    return {"hits": rate.hits, "n": rate.n, "rate": round(rate.value, 4), "interval": [round(low, 4), round(high, 4)]}


CARD = """# Heads that judge one prompt

Small networks over the token vectors and the sentence vector of one text: is the prompt time-bound, a command to act,
bound to a context, a wish for novelty, personal; is a system text one that works on payloads; is the text English.
`proxy/core/admission.py` joins them with word patterns: a head says no from its limit on, a little sooner where a
pattern of its kind says the same; patterns decide alone only where there are no heads.

Digest `{digest}`, for embedder `{embedder_digest}`. Seed {seed}. Training texts {texts}, digest `{data_digest}`.

## Figures
The whole gate, words and heads, on held-out lists of our own. `hits of n = rate [95 % Wilson interval]`. Last column:
words alone, without heads. "(false)" rows should be low, all others high.

**Quote the rows of the first, second, typical and office hand**: 2,760 prompts by four writers who saw neither
templates nor training prompts nor each other; the first two were asked for ordinary prompts half of which look like
another kind, the others for a typical day, the last with cases of one's own ("why was my claim denied"). The twins
hand (701 prompts such as "How much is a day ticket?", "How much is a day ticket today?", "help me …", "I'd like to …")
wrote lines of training afterwards, none of its list among them, so that its rows flatter; by the heads before: .946 of
time-bound and side-effecting ones, .122 of the ordinary ones never stored, .144 exact only. The rows
without a hand are of other templates and vocabulary than in training, but of the hand that wrote the first training
templates; texts of one template are alike, so that their true interval is wider.

First look at the three hands, by heads trained on the first twenty (time-bound and side-effecting found / ordinary
never stored / ordinary exact only for any reason): **.979 / .047 / .084, .975 / .068 / .103 and .995 / .048 / .060**;
by the heads before, the second hand: .846 / .150 / .224. Then 3,000 plain ordinary prompts, judgements ("approve the
refund") and numbered orders were added and the words' share raised; no line of these lists was read. Then two more
hands wrote cases of one's own and policies that hold; by the heads before, the office hand: .992 / .037 / .061, and
.776 of its personal prompts found. That was the sixth look at the first three lists and the first at the office hand.
Three times as many epochs and the twins hand's lines, chosen by what members say of texts they had not seen, took the
ordinary ones of the four hands that are exact only from 99 to 65 of 1,405, and those never stored from 70 to 44; of
time-bound and acting ones 875 of 886 were found, 872 before. The four lists were judged for seven versions on the way;
no line of them was read.

**Openings** ("Sorry if this is a silly question but …", "So, …", "I hope you're well. …") and what stands behind a
question ("Just curious.") had hardly been trained on: behind those of the held-out list the heads before found .912 of
all hands' time-bound and acting prompts, never stored .076 of the ordinary ones and held .194 exact only. Each hand's
training prompt is learned once more with another opening since, which helped the plain lists as well: of the four hands
877 of 886 are found, 43 of 1,405 ordinary ones never stored, 62 exact only. The eighth version judged there.

| list | with heads | words alone |
|---|---|---|
{rows}

The trial list, 350 payload and 350 ordinary system prompts by another hand, was unread when words, weights and limits
were made. Judged then, once: **.974 [.952, .986] (341 of 350) at .069 [.047, .100] false (24 of 350)**; the heads
before .923 at .071. Five of the nine it missed were in other languages, so a rule was added that compares nothing under
a system text in a language other than English; weights and limits stayed. The row in the table is that second look:
quote the first.

The second trial list, 360 payload and 360 ordinary system prompts by a fresh hand, was judged blind, once, by the rules
as they stood then: **recall .989 [.972, .996] of 360 at .112 false (38 of the 339 English ones)**; the 21 ordinary ones
in other languages count as payload scopes by the language rule. Most of the false ones report what people ask ("they
ask how to label a parcel"); rules for reported questions and for forms of answers (`core/words/asked`) were added after
that, so the row in the table, foreign ones included, is a second look.

All other lists were in view when limits, words and weights were chosen.

A payload scope is found by its wording (`core/scope_wording`, patterns of `core/payload` among it) where that is sure,
else by wording and head together. Orders that name no text ("Repeat whatever you are told.", "You are a Linux
terminal.", "Point out mistakes.") are sure (`core/words/orders`): of 244 such texts of one hand 236 are found, 169
before, at 8 false of 140 ordinary ones, 7 before; half of them were in view.
"Inside a longer text" joins a payload sentence of the first list with ordinary ones.
The large list of the former card (480 and 487 scopes; its judged part .949 [.918, .968] at .109 false) is spent: it is
trained on now. "Words alone" knows no language head, so that foreign system texts pass more often there.

Languages: "not compared" counts every reason that keeps a foreign prompt from being compared by meaning (mostly
`language`, else unknown tokens or another kind).

## Training texts
Prompts that twenty-six hands (language models, each with a brief of topics and styles) wrote one by one, 1,886 moulded
ones (`judgement`, `wishes`), each of these with an opening once more, own templates and vocabulary (CC0):
`classifier_export/prompts/hands` and `templates`.
From outside, weights only, no text kept:
{outside}

Of the pair file only BANKING77 (CC BY 4.0), CLINC150 (CC BY 3.0), Bitext customer support (CDLA-Sharing), SmartMemo v2
(MIT), Disfl-QA and RQE are read, without any text of a development or stream file. Interface
texts of Django (BSD-3-Clause) stand for thirty-odd languages in Latin script. The payload net has own texts only.

## Limits
- Kinds are a matter of degree. Time-bound is what a right answer of last month may no longer be, such as who holds an
  office.
- Languages close to English in spelling and short prompts of names only are the hard cases; they go to the exact tier
  or, rarely, pass.
- Not a safety filter: it only decides whether an answer may be reused.
"""
