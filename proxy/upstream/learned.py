"""What services have refused before, so that they are not asked for it again."""

from dataclasses import dataclass, replace

from proxy.providers.fitting import Correction
from proxy.routing.service import Service

_MOST = 500


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one service takes less than was thought."""

    refuses: frozenset[str] = frozenset()
    max_output: int | None = None

    def with_(self, correction: Correction) -> "Lesson":
        return replace(
            self,
            refuses=self.refuses | correction.refuses,
            max_output=correction.max_output or self.max_output,
        )


NOTHING = Lesson()


class Learned:
    """Lessons by service. They last until the configuration changes or the program ends."""

    def __init__(self) -> None:
        self._lessons: dict[Service, Lesson] = {}

    def of(self, service: Service) -> Lesson:
        return self._lessons.get(service, NOTHING)

    def learn(self, service: Service, correction: Correction) -> None:
        if len(self._lessons) < _MOST or service in self._lessons:
            self._lessons[service] = self.of(service).with_(correction)

    def forget(self) -> None:
        self._lessons.clear()
