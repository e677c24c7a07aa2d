"""Which prompts may be compared by meaning, and whose answers may be kept, as words alone tell."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import numpy as np
import pytest

from proxy.backends.artefact import MODELS
from proxy.backends.embedder_onnx import OnnxEmbedder, load_embedder
from proxy.core.admission import (
    admit,
    cheap_refusal,
    is_payload_scope,
    never_stored,
)
from proxy.core.lexicon import Lexicon, parse
from proxy.core.odds import PromptOdds
from proxy.core.reasons import DropReason, ExactOnlyReason
from proxy.core.route import Domain, Tenancy, TenancyKind

UNKNOWN = 100


def odds(**likely: float) -> PromptOdds:
    """Odds of an ordinary English prompt but for what the test names."""
    calm = dict.fromkeys(("time_bound", "side_effect", "context_bound", "novelty", "personal", "payload"), 0.0)
    return PromptOdds(**{**calm, **likely}, languages={"en": 1.0})


def admitted(
    prompt: str,
    *,
    judged: PromptOdds | None = None,
    token_ids: tuple[int, ...] = (2054, 2003),
    domain: Domain | None = None,
    lexicon: Lexicon | None = None,
) -> ExactOnlyReason | None:
    ids, domain = np.asarray(token_ids, dtype=np.uint16), domain or Domain()
    return admit(prompt, odds=judged, token_ids=ids, unknown_id=UNKNOWN, lexicon=lexicon, domain=domain)


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        ("", ExactOnlyReason.EMPTY),
        (" \n\t", ExactOnlyReason.EMPTY),
        ("x" * 100_000, ExactOnlyReason.WINDOW),
        ("approve \u200bit please", ExactOnlyReason.HIDDEN_CHARACTERS),
        ("approve it \u202eplease", ExactOnlyReason.HIDDEN_CHARACTERS),
        ("was it good \U0001f44d", ExactOnlyReason.HIDDEN_CHARACTERS),
        ("was it good \U0001f44e", ExactOnlyReason.HIDDEN_CHARACTERS),
        ("is this a tag \U000e0041", ExactOnlyReason.HIDDEN_CHARACTERS),
        ("a lone \ud800 surrogate", ExactOnlyReason.HIDDEN_CHARACTERS),
        ("a bell \x07 rings", ExactOnlyReason.HIDDEN_CHARACTERS),
        ("a bell \x07 rings in the caf\u00e9", ExactOnlyReason.HIDDEN_CHARACTERS),
        ("批准退款", ExactOnlyReason.LANGUAGE),
        ("拒绝退款", ExactOnlyReason.LANGUAGE),
        ("Одобрите возврат", ExactOnlyReason.LANGUAGE),
        ("Genehmige die Rückerstattung", ExactOnlyReason.LANGUAGE),
        ("Aprueba el reembolso", ExactOnlyReason.LANGUAGE),
        ("Approuvez le remboursement", ExactOnlyReason.LANGUAGE),
    ],
)
def test_a_prompt_unfit_for_meaning_is_refused_before_the_embedding(prompt: str, reason: ExactOnlyReason) -> None:
    assert cheap_refusal(prompt, Domain()) is reason
    assert admitted(prompt) is reason


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        ("What is the current mortgage rate?", ExactOnlyReason.TIME_BOUND),
        ("Who is the CEO of Boeing as of today?", ExactOnlyReason.TIME_BOUND),
        ("Transfer $5,000 to my savings account", ExactOnlyReason.SIDE_EFFECT),
        ("Please send the mail to my landlord", ExactOnlyReason.SIDE_EFFECT),
        ("Cancel order 1234", ExactOnlyReason.SIDE_EFFECT),
        ("continue", ExactOnlyReason.CONTEXT_BOUND),
        ("How old is he?", ExactOnlyReason.CONTEXT_BOUND),
        ("another one", ExactOnlyReason.NOVELTY),
        ("What is my account balance?", ExactOnlyReason.PERSONAL),
    ],
)
def test_words_decide_where_there_are_no_heads(prompt: str, reason: ExactOnlyReason) -> None:
    assert cheap_refusal(prompt, Domain()) is None
    assert admitted(prompt) is reason


@pytest.mark.parametrize(
    "prompt",
    [
        "What is the capital city of France?",
        "Which city is the capital of Austria?",
        "Approve the refund",
        "Deny the refund request",
        "Where is order 1234?",
        "How do I transfer money to another bank?",
        "How can I delete my account?",
        "Write an email to my boss about a raise",
        "Explain how alternating current works",
        "What does merci mean?",
        "how do i reset my pasword",
        "Is it safe to mix bleach and vinegar?",
        "Can I open a current account online?",
        "Price of the naïve café résumé template, 20 °C™",
    ],
)
def test_an_ordinary_prompt_is_admitted(prompt: str) -> None:
    assert admitted(prompt) is None
    assert never_stored(prompt, None, Domain()) is None


def test_a_kind_that_the_domain_does_not_bypass_is_admitted() -> None:
    domain = Domain(bypass=frozenset({"side_effect"}))

    assert admitted("What is the current mortgage rate?", domain=domain) is None
    assert admitted("Cancel order 1234", domain=domain) is ExactOnlyReason.SIDE_EFFECT
    assert never_stored("What is the current mortgage rate?", None, domain) is None
    assert never_stored("Cancel order 1234", None, domain) is DropReason.SIDE_EFFECT


@pytest.mark.parametrize("kind", [TenancyKind.USER, TenancyKind.HEADER])
def test_personal_prompts_have_meaning_where_each_user_has_entries_of_their_own(kind: TenancyKind) -> None:
    assert admitted("What is my account balance?", domain=Domain(tenancy=Tenancy(kind, "x-user"))) is None


def test_an_unknown_token_or_too_many_tokens_are_refused() -> None:
    assert admitted("What is qwrt?", token_ids=(2054, UNKNOWN)) is ExactOnlyReason.UNKNOWN_TOKENS
    assert admitted("What is it worth?", token_ids=(2054,) * 129) is ExactOnlyReason.WINDOW
    assert admitted("Where is Rome?", token_ids=()) is ExactOnlyReason.EMPTY


def test_no_domain_compares_beyond_the_window_of_the_embedder() -> None:
    domain = Domain(max_prompt_tokens=10_000)

    assert admitted("What is the word?", token_ids=(2054,) * 255, domain=domain) is None
    assert admitted("What is the word?", token_ids=(2054,) * 256, domain=domain) is ExactOnlyReason.WINDOW


def test_a_domain_without_a_measured_language_has_no_semantic_tier() -> None:
    assert admitted("Was kostet das?", domain=Domain(languages=("de",))) is ExactOnlyReason.LANGUAGE
    assert admitted("What does it cost?", domain=Domain(languages=("de",))) is ExactOnlyReason.LANGUAGE


@pytest.mark.parametrize("name", ["time_bound", "side_effect", "context_bound", "novelty", "personal"])
def test_a_head_that_is_sure_refuses_what_words_let_pass(name: str) -> None:
    assert admitted("Kubernetes pricing", judged=odds()) is None
    assert admitted("Kubernetes pricing", judged=odds(**{name: 0.99})) is ExactOnlyReason(name)


def test_a_head_is_believed_sooner_where_words_say_the_same() -> None:
    """Log odds of -1.4: below the limit of -1, and above what is left of it where words agree."""
    likely = odds(personal=0.2)

    assert admitted("What is my account balance?", judged=likely) is ExactOnlyReason.PERSONAL
    assert admitted("Are shoes black?", judged=likely) is None


@pytest.mark.parametrize(
    "prompt", ["How do I get the current date in Python?", "Is the latest train ever late?", "Cancel culture explained"]
)
def test_words_alone_refuse_nothing_that_the_heads_call_ordinary(prompt: str) -> None:
    assert admitted(prompt, judged=odds()) is None
    assert never_stored(prompt, odds(), Domain()) is None


def test_without_heads_a_prompt_whose_words_do_not_sound_english_is_not_compared() -> None:
    assert admitted("ATM fees") is ExactOnlyReason.LANGUAGE


def test_odds_that_are_no_number_refuse() -> None:
    assert admitted("What is a cow?", judged=odds(novelty=float("nan"))) is ExactOnlyReason.NOVELTY


def test_a_head_that_hears_another_language_refuses() -> None:
    foreign = PromptOdds(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, languages={"en": 0.01, "da": 0.99})

    assert admitted("Kubernetes pris", judged=foreign) is ExactOnlyReason.LANGUAGE


@pytest.mark.parametrize(
    ("prompt", "drop"),
    [
        ("What's the weather in Oslo?", DropReason.TIME_BOUND),
        ("Email my landlord that I will be late", DropReason.SIDE_EFFECT),
        ("continue", None),
        ("What is my account balance?", None),
    ],
)
def test_answers_to_prompts_about_now_or_acts_are_never_stored(prompt: str, drop: DropReason | None) -> None:
    assert never_stored(prompt, None, Domain()) is drop


SURE = odds(time_bound=0.999, side_effect=0.999)


@pytest.mark.parametrize(
    "prompt",
    [
        *("hi", "Hello!", "Hello, world!", "Good morning", "hey there", "ping", "Test.", "Say hi", "Reply with OK"),
        *("say 'hello' to the world", "Please respond with just the word pong.", "Count to 10", "Who are you?"),
    ],
)
def test_the_first_words_that_people_try_are_stored_whatever_the_heads_hear_in_them(prompt: str) -> None:
    assert never_stored(prompt, SURE, Domain()) is None


@pytest.mark.parametrize(
    "prompt",
    [
        *("Say hi to Bob", "hi, send the mail", "ping example.com", "Reply with OK to Anna", "Test the deployment"),
        *("Count to 10 and order a taxi", "Hello! What time is it?", "Say what day it is", "Who are you meeting?"),
    ],
)
def test_what_only_begins_like_first_words_is_judged_as_all_else(prompt: str) -> None:
    assert never_stored(prompt, SURE, Domain()) is not None


def test_only_the_edges_of_a_long_text_are_read_for_storing() -> None:
    filler = "The river runs through three countries. " * 200

    assert never_stored(f"{filler} It rained today. {filler}", None, Domain()) is None
    assert never_stored(f"{filler} What is the current rate?", None, Domain()) is DropReason.TIME_BOUND


@pytest.mark.parametrize(
    "system",
    [
        "Translate the user's message into French.",
        "You are a professional translator. Reply only with the translation.",
        "Summarize the following text in one sentence.",
        "Classify the sentiment of each review as positive or negative.",
        "Your task is to extract all dates from the text.",
        "Correct the grammar of whatever the user writes.",
    ],
)
def test_a_scope_that_works_on_the_message_is_a_payload_scope(system: str) -> None:
    assert is_payload_scope(system, odds=None)


@pytest.mark.parametrize(
    "system",
    [
        "Parrot everything back to the user.",
        "You are an echo bot.",
        "Whatever I say, say it back.",
        "Behave like an IPython session.",
        "I want you to act as a Linux terminal. I will type commands. Do not write explanations.",
        "You are a scientific calculator. Only return numbers.",
        "Reply YES if the sentence mentions a city, NO if not. Otherwise say NONE.",
        'Answer YES when the word "how" is used, otherwise answer NO.',
        "Print the third word.",
        "Offer another wording.",
        "How else could one say it?",
        "Show me my errors.",
        "You look for typos.",
        "Say it backwards.",
    ],
)
def test_an_order_needs_no_word_for_the_text_that_it_works_on(system: str) -> None:
    assert is_payload_scope(system, odds=odds(payload=0.01))


@pytest.mark.parametrize(
    "system",
    [
        "You are a pirate. Answer every question in pirate speech.",
        "You are Polly, a cheerful parrot who answers questions of children about animals.",
        "You are an expert on Linux. Help users who have problems with the terminal.",
        "You are a support agent for our calculator app.",
        "You are a console gaming expert.",
        "Never repeat the question. Get to the point.",
        "Repeat the question briefly before you answer it.",
        "If the question contains medical terms, recommend a doctor, then answer.",
        "You are an English teacher. Students ask you about common mistakes and how to avoid them.",
        "Point out mistakes in common beliefs when you answer.",
        "Explain common errors when filling in tax forms.",
        "Suggest three alternatives when a product is sold out.",
        "Say it plainly when you are not sure.",
        "Use simple wording.",
    ],
)
def test_words_of_such_orders_in_an_ordinary_scope_order_nothing(system: str) -> None:
    assert not is_payload_scope(system, odds=odds(payload=0.1))


@pytest.mark.parametrize("text", ["-" * 5000, "please " * 900, '" ' * 2000, "give a " * 900, "if it has " * 500])
def test_orders_are_looked_for_in_the_edges_of_a_text_only(text: str) -> None:
    began = process_time()
    is_payload_scope(text, odds=None)

    assert process_time() - began < 1.0


@pytest.mark.parametrize(
    "system",
    [
        "",
        "You are a helpful assistant for ACME.",
        "You are a support agent. Answer in the language of the user.",
        "You can translate texts and summarise documents when the user asks for it.",
    ],
)
def test_an_ordinary_assistant_is_no_payload_scope(system: str) -> None:
    assert not is_payload_scope(system, odds=None)


@pytest.mark.parametrize(
    "system",
    [
        "Tell people which documents are needed to marry in Peru.",
        "You are an expert for scoring in figure skating: tell viewers how marks are given.",
        "Output: one paragraph. Tone: kind.",
    ],
)
def test_words_of_such_work_in_an_answer_make_no_payload_scope(system: str) -> None:
    assert not is_payload_scope(system, odds=None)


def test_wording_and_head_decide_together_where_wording_is_not_sure() -> None:
    terse, advice = "Tidy up.", "Answer what people ask you about tidying up."

    assert is_payload_scope(terse, odds=odds(payload=0.6))
    assert not is_payload_scope(advice, odds=odds(payload=0.6))
    assert not is_payload_scope(terse, odds=odds(payload=0.001))
    assert is_payload_scope(advice, odds=odds(payload=float("nan")))


def test_one_order_among_many_rules_makes_a_payload_scope() -> None:
    rules = "You are a sous-chef bot. Suggest recipes. Answer kitchen questions of guests about risotto."

    assert not is_payload_scope(rules, odds=odds(payload=0.1))
    assert is_payload_scope(f"{rules} TL;DR the user's text.", odds=odds(payload=0.1))


@pytest.mark.parametrize("system", ["Spam check.", "Rewrite as CSV.", "EN -> DE"])
def test_terse_wording_that_is_sure_needs_no_head(system: str) -> None:
    assert is_payload_scope(system, odds=None)


def test_terse_english_is_not_taken_for_foreign_by_its_letters_alone() -> None:
    assert not is_payload_scope("Refuse harmful requests.", odds=None)


@pytest.mark.parametrize(
    "system",
    [
        "Vous corrigez les fautes de tout ce que la cliente envoie.",
        "Bitte kürze den Text, den der Nutzer schickt.",
        "将以下文字翻译成英文。",
        "Сократи текст пользователя.",
    ],
)
def test_a_system_text_in_an_unmeasured_language_is_not_compared(system: str) -> None:
    judged = replace(odds(payload=0.01), languages={"en": 0.0001})

    assert is_payload_scope(system, odds=judged)


def test_a_system_text_whose_language_nobody_can_tell_is_not_compared() -> None:
    judged = replace(odds(payload=0.01), languages={"en": float("nan")})

    assert is_payload_scope("You are a helpful assistant for ACME.", odds=judged)


@pytest.mark.parametrize(
    "system",
    [
        "You are the support bot of a translation agency. Customers ask about prices and deadlines.",
        "Always answer in French.",
        "Reply in JSON.",
        "You translate idioms when asked.",
        "Never give medical advice.",
        "You answer questions about our spam filter.",
    ],
)
def test_near_misses_of_payload_scopes_stay_scopes_of_questions(system: str) -> None:
    assert not is_payload_scope(system, odds=odds(payload=0.3))


ASKED_ABOUT_WORK = [
    "how to translate a form",
    "whether the office can classify a document",
    "how to rewrite a sentence",
    "how to extract names from a text",
    "which label to put on a message",
]


@pytest.mark.parametrize("topic", ASKED_ABOUT_WORK)
@pytest.mark.parametrize(
    "system",
    [
        "You sit at the counter. They ask {topic}.",
        "Clerks often ask you {topic}. Be kind.",
        "You help new clerks. People will ask {topic}, and {topic}.",
    ],
)
def test_work_inside_a_reported_question_is_a_topic(system: str, topic: str) -> None:
    assert not is_payload_scope(system.format(topic=topic), odds=odds(payload=0.6))


@pytest.mark.parametrize(
    "system",
    [
        "Questions on tags, labels, scores and categories of wool.",
        "Answers questions about summaries, extracting data and correcting reports.",
        'Shop bot. Format: {"reply": "...", "category": "wool|yarn|other"}',
        "# Input\nQuestions about knots.\n# Output\nJSON with an answer, its label and a score.",
        "<task>question_answering</task> <domain>tagging of sheep</domain>",
        "Wool shop. Append a tag line with label, category and sentiment to every answer.",
    ],
)
def test_questions_as_input_and_forms_of_answers_are_no_payload(system: str) -> None:
    assert not is_payload_scope(system, odds=odds(payload=0.3))


@pytest.mark.parametrize(
    "system",
    [
        "Users will ask you how to say something in German; give only the translation.",
        "People ask about wool. Do not answer the questions: translate them into Welsh.",
        "Put the given text into verse. You answer questions about poems.",
        "You filter messages. When callers ask about knives, print BLOCK, otherwise print PASS.",
        "Guests ask how to find the lift; translate the question into French.",
    ],
)
def test_reported_questions_that_are_the_material_stay_payloads(system: str) -> None:
    assert is_payload_scope(system, odds=odds(payload=0.6))


def test_a_long_system_text_is_judged_by_its_edges() -> None:
    def cost(text: str) -> float:
        spent = []
        for _ in range(3):
            started = process_time()
            is_payload_scope(text, odds=odds(payload=0.1))
            spent.append(process_time() - started)
        return min(spent)

    rules = "You answer questions about our shop and its opening hours. "

    assert cost(rules * 16_000) < 10 * max(cost(rules * 25), 1e-4)


def test_a_long_system_text_in_another_language_is_not_compared_under() -> None:
    german = "Du beantwortest Fragen zu unserem Laden und seinen Öffnungszeiten. " * 100

    assert is_payload_scope(german, odds=odds(payload=0.1))


def test_a_sure_head_makes_a_payload_scope() -> None:
    assert is_payload_scope("Mach was draus.", odds=odds(payload=0.99))


@pytest.mark.parametrize(
    "hostile", [" ".join(["the", "a" * 600, "b" * 600, "c" * 600]), "and " * 1_000], ids=["long words", "many ands"]
)
def test_hostile_words_are_read_in_no_time(hostile: str) -> None:
    started = process_time()

    never_stored(hostile, None, Domain())

    assert process_time() - started < 0.1


@pytest.fixture(scope="module")
def known() -> tuple[Lexicon, OnnxEmbedder]:
    """What the shipped lexicon knows, and whose word pieces it reads."""
    return parse((MODELS / "equivalence" / "lexicon.npz").read_bytes()), load_embedder()


@pytest.mark.parametrize(
    ("prompt", "english", "is_compared"),
    [
        ("quadratic formula", 0.99, True),
        ("jet lag tips", 0.99, True),
        ("vim exit", 0.99, True),
        ("css center div", 0.92, True),
        ("default redis port", 0.97, True),
        ("css zentrieren div", 0.92, False),
        ("css div", 0.92, False),
        ("mot de passe oublié", 0.05, False),
        ("réservation impossible", 0.05, False),
        ("Wie reset ich mein Passwort", 0.05, False),
    ],
)
def test_short_english_is_english_where_the_lexicon_has_its_words(
    prompt: str, english: float, is_compared: bool, known: tuple[Lexicon, OnnxEmbedder]
) -> None:
    lexicon, embedder = known
    heads, ids = replace(odds(), languages={"en": english}), tuple(embedder.token_ids(prompt).tolist())

    assert admitted(prompt, judged=heads, token_ids=ids) is ExactOnlyReason.LANGUAGE
    compared = admitted(prompt, judged=heads, token_ids=ids, lexicon=lexicon) is None
    assert compared is is_compared
