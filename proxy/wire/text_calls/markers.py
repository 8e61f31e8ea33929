"""Markers in a text that comes in pieces."""

import re


class Markers:
    """Finds the first of some markers, and how much of a text's end may be the beginning of one."""

    def __init__(self, markers: set[str]) -> None:
        longest_first = sorted(markers, key=len, reverse=True)
        self.search = _any_of(longest_first).search
        self.suspect = _any_of(sorted({marker[0] for marker in markers}))
        self._beginnings = {marker[:length] for marker in markers for length in range(1, len(marker))}
        self._longest = max(map(len, self._beginnings), default=0)

    def kept(self, text: str) -> int:
        for start in self.suspect.finditer(text, max(0, len(text) - self._longest)):
            if text[start.start() :] in self._beginnings:
                return len(text) - start.start()
        return 0


def _any_of(texts: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, texts))) if texts else re.compile("(?!)")
