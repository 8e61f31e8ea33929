"""KoboldCpp: it tells its name at a path of its own, and imitates Ollama and OpenAI beside."""

from proxy.local.asking import Asker
from proxy.local.found import LocalModel, LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.reading import number, text, yes_or_no
from proxy.local.servers.listed import listed

_NONE = ("inactive", "koboldcpp/inactive", "koboldcpp/None")


async def look(asker: Asker) -> LocalServer | None:
    about = (await asker.get("/api/extra/version")).object
    if text(about, "result") != "KoboldCpp":
        return None
    context = number((await asker.get("/api/extra/true_max_context_length")).object, "value")
    models: list[LocalModel] = []
    if about.get("llm") is not False:
        models = [
            LocalModel(
                name=text(each, "id"),
                is_loaded=True,
                context=context,
                most_context=context,
                vision=yes_or_no(about, "vision"),
            )
            for each in listed(await asker.get("/v1/models"))
            if text(each, "id") not in _NONE
        ]
    return LocalServer(
        kind=ServerKind.KOBOLDCPP,
        place=asker.place,
        version=text(about, "version"),
        models=tuple(models),
        slots=1,
    )
