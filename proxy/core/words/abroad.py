"""Time-bound prompts and commands in languages other than English, by their surest words alone.

The heads know English. Elsewhere identical requests are still answered from memory: what the time is and
what was told to be done must be heard there, too. Texts are folded; whoever asks knows that they are not English.
"""
# ruff: noqa: RUF001 - letters of other scripts are meant

from __future__ import annotations

from proxy.core.words.fold import any_of

_BREAKFASTS = r"(?<!guten )(?<!am )(?<!jeden )(?<!den )(?<!der )(?<!einen )(?<!zum )(?<!goede )(?<!de )(?<!elke )"
"""Before `morgen`, which is a morning, too."""

TIMELESS_ABROAD = any_of(
    r'"[^"]{1,200}"|«[^»]{1,200}»|„[^"]{1,200}"',
    r"^(?:bitte )?(?:übersetze?n?|korrigiere?n?|verbessere?n?|traduis|traduisez|traduire|corrige[rz]?|traduce|traducir|"
    r"traduci|tradurre|correggi|traduza|traduzir|corrija|vertaal|corrigeer|verbeter)\b.*",
    r"\b(?:seit|depuis|desde|sinds|od|sedan|siden|sejak) "
    r"(?:heute(?: morgen| früh)?|gestern(?: abend)?|hier(?: soir| matin)?|"
    r"ce matin|ayer|hoy|anoche|esta mañana|ontem|hoje|gisteren|vandaag|vanmorgen|dziś|wczoraj|i ?går|i ?dag|kemarin)\b",
    r"\bda (?:ieri(?: sera)?|oggi|stamattina)\b|\bde (?:ieri|azi)\b",
    r"\b(?:heute (?:ist|haben wir)|(?:aujourd'hui,? )?nous sommes|aujourd'hui,? c'est|hoy es|oggi è|hoje é|"
    r"vandaag is het) [\w,. ]{0,30}\d",
    r"\b(?:aktuelle\w*|heutige\w*) (?:datum|uhrzeit|zeit)\w*: ?\d|"
    r"\b(?:(?:date|heure)s? actuelles?|(?:fecha|hora) actual|(?:data|ora) attuale|(?:data|hora) atual) ?: ?\d|"
    r"\bhuidige (?:datum|tijd): ?\d",
)
"""Cut out before the time words are looked for: what is quoted or handed over to be translated or corrected, since when
something lasts, and a date that the text gives itself."""

_QUOTED = (
    r"(?:bitcoins?|btc|ethereum|gold|silber|oro|ouro|goud|zilver|l'or|aktien?|dax|actions? \w+|acciones de|azioni)"
)
_PRICE = r"(?:preis|kurs|kostet|wie steht|prix|vaut|coûte|precio|vale|cuesta|prezzo|costa|preço|custa|prijs|koers|kost)"

TIME_ABROAD = any_of(
    # Prices that a market makes anew
    rf"\b{_PRICE} (?:[\w']+ ){{0,3}}?{_QUOTED}\b|\b(?:bitcoin-?|gold|aktien|börsen)(?:kurs|preis|koers|prijs)\b",
    # German
    r"\b(?:heut(?:e|ige[mnrs]?)|gestern|gestrige[mnrs]?|derzeit|zurzeit|momentan|gegenwärtig|aktuell(?:e[mnrs]?)?|"
    r"neueste[mnrs]?|jetzt(?! (?:tun|machen))|im moment|zur zeit(?! (?:der|des|von))|übermorgen|vorgestern|"
    r"wie (?:spät|spaet) ist|wie ?viel uhr|wie (?:ist|wird) das wetter|"
    r"(?:wetter|wetterbericht|wettervorhersage|staus?|verkehrslage) (?:in|auf|am|für)|"
    r"welche[nrs]? (?:wochentag|tag|datum|monat) (?:ist|haben)|den wievielten|"
    r"nächste[nrs]? (?:zug|bus|bahn|flug|fähre|spiel|woche|vollmond|feiertag)|"
    r"letzte[nrs]? (?:woche|nacht|spieltag)|diese[mnrs]? (?:woche|wochenende|monat|jahr|sommer|winter))\b",
    r"\bgerade ?[?.!]*$|\bnoch (?:offen|geöffnet|verfügbar|bis weihnachten|(?:auf|frei|da)(?= ?[?.!]*$))\b|"
    r"\b(?:neuigkeiten (?:zu|von|über)|wie steht es (?:zwischen|bei|im)|spielstand|wer führt|wechselkurs|dollarkurs|"
    r"(?:heizölpreis|ölpreis|benzinpreis)|(?:warm|kalt) ist es (?:draußen|in)|wann spielt .{1,30} wieder|"
    r"brauche ich .{0,20}regenschirm|(?:autobahn|straße|strecke|brücke) .{0,20}gesperrt)\b|"
    r"^(?:läuft|funktioniert|geht) .{1,40} wieder\b|^hat .{1,30} verspätung\b",
    r"(?<!warum )(?<!wieso )(?<!wo )(?<!oft )(?<!wenn )\b(?:regnet|schneit) es\b",
    r"\b" + _BREAKFASTS + r"morgen\b",
    # French
    r"\b(?:aujourd'hui|demain|avant-hier|hier (?:soir|matin)|d'hier|maintenant|actuel(?:le|s|les|lement)?|"
    r"en ce moment|ce soir|cette (?:semaine|année|nuit)|ce (?:week-end|mois)|quelle heure est|"
    r"quelle heure il est|quel jour (?:sommes|on est|est-on)|quel temps (?:fait|fera)|météo|"
    r"dernières (?:nouvelles|infos|actualités)|prochaine? (?:train|bus|vol|match|métro|tram|semaine)|ce matin|"
    r"jours avant (?:noël|pâques|le nouvel an|l'été|les vacances)|(?<!pourquoi )(?:pleut-il|neige-t-il)|"
    r"est-ce qu'il (?:pleut|neige)|"
    r"(?:score|résultat) du match|qui mène|taux de change|cours (?:du|de l[a']) ?(?:dollar|euro|bitcoin|or|pétrole)|"
    r"quoi de neuf|encore (?:ouverte?s?|des places|disponibles?)|dernière version|où en est|bouchons sur)\b",
    # Spanish
    r"\b(?:hoy|ayer|anoche|ahora(?: mismo)?|actual(?:es|mente)?|esta (?:noche|semana|tarde)|este (?:mes|año|fin)|"
    r"qué hora es|que hora es|qué tiempo (?:hace|hará)|últimas noticias|en este momento|"
    r"próxim[oa] (?:tren|autobús|bus|vuelo|partido|metro|semana)|cuántos? (?:días )?faltan? para|"
    r"está (?:lloviendo|nevando)|va a llover|cómo va el partido|quién va ganando|tipo de cambio|"
    r"(?:a )?cuánto (?:está|vale|cotiza) el (?:euro|dólar|bitcoin|oro)|quedan (?:entradas|plazas|billetes)|"
    r"sigue abiert[oa]|última versión|hay (?:atascos|huelga)|está caíd[oa])\b",
    r"(?<!la )(?<!cada )(?<!una )\bmañana\b",
    # Italian
    r"\b(?:oggi|domani|ieri|stasera|stamattina|adesso|attual(?:e|i|mente)|in questo momento|"
    r"che or[ae] (?:sono|è)|che tempo (?:fa|farà)|ultime notizie|questa (?:settimana|sera)|questo (?:mese|weekend)|"
    r"prossim[oa] (?:treno|autobus|volo|partita|settimana)|"
    r"quant[oi] (?:giorni )?manca(?:no)? a|sta (?:piovendo|nevicando|vincendo)|tasso di cambio|"
    r"quanto (?:vale|costa) (?:il dollaro|l'euro|il bitcoin|l'oro)|ancora (?:aperto|posti|biglietti)|"
    r"ultima versione|c'è (?:uno )?sciopero|c'è traffico)\b",
    # Portuguese
    r"\b(?:hoje|amanhã|ontem|agora|atual(?:mente)?|neste momento|que horas são|esta (?:noite|semana)|"
    r"últimas notícias|previsão do tempo|próxim[oa] (?:trem|comboio|ônibus|autocarro|voo|jogo|semana)|"
    r"quantos dias faltam|está (?:chovendo|a chover|nevando|ganhando|a ganhar)|taxa de câmbio|"
    r"(?:a )?quanto (?:está|vale) o (?:dólar|euro|bitcoin|ouro)|ainda (?:aberto|há (?:ingressos|bilhetes|vagas))|"
    r"versão mais recente|última versão|fora do ar|está em greve)\b",
    # Dutch
    r"\b(?:vandaag|gisteren|momenteel|vanavond|vanmiddag|huidige|hoe laat is het|wat voor weer|laatste nieuws|"
    r"nu (?:open|geopend|dicht|nog)|nu(?= ?\?$)|op dit moment|deze (?:week|maand)|dit weekend|"
    r"volgende (?:trein|bus|vlucht|wedstrijd|week)|hoeveel (?:dagen|weken) (?:nog )?tot|"
    r"wisselkoers|wie staat (?:er )?(?:voor|bovenaan)|nog (?:open|kaarten|plaats)|zijn er .{0,20}vertragingen|"
    r"nieuwste versie|files? op|(?:warm|koud) is het (?:buiten|in))\b",
    r"(?<!waarom )(?<!vaak )(?<!als )\b(?:regent|sneeuwt) het\b|^is .{1,30} vertraagd\b",
    # Polish, Czech
    r"\b(?:dziś|dzisiaj|jutro|wczoraj|teraz|obecnie|aktualn\w+|która (?:jest )?godzina|najnowsz\w+)\b",
    r"\b(?:dnes|zítra|včera|teď|aktuáln\w+|kolik je hodin)\b",
    # Swedish, Danish, Norwegian, Finnish
    r"\b(?:i ?dag|i ?morgon|i ?morgen|i ?går|i ?kväll|i aften|i kveld|just nu|lige nu|akkurat nå|"
    r"(?:vad|hvad|hva) er? klock?[ae]n?|vad är klockan|tänään|huomenna|eilen|paljonko kello)\b",
    # Turkish, Romanian, Hungarian, Indonesian, Vietnamese
    r"\b(?:bugün\w*|yarın|dün|şu ?an(?:da)?|şimdi|saat kaç|hava (?:durumu|nasıl)|güncel|son haberler)\b",
    r"\b(?:astăzi|azi|mâine|acum|cât e ceasul|hány óra van|holnap|tegnap|jelenleg)\b",
    r"\b(?:hari ini|besok|kemarin|sekarang|saat ini|jam berapa|hôm nay|ngày mai|hôm qua|bây giờ|hiện tại|mấy giờ)\b",
    # Cyrillic, Greek
    r"\b(?:сегодня(?:шн\w+)?|завтра(?:шн\w+)?|вчера(?:шн\w+)?|сейчас|который час|последние новости|"
    r"прогноз погоды|погода (?:в|на)|курс (?:доллара|евро|рубля|биткоина)|текущ\w+ курс|"
    r"сьогодні|вчора|зараз|котра година|днес|утре|сега)\b",
    r"\b(?:σήμερα|αύριο|χθες|τώρα|τι ώρα είναι)\b",
    # Scripts that put no spaces between words, or put more into one
    r"今天|今日(?!は[。！!]?$)|今晚|今夜|现在(?!完成|分词|进行)|現在(?!完了|進行|分詞|形)|目前|明天|明日|昨天|昨日|最新|"
    r"几点(?:了|？|\?|$)|幾點|何時(?:です|？|\?|$)|今何時",
    r"오늘|지금|내일|어제|현재(?!형|완료|진행)|최신|몇 시(?:예요|야|인가요|입니까)",
    r"الآن|غد[اًا]|أمس|حالي[اًا]|كم الساعة|(?:طقس|الجو|سعر|أخبار|تاريخ).{0,20}اليوم",
    r"امروز|فردا|دیروز|היום|עכשיו|מחר|אתמול|आज|अभी|วันนี้|ตอนนี้|พรุ่งนี้",
)

_ASKED = (
    r"^¿?(?:(?:hallo|hey|hi|bonjour|salut|hola|ciao|olá|oi|bitte|s'il (?:te|vous) plaît|por favor|per favore|"
    r"alsjeblieft|alstublieft|peux-tu|pouvez-vous|tu peux|puedes|podrías|puoi|potresti|pode|você pode)[,.!:]? ){0,3}"
)
_SOME_DE = r"(?:mir|uns|mich|bitte|noch|ein(?:e[nmrs]?)?|de[nrm]|die|das|zwei|drei|meine?[nrms]?|alle|\d+)\b"
_SOME_FR = r"(?:moi|nous|une?|l[ae]s?|l'|mon|ma|mes|notre|nos|deux|trois|tou(?:s|tes)|\d)"
_SOME_ES = r"(?:me|nos|una?|el|la|los|las|mis?|nuestr\w+|dos|tres|tod[oa]s|\d)"
_SOME_IT = r"(?:un[ao']?|il|la|lo|le|i|gli|mi[ao]|miei|mie|nostr\w+|due|tre|tutt\w+|\d)"
_SOME_PT = r"(?:uma?|os?|as?|meus?|minhas?|noss\w+|dois|duas|tod[oa]s|\d)"
_SOME_NL = r"(?:mij|me|ons|een|de|het|mijn|onze|nog|twee|drie|alle|\d)"

ACT_ABROAD = any_of(
    _ASKED + r"(?:elimina (?:mis?|mi[aoe]|miei|tod[oa]s|tutt\w)|ordina (?:un[ao']?|due|tre|altr\w)) ",
    _ASKED + r"(?:pon|metti|coloque|define) (?:una?|la|el|um|uma|o) (?:alarma|sveglia|alarme|temporizador|timer)\b",
    _ASKED + r"(?:schicke?|sende|überweise?|lösche?|erinnere?|bezahle?|storniere?|kündige?|buche?|bestelle?|"
    r"reserviere?|verschiebe?|schalte?|aktiviere?|deaktiviere?|sperre?|starte?|schließe?) " + _SOME_DE,
    _ASKED + r"(?:schicke?|sende|überweise?|ruf) \w+ (?:ein\w*|die|das|den|\d|an\b)",
    _ASKED
    + r"(?:mach\w*|stelle?|schalte?|dreh\w*|setze?|leg\w*|füge?|trage?|rufe?|leite?|spiele?) .{1,60}\b(?:aus|an|ein|ab|"
    r"weiter|leiser|lauter|wärmer|kälter|heller|dunkler|wecker\b.{0,20}|"
    r"(?:kalender|\w*liste|warenkorb)(?: hinzu| ein)?)[.!]*$",
    _ASKED + r"stelle? (?:mir )?(?:ein\w*|den) (?:wecker|timer|erinnerung)\b",
    r"^(?:bitte )?(?:kannst|könntest|würdest|können) (?:du|sie)(?! mir (?:sagen|zeigen|erklären)) .{1,80}\b"
    r"(?:schicken|senden|löschen|überweisen|buchen|"
    r"bestellen|reservieren|stornieren|kündigen|absagen|verschieben|rufen|anrufen|bezahlen|weiterleiten|eintragen|"
    r"ausschalten|einschalten|ausmachen|anmachen)[?.!]*$",
    _ASKED + r"(?:envoie[rz]?|envoyez|supprime[rz]?|réserve[rz]?|annule[rz]?|commande[rz]?|éteins|éteignez|éteindre|"
    r"allume[rz]?|paie|paye[rz]?|programme[rz]?|bloque[rz]?|appelle[rz]?|lance[rz]?|redémarre[rz]?|ferme[rz]?|monte[rz]?|"
    r"baisse[rz]?) " + _SOME_FR,
    _ASKED + r"(?:m'|me |nous |lui )?(?:appeler|envoyer|réserver|commander) (?!une fonction)" + _SOME_FR,
    _ASKED + r"(?:ajoute[rz]?|mets|mettez|mettre) .{1,50}\b(?:liste|panier|agenda|calendrier|degrés|réveil|minuteur)\b",
    _ASKED + r"(?:(?:rappelle|réserve|commande|envoie|achète)[rz]?-(?:moi|nous|lui|leur)|"
    r"(?:vire[rz]?|transfère|transférer) .{0,30}\d)",
    _ASKED + r"(?:env[ií]a(?:r|le)?|enviar|manda(?:r|le)?|borra|reserva|pide|cancela|apaga|enciende|paga|"
    r"transfiere|transferir|programa|bloquea|llama|llamar|reinicia|sube|baja|cierra|abre) (?:a )?" + _SOME_ES,
    _ASKED + r"(?:añade|agrega|añadir|agregar) .{1,50}\b(?:lista|carrito|agenda|calendario)\b",
    _ASKED + r"(?:(?:recuérda|resérva|envía|mánda|cómpra|píde)(?:me|nos|le|les)|transfiere \d)\b",
    _ASKED + r"(?:manda(?:re)?|invia(?:re)?|spegni|spegnere|accendi|prenota(?:re)?|cancella|disdici|annulla|"
    r"imposta|paga|trasferisci|blocca|chiama(?:re)?(?! una funzione)|alza|abbassa|riavvia|chiudi|apri) " + _SOME_IT,
    _ASKED + r"(?:aggiungi|aggiungere) .{1,50}\b(?:lista|carrello|agenda|calendario)\b",
    _ASKED + r"(?:ricorda|prenota|manda|invia|ordina|compra)(?:m[ie]|ci|gli)\b",
    _ASKED
    + r"(?:envi[ae]r?|mand[ae]r?|apag(?:ue|a)|reserv[ae]|cancel[ae]|ped(?:e|ir)|peça|pagu?[ea]|transf(?:ira|ere)|"
    r"lig(?:ue|a)|deslig(?:ue|a)|bloquei[ae]|reinici[ae]|aument[ae]|abaix[ae]|defina) (?:para )?" + _SOME_PT,
    _ASKED + r"(?:adicione|adiciona|acrescente|coloque) .{1,50}\b(?:lista|carrinho|agenda|calendário)\b",
    _ASKED + r"(?:me lembr[ea]|lembr[ea]-me)\b",
    _ASKED + r"(?:stuur|verstuur|verwijder|reserveer|boek|bestel|annuleer|betaal|blokkeer|bel) " + _SOME_NL,
    _ASKED + r"(?:zet|doe|voeg) .{1,60}\b(?:aan|uit|harder|zachter|\w*lijst|agenda|wekker.{0,20})[.!]*$",
    _ASKED + r"(?:speel|start|open|sluit) (?:de|het|mijn|wat|een)\b",
    _ASKED + r"(?:herinner (?:me|mij|ons)|maak .{0,20}\d.{0,20} over)\b",
)
