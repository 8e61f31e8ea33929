"""What is said of one point: a heading, and a value for each name."""

from dataclasses import dataclass

from ui.widgets.charts.signs import Key


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    heading: str
    facts: tuple[Fact, ...]

    @property
    def sentence(self) -> str:
        """As it is read aloud."""
        return f"{self.heading}: {', '.join(f'{fact.name} {fact.value}'.strip() for fact in self.facts)}"
