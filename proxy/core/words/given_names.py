"""Given names: who signs with one says nothing of place, office or role."""

from __future__ import annotations

from proxy.core.words.common import words_of

GIVEN_NAMES = words_of("""
adam ahmed alan albert alejandro alex alexander alexandra alice alina amanda amy ana andrea andreas andrew andy angela
anita anja anna anne anthony antonio arthur barbara beatrice ben benjamin bernd birgit bob brian bruno carl carla carlos
carmen carol caroline catherine cathy charles charlie chris christian christina christine christopher claire clara
claudia colin dan daniel dave david deborah dennis diana diego dirk donald donna dorothy doug edward elena elisabeth
elizabeth ellen emily emma eric erik erika eva fatima felix fernando fiona frances francesco francis frank franz fred
gary george gerald gina giovanni giulia greg hannah hans harry heidi helen henry ian igor ines ingrid irene
isabel ivan jack jacob james jan jane janet jason javier jeff jennifer jenny jeremy jessica jim joan joe johan johannes
john johanna jonas jonathan jorge jose josef joseph juan judith judy julia julian julie juan karen karin karl kate
katherine kathy katja katrin kevin kim klaus laura lars lea lena lea linda lisa louis louise luca lucas lucia lucy
luis luisa lukas maggie manuel marco margaret maria marie mario marion markus marta martha martin martina mary
matt matthew matthias max megan melanie melissa michael michel michelle miguel mike miriam mohamed mohammed monica
monika natalie nathan nicholas nick nicole nina nora olga oliver olivia oscar pablo pamela patricia patrick paul
paula pedro peter petra phil philip pierre priya rachel rafael rahul ralf ralph ravi rebecca richard rita rob robert
roberto roger ron ruth ryan sabine sally sam samantha samuel sandra sara sarah scott sean sebastian sergio sharon
silvia simon simone sophia sophie stefan stephanie stephen steve steven sue susan susanne sven sylvia tanja
teresa theo theresa thomas tim timothy tina tobias tom tony uwe valentina vera veronica victor wendy werner william
wolfgang xavier yusuf
""")
"""None that is a place, a title or a calling besides: Paris, Jordan, Dean."""
