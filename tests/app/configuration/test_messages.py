"""Every mistake is named with its line, its key, what was found and what is allowed."""

from pathlib import Path

import pytest

from app.home import Home
from app.settings import SettingsFile
from tests.app.configuration.reports import problems_of

TIERS = "SIMPLE, MEDIUM, COMPLEX, REASONING"
TACTICS = "priority, random, round_robin, latency, speed, least_tokens, capacity"
KEYS = '"keyring", "keyring:LABEL", "env:NAME", "none" or "client"'
PROFILES = "save, balanced, quality"
PERCENT = "a number from 0 to 100"
SCALAR = "a text or a number or true or false"
JSON = "a text, a number, true or false, a list or a table"
CONDITION = "signal with op and value, any, all, or not"
LOOPBACK = "a loopback address, or set allow_remote = true"
TEST = "a test needs signal, op and value; only the ops absent, disabled, enabled, present need no value"
PROVIDER_NAME = "a provider's name is not empty and contains no slash and no control character"
RULE = "[[rules]]\ntier = 'SIMPLE'\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        # unknown keys
        ("[routing]\nprofil = 'save'\n", '2: routing.profil: unknown key; did you mean "profile"?'),
        ("\n[rooting]\n", '2: rooting: unknown key; did you mean "routing"?'),
        ("[ui]\nzzz = 1\n", "2: ui.zzz: unknown key"),
        ("server.prot = 1\n", '1: server.prot: unknown key; did you mean "port"?'),
        ("[tiers.simple]\n", f'1: tiers.simple: unknown key; allowed: {TIERS}; did you mean "SIMPLE"?'),
        ("[[routes]]\n[[routes]]\nuze = 1\n", '3: routes[1].uze: unknown key; did you mean "use"?'),
        ("[routing]\n[affinity]\nt = 1\nttl = 1\n", "3: affinity.t: unknown key"),
        (
            "[providers.\"my.host\"]\nkinds = 'ollama'\n",
            '2: providers."my.host".kinds: unknown key; did you mean "kind"?',
        ),
        # types
        (
            "[server]\nport = '4517'\n",
            '2: server.port: found "4517"; allowed: a whole number from 0 to 65535',
        ),
        ("[server]\nport = true\n", "2: server.port: found true; allowed: a whole number from 0 to 65535"),
        ("[server]\nport = 80.0\n", "2: server.port: found 80.0; allowed: a whole number from 0 to 65535"),
        ("[routing]\nenabled = 1\n", "2: routing.enabled: found 1; allowed: true or false"),
        ("[routing]\ndeadline = 'x'\n", '2: routing.deadline: found "x"; allowed: a number from 1 to 86400'),
        ("[routing]\ndeadline = nan\n", "2: routing.deadline: found nan; allowed: a number from 1 to 86400"),
        (
            "[ui]\nlanguage = 2020-01-01\n",
            "2: ui.language: found the date or time 2020-01-01; allowed: a text that is not empty",
        ),
        ("[budgets]\ndaily_usd = inf\n", "2: budgets.daily_usd: found inf; allowed: a number, at least 0"),
        ("server = 1\n", "1: server: found 1; allowed: a table"),
        ("[server]\nhost = ['a']\n", "2: server.host: found a list of 1; allowed: a text that is not empty"),
        ("[[server]]\n", "1: server: found a list of 1; allowed: a table"),
        (
            "[providers]\nanthropic = 'sk-1'\n",
            "2: providers.anthropic: found a text (not shown); allowed: a table",
        ),
        # ranges
        (
            "[server]\n# c\nport = 70000\n",
            "3: server.port: found 70000; allowed: a whole number from 0 to 65535",
        ),
        (
            "[health]\nerror_share = 0\n",
            "2: health.error_share: found 0; allowed: a number, more than 0, at most 1",
        ),
        ("[server]\nhost = ''\n", '2: server.host: found ""; allowed: a text that is not empty'),
        (
            "[routing]\nthresholds = [1, 2]\n",
            f"2: routing.thresholds: found 2 elements; allowed: a list of exactly 3; each element: {PERCENT}",
        ),
        (
            "[routing]\nthresholds = [\n 1,\n 2,\n 101]\n",
            f"5: routing.thresholds[2]: found 101; allowed: {PERCENT}",
        ),
        # choices
        ("version = 2\n", "1: version: found 2; allowed: 1"),
        ('version = "1"\n', '1: version: found the text "1"; allowed: the number 1, without quotes'),
        ("version = true\n", "1: version: found true; allowed: 1"),
        (
            "[tiers.SIMPLE]\ntactic = 'fastest'\n",
            f'2: tiers.SIMPLE.tactic: found "fastest"; allowed: {TACTICS}',
        ),
        (
            "[routing]\nprofile = 'Balanced'\n",
            f'2: routing.profile: found "Balanced"; allowed: {PROFILES}; did you mean "balanced"?',
        ),
        (
            "[ui]\ntheme = 'drak'\n",
            '2: ui.theme: found "drak"; allowed: system, light, dark; did you mean "dark"?',
        ),
        (f"version = 0x{'f' * 5000}\n", "1: version: found a number of more than 64 bits; allowed: 1"),
        # services
        (
            "[tiers.SIMPLE]\nservices = [\n  'a/b',\n  { provider = 'a', model = 'b', weight = -1 },\n]\n",
            "4: tiers.SIMPLE.services[1].weight: found -1; allowed: a whole number from 0 to 1000000",
        ),
        (
            "[tiers.SIMPLE]\nservices = ['a']\n",
            '2: tiers.SIMPLE.services[0]: found "a"; allowed: "provider/model"',
        ),
        (
            "[tiers.SIMPLE]\nservices = [1]\n",
            '2: tiers.SIMPLE.services[0]: found 1; allowed: "provider/model" or a table',
        ),
        (
            "[tiers.SIMPLE]\nservices = [{ model = 'b' }]\n",
            "2: tiers.SIMPLE.services[0].provider: is missing; allowed: a text that is not empty",
        ),
        (
            "[tiers.SIMPLE]\nservices = [{ provider = 'a', model = 'b', params = { at = 2020-01-01 } }]\n",
            f"2: tiers.SIMPLE.services[0].params.at: found the date or time 2020-01-01; allowed: {JSON}",
        ),
        # rules
        ("[[rules]]\nname = 'x'\n", "1: rules[0]: found neither tier nor services; set one of them"),
        (
            "[[rules]]\ntier = 'SIMPEL'\n",
            f'2: rules[0].tier: found "SIMPEL"; allowed: {TIERS}; did you mean "SIMPLE"?',
        ),
        (RULE + "services = ['a/b']\n", "1: rules[0]: found both tier and services; set one of them"),
        (
            RULE + "when = [{ signal = 'a', op = 'enabled' }, { any = [{ signal = 'x', op = 'ge' }] }]\n",
            f"3: rules[0].when[1].any[0]: {TEST}",
        ),
        (
            RULE + "when = [{ not = {} }]\n",
            f"3: rules[0].when[0].not: found an empty condition; allowed: {CONDITION}",
        ),
        (
            RULE + "when = [{ signal = 'a', op = 'b', value = {} }]\n",
            f"3: rules[0].when[0].value: found a table; allowed: {SCALAR} or a list; each element: {SCALAR}",
        ),
        # between keys
        (
            "[server]\nport = 1\nhost = '0.0.0.0'\n",
            f'3: server.host: found "0.0.0.0", which other machines can reach; allowed: {LOOPBACK}',
        ),
        (
            "[server]\nhost = '[::1]'\n",
            '2: server.host: found "[::1]"; write the address without brackets: "::1"',
        ),
        (
            "[routing]\nthresholds = [50, 20, 75]\n",
            "2: routing.thresholds: found [50, 20, 75]; allowed: three ascending numbers",
        ),
        (
            "[providers.a]\nkind = 'anthropic'\nkey = 'sk-ant-1'\n",
            f"3: providers.a.key: found something else (not shown); allowed: {KEYS}",
        ),
        (
            "[providers.a]\nkind = 'anthropic'\nkeys = ['none', 'sk-ant-1']\n",
            f"3: providers.a.keys[1]: found something else (not shown); allowed: {KEYS}",
        ),
        (
            "[providers.a]\nkind = 'anthropic'\nkeys = 'sk-ant-1'\n",
            "3: providers.a.keys: found a text (not shown); allowed: a list; each element: a text",
        ),
        (
            "[providers.a]\nheaders = { x = 1 }\n",
            "2: providers.a.headers.x: found 1; allowed: a text",
        ),
        (
            "[providers.a]\nbase_url = 'ftp://u:pw@h'\n",
            '2: providers.a.base_url: found "ftp://"; allowed: http://, https://',
        ),
        (
            "[providers.a]\nbase_url = 'http://h'\nproxy = 'h:1'\n",
            "3: providers.a.proxy: found no scheme; allowed: http://, https://, socks5://",
        ),
        (
            "[providers.'a/b']\nkind = 'ollama'\n",
            f'1: providers."a/b": {PROVIDER_NAME}',
        ),
        (
            "[providers.'a/b']\n",
            f'1: providers."a/b": {PROVIDER_NAME}',
        ),
        (
            '[providers."a\\u0007"]\nkind = "ollama"\n',
            f'1: providers."a\\U00000007": {PROVIDER_NAME}',
        ),
        ("[prices.gpt]\ninput = 1\n", '1: prices.gpt: prices are named after a service, "provider/model"'),
        (
            "[[routes]]\nname = 'a'\n[[routes]]\nname = 'a'\n",
            '4: routes[1].name: "a" is already the name of routes[0]',
        ),
        (
            "[cascade]\nsmall = 'TINY'\n",
            f'2: cascade.small: found "TINY"; allowed: {TIERS} or "provider/model"',
        ),
        ("[savings]\nreference = 'opus'\n", '2: savings.reference: found "opus"; allowed: "provider/model"'),
        (
            "[[local.servers]]\nurl = 'localhost:9'\n",
            "2: local.servers[0].url: found no scheme; allowed: http://, https://",
        ),
        (
            "[shadow]\npolicy = 'x'\n",
            '2: shadow.policy: found "x"; allowed: none is registered, so leave it empty',
        ),
    ],
)
def test_one_mistake(tmp_path: Path, text: str | bytes, problem: str) -> None:
    assert problems_of(SettingsFile(Home(tmp_path)), text) == [problem]
