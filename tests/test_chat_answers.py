"""One record answers JSON and event streams alike."""

from __future__ import annotations

from time import process_time

import orjson
import pytest

from proxy.core import sse
from proxy.core.answers.adapter import Finished, Wanted
from proxy.core.answers.chat import ChatAnswers, pieces_of
from proxy.core.answers.completions import CompletionsAnswers
from proxy.core.entry import Form, Record
from proxy.core.reasons import DropReason

CHAT = ChatAnswers()
JSON, EVENTS = Wanted(Form.JSON), Wanted(Form.EVENTS)
USAGE = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}


def completion(**changes: object) -> dict[str, object]:
    """A whole completion; `message` and `choice` update their objects, the rest the top level."""
    message = {"role": "assistant", "content": "Hello there", "refusal": None} | dict(changes.pop("message", {}))
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"} | dict(
        changes.pop("choice", {})
    )
    answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 11, "model": "m", "choices": [choice]}
    return answer | {"usage": USAGE, "system_fingerprint": "fp"} | changes


def chunk(delta: dict[str, object] | None, finish: str | None = None, **changes: object) -> dict[str, object]:
    """One chunk; `choice` updates its choice, the rest the top level. None: no choices."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish} | dict(changes.pop("choice", {}))
    choices = [] if delta is None else [choice]
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 11, "model": "m"}
    return head | {"choices": choices} | changes


def stream(*chunks: dict[str, object]) -> bytes:
    return b"".join(sse.frame(orjson.dumps(each)) for each in chunks) + sse.DONE_EVENT


PLAIN_STREAM = stream(chunk({"role": "assistant", "content": ""}), chunk({"content": "Hello there"}), chunk({}, "stop"))
USAGE_STREAM = stream(
    chunk({"role": "assistant", "content": ""}, usage=None),
    chunk({"content": "Hello there"}, usage=None),
    chunk({}, "stop", usage=None),
    chunk(None, usage=USAGE),
)


def record_of(form: Form, body: bytes) -> Record:
    finished = CHAT.read(form, body)
    assert isinstance(finished, Finished)
    content_type = "application/json" if form is Form.JSON else "text/event-stream; charset=utf-8"
    return Record("chat", form, body, finished.completion, finished.has_usage, content_type)


def replayed(record: Record, wanted: Wanted, *, is_semantic: bool = False) -> bytes | None:
    template = CHAT.template(record, wanted, is_semantic=is_semantic)
    return template and template.render(token="new", created=99)


def test_json_replay_changes_id_and_created_and_nothing_else() -> None:
    body = (
        b'{ "created" : 11,"id":"chatcmpl-1", "x_number": 1.50e3 , "object":"chat.completion","model":"m",\n'
        + orjson.dumps(completion())[1:].replace(b'"id":"chatcmpl-1",', b"").replace(b'"created":11,', b"")
    )
    record = record_of(Form.JSON, body)

    expected = body.replace(b'"chatcmpl-1"', b'"chatcmpl-new"').replace(b": 11,", b": 99,")
    assert expected == replayed(record, JSON)


@pytest.mark.parametrize(("form", "wanted"), [(Form.JSON, JSON), (Form.EVENTS, EVENTS)])
def test_the_name_that_another_caller_gave_his_request_is_said_to_nobody(form: Form, wanted: Wanted) -> None:
    said = {"request_id": "of-ann-7"}
    chunks = [chunk({"role": "assistant", "content": "Hi"}, **said), chunk({}, "stop", **said)]
    body = orjson.dumps(completion(**said)) if form is Form.JSON else stream(*chunks)

    hit = replayed(record_of(form, body), wanted)

    assert hit is not None
    assert b"of-ann-7" not in hit
    assert hit.count(b'"request_id":"new"') == (1 if form is Form.JSON else 2)


def test_an_unknown_key_keeps_a_record_to_its_own_form() -> None:
    record = record_of(Form.JSON, orjson.dumps(completion(vendor_extra={"a": 1})))

    assert replayed(record, JSON) is not None
    assert replayed(record, EVENTS) is None


TOKENS = [{"token": "Hello there", "logprob": -0.1}]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"index": None}, {}),
        ({"index": 1}, {}),
        ({}, {"reasoning": {"steps": ["think"]}}),
        ({}, {"reasoning_content": ["think"]}),
        ({"logprobs": [0.5]}, {}),
        ({"novelty": False}, {}),
    ],
)
def test_an_answer_that_no_stream_could_be_made_of_answers_its_own_form(
    choice: dict[str, object], message: dict[str, object]
) -> None:
    answer = completion(choice=choice, message=message)
    if choice == {"index": None}:
        del answer["choices"][0]["index"]  # type: ignore[index]
    record = record_of(Form.JSON, orjson.dumps(answer))

    assert replayed(record, JSON) is not None
    assert replayed(record, EVENTS) is None


THOUGHT = {"type": "thinking", "thinking": [{"type": "text", "text": "A greeting."}]}
SAID = {"type": "text", "text": "Hello there"}


@pytest.mark.parametrize("form", Form)
def test_content_in_parts_is_judged_by_what_it_says_and_answers_its_own_form(form: Form) -> None:
    if form is Form.JSON:
        body = orjson.dumps(completion(message={"content": [THOUGHT, SAID, SAID]}))
    else:
        thinking, told = chunk({"content": [THOUGHT]}), chunk({"content": [SAID]})
        body = stream(thinking, told, chunk({"content": "Hello there"}), chunk({"content": []}, "stop"))
    finished = CHAT.read(form, body)

    assert isinstance(finished, Finished)
    assert ("Hello thereHello there",) == finished.texts
    assert [form] == [wanted.form for wanted in (JSON, EVENTS) if replayed(record_of(form, body), wanted)]


@pytest.mark.parametrize(
    ("reason", "parts"),
    [
        (DropReason.EMPTY, []),
        (DropReason.EMPTY, [THOUGHT]),
        (DropReason.UNPARSEABLE, [SAID, {"type": "image_url"}]),
        (DropReason.UNPARSEABLE, [SAID, "Hello"]),
        (DropReason.UNPARSEABLE, [{"type": "text"}]),
        (DropReason.ANNOTATIONS, [SAID, {"type": "reference", "reference_ids": [1]}]),
    ],
)
def test_content_in_parts_is_dropped_that_says_nothing_or_more_than_text(
    reason: DropReason, parts: list[object]
) -> None:
    said = stream(chunk({"content": parts}), chunk({}, "stop"))

    assert reason == CHAT.read(Form.JSON, orjson.dumps(completion(message={"content": parts})))
    assert reason == CHAT.read(Form.EVENTS, said)


@pytest.mark.parametrize("tokens", [["Hello there"], [{"logprob": -0.1}], [{"token": None}], [*TOKENS, None], None])
def test_log_probabilities_that_do_not_spell_the_answer_come_in_one_piece(tokens: object) -> None:
    logprobs = {"content": tokens, "refusal": None}
    body = replayed(record_of(Form.JSON, orjson.dumps(completion(choice={"logprobs": logprobs}))), EVENTS)
    assert body is not None
    choices = [orjson.loads(event.data)["choices"][0] for event in sse.parse(body)[:-1]]

    assert [("Hello there", logprobs)] == [(c["delta"]["content"], c["logprobs"]) for c in choices if c["logprobs"]]


def test_a_message_without_a_role_is_the_assistants_in_a_stream() -> None:
    body = replayed(record_of(Form.JSON, orjson.dumps(completion(message={"role": None}))), EVENTS)
    assert body is not None

    assert "assistant" == orjson.loads(sse.parse(body)[0].data)["choices"][0]["delta"]["role"]


def test_a_stream_replays_byte_for_byte_with_a_fresh_id() -> None:
    body = b": hello\r\n\r\n" + PLAIN_STREAM.replace(b"\n\n", b"\r\n\r\n")

    expected = body.replace(b'"chatcmpl-1"', b'"chatcmpl-new"').replace(b'"created":11', b'"created":99')
    assert expected == replayed(record_of(Form.EVENTS, body), EVENTS)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r", b"\r\n", b"\n\n: bye", b"\n\n: bye\n\n"])
def test_a_stream_ends_with_its_last_event_whether_a_blank_line_follows_or_more(end: bytes) -> None:
    body = PLAIN_STREAM.removesuffix(b"\n\n") + end

    expected = body.replace(b'"chatcmpl-1"', b'"chatcmpl-new"').replace(b'"created":11', b'"created":99')
    assert expected == replayed(record_of(Form.EVENTS, body), EVENTS)


@pytest.mark.parametrize("done", [b"data: [DONE] \n\n", b"data:[DONE]\t\r\n\r\n", b"data: [DONE] ", b"data: [DONE] \n"])
def test_white_space_behind_done_hides_the_end_from_nobody(done: bytes) -> None:
    body = PLAIN_STREAM.replace(sse.DONE_EVENT, done)
    again = replayed(record_of(Form.EVENTS, body), EVENTS)

    assert again is not None
    assert again.endswith(done)
    assert [event.data for event in sse.parse(body)][-1] == sse.DONE


def test_a_byte_order_mark_before_a_stream_hides_no_event() -> None:
    marked = b"\xef\xbb\xbf" + PLAIN_STREAM

    assert [event.data for event in sse.parse(PLAIN_STREAM)] == [event.data for event in sse.parse(marked)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_stream_is_read_in_linear_time(end: bytes) -> None:
    line = b"data: " + orjson.dumps(chunk({"content": "Hello there"})) + end * 2

    def cost(events: int) -> float:
        spent = []
        for _ in range(3):
            started = process_time()
            assert events == len(sse.parse(line * events))
            spent.append(process_time() - started)
        return min(spent)

    assert cost(8_000) < 40 * max(cost(500), 1e-4)


def test_a_copy_of_a_chunk_in_a_comment_takes_no_fresh_id_from_it() -> None:
    line = orjson.dumps(chunk({"content": "Hello there"}))
    body = PLAIN_STREAM.replace(b"data: " + line, b": " + line + b"\ndata: " + line)
    answer = replayed(record_of(Form.EVENTS, body), EVENTS)

    assert answer is not None
    assert {"chatcmpl-new"} == {orjson.loads(event.data)["id"] for event in sse.parse(answer)[:-1]}


def test_an_event_whose_data_goes_over_several_lines_is_not_stored() -> None:
    body = PLAIN_STREAM.replace(b'"choices"', b'\ndata: "choices"', 1)

    assert len(sse.parse(PLAIN_STREAM)) == len(sse.parse(body))
    for answers in (CHAT, CompletionsAnswers()):
        assert DropReason.UNPARSEABLE == answers.read(Form.EVENTS, body)


def test_json_answers_a_stream_request_in_the_providers_grammar() -> None:
    body = replayed(record_of(Form.JSON, orjson.dumps(completion())), Wanted(Form.EVENTS, include_usage=True))
    assert body is not None
    events = [event.data for event in sse.parse(body)]
    chunks = [orjson.loads(data) for data in events[:-1]]

    assert events[-1] == sse.DONE
    assert {c["id"] for c in chunks} == {"chatcmpl-new"}
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks if c["choices"]) == "Hello there"
    assert [c["choices"][0]["finish_reason"] for c in chunks if c["choices"]].count("stop") == 1
    assert [c["usage"] for c in chunks] == [*[None] * (len(chunks) - 1), USAGE]
    assert chunks[-1]["choices"] == []


@pytest.mark.parametrize("is_unasked", [False, True])
def test_a_stream_of_texts_closes_with_usage_for_who_asked_or_where_all_get_it(is_unasked: bool) -> None:
    beside = stream({"id": "cmpl-1", "choices": [{"index": 0, "text": "Hi", "finish_reason": "stop"}], "usage": USAGE})
    closing = beside.replace(sse.DONE_EVENT, stream({"id": "cmpl-1", "choices": [], "usage": USAGE}))

    def is_replayed(body: bytes, *, include_usage: bool) -> bool:
        record = Record("completions", Form.EVENTS, body, None, True, sse.CONTENT_TYPE, is_usage_unasked=is_unasked)
        wanted = Wanted(Form.EVENTS, include_usage=include_usage)
        return CompletionsAnswers().template(record, wanted, is_semantic=False) is not None

    assert [True, True] == [is_replayed(body, include_usage=True) for body in (beside, closing)]
    assert [True, is_unasked] == [is_replayed(body, include_usage=False) for body in (beside, closing)]


def test_without_include_usage_no_chunk_has_a_usage_key() -> None:
    for record in (record_of(Form.JSON, orjson.dumps(completion())), record_of(Form.EVENTS, USAGE_STREAM)):
        body = replayed(record, EVENTS)
        assert body is not None
        assert b'"usage"' not in body


def test_a_stream_with_usage_answers_json() -> None:
    body = replayed(record_of(Form.EVENTS, USAGE_STREAM), JSON)
    assert body is not None

    answer = orjson.loads(body)
    assert answer["choices"][0]["message"]["content"] == "Hello there"
    assert (answer["usage"], answer["id"], answer["created"]) == (USAGE, "chatcmpl-new", 99)


def test_a_stream_without_usage_cannot_answer_json_or_include_usage() -> None:
    record = record_of(Form.EVENTS, PLAIN_STREAM)

    assert replayed(record, JSON) is None
    assert replayed(record, Wanted(Form.EVENTS, include_usage=True)) is None


def test_log_probabilities_survive_both_ways() -> None:
    tokens = [
        {"token": "Hel", "logprob": -0.1, "top_logprobs": []},
        {"token": "lo", "logprob": -0.2, "top_logprobs": []},
    ]
    choice = {"logprobs": {"content": tokens, "refusal": None}}
    born = orjson.dumps(completion(message={"content": "Hello"}, choice=choice))
    events = replayed(record_of(Form.JSON, born), Wanted(Form.EVENTS, include_usage=True))
    assert events is not None
    back = replayed(record_of(Form.EVENTS, events), JSON)
    assert back is not None

    assert orjson.loads(back)["choices"][0]["logprobs"] == choice["logprobs"]


def verdict(**choice: object) -> dict[str, object]:
    """A chunk of Azure's asynchronous filter."""
    judged = {"index": 0, "finish_reason": None, "content_filter_results": {"hate": {"filtered": False}}}
    return {"id": "", "object": "", "created": 0, "model": "", "choices": [judged | choice]}


ON_THE_PROMPT = verdict() | {"choices": []}


@pytest.mark.parametrize(
    ("filters", "name"),
    [
        (ON_THE_PROMPT | {"prompt_filter_results": [{"i": 0}]}, b"prompt_filter"),
        (ON_THE_PROMPT | {"prompt_annotations": [{"i": 0}]}, b"prompt_annotations"),
        (verdict(), b"content_filter"),
        (verdict(content_filter_raw=[{"hate": 0}]), b"content_filter_raw"),
    ],
)
def test_azures_filter_chunk_is_dropped_on_a_semantic_hit_only(filters: dict[str, object], name: bytes) -> None:
    record = record_of(Form.EVENTS, sse.frame(orjson.dumps(filters)) + PLAIN_STREAM)
    exact, semantic = replayed(record, EVENTS), replayed(record, EVENTS, is_semantic=True)

    assert exact is not None
    assert name in exact
    assert semantic is not None
    assert name not in semantic


@pytest.mark.parametrize("name", ["prompt_filter_results", "prompt_annotations"])
def test_what_azures_filter_said_of_another_prompt_is_dropped_on_a_semantic_hit_only(name: str) -> None:
    judged = {name: [{"prompt_index": 0, "content_filter_results": {}}]}
    answer = orjson.dumps(completion(**judged))
    said = stream(chunk({"content": "Hello there"}, **judged), chunk({}, "stop"))
    for record, wanted in (record_of(Form.JSON, answer), JSON), (record_of(Form.EVENTS, said), EVENTS):
        exact, semantic = replayed(record, wanted), replayed(record, wanted, is_semantic=True)

        assert exact is not None
        assert semantic is not None
        assert b"prompt_index" in exact
        assert exact.replace(orjson.dumps(judged[name]), b"[]") == semantic


@pytest.mark.parametrize("choice", [{"finish_reason": "content_filter"}, {"error": {"code": 1}}])
def test_a_filter_that_cuts_an_answer_behind_its_end_keeps_it_from_being_stored(choice: dict[str, object]) -> None:
    body = PLAIN_STREAM.replace(sse.DONE_EVENT, stream(verdict(**choice)))

    assert isinstance(CHAT.read(Form.EVENTS, body), DropReason)


def test_padding_is_replayed_as_padding_and_never_in_json() -> None:
    padded = USAGE_STREAM.replace(b'"object"', b'"obfuscation":"xY","object"')
    record = record_of(Form.EVENTS, padded)
    as_stream, as_json = replayed(record, Wanted(Form.EVENTS, include_usage=True)), replayed(record, JSON)
    bare = replayed(record, Wanted(Form.EVENTS, include_usage=True, include_obfuscation=False))

    assert as_stream is not None
    assert b"obfuscation" in as_stream
    assert as_json is not None
    assert b"obfuscation" not in as_json
    assert bare is not None
    assert b"obfuscation" not in bare


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        (DropReason.FINISH_REASON, {"choice": {"finish_reason": "length"}}),
        (DropReason.FINISH_REASON, {"choice": {"finish_reason": "content_filter"}}),
        (DropReason.FINISH_REASON, {"choice": {"finish_reason": None}}),
        (DropReason.REFUSAL, {"message": {"refusal": "I cannot"}}),
        (DropReason.TOOL_CALLS, {"message": {"tool_calls": [{"id": "t"}]}}),
        (DropReason.TOOL_CALLS, {"message": {"function_call": {"name": "f"}}}),
        (DropReason.ANNOTATIONS, {"message": {"annotations": [{"type": "url_citation"}]}}),
        (DropReason.EMPTY, {"message": {"content": ""}}),
        (DropReason.EMPTY, {"message": {"content": "  \n"}}),
        (DropReason.EMPTY, {"message": {"content": None}}),
        (DropReason.EMPTY, {"choices": []}),
        (DropReason.ERROR_BODY, {"error": {"message": "no"}}),
        (DropReason.ERROR_BODY, {"choice": {"error": {"code": 502, "message": "overloaded"}}}),
        (DropReason.ANNOTATIONS, {"citations": ["https://example.org"]}),
        (DropReason.ANNOTATIONS, {"search_results": [{"url": "https://example.org"}]}),
        (DropReason.ANNOTATIONS, {"executed_tools": [{"type": "search"}]}),
        (DropReason.ANNOTATIONS, {"vertex_ai_grounding_metadata": [{"webSearchQueries": ["q"]}]}),
        (DropReason.ANNOTATIONS, {"web_search": [{"link": "https://example.org"}]}),
        (DropReason.ANNOTATIONS, {"search_info": {"search_results": [{"url": "https://example.org"}]}}),
        (DropReason.ANNOTATIONS, {"message": {"vertex_ai_url_context_metadata": [{"urlMetadata": []}]}}),
        (DropReason.ANNOTATIONS, {"message": {"executed_tools": [{"type": "search"}]}}),
        (DropReason.ANNOTATIONS, {"message": {"citations": ["https://example.org"]}}),
    ],
)
def test_what_is_not_a_whole_plain_answer_is_dropped(reason: DropReason, changes: dict[str, object]) -> None:
    assert reason == CHAT.read(Form.JSON, orjson.dumps(completion(**changes)))


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        (DropReason.INCOMPLETE, PLAIN_STREAM.removesuffix(sse.DONE_EVENT)),
        (DropReason.INCOMPLETE, PLAIN_STREAM.removesuffix(b"]\n\n")),
        (DropReason.INCOMPLETE, PLAIN_STREAM.removesuffix(sse.DONE_EVENT)[:-1]),
        (DropReason.FINISH_REASON, stream(chunk({"role": "assistant", "content": "Hel"}))),
        (DropReason.FINISH_REASON, stream(chunk({"content": "Hel"}), chunk({}, "length"))),
        (DropReason.ERROR_BODY, stream(chunk({"content": "Hel"}), {"error": {"message": "overloaded"}})),
        (DropReason.UNPARSEABLE, b"data: {not json}\n\n" + sse.DONE_EVENT),
        (DropReason.UNPARSEABLE, stream(chunk({"content": "a"}), chunk({}, "stop") | {"id": "chatcmpl-2"})),
        (DropReason.TOOL_CALLS, stream(chunk({"tool_calls": [{"index": 0}]}), chunk({}, "tool_calls"))),
        (DropReason.REFUSAL, stream(chunk({"refusal": "I cannot"}), chunk({}, "stop"))),
        (DropReason.EMPTY, stream(chunk({"content": ""}), chunk({}, "stop"))),
        (DropReason.EMPTY, sse.DONE_EVENT),
        (DropReason.ERROR_BODY, stream(chunk({"content": "Hel"}, "stop", choice={"error": {"code": 502}}))),
        (DropReason.ANNOTATIONS, stream(chunk({"content": "a"}, citations=["https://example.org"]), chunk({}, "stop"))),
        (DropReason.ANNOTATIONS, stream(chunk({"content": "a", "executed_tools": [{"index": 0}]}), chunk({}, "stop"))),
        (DropReason.ANNOTATIONS, stream(chunk({"content": "a"}), chunk({"citations": ["https://x.org"]}, "stop"))),
        (DropReason.UNPARSEABLE, stream(chunk({"content": "a", "audio": {"data": "AA"}}), chunk({}, "stop"))),
        (DropReason.MODEL_DIFFERS, stream(chunk({"content": "a"}), chunk({}, "stop", model="smaller"))),
        (DropReason.INCOMPLETE, stream(chunk({"content": "b"}, "stop", choice={"index": 1}))),
    ],
)
def test_what_is_not_a_whole_plain_stream_is_dropped(reason: DropReason, body: bytes) -> None:
    assert reason == CHAT.read(Form.EVENTS, body)


@pytest.mark.parametrize("model", ["", None])
def test_a_chunk_that_names_no_model_says_nothing_against_the_others(model: str | None) -> None:
    chunks = [chunk({"content": "a"}, model=model), chunk({"content": "b"}), chunk({}, "stop", model=model)]

    assert isinstance(CHAT.read(Form.EVENTS, stream(*chunks)), Finished)


@pytest.mark.parametrize("spared", [{"delta": None}, {}])
@pytest.mark.parametrize("choices", [{"choices": None}, {}])
def test_null_says_no_more_than_an_empty_list_or_object(spared: dict[str, object], choices: dict[str, object]) -> None:
    end: dict[str, object] = {"index": 0, "finish_reason": "stop"} | spared
    empty = {key: value for key, value in chunk(None).items() if key != "choices"} | choices
    body = stream(chunk({"content": "Hello there"}), empty, chunk(None, choices=[end]), empty | {"usage": USAGE})
    record = record_of(Form.EVENTS, body)
    answer = orjson.loads(replayed(record, JSON) or b"null")

    assert ("Hello there", USAGE) == (answer["choices"][0]["message"]["content"], answer["usage"])
    again = replayed(record, Wanted(Form.EVENTS, include_usage=True))
    assert again == body.replace(b"-1", b"-new").replace(b"11", b"99")


@pytest.mark.parametrize(
    "other",
    [
        {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": None, "message": "overloaded"},
        {"id": "chatcmpl-1", "object": "error", "choices": None},
        {"status": 500},
        chunk(None, choices=[{"index": 0, "delta": None, "finish_reason": "stop", "message": {"content": "b"}}]),
        chunk(None, choices=[{"index": 0, "finish_reason": "stop", "text": "b"}]),
    ],
)
def test_a_chunk_that_says_something_elsewhere_than_in_a_delta_is_not_stored(other: dict[str, object]) -> None:
    body = stream(chunk({"content": "Hello there"}), chunk({}, "stop"), other)

    assert CHAT.read(Form.EVENTS, body) == DropReason.UNPARSEABLE


HEARTBEAT = {"type": "keepalive", "sequence_number": 1}


def test_a_heartbeat_between_chunks_is_no_part_of_the_answer() -> None:
    body = sse.frame(orjson.dumps(HEARTBEAT)) + USAGE_STREAM
    record = record_of(Form.EVENTS, body)
    as_it_came = replayed(record, Wanted(Form.EVENTS, include_usage=True), is_semantic=True)

    assert as_it_came is not None
    assert as_it_came.startswith(sse.frame(orjson.dumps(HEARTBEAT)))
    assert replayed(record, JSON) is not None
    assert DropReason.UNPARSEABLE == CHAT.read(Form.EVENTS, body.replace(b"keepalive", b"response.failed"))


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("missing", [{"id": ""}, {"id": None}, {}])
def test_an_answer_without_an_id_comes_without_one_and_with_its_time_fresh(
    form: Form, missing: dict[str, object]
) -> None:
    def unnamed(said: dict[str, object]) -> dict[str, object]:
        return {key: value for key, value in said.items() if key != "id"} | missing

    chunks = chunk({"content": "Hello there"}), chunk({}, "stop"), chunk(None, usage=USAGE)
    body = orjson.dumps(unnamed(completion())) if form is Form.JSON else stream(*map(unnamed, chunks))
    record = record_of(form, body)
    made = replayed(record, EVENTS if form is Form.JSON else JSON)

    assert body.replace(b'"created":11', b'"created":99') == replayed(record, Wanted(form, include_usage=True))
    assert made is not None
    assert b'"id":"chatcmpl-new"' in made


def test_a_stream_of_which_only_some_chunks_have_an_id_is_not_stored() -> None:
    chunks = chunk({"content": "Hello there"}), chunk({}, "stop")

    for unnamed in range(2):
        said = [each | ({"id": ""} if place == unnamed else {}) for place, each in enumerate(chunks)]
        assert DropReason.UNPARSEABLE == CHAT.read(Form.EVENTS, stream(*said))


def test_eos_ends_an_answer_as_stop_does() -> None:
    texts = {"id": "c", "choices": [{"index": 0, "text": "Hi", "finish_reason": "eos"}]}

    assert isinstance(CHAT.read(Form.JSON, orjson.dumps(completion(choice={"finish_reason": "eos"}))), Finished)
    assert isinstance(CHAT.read(Form.EVENTS, stream(chunk({"content": "Hi"}), chunk({}, "eos"))), Finished)
    assert isinstance(CompletionsAnswers().read(Form.JSON, orjson.dumps(texts)), Finished)


@pytest.mark.parametrize(
    "reasons", [("eos", "length"), ("length", "stop"), ("stop", "length"), ("content_filter", "stop", "stop")]
)
def test_a_choice_that_was_cut_once_is_not_whole_whatever_else_its_chunks_say(reasons: tuple[str, ...]) -> None:
    said = stream(*(chunk({"content": "Hel"}, reason) for reason in reasons))
    texts = said.replace(b'"delta":{"content":"Hel"}', b'"text":"Hel"')

    assert DropReason.FINISH_REASON == CHAT.read(Form.EVENTS, said)
    assert DropReason.FINISH_REASON == CompletionsAnswers().read(Form.EVENTS, texts)


@pytest.mark.parametrize("text", ["é" * 600, "👩‍👩‍👧" * 200, "🇦🇹" * 300, "e\u0301" * 400, "plain " * 200, ""])
def test_pieces_join_to_the_text_and_part_no_grapheme(text: str) -> None:
    pieces = list(pieces_of(text))

    assert "".join(pieces) == text
    assert all(len(piece) <= 256 for piece in pieces)
    assert not any(piece[:1] in ("\u200d", "\u0301") for piece in pieces)


@pytest.mark.parametrize(
    ("reason", "choices"),
    [
        (DropReason.ERROR_BODY, [{"index": 0, "text": "Hi", "finish_reason": "stop", "error": {"code": 502}}]),
        (DropReason.INCOMPLETE, [{"index": 1, "text": "Hi", "finish_reason": "stop"}]),
    ],
)
@pytest.mark.parametrize("form", Form)
def test_a_text_with_an_error_or_without_its_neighbour_is_not_kept(
    form: Form, reason: DropReason, choices: list[object]
) -> None:
    answer = {"id": "cmpl-1", "model": "m", "choices": choices}

    said = orjson.dumps(answer) if form is Form.JSON else stream(answer)
    assert reason == CompletionsAnswers().read(form, said)


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("said", [{}, {"id": "", "created": 0}, {"id": None, "created": None}])
def test_a_text_without_id_and_time_comes_without_them(form: Form, said: dict[str, object]) -> None:
    answer = {**said, "choices": [{"index": 0, "text": "Hi", "finish_reason": "stop"}]}
    body = orjson.dumps(answer) if form is Form.JSON else stream(answer)
    template = CompletionsAnswers().template(
        Record("completions", form, body, None, False, "application/json"), Wanted(form), is_semantic=False
    )

    assert template is not None
    assert body == template.render(token="new", created=99)
