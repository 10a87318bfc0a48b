"""The words of the matrix of many classes; the browser only fills in names and numbers."""

from components.browser import Texts

CHOICES = {
    "show": [
        ["counts", "pictures"],
        ["row", "% of row"],
        ["column", "% of column"],
        ["all", "% of all"],
    ]
}

TEXTS: Texts = {
    "region": "Confusion matrix",
    "grid": "Confusion matrix: a row for what each picture is, a column for what the network says. Arrow keys go from "
    "cell to cell, Enter shows the pictures.",
    "corner": ["is ↓", "says →"],
    "show": "In the cells",
    "hint": "Point at or press a cell to read it. A press shows its pictures, too.",
    "read": "Is {true}, says {predicted}: {photos}. That is {row} of all {true}, {column} of all called {predicted}, "
    "{all} of all pictures.",
    "read-right": "Is {true}, says {predicted}: {photos}, right. That is {row} of all {true}, {column} of all called "
    "{predicted}, {all} of all pictures.",
    "cell": "is {true}, says {predicted}: {photos}, {row} of the row",
    "cell-right": "is {true}, says {predicted}, right: {photos}, {row} of the row",
    "photo": "1 picture",
    "photos": "{number} pictures",
    "legend-right": "✓ right, in a frame",
    "legend-wrong": "mistaken",
    "legend-scale": "The stronger the colour, the larger the cell’s share of its row. Rare mistakes are coloured more "
    "strongly than their share, so that they can be seen.",
    "is": "Is",
    "says": "says",
    "open": "Show pictures",
    "pairs": "Most often confused",
    "pair": "{true} → {predicted}",
    "pair-count": "{photos}, {share} of all {true}",
    "no-pairs": "Nothing is confused: every picture is classified correctly.",
    "mine": "★ The network calls your photo “{predicted}” and is {percent} sure. Only you know which row is its own.",
    "strip-right": "{true}, called {true}: {photos}, surest first",
    "strip-wrong": "{true}, called {predicted}: {photos}, surest first",
    "strip-empty": "Is {true}, says {predicted}: there is no such picture.",
    "caption": "{percent}\u00a0%",
}

MINE_AMONG_DIGITS = (
    "★ The network calls your photo “{predicted}” and is {percent} sure. It knows digits only: for a photo of a pet, "
    "no row is right."
)
"""In place of "mine", where the classes are digits."""
