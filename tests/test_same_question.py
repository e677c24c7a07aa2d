"""What is typed without being meant makes no other question; whatever may be what is asked about does."""

from __future__ import annotations

from time import process_time

import pytest

from proxy.core.guards import veto
from proxy.core.same_question import is_same_question

QUESTION = "How do I get to the café?"


@pytest.mark.parametrize(
    "other",
    [
        QUESTION,
        f"{QUESTION} ",
        f"\n\t{QUESTION}\r\n",
        f"{QUESTION}\u00a0",
        "How do I get to the cafe\u0301?",
        "how do I get to the café?",
        "how do i get to the café?",
    ],
)
def test_blanks_around_composition_and_the_capitals_of_an_opening_are_not_meant(other: str) -> None:
    assert is_same_question(QUESTION, other)
    assert is_same_question(other, QUESTION)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("How do I renew my passport in the UK?", "how do i renew my passport in the uk?"),
        ("How do I renew my passport in the UK?", "HOW DO I RENEW MY PASSPORT IN THE UK?"),
        ("how do i renew my passport in the uk?", "HOW DO I RENEW MY PASSPORT IN THE UK?"),
        ("My wife is allergic to eggs. What should I cook?", "my wife is allergic to eggs. what should i cook?"),
        ("How do I clear the cache in Firefox on an iPhone?", "how do i clear the cache in firefox on an iphone?"),
        ("Who issues fishing licences in Scotland?", "who issues fishing licences in scotland?"),
        ("How long does shipping take to Ireland?", "How  long does shipping take to Ireland ?"),
        ("What\u2019s the capital of France?", "What's the capital of France?"),
        ("What\u2019s the capital of France?", "what's the capital of france ?"),
    ],
)
def test_a_text_of_one_case_says_nothing_by_it(a: str, b: str) -> None:
    assert is_same_question(a, b)
    assert is_same_question(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Can I take 3 bags of 5kg on board?", "Can I take three bags of 5 kg on board?"),
        ("Is a 20% tip too much?", "Is a 20 percent tip too much?"),
        ("What % of ten percent is five percent?", "What percent of 10% is 5%?"),
        ("Is 1,250,000 a lot of money?", "Is 1250000 a lot of money?"),
        ("What's the fee if I can't pay?", "What is the fee if I cannot pay?"),
        ("I'm new here. How do I set up my e-mail?", "I am new here. How do I setup my email?"),
        ("Could u explain compound interest pls?", "Could you explain compound interest please?"),
        ("How do I log in?", "how do i login?"),
        ("When did the 2nd world war end?", "When did the second world war end?"),
        ("How many ml are in a cup?", "How many millilitres are in a cup?"),
        ("What is a mile in km?", "What is a mile in kilometres?"),
        ("How do I install Python v3.11?", "How do I install Python 3.11?"),
        ("How do I upgrade to Angular 17?", "How do I upgrade to Angular v17?"),
    ],
)
def test_forms_of_one_word_are_one_word(a: str, b: str) -> None:
    assert is_same_question(a, b)
    assert is_same_question(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("How do you write 2 as a word?", "How do you write two as a word?"),
        ("What is the average of 1,200,300?", "What is the average of 1200300?"),
        ('What does "can\'t" mean?', 'What does "cannot" mean?'),
        ("Is version 2.3 out of date?", "Is version two.3 out of date?"),
        ("Does a two-seater need 3 belts?", "Does a three-seater need 3 belts?"),
        ("Is 1,5 more than 1?", "Is 15 more than 1?"),
        ("Can I pay in 3 rates?", "Can I pay in four rates?"),
        ("Is ml short in millilitres?", "Is millilitre short in ml?"),
        ("How does a V8 work?", "How does a 8 work?"),
        ("How strong is the Mazda v6 engine?", "How strong is the Mazda 6 engine?"),
        ("What does % mean in Python?", "What does percent mean in Python?"),
        ("Why can I pay by card?", "Why can't I pay by card?"),
        ("How do I sign in?", "How do I sign up?"),
        ("How do I get a visa for the US?", "how do i get a visa for the us?"),
        ("How do I report it to them?", "HOW DO I REPORT IT TO THEM?"),
        ("What does IT do for a company?", "what does it do for a company?"),
        ("How do I cook in Turkey for guests?", "how do i cook in turkey for guests?"),
        ("How long is the wait in August here?", "how long is the wait in august here?"),
        ("How many MB are in a page?", "how many mb are in a page?"),
        ("What is NO in the air we breathe?", "what is no in the air we breathe?"),
        ("What is Co in a chemistry book?", "what is co in a chemistry book?"),
        ("What is C in a list of languages?", "what is c in a list of languages?"),
        ("What is the value of I in this circuit?", "what is the value of i in this circuit?"),
        ("How do I print Hello World in Go?", "how do i print hello world in go?"),
        ("What is the MD5 hash of Paris?", "what is the md5 hash of paris?"),
        ("How many letters has Paris in French?", "how many letters has paris in french?"),
        ("How do I call getName in JavaScript code {x}?", "how do i call getname in javascript code {x}?"),
        ("How many spaces are in a  b exactly?", "How many spaces are in a b exactly?"),
        ("Visit Nice?", "visit nice?"),
        ("Who is Paris?", "who is paris?"),
        ("How do I fix Paris in Chrome?", "how do I fix paris in Chrome?"),
        ("Does it run on COBOL OR Fortran?", "does it run on cobol or fortran?"),
        ("Hello in base64?", "hello in base64?"),
        ("Polish nails?", "polish nails?"),
        ("WHO funds it?", "Who funds it?"),
        ("What is the ASCII code of A?", "What is the ASCII code of a?"),
        ("How do I clean Windows?", "How do I clean windows?"),
        ("What is I in physics?", "What is i in physics?"),
        ("If I = 5, how much is it?", "If i = 5, how much is it?"),
        ('Is "can I go" right?', 'Is "can i go" right?'),
        ("What is 'a  b'?", "What is 'a b'?"),
        ("Why does this fail?\n  x = 1", "Why does this fail?\nx = 1"),
        ("Approve it?", "Approve it."),
        ("What is in a café?", "What is in a cafe?"),
        ("What is the best hotel in İstanbul", "what is the best hotel in i\u0307stanbul"),
        ("", "?"),
    ],
)
def test_what_may_be_asked_about_is_meant(a: str, b: str) -> None:
    assert not is_same_question(a, b)


@pytest.mark.parametrize(
    "question",
    [
        "Is PET safe for food?",
        "What is SOAP used for?",
        "How does a RAID work?",
        "How does a SQUID work in practice?",
        "How do I learn BASIC?",
        "How is a SOFA rated?",
        "How does COD work?",
        "How do I send a POST request using curl?",
        "How long does a Focus last?",
        "Who is the villain in Frozen?",
        "What do Bears eat in winter?",
        "How do I delete Photos from my phone?",
        "What is the plot of Her?",
        "Who plays drums in The Who?",
        "What is Os used for in industry?",
        "What does ls -L do here?",
        "Is bit.ly/AbCdE a safe link?",
        "What is the chord Am7 made of?",
        "Is Passw0rd a good choice?",
        "Does Linux know File from file?",
        "Is Corona bad for your lungs?",
        "What do Patriots do in winter?",
        "How do I renew my PIP in time?",
    ],
)
def test_a_capital_within_a_sentence_may_make_a_name_of_a_word(question: str) -> None:
    assert not is_same_question(question, question.lower())
    assert not is_same_question(question.lower(), question)


@pytest.mark.parametrize(
    "question",
    [
        "How do I merge PDFs on a Mac?",
        "How do I install Node.js on Ubuntu?",
        "What is the population of New York City?",
        "How do I file taxes with the IRS as an LLC?",
        "How does an MRI scan work?",
        "How much vitamin A is in a carrot?",
        "How do I apply for a job at Siemens in Leeds?",
        "How do I reset my voicemail PIN?",
        "What caused the First World War?",
        "How does Auth0 work with IPv6?",
        "What time zone is Texas in during the summer?",
        "Bears sleep in winter. Cars do not. Why is that?",
        "Is Mr Smith the name of the dog?",
        "How do I get to the Apollo Theatre?",
        "Who directed Seven in the end?",
    ],
)
def test_what_is_a_name_however_it_is_typed_is_typed_in_small_letters(question: str) -> None:
    assert is_same_question(question, question.lower())


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Is it login or log in?", "Is it log in or login?"),
        ("Which is right: e-mail or email?", "Which is right: email or e-mail?"),
        ("What does u mean in a text?", "What does you mean in a text?"),
        ("Is it rude to write pls?", "Is it rude to write please?"),
        ("What is the contraction of can't?", "What is the contraction of cannot?"),
        ("What is I'm short for?", "What is I am short for?"),
        ("Make this formal: it isn't late", "Make this formal: it is not late"),
        ("How do I write percent in LaTeX?", "How do I write % in LaTeX?"),
        ("Who directed Ocean's Eleven?", "Who directed Ocean's 11?"),
        ("What is the plot of Nine?", "What is the plot of 9?"),
        ("What is the mean of 1,200,300?", "What is the mean of 1200300?"),
    ],
)
def test_which_form_of_a_word_is_meant_may_be_what_is_asked_about(a: str, b: str) -> None:
    assert not is_same_question(a, b)
    assert not is_same_question(b, a)


@pytest.mark.parametrize(
    "question",
    [
        "What's the plot of Macbeth?",
        "How do I log in to Okta?",
        "How long is the 2nd half?",
        "My printer won't start. I'm lost.",
        "How do I set up two-step login?",
    ],
)
def test_forms_in_capitals_are_forms(question: str) -> None:
    assert is_same_question(question, question.upper())


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("How do I organise a city centre in grey?", "How do I organize a city center in gray?"),
        ("How many litres fit into a tyre?", "How many liters fit into a tire?"),
        ("Can a sixteen-year-old work in a bar?", "can a 16 year old work in a bar"),
        ("Explain blockchain in fifty words", "Explain blockchain in 50 words"),
        ("What is twenty-five squared?", "What is 25 squared?"),
        ("Who was the 14th president?", "Who was the fourteenth president?"),
        ("Can I run 5 kilometres in one hour?", "Can I run 5km in 1 hr?"),
        ("Do I pay a fee above €500?", "Do I pay a fee above 500 euros?"),
        ("What is the tax on $40k?", "What is the tax on 40,000 dollars?"),
        ("Is a five-year lease non-refundable?", "Is a 5 year lease nonrefundable?"),
        ("How do I log in to Okta?", "How do I login to Okta?"),
        ("Why dont cats like water?", "Why don't cats like water?"),
        ("Whats okay to wear?", "What's ok to wear?"),
        ("How do I parse a date in JS?", "How do I parse a date in JavaScript?"),
        ("How do I migrate from MySQL to Postgres?", "How do I migrate from MySQL to PostgreSQL?"),
        ("How long do eggs keep", "How long do eggs keep??"),
    ],
)
def test_spellings_amounts_and_hyphens_are_one_word(a: str, b: str) -> None:
    assert is_same_question(a, b)
    assert is_same_question(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Is colour American?", "Is color American?"),
        ("How do I rename the user postgres to postgresql?", "How do I rename the user postgresql to postgres?"),
        ("How do I spell colour?", "How do I spell color?"),
        ("How much are twenty five-dollar bills?", "How much are twenty-five dollar bills?"),
        ("What is an A-level worth?", "What is an a level worth?"),
        ("What can I buy for $20?", "What can I buy for £20?"),
        ("What can I buy for $20 million?", "What can I buy for 20 dollars?"),
        ("How long is 5 min?", "How long is 5 months?"),
        ("Who directed Twenty-One Grams?", "Who directed 21 Grams?"),
        ("What does ls -a do for me?", "What does ls a do for me?"),
        ("Who sings One Week?", "Who sings 1 Week?"),
        ("Will I be rich one day?", "Will I be rich 1 day?"),
        ("Is 5g bad for bees?", "Is 5 grams bad for bees?"),
        ("Can a pilot survive 9 g?", "Can a pilot survive 9 grams?"),
        ("Can I carry £50 on a plane?", "Can I carry 50 pounds on a plane?"),
        ("What does 7 % 2 give?", "What does 7 percent 2 give?"),
        ("How much are twenty five-euro tickets?", "How much are twenty-five-euro tickets?"),
        ("Why do birds stand on one foot?", "Why do birds stand on 1 foot?"),
        ("Does int accept ten in Python?", "Does int accept 10 in Python?"),
        ("Are 3,100 coprime?", "Are 3100 coprime?"),
    ],
)
def test_another_amount_or_a_form_that_is_asked_about_is_meant(a: str, b: str) -> None:
    assert not is_same_question(a, b)
    assert not is_same_question(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Who leads the labour party?", "Who leads the labor party?"),
        ("How long does a cheque take?", "How long does a check take?"),
        ("How do I read a metre?", "How do I read a meter?"),
        ("How do I end a dialogue?", "How do I end a dialog?"),
        ("What is David Grey known for?", "What is David Gray known for?"),
        ("What can I see in Tyre?", "What can I see in Tire?"),
        ("Who owns Endeavour?", "Who owns Endeavor?"),
        ("Is colour a valid CSS property?", "Is color a valid CSS property?"),
        ("Does Ruby call initialise?", "Does Ruby call initialize?"),
        ("What is the password of the user postgres?", "What is the password of the user postgresql?"),
        ("Who was JS Bach?", "Who was JavaScript Bach?"),
        ("What is new in JS Bach?", "What is new in JavaScript Bach?"),
        ("Why is it called k8s?", "Why is it called kubernetes?"),
        ("How do I program a PIC?", "How do I program a picture?"),
        ("What is the info command in Redis?", "What is the information command in Redis?"),
        ("Is docker-compose deprecated?", "Is docker compose deprecated?"),
        ("What does apt-get do?", "What does apt get do?"),
        ("What do I do about a man-eating shark?", "What do I do about a man eating shark?"),
        ("Is the bank open Monday-Friday?", "Is the bank open Monday Friday?"),
        ("How do I log in Python?", "How do I login Python?"),
        ("What happens when I run cd ..", "What happens when I run cd"),
        ("Is it safe to run rm -rf .", "Is it safe to run rm -rf"),
    ],
)
def test_what_only_looks_like_another_form_is_another_word(a: str, b: str) -> None:
    assert not is_same_question(a, b)
    assert not is_same_question(b, a)


@pytest.mark.parametrize(
    "letter",
    [
        "Hi team, how do I reset the thermostat?",
        "Good morning, how do I reset the thermostat? Thank you!",
        "Sorry, quick question: how do I reset the thermostat?",
        "Dear support,\nhow do I reset the thermostat?\nMany thanks",
        "How do I reset the thermostat? Thanks in advance!",
        "Hello! How do I reset the thermostat?",
    ],
)
def test_what_a_letter_has_around_its_question_is_not_meant(letter: str) -> None:
    assert is_same_question(letter, "How do I reset the thermostat?")
    assert is_same_question("How do I reset the thermostat?", letter)


def test_a_question_need_not_begin_with_its_question_word() -> None:
    assert is_same_question("For new employees, what is the rule? Best, Anna", "For new employees, what is the rule?")


@pytest.mark.parametrize("thanks", ["Thanks, John", "Kind regards,\nTom Becker", "Best, Anna", "Cheers, Sam"])
def test_a_name_says_nothing_under_what_is_asked_but_may_be_in_what_was_answered(thanks: str) -> None:
    signed = f"Hello, how do I reset the thermostat? {thanks}"

    assert is_same_question(signed, "How do I reset the thermostat?")
    assert not is_same_question("How do I reset the thermostat?", signed)


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("Write a letter to my landlord. Thanks, John", "Write a letter to my landlord."),
        ("How do I politely say I am sorry? Thanks", "How do I politely say I am sorry?"),
        ("Hi John, where is my son now?", "Where is my son now?"),
        ("How are you doing this morning? Best, Anna", "How are you doing?"),
        ("Hello World, what is it for?", "What is it for?"),
        ("What does my name mean? Thanks, John", "What does my name mean?"),
        ("Could you draft a note to my landlord? Thanks, John", "Could you draft a note to my landlord?"),
        ("Hello: who sings it in the film?", "Who sings it in the film?"),
        ("Which ending is more formal, kind regards", "Which ending is more formal"),
        ("How do I take a screenshot? Sent from my iPhone", "How do I take a screenshot? Sent from my Galaxy"),
        ("How do I take a screenshot? Sent from my iPhone", "How do I take a screenshot?"),
        ("Hi HR, who is my contact?", "Hi IT, who is my contact?"),
        ("Dear sales, what is your phone number?", "Dear service desk, what is your phone number?"),
        ("Good morning, can I still order breakfast?", "Good evening, can I still order breakfast?"),
        ("Good evening. Is the stock market open?", "Is the stock market open?"),
        ("Hello, what language is it?", "Hey, what language is it?"),
        ("Good day, is this rude in Japan?", "Greetings, is this rude in Japan?"),
        ("Which language is this? Best wishes", "Which language is this? Cheers"),
        ("Is that a polite ending?\nYours faithfully", "Is that a polite ending?\nCheers"),
        ("When do I use it? Yours faithfully", "When do I use it? Thank you very much"),
        ("What are the office hours? Thanks, Mumbai Office", "What are the office hours?"),
        ("When is the next holiday? Best, Japan", "When is the next holiday?"),
        ("How much do I have to pay? Thanks, Student", "How much do I have to pay?"),
        ("Can I enter the lab? Cheers, Dr Watson", "Can I enter the lab?"),
    ],
)
def test_what_is_to_be_written_and_who_is_spoken_to_is_meant(asked: str, stored: str) -> None:
    assert not is_same_question(asked, stored)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("What is the difference between a virus and a worm?", "What's the difference between a worm and a virus?"),
        ("Compare cats and dogs", "Compare dogs and cats"),
        ("What do lions and tigers have in common?", "What do tigers and lions have in common?"),
        ("Which is bigger, Texas or France?", "Which is bigger, France or Texas?"),
        ("Should I use oil or butter?", "Should I use butter or oil?"),
        ("Compare Google Sheets and Excel", "Compare Excel and Google Sheets"),
        ("What is the difference between the sun and Mars?", "What is the difference between Mars and the sun?"),
    ],
)
def test_two_things_that_are_compared_have_no_order(a: str, b: str) -> None:
    assert is_same_question(a, b)
    assert is_same_question(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Are cats or dogs smarter?", "Are dogs or cats smarter?"),
        ("How do cats and dogs differ?", "How do dogs and cats differ?"),
        ("Can I mix bleach and vinegar?", "Can I mix vinegar and bleach?"),
        ("Is it safe to mix ammonia with bleach?", "Is it safe to mix bleach with ammonia?"),
        ("Does ibuprofen interact with alcohol?", "Does alcohol interact with ibuprofen?"),
        ("How does Spotify compare to Deezer?", "How does Deezer compare to Spotify?"),
        ("How is a llama different from an alpaca?", "How is an alpaca different from a llama?"),
        ("Compare tea with coffee", "Compare coffee with tea"),
        ("Which is better, green tea or coffee?", "Which is better, coffee or green tea?"),
        ("Can I take aspirin and ibuprofen together?", "Can I take ibuprofen and aspirin together?"),
    ],
)
def test_what_each_is_to_the_other_is_for_the_scorer(a: str, b: str) -> None:
    assert veto(a, b) is None
    assert not is_same_question(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("What is the ratio between length and width?", "What is the ratio between width and length?"),
        ("What is the difference between 5 and 3?", "What is the difference between 3 and 5?"),
        ("What is the exchange rate between yen and won?", "What is the exchange rate between won and yen?"),
        ("What differs between a cat and a dog with fleas?", "What differs between a dog and a cat with fleas?"),
        ("Compare red cats and dogs", "Compare red dogs and cats"),
        ("Why do dogs chase cats and mice?", "Why do cats chase dogs and mice?"),
        ("Is a Golf or a Polo cheaper than a Fiesta?", "Is a Fiesta or a Polo cheaper than a Golf?"),
        ("Is Texas bigger than France and Spain?", "Is France bigger than Texas and Spain?"),
        ("How do I wash and dry wool?", "How do I dry and wash wool?"),
        ("What is the difference between their and there?", "What is the difference between there and there?"),
        ("Roe vs Wade", "Wade vs Roe"),
        ("velocity vs time for a falling ball", "time vs velocity for a falling ball"),
        (
            "What is the set difference between primes and squares?",
            "What is the set difference between squares and primes?",
        ),
        ("What is the difference between x and y?", "What is the difference between y and x?"),
        ("How many days difference is between May and June?", "How many days difference is between June and May?"),
        (
            "How do I calculate the difference between cost and price?",
            "How do I calculate the difference between price and cost?",
        ),
        (
            "Model a one-to-many relationship between men and cats",
            "Model a one-to-many relationship between cats and men",
        ),
        ("When is the last connection between Rome and Milan?", "When is the last connection between Milan and Rome?"),
        ("What differs between a man and a cat in a hat?", "What differs between a cat and a man in a hat?"),
        (
            "What is the difference between life and death in jail?",
            "What is the difference between death and life in jail?",
        ),
        (
            "Should I use oil or butter if the former is cheaper?",
            "Should I use butter or oil if the former is cheaper?",
        ),
        ("Which is first, tea or coffee?", "Which is first, coffee or tea?"),
        ("Which is option A, cash or credit?", "Which is option A, credit or cash?"),
        ("Is red or white wine better?", "Is white or red wine better?"),
        ("Is Windows compatible with Android?", "Is Android compatible with Windows?"),
        ("Is Rome similar to Paris or London?", "Is London similar to Paris or Rome?"),
        ("Compare tea with coffee to cake", "Compare cake with coffee to tea"),
        ("Can I talk with Anna to Ben?", "Can I talk with Ben to Anna?"),
        ("How do teachers interact with students?", "How do students interact with teachers?"),
        ("How do men compare to women in sports?", "How do women in sports compare to men?"),
        (
            "What is the difference between schools and universities in Germany?",
            "What is the difference between universities in Germany and schools?",
        ),
        (
            "What is the difference between young men and women?",
            "What is the difference between women and young men?",
        ),
        ("Are older women or men smarter?", "Are men or older women smarter?"),
        ("Can I eat raw fish and meat?", "Can I eat meat and raw fish?"),
        ("Is my son or daughter taller?", "Is daughter or my son taller?"),
        ("Which is worse, losing money or time?", "Which is worse, time or losing money?"),
        ("Are men or women with diabetes healthier?", "Are women with diabetes or men healthier?"),
        ("What is the right order, wash and dry?", "What is the right order, dry and wash?"),
        ("Can I take aspirin and ibuprofen after beer?", "Can I take ibuprofen and aspirin after beer?"),
    ],
)
def test_an_order_that_may_say_something_is_meant(a: str, b: str) -> None:
    assert not is_same_question(a, b)
    assert not is_same_question(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("How do I pay in euros?", "How do I pay euros in?"),
        ("How do I get over my friend?", "How do I get my friend over?"),
        ("How do I turn on the TV and off the radio?", "How do I turn off the TV and on the radio?"),
        ("How do I turn the TV on and the radio off?", "How do I turn the TV off and the radio on?"),
        ("How do I set up the table and back my files?", "How do I set the table and back up my files?"),
        ("How do I get from Oslo to Bergen by train?", "How do I get to Oslo from Bergen by train?"),
        ("Can I get money from my parents to pay rent?", "Can I get money to pay rent from my parents?"),
        ("Is it far from a hotel in Rome to Naples?", "Is it far to Naples from a hotel in Rome?"),
        ("How do I spell turn off the light?", "How do I spell turn the light off?"),
        ("How do I pay back taxes?", "How do I pay taxes back?"),
        ("How do I get back pain relief?", "How do I get pain relief back?"),
        ("Can I put on weight after surgery?", "Can I put weight on after surgery?"),
        ("Can I leave out the eggs?", "Can I leave the eggs out?"),
        ("Did they find out their way?", "Did they find their way out?"),
        ("How do I bring up my grades?", "How do I bring my grades up?"),
        ("Can I take my car over to France?", "Can I take over my car to France?"),
        ("How do I trade in stocks?", "How do I trade stocks in?"),
        ("How do I turn off road lights?", "How do I turn road lights off?"),
        ("How do I sell off campus housing?", "How do I sell campus housing off?"),
        ("Can I get to vote from abroad?", "Can I get from abroad to vote?"),
        ("Can I put down jackets in the dryer?", "Can I put jackets down in the dryer?"),
        ("Can I take the baby away from home?", "Can I take away the baby from home?"),
        ("How do I turn off the phone not the TV?", "How do I turn the phone off not the TV?"),
        ("Who sings Turn Off the Lights?", "Who sings Turn the Lights Off?"),
        ("What is Take Back the Night?", "What is Take the Night Back?"),
        ("How do I get to work from home?", "How do I get from home to work?"),
        ("Can I sell goods to buyers from Chile?", "Can I sell goods from Chile to buyers?"),
        ("How do I write to my friend from school?", "How do I write from school to my friend?"),
        ("How do I fly to Paris from Rome or Bari?", "How do I fly from Rome to Paris or Bari?"),
        ("Is there a train to York from Leeds station?", "Is there a train from Leeds to York station?"),
        ('Say "x" and turn off  alarm', 'Say "x" and turn  alarm off'),
    ],
)
def test_what_stands_elsewhere_may_say_something_else(a: str, b: str) -> None:
    assert not is_same_question(a, b)
    assert not is_same_question(b, a)


@pytest.mark.parametrize(
    "repeated", ["$5 ", "OK ", "Hi team, ", "a-", "two-", "log in ", "1,", "turn off ", "from x to y "]
)
def test_comparing_takes_as_long_as_the_texts(repeated: str) -> None:
    def cost(times: int) -> float:
        text = repeated * times
        spent = []
        for _ in range(3):
            started = process_time()
            is_same_question(f"{text}a", f"{text}A ")
            spent.append(process_time() - started)
        return min(spent)

    assert cost(8_000) < 24 * max(cost(1_000), 1e-5)
