"""Amazon Bedrock: Converse for every model, and Anthropic's own format for Anthropic's."""

from collections.abc import Iterable

from proxy.providers.aws_region import aws_region
from proxy.providers.entrance import Auth, Entrance, Task
from proxy.providers.entrances.joining import segment
from proxy.providers.provider import Provider
from proxy.wire.anthropic.envelopes import BEDROCK
from proxy.wire.format import Format

_ANTHROPIC_MARKS = ("anthropic.", "claude")


class Bedrock:
    """Models may be ids, inference profiles (`us.anthropic....`) or resource names."""

    def answers(self, provider: Provider, model: str) -> Iterable[Entrance]:
        region = aws_region(provider.config)
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
        region = aws_region(provider.config)
        url = f"{_listing_root(provider, region)}/foundation-models?byOutputModality=TEXT"
        return Entrance(
            format=Format.BEDROCK, url=url, stream_url=url, auth=Auth.AWS, model=model, region=region
        )


def _root(provider: Provider, region: str) -> str:
    return provider.base or f"https://bedrock-runtime.{region}.amazonaws.com"


def _listing_root(provider: Provider, region: str) -> str:
    """Amazon lists models at another host than the one that answers; somebody's own host is both."""
    if not provider.base or provider.base.endswith(".amazonaws.com"):
        return f"https://bedrock.{region}.amazonaws.com"
    return provider.base
