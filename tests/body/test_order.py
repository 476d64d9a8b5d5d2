"""The order with the least getting up and down: compared with every order that there is."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.body.order import MOST_EXACT, MOST_ORDERED, Effort, Movement, Pose, Run, best_order, effort
from voicecoach.body.positions import getting_there_s
from voicecoach.library import Library

LIBRARY = Library()
IDS = LIBRARY.exercise_ids
POSITIONS = (
    *("standing", "sitting on a chair", "half-kneeling", "hands and knees", "sitting on the floor"),
    *("lying face down", "lying on the back", "lying on the side", "on a trapeze", None),
)


def done(*ids: str) -> tuple[Movement, ...]:
    found = [LIBRARY.exercise(one) for one in ids]
    return tuple(Movement(e.id, Pose(e.position, frozenset(e.equipment)), e.end_position) for e in found)


def names(run: Run) -> list[str]:
    return [run.movements[number].id for number in best_order(run)]


POSES = st.builds(Pose, st.sampled_from(POSITIONS), st.sampled_from([frozenset(), frozenset({"band"})]))
MOVEMENTS = st.builds(Movement, st.sampled_from("abcdef"), POSES, st.sampled_from([None, *POSITIONS[:-1]]))
AROUND = st.lists(st.tuples(POSES, st.integers(1, 3)), max_size=2).map(tuple)


@st.composite
def runs(draw: st.DrawFn, most: int = 6) -> Run:
    """A run as those of routines are: one exercise is done alike wherever it stands."""
    alike: dict[str, Movement] = {}
    drawn = draw(st.lists(MOVEMENTS, min_size=1, max_size=most))
    movements = tuple(alike.setdefault(movement.id, movement) for movement in drawn)
    times = draw(st.integers(1, 4))
    return Run(movements, draw(AROUND), draw(AROUND), times, draw(st.sampled_from([0, times - 1])))


def turned(order: tuple[int, ...]) -> int:
    return sum(one > other for place, one in enumerate(order) for other in order[place:])


def allowed(run: Run, order: tuple[int, ...]) -> bool:
    """Exercises done alike keep their order; two of the same that were apart stay apart."""

    def way(number: int) -> object:
        return run.movements[number].start, run.movements[number].end_position

    kept = all(
        order.index(one) < order.index(other)
        for one in order
        for other in order
        if one < other and way(one) == way(other)
    )
    met = [pair for pair in pairwise(order) if run.movements[pair[0]].id == run.movements[pair[1]].id]
    return kept and all(other == one + 1 for one, other in met)


@settings(max_examples=60, deadline=None)
@given(runs())
def test_it_is_the_best_of_all(run: Run) -> None:
    every = [order for order in permutations(range(len(run.movements))) if allowed(run, order)]
    least = min((effort(run, order), turned(order)) for order in every)
    found = best_order(run)
    assert found in every
    assert (effort(run, found), turned(found)) == least


@settings(max_examples=40, deadline=None)
@given(runs(most=24))
def test_it_is_never_worse_and_always_the_same(run: Run) -> None:
    found, written = best_order(run), tuple(range(len(run.movements)))
    assert sorted(found) == list(written)
    assert allowed(run, found)
    assert effort(run, found) <= effort(run, written)
    assert best_order(run) == found


def test_up_and_down_counts_most() -> None:
    run = Run(done("clamshell", "split-squat", "hip-bridge", "leg-swings"))
    assert names(run) == ["clamshell", "hip-bridge", "split-squat", "leg-swings"]
    assert effort(run, range(4)) == Effort(3, 3, Fraction(35))
    assert effort(run, best_order(run)).ups_and_downs == 1


def test_what_is_before_and_after_counts() -> None:
    both = done("clamshell", "split-squat", "hip-bridge")
    standing, lying = ((Pose("standing"), 1),), ((Pose("lying on the back"), 1),)
    assert names(Run(both, before=standing)) == ["split-squat", "clamshell", "hip-bridge"]
    assert names(Run(both, after=standing)) == ["clamshell", "hip-bridge", "split-squat"]
    assert names(Run(both, before=standing, after=lying))[0] == "split-squat"
    assert names(Run(both, before=lying, after=standing))[-1] == "split-squat"


def test_equipment_at_hand_is_used_on() -> None:
    band, other = Pose("standing", frozenset({"band"})), Pose("standing")
    run = Run((Movement("a", band), Movement("b", other), Movement("c", band)))
    assert best_order(run) == (0, 2, 1)
    assert effort(run, (0, 1, 2)).getting_there_s - effort(run, (0, 2, 1)).getting_there_s == getting_there_s(
        "standing", "standing", new_equipment=True
    )


def test_rounds_lead_back_to_the_beginning() -> None:
    run = Run(done("clamshell", "split-squat", "hip-bridge"), times=3, wraps=2)
    assert effort(run, range(3)).ups_and_downs == 6
    assert effort(run, best_order(run)).ups_and_downs == 5


def test_of_equal_orders_the_one_nearest_to_what_was_written_is_taken() -> None:
    """Feet first or floor first costs the same; the one exercise that stands before the three on the floor moves."""
    up, down = Pose("standing"), Pose("lying on the back")
    poses = [up, down, down, down, up, up]
    run = Run(tuple(Movement(str(number), pose) for number, pose in enumerate(poses)))
    assert best_order(run) == (1, 2, 3, 0, 4, 5)


def test_exercises_done_in_turn_stay_so() -> None:
    run = Run(done("clamshell", "split-squat", "clamshell", "split-squat"))
    assert best_order(run) == (0, 1, 2, 3)
    twice = Run(done("split-squat", "clamshell", "clamshell", "leg-swings"))
    assert best_order(twice) == (0, 3, 1, 2)


def test_a_good_order_stays() -> None:
    run = Run(done("split-squat", "leg-swings", "clamshell", "hip-bridge"))
    assert best_order(run) == (0, 1, 2, 3)
    assert best_order(Run(())) == ()
    assert effort(Run(()), ()) == Effort()


def test_a_dozen_is_exact() -> None:
    """All done differently; the best order is known, since each leaves one where another one begins."""
    places = [position for position in POSITIONS[:8] if position is not None]
    circle = [*places, *places[:5]]
    chain = [Movement(str(n), Pose(circle[n], frozenset({str(n)})), circle[n + 1]) for n in range(MOST_EXACT)]
    mixed = tuple(chain[(n * 5) % MOST_EXACT] for n in range(MOST_EXACT))
    found = effort(Run(mixed), best_order(Run(mixed)))
    assert (found.ups_and_downs, found.changes) == (0, 0)


def test_a_long_run_becomes_much_better() -> None:
    ids = [IDS[(n * 11) % len(IDS)] for n in range(40)]
    run = Run(done(*ids))
    assert effort(run, range(40)).ups_and_downs > 15
    assert effort(run, best_order(run)).ups_and_downs <= 3


def test_an_endless_run_stays() -> None:
    run = Run(done(*[IDS[n % len(IDS)] for n in range(MOST_ORDERED + 1)]))
    assert best_order(run) == tuple(range(MOST_ORDERED + 1))
