"""Vetoes: a difference that is always a difference is never served; ordinary paraphrases pass."""

from __future__ import annotations

import unicodedata
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.guards import Guard, equal_ids, veto

DIFFERENT = [
    # numbers and their kin
    ("Where is order 1234?", "Where is order 1243?", Guard.NUMBERS),
    ("What is 5% of 80?", "What is 7% of 80?", Guard.NUMBERS),
    ("Is five percent enough?", "Is 6 % enough?", Guard.NUMBERS),
    ("Refund $5,000 to me", "Refund $500 to me", Guard.NUMBERS),
    ("Is a rise of 2 percent a lot?", "Is a rise of 2 percentage points a lot?", Guard.UNITS),
    ("Is a two-percentage-point rise a lot?", "Is a rise of 2% a lot?", Guard.UNITS),
    ("How far is 5 km in steps?", "How far is 5 miles in steps?", Guard.NUMBERS),
    ("What is 5 metres of it?", "What is 5 litres of it?", Guard.UNITS),
    ("What is 100 euros worth?", "What is 100 dollars worth?", Guard.UNITS),
    ("Who was the third president?", "Who was the 4th president?", Guard.NUMBERS),
    ("Explain chapter 3", "Explain the fourth chapter", Guard.NUMBERS),
    ("What does error E1234 mean?", "What does error E1235 mean?", Guard.IDS),
    ("Is https://a.example/x safe?", "Is https://a.example/y safe?", Guard.IDS),
    ("Are you open on Monday?", "Are you open on Tuesday?", Guard.DATES),
    ("What happened on May 5, 1945?", "What happened on May 8, 1945?", Guard.DATES),
    ("Report for Q3", "Report for the second quarter", Guard.DATES),
    ("Wake me at 7 pm", "Wake me at 7 am", Guard.DATES),
    ("Changes in version 3.11", "Changes in version 3.12", Guard.VERSIONS),
    ("Install node v18.2.0", "Install node v20.1.0", Guard.VERSIONS),
    ("What is new in Python version 3?", "What is new in Python 2?", Guard.NUMBERS),
    ("Are you open at 12 pm?", "Are you open at 12 am?", Guard.DATES),
    ("Wait an hour and a half hour", "Wait an hour and a half", Guard.NUMBERS),
    ("Is a dose of 5 mg safe?", "Is a dose of .5 mg safe?", Guard.NUMBERS),
    ("Convert ⅓ cup to ml", "Convert ⅔ cup to ml", Guard.NUMBERS),
    ("Is a nap of 1½ hours ok?", "Is a nap of 2½ hours ok?", Guard.NUMBERS),
    ("How fast is 100 Mbps?", "How fast is 100 MBps?", Guard.UNITS),
    ("How big is 5 mW?", "How big is 5 MW?", Guard.UNITS),
    ("Wash it at 30 degrees?", "Wash it at 40°C?", Guard.NUMBERS),
    ("Wash it at 30°F?", "Wash it at 30°C?", Guard.UNITS),
    ("Is a dose of 50 mg safe?", "Is a dose of 50 mg/kg safe?", Guard.UNITS),
    ("Is 5 mg per ml strong?", "Is 5 mg/l strong?", Guard.UNITS),
    ("What is 1.5e6 in words?", "What is 1.5e9 in words?", Guard.CODE),
    ("How old is a 1990s car?", "How old is a 1990 car?", Guard.DATES),
    ("Translate to French: where is the station?", "Translate to French: where is the airport?", Guard.PAYLOAD),
    ("French: where is the station?", "French: where is the airport?", Guard.PAYLOAD),
    ("Is this spam: do you want money now?", "Is this spam: do you want a call now?", Guard.PAYLOAD),
    ("Tone: is that all you have got?", "Tone: is that all you have, sir?", Guard.PAYLOAD),
    ("Reply politely: why are you late again?", "Reply politely: why is it late again?", Guard.PAYLOAD),
    # who does it to whom
    ("Can I sue my employer?", "Can my employer sue me?", Guard.ROLES),
    ("Do you send me the form?", "Do I send you the form?", Guard.ROLES),
    ("What eats snakes?", "What do snakes eat?", Guard.ROLES),
    ("What leads to memory leaks in Java?", "What do memory leaks in Java lead to?", Guard.ROLES),
    ("What results from inflation?", "What does inflation result from?", Guard.ROLES),
    ("Which company bought Instagram?", "Which company did Instagram buy?", Guard.ROLES),
    ("Are all squares rectangles?", "Are all rectangles squares?", Guard.ROLES),
    ("How many inches are in a cm?", "How many cm are in an inch?", Guard.ROLES),
    ("Is Python faster than Java?", "is Java faster than Python", Guard.ROLES),
    ("How do I open a .csv file?", "How do I open a .tsv file?", Guard.CODE),
    ("What is a .net library?", "What is a net library?", Guard.CODE),
    ("Spell check\nrecieve the parcel", "Spell check\nreceive the parcel", Guard.QUOTED),
    # how much is asked for
    ("Explain the stock market in detail", "Explain the stock market briefly", Guard.EXTENT),
    ("Give me a quick summary of Dune", "Give me a detailed summary of Dune", Guard.EXTENT),
    ("Delete only the last row", "Delete everything but the last row", Guard.EXTENT),
    ("Send mail to just the team lead", "Send mail to everyone except the team lead", Guard.EXTENT),
    ("What is the largest island of Greece?", "What is the highest island of Greece?", Guard.EXTENT),
    ("Which is the biggest volcano in Italy?", "Which is the tallest active volcano in Italy?", Guard.EXTENT),
    ("What are the largest volcanoes in Italy?", "What are the highest volcanoes in Italy?", Guard.EXTENT),
    ("What are the biggest churches in Rome?", "What are the tallest churches in Rome?", Guard.EXTENT),
    ("What are the largest counties in Ohio?", "What are the highest counties in Ohio?", Guard.EXTENT),
    # capitals that carry the meaning
    ("Is a > i in ASCII?", "Is i > a in ASCII?", Guard.CODE),
    ("What does == do in JS?", "What does === do in JS?", Guard.CODE),
    ("What does the -v flag of grep do?", "What does `grep -i` do?", Guard.CODE),
    ("what is a turkey", "What is Turkey?", Guard.CASE),
    ("how big is a python", "How big is Python?", Guard.CASE),
    ("What is US policy?", "What is us policy?", Guard.CASE),
    ("Who helped us build the wall?", "who helped US build the wall", Guard.CASE),
    ("What is AIDS?", "What are aids?", Guard.CASE),
    ("What is a ram?", "What is RAM?", Guard.CASE),
    ("How do I call IT?", "How do I call it?", Guard.CASE),
    ("What is a turkey?", "What is Turkey?", Guard.CASE),
    ("How do I fix a march?", "How do I fix a March?", Guard.CASE),
    ("What is a march?", "What is March?", Guard.CASE),
    ("How do I polish a coat?", "What is a Polish coat?", Guard.CASE),
    ("What is a python?", "What is Python?", Guard.CASE),
    ("Who runs a shell?", "Who runs Shell?", Guard.CASE),
    # literal parts
    ("What does chmod +x do?", "What does chmod -x do?", Guard.CODE),
    ("What does %Y mean in strftime?", "What does %y mean in strftime?", Guard.CODE),
    ("What does chmod u+w do?", "What does chmod u-w do?", Guard.CODE),
    ("What does +x do?", "Is +x the opposite of -x?", Guard.CODE),
    ("What is the regex for a-z?", "What is the regex for A-Z?", Guard.CODE),
    ('What does "foo" mean?', 'What does "bar" mean?', Guard.QUOTED),
    ("Define 'affect'", "Define 'effect'", Guard.QUOTED),
    ("Explain <b>this</b>", "Explain <b>that</b>", Guard.QUOTED),
    ("What does `ls -a` do?", "What does `ls -l` do?", Guard.CODE),
    ("What does rm -r do?", "What does rm -R do?", Guard.CODE),
    ("git reset --hard meaning", "git reset --soft meaning", Guard.CODE),
    ("How do I sort a list in C#?", "How do I sort a list in C++?", Guard.CODE),
    ("How do I sort a list in C?", "How do I sort a list in C++?", Guard.CODE),
    ("Does a == b copy?", "Does a != b copy?", Guard.CODE),
    ("Explain x < y", "Explain y < x", Guard.CODE),
    ("Translate EN\u2192FR", "Translate FR\u2192EN", Guard.CODE),
    ("Convert en->fr", "Convert fr -> en", Guard.CODE),
    ("What is 12+7?", "What is 12-7?", Guard.CODE),
    ("What is 12 * 7?", "What is 12 + 7?", Guard.CODE),
    ("Open report.pdf", "Open report.docx", Guard.CODE),
    ("Is example.com up?", "Is example.org up?", Guard.CODE),
    ("Who is @ann_b?", "Who is @bob_c?", Guard.CODE),
    ("Meaning of #metoo", "Meaning of #notme", Guard.CODE),
    ("What is /etc/passwd?", "What is /etc/shadow?", Guard.CODE),
    ("Explain user_id", "Explain order_id", Guard.CODE),
    ("Translate: good morning to you all", "Translate: good evening to you all", Guard.PAYLOAD),
    ("Translate: Good morning, my dear friend", "Translate: Hello, good morning, my dear friend", Guard.PAYLOAD),
    ("Fix this:\nhe go to school", "Fix this:\nHe go to school", Guard.PAYLOAD),
    ("Summarise\nThe cat sat on a mat", "Summarise\nThe dog sat on a mat", Guard.PAYLOAD),
    ('Translate "I like my new car"', 'Translate "I like my old car"', Guard.PAYLOAD),
    ("Review ```x = a + b + c```", "Review ```x = a + b - c```", Guard.PAYLOAD),
    ("Run ```aa bb cc dd```", "Run ```bb bb cc dd```", Guard.PAYLOAD),
    ("Translate: I want a coffee please", "Translate: I want a coffee", Guard.PAYLOAD),
    ("Hi,\ntranslate: I want a coffee, please", "Hi,\ntranslate: I want a coffee", Guard.PAYLOAD),
    ("Translate: thank you very much", "Translate: please", Guard.PAYLOAD),
    ("<text>one two three four</text> Title?", "<text>one two three five</text> Title?", Guard.PAYLOAD),
    ("Shorten this: I like my new car", "Shorten this", Guard.PAYLOAD),
    ('Tom: what is "a cat on a mat"?', "What is it for Tom?", Guard.PAYLOAD),
    ("Mood: that is all you have\nor is it?", "What is the mood?", Guard.PAYLOAD),
    # what the vocabulary cannot see
    ("React with 👍", "React with 👎", Guard.HIDDEN),
    ("批准退款", "拒绝退款", Guard.UNKNOWN_TOKENS),
    ("What does 愛 mean?", "What does 恋 mean?", Guard.UNKNOWN_TOKENS),
    ("ต้องการคืนเงิน", "ไม่ต้องการคืนเงิน", Guard.UNKNOWN_TOKENS),
    ("Is pay\u200bpal safe?", "Is paypal safe?", Guard.HIDDEN),
    ("Is p\u0430ypal safe?", "Is paypal safe?", Guard.UNKNOWN_TOKENS),
    ("approve \u202eetad", "approve date", Guard.HIDDEN),
    ("اقبل الطلب", "ارفض الطلب", Guard.UNKNOWN_TOKENS),
    ("What is \uff21?", "What is A?", Guard.UNKNOWN_TOKENS),
    ("What is the \u20ac sign?", "What is the \u00a3 sign?", Guard.UNKNOWN_TOKENS),
    ("tab\x07le", "table", Guard.HIDDEN),
    ("Flag \U0001f1e9\U0001f1ea?", "Flag \U0001f1eb\U0001f1f7?", Guard.HIDDEN),
]


@pytest.mark.parametrize(("a", "b", "guard"), DIFFERENT, ids=[f"{a[:24]!a}" for a, _, _ in DIFFERENT])
def test_a_difference_that_is_always_one_is_vetoed_both_ways(a: str, b: str, guard: Guard) -> None:
    assert veto(a, b) is guard
    assert veto(b, a) is guard


SAME = [
    ("Is .5 mg safe?", "Is 0.5 mg safe?"),
    ("Is a nap of 1½ hours ok?", "Is a nap of 90 minutes ok?"),
    ("2 ½ cups of flour in grams", "2.5 cups of flour in grams"),
    ("How big is 10 MB?", "How big is 10 mb?"),
    ("Can I wash it at 30 degrees?", "Is a wash at 30°C all right?"),
    ("Travelling to Niger: must I have a visa?", "Do I need a visa for Niger?"),
    ("Inheritance tax in Puerto Rico: will they reduce it?", "Will they reduce inheritance tax in Puerto Rico?"),
    ("Right ovary: reason to image it?", "Why is a right ovary imaged?"),
    ("At checkout, can I pay by card?", "Can I pay by card at checkout?"),
    ("What is the weather in Rome tomorrow?", "Tomorrow in Rome, what is the weather?"),
    ("reset password outlook", "outlook password reset"),
    ("What fee applies when a customer pays late?", "When a customer pays late, what fee applies?"),
    ("What is the difference between cats and dogs?", "What is the difference between dogs and cats?"),
    ("Who won the cup?", "Who did win the cup?"),
    ("Did Rome beat Paris?", "Was Paris beaten by Rome?"),
    ("Is May 29 a holiday?", "Is 29 May a holiday?"),
    ("Is 5 mg/kg safe?", "is 5 mg per kg safe"),
    ("Is it 50 mg per day?", "Is it 50 mg daily?"),
    ("flights to turkey", "Flights to Turkey"),
    ("What is the capital of turkey?", "What is the capital of Turkey?"),
    ("How do I sort a list in java?", "How do I sort a list in Java?"),
    ("How do I write a java program?", "How do I write a Java program?"),
    ("How do I cook a Turkey?", "How do I cook a turkey?"),
    ("how do i charge a kindle", "How do I charge my Kindle?"),
    ("how do i write a python script", "How do I write a script in Python?"),
    ("What are flights to nice like?", "What are flights to Nice like?"),
    ("How much ram do I need?", "How much RAM do I need?"),
    ("When is the sat exam?", "When is the SAT exam?"),
    ("How do I get from the us to Canada?", "How do I get from the US to Canada?"),
    ("tokyo visa requirements us citizens", "What are the visa requirements for US citizens in Tokyo?"),
    ("it contact", "Who is my IT contact?"),
    ("What is the difference between == and === in JS?", "In JS, what is the difference between === and ==?"),
    ("Explain the regex ^\\d{4}$", "what does ^\\d{4}$ match"),
    ("What does the -v flag of grep do?", "What does `grep -v` do?"),
    ("How do I contact the it department?", "How do I contact the IT department?"),
    ("What causes aids?", "What causes AIDS?"),
    ("What is the who?", "What is the WHO?"),
    ("How To Learn Java", "How do I learn java?"),
    ("WHAT IS AIDS?", "What is AIDS?"),
    ("How do I call the IT desk about it?", "How do I call IT about it?"),
    ("How do I reset my Password?", "How do I reset my password?"),
    ("Who helped us?", "who has helped us"),
    ("What was new in the 1990s?", "What was new in the 90s?"),
    ("How big is a 5 KB file?", "How big is a 5 kB file?"),
    ("What does -v do in grep?", "What does grep -v do?"),
    ("How long is 60 minutes in seconds?", "How many seconds is one hour?"),
    ("Is 5% enough?", "Is five percent enough?"),
    ("What is $5k after tax?", "What is 5,000 dollars after tax?"),
    ("Explain chapter 3", "Explain the third chapter"),
    ("Report for Q3", "Report for the third quarter"),
    ("What happened on 5 May 1945?", "What happened on May 5th, 1945?"),
    ("Is an iPhone 6 waterproof?", "Is the iPhone6 waterproof?"),
    ("Symptoms of covid-19", "What are the symptoms of COVID19?"),
    ("What are the 2 best laptops?", "What are the best laptops?"),
    ("Convert from 5 to 7", "Convert from 7 to 5"),
    ("One way to learn", "What is a way to learn?"),
    ('Who wrote "Dune"?', "Who is the author of Dune?"),
    ("What does the `ls` command do?", "What does ls do?"),
    ("What does the -l flag of ls do?", "Explain ls -l"),
    ("Sort a list in C++", "How do I sort a list in cpp?"),
    ("Use of user_id", "What is the user id used for?"),
    ("Question: how do I reset my password?", "How can I reset my password?"),
    ("Please help: how do I reset it here? Thanks!", "How do I reset it here?"),
    ("Hi,\nhow do I reset my password?\n", "How do I reset my password?"),
    ("Docker: how to remove all images?", "How do I remove all images in Docker?"),
    ("Czechia: inheritance tax when married", "I am married and live in Czechia. How is inheritance taxed?"),
    ("My question is: what is a hedge fund?", "What is a hedge fund?"),
    ("Not sure who to ask: what is a hedge fund?", "What is a hedge fund?"),
    ("Dear support,\nhow do I change my name?", "How do I change my name?"),
    ("Good afternoon:\nhow do I change my name?", "How do I change my name?"),
    ("Can you please answer this: how do I reset it here?", "How do I reset it here? Thank you."),
    ("Open at 10:30?", "Do you open at 10:30 am or later?"),
    ("It's broken, isn't it?", "Isn\u2019t it broken?"),
    ("Don't the dogs' owners mind?", "Do the owners of the dogs not mind?"),
    ("Can I return it?", "Can't I return it?"),
    ("Approve the refund", "Deny the refund"),
    ("café opening hours", "When does the café open?"),
    ("résumé tips", "Tips for my résumé"),
    ("Are you open 9-5?", "Open 9 - 5 daily?"),
    ("What is 12 x 7?", "What is 12*7 equal to?"),
    ("What is node.js?", "What is Node?"),
    ("What is Node.js for?", "What is node.js used for?"),
    ("Is a<b true?", "When is a < b true?"),
    ("The #metoo movement", "What is the MeToo movement about, the metoo one?"),
    ("e.g. what is a cat", "what is a cat, i.e. the pet"),
    ("x > 5 means what?", "What does x greater than 5 mean?"),
    ("What is the use of it...", "what is the use of it"),
    ("Explain briefly what a detailed report is", "What is a detailed report, in a nutshell?"),
    ("How do I copy only the last row?", "How do I copy just the last row?"),
    ("What is open every day but Sunday?", "What is only shut on Sunday?"),
    ("How do I open a .csv file?", "How do I open a CSV?"),
    ("Check the spelling: receive", "Is receive spelt right?"),
    ("Meaning of 24/7", "What does 24/7 mean?"),
    ("Which one is best?", "Which of the 2 is best?"),
    ("I need a couple of ideas", "I need 3 ideas"),
    ("How much is 5 € in dollars?", "How much is 5 euros in dollars?"),
    ("What is the largest mountain in Peru?", "What is the highest mountain in Peru?"),
    ("What is the largest city in Peru?", "What is the biggest city in Peru?"),
]


@pytest.mark.parametrize(("a", "b"), SAME, ids=[f"{a[:24]!a}" for a, _ in SAME])
def test_what_may_mean_the_same_is_left_to_the_scorer(a: str, b: str) -> None:
    assert veto(a, b) is None
    assert veto(b, a) is None


PROMPTS = [text for a, b, _ in DIFFERENT for text in (a, b)] + [text for pair in SAME for text in pair]
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(PROMPTS)


@given(ANY, ANY)
def test_the_order_of_a_pair_does_not_matter(a: str, b: str) -> None:
    assert veto(a, b) == veto(b, a)


@given(ANY)
def test_a_text_is_never_vetoed_against_itself(text: str) -> None:
    assert veto(text, text) is None


HARMLESS = [
    lambda text: f"  {text} ",
    lambda text: text.rstrip("?.! ") + "?",
    lambda text: text.rstrip("?.! ") + ".",
    lambda text: text.replace(" ", "  "),
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text[:1].lower() + text[1:] if text[:1].isupper() and not text[1:2].isupper() else text,
]


@given(st.sampled_from(PROMPTS), st.sampled_from(HARMLESS))
def test_a_harmless_edit_makes_no_difference(text: str, edit: object) -> None:
    assert callable(edit)

    assert veto(text, edit(text)) is None


@given(st.sampled_from(PROMPTS), st.sampled_from(PROMPTS), st.sampled_from(HARMLESS[:2]))
def test_a_harmless_edit_changes_no_verdict(a: str, b: str, edit: object) -> None:
    assert callable(edit)

    assert veto(edit(a), b) == veto(a, b)


@given(st.integers(2, 10**9), st.integers(2, 10**9))
def test_two_order_numbers_are_never_the_same(one: int, two: int) -> None:
    guard = veto(f"Where is my order {one}?", f"Where is order {two} of mine?")

    assert (guard is None) == (one == two)


WORD = st.text("abcdefghij", min_size=1, max_size=6)
PHRASE = st.lists(WORD, min_size=4, max_size=7).map(" ".join)


@given(
    PHRASE, PHRASE, st.sampled_from(["Translate: {}", "Fix this\n{}", 'Shorten "{}"', "Rate <p>{}</p>", "Run ```{}```"])
)
def test_payloads_must_be_equal(one: str, two: str, frame: str) -> None:
    guard = veto(frame.format(one), "Please " + frame.format(two).lower().replace("please", ""))

    assert (guard is None) == (one == two)


WORK_BEHIND = (
    "Correct this sentence.", "Please polish that sentence. Thanks!", "Is that sentence correct?", "Fix the grammar.",
    "What is wrong with this sentence?", "Make it sound friendlier.", "Translate this into Spanish.",
    "Say this more formally.", "Can you proofread my message?", "Which tense is this?", "Rephrase the sentence above",
    "Put it in the passive.", "Summarise it.",
)  # fmt: skip


@pytest.mark.parametrize("work", WORK_BEHIND)
def test_what_stands_in_front_of_an_order_to_work_on_it_must_be_equal(work: str) -> None:
    written = f"We regret the delay in your order. {work}"

    assert veto(written, f"We regret the delay of your order. {work}") is Guard.PAYLOAD
    assert veto(f"I are happy. {work}", f"I is happy. {work}") is Guard.PAYLOAD
    assert veto(written, f"We regret the  delay in your order.  {work.rstrip('.')}") is None


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("My printer is jammed. How do I fix it?", "The printer is jammed. How can I fix it?"),
        ("I live in Spain now. Is that correct for my tax form?", "I am living in Spain. Is that right for tax forms?"),
        ("Why is the shop shut? Say it in your own words.", "Why are you closed? Say it in your own words."),
        ("I need a visa for Spain. Where do I get it?", "I need a visa to visit Spain. Where can I get it?"),
        ("The sky looks blue. Why is that?", "The sky seems blue. Why is it?"),
        ("Water boils at 100 degrees. Is this statement correct?", "Is it correct that water boils at 100 degrees?"),
    ],
)
def test_a_last_sentence_that_speaks_of_a_thing_hands_nothing_over(one: str, two: str) -> None:
    assert veto(one, two) is None


@pytest.mark.parametrize(
    "hostile",
    [
        *("'a " * 1_400, '"' * 4_000, "`" * 4_000, ":\n" * 2_000, "1 2 " * 1_000, "<a>" * 1_300, "please " * 570),
        *("." * 4_000 + "=", "a" * 4_000 + "=", " " * 4_000 + "=", "hi: " + "." * 4_000, "a: " * 1_300),
    ],
)
def test_hostile_text_at_the_window_s_limit_comes_to_an_end(hostile: str) -> None:
    started = process_time()

    assert veto(hostile, hostile + "x") in (None, *Guard)
    assert process_time() - started < 0.5


def ids(*values: int) -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
    return np.array(values, dtype=np.uint16)


@pytest.mark.parametrize(
    ("a", "b"), [("👍", "👎"), ("papá", "papa"), ("批准", "拒绝"), ("a\u200bb", "ab"), ("C+", "C +1")]
)
def test_texts_that_the_model_cannot_tell_apart_are_not_the_same(a: str, b: str) -> None:
    assert equal_ids(ids(1, 2), ids(1, 2), a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [("How?", "how"), ("caf\u00e9", "cafe\u0301"), ("a  b", "a b"), ("it\u2019s", "it's"), ("NASA now", "nasa now")],
)
def test_equal_ids_of_harmless_edits_are_no_veto(a: str, b: str) -> None:
    assert not equal_ids(ids(1, 2), ids(1, 2), a, b)


def test_other_ids_can_be_told_apart() -> None:
    assert not equal_ids(ids(1, 2), ids(1, 3), "👍", "👎")
    assert not equal_ids(ids(1, 2), ids(1, 2, 3), "👍", "👎")
