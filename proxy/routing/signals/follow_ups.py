"""Turns that live on the turns before them: those that point back, and errands at the end of some work."""

from typing import Final

from proxy.routing.signals.slips import Hasty
from proxy.routing.signals.stakes import stakes_in
from proxy.routing.signals.task import Task, task_of
from proxy.routing.signals.words import plain_words, words_in

_MOST_WORDS: Final = 14
"""Longer texts say for themselves what they want."""
_LONGEST: Final = 200

_POINTING: Final = words_in("""
    that this those these them they it its same too also again either both ones one there such
    auch das dies diese dieselbe nochmal ebenso aussi cela ça también eso esto também isso
""")
_HASTY_POINTING: Final = Hasty(_POINTING)
_GOING_ON: Final = words_in("and or but now then next so still und dann jetzt aber et puis y e agora ahora")
"""As the first word."""
_ERRANDS: Final = words_in("""
    commit push pull run rerun rename print open close format lint bump tag stage undo revert stop restart
    install checkout cd cat
""")
_BRIEF_ERRANDS: Final = words_in("merge remove delete start list show")
"""They begin great undertakings as well, and those take more words to tell."""
_BRIEF: Final = 5
"""Words, with those that are only polite."""
_HASTY_ERRANDS: Final = Hasty(_ERRANDS | _BRIEF_ERRANDS)
_LEADING: Final = words_in("""
    ok okay yes good great thanks thx now then and please so just let's can could you
""")


def is_errand(text: str) -> bool:
    """Whether a short text tells to do something that takes no thought, and nothing is at stake."""
    words = _words(text)
    first = next((word for word in words if word not in _LEADING), "")
    if len(words) > (_BRIEF if first in _BRIEF_ERRANDS else _MOST_WORDS):
        return False
    if first not in _HASTY_ERRANDS:
        return False
    return not stakes_in(text) and task_of(text) is not Task.REASONING


def points_back(text: str) -> bool:
    """Whether what a short text means lies in what was said before it."""
    words = _words(text)
    if not 0 < len(words) <= _MOST_WORDS:
        return False
    return words[0] in _GOING_ON or any(word in _HASTY_POINTING for word in words)


def _words(text: str) -> list[str]:
    return plain_words(text) if len(text) <= _LONGEST else []
