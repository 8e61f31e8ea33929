"""The configuration of the gateway as frozen structs.

The tables of config.toml, one struct each, grouped by what they are about. This room knows no file: whoever
reads one hands over a `Config`. `traffic` is how requests come in and stay together, `providers` who answers,
`services` and `routes` what can be chosen for which request, `features` everything beside answering.
"""

from proxy.config.features import (
    BudgetsConfig,
    CascadeConfig,
    LearningConfig,
    LedgerConfig,
    LocalConfig,
    LocalServer,
    PriceConfig,
    SavingsConfig,
    ShadowConfig,
)
from proxy.config.notices import notices
from proxy.config.providers import (
    KINDS_OF_LOCAL_SERVERS,
    KINDS_WITHOUT_ADDRESS,
    PROVIDER_KINDS,
    ProviderConfig,
    ProviderKind,
    Timeouts,
    secret_name,
)
from proxy.config.root import Config
from proxy.config.routes import Condition, ConditionValue, RouteConfig, RuleConfig
from proxy.config.services import TIER_NAMES, ServiceEntry, Tactic, TierConfig, TierName
from proxy.config.suggestion import did_you_mean
from proxy.config.table import Finding, KeyPath, Step, Table
from proxy.config.traffic import (
    AffinityConfig,
    AffinityOverrides,
    HealthConfig,
    Profile,
    RoutingConfig,
    ServerConfig,
)

__all__ = [
    "KINDS_OF_LOCAL_SERVERS",
    "KINDS_WITHOUT_ADDRESS",
    "PROVIDER_KINDS",
    "TIER_NAMES",
    "AffinityConfig",
    "AffinityOverrides",
    "BudgetsConfig",
    "CascadeConfig",
    "Condition",
    "ConditionValue",
    "Config",
    "Finding",
    "HealthConfig",
    "KeyPath",
    "LearningConfig",
    "LedgerConfig",
    "LocalConfig",
    "LocalServer",
    "PriceConfig",
    "Profile",
    "ProviderConfig",
    "ProviderKind",
    "RouteConfig",
    "RoutingConfig",
    "RuleConfig",
    "SavingsConfig",
    "ServerConfig",
    "ServiceEntry",
    "ShadowConfig",
    "Step",
    "Table",
    "Tactic",
    "TierConfig",
    "TierName",
    "Timeouts",
    "did_you_mean",
    "notices",
    "secret_name",
]
