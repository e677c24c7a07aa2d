"""Letter triples with their weight for English (positive) against other Latin-script languages; generated.

Written by `classifier_export.prompts.spelling`; `_` is the edge of a word. Keys are weights in steps of one half.
"""
# ruff: noqa: RUF001 - letters of other languages are meant

from __future__ import annotations

OFFSET = -3.51
STEP = 0.5

TRIPLES: dict[int, str] = {
    -10: """
de_
""",
    -7: """
_le la_ til
""",
    -6: """
_o_ nom ra_
""",
    -5: """
_el _es _ve ait hán ige io_ ir_ ja_ je_ kan na_ ni_ nie oor orm ri_ sht ta_ ti_
""",
    -4: """
_e_ _il _je _ko _l_ _ob _po _va _za ach akt amp ano ar_ ato au_ cht cio dan dh_ di_ dig dok eg_ ein en_ ett ha_ ier
iri ka_ ki_ kti kum ltr ma_ non os_ rel ro_ ses si_ str tad tal tas tre és_
""",
    -3: """
_ak _bh _de _fa _ht _iz _ki _là _n_ _ni _nu _og _pe _qu _r_ _sk _ut _é_ ada ado adr anv ara aro ats ba_ bil bru bu_
ca_ cam ci_ ció da_ dag des die dir dos dre dst du_ eit ekt eo_ eri eto ez_ fal fic fra gan het ida ifi ik_ ikk ili
ilt imi ind inn isc ker ko_ kon ky_ lle lo_ lse med mel men mh_ mod mp_ mpo nde nen ngo nn_ nne nsk ntr nul oat odi
oku onn par pas pli po_ rai ras rer rim sk_ ska sse sta ste tek tid tig tot tou tt_ tu_ të_ un_ uuu van vo_ web woo
zio
""",
    -2: """
_af _d_ _da _dd _dé _ee _ei _ek _er _et _fu _ge _gw _ke _kh _kl _ll _lu _nh _nà _ní _ol _om _os _př _ré _sz _sé _tá
_u_ _ui _un _vo _vu _vä _væ _wy _y_ _ya _z_ _zm _zu _à_ _è_ aan aar abe aci adh ag_ agw aig ais aj_ aks ale alg amb
amh ana aqu asa atn atp aup aut av_ avn azi bel bes bie bje bre chu co_ cu_ cuá das det dez dli dno dor dt_ ean ebu
ech ede edo efe eid eim eks ela eld ema enn eom era erd erf erg erk ert esa esk est eur ewi eze ezi fel ga_ gal gat
geb gel gi_ gil gru gum gur gus gwo hau hôn ia_ ich idi ido ie_ ien igu iha ika il_ ina ini ios iqu isi isk ita iz_
izi ió_ ión iến jek jen jet jon kas kat kel kie kke kos kse ksi kst kt_ kte kto lad lan ldi lei lem len ler lge lih
lin lli lon lta lua là_ lös mal mas mbr meg min mo_ mot mse nac nai nav ndl ndr ndt nem nga ngl nh_ nha nho nkt nor
nou nse nta nu_ né_ ní_ nă_ obj oca ode odn odo oeg oi_ ois oki ola ole omh ona ono ont ora ost osí ots ouv pa_ pie
pis pod pon ppr pun për qua que rak ref rei rek rma rto rug rwa sa_ sai sam san sch sed seg sei seo skr sky son sor
sso stu su_ sze tei tem tet tha tif tik tip tiế tos tpa tro tst tum tun tá_ té_ tă_ ua_ ual ud_ ui_ uit ull una ung
unk usu uta uti utu va_ vet vi_ von voo vor vál vær waa wch wis yan ydd yll zna ác_ áil án_ ão_ änd ção ês_ ón_ ông
ți_ ếng
""",
    -1: """
_aa _ai _aq _av _az _aç _að _bi _bo _cs _cy _có _củ _dh _dj _du _dy _dá _dü _də _ed _ef _eg _en _ez _fj _fy _fö _g_
_gy _gö _gü _hh _hv _ie _ik _io _iç _js _ka _kr _kö _la _ly _mm _má _må _mậ _na _ne _nj _ny _ná _nã _nä _në _nú _od
_op _py _pá _pä _på _pë _rh _se _sl _sü _sə _tä _të _tö _tü _tə _ul _um _uu _už _v_ _vr _vy _và _vá _võ _vē _yn _zi
_zn _än _är _ér _és _în _ús _đư _şi _ša aa_ ab_ aba abs ace ad_ adg adi adj adı aet af_ aga agi agu agy ah_ aid air
aja ajo ajt ak_ aka ako ala ald alv alë alı ama ane ang anh anj anl anm anu anz anı ap_ apl apo apu arb arv arı asf
asi asj asl asu asz ası asł ata ath att atu auk avo awa awn ayı aza açã að_ ać_ ați bah bar bat bea beh bei bez bha
bis bli blo bo_ bon bor bos bot bri bro bsi bso bun būt cab cad cea cer cet che cij con cor csr cta cte cti cui cun
cyf có_ của dad daj dak dal dar dat dau deb dej dem den değ dga dhe dik dil dim dit dja dlo dog doi dov dus duz dzi
dát düz dı_ dır dəy eac eam ebb ebe ebs ecc ece eda edi edl een eer ef_ efa ega ego egu egy ehe eho ei_ eic eik eil
eir eis ej_ eja ejt eka eke eki ekk eko elg eli elj elk elo els elt elé em_ eme emp end eng enh eno enu env ení epr
ere ern eru erw erz esi esl eta etk etn etr eu_ eut exe eyi eza eña fad fai fak fan fau fav fei fja foc foi fos frə
fsh fut för gaa gad gee geg gem gen geo ges gev gg_ gga ghe gir gje gle goe gol gor gos gsk gt_ gun gy_ gyl gör gül
gün hag hal hee hei hem heo hh_ hia hie hif him hir hit hla hle hna hoc hog hoi hol hov hra hte htt htw htë hun hva
hẩu hập iad iai iar ias iat ib_ ibi ica ici icu idh iec ief ieg iek iet ieš ifa ifr ig_ iga igi igt ii_ ij_ ijd ije
ijn ijs iki iko ilg ilo ily ilí ima imh imo imp ims inc inf inh ink inl inm ins ior ipo ipu ira irg irm isa isl isp
ist isu isz itm ito itu iu_ iun ius iv_ iva ivo ivu iza izb içi ið_ iť_ jak jas jed jel jer jes ji_ jn_ jo_ jou jsk
jso jte ju_ jë_ kad kai kam kar kau ked kei ken khô khẩ kim kir kit kka kki kla kle kol kom kot kra kre kri ktu kui
kun kuu ké_ laa lah lam las lau lav lba lda lde lec leg leh les lev lez lgo lha li_ lie lik lim lio liq lit liz lja
lje lka lla lme lni lok lot loz lož lst lsz lu_ lub luc lug lui lun lus lut lyk lys lëk lí_ lər mai mat mb_ mba mbi
mek mem met mez mha mi_ mie mik mir mm_ mne mol mos mps mpt mt_ mu_ mật naa nak nas nba nca nci nco nda ndu nea neb
nec nek nel neu nev nez nfe nge ngg ngh ngi nhậ nic nid nij nik nil nim nio nje një nka nke nki nla nle nni nno nns
nnu nod nol nos nsa nti nto ntu nua num nvi nya nyc nye nyo ná_ não në_ núm ný_ oa_ obi obr oc_ och ocr odu oer oge
ogg ogh ogl ogo ogy oim oit ol_ olg olm omb omo onl oof opp orb ors oru orð osa oso osz ota oto ouž ova ove ovo owi
ows ozi ość pad pag pet pi_ pil plu pom pop pou poz pra prz prá pta pue pus pyt pää på_ pār rab raj rar ray raz rda
rdo rec rej ret rez rf_ rfo rg_ rga rgu rho rii rij rin rio ris rja rka rke rki rla rmu rna rod roe rog roi rov rra
rst rta rts ru_ rui ruk rup rvi rvo rvé rys rá_ rán ráv saa sad sah sar sau sba sca sci seb sek sem sen ser seç señ
sig sik sim sin sis siv siy sjo ske sko sku sla sle sli slu sme sni sol sou spa spi spo spr srf sty stá stä sua suc
suk suu sz_ sza szt szó sí_ sõn să_ sı_ sło taa tam tar tat tav taw tea tev tke tko tne tni toa tod toe toi tor toś
tps tru trá tse tsi tta ttp ttu tty ttä tua tuj tul tut tza tás tä_ tör uan ucc uce ued uga uge uid uik uin uir uis
uje uka uke uks uku uli ulu um_ uma umi umo ums uno unu upa upe upl upo ura uri url uss uth uto utt uu_ uut uve uw_
uán uži vaa vad val var vat vec vid vis vle vne voe vou vra vre vri vu_ vää vén və_ wa_ wac wag way wid wij wni wse
wyd xem xis xte ybr ych yd_ yfr yki yld yma yn_ ynd ynt yor yth ytt yı_ za_ zad zah zan zar zen zer zi_ zij zin zmi
zor zu_ zur zy_ ză_ áci ál_ áli ánt ári ás_ átu äll ämä än_ är_ ärt äyt äär ære ça_ çin ée_ ény ért érv ése ên_ ëka
ër_ ësh ím_ ða_ ðu_ ña_ ões ör_ öse úme ült ün_ üzg čin đượ ība īt_ ın_ ını ır_ ło_ ści ść_ şif šab šči že_ ược ən_
ər_ əri əyi ẩu_ ập_ ật_ ợc_ ủa_
""",
    1: """
_ag _ap _as _ba _bj _bm _ci _dl _ds _ea _ec _eu _fe _gi _gr _ha _he _hy _hä _id _if _ig _ii _ji _jä _k_ _kn _li _ma
_mn _mr _mu _mü _nd _ng _oc _ok _ph _pn _pr _ps _rc _ri _rs _rt _sm _sq _ss _sø _te _ti _tr _uz _wt _xi _yi _zo aac
aal aas abi abl aco acu acy ade adm ady ael aer aff aft ago ahe ai_ aik aki alk alr aom ape apr aps ari arm arz ast
asy aul aur awe ays azo azs bai bba bec bey big bjö bmi bmw bob bod boe boo brû bs_ but byl caa cah cce cco ccu ced
cem cep chh chi chr cip cir cki clu coh coi col com coo cot cri crè ctl cto cul cze cé_ cía dai dav daz dge dle dmi
dni do_ doc dou dph dra dri dro dta dub duc eak eca ecl ecr edd edm edr eea eec eee eei eel eem eep ees eez eff efu
egg egn ehr eig emi emm ems ena enb ene enz eop eou eph ept equ erc erv ery esd ese esq esu etw ety eum eve ews ex_
exa eyo fac far fe_ fee fem fia fir fiv fix fla fle fou fre ful fy_ gas git giv gn_ gna goo got gra grö gua gue guy
hae hap har hda hdr hea hed hes hey hi_ hm_ hoo hop hor hou hri hro hs_ hta hts hu_ hua hum hwa hyp hyu iao ibe icl
idn ied ife ify igg ign iil ild ime imm ino int iod iph ipp ips iq_ irb irt isn itc ium ivi iya izz iño jan jav job
jos jul jör kea kes kin kod ks_ kup lab lac lae lai lar lce lco lds lee lel lid lif lip liv lk_ lki lll lom lop lou
low loy lts lud lve lée mac mad man mar mer mes mic mid mom mpa mpl muc mum mw_ mül nab nag nal nam nce ncé ned nef
net nfl nfo ngs nin niq nis nit niñ nja nks nme nnd nnt noi npm nsi nsl nst nsu nte nth nty nve nz_ oal oar ob_ obe
oco odg ods ody oe_ oei off oga oid olc old oli olk olv omm onc one ong oni onm onu onv oo_ oom oon ooo oos oph ort
ory oré osi oss osé oth ott oug ouu ovi owa owe oye pac pai pal pat pau pda pee pel pes phr phy pic pir pit pll plo
pne poi pol poo ppe ppi ppy pr_ pri prr pto pub pur py_ raa rae raf ral ram ran rat raw rba rbi rbu rcí rds red ren
req reu rev rew rgi rgy rib rid rit riv riz rl_ rms rni roa rob roc rof ron rop rot rou rpo rpr rre rrr rsc rse rt_
rtx ruy rve rwe rèm rön rûl sal say sco scr sd_ sec sev sfo sfu sha she sia sic squ ssa ssf sss sst ssu stg stt sun
sus swe swi syd syn são sé_ tac tah tai tak tax tco tec teg tex tgr thd thh thm tht thu tia tie tih tin tis toc too
top tri trl ttl ttr tue tug typ uag uar uaw ubm uch ude uen uer ugg ugs ul_ ula ule ump uns upd ur_ urd ure usd usi
ute uyè via vic vie vin vio vit voi wat wea weh wel wer wes whh why wih win wou wro wth xam xia xpi xpl ya_ yal ydn
yea yet yil yle yli ync yno yun yèr zel zil zon zoo zs_ äge ère éal ën_ ía_ öne örk ûlé üll
""",
    2: """
_ab _be _bu _c_ _cn _co _ct _dr _me _mo _np _ro _sc _sp _sy _sã _ta _tm _ty _uh _ur _vs _we _zü abb act aht aim ali
alt alu ame anc ans ant app ard are arn atc atl ava avi aw_ ax_ aym bac bee bet boa brä bus car cau ch_ chn cin cit
cks cla cle cop cos cru cs_ ctr cur cus dd_ dde def dep dia dis dol dr_ dul dy_ ec_ eco edu ee_ eek eet efi ege el_
enc ent eon epo err eth exc exp eño fas ff_ fil fli fol ft_ gai ged ger get gge go_ gro han has hec hel hha ho_ hot
hre häa ial ics icy idd ide iem iew iff igh iin ike inv inx ip_ ipt irs ism iss itr ix_ joh jok jun jäg key kno ksw
kub le_ lks loc lod loo ls_ lsk lum löw mak may maz mea meo mex mil mma mpr ms_ mur mus nbr ncy ne_ nee nex ney nig
nk_ noo ns_ nsf nsh ntl nue nut nva nx_ oad oct oda oem ofi ohn oic om_ omp ood oou orc ord ore ork ose ou_ ov_ oë_
oën pen peñ ply ppl ppo ql_ rch rde re_ rep ric rip riy rk_ roo ror roë rry räu sag sav sep sit sm_ sn_ sof som sql
sub sug sur swa sør tae tl_ tle tly ton try tx_ ube ubl uct ug_ ugh ult ups urn urp urr uts uyễ vai vol wal wan war
wen wht ws_ xce xic yme yon ype yễn ze_ zoë zür äag äu_ öwe øre üri ễn_
""",
    3: """
_ad _am _by _ch _em _ho _hu _ja _ju _p_ _pa _pi _pm _sh _su _sw _tu _tw abo ain ake all ank arc ave ban be_ ber buy
cel clo cou cre dee del dow ead eal eat eb_ eck eed erm ers ess ext ey_ feb ffe ge_ haa hen hic hil hin hip his hn_
ht_ ick inu ity jec ket kow lax lay los lth mmu moe mor nch ndo new ng_ nia nts ny_ od_ oin ok_ oke ook oup our pe_
pea pho pin pla pos ps_ rce rea res rie rm_ rn_ rom rro rti set sfe sio spe ssi ssw sti sum swo tch ter tes thy two
ues ugu uh_ umm und ust ut_ uy_ vac wah whi yes ño_ ško
""",
    4: """
_ar _do _ev _ex _fi _fl _fo _fr _go _in _jo _m_ _no _on _s_ _so _st _t_ _wo _x_ _šk acc ack ail al_ am_ ary ase aug
can cha cke cts cy_ ddr doe elp ep_ es_ fro hav ice ine is_ ize ke_ let lly lp_ lue mbe mon now ock oll ons ot_ oul
oun out own pm_ pt_ rs_ se_ see sho tic tim to_ ue_ uld umb use was wn_ wo_ wri
""",
    5: """
_an _cr _it _lo _pl _ra _up _us _wr ae_ age at_ ble bou by_ cal ded ds_ ear ect er_ fie gs_ hy_ ion it_ lea not oes
ope ple ree ss_ ted ty_ who wor
""",
    6: """
_cl _re _wa any ce_ dec did eas ete ght her id_ ish ive ld_ pay st_ th_ tio up_ whe wit
""",
    7: """
_i_ _or _wi _ye _yo an_ ck_ ic_ in_ ing ll_ on_ rd_ thi xt_
""",
    8: """
_is _of add ate day ew_ for ly_ nd_ of_ ts_ ve_ wha
""",
    9: """
_ca _to ct_ hat he_ nt_ or_ sh_
""",
    10: """
_th ay_ how ian me_ ry_ you
""",
    11: """
_a_
""",
    12: """
_my
""",
    13: """
my_
""",
    14: """
ed_ the
""",
    16: """
ow_
""",
    25: """
_wh
""",
}
