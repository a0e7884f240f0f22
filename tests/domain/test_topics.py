"""What the places in a meeting are called."""

from bot.domain.topics import another, of, renumbered


def test_several_places_are_numbered_and_a_single_one_is_not() -> None:
    assert of(3) == ["Topic I", "Topic II", "Topic III"]
    assert of(2) == ["Topic I", "Topic II"]
    assert (of(1), of(0)) == ([None], [])


def test_one_more_place_is_numbered_where_the_others_are() -> None:
    assert another(["Topic I", "Topic II"]) == "Topic III"
    assert another([]) == "Topic I"
    assert another([None]) is None
    assert another(["Topic II"]) is None


def test_who_moves_up_gets_the_new_number_and_a_name_of_its_own_stays() -> None:
    assert renumbered(["Topic II", "Posters", None], [2, 3, 4]) == ["Topic I", "Posters", None]
