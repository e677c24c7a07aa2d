"""Words of system texts, neighbours and kinds, with their weight for payload scopes (positive); generated.

Written by `classifier_export.prompts.wording`; `core.scope_wording` says what they mean. Keys are weights in tenths.
"""

from __future__ import annotations

OFFSET = 0.19
STEP = 0.1

WORDINGS: dict[int, str] = {
    -15: """
use
""",
    -14: """
%sentences1 chat
""",
    -13: """
answer help questions your
""",
    -12: """
%towards ask
""",
    -11: """
expert question
""",
    -10: """
^~answer~the answers guide speak
""",
    -9: """
^~ask ^~label ^~speak answer~_~the asked conversation discuss explain on recommend respond
""",
    -8: """
<work>~_~as <work>~nothing ^~no ^~support advise always answer~the avoid bot explains ideas language~$ plain~<text>
politely reply~in the~<text>~: the~law tutor where
""",
    -7: """
%words12 <people> <tongue>~only ^~<tongue>~only ^~_~your ^~answer ^~keep ^~mention ^~output ^~plain~<text> about
above assistant assistant~$ at~the be being do~_~<work> explain~_~$ farmers first handbook information language~:
language~:~$ mention one~paragraph our quote replies respond~to say sources suggestions support support~$ the~<one>
""",
    -6: """
<text>~answer <tongue>~only~$ <work>~_~law <work>~the~law ^~_~answers ^~_~examples ^~_~replies ^~_~tone ^~advise
^~avoid ^~format ^~help ^~keep~it ^~list ^~mark ^~put ^~tone~: ^~use advice answer~only api ask~what at~_~end
at~the~end a~_~expert a~question buddy corrected~text do~not~<work> examples expert~$ field format~: for~a fun game
help~$ how important json~with know level lists merchants never of~your on~_~<work> out~what passages pensioners
point politely~$ problem put questions~only small sources~$ speaks stay steps suggest teach the~_~of the~documents
the~end the~handbook the~user to~_~the to~what~the wrong wrong~$ yourself
""",
    -5: """
<one>~and <people>~_~to <people>~to <text>~_~no <tongue>~as <work>~_~fun ^~<work>~nothing ^~<work>~your ^~_~ask
^~_~assistant ^~_~at ^~_~important ^~_~more ^~answer~<people> ^~discuss ^~don't ^~formal ^~friendly ^~friendly~$
^~greet ^~inform ^~language~: ^~markdown ^~never ^~recommend ^~reply~in ^~short ^~short~$ ^~start ^~style ^~suggest
^~under ^~you~answer administrators advise~_~$ alternatives alternatives~$ answer~<people> answer~_~in answer~and
are assistant~for a~_~in a~good before below~$ british british~_~$ can cite coach code~in code~with consultant
correct describe desk do don't drivers end facts~$ friendly~$ fun~$ has have headings helpdesk helper helper~$ hints
ideas~$ if in~a~<text> it~_~$ i~ask knowledge like makes most name~the never~<work> never~_~$ not numbers~$ partner
partner~$ play quote~_~$ quote~it quote~it~$ rates reply~$ reset short~_~$ solve style~: style~:~$ technical
tell~them than then there~$ the~_~when the~formula tone~: tone~:~$ topics topic~: topic~:~$ translate~nothing
tutor~$ units up~$ when wiki you~_~$
""",
    -4: """
%words5 : <one>~when <people>~$ <people>~by <people>~from <text>~_~you <text>~adventure <text>~adventure~$
<text>~between <text>~in~<text> <work>~<text>~$ <work>~_~on <work>~_~with <work>~_~you <work>~it~fun
<work>~nothing~$ <work>~options <work>~that <work>~the~<text> <work>~things <work>~what~you ^~<people>~ask
^~<people>~describe ^~<text>~$ ^~<text>~of ^~<tongue>~$ ^~<work>~options ^~_~advice ^~_~describe ^~_~desk
^~_~discuss ^~_~errors ^~_~have ^~_~helpdesk ^~_~helper ^~_~information ^~_~jokes ^~_~like ^~_~most ^~_~options
^~_~reveal ^~_~that ^~_~tutor ^~_~yourself ^~add~a ^~always ^~answers ^~answer~from ^~assist ^~at~most ^~be ^~count
^~explain ^~explain~to ^~faq ^~follow ^~guide ^~include ^~keep~<text> ^~keep~a ^~mention~the ^~never~<work>
^~never~reveal ^~no~<work> ^~otherwise ^~output~as ^~plain ^~questions ^~respond ^~say ^~sound ^~stay ^~style~:
^~talk ^~two~<text> ^~users ^~verify ^~write~<text> ^~write~for ^~you~have add~a adventure adventure~$ advice~$
and~_~<text> and~_~to answer~from~the answer~in~the answer~it asks assist as~json~with at~_~$ avoid~<work> a~_~?
a~_~answer a~_~on a~_~with a~job a~one a~one~<text> background below~_~answer be~_~$ blocks both bot~$ bot~for
buddy~$ but by~<work> can~_~<work> captain chef cite~the clear code customers docs documents dogs don't~<work>
don't~_~it each~answer euros euros~$ every~question explain~<text> explain~to files first~_~$ format~code formula
for~_~$ for~_~of friend friendly from~<people> general general~_~$ given~_~<text> given~a~<text> go greet helps
help~_~of historian honest host host~$ how~to hr~_~$ include info inform in~every in~json in~simple is~a~<text>
is~from it~_~and it~fun it~fun~$ keep~<text> keep~it keep~the~<text> kind languages law length like~a line~summary
list~: manner mention~the metric me~_~$ name never~reveal nothing~$ not~<work> no~<work> one~<text>~$
one~<text>~<text> on~<text> opposite options other~_~$ output~as output~json page~of paraphrase~the plain~text
plain~words planner portuguese price~$ problems question~with q~a rank repeat requests reveal rights says say~that
say~which senior short~<text>~$ speak~<tongue>~$ speak~_~$ statements steps~$ summarise summarize teacher team~$
text~adventure there the~<one>~is the~_~for the~_~language the~guide the~key the~opposite the~user's think
three~sentences to~call to~call~$ to~find to~you translate translation translations unclear under~<text>~$ up~to
useful user's use~the~<text> verify view want~to warm~$ warranty whatever~the what~_~<work> when~asked where~to
which~<text> which~one who~explains wiki~$ with~_~one with~a with~a~one write~_~$ write~for write~in year~$ you
you're~a you~_~as you~have you~know you~know~the you~what
""",
    -3: """
%sentences2 %words30 <one>~$ <one>~_~<work> <one>~_~for <people>~_~a <people>~describe <people>~understand
<text>~<one>~for <text>~<work> <text>~_~what <text>~about~the <text>~answer~what <text>~come~from <text>~from
<text>~if <text>~without <text>~with~a <tongue>~_~$ <work>~_~support <work>~guesses <work>~no <work>~so <work>~which
<work>~your ^~<work>~guesses ^~<work>~which ^~_~: ^~_~are ^~_~bot ^~_~brief ^~_~dates ^~_~do ^~_~expert ^~_~explain
^~_~first ^~_~from ^~_~guesses ^~_~ideas ^~_~is ^~_~json ^~_~long ^~_~may ^~_~prices ^~_~short ^~_~sources ^~_~task
^~_~teach ^~_~travel ^~_~want ^~act ^~adapt ^~at ^~chat ^~coach ^~context ^~context~: ^~diy ^~diy~$ ^~english
^~everything ^~follow~the ^~if~the ^~length ^~manual~: ^~only~discuss ^~our ^~question ^~q~a ^~react ^~react~to
^~refuse ^~respond~in ^~score ^~show ^~stick ^~stick~to ^~teach ^~thank ^~this ^~tone ^~tutor ^~warranty
^~warranty~desk ^~what~are ^~write~in ^~you're ^~you're~a ^~your~<work> ^~your~task ^~you~teach about~the academic
adapt advisor after aim and~_~<work> and~_~the and~what another answers~in answer~_~on answer~as~a answer~from
answer~in apologise as asked~$ asked~about ask~$ ask~_~it assumptions as~the as~the~<one> at~most authors avoid~_~$
a~<text>~for a~_~coach a~_~for a~_~language a~_~to a~friendly a~number banking base beginner board bold bold~$ books
but~_~$ by~_~<work> calm calm~$ captain~$ channel chat~about chat~agent cite~_~<text> cite~the~<text> clerks
code~reviews colleagues come~from compare consultant~$ context~: context~:~$ context~_~$ course crisp~$ customer
customer's customer's~problem day dentistry desk~_~the desk~for~the diy diy~$ each~_~with editing emojis~$ en
encourage end~$ english~only eu even example expert~in explain~_~is explain~_~to explain~what~is fair fans fans~$
find first~name formal~tone formal~tone~$ formula~$ for~an free~$ from~<people>~$ from~_~$ german~only give~a going
guesses headings~$ help~_~to holidays home homework hours how~do hr if~_~$ if~someone insurance in~<text> in~_~?
in~_~language in~bold~$ in~your is~_~and is~a is~that it~under i~ask~$ json~only~$ keep keep~_~under keep~it~under
knows know~the law~$ learn length~: length~:~$ length~_~$ let level~_~the like~_~$ limits links~$ manual~:
manual~:~$ mentor metric~_~$ metric~units metric~units~$ me~$ more~than need needed need~$ no not~_~the no~<work>~$
no~emojis no~lists numbers offer of~_~$ of~a~<text> one~$ only~discuss only~the opening opening~hours our~_~$
output~_~only own paragraph paragraphs passages~answer patient persona physics plain policy policy~: policy~:~$
policy~_~$ polite polite~$ prices product~_~for proofreading question~of rate react react~_~my react~to react~to~my
reason reply respond~in right set set~up short short~paragraphs show simply small~_~$ solution sound~_~$
speak~<tongue> stay~_~$ stick stick~to style~_~$ support~for talk~about tax teach~_~$ technical~support tell
tell~<people> tell~_~truth tell~the~truth terms~$ texts thank that~_~understand them~to then~give they~are
the~<text>~answer the~_~explains the~_~is the~_~number the~_~problem the~chat the~conversation the~customer
the~customer's the~customer's~problem the~end~$ the~facts the~field the~help the~learner the~level the~passages
the~steps the~truth think~$ this~_~is three~_~$ through~the tools to~<people> to~_~<one> to~my to~the~<one> to~what
trainer trivia truth tutor~_~$ under~words unless upbeat~$ user's~<text>~is user's~_~is use~_~<text> use~the voice
want~_~know want~to~know warm warranty~_~for warranty~desk warranty~desk~for weather week what~are when~_~is who
who~_~the with with~me work write~<text>~$ year your~_~$ your~_~in your~answer you~<text> you~_~about
you~answer~<text> you~say you~teach
""",
    -2: """
:~$ <one>~is <one>~prefers~$ <one>~through <one>~through~the <one>~with <people>~<work> <people>~how <people>~of
<text>~_~<people> <text>~_~our <text>~and~<work> <text>~at <text>~examples <text>~examples~in <text>~in
<text>~is~about <text>~partner <tongue>~as~the <tongue>~or <tongue>~or~<tongue> <work>~? <work>~?~$ <work>~_~:
<work>~_~answer <work>~_~for <work>~so~$ <work>~units~for <work>~your~answer ^~<text>~examples ^~<text>~with
^~_~about ^~_~administrators ^~_~advise ^~_~asked ^~_~but ^~_~fans ^~_~farmers ^~_~give ^~_~help ^~_~i ^~_~moved
^~_~nurses ^~_~play ^~_~support ^~_~which ^~_~with ^~_~you ^~assistant ^~assistant~$ ^~assume ^~code
^~everything~that ^~expert ^~expert~mode ^~explain~it ^~facts ^~faq~of ^~field ^~german ^~goal ^~goal~: ^~how~do
^~if ^~instructions ^~is~the ^~i~want ^~length~: ^~logistics ^~prefer ^~pretend ^~print~the ^~programming ^~reply
^~respond~as ^~sentences ^~sign ^~sign~as ^~speak~<tongue> ^~start~with ^~technical ^~technical~support
^~this~<text> ^~this~is ^~two ^~use~a ^~walk ^~walk~the ^~warm ^~warm~$ ^~what ^~when ^~when~<people> ^~when~you
^~why ^~write ^~you ^~you're~the ^~you~are ^~you~explain ^~you~give about~<text> about~_~and about~it~$ abroad
abroad~$ academic~$ administrators~$ adviser ai airbus am amazon and~<text> and~_~a answering answers~$
answer~_~<tongue> answer~_~one answer~as answer~in~<tongue> answer~it~$ answer~what answer~with~a an~_~$ an~_~:
an~_~for an~ai are~_~$ are~_~a are~_~assistant are~_~guide ask~about~it assistant~_~a assume as~_~<one>
at~most~<text> authors~$ a~<text>~in a~_~partner a~_~tutor a~beginner a~conversation a~doctor a~friend a~lawyer
be~_~and be~brief bot~of brief briefly by~step catering~$ chatbot chatty~$ chat~is chat~with citizens classify
clerks~$ coach~$ coach~_~$ code~examples complaints conversation~partner convert~units cooking costs covered
covered~$ customer~through data days debate debate~partner developer documentation does do~i errors everything~that
examples~$ examples~in excel expert~for expert~mode expert~mode~: explain~<work> faq faq~_~a faq~bot faq~of faq~of~a
farmers~$ field~: filtering find~the first~<work> format for~_~from for~_~seconds for~our for~their friend~$
from~abroad from~abroad~$ gaming~$ give~advice goal goal~: goal~:~$ goal~_~$ guests guidelines guide~for happy
happy~$ helpful~_~for helpful~assistant~for help~_~<one> help~the help~the~<one> here history how~_~<work> how~_~i
how~do~i how~to~<work> in instructions insurance~$ intel in~<tongue>~or in~_~answers in~_~or in~_~please in~_~with
in~a in~bold in~one in~simple~<text> in~your~answers is isn't is~_~handbook is~about is~covered is~covered~$ is~the
is~the~handbook it~_~to i~_~to i~have i~want jonas json~only keep~a kind~$ knowledge~$ know~$ know~how label
language~_~the lawyer learner love me members moderate most~<text> most~<text>~$ most~_~$ moved moved~to must~be
name~is nothing nurses of~_~<text> of~a of~our one~_~$ one~_~<text> on~<text>~$ on~<work> on~_~: opens opens~at
order or~<tongue> or~<tongue>~as or~_~as otherwise our~_~<work> our~product parking pensioners~$ plate
plate~tectonics play~a possible~$ prefer prefers~$ pretend problem~with professional programming prose q
questions~come refund refuse reply~_~<tongue> reply~in~<tongue> research respond~_~<tongue> respond~in~<tongue>
role~_~$ routing say~so seconds shell shop short~<text> should~be sign~as simple~<text> simple~<text>~$ simple~words
source so~$ spam~filtering sports~$ step step~_~step step~by step~by~step suggest~a support~_~the support~for~the
sure talk talk~_~a teachers team technical~_~for technical~support~for tectonics tell~_~about tell~_~how tell~_~what
that~<people> them~_~the the~<one>~$ the~<one>~through the~<text>~come the~_~and the~_~come the~_~only the~_~through
the~_~to the~answer the~documentation the~fix the~language the~manual the~question the~questions the~rule
this~<text>~is this~is this~is~a three~<text> through through~_~<work> through~the~<work> tips tom tourism~$
to~_~how to~answer to~know to~know~how travel two~_~$ under under~<text> under~_~$ under~_~<text> units~for
user's~message user's~question users user~is use~_~$ use~a walk walk~_~<one> walk~the walk~the~<one> what~_~ask
what~_~covered what~_~do what~is~covered what~to what~to~do what~you when~it when~you who~knows within with~<people>
with~<text>~and with~_~$ with~_~<text> with~me~$ works x yourself~$ yourself~as your~<work> your~<work>~is your~_~:
your~_~are your~_~as your~_~should your~knowledge your~knowledge~$ your~name your~replies you~$ you~<text>~about
you~_~to you~advise you~answer you~can you~chat
""",
    -1: """
%result <one>~asks <one>~asks~for <one>~prefers <people>~where <text>~_~in <text>~with~the <tongue>~_~the
<work>~_~when <work>~is <work>~units ^~<people> ^~<text>~in ^~<text>~on ^~<work>~units ^~_~as ^~_~authors ^~_~can
^~_~clerks ^~_~in ^~_~know ^~_~love ^~_~mode ^~_~nothing ^~_~two ^~_~user's ^~cite ^~customers ^~end ^~help~<people>
^~is ^~name ^~reply~as ^~role ^~role~: ^~summarise ^~the~user's ^~use~the ^~your~answers ^~you~can ^~you~know
^~you~love about~_~$ about~it act agent~for ai~$ always~cite and~<work>~$ and~short and~the answer~_~$
answer~_~<text> an~_~in an~_~on an~expert~on are~an~assistant ask~_~to ask~for ask~how at at~_~<text> a~<text>~about
a~_~$ a~_~about a~list before~you boeing bot~_~a by~step~$ catering charity crisp customers~ask desk~for diplomatic
diplomatic~$ discuss~_~with do~not example~$ expert~_~: expert~on firm follow~the for~a~<text> free french gaming
german help~_~$ i if~_~asks if~someone~asks information~for in~$ in~_~$ in~one~<text> it~costs i~_~a just knows~_~$
language language~of language~of~the like~_~friend like~a~friend logistics love~_~$ mail~routing make mode modest~$
more~$ newspaper no~_~<text> on~_~$ or~no people playful possible prefers question~about r reply~as respond~as
robotics robotics~$ role~: role~:~$ short~answers sign simple~_~$ someone someone~asks something start step~$
tell~_~$ tenants terms that~you their~_~$ them them~$ them~_~$ the~<one>~asks the~<one>~prefers the~_~asks
the~_~prefers the~language~of the~user's~<text> tone~_~$ tool~$ tourism to~<people>~$ to~_~it to~_~them travellers
understand upbeat user user's~<text> user~prefers visas want what~_~costs what~_~know what~is what~it what~it~costs
when~_~$ with~<text> with~the~<text> write~<text> write~_~<text> years you're you're~the you're~the~assistant
your~answers you~explain you~love
""",
    1: """
<people>~ask~you <text>~_~<text> <text>~_~<work> <text>~_~about <text>~_~sql <text>~_~to <text>~of~a <text>~output
<text>~with <work>~_~<work> <work>~if <work>~it~for ^~_~/ ^~_~<text> ^~_~every ^~_~for ^~_~on ^~_~receive ^~for
^~give ^~how ^~i ^~one ^~polish ^~r ^~return ^~sentiment ^~the ^~you~receive act~_~an act~as~an add an an~expert
are~a ask~how~to as~_~<text> author a~<text>~$ a~_~<text> a~table bullet~_~$ bullet~points~$ check come contract de
der detect draft each~$ education five for for~_~<text> from~_~and get give~the html~$ input~: it~$ it~for i~_~you
job joke lesson list manual my not~_~$ of~the~<one> one~<text> output~_~$ per~_~$ post reader read~_~<text> receive
receive~a red reply~to~the rust s sentences simple simplify spam swahili take the~<text>~below the~transcript tone
tool topic true voice~message was what~is~the what~the when~<people>~ask with~_~: with~_~about xml you~_~a you~_~the
you~are you~are~a
""",
    2: """
%work <one>~<work> <one>~_~$ <one>~for <one>~of <one>~wrote <people>~_~<text> <people>~and <people>~ask
<people>~who~ask <people>~with~<text> <text>~? <text>~_~<one> <text>~_~the <text>~and~return <text>~checker~$
<text>~of~at <tongue>~<text> <tongue>~_~of <work>~: <work>~:~$ <work>~_~$ <work>~_~<text> <work>~_~a <work>~_~i
<work>~_~user's <work>~in~the <work>~of~the <work>~the~user's <work>~what <work>~what~i =>~_~$ ^~<text>~->
^~<text>~the ^~<work>~what ^~_~each ^~_~facts ^~_~get ^~_~its ^~_~many ^~_~me ^~_~not ^~_~points ^~_~response
^~_~tense ^~_~units ^~_~what ^~_~will ^~a ^~comment ^~condense ^~from~the ^~grammar ^~here ^~how~many ^~input ^~past
^~past~tense ^~people ^~spam ^~title ^~visitors ^~your~response ^~you~get ^~you~will a abbreviations about~_~:
active all~_~$ answer~is any any~<text> an~_~<work> appear arabic ask~about assistant~_~<text> as~a~<text> a~<one>
a~<work> a~_~<work> a~_~checker a~_~from a~paragraph a~polite a~table~$ below bugs claim company data~as date date~$
decide document einer else else~$ evidence forum~_~$ give~_~<text> grammar~$ helpful help~<people>~$ help~users
how~_~<text> html improve into~<tongue>~$ into~a in~<tongue> in~_~style is~a~<work> it~into it~is i~paste low maker
medium model more names~in neutral~$ nothing~else not~$ of~_~and of~_~most of~at of~at~most of~a~<one> on~a on~the
out~_~$ page paste~<text> paste~a past~tense people~and perl person per~line phone phone~numbers points~_~the
product~review reading red~_~green red~yellow red~yellow~green return~_~$ return~a return~the rewrite~it
sentiment~_~$ shorten song song~<text> sort sql~$ start~with style~$ s~$ talk~to test the~<one>~<text>
the~<text>~<text> the~<text>~is the~_~as the~_~into the~_~plan the~_~supplied the~_~will the~_~wrote the~colleague
the~faq the~input the~lesson the~lesson~plan the~name the~pasted the~recipe the~same the~sentence this~$ this~<text>
this~_~to ticket to total to~$ to~<tongue>~$ to~_~<work> units~$ up~the users~with user~pastes vietnamese
visitors~ask voice~<text> we what~_~$ when~<people> whether whether~the who~_~about who~ask~about with~<text>~$
with~<text>~about yellow yellow~green your~_~is your~response you~<work>~<text> you~<work>~the you~answer~$
you~receive you~receive~a
""",
    3: """
<one>~: <one>~:~$ <one>~_~<one> <one>~_~<text> <one>~sends <one>~sends~$ <people>~_~about <people>~who <text>~->
<text>~: <text>~:~$ <text>~<text> <text>~_~$ <text>~_~an <text>~_~and <text>~_~are <text>~_~by <text>~_~return
<text>~checker <text>~is <text>~on <text>~out <text>~please <text>~so <tongue>~$ <tongue>~<tongue>~$ <tongue>~=>
<tongue>~=>~<tongue> <tongue>~to <work>~<work> <work>~_~print <work>~and~print <work>~them <work>~this =>~<tongue>
?~$ ^~<tongue>~=> ^~<tongue>~to ^~<work>~and ^~<work>~in ^~_~<tongue> ^~_~=> ^~_~a ^~_~act ^~_~all ^~_~an ^~_~back
^~_~checker ^~_~csv ^~_~job ^~_~language ^~_~one ^~_~out ^~_~print ^~_~return ^~_~yaml ^~as~a ^~clean ^~entities
^~explain~the ^~fix ^~i'll ^~json ^~keep~the ^~key~points ^~output~the ^~port ^~port~the ^~pretty ^~pretty~print
^~produce ^~reply~with ^~respond~with ^~review ^~steps ^~subject ^~sum ^~task ^~task~: ^~the~assistant ^~the~bot
^~turn ^~which~of ^~you're~an ^~your ^~you~read ^~you~return ^~you~write abbreviations~$ abstract act~as~a
advert~_~$ advert~private allergens allergens~$ alone and~_~in and~_~no and~a and~answer and~returns anonymise
answer~with an~_~<text> are~_~<work> are~_~ai are~_~expert are~_~helpful are~an~expert are~a~helpful ask~_~things
assign assistant~<work> assistant~that~<work> as~_~$ as~_~table as~a~table as~json as~markdown as~markdown~$
a~<text> a~<text>~of a~<text>~that a~_~and a~_~company a~_~tool a~_~voice a~grammar a~helpful a~helpful~assistant
back~in between bibtex~$ billing blog bug bullet by~a by~the~<one> case~$ cause characters chart chat~log checker~$
class~to clients colleague cv dates deadline dictation does~the don't~_~the dose dose~$ down~$ drug drug~_~$
drug~dose drug~dose~$ e emoji english estate~_~$ everything every~<text> every~_~$ every~message form formal
formal~address formal~address~$ forum~<text> forum~post for~<people> for~<people>~$ for~the~<text> given~$
give~_~back give~back goes grammar~_~$ greeting guest haiku~of half~$ handed headline helpful~assistant
help~<people>~with help~_~with hindi how~many~<text> hungarian i'll if~_~don't ingredients interview into~<tongue>
in~_~<text> in~_~formal in~the~<text> is~_~? is~it is~to is~to~<work> it~_~a japan json~: json~:~$ keep~the
language~_~$ lesson~plan low~$ many~<text> medical messages missing moderation mood must network network~$ neutral
news~_~private news~advert news~advert~private new~<people> note notebook no~$ no~<text>~$ number ones~$ one~of
one~per one~per~<text> only or~no~$ output owners page~$ parser passage paste~_~$ persons per~<text>~$ place port
port~the press~<text> press~statement pretty pretty~print print~no private product product~codes proposal~$
provided~$ pull punctuation queries questions~about recognition~$ reply~with~the respond~_~the respond~with~the
result~$ returns~$ reviews score search sends~$ sentiment~$ separated~by sermon~$ software~network~$ spam~_~$ spans
spans~$ spelling~$ style stylesheet subject~<text> summary~of take~_~<text> task~: task~:~$ task~_~$ tense tests
tests~_~the tests~for~the that~are the~<one>~sends the~<text>~$ the~<text>~in the~<text>~that the~<text>~to the~_~?
the~_~assistant the~_~want the~bot the~guest the~invoice the~line the~main the~number the~two the~wording things~$
third to~<text> to~_~of to~a to~one~of turn two uk verse version~_~$ version~please version~please~$ want~? want~?~$
way~$ whatever~_~$ whatever~arrives whatever~arrives~$ what~_~write what~i~write when~_~<text> which~of who~ask
with~questions wording wording~$ words write~<tongue> write~<tongue>~$ write~what wrote~$ yaml~$ you're~an you~read
""",
    4: """
<one>~_~into <one>~pastes <one>~pastes~$ <people>~: <people>~:~$ <people>~_~roles <people>~_~you <people>~and~roles
<people>~ask~about <text>~_~: <text>~_~into <text>~_~them <text>~about~them <text>~below <text>~for <text>~in~the
<text>~please~$ <tongue>~<text>~$ <tongue>~<tongue> <tongue>~formal <tongue>~to~<tongue> <work>~_~<people>
<work>~_~<tongue> <work>~_~the <work>~as <work>~each <work>~everything <work>~it~$ <work>~when ? ^~<tongue>~<tongue>
^~<work>~as ^~<work>~each ^~<work>~for ^~<work>~it ^~_~and ^~_~bullet ^~_~dictate ^~_~everything ^~_~please
^~_~these ^~_~three ^~_~up ^~_~version ^~criticise ^~criticise~my ^~explain~this ^~give~the ^~good ^~hex ^~hide
^~invoice ^~is~this ^~json~: ^~language ^~only ^~positive ^~rewrite ^~slots ^~slots~: ^~write~the address advert
and~a~<text> and~return and~roles answer~the~<text> are~_~the arrives~$ article as~a a~<work>~$ b block blurb
by~_~<one> c cards clause cold comes~_~with comma comment commit commit~_~$ competitors~$ condense converter copy
criticise criticise~my del delivery description digest driver each~<text> explain~this forum from~the from~to~$
given~a gives greek hardware hardware~_~network hardware~software hardware~software~network hide high~_~low
high~medium high~medium~low hot hot~_~cold hot~warm hot~warm~cold how~many if~_~a ingl ingl~_~$ ingl~s ingl~s~$
into~_~$ in~_~and in~_~out it~_~for it~down i~send job~_~$ json~_~$ key keywords~$ key~points knitting letters mail
mandarin many markup medium~low mensaje my~<text> my~<text>~$ negative~_~$ news~_~$ nothing~_~the number~of
of~<text>~$ ones one~word only~<text> only~_~$ or~_~? other output~a output~the out~of past pastes~$ person~$
per~<text> points points~$ precise~$ print~_~$ proof remove reply~with report resolution respond~with returns reword
rewrite rhyme roles said search~_~$ see sentences~with separated service service~$ short~summary slots~: slots~:~$
slots~_~$ software~network so~_~it so~that~it statement subject table tags thai that these the~<one>~pastes
the~<tongue> the~_~blurb the~_~pastes the~_~sends the~application the~interview the~message the~newsletter
the~proposal the~pupil the~survey the~survey~answer the~translation third~person~$ thread to~json to~json~$
translator two~<text> u ukrainian unit upper upper~case vegan vote warm~cold what what~_~pasted what~_~said
with~<work> with~<work>~: with~_~<work> with~its with~the~<work> word words~with writes wrote y yaml yes
you~_~<text> you~_~with you~about you~get you~will y~_~n |
""",
    5: """
%words /~_~$ <one>~<text> <one>~_~a <text>~$ <text>~_~a <text>~_~it <text>~_~that <text>~as <text>~that~the
^~<text>~<text> ^~<work> ^~<work>~<work> ^~_~$ ^~_~el ^~_~formal ^~_~generator ^~_~id ^~_~of ^~_~precise ^~_~read
^~_~service ^~_~then ^~be~precise ^~from ^~generate ^~given ^~given~a ^~indent ^~make ^~print ^~read ^~read~the
addresses~$ and~print answer~short answer~short~$ application as~_~grammar as~an as~a~grammar as~csv~$ a~<text>~and
a~haiku bad~$ behaviour be~precise be~precise~$ bibtex brochure by by~the capitals case change chat~title codes
csv~$ described described~$ dictate~$ entry~$ every format~as for~_~is for~the for~what for~what~is from
from~<text>~$ from~a gives~_~$ give~_~the green half house~$ how~_~is id indent in~_~what in~plain~<text> is~this
it~in i~write keep~_~answer keep~the~answer labelling le line log maker~$ negative never~_~to newsletter none none~$
not~answer of~it of~it~$ on~_~<text> on~in passive pasted pattern per please positive produce~a product~<text>
product~_~$ recipe repair replace reply~_~the reply~to rewrites romanian sarcasm sends slogan slots stop stop~$ task
tell~me tests~for that~_~<one> that~the that~the~<one> the~_~answer the~_~entry the~_~page the~_~short
the~answer~short the~given the~style the~text third~person user~sends verbs verbs~$ whole will you're~_~<text>
your~_~must you~<work> you~return you~write
""",
    6: """
<text>~_~answer <text>~_~at <text>~into <text>~you <tongue>~_~<text> <tongue>~_~<tongue> <tongue>~translator
<work>~_~of <work>~between <work>~in <work>~information => ^~<text> ^~<work>~the ^~_~den ^~_~fixer ^~_~if ^~_~key
^~_~rewriter ^~_~to ^~bersetze ^~intent ^~key ^~keywords ^~replace ^~tell~me ^~topic ^~yes age an~answer arrives
as~csv as~json~$ at~a bersetze caption decisions den department dictate down entered~$ fixer from~<text> from~to
generate generator gloss hashtags hex input ins in~plain in~the is~_~$ is~_~<work> it i~_~$ keywords leave main mend
next n~$ ocr on~the~<text> pastes plural produce read~the review rewriter rewriter~_~tone separate sermon speech
structured supplied survey~answer table~$ text~is the~<work> the~_~that the~manual~page tidy title to~<tongue> types
verb write~the yes~no
""",
    7: """
%sentences4 <text>~and <text>~comes <text>~that <tongue> <work>~$ ^~_~<one> ^~_~it ^~_~paste ^~_~the ^~corrige
^~prices ^~your~answer addresses all category class corrige csv each entered entities error for~sql grammar group
haiku helpful~_~$ helpful~assistant~$ intent json manual~page my~_~$ plural~$ same~_~$ sent shorter speaker split
sum the version~$ writer
""",
    8: """
%words2 ->~_~$ / <text> <text>~the <work>~for ^~_~my ^~_~or ^~answer~with ^~as ^~in assistant~_~<work> bad checker
commas commas~$ entry into its json~$ n news of~the or~_~$ out~$ precise proposal provided read sentence sql survey
texte the~_~<work> the~_~the this to~_~$ transcript
""",
    9: """
%sentences3 <work> <work>~it <work>~the ^~_~<work> ^~_~die ^~_~only ^~to ^~you~<work> answer~_~plain answer~in~plain
die el invoice notes please~$ sentiment text that~<work> version what~i
""",
    10: """
^~<work>~$ ^~_~-> ^~less hand less message o same up
""",
    11: """
<text>~to ^~_~this comes of~<text> paste the~<text> type
""",
    12: """
%role ^~_~? given or
""",
    13: """
the~_~<text>
""",
    14: """
back return
""",
    15: """
print
""",
    17: """
%form ->
""",
    18: """
out
""",
}
