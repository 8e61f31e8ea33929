"""Replies that say nothing of their own, and what had been said before them."""

import re
from typing import Final

from proxy.routing.signals.commands import commanded
from proxy.routing.signals.facts import cleaned_texts
from proxy.routing.signals.slips import Hasty
from proxy.routing.signals.texts import Texts
from proxy.routing.signals.typed import typed_before, typed_place
from proxy.routing.signals.words import phrases_in, words_in

_MOST_WORDS: Final = 6
_LONGEST: Final = 60
"""Characters. Nothing longer is so few words."""
_MOST_PASSED: Final = 50
"""Short replies in a row; whoever sends more of them is not talking."""

_WORDS: Final = words_in("""
    yes y ye yea yeah yep yup yess ya ok okay okey okey-dokey k kk sure fine good great nice cool
    perfect excellent awesome right agreed agree absolutely definitely exactly indeed alright
    fantastic lovely super lgtm next continue proceed go done thanks thank thx ty approve approved
    accept accepted confirm confirmed resume true works ack aye ja jo jep jawohl klar gut genau passt
    weiter gerne mach danke einverstanden oui ouais ok-oui d'accord parfait continuez vas-y merci bien
    sí si vale claro dale sigue adelante perfecto continúa continua gracias sim pode segue certo beleza
    obrigado perfeito da давай да ок хорошо продолжай дальше tak sì va avanti bene certo hai
""")
"""Any of them says that one agrees, or that it may go on."""
_FILLING: Final = words_in("""
    please pls plz do it that this so on ahead then now you can just with keep going and sounds looks
    for me to a the i we us let's lets is am be very much all my your of course well there start bitte
    so es das dann los noch s'il te vous plaît plait por favor lo la eso vai le ça va allez number
    option choice answer approach plan version first second third one two three both
""")
"""They add nothing to one of those, nor to a choice."""
_AGREEING: Final = Hasty(_WORDS)
_HASTY_FILLING: Final = Hasty(_FILLING)
_PHRASES: Final = frozenset(
    phrases_in("""
        go on | go ahead | do it | do that | do so | sounds good | looks good | looks good to me | carry on
        keep going | of course | let's go | lets go | make it so | ship it | works for me | that works
        that's fine | thats fine | that's correct | correct | that's right | please do | please
        the first one | the second one | the first | the second | both | first | second | go for it | i agree
        move on
        moving on | start | mach weiter | mach das | nur zu | in ordnung | d'accord | bien sûr | por favor
        de acuerdo | está bien | pode ser | isso | vai em frente
    """)
)
_HASTY_PHRASES: Final = Hasty(_PHRASES)
_UNSPACED: Final = words_in("""
    继续 好 好的 是 是的 可以 行 对 没问题 请继续 下一步 嗯 繼續 確認 同意 はい うん 続けて 続けてください
    お願いします いいよ 了解 次 네 예 응 계속 계속해 좋아 👍 👌 ✅ 🙏 💯 🚀 🎉 👏 ✔ ☑ 🙂 😊 ❤
""")
_CHOICE: Final = re.compile(
    r"(?:(?:option|choice|number|answer|variant|plan|approach|version|nr|no|#|möglichkeit|opción|opção) ?+)?+"
    r"(?:[1-9][0-9]?+|[a-f])"
)
_MARKS: Final = str.maketrans(
    dict.fromkeys('.,;:!…()[]"`*~-\u2013\u2014。\uff0c、\uff01\uff1b\uff1a\ufe0f\u200d', " ")
)
_ASKS: Final = ("?", "\uff1f")
_APOSTROPHE: Final = "\u2019"
_SKIN: Final = re.compile("[\U0001f3fb-\U0001f3ff]")


def is_short_reply(text: str) -> bool:
    """Whether a text only agrees, chooses, or tells to go on; refusals and questions say something."""
    if len(text) > _LONGEST or any(mark in text for mark in _ASKS):
        return False
    bare = " ".join(_SKIN.sub("", text).casefold().replace(_APOSTROPHE, "'").translate(_MARKS).split())
    words = bare.split()
    if not 0 < len(words) <= _MOST_WORDS:
        return False
    if bare in _HASTY_PHRASES or bare in _UNSPACED or _CHOICE.fullmatch(bare):
        return True
    if all(sign in _UNSPACED for sign in "".join(words)):
        return True
    return any(map(_agrees, words)) and all(_agrees(word) or _adds_nothing(word) for word in words)


def previous_text(texts: Texts) -> str:
    """What was typed last before the turn's own words and says something of its own; empty if nothing does.

    Neither short replies do nor commands by themselves.
    """
    place = typed_place(texts)
    for _ in range(_MOST_PASSED):
        place = None if place is None else typed_before(texts.facts, place)
        if place is None:
            break
        if not texts.facts[place].says:
            continue
        said = _said_at(texts, place)
        worded = commanded(said).text
        if worded and not is_short_reply(worded):
            return said
    return ""


def text_just_before(texts: Texts) -> str:
    """What was typed in the message directly before the turn's own; empty if there is none."""
    place = typed_place(texts)
    before = None if place is None else typed_before(texts.facts, place)
    return "" if before is None else _said_at(texts, before)


def _said_at(texts: Texts, place: int) -> str:
    return "\n".join(cleaned_texts(texts.see([texts.messages[place]])[0].texts))


def _agrees(word: str) -> bool:
    return word in _AGREEING or word in _UNSPACED


def _adds_nothing(word: str) -> bool:
    return word in _HASTY_FILLING or _CHOICE.fullmatch(word) is not None
