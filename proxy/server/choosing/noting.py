"""What an answer tells for the turns that follow: what is cached of its prompt, and how its tokens count."""

from proxy.config import Config
from proxy.exchange import Attempt, Exchange
from proxy.routing.caches.beliefs import Answer
from proxy.routing.selection.decision import Decision
from proxy.server.choosing.terms import rules_of
from proxy.server.choosing.world import World


def note_prompt(
    world: World, config: Config, exchange: Exchange, decision: Decision, serving: Attempt
) -> None:
    """Where the provider told how long the prompt was."""
    usage, service = serving.usage, serving.service
    prompt, provider = usage.prompt, config.providers.get(service.provider)
    if prompt is None or provider is None:
        return
    world.calibration.note(service, decision.tokens, prompt)
    answer = Answer(
        prompt=prompt,
        read=usage.cache_read,
        written=usage.cache_write,
        output=usage.output or 0,
        asked_seconds=exchange.cache_seconds,
    )
    thread = None if decision.thread is None else decision.thread.key
    rules = rules_of(provider, service.model)
    world.beliefs.note(thread, service, answer, _read_at(world, serving), rules)


def _read_at(world: World, serving: Attempt) -> float:
    """When the provider had read the prompt, for caches are kept from then on."""
    now = world.now()
    if serving.ended is None:
        return now
    return now - (serving.ended - (serving.first_byte or serving.began))
