"""components/player: how far a frame goes, however long it took, and the pace of a board that has one."""

import pytest

from tests.node import in_node

FRAMES = """
globalThis.matchMedia = () => ({ matches: true });
const { Player } = await import("./player/player.js");
const player = Object.assign(Object.create(Player.prototype), {
  ...{ count: 10, position: 0, speed: told.speed, pace: null, owed: 0.5, lastTime: 0 },
  ...{ arrived: 1, glide: 0, playing: true },
  options: { holds: (position) => told.stops.includes(position) },
  pause() {
    this.playing = false;
  },
});
const seen = [];
for (let frame = 1; player.playing && frame < 100; frame += 1) {
  player.advance(frame * told.milliseconds);
  seen.push(player.position);
}
answer(seen);
"""


@pytest.mark.parametrize("milliseconds", [16, 70, 1000])
@pytest.mark.parametrize("speed", [10, 30, 4000])
def test_no_frame_leaps_over_a_stop_that_waits(milliseconds, speed):
    seen = in_node(FRAMES, {"milliseconds": milliseconds, "speed": speed, "stops": [3, 7]})
    assert seen == sorted(seen)
    assert seen[-2:] == [3, 3]  # it arrives, and sees that it has to wait


def test_without_stops_a_slow_frame_makes_up_a_tenth_of_a_second():
    assert in_node(FRAMES, {"milliseconds": 1000, "speed": 30, "stops": []}) == [3, 6, 9]


PACED = """
globalThis.matchMedia = () => ({ matches: true });
const { Player } = await import("./player/player.js");
const { GENTLE, paceOf } = await import("./player/pace.js");
const player = Object.assign(Object.create(Player.prototype), {
  ...{ count: told.count, position: told.start, start: told.start, speed: told.speed, owed: 0.5, lastTime: 0 },
  ...{ arrived: 1, glide: 0, playing: true, options: {}, pace: paceOf(told.count, GENTLE) },
  pause() {
    this.playing = false;
  },
});
const seen = [player.position];
for (let frame = 1; player.playing && frame < 10000; frame += 1) {
  player.advance((frame * 1000) / 60);
  seen.push(player.position);
}
answer(seen);
"""
"""A player that plays to the end at 60 frames a second; `answer` gets the position at every frame."""


def played(count: int, *, start: int = 0, speed: int = 0) -> list[int]:
    seen = in_node(PACED, {"count": count, "start": start, "speed": speed})
    assert seen == sorted(seen)
    assert seen[-1] == count - 1
    return seen


@pytest.mark.parametrize("side", [126, 254])
def test_a_map_is_full_in_twelve_seconds_and_its_first_row_takes_two_of_them(side):
    seen = played(side * side)
    assert len(seen) / 60 == pytest.approx(12, abs=0.7)
    assert 2 < sum(position < side for position in seen) / 60 < 5
    assert seen[60] < 25  # in the first second, the numbers can be followed


def test_fewer_stops_take_no_longer_and_never_get_fast():
    assert len(played(900)) / 60 == pytest.approx(12, abs=0.7)
    seen = played(64)
    assert len(seen) / 60 == pytest.approx(64 / 8, abs=0.2)


def test_wherever_playing_begins_it_begins_slowly():
    seen = played(126 * 126, start=9000)
    assert seen[60] - 9000 < 25


def test_who_chooses_a_speed_gets_that_speed():
    assert len(played(600, speed=60)) == pytest.approx(600, abs=2)
