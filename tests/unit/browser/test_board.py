"""The edits of a visitor: told until they are known, never undone by what came before them."""

from typing import Any

import pytest

from tests.node import FAKE_CLOCK, in_node

BOARD = (
    'import { Edits } from "./browser/board.js";'
    + FAKE_CLOCK
    + """
    /** A board that shows one number, and what it has told Python. */
    const board = (options) => {
      const made = { shown: 0, heard: [] };
      made.edits = new Edits((edit) => made.heard.push({ at: now, edit, shown: made.shown }), options);
      made.set = (shown, wait) => {
        made.shown = shown;
        made.edits.add(wait);
      };
      made.load = (shown, edit, more = {}) => {
        const taken = made.edits.take({ edit, epoch: 1, session: "first", ...more });
        if (taken) made.shown = shown;
        return taken;
      };
      return made;
    };
    const one = board(told.options);
    one.load(5, 0);
"""
)
"""A board, `one`, which shows 5, as Python has sent it, beside a fake clock."""


def on_a_board(acts: str, **options: Any) -> Any:
    """Return the answer of some JavaScript about the board `one`."""
    return in_node(BOARD + acts, {"options": options})


def test_an_edit_is_told_at_once_and_known_edits_are_not_told_again():
    heard = on_a_board("one.set(7); one.load(7, 1); one.load(7, 1); pass(10_000); answer(one.heard);")
    assert heard == [{"at": 0, "edit": 1, "shown": 7}]


def test_an_edit_that_can_wait_is_told_once_the_visitor_has_come_to_rest():
    heard = on_a_board(
        "one.set(7, 250); pass(200); one.set(8, 250); pass(200); one.set(9, 250); pass(10_000); answer(one.heard);"
    )
    assert heard == [{"at": 650, "edit": 3, "shown": 9}]


@pytest.mark.parametrize("again", [700, 900])
def test_an_edit_that_was_lost_is_told_again(again):
    acts = "one.set(7); pass(100); one.load(5, 0); pass(10_000); answer(one.heard);"
    assert on_a_board(acts, again=again) == [
        {"at": 0, "edit": 1, "shown": 7},
        {"at": 100 + again, "edit": 1, "shown": 7},
    ]


def test_an_edit_that_is_lost_again_is_told_until_it_is_known():
    acts = """
        one.set(7);
        for (let loss = 0; loss < 3; loss += 1) {
          one.load(5, 0);
          pass(1000);
        }
        one.load(7, 1);
        pass(10_000);
        answer(one.heard.map(({ edit, shown }) => [edit, shown]));
    """
    assert on_a_board(acts) == [[1, 7]] * 4


def test_what_is_told_again_differs_from_what_was_told_before():
    """Streamlit takes no notice of a state that it was told before, whether or not anybody has looked at it."""
    acts = """
        const told_ = [];
        const edits = new Edits((edit, told) => told_.push([edit, told]));
        edits.add();
        edits.take({ edit: 0 });
        pass(1000);
        edits.take({ edit: 1 });
        edits.add();
        answer(told_);
    """
    assert on_a_board(acts) == [[1, 1], [1, 2], [2, 3]]


def test_messages_that_keep_coming_do_not_put_off_what_was_lost():
    acts = "one.set(7); for (let second = 0; second < 8; second += 1) { one.load(5, 0); pass(250); } answer(one.heard);"
    assert [told["at"] for told in on_a_board(acts)] == [0, 700, 1450]


def test_an_answer_that_came_in_time_is_the_end_of_it():
    heard = on_a_board("one.set(7); one.load(5, 0); pass(600); one.load(7, 1); pass(10_000); answer(one.heard);")
    assert len(heard) == 1


@pytest.mark.parametrize("options", [{}, {"yields": True}])
def test_an_older_message_never_undoes_a_newer_edit(options):
    acts = """
        one.set(7);
        one.set(8);
        const taken = [one.load(5, 0), one.load(7, 1)];
        answer({ taken, shown: one.shown, known: [1, 2, 3].map((edit) => one.edits.knownTo({ edit })) });
    """
    assert on_a_board(acts, **options) == {"taken": [False, False], "shown": 8, "known": [False, True, True]}


def test_what_python_makes_of_the_newest_edit_is_shown():
    assert on_a_board("one.set(700); answer([one.load(100, 1), one.shown]);") == [True, 100]


def test_a_new_view_counts_on_from_what_the_server_knows():
    """Its first edit is new to Python, and an answer to an earlier edit is older."""
    acts = "one.load(6, 4); one.set(7); answer([one.heard, one.load(6, 4), one.shown]);"
    assert on_a_board(acts) == [[{"at": 0, "edit": 5, "shown": 7}], False, 7]


@pytest.mark.parametrize(("yields", "shown"), [(True, 3), (False, 7)])
def test_what_a_link_imposes_comes_before_an_edit_under_way_where_the_board_yields(yields, shown):
    acts = "one.set(7); one.load(3, 0, { epoch: 2 }); answer(one.shown);"
    assert on_a_board(acts, yields=yields) == shown


@pytest.mark.parametrize("epoch", [1, 2])
@pytest.mark.parametrize("yields", [True, False])
def test_a_server_that_was_started_again_is_told_what_the_page_shows(epoch, yields):
    acts = """
        one.set(7);
        one.load(7, 1);
        const taken = one.load(5, 0, { session: "second", epoch: told.epoch });
        answer({ taken, shown: one.shown, heard: one.heard });
    """
    expected = {
        "taken": False,
        "shown": 7,
        "heard": [{"at": 0, "edit": 1, "shown": 7}, {"at": 0, "edit": 2, "shown": 7}],
    }
    assert in_node(BOARD + acts, {"options": {"yields": yields}, "epoch": epoch}) == expected


def test_a_server_that_was_started_again_is_told_nothing_where_nothing_was_changed():
    acts = 'answer([one.load(6, 0, { session: "second" }), one.shown, one.heard]);'
    assert on_a_board(acts) == [True, 6, []]


def test_nothing_is_told_and_nothing_undone_while_an_edit_is_being_made():
    acts = """
        one.set(7);
        one.edits.begin();
        one.shown = 8;
        const meanwhile = [one.load(7, 1), one.load(7, 1, { session: "second" })];
        pass(10_000);
        const heard = one.heard.length;
        one.edits.tell(350);
        pass(10_000);
        answer({ meanwhile, heard, last: one.heard.at(-1), shown: one.shown });
    """
    last = {"at": 10_350, "edit": 2, "shown": 8}
    assert on_a_board(acts) == {"meanwhile": [False, False], "heard": 1, "last": last, "shown": 8}


MOUNTED = """
    import { View, mount } from "./browser/board.js";

    globalThis.document = { documentElement: {} };
    globalThis.getComputedStyle = () => ({ getPropertyValue: () => globalThis.theme });
    globalThis.theme = "#fff";
    const frames = [];
    globalThis.requestAnimationFrame = (act) => frames.push(act);
    const views = [];
    class Shown extends View {
      constructor(parent) {
        super(parent);
        this.log = [];
        views.push(this);
      }
      load(message) {
        this.log.push(message.number);
        this.setState("scene", message.number);
        this.trigger("seen", message.number);
      }
      leave() {
        this.log.push("left");
      }
    }
    const show = mount(Shown);
    const told_ = [];
    const call = (parentElement, number) =>
      show({
        parentElement,
        data: new TextEncoder().encode(JSON.stringify({ number })),
        setStateValue: (...told) => told_.push(["state", ...told]),
        setTriggerValue: (...told) => told_.push(["event", ...told]),
      });
    const [here, there] = [{ querySelectorAll: () => [] }, { querySelectorAll: () => [] }];
"""


def test_a_place_on_the_page_has_one_view_until_it_leaves():
    acts = """
        call(here, 1);
        const leave = call(here, 2);
        call(there, 3);
        leave();
        call(here, 4);
        answer(views.map(({ log }) => log));
    """
    assert in_node(MOUNTED + acts) == [[1, 2, "left"], [3], [4]]


def test_a_view_stays_while_its_place_is_on_the_page():
    """Streamlit cleans up after a message that the next one overtakes, although the component stays."""
    acts = """
        here.isConnected = true;
        const overtaken = call(here, 1);
        overtaken();
        call(here, 2);
        overtaken();
        const last = call(here, 3);
        here.isConnected = false;
        last();
        answer(views.map(({ log }) => log));
    """
    assert in_node(MOUNTED + acts) == [[1, 2, 3, "left"]]


def test_a_message_that_waits_for_the_theme_is_shown_although_the_one_before_was_cleaned_up():
    acts = """
        here.isConnected = true;
        globalThis.theme = "";
        const overtaken = call(here, 1);
        call(here, 2);
        overtaken();
        globalThis.theme = "#fff";
        frames.splice(0).forEach((act) => act());
        answer(views.map(({ log }) => log));
    """
    assert in_node(MOUNTED + acts) == [[2]]


def test_a_place_is_watched_and_keys_are_heard_until_it_has_left():
    acts = """
        import inView from "./shell/in_view.js";
        import projectorSwitch from "./shell/projector.js";

        let watching = 0;
        globalThis.IntersectionObserver = class {
          observe() {
            watching += 1;
          }
          disconnect() {
            watching -= 1;
          }
        };
        let hearing = 0;
        globalThis.document = {
          addEventListener() {
            hearing += 1;
          },
          removeEventListener() {
            hearing -= 1;
          },
          querySelector: () => null,
        };
        const place = { isConnected: true, querySelector: () => ({}) };
        const component = { parentElement: place, data: { label: "", projected: false }, setTriggerValue() {} };
        const [seen, heard] = [inView(component), projectorSwitch(component)];
        seen();
        heard();
        const overtaken = [watching, hearing];
        const last = [inView(component), projectorSwitch(component)];
        const again = [watching, hearing];
        place.isConnected = false;
        last.forEach((leave) => leave());
        answer([overtaken, again, [watching, hearing]]);
    """
    assert in_node(acts) == [[1, 1], [1, 1], [0, 0]]


def test_a_view_tells_python_states_and_events():
    assert in_node(MOUNTED + "call(here, 1); answer(told_);") == [["state", "scene", 1], ["event", "seen", 1]]


def test_a_view_waits_for_the_theme_and_shows_the_newest_message_only():
    acts = """
        globalThis.theme = "";
        call(here, 1);
        call(here, 2);
        const before = views[0].log.length;
        globalThis.theme = "#fff";
        frames.splice(0).forEach((act) => act());
        answer([before, views[0].log]);
    """
    assert in_node(MOUNTED + acts) == [0, [2]]


def test_a_view_that_left_before_the_theme_came_shows_nothing():
    acts = """
        globalThis.theme = "";
        call(here, 1)();
        globalThis.theme = "#fff";
        frames.splice(0).forEach((act) => act());
        answer(views[0].log);
    """
    assert in_node(MOUNTED + acts) == ["left"]
