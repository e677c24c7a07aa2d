"""What is never stored in languages that the heads do not know: prompts about now and commands, by their words."""
# ruff: noqa: RUF001 - letters of other scripts are meant

from __future__ import annotations

from time import process_time

import pytest

from proxy.core.admission import never_stored
from proxy.core.odds import PromptOdds
from proxy.core.reasons import DropReason
from proxy.core.route import Domain

CALM = PromptOdds(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, languages={"en": 0.02, "de": 0.5, "fr": 0.4})
"""Of heads that hear another language, and in it nothing that they know."""


@pytest.mark.parametrize(
    "prompt",
    [
        "Wie spät ist es?",
        "Wie wird das Wetter morgen?",
        "Was ist der aktuelle Leitzins?",
        "Hat der Supermarkt noch offen?",
        "Wie hoch ist der Bitcoinkurs?",
        "Was kostet ein Bitcoin?",
        "Wie steht die Aktie von Siemens?",
        "Quel est le prix du bitcoin ?",
        "¿Cuál es el precio del oro?",
        "Quanto vale un bitcoin?",
        "Wat is de koers van bitcoin?",
        "Quelle heure est-il ?",
        "Qui a gagné le match hier soir ?",
        "¿Qué hora es?",
        "¿Cuánto vale el dólar hoy?",
        "Che tempo fa oggi a Roma?",
        "Vai chover amanhã no Porto?",
        "Hoe laat is het?",
        "Wat is de huidige prijs van goud?",
        "Która jest godzina?",
        "Какая завтра погода?",
        "Bugün hava nasıl?",
        "今天天气怎么样？",
        "今何時ですか？",
        "지금 몇 시예요?",
        "كم الساعة الآن؟",
    ],
)
@pytest.mark.parametrize("heads", [CALM, None], ids=["heads", "no heads"])
def test_what_is_asked_about_now_is_never_stored(prompt: str, heads: PromptOdds | None) -> None:
    assert never_stored(prompt, heads, Domain()) is DropReason.TIME_BOUND


@pytest.mark.parametrize(
    "prompt",
    [
        "Schick Anna eine Nachricht, dass ich später komme.",
        "Kannst du bitte einen Tisch für zwei reservieren?",
        "Mach das Licht im Flur aus.",
        "Kannst du mir ein Taxi rufen?",
        "Können Sie meine Rechnung bezahlen?",
        "Peux-tu m'appeler un taxi ?",
        "Pouvez-vous m'envoyer un mail ?",
        "¿Puedes llamar un taxi?",
        "Puoi chiamare un taxi?",
        "Envoie un message à Paul.",
        "Rappelle-moi d'appeler maman.",
        "Por favor, transfiere 50 euros a Ana.",
        "Cancela mi cita del viernes.",
        "Manda un messaggio a Luca.",
        "Me lembre de comprar pão.",
        "Zet het licht in de gang uit.",
    ],
)
def test_what_is_told_to_be_done_is_never_stored(prompt: str) -> None:
    assert never_stored(prompt, CALM, Domain()) is DropReason.SIDE_EFFECT


@pytest.mark.parametrize(
    "prompt",
    [
        "Wie setze ich mein Passwort zurück?",
        'Wie sagt man auf Englisch "Guten Morgen"?',
        "Was frühstückt man in Japan am Morgen?",
        "Mein Kind hat seit gestern Fieber, was kann ich tun?",
        'Was bedeutet das Wort "derzeit"?',
        "Übersetze ins Englische: Ich komme morgen nicht zur Arbeit.",
        "Traduis en anglais : « Quelle heure est-il ? »",
        "Corrige: Hoy voy ha la playa.",
        "Heute ist der 3. Mai 2025. Welche Feiertage folgen auf dieses Datum?",
        "Warum regnet es in Irland so viel?",
        "Wie überweise ich Geld ins Ausland?",
        "Was ist eine Aktie?",
        "Wie funktioniert Bitcoin?",
        "Wo steht Gold im Periodensystem?",
        "Puoi chiamare una funzione in Python?",
        "Können Sie mir sagen, wie meine Kunden bezahlen?",
        "Comment s'appelle un taxi à Londres ?",
        "Kannst du mir erklären, wie ich eine Rechnung bezahle?",
        "Schreibe ein Gedicht über den Morgen.",
        "Wie schalte ich das Licht per Alexa aus?",
        "Combien de temps avant un vol faut-il arriver ?",
        "Comment annuler une commande ?",
        "¿Qué se desayuna por la mañana en México?",
        "¿Cómo envío un paquete?",
        "Pon tres ejemplos de metáforas.",
        "Ordina i numeri 3, 1, 2.",
        "O que comer no café da manhã?",
        "Wat krijg ik als mijn vlucht vertraagd is?",
        "Столица Норвегии?",
        "如何重置密码？",
    ],
)
def test_ordinary_prompts_of_other_languages_are_stored(prompt: str) -> None:
    assert never_stored(prompt, CALM, Domain()) is None


@pytest.mark.parametrize(
    "prompt",
    ["What does heute mean?", "Who founded the Agora of Athens?", "How do I say maintenant in German?", "heute show"],
)
def test_a_foreign_word_in_english_says_nothing(prompt: str) -> None:
    english = PromptOdds(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, languages={"en": 1.0})

    assert never_stored(prompt, english, Domain()) is None


@pytest.mark.parametrize("repeated", ["mach ", "seit heute ist ", "zet de bitte ", "ß", "今"])
def test_only_the_edges_of_a_long_text_are_read(repeated: str) -> None:
    text = repeated * 100_000
    started = process_time()

    never_stored(text, None, Domain())

    assert process_time() - started < 1.0
