"""Amazon Bedrock: Converse for every model, and Anthropic's own format for Anthropic's."""

import os
from collections.abc import Iterable
from urllib.parse import urlsplit

from proxy.providers.entrance import Auth, Entrance, Task
from proxy.providers.entrances.joining import segment
from proxy.providers.provider import Provider
from proxy.wire.anthropic.envelopes import BEDROCK
from proxy.wire.format import Format

_USUAL_REGION = "us-east-1"
_ANTHROPIC_MARKS = ("anthropic.", "claude")


class Bedrock:
    """Models may be ids, inference profiles (`us.anthropic....`) or resource names."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        region = region_of(provider)
        place = f"{_root(provider, region)}/model/{segment(model)}"
        converse = Entrance(
            format=Format.BEDROCK,
            url=f"{place}/converse",
            stream_url=f"{place}/converse-stream",
            auth=Auth.AWS,
            model=model,
            model_in_body=False,
            region=region,
        )
        if not any(mark in model.lower() for mark in _ANTHROPIC_MARKS):
            return [converse]
        native = Entrance(
            format=Format.ANTHROPIC,
            url=f"{place}/invoke",
            stream_url=f"{place}/invoke-with-response-stream",
            auth=Auth.AWS,
            model=model,
            model_in_body=False,
            envelope=BEDROCK,
            framed=True,
            region=region,
        )
        return [native, converse]

    def other(self, provider: Provider, model: str, spoken: Format, task: Task) -> Entrance | None:
        if task is not Task.MODELS:
            return None
        region = region_of(provider)
        root = provider.base or f"https://bedrock.{region}.amazonaws.com"
        url = f"{root}/foundation-models?byOutputModality=TEXT"
        return Entrance(
            format=Format.BEDROCK, url=url, stream_url=url, auth=Auth.AWS, model=model, region=region
        )


def region_of(provider: Provider) -> str:
    """The configured one, else what the host says, else the environment's."""
    if provider.config.region:
        return provider.config.region
    parts = (urlsplit(provider.base).hostname or "").split(".")
    if parts[0].startswith("bedrock") and len(parts) > 2:
        return parts[1]
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or _USUAL_REGION


def _root(provider: Provider, region: str) -> str:
    return provider.base or f"https://bedrock-runtime.{region}.amazonaws.com"
