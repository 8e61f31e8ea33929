"""Compiles resources/prices.json from the installed genai-prices: `python -m tools.price_catalogue`.

With --check it writes nothing and fails if the file is not what it would write.
Only what is charged for text is taken. A model without any such price stays, for it may be what a name means.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any, Final

from genai_prices import types
from genai_prices.data_snapshot import get_snapshot

FILE: Final = Path(__file__).resolve().parent.parent / "resources" / "prices.json"

_PACKAGE: Final = "genai-prices"
_URL: Final = "https://github.com/pydantic/genai-prices"
_KINDS: Final = ("input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_1h_mtok")
"""The prices we bill by, in the order in which they stand in a list."""
_FREE: Final = [[0]] * len(_KINDS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the file does not fit the package")
    if not parser.parse_args().check:
        FILE.write_text(compiled(published()), encoding="utf-8", newline="\n")
        print(f"{FILE}: {FILE.stat().st_size:,} bytes")
        return 0
    text = FILE.read_text(encoding="utf-8")
    if text == compiled(json.loads(text)["date"]):
        return 0
    print(f"{FILE} does not fit {_source()}; run `python -m tools.price_catalogue`", file=sys.stderr)
    return 1


def published() -> str:
    """The day on which the installed version was published, as the registry tells its client.

    The data carries no date of its own, and what it mentions are days of checking and of changes to come.
    """
    needs = f'requires-python = ">=3.11"\ndependencies = ["{_PACKAGE}=={version(_PACKAGE)}"]'
    project = f'[project]\nname = "dated"\nversion = "0"\n{needs}\n'
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_text(project, encoding="utf-8")
        subprocess.run([sys.executable, "-m", "uv", "lock", "--quiet", "--no-config"], cwd=folder, check=True)
        locked = tomllib.loads(Path(folder, "uv.lock").read_text(encoding="utf-8"))
    package = next(each for each in locked["package"] if each["name"] == _PACKAGE)
    return str(package["sdist"]["upload-time"])[:10]


def compiled(date: str) -> str:
    """The whole file. Every model has a line of its own, so that a change of prices reads like one."""
    head = {"date": date, "source": _source(), "licence": _licence(), "url": _URL}
    lines = [f" {_json(name)}: {_json(value)},\n" for name, value in head.items()]
    providers = ",\n".join(_provider(provider) for provider in get_snapshot().providers)
    return "{\n" + "".join(lines) + ' "providers": {\n' + providers + "\n }\n}\n"


def _provider(provider: types.Provider) -> str:
    head = {"address": provider.api_pattern}
    if provider.fallback_model_providers:
        head |= {"also": provider.fallback_model_providers}
    models = ",\n".join(f"   {_json(_model(model))}" for model in provider.models)
    return f'  {_json(provider.id)}: {_json(head)[:-1]}, "models": [\n{models}\n  ]}}'


def _model(model: types.ModelInfo) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": model.id}
    clauses = list(_clauses(model.match))
    if clauses != [f"={model.id.lower()}"]:
        entry["match"] = clauses
    first, *others = _conditional(model.prices)
    if (prices := _prices(first.prices, model.id)) is not None:
        entry["prices"] = prices
        if later := [_later(other, model.id) for other in others]:
            entry["later"] = later
    return entry


def _conditional(prices: types.ModelPrice | list[types.ConditionalPrice]) -> list[types.ConditionalPrice]:
    return prices if isinstance(prices, list) else [types.ConditionalPrice(prices=prices)]


def _clauses(match: Any) -> Iterator[Any]:
    """Clauses of which one is enough."""
    if isinstance(match, types.ClauseOr):
        for clause in match.or_:
            yield from _clauses(clause)
    elif isinstance(match, types.ClauseAnd):
        yield [_single(clause) for clause in match.and_]
    else:
        yield _single(match)


def _single(clause: Any) -> str:
    match clause:
        case types.ClauseEquals(equals=text):
            return f"={text.lower()}"
        case types.ClauseStartsWith(starts_with=text):
            return f"^{text.lower()}"
        case types.ClauseEndsWith(ends_with=text):
            return f"${text.lower()}"
        case types.ClauseContains(contains=text):
            return f"*{text.lower()}"
        case types.ClauseRegex(regex=pattern):
            return f"~{pattern}"
    raise ValueError(f"{clause} is of a kind that the catalogue cannot say yet")


def _prices(prices: types.ModelPrice, model: str) -> list[Any] | None:
    """Rates by kind. No price at all means free where the name says so, and elsewhere that nobody knows."""
    told = {kind: value for kind, value in vars(prices).items() if value is not None}
    rates = [_rate(told[kind]) if kind in told else None for kind in _KINDS]
    while rates and rates[-1] is None:
        rates.pop()
    if not told and model.endswith(":free"):
        return _FREE
    return rates or None


def _rate(price: Decimal | types.TieredPrices) -> list[Any]:
    if isinstance(price, types.TieredPrices):
        return [_number(price.base), [[tier.start, _number(tier.price)] for tier in price.tiers]]
    return [_number(price)]


def _later(price: types.ConditionalPrice, model: str) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    match price.constraint:
        case types.StartDateConstraint(start_date=day):
            entry["since"] = day.isoformat()
        case types.TimeOfDateConstraint(start_time=opens, end_time=closes):
            entry["hours"] = [_utc(opens), _utc(closes)]
    return entry | {"prices": _prices(price.prices, model) or []}


def _utc(time: Any) -> str:
    if time.utcoffset() or time.second:
        raise ValueError(f"{time} is not a whole minute of UTC")
    return f"{time:%H:%M}"


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == int(amount) else float(amount)


def _source() -> str:
    return f"{_PACKAGE} {version(_PACKAGE)}"


def _licence() -> str:
    """The name of the licence, and whose it is as the licence itself says."""
    installed = distribution(_PACKAGE)
    text = next(file for file in installed.files or () if file.name == "LICENSE").read_text()
    holder = next(line for line in text.splitlines() if line.startswith("Copyright"))
    return f"{installed.metadata['License-Expression']}, {holder}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())
