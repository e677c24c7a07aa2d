"""Common words of English and of the languages that prompts are mistaken for English in."""
# ruff: noqa: RUF001 - the Turkish dotless i is meant

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """The distinct words of a list."""
    return frozenset(text.split())


ENGLISH = words_of("""
a an the and or but not no yes of to from by with without into onto about as at for on in is are was were be been
being am do does did done don't doesn't didn't can can't cannot could couldn't will won't would should shouldn't
shall may might must have has had haven't hasn't i i'm i've i'd i'll you you're your yours my mine me we our ours us
they their them he his him she her it its it's this that these those there here what what's which who who's whose
whom when where where's why how how's if then than because while during before after between against over under
again only also just very too more most some any all each every other another such own same so please thanks hello
hi hey get got give make need want like know tell show find use using work works help much many long does really
good best better new first last next way ways
""")

FOREIGN: dict[str, str] = {
    "de": """
der das und ist nicht ich sie wir ihr mein meine meinen meiner dein deine kann können könnte wie wo wann warum
welche welcher welches wer wem für mit ohne auf aus bei nach von vom zum zur zu über unter durch gegen um ein eine
einen einem einer den dem des auch noch nur sehr wird werden wurde haben hat habe hatte sein sind bin bitte danke ja
nein oder aber wenn dass muss möchte soll gibt es im am kein keine keinen mir mich dich uns euch diese dieser dieses
diesen alle viel mehr bestellung rechnung rückerstattung passwort konto kündigen stornieren lieferung zahlung
gutschein lehne genehmige ändere ändern löschen lösche zurücksetzen umtauschen heute morgen hauptstadt erkläre
erklären übersetze kosten kostet dauert funktioniert geld sicher unterschied versand adresse schicke zeige öffnen
schließen setze hallo guten tag
""",
    "fr": """
le la les un une des du et est sont je tu il elle nous vous ils elles mon ma mes ton ta tes votre vos notre nos leur
leurs ce cet cette ces qui que quoi quel quelle quels quelles où quand pourquoi comment combien avec sans dans sur
sous chez vers pour par pas ne plus très être avoir fait faire peut peux puis-je pouvez voulez veux dois doit faut
il y a-t-il est-ce qu'est-ce c'est j'ai n'est d'un d'une l' merci bonjour s'il oui mais ou donc au aux en
remboursement commande facture compte mot passe livraison paiement annuler annulez annule approuve approuver rejette
refuse refuser supprimer réinitialiser modifier expliquer expliquez traduire capitale adresse coûte coûter combien
remboursez demande aujourd'hui dois-je puis sécurité différence entre fonctionne argent colis abonnement envoyer
ouvrir fermer montrez
""",
    "es": """
el la los las un una unos unas y es son soy está están estoy yo tú él ella nosotros ustedes mi mis tu tus su sus
nuestro este esta esto estos estas ese esa eso qué que quién cuál cuáles cuándo dónde cómo cuánto cuánta cuántos por
para con sin sobre entre desde hasta hacia del al de en no sí pero o porque muy más también puedo puede puedes
quiero necesito tengo tiene hay ser hacer haber gracias hola favor reembolso pedido factura cuenta contraseña envío
pago cancelar cancela aprueba aprobar rechaza rechazar eliminar borrar cambiar restablecer explica explicar traduce
capital dirección cuesta seguro diferencia funciona dinero suscripción enviar abrir cerrar muestra ayuda devolver
tarjeta tarda hoy
""",
    "it": """
il lo la gli un una uno e è sono sei siamo io tu lui lei noi voi loro mio mia miei mie tuo tua suo sua nostro questo
questa questi queste quello quella che chi cosa quale quali quando dove come perché quanto quanta quanti con senza
per tra fra di da del della dei delle degli dello al alla ai alle nel nella sul sulla dal dalla non più molto anche
posso può puoi voglio ho ha hai abbiamo c'è fare essere avere grazie ciao favore rimborso ordine fattura conto
spedizione pagamento annullare annulla approva approvare rifiuta rifiutare cancellare eliminare cambiare reimpostare
spiega spiegare traduci capitale indirizzo costa sicuro differenza funziona soldi abbonamento inviare aprire
chiudere mostra carta oggi
""",
    "pt": """
o os as um uma uns umas e é são sou está estão estou eu tu ele ela nós vocês você meu minha meus minhas seu sua seus
suas nosso nossa este esta isto esse essa isso aquele que quem qual quais quando onde como porquê quanto quantos
quantas com sem para por pelo pela entre desde até do da dos das no na nos nas ao à de em não sim mas ou porque
muito mais também posso pode quero preciso tenho tem há ser fazer ter obrigado obrigada olá favor reembolso pedido
fatura conta senha palavra-passe envio pagamento cancelar cancele aprovar aprove rejeitar rejeite recusar excluir
apagar alterar redefinir explique explicar traduza capital endereço custa seguro diferença funciona dinheiro
assinatura enviar abrir fechar mostre hoje
""",
    "nl": """
de het een en niet ik jij je hij zij wij jullie mijn jouw uw ons onze dit dat deze wie wat welke wanneer waar waarom
hoe hoeveel met zonder voor van naar bij tussen uit over onder door tegen ook nog maar zeer meer zijn bent ben heb
heeft hebben had kan kunt kunnen wil wilt moet moeten mag zal worden wordt er geen als dan om te op aan alsjeblieft
alstublieft dank bedankt hallo terugbetaling bestelling factuur rekening wachtwoord levering betaling annuleren
annuleer goedkeuren afwijzen weigeren verwijderen wijzigen resetten leg uit vertaal hoofdstad adres kost veilig
verschil werkt geld abonnement sturen openen sluiten toon keur wijs vandaag
""",
    "pl": """
i w z na do nie się jest są jestem ja ty on ona my wy oni mój moja moje moją mojego twój twoja ten ta to te tego tej
kto co który która które jaki jaka jakie kiedy gdzie dlaczego jak ile czy oraz lub ale bo dla bez od po pod nad
przed przez między przy tylko też bardzo więcej można mogę może możesz chcę muszę mam ma mieć być zrobić proszę
dziękuję cześć dzień dobry zwrot zamówienie zamówienia faktura konto konta hasło hasła dostawa płatność anulować
anuluj zatwierdź zatwierdzić odrzuć odrzucić usunąć usuń zmienić zmień zresetować wyjaśnij przetłumacz stolica
stolicą adres kosztuje bezpieczne różnica działa pieniądze subskrypcja subskrypcję wysłać otworzyć zamknąć pokaż
dzisiaj
""",
    "tr": """
ve bir bu şu o ben sen biz siz onlar benim senin bizim sizin için ile değil mi mı mu mü musun mısın var yok ne nedir
kim hangi ne zaman nerede neden niçin nasıl kaç kadar gibi daha çok en de da ki ama veya ya çünkü sonra önce olarak
olan olur etmek yapmak istiyorum istiyor lütfen teşekkürler merhaba evet hayır iade iadeyi sipariş siparişi
siparişim fatura hesap hesabımı şifre şifremi teslimat ödeme iptal et onayla reddet sil değiştir sıfırla açıkla
çevir başkenti adres güvenli fark arasındaki para abonelik gönder aç kapat göster yapabilir miyim bugün nasıl
edebilirim
""",
    "sv": """
och är inte jag du vi ni min mitt mina din ditt hur när varför vilken vilket vad vem för med utan från eller men som
ett den det kan ska vill måste har finns tack hej snälla beställning återbetalning lösenord konto mig mellan också
""",
    "da": """
og er ikke jeg du vi min mit mine din dit hvordan hvornår hvorfor hvilken hvad hvem hvor med uden fra eller men som
et det kan skal vil må har findes tak hej venligst bestilling refusion adgangskode konto mig mellem også af
""",
    "no": """
og er ikke jeg du vi min mitt mine din ditt hvordan når hvorfor hvilken hva hvem hvor med uten fra eller men som et
det kan skal vil må har finnes takk hei vennligst bestilling refusjon passord konto meg mellom også av
""",
    "fi": """
ja ei ole on mikä kuka missä milloin miksi miten kuinka tämä se minun sinun minä sinä voinko voin voi haluan kanssa
ilman mutta tai kiitos hei tilaus tilauksen hyvitys salasana salasanan tilini peruuta mitä
""",
    "cs": """
a je není jsem jsi jsou můj moje moji tvůj který která které kdo co kde kdy proč jak kolik pro bez od do na se si že
ale nebo prosím děkuji ahoj objednávka objednávku vrácení heslo účet zrušit schválit zamítnout mohu můžu chci mám
""",
    "hu": """
és nem egy az van vagyok hogyan mikor miért hol ki mi melyik mennyi hogy vagy de csak is kell lehet szeretném
köszönöm kérem rendelés rendelésem jelszó jelszavam fiók visszatérítés törlés mit
""",
    "ro": """
și este sunt nu eu tu el ea noi voi meu mea mei mele ce cine care unde când cum cât pentru fără din la cu dar sau vă
te rog mulțumesc comanda parola contul rambursare rambursarea anulează aprobă respinge pot vreau am să
""",
    "id": """
yang dan di ke dari untuk dengan tidak bukan saya anda kamu kami kita ini itu apa siapa mana kapan mengapa kenapa
bagaimana berapa adalah bisa dapat ingin harus ada tolong terima kasih pesanan kata sandi akun batalkan setujui
tolak
""",
    "vi": """
và là của không tôi bạn anh chị này đó gì ai nào đâu khi tại sao như thế bao nhiêu có thể được cho với từ đến hoặc
nhưng xin cảm ơn đơn hàng mật khẩu tài khoản hủy hoàn tiền làm
""",
}

SHARED = ENGLISH | words_of("""
die war also man bin hat an so was will in on me he as at no do i a plus des en is it am to of for by per via or la
le el da du de du te met ton tu on sans son fait mode pose main pour pas les aux si son mi un que por al van der von
no men ten bad her hier era come sale code data over under door and wil has den dem dig ma pa us my man uns dit est
sur par ne lo ha se do el los las san santa del sol dos tres casa ml co os ex et ai au me je su te di da capital
file mail app email online web mi ta tom hi e o y u i w z na po od ti pot van si am cum ce main sum far let kan via
to te ja on se ole ki mu ne en adres address adresse conto para mai data ordine argent note page agenda total error
normal control final general hotel taxi radio piano legal social digital internet service support chat bot login
test demo set tag her hat fort ab dam mag moet als dan toon kost seguro capitale costa carta favor favor pago dinero
hola hallo ciao merci gracias bonjour grazie danke amigo adios por favor voi vous chi lui far fare mit ohm rest tot
rot gut uno una demand demande passe mot compte commande livre parole senior sever sin con contra pro hay soy tiene
ser tras entre sobre hoy mas este esta eso fin ver vi ai cho sao anh co do em minh tin tien nam dan di ke dari ada
dari mana itu ini akun apa
""")

SOFTWARE = words_of("""
css html xml json yaml csv sql pdf png jpg jpeg gif svg regex div http https ftp ssh ssl tls tcp udp dns dhcp smtp imap
vpn wifi usb hdmi gpu cpu ssd hdd url urls uri api apis sso oauth localhost linux ubuntu debian macos mac ios npm pip
conda numpy pandas pytorch tensorflow mysql postgres postgresql sqlite mongodb redis kafka nginx apache matplotlib
github gitlab kubernetes kubectl terraform ansible jenkins aws azure bash powershell vim vscode javascript typescript
nodejs angular vue django kotlin php golang malloc printf struct enum async sudo cron crontab chmod grep awk curl wget
webhook webhooks iphone ipad android gmail
""")
"""Names and words of software that every language writes alike, and no dictionary has."""
