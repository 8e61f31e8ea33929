"""On what terms a provider works: what is known of its prompt cache."""

from proxy.config import KINDS_OF_LOCAL_SERVERS, ProviderConfig
from proxy.money.caching import CacheRules, cache_rules


def rules_of(provider: ProviderConfig, model: str) -> CacheRules:
    """A server on this machine that says only which format it speaks is taken for one like llama.cpp's."""
    if provider.kind not in KINDS_OF_LOCAL_SERVERS and provider.keeps_here(model):
        return cache_rules("llamacpp")
    return cache_rules(provider.kind, model)
