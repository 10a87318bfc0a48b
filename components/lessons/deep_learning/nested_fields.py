"""Deep learning inside machine learning inside artificial intelligence: three nested shapes with an example each."""

import html

import streamlit as st

FIELDS = (
    (
        "Artificial intelligence",
        "Machines do what seems to need thinking. People may have written every rule.",
        "a chess program that tries moves and counts the pieces.",
    ),
    (
        "Machine learning",
        "Nobody writes the rule: it is found in examples. People choose what is measured.",
        "a spam filter that learned from old mail which words give spam away.",
    ),
    (
        "Deep learning",
        "Even what is measured is learned, by an artificial neural network of many layers, each building on the one "
        "before.",
        "a network that gets a photo’s pixels and says cat or dog.",
    ),
)
"""Name, definition and example; the outermost first."""

_STYLE = """<style>
.nested div {
  border-radius: var(--radius-large); padding: var(--space-2) var(--space-4) var(--space-4); margin-top: var(--space-3);
  outline: 1px solid var(--hairline);
}
.nested .field0 { background: var(--card); margin-top: 0; }
.nested .field1 { background: color-mix(in srgb, var(--ink) 9%, var(--card)); }
.nested .field2 { background: var(--accent); color: var(--on-accent); }
.nested p { margin: 0; max-width: none; color: inherit; line-height: 1.4; }
.nested strong { font-size: var(--size-lead); }
</style>"""


def nested_fields() -> None:
    """Draw the shapes, one within the other."""
    st.html(
        f'{_STYLE}<section class="lesson nested" aria-label="Three fields, one within the other">{_drawn(0)}</section>'
    )


def _drawn(place: int) -> str:
    if place == len(FIELDS):
        return ""
    name, words, example = map(html.escape, FIELDS[place])
    return (
        f'<div class="field{place}"><p><strong>{name}</strong></p><p>{words}</p>'
        f"<p><em>Example:</em> {example}</p>{_drawn(place + 1)}</div>"
    )
