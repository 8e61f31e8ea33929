"""What the overview judges by, made up: all is well unless a test says otherwise."""

from typing import Any

from app.desk.standing import ProviderStanding, ServerStanding, Standing, State, TierStanding
from proxy.server.quotas import QuotaWindow
from ui.windows.overview.concern import Known

NOW = 1_780_000_000.0


def window(**about: Any) -> QuotaWindow:
    given: dict[str, Any] = {
        "name": "5h",
        "kind": "limit",
        "key": "main",
        "model": "",
        "counts": True,
        "used_percent": 20.0,
        "limit": None,
        "remaining": None,
        "unit": "",
        "resets_at": None,
        "seen_at": NOW,
        "source": "headers",
    }
    return QuotaWindow(**{**given, **about})


def provider(name: str = "anthropic", **about: Any) -> ProviderStanding:
    given: dict[str, Any] = {
        "enabled": True,
        "is_local": False,
        "state": State.READY,
        "why": "",
        "tightest": None,
    }
    return ProviderStanding(name, **{**given, **about})


def server(name: str = "ollama", state: str = "ready", models: int = 2) -> ServerStanding:
    return ServerStanding(name, name.title(), "http://127.0.0.1:11434", state, models)


def standing(**about: Any) -> Standing:
    given: dict[str, Any] = {
        "url": "http://127.0.0.1:4517",
        "routing": True,
        "local_only": False,
        "profile": "balanced",
        "tiers": (TierStanding("SIMPLE", True, "SIMPLE", ("anthropic/claude-haiku-4-5",)),),
        "providers": (provider(),),
        "servers": None,
        "ends": {},
        "problem": "",
    }
    return Standing(**{**given, **about})


def overview(**about: Any) -> dict[str, Any]:
    used = {"name": "anthropic", "tiers": ["SIMPLE"], "rules": [], "routes": []}
    return {
        "providers": [used],
        "providerWarnings": [],
        "ledger": {"ok": True, "problem": "", "notice": "", "dropped": 0},
        "budgets": {"over": False},
        "keep_bodies_days": 0,
        **about,
    }


def routing(**about: Any) -> dict[str, Any]:
    return {"circuitBreakers": [], "marks": [], "override": None, "providerStats": {}, **about}


def breaker(state: str = "open", opens_in: float | None = 40.0) -> dict[str, Any]:
    service = "anthropic/claude-haiku-4-5"
    name, _, model = service.partition("/")
    return {"service": service, "provider": name, "model": model, "state": state, "opens_in": opens_in}


def mark(reason: str, **about: Any) -> dict[str, Any]:
    given = {"provider": "anthropic", "model": None, "key": None, "ends_in": None, "why": "It says no."}
    return {**given, "reason": reason, **about}


def known(**about: Any) -> Known:
    given: dict[str, Any] = {
        "standing": standing(),
        "now": NOW,
        "overview": overview(),
        "usage": {"by_provider": []},
        "routing": routing(),
    }
    return Known(**{**given, **about})
