"""Words and word pairs of system texts with their weight for payload scopes (positive); generated.

Written by `classifier_export.prompts.wording`; `^` is the start of a sentence. Keys are weights in tenths.
"""

from __future__ import annotations

OFFSET = -0.86
STEP = 0.1

WORDINGS: dict[int, str] = {
    -12: """
help use
""",
    -11: """
^~what
""",
    -10: """
answer explain
""",
    -9: """
^~no answers question where your
""",
    -8: """
^~use at~the do if prefers speak steps the~law user~prefers
""",
    -7: """
^~mention ^~plain ^~respond ^~this about answer~only assistant assistant~for expert information like options
output~as sources style~: the~end
""",
    -6: """
^~help ^~style about~it above are asks~for as~the bot can code~examples end examples examples~in farmers first
follow handbook have headings helps law manner partner pensioners point questions reasoning reply~in respond
respond~in show solve teach the~language user~is when write~for yourself
""",
    -5: """
^~greet ^~never ^~speak ^~support ^~under answer~as ask at avoid be coach code~in consultant developers discuss do~i
field give~the greet guests how how~do instructions is keep~a know language~: language~of needed never out~what play
politely question~of recommend source start stay students than then the~customer the~documents the~questions
to~beginners to~do to~the user who within within~the with~a you you~have
""",
    -4: """
^~act ^~answer ^~avoid ^~be ^~everything ^~i ^~markdown ^~show ^~start ^~stay ^~talk ^~users ^~work add~a
administrators after and~get answer~from answer~the are~the asked asks ask~about assumptions before before~you
beginners board bold caller caller~needs clerks colleagues come~from correct~errors customers describe documentation
done done~politely drivers each~answer errors~that everything~that example explain~it fans field~reply game get~it
happy help~them information~for in~their isn't is~the it~done it~to json~with keep~it line~at love make~in members
mention model more~than moved moved~to needs needs~and no~lists offer one~paragraph one~short only~discuss
only~whatever page~of paragraph~plain parents passages possible problem questions~come questions~from questions~only
reason return~only short~paragraph should start~with tell tenants their~assumptions there the~board the~caller
the~facts the~field the~handbook the~page the~passages the~user to~answer travellers tutor up~in use~the war
what~are what~is why with work~out your~answer you~know you~teach
""",
    -3: """
^~add ^~address ^~answers ^~coach ^~code ^~follow ^~just ^~questions ^~reply ^~sign ^~solve ^~sound ^~sources
^~stick ^~tell ^~thank ^~think ^~why ^~you're about~sports about~the abroad account act adapt~to advise agent airbus
amazon and~explain and~help and~suggest answers~only answer~in answer~to answer~what an~email an~emergency apple
are~on asking assistant~explains at~most a~debate a~game a~good a~list banking base be~brief bot~of by~first
can~translate catering channel channel~: charity chatbot chat~about chat~is citizens classification comes~from
compare~them convert~units cooking corrected~text count~steps customer customer's customer's~problem day debate
debate~partner did discussion discussion~on don't education emergency emergency~information every~answer
every~discussion every~question explains fashion files first~name follow~the ford format~: for~it for~our friend
from~abroad give given~above going guide guide~for help~for hints host hotline inform information~line in~a in~every
isn't~there is~a is~from italy it~helps it~isn't it~short i~want just learn learning level level~of listen may
numbers number~if on only~the opposite opposite~view otherwise~say our output~style passages~answer play~a policy
product~help programming public questions~on reply reply~: requests request~comes rewrite~texts rome rules~of
say~that sentences~at short should~i side sign~as simple small solve~what sources~: steps~from stick stick~to
structured suggest summarize~and support team tesla texts~if text~classification text~given thank that~it their
then~give they~are the~customer's the~documentation the~level the~opposite the~press think this~channel tone~:
to~plan translate~summarize under~words units units~for unless unless~asked user's~message user's~request
user~follows user~may view view~in visitors walmart want~to were what~to when~asked where~it write~a write~in you're
your~source you~can you~chat you~explain you~love you~play
""",
    -2: """
^~always ^~ask ^~assistant ^~banking ^~besides ^~call ^~can ^~catering ^~charity ^~cite ^~context ^~don't ^~energy
^~faq ^~for ^~hints ^~how ^~include ^~inform ^~length ^~lesson ^~otherwise ^~prefer ^~pretend ^~product
^~programming ^~reason ^~recommend ^~sales ^~send ^~sentences ^~teach ^~technical ^~the ^~tips ^~tutor ^~walk
^~warranty ^~when ^~who about~our academic act~as add advice advice~to advisor ai also also~translate always am
and~csv and~recommend answers~for answer~and anything an~ai an~assistant an~example are~patient are~professionals
asked~about assume as~guesses as~they as~you attached aviation avoid~the a~beginner a~child a~conversation a~hotline
a~job a~one a~playful a~quest a~question a~specialist a~star based based~on beginner besides be~asked be~exact
boeing boeing's books briefly businesslike but but~facts by~heart by~step call~the calm calories canada can~also
can~i captain card chat chat~agent chicago child cite citizens~ask code~samples cold~war context context~:
conversation~partner conversation~with corrected covered crisp csv~files customer~is customer~through days desk~for
detect~what documentation~of documents egypt errors everyone exact explain~how explain~research explain~to
explain~what facts~below faq faq~of filtering finnish~as following~is format~your for~airbus for~and for~every
for~ford for~text four~sentences from~one general git given~the give~a give~advice give~hints give~practical go
guesses guesses~as guide~of has have~a health heart hello hints~not historian home honest hotline~for hours~and
how~it how~long how~to i if~a if~someone include india intel invoices~and in~each in~perl in~simple in~typescript
is~covered is~looking it~costs it~fits it~works json~and juggling just~the kind knowledge knows know~the
label~guesses language law~in law~of length~: lesson~planner like~a limit logistics looking looking~for manner~of
markdown~output mark~uncertain members~ask mention~the mentor mentor~: merchants model~number most most~four
most~lines must must~be names~stay narrator narrator~of need need~it netflix never~write nothing~but not~offer
not~solutions no~answer no~links nurses of~shell old options~when order or~finnish or~summarize our~product
paragraphs passive passive~voice patient patient~with people planner planner~for please~at point~to policy~:
practical practical~advice prefer press~about pretend price problems professionals programming~tutor quest
question~about r reason~step receive~questions recognition recommend~a refuse request research~on respond~to
rewrite~or role role~: sales sales~assistant samples score~options search~keywords sentence~summary short~answers
show~code sign simple~words solemn solutions solve~the someone someone~asks spam~filtering specialist specialist~in
speech~recognition star~of stay~as step step~by step~instructions subject~: suggest~a summarize~if support~for
symptoms symptoms~of take talk talk~in talk~like task~answer teacher teachers~of technical technical~support
than~words that~you the~assistant the~attached the~best the~city the~cold the~fix the~key the~manner the~narrator
the~passive the~person think~like this~is through~the tips tips~for topic~: tourism to~call to~citizens to~compare
to~customers to~learn to~you translate~nothing translate~rewrite travel uncertain uncertain~statements understand
upbeat users user~captain walk walk~the want warranty warranty~desk was~the water week what~it when~needed where~to
whom whom~to who~helps will~help with~me words~please works would~to write~as write~more write~to your~answers
you~advise you~do you~need you~say you~speak you~when you~would
""",
    -1: """
^~above ^~advise ^~assume ^~customers ^~expert ^~explain ^~give ^~goal ^~good ^~guide ^~historian ^~hold ^~keep
^~kitchen ^~manual ^~modest ^~now ^~our ^~pair ^~pensioners ^~playful ^~policy ^~public ^~q ^~role ^~shopping
^~short ^~substitutes ^~visas ^~write ^~your about~fashion about~grammar about~translations above~is act~like
advice~on advisor~for agent~for alternatives and and~how and~knows and~love and~raised and~recipes and~rewrite
and~ticket and~we another~department answers~are answers~that answer~employees' answer~it answer~questions app
app~guide are~closed are~embedded are~from are~in are~its are~learning are~my ask~what ask~you assistant~is
assistant~of assistant~who assume~that as~an as~felix as~your august authors aviation~expert a~aviation a~bot
a~consultant a~diplomatic a~firm a~fix a~friendly a~guide a~hr a~problem a~senior a~solemn a~week belong belong~to
berlin be~a be~academic be~chatty be~upbeat blinks bot~helps brazil briefly~to buddy buddy~number by~saying call
cause~and century chatbot~who chatty chat~with city~guide clean~code click closed closed~in come compare computing
consultant~for conversation cooks costs costs~and days~of dentistry department~: describe~a desk docker
documents~needed do~next embedded embedded~in employees' employees'~questions enthusiasm estate even even~when
example~in expert~mode expert~witness facts facts~matter fair fermentation find~out finnish firm firm~for
five~seconds for for~apple for~data for~five for~newcomers for~teachers france friendly friendly~chatbot from~it
gardener give~answers goal goal~: good good~assistant greet~people handbook~of health~insurance hello~in helper
helper~: help~administrators help~drivers help~the help~travellers here hired hired~two hobby hobby~cooks hold
hold~the home~office hours if~you immune immune~system include~an invoices in~app in~august in~character in~examples
in~french in~japanese in~kotlin in~rome in~scala is~about is~one is~wrong its~minutes it~takes i~am i~have
job~seekers jonas keep~code key~for kitchen kitchen~helper lamp lamp~blinks learning~buddy leave~happy legal library
long long~it loves love~your madrid mail~routing manual~: matter matter~: meeting~of mention~opening mention~two
merchants~ask minutes~: mode modest mode~: monday my~friend newcomers newcomers~to now~you number~one nutrition of
office office~a of~home of~monday of~netflix of~tesla one~for one~sentence only~explain on~quantum opening
opening~hours pablo pair~programmer paris partner~on patients pensions people~by people~to people~where person
persona persona~: plain prices~and prices~dates problem~with products professional~in programmer~for q quantum
quantum~computing questions~of q~a raised raised~prices read~your real real~estate recipes recipes~for replies
reply~as research reset respond~briefly retail roofing routing rule rules rules~prices samples~small say saying
saying~hello say~so sceptic schools schools~health seconds seconds~to seekers send~people senior service shop
shopping shopping~advisor shop~assistant solution source~when speak~about standing star stay~calm stay~on study
substitutes substitutes~timings sum~up takes taking taking~minutes task~is teachers tell~people tenants~ask terms
terms~and th the~bot the~corrected the~immune the~in the~lamp the~manual the~model the~public the~question the~rule
the~stars the~th through th~century ticket~prices timings timings~and tone tourists tourists~in to~click to~explain
to~farmers to~merchants to~questions to~reset transcript~below translations~belong travel~in turn~to
two~alternatives two~days two~people two~words under user's~question users~are users~describe user~write use~bullet
visas visas~schools vivid was way way~to were~a we~are we~moved we~talk whatever~the what~you when~it who~loves wine
with~enthusiasm with~problems witness witness~on work works~what work~at would write~clean write~r wrong wrong~and x
year you're~the your~replies your~task your~town you~about you~inform you~think you~were you~with
""",
    1: """
^~all ^~convert ^~does ^~find ^~identify ^~is ^~key ^~letter ^~list ^~mood ^~people ^~provide ^~tags ^~visitors
^~whatever ^~you a about~documents about~real about~vacation against against~the all~places an and~benefits
and~forms and~shipping anonymise~the answer~them an~hr applicant are~tom assistant~at audience a~critic
a~knowledgeable a~press a~researcher a~short a~support a~title a~translation back~when below be~casual check~the
children clarity classify~the code~reviews condense~it counting counting~votes critic critic~of desk~of diplomatic
discuss~methods dubai each~document email~addresses experience feedback~form forms~needed for~beginners for~clarity
for~each for~laymen french from~keywords given given~a gives~the haiku~of hr~assistant hr~specialist identify in
invoice~order in~arabic in~vietnamese its~main it~into journalist keep keywords~: key~points knowledgeable
knowledgeable~travel know~more language~comes leave legal~advice letter~from long~experience main~points manual
methods~with me~what mood~of neutral no nothing~else number number~only offers on~the orders~refunds order~or
or~other payroll payroll~and perl personal personal~data placeholders points~of points~to politics prices price~list
professional~with provide pull~the read~the refunds refunds~and reply~to researcher researcher~on respectful
review~the score~the sends~a shareholders shown software song~text sql student style~of sums~in tagging taxes
the~category the~engineer the~journalist the~keywords the~recipe the~sums the~trainee the~volunteer think~when
this~chat too to~date to~know to~six to~talk trainee translation translations travel~guide turn~it turn~the urgent
vacation vacation~payroll voice votes we whatever~language whenever when~i when~visitors who~ask who~want will~be
with~long with~one with~questions write you~only you~to you~will
""",
    2: """
/~no : ^~allowed ^~billing ^~character ^~chat ^~decide ^~determine ^~digest ^~do ^~draft ^~drafts ^~duplicate
^~emojis ^~every ^~flash ^~generate ^~in ^~input ^~intent ^~interpret ^~male ^~messages ^~name ^~proofread ^~r
^~rate ^~read ^~reduce ^~rephrase ^~result ^~sports ^~subtitle ^~sum ^~tests ^~text ^~whenever about~orders
about~taxes about~them abstract abstract~for accept address adverbs adverbs~from allowed~: amara~the amount
and~amount and~an and~leave and~list and~output and~returns and~size anonymise~it answer~like answer~that an~english
an~outline are~: are~amara are~handed are~our are~separated arrive arrive~in asked~who assign assign~labels
assistant~translates as~json author a~checklist a~email a~headline a~law a~recipe a~sermon a~subject a~summary
a~time a~tool a~tutor between~a between~the billing billing~delivery buyer by by~sentence cards cards~from casual
catering~company character~count checklist choose co colour colour~and come~in comment~the company~and complaint
correct~it count~of count~the croatian crooked crooked~and danish dates decide delivery~returns department~of
detection detection~for determine determine~whether dictation digest digest~of documents~so do~not drafts
drafts~come duplicate duplicate~? each~email else emojis~for en english~speaker english~to enter en~une
every~sentence exam exam~question explain~step farming figure fits~the flash flash~cards following~facts follows
forum~? for~code for~japan for~parents from~law from~the from~to from~what full generate given~by gives~to give~back
give~legal grade~the greek hand handed handle handle~many hand~them headline~for help~users hindi hr if~asked
improve~the incoming input~: inserts insults intent~detection interpret interpret~between into~a investors
in~crooked in~dutch in~hungarian in~name in~spanish in~words is~between is~it is~to is~your italian~translator it~?
it~is i~enter job~is korean labels labels~to language~is le leave~straight le~texte lines line~in links list~when
long~documents many~a mark~the matters mentions messages~arrive message~reply mixed moderate~the moderation~for
most~words name~in name~street need~not never~give next not note not~talk nurses~ask of~every of~whatever one ones
one~at only~: on~grammar on~in orders or~no or~not our~price outline out~of owners page paste paste~a phone php
points~at politics~science positive~negative product professional proposal~below pupils questions~in question~on
question~points rate readability read~a read~long receive receive~a reduce reduce~each remove~adverbs rephrase
rephrase~the result result~only return~it return~the rewrite~the rhyme right row rows rows~at russian rust r~sume
said say~keep science sentence~by separated~by sheet shorten~it short~abstract short~summary six~words so sort~the
speaker speaker~and spoken spoken~line sports~politics sql~inserts straight street street~town style~department
subtitle subtitle~the suivant suivant~en sum sume sume~le summaries~only summarize~the summary~of support~agent
swear tags~for tag~the teaser teaser~for tell~me texte texte~suivant text~below text~from that~a them~on them~one
they~wrote the~application the~blog the~brief the~catering the~chat the~conversation the~diary the~document
the~email the~essay the~exam the~incoming the~lesson the~lines the~nurse the~paragraph the~pasted the~patch
the~product the~pull the~song the~spoken the~support the~teaser the~ticket the~transcript the~user's things~cost
this~class this~conversation this~email time to~customer to~german to~rhyme to~words translates translate~what
turn~for two~letters two~rows ukrainian une une~phrase up up~to urgent~or user's users~with user~turn use~our
visitors~ask voice~message volunteer warm was~said we~handle what~they what~things what~when whenever~a which~of
who~what who~you with~members with~the wording would~playful yes~/ yes~or your~work you~are you~assign you~get
you~hand
""",
    3: """
? ^~commit ^~complete ^~condense ^~count ^~cut ^~detect ^~high ^~hot ^~labels ^~literal ^~port ^~print ^~refactor
^~remove ^~restore ^~reverse ^~same ^~say ^~sentiment ^~sql ^~transcribe ^~we about~python adapt~the add~types
advert~private alt and~degrees and~grammar and~reply angry~is anonymise~names answer~is any~text an~experienced
appear application arabic are~a are~unsure as~bibtex a~change a~copy a~paragraph a~proposal a~reviewer a~table
a~writing behaviour below~as be~shown blog~entry blurb break break~the bug bullet by~xxx change chat~title clean~the
code comes~in commit commit~message complete complete~the config config~file continue~my contracts convert~things
copy~editor correct~the cut cut~the c~to data~as deadline degrees detect diary diary~entry dictate draft e each~line
each~one editor~for edit~the essay essays essence essence~of every~word ever~produce experienced experienced~hr
facts~about fact~check female female~unknown find fix~the forms for~my for~pupils for~this function give~its gloss
gloss~under goes goes~out green greeting guest half hebrew how~angry interview in~english in~half ip ip~addresses
is~pasted is~sent items it~about i~dictate i~send i~will japanese japanese~translator keep~or labels~: laymen
lists~features literal low~? make~the male male~female medium mention~? missing moderation~: news news~advert
nothing nothing~more now no~greeting of~at of~what only~ever or~false or~remove or~unsafe output~: patch people~and
per~line phrase port portuguese port~the praise printed print~no private process product~review proofread
pull~request put~the python quantities query quiz quiz~questions rank~what recap red red~yellow refactor refactor~my
restore return~a reverse reverse~it reviewer reviewer~of review~my safe~or same~behaviour says script search send
send~you sent shown~a simplify~for six skills skills~and song~texts sound~more so~that spam~? spanish spanish~out
speechs spelling~and subject subject~line summaries summaries~two summarise~in summarize summary~please sum~it
support~ticket swedish table talk~to task tenant text~is the~call the~class the~colleague the~contract the~cv
the~deadline the~driver the~essence the~forum the~function the~guest the~intent the~pupil the~query the~review
the~sentence the~stylesheet the~survey the~tenant the~translation things~to title~words toxic to~perl translate~it
translate~the translate~them translation~of true~or types~to unchanged under~every unknown unsafe unsure unsure~say
up~for up~the up~what user~pastes user~will variant vietnamese want~? we~process what~was whether whether~the which
which~language will~send will~write with~hot with~their writes write~english xml xxx yellow yellow~green
your~comments your~job you~convert you~correct you~sentences
""",
    4: """
^~comprehension ^~criticise ^~edit ^~expand ^~fact ^~fill ^~hide ^~json ^~keywords ^~links ^~moderate ^~only ^~parts
^~phonetic ^~positive ^~produce ^~put ^~rank ^~replace ^~return ^~review ^~slots ^~sort ^~spell ^~summaries
^~summarise ^~task ^~title ^~topic ^~transliterate ^~true ^~which about~? alphabet and~print and~roles angry any
an~answer articles at~a b back~in by~the category classifier class~to code~review cold colleague commas comments
comprehension comprehension~questions convert copy criticise criticise~my csv date delivery dose draft~an driver
drug drug~dose editor emails everything~back every~message expand e~mail fact false feedback file fill five fix
following forum~post from from~now give~everything give~this hardware hardware~software hide high high~medium
hungarian italian it~up json~: label lesson~plan links~only low mail make~it medium~low messages message~is minutes
moderate moderation more negative network not~answer now~on no~comment of~speech ok output~the parts parts~of pastes
phonetic phonetic~alphabet phone~numbers positive post prompt prose pupil put rank rate~the recipe replace
respond~with returns rewrites rewrite~in rewrite~it roles said~in sentence~: separated slots slots~:
software~network song sort spam~check spans spell spelling stop stylesheet survey~answer swahili tags that
that~rewrites the~brochure the~e the~following the~interview the~invoice the~letter the~memo the~minutes
the~notebook the~report the~sermon the~text things tool~that topic transcribe translator~from transliterate true
turkish types user~sends whatever~arrives what~the write~what writing writing~tool yes~no you~condense you~receive
you~write
""",
    5: """
^~caption ^~classify ^~grammar ^~improve ^~lemmas ^~moderation ^~normalise ^~prices ^~reformat ^~reword ^~score
^~spam ^~turn addresses between bibtex business caption chat~log clean codes company~would contract count cv
detect~emotions document does~the down dutch edit emotions format~as for~business gives helpful how~many html
improve intent interpreter interpreter~for lemmas lesson letters list make many~words memo named names normalise
notebook notes no~remarks one~word other output~a passage per plural points product~codes pull questions~about read
reformat remarks say~it summarise survey tests tests~for the~article the~code the~input the~newsletter the~passage
the~proposal the~speech the~style the~two topic~? to~json two version~please write~the wrote yaml you~label you~read
""",
    6: """
^~clean ^~format ^~from ^~headline ^~parse ^~plural ^~simplify ^~tag ^~yes all as~a as~csv blog brochure case class
classify content email entry explain~this form formal formal~address format for~the german grammar hot hot~warm
is~this it~in log newsletter one~per only output parse press~statement produce~a remove sentiment sermon statement
task~: the~message to tool to~php translate turn upper upper~case warm~cold what what~follows will
""",
    7: """
^~a ^~continue ^~extract ^~fix ^~grade ^~paraphrase ^~polish ^~shorten ^~summarize ^~translate and~return
answer~short arrives article a~helpful comment condense continue data entities everything forum helpful~assistant
invoice in~the it~for i~write keywords letter manual~page many name pasted polish report score sends tag ticket to~a
version words yes
""",
    8: """
^~anonymise ^~correct ^~number ^~redact advert company every extract headline keep~the marks my paraphrase proposal
redact same shorten simplify spam summary that~the whatever word
""",
    9: """
answer~with back be~precise check correct grade input precise print speech transcript
""",
    10: """
^~as anonymise each in~plain its reply~with reword
""",
    11: """
/ ^~make english json of~the produce what~i
""",
    12: """
it return rewrite sentence title translator
""",
    13: """
message or this
""",
    14: """
^~rewrite
""",
    15: """
^~to line
""",
    16: """
review
""",
    17: """
into please the
""",
    20: """
text
""",
    23: """
out
""",
}
