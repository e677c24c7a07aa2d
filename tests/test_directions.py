"""Both ends of a relation in each other's place, with against without, should against can: vetoed where it is plain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.directions import relations_of, turned_round
from proxy.core.guards import Guard, veto
from proxy.core.modality import asked_otherwise, modality_of
from proxy.core.polarity import opposed, polarity_of

TURNED = [
    ("How do I expand a collapsed row?", "Which way is there to collapse an expanded row?"),
    ("How do I open a closed ticket in Jira?", "In Jira, how can I close an open ticket?"),
    ("How do I merge split cells?", "How do I split merged cells?"),
    ("Can an expired card be renewed?", "Can a renewed card expire?"),
    ("Is there a bus from Leeds to York on Sunday?", "How do I get to Leeds by coach from York?"),
    ("On August 17th I'd like the boat which runs Porto Alegre to Jinhua.", "Boat Jinhua to Porto Alegre for Aug 17"),
    ("How do I convert a Word document to PDF?", "Convert PDFs to Word documents, please"),
    ("Merge main into develop for PR 7", "For PR 7, get the commits of develop into main."),
    ("Prove that a hare is rarer than a fox.", "Which evidence says foxes are rarer than hares?"),
    ("Is Perl less popular than Ruby?", "Why is Ruby less popular than Perl nowadays?"),
    ("When was it that Poland was beaten by Canada?", "In which year was Canada beaten by Poland?"),
    ("In what year did Spain beat Italy?", "When was Spain beaten by Italy?"),
    ("File note: Kurt Torres reported Ann Norton", "Please record that Ann Norton reported Kurt Torres."),
    ("When did Mali knock out Togo at judo?", "The year in which Togo knocked out Mali at judo?"),
    ("Ann Norton spoke well of Kurt Torres: write it down.", "Please record that Kurt Torres spoke well of Ann Norton"),
    ("What is the best way to reach Delhi from Agra?", "Cheap trains from Delhi to Agra?"),
    ("Which year did Chelsea eliminate Arsenal?", "In what year did Arsenal knock out Chelsea?"),
    ("Why did Germany invade Poland?", "What made Poland attack Germany?"),
    ("Did Google acquire Fitbit?", "Is it true that Fitbit bought Google?"),
    ("Was Caesar killed by Brutus?", "Did Caesar murder Brutus?"),
    ("When did Brazil lose to France?", "When did Brazil beat France?"),
    ("Has Nadal won against Federer in Paris?", "In Paris, has Federer defeated Nadal?"),
    ("How do I convert miles to kilometres?", "What are the steps to convert kilometres to miles?"),
    ("I'd like to know how to cast a float to an int", "Which is the way to cast an int to a float?"),
    (
        "What is the easiest way to turn a CSV into a spreadsheet in the settings?",
        "We moved to your platform last month. How do I turn a spreadsheet into a CSV from the settings page?",
    ),
    ("How do I send money from checking to savings?", "From the home screen, sending from savings to checking: how?"),
    ("How can I copy a file to a server?", "What are the steps to copy a file from a server?"),
    ("Are there flights to Oslo on Sundays?", "Which airline has Sunday flights from Oslo?"),
    ("Do I pay before I book a table?", "Please tell me: must I book a table before I pay?"),
    ("Should I stretch before running?", "Is it OK to run before stretching?"),
    ("Should I run after stretching?", "Is it OK to stretch after I run?"),
    ("Do I stretch before or after running?", "Run before or after stretching?"),
    ("How many days after ovulation can I test?", "How many days before ovulation may I take a test?"),
    ("Is it cheaper to rent than to buy?", "Tell me whether it is cheaper to buy a flat than rent one."),
]
NOT_TURNED = [
    ("How do I recover a deleted file?", "How do I get a deleted file recovered?"),
    ("It received mixed positive reviews from critics.", "It received positive to mixed reviews from critics."),
    ("Is an open chain longer than a closed chain?", "Is a closed chain shorter than an open chain?"),
    ("Is there a bus from Leeds to York?", "How do I get to York from Leeds by coach?"),
    ("In what year did Spain beat Italy?", "When was Italy beaten by Spain?"),
    ("What is the distance from Graz to Vienna?", "distance from Vienna to Graz"),
    ("Is Spain a younger state than Portugal?", "Portugal is older as a state than Spain, isn't it?"),
    ("In 1986 Ann Morton married Tim Torlot.", "Tim Torlot married Ann Morton in 1986."),
    ("How do I want to travel to Rome?", "I want to know how to travel to Rome"),
    ("Which refunds can I get prior to the trip?", "Which refunds are possible prior to a trip?"),
    ("Convert from 5 to 7", "Convert from 7 to 5"),
    ("Is travel to Egypt safe?", "Is Egypt safe to travel?"),
    ("How to reach Goa from Pune?", "What is the route from Pune to Goa?"),
    ("When did Mali knock out Togo?", "When was it that Togo was knocked out by Mali?"),
    ("MySQL vs PostgreSQL for a small blog?", "For a small blog: PostgreSQL vs MySQL?"),
    ("Is Zendaya dating Tom Holland?", "Is Tom Holland dating Zendaya?"),
    ("How often did Borg play McEnroe?", "How often did McEnroe play Borg?"),
    ("Does Alexa support Spotify?", "Is Spotify supported on Alexa?"),
    ("Compare Python to Java", "Compare Java to Python"),
    ("How many ounces are there to a pound?", "Convert a pound to ounces: how many?"),
    ("In which years did Borg play McEnroe?", "Years when McEnroe played Borg, please?"),
    ("Why isn't Pluto bigger than the Moon?", "Why is the Moon bigger than Pluto?"),
    ("In 2010 Spain won. Italy lost.", "Italy lost? Spain won, in 2010."),
    ("Does this letter need to reach the seller?", "The seller needs to get this letter?"),
    ("How can I add a photo to an album?", "Adding photos to albums: how?"),
    ("Which year did Chelsea eliminate Arsenal?", "In what year did Chelsea knock out Arsenal?"),
    ("When did Brazil lose to France?", "When did France beat Brazil?"),
    ("When did Spain win against Italy?", "When was Italy defeated by Spain?"),
    ("Was Caesar killed by Brutus?", "Did Brutus murder Caesar?"),
    ("What did Anna lose to Marie?", "What did Marie win from Anna?"),
    ("How do I upgrade to Windows 11?", "How do I upgrade from Windows 10 to Windows 11?"),
    ("How do I copy a file to the server from my laptop?", "Copy a file from my laptop to a server"),
    ("Can I order to Canada?", "Can I order from Canada?"),
    ("How do I return a thing to the shop?", "How do I return a thing from the shop?"),
    ("How do I get my dog to quit barking?", "How do I stop my dog from barking?"),
    ("How do I unsubscribe from the newsletter?", "I want to unsubscribe to the newsletter"),
    ("I want calls to my mobile to ring at my desk", "How do I forward calls from my mobile to my desk phone?"),
    ("Should I run before stretching?", "Should I stretch after running?"),
    ("Can I eat before a blood test?", "Before a blood test, can I eat?"),
    ("Is it cheaper to rent than to buy?", "Is it cheaper renting than buying?"),
    ("How many hours after eating can I swim?", "How many hours before swimming should I eat?"),
    ("How do I cancel my subscription to the newsletter?", "How can I cancel a subscription from the newsletter?"),
    ("Signs of an allergic reaction to penicillin?", "Which signs has an allergic reaction from penicillin?"),
    ("Is there an exemption to jury duty?", "Can I get an exemption from jury duty?"),
    ("How do I remove access to my calendar?", "How can I remove someone's access from a calendar?"),
    ("What are the benefits to yoga?", "What are the benefits from yoga?"),
    ("How do I request a refund?", "How do I send a refund request?"),
    ("How do I get a verification code?", "How do I send a verification code to my phone?"),
    ("How can I get a message to the seller?", "How do I send a message to the seller?"),
]
OPPOSED = [
    ("Will stew be cooked after 30 minutes at 90 degrees covered?", "Stew, uncovered, 90 degrees, 30 minutes: done?"),
    ("Can I travel with my passport?", "What happens if I travel without a passport?"),
    ("Is salted butter fine for this cake?", "Is unsalted butter fine for this cake?"),
]
NOT_OPPOSED = [
    ("Bake it covered", "Bake it, not uncovered"),
    ("Can I travel without a passport?", "Is a passport needed to travel?"),
    ("My PIN got blocked, help", "How do I get my PIN unblocked?"),
    ("coffee with or without milk", "coffee with milk or without it"),
    ("GPS without mobile data", "GPS with mobile data turned off"),
    ("How do I remove unwanted hair?", "I wanted to ask how to get rid of hair"),
    ("How long does unopened milk keep?", "How long does milk keep before it is opened?"),
    ("How do I get unbanned from Discord?", "I was banned from Discord, what now?"),
    ("Can I pay with a card without a PIN?", "Paying without a PIN but with a card: possible?"),
]
ASKED_OTHERWISE = [
    ("Should I learn Rust before C?", "Am I able to learn Rust before C?"),
    ("should i learn rust before c", "can i learn rust before c"),
    ("somebody who knows c# is able to learn rust, right", "Whoever knows C# ought to learn Rust. Agree?"),
    ("someone with c# is able to learn rust, right", "knowing c#, one should learn rust. true"),
    ("Can one eat rice that is three days old?", "Ought people to eat three-day-old rice?"),
    ("Someone who knows C++ can learn Helm 10.4. Agree?", "Helm 10.4: someone good at C++ ought to learn it, right?"),
]
NOT_ASKED_OTHERWISE = [
    ("How can I save fuel?", "What should I do to save fuel?"),
    ("I must change my PIN", "Can I change my PIN?"),
    ("It must have been the butler", "The butler could have been it"),
    ("Should I eat rice or can I eat pasta?", "Can I eat rice, and should I eat pasta?"),
    ("I should like to pay by card", "Can I pay by card?"),
    ("Things a beginner should learn first", "Things a beginner can learn first"),
    ("Can you check if it is wise to check in luggage?", "Should I check in luggage?"),
    ("Should my flight be cancelled, do I get a refund?", "Can my money be refunded if my flight is cancelled?"),
    ("Is it a good idea in May to plant tomatoes?", "Should I plant tomatoes in May?"),
    ("In Python, which library should one use for plots?", "In Python, which library can one use for plots?"),
]


@pytest.mark.parametrize(("one", "two"), TURNED)
def test_two_ends_in_each_others_place_are_vetoed_whatever_the_other_words(one: str, two: str) -> None:
    assert veto(one, two) in {Guard.DIRECTION, Guard.ROLES}
    assert turned_round(relations_of(one), relations_of(two))


@pytest.mark.parametrize(("one", "two"), NOT_TURNED)
def test_the_same_way_in_other_words_passes(one: str, two: str) -> None:
    assert veto(one, two) is None


@pytest.mark.parametrize(("one", "two"), OPPOSED)
def test_with_and_without_are_vetoed(one: str, two: str) -> None:
    assert veto(one, two) is Guard.POLARITY


@pytest.mark.parametrize(("one", "two"), NOT_OPPOSED)
def test_where_another_word_of_negation_or_none_stands_the_scorer_decides(one: str, two: str) -> None:
    assert veto(one, two) is None


@pytest.mark.parametrize(("one", "two"), ASKED_OTHERWISE)
def test_whether_one_should_is_not_whether_one_can(one: str, two: str) -> None:
    assert veto(one, two) is Guard.MODALITY


@pytest.mark.parametrize(("one", "two"), NOT_ASKED_OTHERWISE)
def test_wishes_and_open_questions_are_left_to_the_scorer(one: str, two: str) -> None:
    assert veto(one, two) is None


RELATING = [
    "should",
    "can",
    "eat",
    "who",
    "from",
    "to",
    "into",
    "than",
    "rarer",
    "more",
    "is",
    "was",
    "by",
    "with",
    "without",
    "covered",
    "uncovered",
]
WORDS = st.sampled_from([*RELATING, "Oslo", "Rome", "hare", ".", ","])
TEXTS = st.lists(WORDS, max_size=14).map(" ".join)


@given(TEXTS, TEXTS)
def test_all_are_symmetric_and_never_against_the_text_itself(one: str, two: str) -> None:
    a, b, p, q = relations_of(one), relations_of(two), polarity_of(one), polarity_of(two)
    m, n = modality_of(one), modality_of(two)

    assert turned_round(a, b) == turned_round(b, a)
    assert opposed(p, q) == opposed(q, p)
    assert asked_otherwise(m, n) == asked_otherwise(n, m)
    assert not turned_round(a, a)
    assert not asked_otherwise(m, m)
    assert not opposed(p, p)


def test_a_long_text_without_a_break_takes_no_longer_than_its_length() -> None:
    assert relations_of("A" * 200_000) == relations_of("to " * 60_000) == ()
