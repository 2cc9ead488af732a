"""Issue words: how people argue for and against things, in classes that fit any topic.

Written for this package. ``*`` stands for any ending; a word may be in several classes.
"""

from __future__ import annotations

from functools import cache

CLASSES: dict[str, str] = {
    "harm": "harm* hurt* damag* destr* devastat* ruin* disast* catastroph* crisis crises"
    " emergenc* threat* danger* peril* risk* hazard* toxic poison* deadly lethal fatal kill*"
    " death* die died dying suffer* victim* tragic tragedy tragedies worse worsen* worst"
    " severe severely extreme collaps* extinct* flood* drought* famine* disease* epidemic*"
    " violen* abus* rape* murder* war wars attack* fear* afraid scary terrif* alarming grave"
    " dire serious bad problem* troubl* unsafe vulnerab* loss losses lose lost wreck* pollut*"
    " contaminat* injur* pain* misery",
    "blame": "blam* fault* guilt* accus* responsib* liar* lying lies lied corrupt* crook*"
    " criminal* cheat* fraud* scandal* shame* shameful disgrac* disgust* hypocri* greed*"
    " selfish* arrogan* incompet* ignor* stupid* idiot* moron* fool* dumb crazy insane"
    " ridiculous absurd pathetic evil wicked vile sick coward* bigot* racist* sexist* misogyn*"
    " hate hates hated hating hatred fail fails failed failing failure* wrong* unfair* unjust*"
    " injustice* oppress* discriminat*",
    "denial": "hoax* scam* myth* fake* fabricat* bogus nonsense lie rubbish baloney bunk farce"
    " sham propaganda narrative conspir* alarmis* scare scares scaremonger* fearmonger*"
    " hyster* hype* hyped exaggerat* overstat* overblown inflat* manipulat* mislead* misled"
    " distort* so-called supposed supposedly alleged* purport* debunk* refut* disprov*"
    " discredit* unproven unfounded baseless false falsely falsehood* pseudo* religion cult"
    " dogma agenda ideolog* zealot* believers crusad* deni* denier* delusion* imaginary"
    " invented",
    "doubt": "doubt* skeptic* sceptic* uncertain* unclear unsure question* dubious disput*"
    " debat* controvers* contest* unlikely questionable disagree* dissent* allegedly whether"
    " inconclusive speculat* hypothes* theory theories cherry-pick* contradict* fail* flaw*"
    " error* inaccurate",
    "certainty": "certain* clear clearly obvious* undeniab* undoubted* doubtless definite*"
    " proven proof prove* proves fact facts indeed surely truth true truly real reality"
    " evident* evidence consensus confirm* overwhelming* unequivocal* establish* demonstrat*"
    " convinc* know known settled always never absolutely totally completely",
    "hedge": "may might could perhaps maybe possibly probably seem* appear* suggest* likely"
    " potential* estimat* approximat* about around roughly some somewhat partly apparently",
    "urgency": "urgent* now immediate* soon deadline* running overdue finally desperate*"
    " accelerat* faster fastest rapid* unprecedented record* tipping irreversib* before hurry"
    " wake save saving last-chance critical crucial vital essential necessary imperative alarm"
    " bells warn* warning*",
    "duty": "must should ought need needs needed have-to shall require* demand* deserve* let's"
    " obligat* duty necessary call calls urge* insist* want wants",
    "support": "support* favor* favour* back backs backed endors* approv* agree* welcom*"
    " prais* applaud* champion* advocat* promot* defend* protect* embrac* love* loving proud"
    " pride thank* grateful bless* honor* honour* respect* admir* stand stands join* vote"
    " voting elect* choose chose enjoy* glad happy celebrat* encourag* help* best better great"
    " good excellent wonderful amazing awesome brilliant beautiful inspir* hope* success* win"
    " wins winning won benefit* valuable worth* positive important right rights freedom*"
    " libert* equal* justice fair fairly care cares caring safe safely effective* efficient*"
    " improv* progress* solution* solve* smart",
    "oppose": "oppos* against anti resist* reject* protest* object* condemn* critici* denounc*"
    " attack* fight* fought battl* ban bans banned banning stop* end ends ended ending"
    " abolish* repeal* block* prevent* prohibit* outlaw* eliminat* remov* rid defund* boycott*"
    " cancel* halt* quit refus* no nope never without not nothing don't doesn't can't cannot"
    " won't isn't aren't shouldn't wouldn't tired enough dump* fire fired lock unelect*"
    " impeach* veto* overturn*",
    "cost": "cost* expens* price* tax* billion* million* money pay* paid paying afford*"
    " econom* job* industr* business* market* profit* wage* budget* debt* spend* spent wast*"
    " subsid* fund* burden* regulat* bureaucra* government* mandat* control* restrict* impose*",
    "cause": "caus* because due result* lead leads led trigger* driv* drove contribut* create*"
    " creat* produc* link* linked attribut* fuel fuels fueled blame* therefore hence thus"
    " consequen* so since thanks why reason* effect* affect* impact* influenc* increas* rise"
    " rises rising rose grow* grew melt* shrink* decreas* declin* reduc* fall falls falling"
    " fell drop* worsen*",
    "nature": "natural* naturally nature cycl* normal* always variab* ordinary history"
    " historical ancient past centur* god god's lord jesus christ bible faith pray* sin sins"
    " holy church",
    "science": "scien* stud* research* data model* measur* survey* report* expert* evidence"
    " panel professor* universit* analys* finding* found percent per degree* average estimat*"
    " observ* temperature* satellite* journal paper*",
    "politics": "president* senat* congress* republican* democrat* gop dem dems liberal*"
    " conservativ* left-wing right-wing leftist* progressive* socialist* communist* politic*"
    " elect* vote* voter* campaign* candidate* party administration white-house court* law"
    " laws legislat* bill bills policy policies government* leader* nation* country america*"
    " american* tcot patriot*",
    "change": "chang* reform* act acts action* plan* propos* deal* agreement* cut cuts cutting"
    " limit* combat* tackl* fight* address* transition* replac* invest* build* develop* adopt*"
    " implement* pledge* commit* achiev* target* goal* effort* step* future generation*"
    " children kids",
    "contrast": "but however although though yet despite nevertheless nonetheless instead"
    " rather while whereas still even only merely just actually unlike except unless otherwise",
    "condition": "if would could were unless suppose imagine whether when until",
    "claimed": "said say says saying claim* argu* believ* think thinks thought told tell tells"
    " state* stated according insist* maintain* contend* suggest* warn* conclud* predict*"
    " expect* forecast* assert* deny denies denied acknowledg* admit* call* describ* report*"
    " show shows showed shown",
    "irony": "yeah sure right oh wow lol haha* seriously really sarcas* ironic* irony"
    " apparently supposedly surprise surprised funny joke* laugh* clown* brilliant genius"
    " obviously",
    "I": "i i'm i've i'd i'll me my mine myself",
    "we": "we we're we've we'll us our ours ourselves let's together",
    "you": "you you're you've you'll your yours yourself u ur ya y'all",
    "they": "they they're they've them their theirs he she him her his hers these those people",
    "all": "all every everyone everybody always never nobody none any anyone entire whole only"
    " most",
}
"""Name of each class → its words."""


@cache
def classes_of(word: str) -> tuple[int, ...]:
    """Places among ``CLASSES`` of a word in lower case, increasing.

    Examples
    --------
    >>> [list(CLASSES)[i] for i in classes_of("warned")]
    ['urgency', 'claimed']
    """
    whole, stems = _index()
    found = set(whole.get(word, ()))
    for n in range(2, len(word) + 1):
        found.update(stems.get(word[:n], ()))
    return tuple(sorted(found))


@cache
def _index() -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """Whole words, and beginnings of words, with their classes."""
    whole: dict[str, tuple[int, ...]] = {}
    stems: dict[str, tuple[int, ...]] = {}
    for i, words in enumerate(CLASSES.values()):
        for word in words.split():
            stem = word.removesuffix("*")
            room = whole if stem == word else stems
            room[stem] = (*room.get(stem, ()), i)
    return whole, stems
