"""A response of the Responses API, replayed as JSON and as typed events."""

from __future__ import annotations

from typing import Any, cast

import orjson
import pytest

from proxy.core import sse
from proxy.core.answers.adapter import Finished, Wanted
from proxy.core.answers.responses import ResponsesAnswers
from proxy.core.entry import Form, Record
from proxy.core.hit_id import TOKEN_CHARACTERS
from proxy.core.reasons import DropReason

ANSWERS = ResponsesAnswers()


def response(**changes: object) -> dict[str, object]:
    text = {
        "type": "output_text",
        "text": 'Say "msg_abcdefgh12" and "id": "resp_abcdefgh12".',
        "annotations": [],
        "logprobs": [],
    }
    item = {"id": "msg_0123456789", "type": "message", "status": "completed", "role": "assistant", "content": [text]}
    whole = {"id": "resp_0123456789", "object": "response", "created_at": 11, "status": "completed", "error": None}
    whole |= {"incomplete_details": None, "model": "m", "output": [item], "store": False}
    return whole | {"usage": {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}} | changes


def record_of(form: Form, body: bytes) -> Record:
    finished = ANSWERS.read(form, body)
    assert isinstance(finished, Finished), finished
    content_type = "application/json" if form is Form.JSON else "text/event-stream"
    return Record("responses", form, body, finished.completion, finished.has_usage, content_type)


def replayed(record: Record, form: Form, *, is_semantic: bool = False) -> bytes:
    template = ANSWERS.template(record, Wanted(form), is_semantic=is_semantic)
    assert template is not None
    return template.render(token="fresh", created=99)


def whole_of(rendered: bytes, form: Form) -> dict[str, Any]:
    """The whole response, as JSON or as the stream's last event carries it."""
    whole = orjson.loads(rendered if form is Form.JSON else sse.parse(rendered)[-1].data)
    return cast(dict[str, Any], whole if form is Form.JSON else whole["response"])


def test_a_response_that_nobody_keeps_gets_fresh_ids_and_keeps_its_text() -> None:
    answer = orjson.loads(replayed(record_of(Form.JSON, orjson.dumps(response())), Form.JSON))

    assert ("resp_fresh", 99, "msg_fresh-0") == (answer["id"], answer["created_at"], answer["output"][0]["id"])
    assert response()["output"][0]["content"] == answer["output"][0]["content"]  # type: ignore[index]


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("own", ["gen-17642-Fu1i", "8f6c3b0e-2b1c-4f0d-9f7a-5d2c", "resp_bGl0ZWxsbTo=="])
def test_ids_are_fresh_however_a_provider_spells_them(own: str, form: Form) -> None:
    item = {**response()["output"][0], "id": f"item/{own}"}  # type: ignore[index]
    thought = {"type": "reasoning", "id": f"thought/{own}", "summary": []}
    answer = response(id=own, output=[thought, item], metadata={"id": "mine"})
    rendered = replayed(record_of(Form.JSON, orjson.dumps(answer)), form)
    whole = orjson.loads(rendered if form is Form.JSON else sse.parse(rendered)[-1].data)
    said = whole if form is Form.JSON else whole["response"]

    assert own.encode() not in rendered
    assert ["resp_fresh", "rs_fresh-0", "msg_fresh-1"] == [said["id"], *(each["id"] for each in said["output"])]
    assert {"id": "mine"} == said["metadata"]


MOST_CHARACTERS = 64
"""Of an item's id in `input`: OpenAI refuses longer ones, and conversations that nobody keeps hand items back."""


@pytest.mark.parametrize("form", Form)
def test_the_fresh_ids_of_items_may_be_handed_back_in_the_next_turn(form: Form) -> None:
    item = response()["output"][0]  # type: ignore[index]
    answer = response(output=[{**item, "id": f"msg_{place:010}"} for place in range(12)])
    template = ANSWERS.template(record_of(Form.JSON, orjson.dumps(answer)), Wanted(form), is_semantic=False)
    assert template is not None
    rendered = [template.render(token=f"{hit}" + "x" * (TOKEN_CHARACTERS - 1), created=99) for hit in "ab"]
    told = [{said["id"] for said in whole_of(body, form)["output"]} for body in rendered]

    assert [12, 12] == [len(ids) for ids in told]
    assert not told[0] & told[1]
    assert MOST_CHARACTERS >= max(len(each) for ids in told for each in ids)
    assert whole_of(rendered[0], form)["id"] == "resp_a" + "x" * (TOKEN_CHARACTERS - 1)


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("born", Form)
def test_a_thought_that_is_sealed_together_with_its_id_keeps_it(born: Form, form: Form) -> None:
    sealed = {"type": "reasoning", "id": "rs_sealed", "summary": [], "encrypted_content": "gAAA"}
    open_one = {"type": "reasoning", "id": "rs_open", "summary": [], "encrypted_content": None}
    answer = response(output=[sealed, open_one, response()["output"][0]])  # type: ignore[index]
    record = record_of(Form.JSON, orjson.dumps(answer))
    if born is Form.EVENTS:
        record = record_of(born, replayed(record, born))
    rendered = replayed(record, form)

    assert ["rs_sealed", "rs_fresh-0", "msg_fresh-1"] == [item["id"] for item in whole_of(rendered, form)["output"]]
    assert (b"rs_open" in rendered, b"msg_0123456789" in rendered) == (False, False)


def test_a_response_that_the_provider_keeps_is_replayed_byte_for_byte() -> None:
    body = orjson.dumps(response(store=True))

    assert body == replayed(record_of(Form.JSON, body), Form.JSON)


ECHOES = {"store": False, "id": "msg_customer_42", "item_id": "resp_x", "created_at": 5, "completed_at": 6.5}


def test_a_response_that_the_provider_keeps_is_known_by_its_own_word_not_by_an_echo() -> None:
    tool = {"type": "function", "name": "save", "parameters": {"properties": {"opt": {"default": ECHOES}}}}
    body = orjson.dumps(response(store=True, tools=[tool]))
    stream = replayed(record_of(Form.JSON, orjson.dumps(response())), Form.EVENTS)
    stream = stream.replace(b'"store":false', b'"store":true,"metadata":{"store":false}')

    assert body == replayed(record_of(Form.JSON, body), Form.JSON)
    assert stream == replayed(record_of(Form.EVENTS, stream), Form.EVENTS)


@pytest.mark.parametrize("form", Form)
def test_what_a_request_said_is_echoed_unchanged_beside_fresh_ids(form: Form) -> None:
    tool = {"type": "function", "name": "save", "parameters": {"properties": {"opt": {"default": ECHOES}}}}
    answer = response(metadata=ECHOES, tools=[tool])
    rendered = replayed(record_of(Form.JSON, orjson.dumps(answer)), form)
    whole = orjson.loads(rendered if form is Form.JSON else sse.parse(rendered)[-1].data)
    echo = whole if form is Form.JSON else whole["response"]

    assert (answer["metadata"], answer["tools"]) == (echo["metadata"], echo["tools"])
    assert ("resp_fresh", 99, "msg_fresh-0") == (echo["id"], echo["created_at"], echo["output"][0]["id"])


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("born", Form)
def test_what_azures_filter_said_of_another_prompt_is_dropped_on_a_semantic_hit_only(born: Form, form: Form) -> None:
    judged: dict[str, object] = {"content_filters": [{"source_type": "prompt", "blocked": False}]}
    record = record_of(Form.JSON, orjson.dumps(response(metadata=judged, **judged)))
    if born is Form.EVENTS:
        record = record_of(born, replayed(record, born))
    exact, semantic = replayed(record, form), replayed(record, form, is_semantic=True)
    whole = orjson.loads(semantic if form is Form.JSON else sse.parse(semantic)[-1].data)
    whole = whole if form is Form.JSON else whole["response"]

    assert exact.count(b"source_type") == 2 * semantic.count(b"source_type") > 0  # an echo of the request stays
    assert ([], judged, "resp_fresh") == (whole["content_filters"], whole["metadata"], whole["id"])


def test_json_becomes_typed_events_with_contiguous_numbers_and_back() -> None:
    record = record_of(Form.JSON, orjson.dumps(response()))
    stream = replayed(record, Form.EVENTS)
    events = [orjson.loads(event.data) for event in sse.parse(stream)]
    back = orjson.loads(replayed(record_of(Form.EVENTS, stream), Form.JSON))

    assert list(range(len(events))) == [event["sequence_number"] for event in events]
    assert [event["type"] for event in events] == [event.event.decode() for event in sse.parse(stream)]
    assert ["response.created", "response.completed"] == [events[0]["type"], events[-1]["type"]]
    delta = "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")
    assert response()["output"][0]["content"][0]["text"] == delta  # type: ignore[index]
    item_ids = {event["item_id"] for event in events if "item_id" in event}
    assert {"msg_fresh-0"} == item_ids == {events[-1]["response"]["output"][0]["id"]}
    assert response()["usage"] == back["usage"]


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        (DropReason.TOOL_CALLS, {"output": [{"type": "function_call", "name": "f"}]}),
        (DropReason.TOOL_CALLS, {"output": [{"type": "web_search_call"}]}),
        (DropReason.FINISH_REASON, {"status": "incomplete"}),
        (DropReason.FINISH_REASON, {"status": "in_progress"}),
        (DropReason.ERROR_BODY, {"error": {"message": "x"}}),
        (DropReason.EMPTY, {"output": []}),
        (DropReason.FINISH_REASON, {"output": [{**response()["output"][0], "status": "incomplete"}]}),  # type: ignore[index]
        (DropReason.REFUSAL, {"output": [{"type": "message", "content": [{"type": "refusal", "refusal": "no"}]}]}),
    ],
)
def test_what_is_not_a_whole_plain_response_is_dropped(reason: DropReason, changes: dict[str, object]) -> None:
    assert reason == ANSWERS.read(Form.JSON, orjson.dumps(response(**changes)))


def test_a_broken_sequence_or_a_missing_end_is_incomplete() -> None:
    stream = replayed(record_of(Form.JSON, orjson.dumps(response())), Form.EVENTS)
    events = stream.split(b"\n\n")[:-1]
    without_one = b"\n\n".join(events[:2] + events[3:]) + b"\n\n"
    without_end = b"\n\n".join(events[:-1]) + b"\n\n"

    assert [DropReason.INCOMPLETE] * 2 == [ANSWERS.read(Form.EVENTS, body) for body in (without_one, without_end)]


@pytest.mark.parametrize("is_counted", [False, True])
def test_a_heartbeat_between_events_counted_or_not_breaks_no_sequence(is_counted: bool) -> None:
    stream = replayed(record_of(Form.JSON, orjson.dumps(response())), Form.EVENTS)
    events = [orjson.loads(event.data) for event in sse.parse(stream)]
    events.insert(2, {"type": "keepalive", "sequence_number": 2})
    if is_counted:
        events = [event | {"sequence_number": number} for number, event in enumerate(events)]
    beating = b"".join(sse.frame(orjson.dumps(event), str(event["type"])) for event in events)
    without_one = beating.replace(sse.frame(orjson.dumps(events[4]), str(events[4]["type"])), b"")

    assert isinstance(ANSWERS.read(Form.EVENTS, beating), Finished)
    assert DropReason.INCOMPLETE == ANSWERS.read(Form.EVENTS, without_one)


@pytest.mark.parametrize("number", ["0", 0.5, None, [0]])
def test_a_sequence_that_is_not_counted_in_whole_numbers_is_incomplete(number: object) -> None:
    stream = replayed(record_of(Form.JSON, orjson.dumps(response())), Form.EVENTS)
    odd = stream.replace(b'"sequence_number":0', b'"sequence_number":' + orjson.dumps(number))

    assert DropReason.INCOMPLETE == ANSWERS.read(Form.EVENTS, odd)


def test_an_event_whose_data_goes_over_several_lines_is_not_stored() -> None:
    stream = replayed(record_of(Form.JSON, orjson.dumps(response())), Form.EVENTS)

    spread = stream.replace(b'"item_id":', b'"item_id":\ndata: ', 1)

    assert DropReason.UNPARSEABLE == ANSWERS.read(Form.EVENTS, spread)


def test_what_stands_in_a_comment_beside_the_events_is_no_fault() -> None:
    stream = replayed(record_of(Form.JSON, orjson.dumps(response(id="gen-1"))), Form.EVENTS)
    commented = b': "id":"\x01\xff"\n\n' + stream

    assert commented == replayed(record_of(Form.EVENTS, commented), Form.EVENTS)


def test_an_id_that_is_no_text_is_left_as_it_is() -> None:
    body = orjson.dumps(response(id=["odd"]))

    assert ["odd"] == orjson.loads(replayed(record_of(Form.JSON, body), Form.JSON))["id"]


@pytest.mark.parametrize(
    "said",
    [
        {"summary": [{"type": "summary_text", "text": "Hm."}]},
        {"summary": [], "content": [{"type": "reasoning_text", "text": "Hm."}]},
        {"type": "message", "content": [{"type": "output_text", "text": "Yes.", "logprobs": [{"token": "Yes."}]}]},
    ],
)
def test_no_events_are_made_of_what_is_said_in_deltas_that_are_not_known_here(said: dict[str, object]) -> None:
    record = record_of(
        Form.JSON, orjson.dumps(response(output=[{"id": "rs_1", "type": "reasoning"} | said, *_items()]))
    )

    assert ANSWERS.template(record, Wanted(Form.EVENTS), is_semantic=False) is None
    assert ANSWERS.template(record, Wanted(Form.JSON), is_semantic=False) is not None


def _items() -> list[object]:
    return cast(list[object], response()["output"])
