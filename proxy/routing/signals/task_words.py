"""The words by which a task is told, in English first and a few of other languages; all in lower case."""

from typing import Final

from proxy.routing.signals.words import words_in

REASONS_FIRST: Final = words_in("""
    why prove disprove deduce justify analyze analyse evaluate derive argue warum wieso weshalb beweise
    begründe analysiere pourquoi prouve démontre démontrez justifie demuestra justifica analiza
    demonstre justifique
""")
"""What a request begins with."""

REASONS: Final = words_in("""
    tradeoff tradeoffs theorem lemma counterexample contradiction contradictory paradox abwägung
    abwägungen compromis
""")

REASONS_WITHIN: Final = {
    "prove": ("prove that",),
    "proof": ("proof that",),
    "trade": ("trade-off",),
    "root": ("root cause",),
    "step": ("step by step", "step-by-step"),
    "pros": ("pros and cons",),
    "reason": ("reason about", "reason through"),
    "think": ("think hard", "think through"),
    "conditions": ("under what conditions",),
    "why": ("why can", "why does", "why is", "why do ", "why would", "why are", "explain why", "out why"),
    "por": ("por qué", "por que "),
    "nachteile": ("vor- und nachteile",),
}
"""By a word of each."""
REASONS_UNSPACED: Final = (
    "为什么",
    "為什麼",
    "证明",
    "證明",
    "权衡",
    "优缺点",
    "なぜ",
    "証明",
    "トレードオフ",
)
"""In scripts that set no spaces between words."""

WEIGH: Final = words_in("""
    compare comparing weigh versus vs contrast vergleiche vergleich comparez compara comparar
""")
DECIDE: Final = words_in("""
    decide recommend recommendation choose which better best should approaches alternatives options
    entscheide empfiehl welche besser quelle meilleur meilleure cuál mejor qual melhor
""")

HOW_MUCH: Final = words_in("""
    many much long far old fast total percent percentage probability calculate viele viel combien cuánto
    cuántos quanto quantos
""")
HOW_MUCH_UNSPACED: Final = ("多少", "いくつ", "いくら")

ASKS: Final = (
    *(
        "what is",
        "what's",
        "what\u2019s",
        "what are",
        "what was",
        "what were",
        "what does",
        "what do ",
        "what did",
    ),
    *("who ", "who's", "when ", "where ", "which ", "whose ", "how many", "how much", "how old", "how tall"),
    *("how far", "how do you spell", "how do you say", "define ", "translate ", "what year", "what country"),
    *(
        "what color",
        "what colour",
        "what language",
        "what time",
        "what day",
        "what kind",
        "what type",
        "in what",
    ),
    *("in which", "is it true", "name the", "wer ", "was ist", "was sind", "was bedeutet", "wann ", "wo "),
    *(
        "welche",
        "wie viele",
        "wie heißt",
        "qui ",
        "quand ",
        "où ",
        "quel",
        "combien",
        "qu'est-ce",
        "qué ",
        "quién",
    ),
    *(
        "cuándo",
        "dónde",
        "cuál",
        "cuánt",
        "¿",
        "o que",
        "quem ",
        "quando ",
        "onde ",
        "qual ",
        "quais ",
        "quant",
    ),
)
ASKS_LATE: Final = words_in("what which who whom whose when where")
"""Words that ask within a sentence, if it is a question."""
ASKS_UNSPACED: Final = (
    "是什么",
    "是谁",
    "哪里",
    "哪个",
    "什么是",
    "什么意思",
    "とは何",
    "は何です",
    "はどこ",
    "は誰",
    "いつです",
)

DEFINES: Final = (
    *(
        "what is a ",
        "what is an ",
        "what's a ",
        "what's an ",
        "what are ",
        "what does `",
        "what is `",
        "define ",
    ),
    *(
        "what do `",
        "what does git ",
        "what does --",
        "was ist ein",
        "was sind ",
        "was macht `",
        "qu'est-ce qu'un",
    ),
    *("qué es un", "o que é um"),
)
"""Questions that may name code, and yet ask for no more than a manual holds."""

AT_HAND: Final = words_in("""
    should you i about other else next now instead this these those here my our we us its it file
    files repo repository codebase project branch current
    diese dieser dieses hier mein meine unser ce cette ces mon notre este esta mi nuestro meu minha
""")
"""They point at something that has to be looked at first."""

DOES: Final = words_in("""
    fix update rename refactor implement revert run rerun install bump delete remove debug merge commit
    push build compile deploy lint format add change edit replace extract inline migrate upgrade
    downgrade rewrite wire hook optimize optimise clean rebase undo apply patch port cover mock stub
    document configure set enable disable split move execute test verify check review investigate look
    find search grep open read show list try retry behebe korrigiere ändere füge benenne lösche entferne
    implementiere aktualisiere teste führe schreibe corrige corrigez ajoute ajoutez renomme supprime
    modifie lance exécute arregla corrige añade agrega renombra elimina cambia implementa ejecuta
    actualiza corrija conserte adicione renomeie remova altere execute atualize rode
""")
"""What a request to an agent begins with."""

CODE: Final = words_in("""
    code bug bugs test tests unittest pytest function functions method methods endpoint endpoints api
    repo repository commit commits branch branches refactor compiler compile script scripts regex sql
    python javascript typescript rust golang java kotlin swift bash shell docker dockerfile kubernetes
    database json yaml toml config module modules variable variables exception exceptions traceback
    stacktrace readme makefile ci pr git npm pip yarn pnpm cargo webpack react vue django flask fastapi
    async await thread threads mutex deadlock parser lexer codebase linter lint typecheck mypy eslint
    ruff import imports dependency dependencies package packages frontend backend middleware html css
    http url schema migration migrations enum struct boolean integer string strings array arrays loop
    recursion algorithm debugger logger logging dataclass decorator docstring fixture fixtures changelog
    tokenizer cli stdout stderr quelltext funktion fehler tests datei skript abhängigkeiten fonction
    fichier dépôt código función archivo pruebas função arquivo testes
""")

CODE_UNSPACED: Final = (
    *(
        "代码",
        "修复",
        "重构",
        "函数",
        "测试",
        "运行",
        "实现",
        "添加",
        "修改",
        "接口",
        "バグ",
        "テスト",
        "コード",
    ),
    *("実装", "リファクタ", "関数", "修正"),
)
