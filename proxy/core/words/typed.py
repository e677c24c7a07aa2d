"""Words in which the way a question is typed may be what it asks about: names, units, words about writing."""

from __future__ import annotations

from proxy.core.words.common import words_of

ALSO_WORDS = words_of("""
august bill mark frank rose will may lent job grace hope joy faith dawn iris jack rob pat sue art ray gene cliff dean
earl guy miles chase grant stone brook penny pearl amber jade ginger violet daisy lily olive ivy heather robin jay
windows word excel access teams outlook edge chrome safari opera office signal line notion zoom square stripe box meta
block indeed monster match go dart scratch crystal express react angular spark docker helm puppet chef salt ant maven
split hull deal sandwich china orange galaxy note pixel echo surface prime
""")
"""Names that are words besides: where the capital is all that tells, and little stands beside them, it counts."""

WORDS_WITHIN = words_of("""
kiss cream rush police cure pulp muse journey train tool heat magic wild lost house castle frozen brave alien rocky up
friend friends common future pink sting rock banks crown male normal mobile buffalo phoenix champagne burgundy cologne
battle democrat republican liberal conservative labour catholic orthodox green independent marine scout mason scheme
assembly elixir bottle hive nest ring portal switch quest fire copilot cursor gemini llama bamboo canvas confluence
steam discord discover delta frontier spirit cricket mint boost liberty progressive bolt lime bird smart focus fiesta
accord pilot escape explorer seat leaf soul racket forth babel yarn jest mocha karma ember meteor electron cypress
rails fish consul vault nomad packer drone envoy hibernate snowflake lambda glue segment heap drift front wise affirm
kraken ledger tether polygon long gamma phi psi omega calorie yesterday imagine hello music discovery swede dane white
black wood price post cook doc inside mini bear eagle giant bull cardinal oriole dolphin stone door photo message
number page contact note lion tiger jet saint chief king hawk shark duck penguin ranger pirate angel twin royal star
rocket panda judge act scream corona hell moss metro boot patriot tide slash time wolve dodger manhattan
""")
"""Of these, only within a sentence: `the villain in Frozen`, `the Eagles`; their plurals, too."""

SHOUTED = words_of("""
add ash bar bat cad cam cap cat chip cob cola cop coral cord crisp dare dash dip dream ear ease fast fin fit flag gem
goat ham hat ice jam lamp lap lead leap less link lisp log mad mask mast mat mice mint mist moss nap net null nut oath
pan par pass past pat patch pen pest pet pit pod pop post put rag raid rap rat reach rep rest rib rice rim ring rip
rope sap scan sin sip smart snap soap soar solid spa spam span spice spin spot star stem step strap sum swap tap tin
tip ton top trip union vast wet wish delete create drop table left right inner outer count join select insert update
where group mac
ace acid arc asp basic beam blast bold calm care cares chap clip cobra cod cope core dice doe dope dread elf era fair
flair foil gift grasp hasp heart mash merit octave pair patriot pear pie pride rico rouge safe sage sac scar scare score
scrum seal shape slam sofa sop spec squid stride teach tens trace trips vat wasp wimp dot pip
""")
"""Words that are something else in capitals: programs, laws, tests, tools, devices."""

ALONE = words_of("you him her he she they them we me after before over under again just like same such here")
"""Small words that a capital within a sentence makes a name of: `the plot of Her`."""

UNITS = words_of("""
mb gb kb tb pb mbps gbps kbps tbps mbit gbit kw mw gw kwh mwh gwh hz khz mhz ghz pa mpa kpa mv kv ma ms ns mg kg km mm
nm cm ml db ph co no cu pt pm au ag fe na hg ca cl br mn
""")
"""Units and symbols of elements: a capital makes another of them."""

SHORT = words_of("uk eu un ai tv pc hr cv id os ip pm am ui ux vr ev qa js ok dr mr la ny cd dj bc ad xl pr ad")
"""Abbreviations of two letters that mean the same in small ones."""

TITLES = words_of("mr dr")
"""Of these, those with one capital; any other is an element (`Os`, `Cd`)."""

LETTERS = words_of("""
base16 base32 base58 base64 base hex md5 sha1 sha256 sha512 rot13 cipher caesar ascii utf utf-8 binary morse space
spaces whitespace blank blanks tab tabs letter letters character characters capitals upper lower uppercase lowercase
camel pascal snake title case cased regex regexp regular expression expressions variable variables identifier
identifiers string strings anagram anagrams palindrome palindromes typo typos word words digit digits numeral numerals
typed print prints printed echo say says said acronym stand stands
""")
WORDING = words_of("""
contraction contractions apostrophe apostrophes grammar grammatical grammatically proofread paraphrase paraphrased
rephrase reword rewrite rewritten shorten shortened shorter formal formally informal pronounce pronounced
pronunciation syllable syllables rhyme rhymes etymology abbreviation abbreviations unicode alphabetically alphabetical
dictionary sentence sentences phrase phrases noun nouns verb verbs adverb preposition slang hyphen hyphens hyphenate
hyphenated plural pluralise pluralize spelt mean means meaning written texting essay correct opposite
vowel consonant token tokens notation decimal decimals comma commas mean median
average sum sort sorted
int integer integers parseint roman adjective aloud gcd lcm coprime
""")
"""Where the form of a word or a number may be what is asked about, though blanks and capitals are not."""

LETTER_STEMS = ("capitaliz", "capitalis", "encod", "decod", "encrypt", "translat", "spell", "abbreviat", "hash")
