"""Abbreviations that end with a full stop, and the words with which sentences begin: by these a full stop is told from a sentence's end.

English and German, with the French, Dutch and Spanish titles that stand before names in English mail. Lower case, without the last
full stop. Sources: the abbreviation lists of Unicode CLDR's sentence break suppressions (en, de, fr, es), and those that business mail
adds to them.
"""

from __future__ import annotations

TITLES = frozenset(  # a name follows
    """mr mrs ms mx dr drs prof rev hon fr hr frl messrs mme mlle mag ing dipl dipl.-ing capt cpt col gen lt sgt gov sen rep sra srta
    dhr mevr""".split()
)
UNFINISHED = frozenset(  # the sentence goes on after them, whatever follows
    """e.g i.e vs cf viz bzw sog inkl exkl incl excl evtl ggf vgl zzgl bspw gem betr attn allg insb mind""".split()
)
BEFORE_NUMBERS = frozenset(  # a number follows, else they are words or end a sentence: "No. 5", but "No. We cannot."
    """no nos nr p pp vol fig art par sec ch v vers ver version pos kap abs ziff ref ext tel fax mob bl kw q item min max""".split()
)
ANYWHERE = frozenset(  # the sentence may end after them or go on: "Acme Inc. will", "from Acme Inc. We will"
    """inc ltd llc co corp plc gmbh mbh st str ave blvd rd sq dept div est approx appx ca circa etc usw jr sr bros assn
    mon tue tues wed weds thu thur thurs fri sat sun mo di mi do
    jan feb mar apr jun jul aug sep sept oct okt nov dec dez mrz""".split()
)
MONTHS = frozenset(  # after a German ordinal: "am 5. Mai"
    """januar jänner februar märz april mai juni juli august september oktober november dezember jan feb mrz apr jun jul aug sep sept okt nov
    dez january february march may june july october december""".split()
)
COUNTED = frozenset(  # what a German ordinal counts: "im 2. Quartal"
    """quartal halbjahr woche kalenderwoche kw jahr tag monat werktag etage stock og ug obergeschoss rate mahnung auflage advent lieferung
    charge position punkt teil""".split()
)
STARTERS = frozenset(  # a full stop before one of them, with a capital, ends the sentence
    """i i'll i'm i've i'd we we'll we're we've we'd you you'll you're he she they they'll it it's its this that that's these those there there's
    our my your his her their what when where why how who which can could would will shall should may might must do does did is are was were
    am have has had if please pls kindly thank thanks let let's hope hopefully looking sorry yes no ok okay hi hello dear best kind regards
    cheers sincerely so but and or also as for from in on at with after before once unless until because since while perhaps maybe
    unfortunately meanwhile otherwise however either all each every both some many most here now today tomorrow not never nothing everyone
    anyone anything again further additionally finally then the a an any just meet call send
    ich wir sie ihr er es du das die der dies diese dieser dieses ein eine können könnten könnte kann könnt bitte danke vielen falls wenn
    sobald sollten sollte haben hat hätten sind ist wird werden würden wäre was wann wo wie warum wer welche welcher dann aber und oder auch
    leider gerne gern hier unser unsere mein meine anbei viele beste liebe mit freundliche""".split()
)
