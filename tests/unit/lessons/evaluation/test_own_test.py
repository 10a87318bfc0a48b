"""The visitor's own test on /evaluation: shares with their intervals, and none where there is no photo."""

from components.lessons.evaluation.own_test import accuracy_table


def test_shares_have_intervals_and_0_of_0_is_no_share():
    shown = accuracy_table([("Your photos", 0, 0), ("drawn-pets, test", 363, 400)])
    first, second = shown.partition("<tbody>")[2].split("</tr>")[:2]
    assert "0 of 0</td><td><b>–</b></td><td>–</td>" in first
    assert "<b>90.8\u00a0%</b></td><td>87.5\u00a0% to 93.2\u00a0%</td>" in second
    assert "So few pictures" not in shown
    assert "So few pictures" in accuracy_table([("Your photos", 1, 1)])
