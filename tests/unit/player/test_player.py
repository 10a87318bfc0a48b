"""components/player/player.js: how far a frame goes, however long it took."""

import pytest

from tests.node import in_node

FRAMES = """
globalThis.matchMedia = () => ({ matches: true });
const { Player } = await import("./player/player.js");
const player = Object.assign(Object.create(Player.prototype), {
  ...{ count: 10, position: 0, speed: told.speed, owed: 0.5, lastTime: 0, arrived: 1, glide: 0, playing: true },
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
